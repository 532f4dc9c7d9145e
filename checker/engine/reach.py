"""Where a campaign runs and for what: enough to leave out packs that cannot hold for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from checker.language.vocabulary import Vocabulary, meets
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


def may_hold(applies: Applies, reach: Reach, words: Vocabulary | None) -> bool:
    """Tell whether a pack may hold for a campaign; where it is not clear, it may.

    `words` are the words for categories; None where they are not known.
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


def _in_categories(applies: Applies, reach: Reach, words: Vocabulary | None) -> bool:
    if not applies.categories or reach.category is None or words is None:
        return True
    key = words.key(reach.category)
    if not key.senses and not words.is_slip(key):
        return True  # What is like no category may be meant for any.
    wanted = map(words.key, applies.categories)
    return any(meets(key, each, open_=False) is not False for each in wanted)
