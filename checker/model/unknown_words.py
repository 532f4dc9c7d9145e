"""Words of records that no vocabulary knows, with those that are near."""

from __future__ import annotations

from checker.model.diagnostics import Diagnostic, Position
from checker.model.frozen import dataclass


@dataclass(frozen=True, slots=True)
class NearWord:
    """A word that a vocabulary has, and the label that it means."""

    word: str
    label: str


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word of the records that its vocabulary lacks.

    `word` is as it is written first, at `first`; `times` counts the places of every way to write
    it. `fields` are the records' fields that hold it ("influencer.topics"). `misspelt` says that
    it differs so little from the first of `near` that it is likely meant.
    """

    vocabulary: str
    word: str
    times: int
    fields: tuple[str, ...]
    first: Position
    near: tuple[NearWord, ...]
    misspelt: bool


@dataclass(frozen=True, slots=True)
class WordReport:
    """What a search for unknown words gave.

    `looked_at` counts the places of words that have a vocabulary. `missing` are vocabularies that
    no pack in force has, so that nobody can tell. `wrong` is about records that cannot be used.
    `packs` are the names of the packs in force.
    """

    looked_at: int
    unknown: tuple[UnknownWord, ...]
    missing: tuple[str, ...] = ()
    wrong: tuple[Diagnostic, ...] = ()
    packs: frozenset[str] = frozenset()
