"""The rule catalogue as markdown: a page for each pack, a section for each rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import yaml

from checker.model.rules import Example, Pack, Param, Rule
from checker.reporting.rule_page import applies_words, source_words, sources, value_words
from checker.reporting.safe import inert

if TYPE_CHECKING:
    from checker.engine.explaining import Explanation

_SEVERITIES = {
    "error": "an error: it decides",
    "warning": "a warning: it is shown, and decides nothing",
    "note": "a note: it is shown, and decides nothing",
}
_SHOWN = ("fail", "pass")
_TICKS = re.compile("`+")
# What markdown would read as a character by its name or number; other "&" stand for themselves.
_ENTITY = re.compile(r"&(?=#?\w+;)")
_ABOUT = (
    "Every shipped rule, written from the packs: why it is there, what it asks, whose its"
    " thresholds are. The packs inform; they are no legal advice. Which of them hold:"
    " [Configuration](../configuration.md#packs)."
)
# The sets of shipped packs, and the folders that they stand in.
_SETS = (
    ("The handbook", "rules"),
    ("The law and the codes", "rules/law"),
    ("The trade", "rules/trade"),
)


def pack_page(pack: Pack, rules: Sequence[Explanation]) -> str:
    """Return the page of a pack."""
    lines = [f"# {_text(pack.title)}", "", f"Pack `{pack.name}` {pack.version}, {_file(pack)}."]
    if pack.applies.markets or pack.applies.categories:
        lines[-1] += f" It holds {_text(applies_words(pack.applies))}."
    if pack.uses:
        lines[-1] += f" It uses {', '.join(f'`{name}`' for name in pack.uses)}."
    lines.append("")
    lines += (f"- [{each.rule.id}](#{each.rule.id}): {_text(each.rule.title)}" for each in rules)
    if not rules:
        lines += _contents(pack)
    for each in rules:
        lines += _section(each)
    return "\n".join(lines).rstrip() + "\n"


def _file(pack: Pack) -> str:
    return f"`{pack.position.file}`"


def _contents(pack: Pack) -> Iterator[str]:
    """Say what a pack without rules gives to others."""
    for table in pack.tables.values():
        yield f"- table `{table.name}` ({table.kind}, {len(table.rows):,} rows)"
    for definition in pack.definitions.values():
        yield f"- definition `{definition.name}({', '.join(definition.arguments)})`"


def _section(found: Explanation) -> Iterator[str]:
    rule, words = found.rule, found.words
    title = f"**{_text(rule.title)}.** It is {_SEVERITIES[rule.severity]}."
    yield from ("", f"## {rule.id}", "", title)
    if rule.applies.markets or rule.applies.categories:
        yield from ("", f"It holds {_text(applies_words(rule.applies))}.")
    yield from ("", "Why:", "")
    yield from (f"- {_text(source_words(source))}" for source in sources(rule, found.pack))
    yield from ("", f"It passes where {_text(words.passes)}.")
    if words.asked:
        yield from ("", f"It is asked only where {_text(words.asked)}.")
    if words.names:
        yield ""
        yield from (f"- *{_text(name)}*: {_text(meaning)}" for name, meaning in words.names)
    if rule.params:
        yield from ("", "| param | default | whose |", "|---|---|---|")
        yield from map(_param, rule.params.values())
    needed = [each for each in found.reads if each.needed]
    if needed:
        yield from ("", "Without these it is unknown:", "")
        for each in needed:
            asked = f" (ask for {_text(each.ask)})" if each.ask else ""
            yield f"- `{each.path}`{asked}"
    yield ""
    yield from _block(_condition(rule))
    yield from _examples(rule)
    if rule.fix:
        yield from ("", f"To mend it: {_text(rule.fix)}")


def _param(param: Param) -> str:
    whose = "ours" if param.source.id == "ours" else _text(source_words(param.source))
    return f"| `{param.name}` | {_text(value_words(param.value))} | {whose} |"


def _condition(rule: Rule) -> Iterator[str]:
    """Write the conditions as they stand in the pack, one member a line."""
    if rule.when is not None:
        yield from _member("when", rule.when.text)
    if rule.let:
        yield "let:"
        for name, text in rule.let.items():
            yield from (f"  {line}" for line in _member(name, text.text))
    yield from _member("require", rule.require.text)


def _member(name: str, text: str) -> Iterator[str]:
    lines = text.strip().splitlines()
    yield f"{name}: >-"
    yield from (f"  {line}" for line in lines)


def _examples(rule: Rule) -> Iterator[str]:
    """Show the first example that fails and the first that passes."""
    for expect in _SHOWN:
        example = next((each for each in rule.examples if each.expect == expect), None)
        if example is not None:
            why = f", {_text(example.why)}" if example.why else ""
            yield from ("", f"An example that gives **{expect}**{why}:", "")
            yield from _block(_records(example).splitlines())


def _records(example: Example) -> str:
    data: dict[str, Any] = dict(example.records)
    if example.as_of:
        data["as_of"] = example.as_of
    return str(
        yaml.safe_dump(
            data, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
        )
    )


def _block(lines: Iterable[str]) -> Iterator[str]:
    """Show lines of YAML as code; no text in them ends it."""
    shown = [inert(line) for line in lines]
    longest = max((len(run) for line in shown for run in _TICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (f"{fence}yaml", *shown, fence)


def _text(text: str) -> str:
    """Return text that markdown shows as it is, on one line."""
    text = inert(" ".join(text.split()))
    for character in "\\`*_<>|[]":
        text = text.replace(character, f"\\{character}")
    return _ENTITY.sub("&amp;", text)


def index_page(packs: Sequence[tuple[Pack, Sequence[Explanation]]]) -> str:
    """Return the page that lists the packs, set by set."""
    lines = ["# The rule catalogue", "", _ABOUT]
    for heading, inside in _SETS:
        members = [each for each in packs if each[0].position.file.rpartition("/")[0] == inside]
        if members:
            lines += [
                "",
                f"## {heading}",
                "",
                "| pack | what it is about | rules |",
                "|---|---|---|",
            ]
        for pack, rules in members:
            lines.append(f"| [{pack.name}]({pack.name}.md) | {_text(pack.title)} | {len(rules)} |")
    return "\n".join(lines) + "\n"
