"""The summary of a step in GitHub Actions: a file that the platform names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from checker.cli.output import Output, cannot_write

if TYPE_CHECKING:
    from checker.model.report import Report

VARIABLE = "GITHUB_STEP_SUMMARY"


def write_step_summary(
    outputs: Sequence[Output], reports: Sequence[Report], *, whole: bool = False
) -> None:
    """Add the reports to the step's summary, where `github` is asked for and there is one.

    What the step wrote before stays. Raises CannotWriteError where the file cannot be written.
    """
    name = os.environ.get(VARIABLE)
    if not name or all(output.format != "github" for output in outputs):
        return
    from checker.files import exists, refuse_inputs
    from checker.reporting.github import MOST_SUMMARY, summary

    path = Path(name)
    refuse_inputs([path])
    try:
        taken = path.stat().st_size if exists(path) else 0
        text = summary(reports, MOST_SUMMARY - taken, whole=whole)
        with path.open("ab") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise cannot_write(VARIABLE, error) from error
