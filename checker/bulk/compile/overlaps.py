"""A list of the row against words that are known beforehand: the overlap of most rules."""

from __future__ import annotations

from checker.bulk.compile.choices import Tools
from checker.bulk.compile.texts import member_of
from checker.bulk.compile.values import LabelWord, RowList
from checker.bulk.quote import text_of


def overlap_with_known(
    tools: Tools, first: RowList, keys: tuple[str, ...], canonical: str
) -> RowList:
    """Return the members of a raw list that have one of some keys, each key once.

    `canonical` is the list of what the members are compared by: canonical forms of labels, and
    codes as they stand.
    """
    sample, _ = first.member("_v0")
    groups: dict[str, tuple[str, ...]] = {key: (key,) for key in keys}
    if isinstance(sample, LabelWord):
        groups = {key: tools.words.spellings(sample.vocabulary, key) for key in keys}
    c, x, i = (tools.columns.variable() for _ in range(3))
    branches = " ".join(
        f"WHEN {member_of(c, words)} THEN {text_of(key)}" for key, words in groups.items()
    )
    found = f"list_transform({canonical}, lambda {c}: CASE {branches} END)"

    def kept(places: str) -> str:
        here = f"{places}[{i}]"
        first_one = f"{here} IS NOT NULL AND list_position({places}, {here}) = {i}"
        return f"list_filter({first.source}, lambda {x}, {i}: {first_one})"

    return RowList(tools.columns.share(tools.columns.once(found, kept)), first.member)


def canonical_list(tools: Tools, source: str) -> str:
    """Return the canonical forms of a list of labels."""
    # One name, so that the same list is one column wherever it is asked for.
    return f"list_transform({source}, lambda _v0: {tools.words.canonical('_v0')})"
