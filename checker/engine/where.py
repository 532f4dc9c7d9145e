"""Where a rule holds: `applies` as a condition, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from checker.model.records import Record
from checker.model.rules import Pack, Rule
from checker.model.types import ListType, RecordType, TextType

# One part of `applies`: what it asks for, and what that must be one of.
Part = tuple[Literal["markets", "categories"], tuple[str, ...]]


def parts(pack: Pack, rule: Rule) -> Iterator[Part]:
    """Give what a pack and a rule ask of markets and categories, in the condition's order."""
    for where in (pack.applies, rule.applies):
        if where.markets:
            yield "markets", where.markets
        if where.categories:
            yield "categories", where.categories


def condition_text(pack: Pack, rule: Rule, types: Mapping[str, RecordType]) -> str:
    """Return the condition that `applies` means: its parts joined by `and`; empty for everywhere.

    The campaign's category counts first, else the brand's.
    """
    known = _known_markets(types)
    texts = []
    for kind, names in parts(pack, rule):
        if kind == "categories":
            texts.append(f"default(brief.campaign.category, brand.category) in {list(names)}")
        elif rule.scope == "post":
            texts.append(f"post.market in {_standing_for(names, known)}")
        else:
            markets = _standing_for(names, known)
            texts.append(f"any(market in {markets} for market in brief.markets)")
    return " and ".join(texts)


def _known_markets(types: Mapping[str, RecordType]) -> tuple[str, ...]:
    markets = types["brief"].fields["markets"].type
    assert isinstance(markets, ListType) and isinstance(markets.item, TextType)
    return markets.item.choices


def _standing_for(markets: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    """Return markets with the parts of the countries among them, and the countries of the parts.

    Who runs in Ontario runs in Canada; who runs in Canada, and names no part, runs in Ontario.
    """
    found = dict.fromkeys(markets)
    for market in markets:
        country, dash, _ = market.partition("-")
        if dash:
            found.setdefault(country)
        else:
            found.update(dict.fromkeys(code for code in known if code.startswith(f"{market}-")))
    return list(found)


def place_words(pack: Pack, rule: Rule) -> str:
    """Say where a rule holds: "in GB and IE, for beer or wine"; empty for everywhere."""
    return ", ".join(
        f"in {_listing(names, 'and')}" if kind == "markets" else f"for {_listing(names, 'or')}"
        for kind, names in parts(pack, rule)
    )


def elsewhere(part: Part, records: Mapping[str, Record], post_market: str = "") -> str:
    """Say why a rule does not hold: its market or its category is another one.

    Args:
        part: the part of `applies` that is false.
        records: the records by root; the brief and the brand at least.
        post_market: the market of a post, in rules about posts.
    """
    kind, names = part
    brief, brand = records["brief"].data, records["brand"].data
    if kind == "categories":
        category = brief.get("campaign", {}).get("category", brand.get("category"))
        return f"it is for {_listing(names, 'or')}; the category is {category}"
    subject = "post" if post_market else "brief"
    markets = [post_market] if post_market else brief["markets"]
    return f"it is for {_listing(names, 'and')}; the {subject} is for {_listing(markets, 'and')}"


def _listing(words: Iterable[Any], last: str) -> str:
    *first, final = dict.fromkeys(map(str, words))
    return f"{', '.join(first)} {last} {final}" if first else final
