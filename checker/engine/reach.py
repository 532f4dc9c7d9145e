"""Where a campaign runs and for what: enough to leave out packs that cannot hold for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from checker.language.suggest import distance
from checker.language.text import canonical
from checker.model.records import Campaign
from checker.model.rules import Applies

# The vocabulary that campaigns' categories are words of. One that is a topic is known too.
CATEGORIES = "categories"
TOPICS = "topics"


class Reach(NamedTuple):
    """The markets of a brief and its posts, and the category; None where nobody says.

    `posts` tells whether there is a draft, be it one that cannot be used.
    """

    markets: frozenset[str] | None
    category: str | None
    posts: bool = True


def reach_of(campaign: Campaign) -> Reach:
    """Return where a campaign runs and for what."""
    brief, brand = campaign.brief.data, campaign.brand.data
    category = category_of(brief, brand)
    has_posts = bool(campaign.posts)
    if "markets" not in brief:
        return Reach(None, category, has_posts)
    posts = [draft.record.data for draft in campaign.posts if draft.record is not None]
    named = (post["market"] for post in posts if "market" in post)
    return Reach(frozenset((*brief["markets"], *named)), category, has_posts)


def category_of(brief: Mapping[str, Any], brand: Mapping[str, Any]) -> str | None:
    """Return the category that counts: the campaign's, else the brand's."""
    found: str | None = brief.get("campaign", {}).get("category", brand.get("category"))
    return found


def may_hold(applies: Applies, reach: Reach, words: Mapping[str, str] | None) -> bool:
    """Tell whether a pack may hold for a campaign; where it is not clear, it may.

    `words` are the categories' vocabulary: each word's label, both canonical; topics may be among
    them, without a label. None where it is not known. A word that is not there may be a slip.
    """
    return _in_markets(applies, reach) and _in_categories(applies, reach, words)


def _in_markets(applies: Applies, reach: Reach) -> bool:
    if not applies.markets or reach.markets is None:
        return True
    # A part of a country and the country itself may each stand for the other.
    countries = {_country(market) for market in reach.markets}
    return any(_country(market) in countries for market in applies.markets)


def _country(market: str) -> str:
    return market.partition("-")[0]


def _in_categories(applies: Applies, reach: Reach, words: Mapping[str, str] | None) -> bool:
    if not applies.categories or reach.category is None or words is None:
        return True
    plain = canonical(reach.category)
    labels = {words.get(name, name) for name in map(canonical, applies.categories)}
    if plain in words or plain in labels:
        return words.get(plain, plain) in labels
    meant = meant_by(plain, (word for word in words if words[word]))
    return not meant or any(words[word] in labels for word in meant)


def meant_by(plain: str, words: Iterable[str]) -> list[str]:
    """Return the words that a canonical word is likely a slip for, the most alike first."""
    most = min(max(1, len(plain) // 3), 3)
    far = {word: distance(plain, word) for word in words if abs(len(word) - len(plain)) <= most}
    return sorted((word for word in far if far[word] <= most), key=lambda word: (far[word], word))
