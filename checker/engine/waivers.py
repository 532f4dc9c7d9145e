"""Waivers applied to a report: one path for every command.

The outcome keeps its true status beneath the waiver. A waiver covers the one status that it
names: waiving an unknown does not cover a later fail. It never covers an invalid record.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace

from checker.engine.verdicts import conclude
from checker.model.report import Outcome, Report, Status, Subject
from checker.model.waivers import Waiver, WaiverUse


def apply_waivers(report: Report, waivers: Iterable[Waiver], *, on: datetime.date) -> Report:
    """Return the report with waivers applied and verdicts drawn anew.

    Args:
        report: a report without waivers.
        waivers: those of the configuration; those for another brief are left out.
        on: the date at which expiry is judged.
    """
    mine = [waiver for waiver in waivers if waiver.brief in ("", report.brief)]
    valid = [waiver for waiver in mine if _days_left(waiver, on) >= 0]
    subjects = tuple(_cover(subject, valid) for subject in report.subjects)
    used = {
        outcome.waiver for subject in subjects for outcome in subject.outcomes if outcome.waiver
    }
    uses = tuple(_use(waiver, used, on) for waiver in mine)
    return conclude(replace(report, subjects=subjects, waivers=uses))


def forget_used_elsewhere(reports: Sequence[Report]) -> list[Report]:
    """Drop "unused" from the reports of a run where another report of it uses the waiver."""
    used = {use.waiver for report in reports for use in report.waivers if use.state == "used"}
    return [
        replace(
            report,
            waivers=tuple(
                use for use in report.waivers if use.state != "unused" or use.waiver not in used
            ),
        )
        for report in reports
    ]


def _days_left(waiver: Waiver, on: datetime.date) -> int:
    return (datetime.date.fromisoformat(waiver.expires) - on).days


def _use(waiver: Waiver, used: set[Waiver], on: datetime.date) -> WaiverUse:
    days = _days_left(waiver, on)
    if days < 0:
        return WaiverUse(waiver, "expired", days)
    return WaiverUse(waiver, "used" if waiver in used else "unused", days)


def _cover(subject: Subject, waivers: list[Waiver]) -> Subject:
    names = {subject.id, subject.name} if subject.kind in ("influencer", "post") else {subject.kind}
    mine = [waiver for waiver in waivers if waiver.subject in names]
    if not mine or subject.verdict == "invalid":
        return subject
    outcomes = tuple(_cover_outcome(outcome, mine) for outcome in subject.outcomes)
    return replace(subject, outcomes=outcomes)


def _cover_outcome(outcome: Outcome, waivers: list[Waiver]) -> Outcome:
    waiver = covering(waivers, outcome.rule, outcome.status)
    return outcome if waiver is None else replace(outcome, waiver=waiver)


def covering(waivers: Iterable[Waiver], rule: str, status: Status) -> Waiver | None:
    """Return which of a subject's waivers, if any, excuses a rule's status."""
    found = (each for each in waivers if each.rule == rule and each.status == status)
    return next(found, None)
