"""The formats a report comes in. Each is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from checker.model.report import Report
from checker.reporting.options import Options

Reporter = Callable[[Sequence[Report], Options], str]


def _text(reports: Sequence[Report], options: Options) -> str:
    from checker.reporting.text import render

    return render(reports, options)


def _json(reports: Sequence[Report], options: Options) -> str:
    from checker.reporting.json_report import render

    return render(reports, options)


def _sarif(reports: Sequence[Report], options: Options) -> str:
    from checker.reporting.sarif import render

    return render(reports, options)


def _junit(reports: Sequence[Report], options: Options) -> str:
    from checker.reporting.junit import render

    return render(reports, options)


def _github(reports: Sequence[Report], options: Options) -> str:
    from checker.reporting.github import render

    return render(reports, options)


def _gitlab(reports: Sequence[Report], options: Options) -> str:
    from checker.reporting.gitlab import render

    return render(reports, options)


def _markdown(reports: Sequence[Report], options: Options) -> str:
    from checker.reporting.markdown import render

    return render(reports, options)


def _html(reports: Sequence[Report], options: Options) -> str:
    from checker.reporting.html.sheet import render

    return render(reports, options)


# Every format by its name on the command line. A new reporter is one function and one line.
FORMATS: Mapping[str, Reporter] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "gitlab": _gitlab,
    "markdown": _markdown,
    "html": _html,
}
