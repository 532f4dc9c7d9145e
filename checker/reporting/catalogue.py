"""Rules as text: the catalogue, one rule in full, and which rules apply to a brief."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.model.rules import Applies, Pack, Param, Rule, Source, SourceText
from checker.reporting.diagnostics import place
from checker.reporting.options import Options
from checker.reporting.page import Page
from checker.reporting.safe import cells, pad
from checker.reporting.words import plural

_LABEL = 10
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


def rule_text(rule: Rule, pack: Pack, options: Options) -> str:
    """Return one rule in full, as it is in force."""
    page = Page(options)
    heading = page.text(rule.id)
    used = f"{page.text(pack.name)} {page.text(pack.version)}"
    page.ends(heading, used, painted=page.paint(heading, "bold"))
    page.hang("", page.text(rule.title))
    page.blank()
    state = rule.severity if rule.enabled else f"{rule.severity}, switched off"
    _add(page, "Severity", state)
    _add(page, "Scope", rule.scope)
    _add(page, "Source", _source(rule.source))
    _add(page, "File", place(rule.position))
    for label, applies in (("Applies", rule.applies), ("Pack", pack.applies)):
        if applies.markets or applies.categories:
            _add(page, label, _applies(applies))
    for index, param in enumerate(rule.params.values()):
        _add_param(page, "" if index else "Params", param)
    page.blank()
    _add_texts(page, rule)
    _add_examples(page, rule)
    return page.render()


def _add(page: Page, label: str, text: str) -> None:
    page.hang(f"{label:<{_LABEL}}", page.text(text))


def _source(source: Source) -> str:
    if source.id == "ours":
        return "ours: the pack's own judgement"
    parts = [source.title or source.id, source.section, source.date, source.url]
    return ", ".join(part for part in parts if part) + f" ({source.strength})"


def _applies(applies: Applies) -> str:
    parts = []
    if applies.markets:
        parts.append(f"markets {', '.join(applies.markets)}")
    if applies.categories:
        parts.append(f"categories {', '.join(applies.categories)}")
    return "only in " + "; ".join(parts)


def _add_param(page: Page, label: str, param: Param) -> None:
    source = "ours" if param.source.id == "ours" else _source(param.source)
    if param.because or (param.default is not None and param.default != param.value):
        _add(page, label, f"{param.name}: {_value(param.value)}, set at {place(param.position)}")
        if param.because:
            _add(page, "", f'  because "{param.because}"')
        _add(page, "", f"  default {_value(param.default)}, source: {source}")
    else:
        _add(page, label, f"{param.name}: {_value(param.value)}, source: {source}")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, dict):
        if "amount" in value:
            return f"{value.get('currency', '')} {_value(value['amount'])}".strip()
        return ", ".join(f"{key} {_value(member)}" for key, member in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_value(member) for member in value) or "none"
    return str(value)


def _add_texts(page: Page, rule: Rule) -> None:
    """Add conditions and templates as the pack writes them."""
    if rule.when is not None:
        _add(page, "When", _written(rule.when))
    for index, (name, text) in enumerate(rule.let.items()):
        _add(page, "" if index else "Let", f"{name}: {_written(text)}")
    _add(page, "Require", _written(rule.require))
    if rule.pass_text is not None:
        _add(page, "Pass", _written(rule.pass_text))
    if rule.fail_text is not None:
        _add(page, "Fail", _written(rule.fail_text))
    if rule.fix:
        _add(page, "Fix", rule.fix)


def _written(text: SourceText) -> str:
    return text.text


def _add_examples(page: Page, rule: Rule) -> None:
    if not rule.examples:
        return
    page.blank()
    for index, example in enumerate(rule.examples):
        label = "" if index else "Examples"
        why = example.why or "no reason given"
        page.hang(f"{label:<{_LABEL}}{example.expect:<7}  ", page.text(why))
