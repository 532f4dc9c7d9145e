"""A screening in words, and as JSON: what became of the lines, and which rules lose how many."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from checker.model.report import Outcome
from checker.model.screening import VERDICTS, BriefScreened, Lost, Screening
from checker.reporting.safe import one_line, short

_WIDEST = 34


def screening_text(screening: Screening) -> str:
    """Return a screening as text."""
    lines = [f"{_count(screening.lines, 'influencer')} read, as of {screening.as_of}"]
    for brief in screening.briefs:
        lines += ["", *_brief(brief)]
    if screening.first_invalid:
        lines += ["", "Lines that cannot be used, the first of them:"]
        lines += [f"  {one_line(each)}" for each in screening.first_invalid]
    if screening.blank_cells:
        lines += ["", one_line(screening.blank_cells)]
    lines.append("")
    if screening.table:
        lines.append(f"Table    {one_line(screening.table)}")
    if screening.invalid:
        lines.append(f"Invalid  {one_line(screening.invalid)}")
    if not (screening.table or screening.invalid):
        lines.append("Nothing was written; -o FILE writes one row for each influencer.")
    return "\n".join(lines) + "\n"


def _brief(brief: BriefScreened) -> Iterator[str]:
    counts = ", ".join(f"{brief.verdicts[verdict]:,} {verdict}" for verdict in VERDICTS)
    yield f"{one_line(brief.title)}"
    yield f"  {counts}"
    if brief.left_out:
        unclear = f", {brief.unclear:,} of them because it is unknown" if brief.unclear else ""
        yield f"  {brief.left_out:,} left out by --where{unclear}"
    if brief.verdict != "pass":
        yield f"  the brief itself: {brief.verdict}"
        yield from _own([outcome for outcome in brief.own if outcome.decides])
    for verdict, title in (("fail", "Lost to"), ("undecided", "Held up by")):
        lost = [each for each in brief.lost if each.verdict == verdict]
        if lost:
            yield ""
            yield f"  {title:<{_WIDEST}} {'first':>12} {'alone':>12}"
            yield from map(_lost, lost)
    if brief.best:
        yield ""
        yield f"  {'Best by fit':<{_WIDEST}} {'fit':>12}"
        for best in brief.best:
            yield f"  {short(one_line(best.handle), _WIDEST):<{_WIDEST}} {best.fit:>12.3f}"


def _own(outcomes: list[Outcome]) -> Iterator[str]:
    """Say what keeps the brief itself from passing: fails first, one reason once."""
    said: dict[str, list[Outcome]] = {}
    for outcome in sorted(outcomes, key=lambda each: each.status != "fail"):
        said.setdefault(outcome.reason, []).append(outcome)
    for reason, same in said.items():
        mark = "FAIL" if same[0].status == "fail" else "????"
        more = f" and {len(same) - 1} more rules" if len(same) > 1 else ""
        yield f"    {mark} {same[0].rule}{more}: {one_line(reason)}"


def _lost(lost: Lost) -> str:
    return f"  {short(one_line(lost.rule), _WIDEST):<{_WIDEST}} {lost.first:>12,} {lost.alone:>12,}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + "s" * (number != 1)


def screening_json(screening: Screening) -> str:
    """Return a screening as JSON."""
    return json.dumps(_plain(screening), ensure_ascii=True, indent=2) + "\n"


def _plain(screening: Screening) -> dict[str, Any]:
    return {
        "format": "checker-screening",
        "as_of": screening.as_of,
        "lines": screening.lines,
        "judged_by_evaluator": screening.by_hand,
        "blank_cells": screening.blank_cells or None,
        "table": screening.table or None,
        "invalid_lines": screening.invalid or None,
        "briefs": [
            {
                "brief": brief.brief,
                "title": brief.title,
                "verdict_of_the_brief_itself": brief.verdict,
                "outcomes_of_the_brief_itself": [
                    {"rule": each.rule, "status": each.status, "reason": each.reason}
                    for each in brief.own
                ],
                "verdicts": dict(brief.verdicts),
                "left_out": brief.left_out,
                "left_out_unknown": brief.unclear,
                "lost": [asdict(each) for each in brief.lost],
                "best": [asdict(each) for each in brief.best],
            }
            for brief in screening.briefs
        ],
    }
