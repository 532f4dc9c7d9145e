"""Reports for the sheet: a made one with several tiers, the samples, and hostile texts."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path

from checker import api
from checker.model.report import Report

SAMPLES = Path(__file__).parents[2] / "samples"
AS_OF = datetime.date(2026, 3, 2)

# Markup, script, handlers, a way out of a style, an attribute, a comment and a template, and
# controls that reorder text.
EVIL = (
    "<script>fetch('{url}/script')</script>",
    "<img src='{url}/img' onerror=\"fetch('{url}/onerror')\">",
    "\" onmouseover=\"fetch('{url}/handler')\" autofocus onfocus=\"fetch('{url}/focus')",
    "</style><style>@import '{url}/import'; body {{ background: url({url}/css) }}</style>",
    "</title></script><svg onload=\"fetch('{url}/svg')\"><!--",
    "<meta http-equiv=refresh content='0;url={url}/refresh'><base href='{url}/'>",
    "<iframe src='{url}/frame'></iframe><link rel=stylesheet href='{url}/link'>",
    "javascript:fetch('{url}/js')",
    "{{{{ 7 * 7 }}}}{{% include 'x' %}}",
    "\u202egnp.\u2066exe\u2069\x1b[31m\x00\u200f",
)


# What the later samples record lies after `AS_OF`.
DAYS = {"bramble/autumn": datetime.date(2026, 8, 15)}


@cache
def sample(name: str) -> Report:
    """Return the report of one sample brief, such as "bramble/spring", on a day of its campaign."""
    return api.check_briefs([SAMPLES / name], as_of=DAYS.get(name, AS_OF))[0]


def evil(url: str) -> str:
    """Return all hostile texts as one; they would send a request to the address."""
    return " ".join(text.format(url=url) for text in EVIL)
