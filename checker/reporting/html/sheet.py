"""The sheet as one HTML document: nothing outside it is ever asked for."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from checker import __version__
from checker.model.diagnostics import RulesError
from checker.model.report import VERDICTS, Report
from checker.reporting.html.clean import clean
from checker.reporting.html.view import MARKS, MOST_IN_FULL, brief_view
from checker.reporting.options import Options

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"


def render(reports: Sequence[Report], options: Options) -> str:
    """Return the sign-off sheet of one or more briefs.

    The same reports give the same bytes. Above MOST_IN_FULL influencers the passes of a brief are
    counted and not listed, unless `options.show_all`.

    Raises:
        RulesError: Jinja2, which the extra "html" brings, is not installed.
    """
    environment = _environment()
    cleaned = [clean(report) for report in reports]
    briefs = [brief_view(report, index, options) for index, report in enumerate(cleaned)]
    style, script = _read("sheet.css"), _read("sheet.js")
    return environment.get_template("sheet.html.j2").render(
        briefs=briefs,
        single=len(briefs) == 1,
        show_all=options.show_all,
        verdicts=[v for v in VERDICTS if any(report.verdict == v for report in cleaned)],
        filters=_filters(cleaned),
        marks=MARKS,
        most=MOST_IN_FULL,
        version=__version__,
        style=style,
        script=script,
        policy=_policy(style, script),
    )


def _environment() -> Environment:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        message = "-o html needs Jinja2, which is not installed"
        hint = 'Install it: pip install "campaign-checker[html]"'
        raise RulesError.of("missing-extra", message, "", hint) from None
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _read(name: str) -> str:
    # The hash is over the bytes between the tags, so a checkout's line ends must not matter.
    return (_TEMPLATES / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _policy(style: str, script: str) -> str:
    """Return the Content Security Policy: this style, this script and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_digest(style)}",
            f"script-src {_digest(script)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _filters(reports: Sequence[Report]) -> dict[str, list[str]]:
    """Return what the filter offers: only what some influencer or post has."""
    subjects = [s for r in reports for s in r.subjects if s.kind in ("influencer", "post")]
    outcomes = [o for s in subjects for o in s.outcomes if o.status in ("fail", "unknown")]
    return {
        "verdicts": [v for v in VERDICTS if any(s.verdict == v for s in subjects)],
        "rules": sorted({o.rule for o in outcomes}),
        "severities": [
            severity
            for severity in ("error", "warning", "note")
            if any(o.severity == severity for o in outcomes)
        ],
        "kinds": sorted({s.kind for s in subjects}),
    }
