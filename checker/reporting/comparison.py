"""What two versions of rules change: as text, as markdown for a pull request, as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from checker.engine.comparing import counted
from checker.model.comparison import About, Comparison, Turn
from checker.model.report import Outcome
from checker.reporting.diagnostics import place
from checker.reporting.json_report import document_text
from checker.reporting.markdown_text import safe
from checker.reporting.options import Options
from checker.reporting.page import Page
from checker.reporting.words import VERDICT_STYLES, plural

# Instances of one turn that text and markdown show; JSON has all.
_MOST = 3
_NAMES = {"brief": "the brief", "shortlist": "the shortlist", "whole": "the brief as a whole"}


def text(comparison: Comparison, options: Options) -> str:
    """Return a comparison as text for a terminal."""
    page = Page(options)
    page.hang("", page.text(f"{comparison.old} -> {comparison.new}"))
    for title, rules in _edits(comparison):
        page.hang(f"{title:<9}", page.text(", ".join(rules)))
    if comparison.flips:
        page.blank()
        page.add(page.paint(f"Verdicts that change: {len(comparison.flips):,}", "bold"))
        for flip in comparison.flips:
            arrow = f"{flip.old} -> {flip.new}"
            painted = page.paint(f"{arrow:<22}", VERDICT_STYLES[flip.new])
            page.add(f"  {painted}{page.text(_who(flip.about))}")
    for rule, turns in _by_rule(comparison):
        page.blank()
        page.add(page.paint(page.text(f"{rule}: {plural(len(turns), 'outcome')}"), "bold"))
        for (old, new), members in counted(turns).items():
            page.hang("  ", f"{old} -> {new}: {len(members):,}")
            for turn in members[:_MOST]:
                page.hang(f"    {page.text(_who(turn.about))}  ", page.text(_why(turn)), indent=6)
            if len(members) > _MOST:
                page.hang("    ", f"and {len(members) - _MOST:,} more; all of them: -o json")
    page.blank()
    page.hang("", page.text(_closing(comparison)))
    return page.render()


def markdown(comparison: Comparison, options: Options) -> str:
    """Return a comparison as markdown, for a comment on a pull request."""
    lines = [f"### Rules: {safe(comparison.old)} → {safe(comparison.new)}", ""]
    lines += [f"{title}: {safe(', '.join(rules))}  " for title, rules in _edits(comparison)]
    if comparison.flips:
        lines += ["", "| who | verdict was | is now |", "|---|---|---|"]
        lines += [
            f"| {safe(_who(flip.about))} | {flip.old} | **{flip.new}** |"
            for flip in comparison.flips
        ]
    for rule, turns in _by_rule(comparison):
        lines += ["", f"**{safe(rule)}**: {plural(len(turns), 'outcome')}", ""]
        for (old, new), members in counted(turns).items():
            lines.append(f"- {old} → {new}: {len(members):,}")
            lines += [f"  - {safe(_who(t.about))}: {safe(_why(t))}" for t in members[:_MOST]]
            if len(members) > _MOST:
                lines.append(f"  - and {len(members) - _MOST:,} more")
    lines += ["", safe(_closing(comparison))]
    return "\n".join(lines) + "\n"


def json(comparison: Comparison, options: Options) -> str:
    """Return a comparison as JSON, with every instance."""
    return document_text(
        {
            "schema_version": "1.0",
            "old": comparison.old,
            "new": comparison.new,
            "briefs": comparison.briefs,
            "subjects": comparison.subjects,
            "added": list(comparison.added),
            "removed": list(comparison.removed),
            "edited": list(comparison.edited),
            "verdicts": [
                {**_about(flip.about), "old": flip.old, "new": flip.new}
                for flip in comparison.flips
            ],
            "outcomes": [
                {
                    "rule": turn.rule,
                    **_about(turn.about),
                    "old": _side(turn.old),
                    "new": _side(turn.new),
                }
                for turn in comparison.turns
            ],
            "invalid": [
                {"code": each.code, "message": each.message, "place": place(each.position)}
                for each in comparison.invalid
            ],
        }
    )


def _edits(comparison: Comparison) -> Iterator[tuple[str, Sequence[str]]]:
    for title, rules in (
        ("Added", comparison.added),
        ("Removed", comparison.removed),
        ("Edited", comparison.edited),
    ):
        if rules:
            yield title, rules


def _by_rule(comparison: Comparison) -> Iterator[tuple[str, list[Turn]]]:
    for rule, turns in groupby(comparison.turns, key=lambda turn: turn.rule):
        yield rule, list(turns)


def _who(about: About) -> str:
    name = _NAMES.get(about.kind, about.name)
    market = f" for {about.market}" if about.market else ""
    return f"{name}{market} ({about.brief})"


def _why(turn: Turn) -> str:
    """Return the reason that is new; without one, the one that was."""
    reasons = [outcome.reason for outcome in (turn.new, turn.old) if outcome and outcome.reason]
    return reasons[0] if reasons else "no reason"


def _closing(comparison: Comparison) -> str:
    judged = f"{plural(comparison.subjects, 'subject')} of {plural(comparison.briefs, 'brief')}"
    if not comparison.flips and not comparison.turns:
        return f"{judged}: nothing comes out otherwise"
    verdicts = plural(len(comparison.flips), "verdict")
    change = "change" if len(comparison.flips) != 1 else "changes"
    return f"{judged}: {verdicts} {change}, {plural(len(comparison.turns), 'outcome')} in all"


def _about(about: About) -> dict[str, Any]:
    return {
        "brief": about.brief,
        "kind": about.kind,
        "id": about.id,
        "name": about.name,
        "market": about.market or None,
    }


def _side(outcome: Outcome | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    return {
        "status": outcome.status,
        "severity": outcome.severity,
        "reason": outcome.reason,
        "waived": outcome.waiver is not None,
    }
