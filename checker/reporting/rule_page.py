"""One rule in full: what it asks in words, whose its thresholds are, what it reads and says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from checker.model.rules import Applies, Pack, Param, Rule, Source
from checker.reporting.diagnostics import place
from checker.reporting.options import Options
from checker.reporting.page import Page

if TYPE_CHECKING:
    from checker.engine.explaining import Explanation, InWords, ReadField

_LABEL = 10
_VERDICTS = {
    "error": "the verdict may be undecided",
    "warning": "the warning may not be known; the verdict does not hang on it",
    "note": "the note may not be known; the verdict does not hang on it",
}


def rule_text(found: Explanation, options: Options) -> str:
    """Return one rule in full, as it is in force."""
    rule, pack = found.rule, found.pack
    page = Page(options)
    heading = page.text(rule.id)
    used = f"{page.text(pack.name)} {page.text(pack.version)}"
    page.ends(heading, used, painted=page.paint(heading, "bold"))
    page.hang("", page.text(rule.title))
    page.blank()
    _add_words(page, found.words)
    _add_missing(page, rule, found.reads)
    page.blank()
    state = rule.severity if rule.enabled else f"{rule.severity}, switched off"
    _add(page, "Severity", state)
    if rule.formerly:
        _add(page, "Formerly", ", ".join(rule.formerly))
    if rule.deprecated is not None:
        use = f"; use {rule.deprecated.use}" if rule.deprecated.use else ""
        _add(page, "Deprecated", f"since {rule.deprecated.since}: {rule.deprecated.because}{use}")
    _add(page, "Scope", rule.scope)
    for label, applies in (("Applies", rule.applies), ("Pack", pack.applies)):
        if applies.markets or applies.categories:
            _add(page, label, applies_words(applies))
    for index, source in enumerate(sources(rule, pack)):
        _add(page, "" if index else "Sources", source_words(source))
    for index, param in enumerate(rule.params.values()):
        _add_param(page, "" if index else "Params", param)
    _add(page, "File", place(rule.position))
    page.blank()
    _add_texts(page, rule)
    _add_examples(page, rule)
    return page.render()


def _add_words(page: Page, words: InWords) -> None:
    _add(page, "Passes", f"where {words.passes}")
    for name, meaning in words.names:
        page.hang(f"{'':<{_LABEL}}{page.text(name)}: ", page.text(meaning), indent=_LABEL + 2)
    if words.asked:
        _add(page, "Asked", f"only where {words.asked}")


def _add_missing(page: Page, rule: Rule, reads: tuple[ReadField, ...]) -> None:
    needed = [each for each in reads if each.needed]
    if not needed:
        return
    _add(page, "Missing", f"without one of these, {_VERDICTS[rule.severity]}:")
    for each in needed:
        asked = f"; ask for {each.ask}" if each.ask else ""
        page.hang(f"{'':<{_LABEL}}", page.text(f"{each.path}{asked}"), indent=_LABEL + 2)
    others = ", ".join(each.path for each in reads if not each.needed)
    if others:
        _add(page, "Also", f"reads {others}, where it is recorded")


def sources(rule: Rule, pack: Pack) -> Iterator[Source]:
    """Yield the sources of a rule, its thresholds and its tables, each once."""
    tables = [
        table.source
        for table in pack.tables.values()
        if table.source is not None and any(_names(text, table.name) for text in _texts(rule, pack))
    ]
    params = [param.default_source or param.source for param in rule.params.values()]
    seen: set[str] = set()
    for source in (rule.source, *params, *tables):
        if source.id not in seen:
            seen.add(source.id)
            yield source


def _texts(rule: Rule, pack: Pack) -> Iterator[str]:
    """Yield the conditions of a rule, and of the definitions of its pack that they name."""
    own = [text.text for text in (rule.when, rule.require, *rule.let.values()) if text is not None]
    yield from own
    for name, definition in pack.definitions.items():
        if any(f"{name}(" in text for text in own):
            yield definition.body.text


def _names(text: str, table: str) -> bool:
    return f"tables.{table}" in text


def _add(page: Page, label: str, text: str) -> None:
    page.hang(f"{label:<{_LABEL}}", page.text(text))


def source_words(source: Source) -> str:
    """Return a source with its section, date, address and strength."""
    if source.id == "ours":
        return "ours: the pack's own judgement"
    parts = [source.title or source.id, source.section, source.date, source.url]
    return ", ".join(part for part in parts if part) + f" ({source.strength})"


def applies_words(applies: Applies) -> str:
    """Return where a rule or a pack holds."""
    parts = []
    if applies.markets:
        parts.append(f"markets {', '.join(applies.markets)}")
    if applies.categories:
        parts.append(f"categories {', '.join(applies.categories)}")
    return "only in " + "; ".join(parts)


def _add_param(page: Page, label: str, param: Param) -> None:
    own = param.default_source or param.source
    source = "ours" if own.id == "ours" else source_words(own)
    if param.because or (param.default is not None and param.default != param.value):
        _add(
            page, label, f"{param.name}: {value_words(param.value)}, set at {place(param.position)}"
        )
        if param.because:
            _add(page, "", f'  because "{param.because}"')
        _add(page, "", f"  default {value_words(param.default)}, source: {source}")
    else:
        _add(page, label, f"{param.name}: {value_words(param.value)}, source: {source}")


def value_words(value: Any) -> str:
    """Return a threshold as people write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, dict):
        if "amount" in value:
            return f"{value.get('currency', '')} {value_words(value['amount'])}".strip()
        return ", ".join(f"{key} {value_words(member)}" for key, member in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(value_words(member) for member in value) or "none"
    return str(value)


def _add_texts(page: Page, rule: Rule) -> None:
    """Add conditions and templates as the pack writes them."""
    if rule.when is not None:
        _add(page, "When", rule.when.text)
    for index, (name, text) in enumerate(rule.let.items()):
        _add(page, "" if index else "Let", f"{name}: {text.text}")
    _add(page, "Require", rule.require.text)
    if rule.pass_text is not None:
        _add(page, "Pass", rule.pass_text.text)
    if rule.fail_text is not None:
        _add(page, "Fail", rule.fail_text.text)
    if rule.fix:
        _add(page, "Fix", rule.fix)


def _add_examples(page: Page, rule: Rule) -> None:
    if not rule.examples:
        return
    page.blank()
    for index, example in enumerate(rule.examples):
        label = "" if index else "Examples"
        why = example.why or "no reason given"
        page.hang(f"{label:<{_LABEL}}{example.expect:<7}  ", page.text(why))
