"""The report as workflow commands of GitHub Actions, and as the summary of a step.

The platform shows ten annotations of a kind in a step, so there are no more: one for each
influencer, on its line of the shortlist, an error where it fails or its record cannot be used, a
warning where it is undecided, none where it passes. Failures come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from checker.model.diagnostics import Diagnostic, Position
from checker.model.report import Outcome, Report, Subject
from checker.reporting.markdown import document
from checker.reporting.options import Options
from checker.reporting.safe import LONGEST_FILE, short
from checker.reporting.waived import notices
from checker.reporting.words import deciding, plural, subject_name, with_hint

# The most that the summary of one step may hold, in bytes.
MOST_SUMMARY = 1024 * 1024

_ORDER = {"error": 0, "warning": 1, "notice": 2}
_KINDS = {"fail": "error", "invalid": "error", "undecided": "warning"}
_NOTICES = {"error": "error", "warning": "warning", "note": "notice"}
# Of each kind, annotations that the platform shows of a step; it drops others without a word.
_MOST = 10
_MOST_REASONS = 5
_LONGEST = 500

# Kind, verdict as a rank among its kind, place, title, lines of the message.
_Annotation = tuple[str, int, Position, str, list[str]]


def render(reports: Sequence[Report], options: Options) -> str:
    """Return one command to a line, as many as a step shows; none where there is nothing."""
    return _commands([item for report in reports for item in _annotations(report)], options)


def lint_text(found: Iterable[Diagnostic], options: Options) -> str:
    """Return what lint found, one command to a line."""
    return _commands([_warned(each) for each in found], options)


def _commands(found: list[_Annotation], options: Options) -> str:
    found.sort(key=lambda item: (_ORDER[item[0]], item[1]))
    shown: list[str] = []
    more: list[str] = []
    for kind, members in groupby(found, key=lambda item: item[0]):
        items = list(members)
        shown += [_command(item, options) for item in items[:_MOST]]
        if len(items) > _MOST:
            more.append(plural(len(items) - _MOST, f"more {kind}"))
    if more:
        shown.append(f"{', '.join(more)}: a step shows {_MOST} of each; its summary has all.")
    return "".join(f"{line}\n" for line in shown)


def summary(reports: Sequence[Report], limit: int = MOST_SUMMARY, *, whole: bool = False) -> str:
    """Return the whole reports as markdown, for the file that GITHUB_STEP_SUMMARY names.

    At most `limit` bytes: details and then rows are left out to fit, and counted.
    """
    return document(reports, limit=limit, whole=whole)


def _annotations(report: Report) -> Iterable[_Annotation]:
    for notice in notices(report):
        kind = _NOTICES[notice.severity]
        yield kind, 0, notice.position, notice.code, [notice.message]
    for subject in report.subjects:
        kind = _KINDS.get(subject.verdict, "")
        if kind:
            rank = 0 if subject.verdict == "fail" else 1
            title = f"{subject_name(subject)}: {subject.verdict}"
            position = subject.position if subject.position.file else report.position
            yield kind, rank, position, title, _reasons(subject)
    for warning in report.warnings:
        yield _warned(warning)


def _warned(warning: Diagnostic) -> _Annotation:
    return warning.severity, 2, warning.position, warning.code, [with_hint(warning)]


def _reasons(subject: Subject) -> list[str]:
    if subject.verdict == "invalid":
        lines = [with_hint(d) for d in subject.diagnostics]
        lines = lines or ["the record cannot be used"]
    else:
        lines = [_reason(outcome) for outcome in deciding(subject)]
        lines = lines or ["nothing was decided: no error rule passed"]
    more = len(lines) - _MOST_REASONS
    return [*lines[:_MOST_REASONS], *([f"and {more:,} more"] if more > 0 else [])]


def _reason(outcome: Outcome) -> str:
    asks = "; ".join(dict.fromkeys(outcome.ask_for))
    ask = f" (ask for: {asks})" if asks and outcome.status == "unknown" else ""
    return f"{outcome.rule}: {outcome.reason}{ask}"


def _command(item: _Annotation, options: Options) -> str:
    kind, _, position, title, lines = item
    places = (
        [("file", short(options.from_root(position.file), LONGEST_FILE))] if position.file else []
    )
    if position.file and position.line:
        places.append(("line", str(position.line)))
        if position.column and not position.cell:
            places.append(("col", str(position.column)))
    places.append(("title", short(title, 200)))
    properties = ",".join(f"{name}={_property(value)}" for name, value in places)
    message = "\n".join(short(line, _LONGEST) for line in lines)
    return f"::{kind} {properties}::{_data(message)}"


def _data(text: str) -> str:
    """Return text as the data of a command: it cannot end its line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Return text as a property of a command: it cannot end the property either."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
