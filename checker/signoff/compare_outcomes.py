"""Which verdicts, outcomes, waivers and settings differ from what was signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from checker.model.report import Report
from checker.signoff.canonical import canonical
from checker.signoff.claims import claim
from checker.signoff.differences import Difference, difference, paired
from checker.signoff.record import SignOff
from checker.signoff.statement import waiver_part

# A waiver that ends within this many days is worth a word.
SOON = 14

_Part = Mapping[str, Any]


def compare_outcomes(
    record: SignOff, now: Mapping[str, Any], verdict: str, renamed: Mapping[str, str]
) -> Iterator[Difference]:
    """Yield what differs between the recorded outcomes and those of `now`.

    `renamed` has today's ids of rules by those that they had before.
    """
    signed = record.predicate["verdict"]
    if verdict != signed:
        message = f"the verdict was {signed} and is {verdict}"
        yield difference("outcomes", "verdict-changed", message, before=signed, after=verdict)
    before, after = _keyed(record.predicate["subjects"]), _keyed(now["subjects"])
    for _, old, new in paired(before, after):
        if old is None:
            assert new is not None
            yield _subject("added", new, f"was not checked then, and is {new['verdict']}")
        elif new is None:
            yield _subject("removed", old, "is not checked any more")
        else:
            if old.get("name") != new.get("name"):
                what, about = f"the name of {old['id']}", {"subject": old["id"]}
                yield claim("outcomes", what, old.get("name"), new.get("name"), **about)
            yield from _outcomes(old, new, renamed)


def _keyed(subjects: Iterable[_Part]) -> dict[tuple[str, ...], _Part]:
    """Key subjects by kind, id and market; there is one brief and one shortlist."""
    found: dict[tuple[str, ...], _Part] = {}
    for subject in subjects:
        kind = subject["kind"]
        own = (subject["id"], subject.get("market", "")) if kind in ("influencer", "post") else ()
        found[(kind, *own)] = subject
    return found


def _subject(what: str, subject: _Part, rest: str) -> Difference:
    name = _name(subject)
    return difference("outcomes", f"subject-{what}", f"{name} {rest}", subject=subject["id"])


def _name(subject: _Part) -> str:
    name = str(subject.get("name") or subject["id"])
    market = subject.get("market")
    return f"{name} in {market}" if market else name


def _outcomes(old: _Part, new: _Part, renamed: Mapping[str, str]) -> Iterator[Difference]:
    before = {renamed.get(each["rule"], each["rule"]): each for each in old["outcomes"]}
    after = {outcome["rule"]: outcome for outcome in new["outcomes"]}
    name = _name(new)
    for rule, was, now in paired(before, after):
        about = {"rule": rule, "subject": new["id"], "market": new.get("market")}
        if was is None or now is None:
            code, words = ("added", "is new") if was is None else ("removed", "is gone")
            status = (was or now or {})["status"]
            message = f"{name} {rule}: the outcome {words} ({status})"
            yield difference("outcomes", f"outcome-{code}", message, **about)
        elif _state(was) != _state(now):
            one, other = _state(was), _state(now)
            message = f"{name} {rule}: was {one}, is {other}: {_why(now)}"
            yield difference(
                "outcomes", "outcome-changed", message, before=one, after=other, **about
            )
        else:
            yield from _values(f"{name} {rule}", about, was, now)


def _state(outcome: _Part) -> str:
    waiver = outcome.get("waiver")
    waived = f", waived by {waiver['owner']} until {waiver['expires']}" if waiver else ""
    return f"{outcome['status']} ({outcome['severity']}{waived})"


def _why(outcome: _Part) -> str:
    return str(outcome.get("reason", "no reason"))


def _values(name: str, about: Mapping[str, Any], was: _Part, now: _Part) -> Iterator[Difference]:
    changes = {
        part: {"from": was.get(part), "to": now.get(part)}
        for part in ("has", "needs", "reason", "waiver")
        if canonical(was.get(part)) != canonical(now.get(part))
    }
    if not changes:
        return
    sides = [
        f"{part} {_text(was.get(part))} -> {_text(now.get(part))}"
        for part in ("has", "needs")
        if part in changes
    ]
    words = ", ".join(sides) or f"{_why(was)} -> {_why(now)}"
    message = f"{name}: still {now['status']}, but {words}"
    yield difference("outcomes", "outcome-values", message, **about, changed=changes)


def _text(side: _Part | None) -> str:
    return str(side["text"]) if side else "nothing"


# Settings


def compare_settings(record: SignOff, now: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield dropped deals, and changes of the rules, that are new or gone."""
    for part, code, noun in (
        ("dropped", "dropped", "dropped deal"),
        ("changed", "configuration", "change of a rule"),
    ):
        before = {canonical(each): each for each in record.predicate[part]}
        after = {canonical(each): each for each in now[part]}
        for _, old, new in paired(before, after):
            if old is None or new is None:
                said = "is new" if old is None else "is not there any more"
                message = f"the {noun} {_words(old or new or {})} {said}"
                yield difference("configuration", f"{code}-changed", message, before=old, after=new)


def _words(part: _Part) -> str:
    return " ".join(str(part[name]) for name in ("name", "rule", "what") if name in part)


# Waivers


def compare_waivers(record: SignOff, now: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield waivers that were counted and are not, that are counted now, or that say else."""
    before = {_waiver_key(each): each for each in record.predicate["waivers"]}
    after = {_waiver_key(each): each for each in now["waivers"]}
    for _, old, new in paired(before, after):
        if old == new:
            continue
        said = "changed" if old and new else "is not counted any more" if old else "is new"
        message = f"the waiver of {_waiver_words(old or new or {})} {said}"
        yield difference("waivers", "waiver-changed", message, before=old, after=new)


def expired_waivers(record: SignOff, report: Report | None, today: date) -> Iterator[Difference]:
    """Yield waivers that the sign-off counts, or the report has, that have ended since."""
    for waiver in _in_force(record, report):
        days = (date.fromisoformat(waiver["expires"]) - today).days
        if days < 0:
            message = waiver_end(waiver, "expired")
            yield difference("waivers", "waiver-expired", message, after=waiver)


def ending_soon(record: SignOff, report: Report | None, today: date) -> Iterator[str]:
    """Yield a sentence for each waiver that ends within two weeks of today."""
    for waiver in _in_force(record, report):
        days = (date.fromisoformat(waiver["expires"]) - today).days
        if 0 <= days <= SOON:
            yield waiver_end(waiver, "ends")


def _in_force(record: SignOff, report: Report | None) -> Iterator[dict[str, Any]]:
    """Yield each waiver once: those of the report, else those that were recorded."""
    if report is None:
        yield from record.predicate["waivers"]
        return
    for use in report.waivers:
        if use.state in ("used", "expired"):
            yield waiver_part(use.waiver)


def _waiver_key(waiver: _Part) -> tuple[str, ...]:
    return tuple(waiver.get(name, "") for name in ("rule", "subject", "status", "brief"))


def waiver_end(waiver: _Part, verb: str) -> str:
    """Say when a waiver ends or has ended, and who answers for it."""
    end = f"{verb} on {waiver['expires']}; {waiver['owner']} answers for it"
    return f"the waiver of {_waiver_words(waiver)} {end}"


def _waiver_words(waiver: _Part) -> str:
    return f"{waiver['rule']} on {waiver['subject']}"
