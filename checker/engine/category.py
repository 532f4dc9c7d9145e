"""Words of a brief that no vocabulary knows: what that leaves open, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shlex import quote
from typing import TYPE_CHECKING

from checker.engine.reach import CATEGORIES, category_of
from checker.language.vocabulary import Key, meets
from checker.model.diagnostics import Diagnostic, Position
from checker.model.records import Record
from checker.model.values import Label

if TYPE_CHECKING:
    from checker.engine.ruleset import RuleSet

# What a brief asks for: the root and path of the field, its vocabulary, and what it leaves open.
_ASKED = (
    ("brief", ("campaign", "topics"), "topics", "who posts about none of the other topics"),
    ("brand", ("values",), "values", "who shares none of the other values"),
)
_MOST_SAID = 10
_ADD = "What is right becomes known by: checker words --add"


def word_warnings(
    brief: Record, brand: Record, rules: RuleSet, labels: Iterable[Label]
) -> tuple[Diagnostic, ...]:
    """Return what a report says of words that no vocabulary knows; `labels` are all of a run."""
    return (
        *_category(brief, brand, rules),
        *_asked_for({"brief": brief, "brand": brand}, rules),
        *_in_records(brief, brand, labels),
    )


def _in_records(brief: Record, brand: Record, labels: Iterable[Label]) -> Iterator[Diagnostic]:
    said = {category_of(brief.data, brand.data), *brief.data.get("campaign", {}).get("topics", ())}
    said |= {*brand.data.get("values", ())}
    keys = (label.key for label in labels)
    unknown = {key.text: None for key in keys if isinstance(key, Key) and not key.senses}
    unknown = {word: None for word in unknown if word not in said}
    if unknown:
        place = brief.position()
        some = ", ".join(f'"{word}"' for word in [*unknown][:_MOST_SAID])
        more = f" and {len(unknown) - _MOST_SAID:,} more" if len(unknown) > _MOST_SAID else ""
        hint = f"{_ADD.partition(':')[0]}: checker words {quote(place.file)} --add"
        message = f"no vocabulary knows {some}{more}; such a word fails nobody"
        yield Diagnostic("unknown-words", message, place, "warning", hint=hint)


def _category(brief: Record, brand: Record, rules: RuleSet) -> Iterator[Diagnostic]:
    category, words = category_of(brief.data, brand.data), rules.vocabularies.get(CATEGORIES)
    asked = _asked_for_categories(rules)
    if category is None or words is None or not asked or words.key(category).senses:
        return
    key = words.key(category)
    meant = [each for each in asked if meets(key, words.key(each), open_=False) is None]
    own = "category" in brief.data.get("campaign", {})
    place = brief.position(("campaign", "category")) if own else brand.position(("category",))
    message = f'no vocabulary of categories knows "{category}"; '
    if meant:
        message += f"it may belong to {', '.join(meant)}, so whether those rules apply is not known"
    else:
        message += f"rules for these were not applied: {', '.join(asked)}"
    yield Diagnostic("unknown-category", message, place, "warning", hint=_hint(key))


def _asked_for_categories(rules: RuleSet) -> list[str]:
    """Return the categories that packs and rules hold for, one for each list of them."""
    wheres = (where for typed in rules.rules for where in (typed.pack.applies, typed.rule.applies))
    lists = dict.fromkeys(where.categories for where in wheres if where.categories)
    return list(dict.fromkeys(names[0] for names in lists))


def _asked_for(records: dict[str, Record], rules: RuleSet) -> Iterator[Diagnostic]:
    for root, path, vocabulary, who in _ASKED:
        record, words = records[root], rules.vocabularies.get(vocabulary)
        found = record.data
        for name in path:
            found = found.get(name, {})
        for number, word in enumerate(found if words is not None else ()):
            assert words is not None
            key = words.key(word)
            if not key.senses:
                message = f'no vocabulary of {vocabulary} knows "{word}"; {who} may or may not fit'
                place: Position = record.position((*path, number))
                yield Diagnostic("unknown-word", message, place, "warning", hint=_hint(key))


def _hint(key: Key) -> str:
    near = " or ".join(f'"{word}"' for word in key.vocabulary.near_words(key)[:2])
    return f"Did you mean {near}? Write that.\n{_ADD}" if near else _ADD
