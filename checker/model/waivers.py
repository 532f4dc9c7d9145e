"""Waivers: outcomes that somebody answers for, until a date."""

from __future__ import annotations

from typing import Literal

from checker.model.diagnostics import Position
from checker.model.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Waiver:
    """One rule waived on one subject: for a fail or for an unknown, never for both.

    `subject` is an influencer's id or handle, a post's id, "brief" or "shortlist".
    `brief` limits it to one brief's id; empty means every brief.
    `expires` is the last day, ISO 8601, on which it holds.
    """

    rule: str
    subject: str
    status: Literal["fail", "unknown"]
    reason: str
    owner: str
    expires: str
    position: Position
    brief: str = ""


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """What became of a waiver in one report.

    `state`: "used"; "unused" where no outcome matched it; "expired" at the report's date, which
    fails the run. `days_left` counts from the report's date and is negative once expired.
    """

    waiver: Waiver
    state: Literal["used", "unused", "expired"]
    days_left: int
