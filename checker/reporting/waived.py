"""Waivers and the baseline in words: what excuses an outcome, and what there is to say of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.model.report import Outcome, Report, Subject
from checker.model.rules import SEVERITIES, Severity
from checker.model.waivers import Waiver, WaiverUse

# A waiver with this many days left, or fewer, says so: time to ask its owner.
SOON = 14

# The head of a report whose people are not named.
REDACTED = "Redacted: salted ids stand for handles, names and captions."


class Notice:
    """What is to be said of a waiver: expired (error), unused (warning), ends soon (note)."""

    __slots__ = ("code", "message", "position", "severity", "waiver")

    def __init__(self, code: str, severity: Severity, message: str, waiver: Waiver) -> None:
        self.code = code
        self.severity = severity
        self.message = message
        self.position = waiver.position
        self.waiver = waiver


def covers(waiver: Waiver) -> str:
    """Return what a waiver is for: "values on @tinyknots"."""
    where = {"brief": "the brief", "shortlist": "the shortlist"}.get(waiver.subject, waiver.subject)
    return f"{waiver.rule} on {where}"


def excuse(outcome: Outcome) -> str:
    """Return why an outcome keeps nobody from passing, "" where it does."""
    waiver = outcome.waiver
    if waiver is not None:
        return f'waived: "{waiver.reason}" ({waiver.owner}, until {waiver.expires})'
    return "known from the baseline" if outcome.known else ""


def notices(report: Report) -> list[Notice]:
    """Return what is to be said of the report's waivers, errors first; of most, nothing."""
    found = [notice for use in report.waivers for notice in _notices(use)]
    return sorted(found, key=lambda notice: SEVERITIES.index(notice.severity))


def broken(report: Report) -> list[WaiverUse]:
    """Return the waivers that no longer hold, or name nobody alone; each fails the run."""
    return [use for use in report.waivers if use.fails]


def _notices(use: WaiverUse) -> Iterator[Notice]:
    waiver = use.waiver
    what = f"the waiver of {covers(waiver)}"
    if use.state == "expired":
        message = (
            f"{what} expired on {waiver.expires}; its owner, {waiver.owner}, must renew it or "
            "take it out"
        )
        yield Notice("waiver-expired", "error", message, waiver)
    elif use.state == "ambiguous":
        message = (
            f"{what} may be for {' or '.join(use.subjects)} and covers neither; its owner, "
            f"{waiver.owner}, must write one of these ids"
        )
        yield Notice("waiver-ambiguous", "error", message, waiver)
    elif use.state == "unused":
        near = f" (did you mean {' or '.join(use.nearest)}?)" if use.nearest else ""
        message = f"{what} matches no {waiver.status}{near}; its owner, {waiver.owner}, "
        message += "may mend it or take it out" if near else "may take it out"
        yield Notice("waiver-unused", "warning", message, waiver)
    elif use.days_left <= SOON:
        left = "today" if use.days_left == 0 else f"in {_days(use.days_left)}, on {waiver.expires}"
        message = f"{what} ends {left}; its owner is {waiver.owner}"
        yield Notice("waiver-ends-soon", "note", message, waiver)
    if use.days_left > waiver.longest:
        message = (
            f"{what} ends on {waiver.expires}, more than {_days(waiver.longest)} ahead; its owner, "
            f"{waiver.owner}, should look at it sooner"
        )
        yield Notice("waiver-long", "warning", message, waiver)


def _days(number: int) -> str:
    return f"{number:,} day" if number == 1 else f"{number:,} days"


def waived_outcomes(subjects: Sequence[Subject]) -> list[tuple[Subject, Outcome]]:
    """Return the fails and unknowns that a waiver covers, with their subjects."""
    return [
        (subject, outcome)
        for subject in subjects
        for outcome in subject.outcomes
        if outcome.waiver is not None and outcome.status in ("fail", "unknown")
    ]
