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


# Every format by its name on the command line. A new reporter is one function and one line.
FORMATS: Mapping[str, Reporter] = {
    "text": _text,
    "json": _json,
}
