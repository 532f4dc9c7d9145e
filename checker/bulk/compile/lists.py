"""Lists in SQL: membership, counting and folding over sure, possible and unknown members.

DuckDB's own aggregates of lists pass over NULL, so each of these says what an unknown means.
"""

from __future__ import annotations

from dataclasses import replace

from checker.bulk.compile.choices import Tools
from checker.bulk.compile.overlaps import keys_list, overlap_with_known
from checker.bulk.compile.sql import (
    FALSE,
    NO_FLAG,
    TRUE,
    both,
    cases,
    either,
    is_null,
    known,
    negated,
    surely,
)
from checker.bulk.compile.texts import (
    as_text,
    as_truth,
    key_of,
    member_of,
    plain_key,
    plain_of,
)
from checker.bulk.compile.values import (
    CERTAIN,
    FixedList,
    Known,
    LabelWord,
    ListVal,
    Number,
    Overlap,
    RowList,
    Truth,
    Val,
    Word,
)
from checker.bulk.meaning import functions
from checker.bulk.quote import number_of, text_of
from checker.language.context import TableValue
from checker.model.types import ListType, TextType, Type
from checker.model.values import UNKNOWN, Value

# A text as it is written, its key, its canonical form, and whether it surely is a member.
_TEXTS = "STRUCT(v VARCHAR, k VARCHAR, p VARCHAR, c BOOLEAN)[]"
_NO_TEXTS, NO_LIST = f"[]::{_TEXTS}", f"NULL::{_TEXTS}"


def as_list(value: Val) -> FixedList | RowList | Overlap | None:
    """Return a compiled list; None where it is unknown for every row."""
    if not isinstance(value, Known):
        assert isinstance(value, FixedList | RowList | Overlap)
        return value
    if value.value is UNKNOWN:
        return None
    rows = value.value.rows if isinstance(value.value, TableValue) else value.value
    return FixedList(
        tuple(
            (Known(each), CERTAIN if sure else Truth(NO_FLAG))
            for each, sure in functions.members(rows)
        )
    )


def iterable(tools: Tools, value: ListVal) -> FixedList | RowList:
    """Return a list whose members can be gone through."""
    if not isinstance(value, Overlap):
        return value
    keys, first = _plain_keys(value.second), value.first
    if not keys or not isinstance(first, RowList) or not first.raw:
        return texts(tools, value, value.type)
    return overlap_with_known(tools, first, keys)


def narrowed(tools: Tools, value: Val) -> Val:
    """Return a list of the row without the members that surely are none: it is gone through often.

    What may be a member stays, and is asked again.
    """
    if not isinstance(value, RowList):
        return value
    name, _, keep = _each(tools, value)
    if keep.sql == TRUE:
        return value
    kept = f"list_filter({value.source}, lambda {name}: {keep.possibly})"
    source = tools.columns.share(kept)
    if not keep.settled:
        return replace(value, source=source, narrow=True)
    return RowList(source, lambda x: (value.member(x)[0], CERTAIN))


def is_known(value: ListVal) -> str:
    """Return SQL that tells whether a list is known."""
    match value:
        case RowList():
            return known(value.source)
        case Overlap():
            return both(is_known(value.first), is_known(value.second))
    return TRUE


def where_known(value: ListVal, made: str, empty: str) -> str:
    """Return a result where the list is known, else NULL."""
    return cases([(is_known(value), made)], empty)


def _each(tools: Tools, value: RowList) -> tuple[str, Val, Truth]:
    name = tools.columns.variable()
    return name, *value.member(name)


def count(tools: Tools, value: ListVal) -> Number:
    """Count the members; possible ones make a range."""
    if isinstance(value, Overlap):
        fast = _count_overlap(tools, value)
        if fast is not None:
            return fast
    value = iterable(tools, value)
    if isinstance(value, FixedList):
        low = _add_up([keep.surely for _, keep in value.members])
        high = _add_up([keep.possibly for _, keep in value.members])
        return Number(low, high, 0.0, float(len(value.members)))
    name, _, keep = _each(tools, value)
    low = _count_where(value.source, name, keep.surely)
    high = low
    if not keep.settled:
        possibly = TRUE if value.narrow else keep.possibly
        high = _count_where(value.source, name, possibly)
    return Number(low, high, 0.0, 1e15)


def _add_up(conditions: list[str]) -> str:
    fixed = conditions.count(TRUE)
    open_ = [each for each in conditions if each not in (TRUE, FALSE)]
    parts = [f"({each})::INTEGER" for each in open_]
    if fixed or not parts:
        parts.append(str(fixed))
    return f"({' + '.join(parts)})::DOUBLE" if open_ else number_of(float(fixed))


def _count_where(source: str, name: str, condition: str) -> str:
    if condition == TRUE:
        return f"len({source})::DOUBLE"
    return f"len(list_filter({source}, lambda {name}: {condition}))::DOUBLE"


def _count_overlap(tools: Tools, value: Overlap) -> Number | None:
    """Count how many known words a list of the row has, without making the list."""
    keys = _plain_keys(value.second)
    first = value.first
    if keys is None or not isinstance(first, RowList) or not first.raw:
        return None
    found = [surely(_has(tools, first, key)) for key in keys]
    low = where_known(first, _add_up(found), "NULL::DOUBLE")
    return Number(low, low, 0.0, float(len(keys)))


def _plain_keys(value: ListVal) -> tuple[str, ...] | None:
    """Return the different keys of a list that is known for sure, else None."""
    if not isinstance(value, FixedList):
        return None
    keys: dict[str, None] = {}
    for member, keep in value.members:
        if not isinstance(member, Known) or member.value is UNKNOWN or keep is not CERTAIN:
            return None
        keys[plain_key(member.value)] = None
    return tuple(keys)


def _has(tools: Tools, value: RowList, key: str) -> str:
    """Return whether a raw list of texts has a key."""
    return f"list_contains({keys_list(tools, value)}, {text_of(key)})"


def contains(tools: Tools, item: Val, value: ListVal) -> str:
    """Return whether an item is in a list; nothing is in an empty one."""
    value = iterable(tools, value)
    if isinstance(value, FixedList):
        return _in_fixed(tools, item, value)
    if value.raw and isinstance(item, Known) and item.value is not UNKNOWN:
        return _has(tools, value, plain_key(item.value))
    name, member, keep = _each(tools, value)
    return _some(tools, value, name, both(keep.sql, tools.equal(item, member)))


def _in_fixed(tools: Tools, item: Val, value: FixedList) -> str:
    keys = _plain_keys_of_texts(value)
    if keys and isinstance(item, LabelWord):
        return tools.words.is_one_of(item, keys)
    if keys and isinstance(item, Word):
        return member_of(item.sql, keys)
    return either(*(both(keep.sql, tools.equal(item, member)) for member, keep in value.members))


def _plain_keys_of_texts(value: FixedList) -> tuple[str, ...] | None:
    texts_ = all(
        isinstance(member, Known) and not isinstance(member.value, float)
        for member, _ in value.members
    )
    return _plain_keys(value) if texts_ else None


def any_of(tools: Tools, value: ListVal) -> str:
    """Kleene's or over a list of conditions."""
    value = iterable(tools, value)
    if isinstance(value, FixedList):
        return either(*(both(keep.sql, as_truth(each).sql) for each, keep in value.members))
    name, member, keep = _each(tools, value)
    return _some(tools, value, name, both(keep.sql, as_truth(member).sql))


def all_of(tools: Tools, value: ListVal) -> str:
    """Kleene's and over a list of conditions; true over nothing."""
    value = iterable(tools, value)
    if isinstance(value, FixedList):
        return both(
            *(either(negated(keep.sql), as_truth(each).sql) for each, keep in value.members)
        )
    name, member, keep = _each(tools, value)
    wrong = both(keep.sql, negated(as_truth(member).sql))
    return negated(_some(tools, value, name, wrong))


def plain_members(value: ListVal) -> tuple[Value, ...] | None:
    """Return the values of a list whose members are all known and sure, else None."""
    if not isinstance(value, FixedList):
        return None
    known_ = all(isinstance(m, Known) and keep is CERTAIN for m, keep in value.members)
    return tuple(m.value for m, _ in value.members if isinstance(m, Known)) if known_ else None


def contains_known(item: Value, members: tuple[Value, ...]) -> Value:
    """Return whether a known item is in a known list."""
    return functions.contains(item, members)


def _some(tools: Tools, value: RowList, name: str, condition: str) -> str:
    """Return whether a condition holds for a member: unknown where it only may."""
    if condition == FALSE:
        return where_known(value, FALSE, NO_FLAG)
    level = f"CASE WHEN {condition} THEN 2 WHEN {negated(condition)} THEN 0 ELSE 1 END"
    if is_null(condition):
        level = "1"
    most = f"list_max(list_transform({value.source}, lambda {name}: {level}))"
    made = tools.columns.once(
        f"coalesce({most}, 0)",
        lambda x: f"(CASE {x} WHEN 2 THEN true WHEN 0 THEN false ELSE {NO_FLAG} END)",
    )
    return where_known(value, made, NO_FLAG)


def texts(tools: Tools, value: ListVal, type_: Type) -> RowList:
    """Return a list of texts as a column of (v text, k key, p plain, c surely a member)."""
    item = type_.item if isinstance(type_, ListType) else type_
    assert isinstance(item, TextType)
    source = (
        _overlap_source(tools, value, item)
        if isinstance(value, Overlap)
        else (_texts_source(tools, value))
    )
    return text_list(tools.columns.share(source), item)


def text_list(source: str, item: TextType) -> RowList:
    """Return the list that a column of (v, k, p, c) holds."""
    return RowList(source, lambda x: (_text(x, item), Truth(f"{x}.c")))


def _text(x: str, item: TextType) -> Val:
    if item.kind == "label":
        return LabelWord(f"{x}.v", item.vocabulary, f"{x}.k", f"{x}.p")
    return Word(f"{x}.v")


def _struct(tools: Tools, value: Val, keep: str) -> str:
    words = tools.words
    key, plain = key_of(words, value), plain_of(words, value)
    return f"{{'v': {as_text(value)}, 'k': {key}, 'p': {plain}, 'c': {keep}}}"


def _again(x: str, keep: str) -> str:
    """Return a struct of a text with another word on whether it is a member."""
    return f"{{'v': {x}.v, 'k': {x}.k, 'p': {x}.p, 'c': {keep}}}"


def _texts_source(tools: Tools, value: FixedList | RowList) -> str:
    if isinstance(value, FixedList):
        kept = [(each, keep) for each, keep in value.members if keep.sql != FALSE]
        if not kept:
            return _NO_TEXTS
        made = f"[{', '.join(_struct(tools, each, keep.sql) for each, keep in kept)}]"
        certain = all(keep.sql in (TRUE, NO_FLAG) for _, keep in kept)
        return made if certain else _without_others(tools, made)
    name, member, keep = _each(tools, value)
    made = f"list_transform({value.source}, lambda {name}: {_struct(tools, member, keep.sql)})"
    return made if keep.sql == TRUE else _without_others(tools, made)


def _without_others(tools: Tools, made: str) -> str:
    name = tools.columns.variable()
    return f"list_filter({made}, lambda {name}: coalesce({name}.c, true))"


def _overlap_source(tools: Tools, value: Overlap, item: TextType) -> str:
    first = _texts_source(tools, iterable(tools, value.first))
    second = iterable(tools, value.second)
    name = tools.columns.variable()
    inside = both(f"{name}.c", contains(tools, _text(name, item), second))
    made = f"list_transform({first}, lambda {name}: {_again(name, inside)})"
    found = tools.columns.once(_without_others(tools, made), lambda x: _each_once(tools, x))
    return where_known(value, found, NO_LIST)


def _each_once(tools: Tools, source: str) -> str:
    """Return a list of texts with each key once; it is sure where one of its kind is."""
    e, i, f, g = (tools.columns.variable() for _ in range(4))
    keys = f"list_transform({source}, lambda {f}: {f}.k)"
    sure = (
        f"list_contains(list_transform(list_filter({source}, lambda {g}:"
        f" coalesce({g}.c, false)), lambda {f}: {f}.k), {e}.k)"
    )
    first = (
        f"list_filter({source}, lambda {e}, {i}:"
        f" {e}.k IS NULL OR list_position({keys}, {e}.k) = {i})"
    )
    certain = f"CASE WHEN {e}.c OR {sure} THEN true ELSE {NO_FLAG} END"
    return f"list_transform({first}, lambda {e}: {_again(e, certain)})"


def duplicates(tools: Tools, value: ListVal, type_: Type) -> RowList:
    """Return the values that occur twice or more, each once; an unknown one may be such."""
    item = type_.item if isinstance(type_, ListType) else type_
    assert isinstance(item, TextType)
    source = tools.columns.once(texts(tools, value, type_).source, lambda x: _repeated(tools, x))
    return text_list(tools.columns.share(source), item)


def _repeated(tools: Tools, source: str) -> str:
    e, i, f, g, h = (tools.columns.variable() for _ in range(5))
    keys = f"list_transform({source}, lambda {f}: {f}.k)"
    times = f"len(list_filter({source}, lambda {g}: coalesce({g}.k = {e}.k, false)))"
    sure = f"len(list_filter({source}, lambda {g}: coalesce({g}.k = {e}.k AND {g}.c, false)))"
    first = (
        f"list_filter({source}, lambda {e}, {i}:"
        f" coalesce(list_position({keys}, {e}.k) = {i}, false) AND {times} > 1)"
    )
    certain = f"CASE WHEN {sure} > 1 THEN true ELSE {NO_FLAG} END"
    made = f"list_transform({first}, lambda {e}: {_again(e, certain)})"
    unknowns = f"list_filter({source}, lambda {h}: {h}.k IS NULL)"
    possible = f"list_transform({unknowns}, lambda {h}: {_again(h, NO_FLAG)})"
    others = f"CASE WHEN len({source}) > 1 THEN {possible} ELSE {_NO_TEXTS} END"
    return f"CASE WHEN {source} IS NOT NULL THEN list_concat({made}, {others}) END"


def list_choice(tools: Tools, test: Truth, then: Val, otherwise: Val, item: TextType) -> RowList:
    """Return one of two lists of texts, or the common one of two equal ones."""
    a, b = (_column(tools, each, item) for each in (then, otherwise))
    x, y = tools.columns.variable(), tools.columns.variable()
    plain_a, plain_b = (
        f"list_transform({source}, lambda {name}: {{'k': {name}.k, 'c': {name}.c}})"
        for source, name in ((a, x), (b, y))
    )
    branches = [(test.sql, a), (negated(test.sql), b)]
    if not test.settled:
        branches.append((f"({plain_a} = {plain_b})", a))
    return text_list(tools.columns.share(cases(branches, NO_LIST)), item)


def _column(tools: Tools, value: Val, item: TextType) -> str:
    listed = as_list(value)
    return NO_LIST if listed is None else texts(tools, listed, item).source
