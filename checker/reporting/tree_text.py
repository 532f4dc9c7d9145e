"""The evaluation of a rule on a subject, as a tree of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checker.reporting.diagnostics import place
from checker.reporting.options import Options
from checker.reporting.page import Page

if TYPE_CHECKING:
    from checker.engine.explaining import Explained
    from checker.engine.tree import Part

_ROLES = {"applies": "Applies", "when": "Asked where", "require": "Requires"}
_STATUS_STYLES = {"pass": "good", "fail": "bad", "unknown": "open", "skipped": "dim"}


def explained_text(found: Sequence[Explained], options: Options) -> str:
    """Return the tree of each subject, with the outcome above it and what would change it below."""
    page = Page(options)
    for each in found:
        outcome = each.outcome
        page.blank()
        head = page.text(f"{outcome.rule} on {each.subject}")
        status = page.paint(outcome.status, _STATUS_STYLES[outcome.status])
        severity = "" if outcome.severity == "error" else f" ({outcome.severity})"
        page.add(f"{page.paint(head, 'bold')}  {status}{severity}")
        page.hang("", page.text(outcome.title))
        if outcome.reason:
            page.hang("  ", page.text(outcome.reason))
        for role, part in each.tree.roles:
            page.blank()
            page.add(_ROLES[role])
            _add(page, part, 1)
        page.blank()
        for label, texts in (("to pass", outcome.to_pass), ("ask for", outcome.ask_for)):
            if texts:
                page.hang(f"{label}  ", page.text(", or ".join(texts)))
        if outcome.fix and outcome.status == "fail":
            page.hang("fix      ", page.text(outcome.fix))
    return page.render()


def _add(page: Page, part: Part, depth: int) -> None:
    """Add a part: its mark or value, its text, and where it stands in rule and record."""
    if part.is_condition:
        mark = {True: "yes", False: "no ", None: "?  "}[part.truth]
        style = {True: "good", False: "bad", None: "open"}[part.truth]
    else:
        mark, style = part.value, ""
    where = place(part.record or part.position)
    if part.record is not None and part.record.cell:
        where = f"{where} {part.record.cell}"
    lead = "  " * depth
    text = part.text if part.is_condition else f"{part.text} = {mark}"
    if part.is_condition:
        lead += f"{mark} "
    page.hang(lead, page.text(f"{text}  ({where})"), style=style, indent=len(lead) + 2)
    for below in part.parts:
        _add(page, below, depth + 1)
