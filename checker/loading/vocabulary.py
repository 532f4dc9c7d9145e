"""Which labels are words: the vocabularies of the packs in force, for whoever reads records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from checker.language.labels import parts_of
from checker.language.text import label_form
from checker.model.types import TextType

# What a message names at most: different texts, and characters of each.
_MOST_TEXTS = 20
_MOST_SHOWN = 40

if TYPE_CHECKING:
    from checker.model.diagnostics import Position
    from checker.model.rules import Pack


class KnownWords:
    """The words that packs know. Packs are loaded when a label first looks like a list.

    Records are read before it is known which rules are for them, and most never ask.
    """

    def __init__(self, packs: Callable[[], Iterable[Pack]]) -> None:
        self._packs = packs

    @cached_property
    def vocabularies(self) -> Mapping[str, Mapping[str, str]]:
        """The canonical words of each vocabulary, each with its label."""
        from checker.engine.ruleset import vocabularies

        return vocabularies(self._packs())

    def knows(self, text: str, type_: TextType) -> bool:
        """Tell whether a text as a whole is a word for a field of a type."""
        names = self.vocabularies if type_.lenient else (type_.vocabulary,)
        return any(label_form(text, name) in self.vocabularies.get(name, ()) for name in names)

    def items(self, text: str, type_: TextType) -> tuple[str, ...]:
        """Return the labels that a text says, several where all are words; () where it is unclear.

        A word is one label whatever stands in it.
        """
        parts = parts_of(text, type_.vocabulary)
        if parts == (text,) or self.knows(text, type_):
            return (text,)
        known = len(parts) == 1 or all(self.knows(part, type_) for part in parts)
        return parts if known else ()


NO_WORDS = KnownWords(lambda: ())


def words_of(names: Sequence[tuple[str, Position | None]], root: Path, within: Path) -> KnownWords:
    """Return the words of the packs that a configuration names; see `load_packs`."""

    def packs() -> Iterable[Pack]:
        from checker.engine.reach import Reach
        from checker.loading.packs import PacksError, load_packs
        from checker.loading.source import recording
        from checker.model.diagnostics import RulesError

        nowhere = Reach(frozenset(), None, posts=False)
        # Whoever judges reads the same packs, and says what is wrong with them.
        with recording():
            try:
                return load_packs(names, root=root, within=within, reach=nowhere)
            except PacksError as error:
                return error.packs
            except RulesError:
                return ()

    return KnownWords(packs)


def shipped_words() -> KnownWords:
    """Return the words of the packs that are in force where no others are configured."""
    from checker.loading.shipped import DEFAULT_SETS

    return words_of([(name, None) for name in DEFAULT_SETS], Path(), Path())


class Blanks:
    """Counts the cells of tables that say nothing and count as blank, by column and text."""

    def __init__(self) -> None:
        # The text, the line of the first, and how many there are.
        self._found: dict[tuple[str, str], tuple[str, int, int]] = {}

    def add(self, column: str, text: str, line: int) -> None:
        """Count a cell."""
        key = (column, text.casefold())
        if key not in self._found and len(self._found) >= _MOST_TEXTS:
            key, text = ("other columns", ""), "…"
        shown, first, count = self._found.get(key, (text[:_MOST_SHOWN], line, 0))
        self._found[key] = (shown, first, count + 1)

    def said(self) -> str:
        """Return how many there are and which; an empty text where there are none."""
        total = sum(count for _, _, count in self._found.values())
        which = ", ".join(
            f'{column} "{text}" (line {line}' + (f" and {count - 1:,} more)" if count > 1 else ")")
            for (column, _), (text, line, count) in self._found.items()
        )
        verb = "cell says nothing and counts" if total == 1 else "cells say nothing and count"
        return f"{total:,} {verb} as blank: {which}" if total else ""
