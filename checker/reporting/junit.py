"""The report as JUnit XML: a suite for each brief, a case for each subject and rule.

A case fails or errs exactly where it keeps its subject from passing, so that a suite is red where
its brief is. An error rule that fails is a failure; one that cannot be told is an error, since
its answer is still owed. What is waived, what a baseline knows, and warnings and notes that fail
or cannot be told are listed as skipped with their message, since JUnit has nothing between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from checker import __version__
from checker.model.report import Outcome, Report, Subject
from checker.reporting.diagnostics import place
from checker.reporting.findings import nothing_checked, undecided_by_nothing
from checker.reporting.options import Options
from checker.reporting.safe import inert, one_line, short
from checker.reporting.waived import REDACTED, excuse, notices
from checker.reporting.words import Places, source_line, subject_name, with_hint

_LONGEST = 2000
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case; `result` is "" for a pass."""

    owner: str
    name: str
    result: Literal["", "failure", "error", "skipped"] = ""
    kind: str = ""
    message: str = ""
    detail: tuple[str, ...] = ()


def render(reports: Sequence[Report], options: Options) -> str:
    """Return the reports as one document. Times are 0, and the date is the report's own day."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for number, report in enumerate(reports):
        lines += _suite(report, number)
    lines.append("</testsuites>")
    return "\n".join(lines) + "\n"


def _suite(report: Report, number: int) -> list[str]:
    cases = _distinct(_cases(report))
    counts = Counter(case.result for case in cases)
    name = one_line(report.title) or one_line(report.brief) or "Brief"
    head = _attributes(
        name=name,
        package=one_line(report.brief) or "checker",
        id=str(number),
        timestamp=f"{report.as_of}T00:00:00",
        hostname="localhost",
        tests=str(len(cases)),
        failures=str(counts["failure"]),
        errors=str(counts["error"]),
        skipped=str(counts["skipped"]),
        time="0",
    )
    lines = [f"  <testsuite{head}>", "    <properties>"]
    for key, value in _properties(report):
        lines.append(f"      <property{_attributes(name=key, value=value)}/>")
    lines.append("    </properties>")
    for case in cases:
        lines += _case(case)
    lines.append(f"    <system-out>{_text(_out(report))}</system-out>")
    lines.append(f"    <system-err>{_text(_err(report))}</system-err>")
    lines.append("  </testsuite>")
    return lines


def _properties(report: Report) -> Iterable[tuple[str, str]]:
    yield "verdict", report.verdict
    yield "as_of", report.as_of
    yield "brief", report.position.file
    yield "brand", report.brand
    yield "checker", report.tool_version or __version__
    for pack in report.packs:
        yield "pack", f"{pack.name} {pack.version}"
    if report.redacted:
        yield "redacted", "true"


def _cases(report: Report) -> Iterable[_Case]:
    places = Places(report.position)
    for subject in report.subjects:
        owner = _owner(report, subject_name(subject))
        if subject.verdict == "invalid":
            yield _invalid(owner, subject)
        if undecided_by_nothing(subject):
            message = "no error rule passed, so nothing was decided"
            yield _Case(owner, "nothing-decided", "error", "undecided", message)
        for outcome in subject.outcomes:
            yield _of_outcome(owner, outcome, places)
    if nothing_checked(report):
        message = "no error rule passed or failed on any subject, so nothing was decided"
        yield _Case(_owner(report, "Brief"), "nothing-decided", "error", "undecided", message)
    for notice in notices(report):
        expired = notice.severity == "error"
        result: Literal["failure", "skipped"] = "failure" if expired else "skipped"
        name = f"{notice.code} {notice.waiver.rule} {notice.waiver.subject}"
        detail = (place(notice.position),)
        yield _Case(_owner(report, "Waivers"), name, result, notice.code, notice.message, detail)


def _owner(report: Report, subject: str) -> str:
    # Platforms that show all suites together tell cases apart by this and the case's name.
    return f"{report.brief}.{subject}" if report.brief else subject


def _invalid(owner: str, subject: Subject) -> _Case:
    messages = [f"{place(d.position)}: {with_hint(d)}" for d in subject.diagnostics]
    first = subject.diagnostics[0].message if subject.diagnostics else "the record cannot be used"
    return _Case(owner, "invalid-record", "error", "invalid", first, tuple(messages))


def _of_outcome(owner: str, outcome: Outcome, places: Places) -> _Case:
    if outcome.status == "pass":
        return _Case(owner, outcome.rule)
    if outcome.status == "skipped":
        return _Case(owner, outcome.rule, "skipped", message=outcome.reason)
    if outcome.excused:
        message = f"{outcome.status}, {excuse(outcome)}: {outcome.reason}"
        return _Case(
            owner, outcome.rule, "skipped", message=message, detail=_detail(outcome, places)
        )
    if not outcome.decides:
        message = f"{outcome.severity}, {outcome.status}: {outcome.reason}"
        return _Case(
            owner, outcome.rule, "skipped", message=message, detail=_detail(outcome, places)
        )
    result: Literal["failure", "error"] = "failure" if outcome.status == "fail" else "error"
    return _Case(
        owner, outcome.rule, result, outcome.status, outcome.reason, _detail(outcome, places)
    )


def _detail(outcome: Outcome, places: Places) -> tuple[str, ...]:
    lines = [outcome.reason]
    for label, side in (("has", outcome.has), ("needs", outcome.needs)):
        if side is not None:
            found = places.several(side.evidence)
            where = f" ({found})" if found else ""
            lines.append(f"{label}: {side.text or 'nothing'}{where}")
    if outcome.to_pass:
        lines.append(f"to pass: {', or '.join(outcome.to_pass)}")
    if outcome.fix:
        lines.append(f"fix: {outcome.fix}")
    lines += [f"ask for: {ask}" for ask in dict.fromkeys(outcome.ask_for)]
    lines.append(f"source: {source_line(outcome.source)}")
    lines.append(f"rule: {outcome.pack} {outcome.pack_version}, {places.one(outcome.position)}")
    return tuple(lines)


def _distinct(cases: Iterable[_Case]) -> list[_Case]:
    """Return the cases with names that differ: a record listed twice gets a number."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for case in cases:
        owner, name = short(case.owner, 300), short(case.name, 300)
        seen[owner, name] += 1
        count = seen[owner, name]
        if count > 1:
            name = f"{name} ({count})"
        found.append(_Case(owner, name, case.result, case.kind, case.message, case.detail))
    return found


def _case(case: _Case) -> list[str]:
    head = _attributes(name=case.name, classname=case.owner, time="0")
    if not case.result:
        return [f"    <testcase{head}/>"]
    kind = {"type": case.kind} if case.result != "skipped" else {}
    inner = _attributes(message=case.message, **kind)
    detail = _text(case.detail)
    return [
        f"    <testcase{head}>",
        f"      <{case.result}{inner}>{detail}</{case.result}>",
        "    </testcase>",
    ]


def _out(report: Report) -> list[str]:
    lines = [REDACTED] if report.redacted else []
    lines += [f"dropped: {d.name} {d.note}".strip() for d in report.dropped]
    lines += [f"changed: {c.text} {c.because} ({place(c.position)})" for c in report.changed]
    return lines


def _err(report: Report) -> list[str]:
    lines = [f"{place(w.position)}: {w.severity}: {with_hint(w)}" for w in report.warnings]
    found = notices(report)
    return lines + [f"{place(n.position)}: {n.severity}: {n.message}" for n in found]


def _attributes(**values: str) -> str:
    return "".join(f' {name}="{_escape(value)}"' for name, value in values.items())


def _text(lines: Sequence[str]) -> str:
    return "\n".join(_escape(line) for line in lines)


def _escape(text: str) -> str:
    """Return text that XML 1.0 can hold: what it forbids is written out, markup is escaped."""
    line = short(text, _LONGEST)
    if not line.isprintable():
        # Two characters that are no control characters and yet not allowed.
        line = inert(line).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    return "".join(_ESCAPES.get(character, character) for character in line)
