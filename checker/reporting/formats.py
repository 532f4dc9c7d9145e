"""The formats a report comes in. Each is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module

from checker.model.report import Report
from checker.reporting.options import Options

Reporter = Callable[[Sequence[Report], Options], str | bytes]


def _render(module: str, reports: Sequence[Report], options: Options) -> str | bytes:
    content: str | bytes = import_module(f"checker.reporting.{module}").render(reports, options)
    return content


# Formats that are bytes, which no terminal shows.
BINARY = frozenset(("xlsx",))

# Every format by its name on the command line. A new reporter is a module with a function
# `render`, and its name here.
FORMATS: Mapping[str, Reporter] = {
    name: partial(_render, module)
    for name, module in (
        ("text", "text"),
        ("json", "json_report"),
        ("sarif", "sarif"),
        ("junit", "junit"),
        ("github", "github"),
        ("gitlab", "gitlab"),
        ("markdown", "markdown"),
        ("html", "html.sheet"),
        ("xlsx", "workbook"),
        ("csv", "csv_report"),
        ("questions", "questions"),
        ("baseline", "baseline"),
    )
}
