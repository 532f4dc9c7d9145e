"""A Chromium for the tests of the sheet, and the sheets that they open."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checker.model.report import Report
from checker.reporting.html.sheet import render
from checker.reporting.options import Options

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")

Write = Callable[..., str]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), "")
    if not executable:
        _give_up("there is no Chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _give_up('the extra "browser" is not installed')
    with sync_playwright() as playwright:
        # Each launch has a new, empty profile of its own.
        running = playwright.chromium.launch(executable_path=executable, args=list(_FLAGS))
        yield running
        running.close()


def _give_up(why: str) -> None:
    if os.environ.get("CHECKER_BROWSER") == "required":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture
def sheet(tmp_path: Path) -> Write:
    """Return a function that writes reports as a sheet and returns its address."""

    def write(reports: Sequence[Report], *, show_all: bool = False) -> str:
        path = tmp_path / "sheet.html"
        path.write_text(render(reports, Options(show_all=show_all)), encoding="utf-8")
        return path.as_uri()

    return write
