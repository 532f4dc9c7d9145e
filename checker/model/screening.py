"""What became of a screening: counted, so that it fits on a page whatever the roster's size."""

from __future__ import annotations

from collections.abc import Mapping

from checker.model.frozen import dataclass
from checker.model.report import Outcome

# Every line that is asked for ends in one of these.
VERDICTS = ("pass", "fail", "undecided", "invalid")


class EndedError(Exception):
    """A process of a screening was ended from outside: killed, or for want of memory."""


@dataclass(frozen=True, slots=True)
class Lost:
    """How many influencers a rule loses: `first` where it is the first of the rules that keep
    them from passing, `alone` where it is the only one.
    """

    rule: str
    title: str
    verdict: str
    first: int
    alone: int


@dataclass(frozen=True, slots=True)
class Best:
    """One of the best influencers that pass."""

    id: str
    handle: str
    fit: float
    file: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class BriefScreened:
    """One brief's part of a screening.

    `own` are the outcomes on the brief itself, which are found once; `verdict` is drawn from
    them. `left_out` lines do not meet the condition that was asked for, or (`unclear` of these)
    leave it unknown.
    """

    brief: str
    title: str
    verdict: str
    own: tuple[Outcome, ...]
    verdicts: Mapping[str, int]
    lost: tuple[Lost, ...]
    best: tuple[Best, ...]
    left_out: int = 0
    unclear: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Screening:
    """A whole screening.

    `lines` were read; `by_hand` of them were judged by the evaluator. `blank_cells` says which
    cells of tables say nothing and count as blank. `table` and `invalid` are the files that were
    written, or "". `by_record` are the rules of which a part was computed record by record.
    """

    as_of: str
    lines: int
    by_hand: int
    briefs: tuple[BriefScreened, ...]
    first_invalid: tuple[str, ...] = ()
    blank_cells: str = ""
    table: str = ""
    invalid: str = ""
    by_record: tuple[str, ...] = ()
