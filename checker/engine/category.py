"""A campaign's category that no vocabulary knows: what it may be meant for, and what to say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from checker.engine.reach import CATEGORIES, TOPICS, category_of, meant_by
from checker.language.text import canonical
from checker.model.diagnostics import Diagnostic
from checker.model.frozen import dataclass
from checker.model.records import Record
from checker.model.values import UNKNOWN, Value

if TYPE_CHECKING:
    from checker.engine.ruleset import RuleSet


@dataclass(frozen=True, slots=True, eq=False)
class Doubt:
    """A category that no vocabulary of categories knows, where there are rules for some.

    `meant` are the words that it is likely a slip for, of those that rules are for; `near` are
    all categories and topics that it may be a slip for. `others` are the categories that rules
    are for, one for each list of them. `wide` is what it belongs to as a topic, where that is
    one of them.
    """

    category: str
    meant: tuple[str, ...]
    near: tuple[str, ...]
    others: tuple[str, ...]
    wide: str = ""


def doubt_of(brief: Record, brand: Record, rules: RuleSet) -> Doubt | None:
    """Return what is doubtful about a category; None where it is known, or no rule is for one."""
    category = category_of(brief.data, brand.data)
    words = rules.vocabularies.get(CATEGORIES)
    if category is None or not words or (plain := canonical(category)) in words:
        return None
    # What rules are for: each list of categories, by its labels.
    asked = {
        names: {words.get(name, name) for name in map(canonical, names)}
        for names in _asked_for(rules)
    }
    labels = set().union(*asked.values())
    if not asked or plain in labels:
        return None
    topics = rules.vocabularies.get(TOPICS, {})
    if plain in topics:
        # A lottery is a kind of gambling as a topic; whether the law's rules mean it is not said.
        wide = words.get(topics[plain])
        others = tuple(names[0] for names, own in asked.items() if wide in own)
        return Doubt(category, (), (), others, topics[plain]) if others else None
    meant = tuple(word for word in meant_by(plain, words) if words[word] in labels)
    near = tuple(meant_by(plain, {**words, **topics}))
    return Doubt(category, meant, near, tuple(dict.fromkeys(names[0] for names in asked)))


def _asked_for(rules: RuleSet) -> list[tuple[str, ...]]:
    """Return the categories that packs and rules hold for, each list of them once."""
    wheres = (where for typed in rules.rules for where in (typed.pack.applies, typed.rule.applies))
    return list(dict.fromkeys(where.categories for where in wheres if where.categories))


Bound = Mapping[str, Value]


def without_slip(brief: Bound, brand: Bound, doubt: Doubt | None) -> tuple[Bound, Bound]:
    """Return bound records as rules see them: the value of a likely slip is not known.

    A rule for the category that is meant would not hold for the slip, and its brief would pass.
    """
    if doubt is None or not doubt.meant:
        return brief, brand
    campaign = brief.get("campaign", {})
    if "category" not in campaign:
        return brief, {**brand, "category": UNKNOWN}
    return {**brief, "campaign": {**campaign, "category": UNKNOWN}}, brand


def category_warnings(brief: Record, brand: Record, doubt: Doubt | None) -> tuple[Diagnostic, ...]:
    """Return what a report says of a category that no vocabulary knows, and what to do."""
    if doubt is None:
        return ()
    own = "category" in brief.data.get("campaign", {})
    place = brief.position(("campaign", "category")) if own else brand.position(("category",))
    message = f'no vocabulary of categories knows "{doubt.category}"; '
    if doubt.meant:
        message += "it may be a slip, so whether rules for a category apply is not known"
    else:
        message += f"rules for these were not applied: {', '.join(doubt.others)}"
    hint = f"{_first_step(doubt)}\n{_way_out(doubt.category)}"
    return (Diagnostic("unknown-category", message, place, "warning", hint=hint),)


def _first_step(doubt: Doubt) -> str:
    if doubt.wide:
        return f'As a topic it belongs to "{doubt.wide}". If that is meant, write that.'
    words = dict.fromkeys((*doubt.near[:1], *doubt.meant[:2]))
    near = " or ".join(f'"{word}"' for word in words)
    return f"Did you mean {near}? Write that." if near else "If it is one of them, write that word."


def _way_out(category: str) -> str:
    """Say how a category that is right becomes known; no rule for another one holds for it."""
    words = f"{{{json.dumps(category, ensure_ascii=False)}: []}}"
    vocabulary = f"{{kind: vocabulary, source: ours, words: {words}}}"
    pack = "pack: our-words, version: 1.0.0, title: Words of our own"
    return (
        f'If "{category}" is right, and something else, make it known by a file our-words.yaml:\n'
        f"{{{pack}, tables: {{categories: {vocabulary}}}}}\n"
        "Name it in checker.yaml: packs: [handbook, law, our-words.yaml]"
    )
