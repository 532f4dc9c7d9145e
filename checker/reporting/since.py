"""What changed between two runs: as text, as markdown, as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from checker.engine.since import BriefSince, Since
from checker.reporting.markdown_text import safe
from checker.reporting.options import Options
from checker.reporting.page import Page
from checker.reporting.rows import Cell
from checker.reporting.safe import one_line
from checker.reporting.words import plural

_STYLES = {"now fails": "bad", "now undecided": "open", "now passes": "good"}


def text(found: Sequence[BriefSince], options: Options) -> str:
    """Return the changes as text for a terminal, brief by brief, what got worse first."""
    page = Page(options)
    for brief in found:
        page.blank()
        page.hang("", page.text(_head(brief)), style="bold")
        for change, members in groupby(brief.changes, key=lambda each: each.change):
            people = list(members)
            page.add(page.paint(f"  {change} ({len(people):,})", _STYLES.get(change, "")))
            for each in people:
                page.hang("    ", page.text(f"{each.who}: {_said(each)}"), indent=6)
    page.blank()
    page.hang("", _closing(found))
    return page.render()


def markdown(found: Sequence[BriefSince], options: Options) -> str:
    """Return the changes as markdown: a table for each brief."""
    lines: list[str] = []
    for brief in found:
        lines += [f"### {safe(_head(brief))}", ""]
        if brief.changes:
            lines += ["| who | what | why |", "|---|---|---|"]
        for each in brief.changes:
            what = f"**{each.change}**" if each.change == "now fails" else each.change
            lines.append(f"| {safe(each.who)} | {what} | {safe(_said(each), 1000)} |")
        lines.append("")
    return "\n".join([*lines, _closing(found)]) + "\n"


def workbook(found: Sequence[BriefSince], options: Options) -> bytes:
    """Return the changes as a workbook with one sheet."""
    from checker.reporting.workbook import book_of

    heads = ["Brief", "Who", "What", "Was", "Verdict", "Why", "What changed"]
    rows: list[list[Cell]] = [
        [
            one_line(each.brief),
            one_line(each.who),
            each.change,
            each.was or None,
            each.now or None,
            one_line("; ".join(each.reasons)) or None,
            one_line("; ".join(each.facts)) or None,
        ]
        for brief in found
        for each in brief.changes
    ]
    return book_of([("Changes", heads, rows)])


def _head(brief: BriefSince) -> str:
    if not brief.was or not brief.now:
        return f"{brief.title}: {'new' if brief.now else 'not there any more'}"
    verdict = f"still {brief.now}" if brief.was == brief.now else f"{brief.was} -> {brief.now}"
    return f"{brief.title}: {verdict}{'' if brief.changes else ', and nothing changed'}"


def _said(each: Since) -> str:
    """Return what there is to say of a change: verdicts, reasons, and facts that changed."""
    turned = each.was and each.now and each.was != each.now
    parts = [f"was {each.was}"] if turned else []
    if each.change == "came":
        parts.append(each.now)
    elif each.change in ("went", "dropped"):
        parts.append(f"was {each.was}")
    return "; ".join([*parts, *each.facts, *each.reasons])


def _closing(found: Sequence[BriefSince]) -> str:
    counts: dict[str, int] = {}
    for brief in found:
        for each in brief.changes:
            counts[each.change] = counts.get(each.change, 0) + 1
    said = ", ".join(f"{count:,} {change}" for change, count in counts.items())
    return f"{plural(len(found), 'brief')}: {said or 'nothing changed'}."
