"""What two sets of rules say of the same records, where they differ."""

from __future__ import annotations

from checker.model.diagnostics import Diagnostic
from checker.model.frozen import dataclass
from checker.model.report import Outcome, Verdict
from checker.model.rules import Scope


@dataclass(frozen=True, slots=True)
class About:
    """Whom an outcome or a verdict is about: the brief's file, and the subject in it.

    The kind "whole" is the brief with all that is in it, as its report's verdict has it.
    """

    brief: str
    kind: Scope | str
    id: str
    name: str
    market: str = ""


@dataclass(frozen=True, slots=True)
class Flip:
    """A verdict that comes out otherwise."""

    about: About
    old: Verdict
    new: Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """One rule's outcome that comes out otherwise; None where a side does not have it."""

    about: About
    rule: str
    old: Outcome | None
    new: Outcome | None


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two sets of rules, compared on a body of records.

    `added` and `removed` are rules that only one side has, `edited` those whose text or params
    differ. `turns` are grouped by rule, in the new side's order. `subjects` counts what was
    judged; `invalid` says what could not be.
    """

    old: str
    new: str
    briefs: int
    subjects: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    edited: tuple[str, ...]
    flips: tuple[Flip, ...]
    turns: tuple[Turn, ...]
    invalid: tuple[Diagnostic, ...] = ()
