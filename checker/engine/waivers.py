"""Waivers applied to a report: one path for every command.

The outcome keeps its true status beneath the waiver. A waiver covers the one status that it
names: waiving an unknown does not cover a later fail. It never covers an invalid record.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from checker.engine.verdicts import conclude
from checker.language.accounts import is_called
from checker.language.suggest import nearest
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
    meant = {waiver: _meant(waiver, report.subjects) for waiver in mine}
    uses = [_use(waiver, meant[waiver], report, on) for waiver in mine]
    valid = {use.waiver: meant[use.waiver] for use in uses if not use.fails}
    subjects = tuple(_cover(subject, valid) for subject in report.subjects)
    used = {
        outcome.waiver for subject in subjects for outcome in subject.outcomes if outcome.waiver
    }
    uses = [replace(use, state="used") if use.waiver in used else use for use in uses]
    return conclude(replace(report, subjects=subjects, waivers=tuple(uses)))


def settle_across(reports: Sequence[Report]) -> list[Report]:
    """Return the reports of a run after each waiver was seen in all of them.

    A waiver is not "unused" where another report uses it. One that covers two accounts, each on
    a brief of its own, is ambiguous, since somebody answers for one.
    """
    covered: dict[Waiver, dict[str, str]] = {}
    for report in reports:
        for subject in report.subjects:
            for outcome in subject.outcomes:
                if outcome.waiver is not None and subject.kind == "influencer":
                    key = subject.account or subject.id
                    covered.setdefault(outcome.waiver, {}).setdefault(key, subject.id)
    several = {w: tuple(ids.values()) for w, ids in covered.items() if len(ids) > 1}
    used = {use.waiver for report in reports for use in report.waivers if use.state == "used"}
    return [_settled(report, used, several) for report in reports]


def _settled(
    report: Report, used: set[Waiver], several: Mapping[Waiver, tuple[str, ...]]
) -> Report:
    uses = tuple(
        replace(use, state="ambiguous", subjects=several[use.waiver])
        if use.waiver in several and not use.fails
        else use
        for use in report.waivers
        if use.state != "unused" or use.waiver not in used
    )
    if not any(use.waiver in several for use in uses):
        return replace(report, waivers=uses)
    subjects = tuple(
        replace(
            subject,
            outcomes=tuple(
                replace(outcome, waiver=None) if outcome.waiver in several else outcome
                for outcome in subject.outcomes
            ),
        )
        for subject in report.subjects
    )
    return conclude(replace(report, subjects=subjects, waivers=uses))


def _meant(waiver: Waiver, subjects: Iterable[Subject]) -> list[Subject]:
    """Return the subjects that a waiver may mean; in several markets a post is one of several."""
    named = waiver.subject.strip().casefold()
    if named in ("brief", "shortlist"):
        return [subject for subject in subjects if subject.kind == named]
    people = [each for each in subjects if each.kind in ("influencer", "post")]
    exact = [each for each in people if each.id == waiver.subject and each.verdict != "invalid"]
    called = exact or [
        each
        for each in people
        if each.name == waiver.subject or is_called(waiver.subject, each.id, each.account)
    ]
    # A rule is about influencers or about posts, of whom some may have one name.
    asked = [each for each in called if any(o.rule == waiver.rule for o in each.outcomes)]
    return asked or called


def _use(waiver: Waiver, meant: list[Subject], report: Report, on: datetime.date) -> WaiverUse:
    days = (datetime.date.fromisoformat(waiver.expires) - on).days
    ids = tuple(dict.fromkeys(subject.id for subject in meant))
    if days < 0:
        return WaiverUse(waiver, "expired", days, ids)
    if len(ids) > 1:
        return WaiverUse(waiver, "ambiguous", days, ids)
    names = [each.name for each in report.subjects if each.kind in ("influencer", "post")]
    near = () if ids else tuple(nearest(waiver.subject, names))
    return WaiverUse(waiver, "unused", days, ids, near)


def _cover(subject: Subject, waivers: Mapping[Waiver, list[Subject]]) -> Subject:
    mine = [waiver for waiver, meant in waivers.items() if any(each is subject for each in meant)]
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
