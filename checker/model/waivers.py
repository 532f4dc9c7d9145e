"""Waivers: outcomes that somebody answers for, until a date."""

from __future__ import annotations

from typing import Literal

from checker.model.diagnostics import Position
from checker.model.frozen import dataclass

# Days, in the longest of years.
A_YEAR = 366


@dataclass(frozen=True, slots=True)
class Waiver:
    """One rule waived on one subject: for a fail or for an unknown, never for both.

    `subject` is an influencer's id or handle, a post's id, "brief" or "shortlist".
    `brief` limits it to one brief's id; empty means every brief.
    `expires` is the last day, ISO 8601, on which it holds. An end that lies more than `longest`
    days ahead is warned of.
    """

    rule: str
    subject: str
    status: Literal["fail", "unknown"]
    reason: str
    owner: str
    expires: str
    position: Position
    brief: str = ""
    longest: int = A_YEAR


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """What became of a waiver in one report.

    `state`: "used"; "unused" where no outcome matched it; "expired" at the report's date;
    "ambiguous" where several subjects are called so. The last two cover nothing and fail the run.
    `days_left` counts from the report's date and is negative once expired. `subjects` are the ids
    of those who are called so; where nobody is, `nearest` are the names most like it.
    """

    waiver: Waiver
    state: Literal["used", "unused", "expired", "ambiguous"]
    days_left: int
    subjects: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether the waiver fails the run."""
        return self.state in ("expired", "ambiguous")
