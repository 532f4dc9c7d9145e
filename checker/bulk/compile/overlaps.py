"""A list of the row against words that are known beforehand: the overlap of most rules."""

from __future__ import annotations

from checker.bulk.compile.choices import Tools
from checker.bulk.compile.sql import both
from checker.bulk.compile.texts import key_of, member_of
from checker.bulk.compile.values import LabelWord, RowList


def overlap_with_known(tools: Tools, first: RowList, keys: tuple[str, ...]) -> RowList:
    """Return the members of a raw list that have one of some keys, each key once."""
    every = keys_list(tools, first)
    x, i = tools.columns.variable(), tools.columns.variable()
    key = key_of(tools.words, first.member(x)[0])
    wanted = both(member_of(key, keys), f"(list_position({every}, {key}) = {i})")
    kept = f"list_filter({first.source}, lambda {x}, {i}: {wanted})"
    return RowList(tools.columns.share(kept), first.member)


def keys_list(tools: Tools, value: RowList) -> str:
    """Return what the members of a raw list of texts are compared by, as a list."""
    # One name, so that the same list is one column wherever it is asked for.
    member, _ = value.member("_v0")
    if not isinstance(member, LabelWord):
        return value.source
    key = key_of(tools.words, member)
    return tools.columns.share(f"list_transform({value.source}, lambda _v0: {key})")
