"""The end of the text report: what stands behind it, and whether the brief is ready to sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from checker.model.report import Outcome, Report, Subject
from checker.reporting.diagnostics import place
from checker.reporting.options import Options
from checker.reporting.page import Page
from checker.reporting.safe import cells
from checker.reporting.waived import broken, notices, waived_outcomes
from checker.reporting.words import (
    VERDICT_STYLES,
    Places,
    deciding,
    pack_name,
    plural,
    remarks,
    subject_name,
    verdict_counts,
)

_LABEL = 11
_NOTICES = {
    "waiver-expired": "Expired",
    "waiver-ambiguous": "Ambiguous",
    "waiver-unused": "Unused",
    "waiver-ends-soon": "Ends soon",
    "waiver-long": "Long",
}


def add_facts(page: Page, report: Report, places: Places, *, show_all: bool, capped: bool) -> None:
    """Add the lines on brief, shortlist, posts, dropped deals, changes and rule packs."""
    page.blank()
    for kind, label in (("brief", "Brief"), ("shortlist", "Shortlist")):
        for subject in report.subjects:
            if subject.kind == kind:
                _add(page, label, _tally(subject), verdict=subject)
    posts = report.of_kind("post")
    if posts:
        _add(page, "Posts", f"{len(posts):,}: {verdict_counts(posts)}")
    if capped:
        _add(page, "Most often", _most_often(report))
    for dropped in report.dropped:
        note = f': "{page.text(dropped.note)}"' if dropped.note else ""
        where = page.text(places.one(dropped.position))
        _add(page, "Dropped", f"{page.text(dropped.name)}{note} ({where})")
    _add_waivers(page, report, places)
    for warning in report.warnings:
        where = page.text(place(warning.position))
        _add(page, "Warning", f"{where}: {page.text(warning.message)}")
        for line in warning.hint.splitlines():
            page.hang(" " * _LABEL, page.text(line))
    for change in report.changed:
        because = f': "{page.text(change.because)}"' if change.because else ""
        where = page.text(places.one(change.position))
        _add(page, "Changed", f"{page.text(change.text)}{because} ({where})")
    _add_packs(page, report, show_all=show_all)


def add_verdict(page: Page, report: Report, options: Options) -> None:
    """Add the closing line, and how to see why the others pass."""
    page.blank()
    code = f" (exit {options.exit_code})" if options.exit_code is not None else ""
    standing = _standing(report)
    if report.verdict == "pass" and standing:
        verb = "keeps" if standing == 1 else "keep"
        line = f"Nothing new, but {plural(standing, 'known outcome')} still {verb} it from signing"
        line += f".{code}"
    elif ready(report):
        warnings = sum(o.severity == "warning" for s in report.subjects for o in remarks(s))
        rest = f", with {plural(warnings, 'warning')} to read" if warnings else ""
        line = f"Ready to sign{rest}.{code}"
    else:
        left = ", ".join(_left_to_do(report)) or "nothing was decided"
        line = f"Not ready to sign: {left}.{code}"
    style = VERDICT_STYLES["fail" if broken(report) else report.verdict]
    _add_painted(page, line, style)


def ready(report: Report) -> bool:
    """Tell whether a brief may be signed: it passes, and not only because a baseline knows it."""
    return report.verdict == "pass" and not broken(report) and not _standing(report)


def _standing(report: Report) -> int:
    """Count what a baseline knows of and would else keep the brief from passing."""
    return sum(
        outcome.known
        and outcome.waiver is None
        and outcome.severity == "error"
        and outcome.status in ("fail", "unknown")
        for subject in report.subjects
        for outcome in subject.outcomes
    )


def add_hint(page: Page, options: Options) -> None:
    """Add the command that shows what this report leaves out; never broken: people copy it."""
    if not options.again or options.show_all:
        return
    lead, command = "Why the others pass:", f"{page.text(options.again)} --all"
    if cells(lead) + 1 + cells(command) <= page.width:
        page.add(f"{lead} {command}")
    else:
        page.add(lead)
        page.add(f"  {command}")


def _add_painted(page: Page, line: str, style: str) -> None:
    start = len(page.lines)
    page.hang("", line)
    page.lines[start:] = [page.paint(part, style) for part in page.lines[start:]]


def _add(page: Page, label: str, text: str, *, verdict: Subject | None = None) -> None:
    lead = f"{label:<{_LABEL}}"
    style = VERDICT_STYLES[verdict.verdict] if verdict is not None else ""
    start = len(page.lines)
    page.hang(lead, text)
    if verdict is not None:
        # The verdict is the first word; painted after wrapping, so that widths stay true.
        first = page.lines[start]
        word = verdict.verdict
        page.lines[start] = first.replace(word, page.paint(word, style), 1)


def _tally(subject: Subject) -> str:
    counts = Counter(outcome.status for outcome in subject.outcomes)
    ran = sum(counts.values()) - counts["skipped"]
    text = f"{subject.verdict}, no rule applied"
    if ran:
        text = f"{subject.verdict}, {counts['pass']} of {plural(ran, 'rule')}"
    return f"{text}, {counts['skipped']} not applicable" if counts["skipped"] else text


def _most_often(report: Report) -> str:
    counts = Counter(
        rule
        for subject in report.of_kind("influencer")
        for rule in {outcome.rule for outcome in deciding(subject)}
    )
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{rule} {count:,}" for rule, count in ranked[:6])


def _add_waivers(page: Page, report: Report, places: Places) -> None:
    """Add who answers for what is waived, and the waivers that need their owner's attention."""
    for subject, outcome in waived_outcomes(report.subjects):
        waiver = outcome.waiver
        if waiver is not None:
            who = f"({page.text(waiver.owner)}, until {page.text(waiver.expires)})"
            what = page.text(f"{subject_name(subject)} {outcome.rule}")
            _add(page, "Waived", f'{what}: "{page.text(waiver.reason)}" {who}')
    known = sum(o.known and o.waiver is None for s in report.subjects for o in s.outcomes)
    if known:
        _add(page, "Known", f"{plural(known, 'outcome')} from the baseline")
    for notice in notices(report):
        where = page.text(places.one(notice.position))
        _add(
            page, _NOTICES[notice.code], f"{notice.severity}: {page.text(notice.message)} ({where})"
        )


def _add_packs(page: Page, report: Report, *, show_all: bool) -> None:
    if not report.packs:
        return
    names = ", ".join(page.text(pack_name(pack)) for pack in report.packs)
    rules = plural(sum(pack.rules for pack in report.packs), "rule")
    _add(page, "Rules", f"{names}, {rules}" if len(report.packs) == 1 else f"{rules}: {names}")
    if not show_all:
        return
    for pack in report.packs:
        digest = f", {page.text(pack.digest)}" if pack.digest else ""
        title, count = page.text(pack.title), plural(pack.rules, "rule")
        origin = page.text(pack.origin)
        page.hang(" " * _LABEL, f"{page.text(pack.name)}: {title}, {count}, {origin}{digest}")


def _left_to_do(report: Report) -> list[str]:
    """Return what stands between the brief and a signature, in the order to do it."""
    influencers, posts = report.of_kind("influencer"), report.of_kind("post")
    invalid = sum(subject.verdict == "invalid" for subject in report.subjects)
    failing = sum(subject.verdict == "fail" for subject in influencers)
    failing_posts = sum(subject.verdict == "fail" for subject in posts)
    answers = _answers(report.subjects)
    undecided = sum(
        subject.verdict == "undecided" and not deciding(subject) for subject in report.subjects
    )
    left = [plural(invalid, "record") + " to mend"] if invalid else []
    for kind in ("brief", "shortlist"):
        if any(s.kind == kind and s.verdict == "fail" for s in report.subjects):
            left.append(f"the {kind} to fix")
    if failing:
        left.append(f"{failing:,} to drop or fix")
    if failing_posts:
        left.append(plural(failing_posts, "post") + " to fix")
    if answers:
        left.append(plural(answers, "answer") + " to get")
    states = [use.state for use in broken(report)]
    for state, what in (("expired", "to renew or take out"), ("ambiguous", "to mend")):
        if state in states:
            left.append(f"{plural(states.count(state), f'{state} waiver')} {what}")
    if undecided:
        left.append(f"nothing was decided on {undecided:,}")
    return left


def _answers(subjects: Sequence[Subject]) -> int:
    """Count what to ask for; one answer may settle several rules of a subject."""
    total = 0
    for subject in subjects:
        if subject.verdict == "undecided":
            total += len({_question(outcome) for outcome in deciding(subject)})
    return total


def _question(outcome: Outcome) -> tuple[str, ...]:
    return outcome.ask_for or (outcome.rule,)
