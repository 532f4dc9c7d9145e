"""Rules as text: the catalogue, one rule in full, and which rules apply to a brief."""

from __future__ import annotations

from collections.abc import Sequence

from checker.model.rules import Pack, Rule
from checker.reporting.options import Options
from checker.reporting.page import Page
from checker.reporting.safe import cells, pad
from checker.reporting.words import plural

_APPLIES = {"yes": "good", "no": "dim", "unknown": "open"}


def catalogue_text(rules: Sequence[tuple[Rule, Pack]], options: Options) -> str:
    """Return the rules by pack: id, severity, scope and title."""
    page = Page(options)
    packs: dict[str, list[tuple[Rule, Pack]]] = {}
    for rule, pack in rules:
        packs.setdefault(pack.name, []).append((rule, pack))
    width = max((cells(page.text(rule.id)) for rule, _ in rules), default=0)
    for members in packs.values():
        pack = members[0][1]
        page.blank()
        heading = f"{page.text(pack.name)} {page.text(pack.version)}"
        page.add(f"{page.paint(heading, 'bold')}  {page.text(pack.title)}")
        for rule, _ in members:
            severity = rule.severity if rule.enabled else "off"
            lead = f"  {pad(page.text(rule.id), width)}  {severity:<7}  {rule.scope:<10}  "
            page.hang(lead, page.text(rule.title))
    page.blank()
    page.hang("", f"{plural(len(packs), 'pack')}, {plural(len(rules), 'rule')}")
    page.hang("", "One in full: checker explain RULE")
    return page.render()


def applies_text(entries: Sequence[tuple[str, str, str]], options: Options) -> str:
    """Return rule ids with "yes", "no" or "unknown", and why."""
    page = Page(options)
    width = max((cells(page.text(rule)) for rule, _, _ in entries), default=0)
    for rule, applies, why in entries:
        lead = f"{pad(page.text(applies), 7)}  {pad(page.text(rule), width)}  "
        page.hang(lead, page.text(why), style=_APPLIES.get(applies, ""))
    counts = [(word, sum(entry[1] == word for entry in entries)) for word in _APPLIES]
    page.blank()
    said = ", ".join(f"{count} {word}" for word, count in counts if count)
    page.hang("", f"{plural(len(entries), 'rule')}: {said}" if said else "no rules")
    return page.render()
