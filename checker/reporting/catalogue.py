"""Rules as text: the catalogue, one rule in full, and which rules apply to a brief."""

from __future__ import annotations

from collections.abc import Sequence

from checker.model.config import InForce
from checker.model.rules import Pack, Rule
from checker.reporting.diagnostics import place
from checker.reporting.options import Options
from checker.reporting.page import Page
from checker.reporting.safe import cells, pad
from checker.reporting.words import plural

_APPLIES = {"yes": "good", "no": "dim", "unknown": "open"}


def catalogue_text(found: Sequence[InForce], options: Options) -> str:
    """Return the rules of the first configuration by pack: id, severity, scope and title.

    Of each other one, which stands in a folder below, the rules that are not there already.
    """
    page = Page(options)
    first, *below = found
    listed = {_key(rule, pack) for rule, pack in first.rules}
    _add_rules(page, first.rules)
    page.blank()
    packs = {pack.name for _, pack in first.rules}
    page.hang("", f"{plural(len(packs), 'pack')}, {plural(len(first.rules), 'rule')}")
    _add_changes(page, first)
    for each in below:
        others = [(rule, pack) for rule, pack in each.rules if _key(rule, pack) not in listed]
        page.blank()
        name = page.text(each.configuration)
        if not each.usable:
            page.hang("", f"Left out: {name} cannot be used; checker lint says why")
            continue
        own = f", {len(others):,} of them not above" if others else ", all of them above"
        page.hang("", f"Below {name}: {plural(len(each.rules), 'rule')}{own}")
        _add_rules(page, others)
        _add_changes(page, each)
    if below:
        page.blank()
    page.hang("", "One in full: checker explain RULE")
    return page.render()


def _key(rule: Rule, pack: Pack) -> tuple[str, str, str]:
    return rule.id, rule.severity, pack.digest


def _add_rules(page: Page, rules: Sequence[tuple[Rule, Pack]]) -> None:
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
            lead = f"  {pad(page.text(rule.id), width)}  {rule.severity:<7}  {rule.scope:<10}  "
            page.hang(lead, page.text(rule.title))


def _add_changes(page: Page, found: InForce) -> None:
    for change in found.changes:
        because = f': "{page.text(change.because)}"' if change.because else ""
        where = page.text(place(change.position))
        page.hang("Changed  ", f"{page.text(change.text)}{because} ({where})")


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
