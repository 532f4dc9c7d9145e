"""Influencers of a made-up roster who fit the sample's spring brief, but for one thing in half.

Drawn at random alone, nobody of 500,000 would pass, and some rules would always say the same. So
seven of 100 in the roster that is measured are made here: about five pass, and the others
miss by one thing each, so that every rule fails for some.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

SHARE = 0.07
_TODAY = date(2026, 3, 2)


def _day(back: int) -> str:
    return (_TODAY - timedelta(days=back)).isoformat()


def fit(made: random.Random, record: dict[str, Any]) -> None:
    """Change an influencer so that the brief's rules pass, or all but one."""
    followers = made.randint(3_000, 90_000)
    record |= {
        "followers": followers,
        "country": "GB",
        "languages": ["en"],
        "as_of": _day(made.randint(1, 60)),
        "provider": "an agency's database",
        "confidence": "high",
        "engagement": {"rate": round(made.uniform(0.04, 0.06), 4), "basis": "followers"},
        "audience": _audience(made),
        # A count each week, so that a jump would show.
        "history": [
            {"date": _day(7 * back), "followers": int(followers / 1.01**back)}
            for back in range(12, 0, -1)
        ],
        "average_monthly_views": followers * made.randint(3, 9),
        "topics": made.sample(("hair care", "beauty", "fashion", "weddings"), 2),
        "values": made.sample(("craftsmanship", "honesty", "handmade"), 2),
        "formats": ["reel", "story", "post"],
        "rates": {
            "currency": made.choice(("GBP", "USD")),
            "fees": {"reel": made.randint(60, 180), "story": made.randint(20, 80)},
        },
        "accepts_gifts": True,
        "sponsorships": [_sponsorship(made)],
        "sponsored_share": round(made.uniform(0.0, 0.1), 3),
        "exclusivity": [],
        "bought_followers": False,
        "guidelines": {"acknowledged": True},
        "age_verified_over": 25,
        "observed": {"hair care": 0.4, "beauty": 0.3, "weddings": 0.2},
        "observed_period": {"from": _day(1_200), "until": _day(made.randint(1, 30))},
    }
    if made.random() < 0.5:
        record |= made.choice(_MISSES)(made, followers)


def _audience(made: random.Random) -> dict[str, Any]:
    young = round(made.uniform(0.7, 0.85), 3)
    female, british, english = (round(made.uniform(0.7, 0.9), 3) for _ in range(3))
    return {
        "basis": "followers",
        "age": {
            "13-17": 0.02,
            "18-24": round(young / 2, 4),
            "25-34": round(young / 2, 4),
            "35-44": round(0.98 - young, 4),
        },
        "gender": {"female": female, "male": round(1 - female, 3)},
        "country": {"GB": british, "IE": round(0.99 - british, 3)},
        "language": {"en": english, "fr": round(0.99 - english, 3)},
        "credibility": round(made.uniform(0.85, 0.98), 3),
    }


def _sponsorship(made: random.Random, **changed: Any) -> dict[str, Any]:
    return {
        "brand": "Glowtide",
        "category": "soft drinks",
        "date": _day(made.randint(100, 300)),
        "disclosed": True,
        "label": "#ad",
        **changed,
    }


def _audience_with(**parts: Any) -> Any:
    return lambda made, _: {"audience": {**_audience(made), **parts}}


def _sponsored(**changed: Any) -> Any:
    return lambda made, _: {"sponsorships": [_sponsorship(made, **changed)]}


def _always(**changed: Any) -> Any:
    return lambda *_: changed


# What each of those who miss misses by.
_MISSES: tuple[Any, ...] = (
    _audience_with(age={"13-17": 0.02, "18-24": 0.1, "45-54": 0.88}),
    _audience_with(country={"GB": 0.1, "US": 0.8}),
    _audience_with(language={"en": 0.05, "fr": 0.9}),
    _audience_with(credibility=0.4),
    _sponsored(brand="The Ribbonry", category="hair accessories", date=_day(20)),
    _sponsored(category="gambling"),
    _sponsored(disclosed=False),
    _always(topics=["gaming", "technology"]),
    _always(topics=["hair care", "gambling"]),
    _always(values=["luxury"]),
    _always(values=["craftsmanship", "recklessness"]),
    _always(observed={"gambling": 0.3, "hair care": 0.6}),
    _always(observed={"gambling": 0.02, "hair care": 0.9}),
    _always(observed={"gaming": 0.9}),
    _always(observed_period={"from": _day(200), "until": _day(150)}),
    _always(rates={"currency": "GBP", "fees": {"reel": 900, "story": 300}}),
    _always(sponsored_share=0.7),
    _always(exclusivity=[{"brand": "Curlwell", "category": "hair accessories"}]),
    _always(guidelines={"acknowledged": False}),
    _always(as_of=_day(300)),
    _always(confidence="low"),
    _always(bought_followers=True),
    lambda made, followers: {"followers": 4_000_000},
    lambda made, followers: {
        "history": [
            {"date": _day(7 * back), "followers": followers // (3 if back > 4 else 1)}
            for back in range(12, 0, -1)
        ]
    },
    lambda made, followers: {
        "history": [
            {"date": _day(30 * back), "followers": int(followers * 1.03**back)}
            for back in range(6, 0, -1)
        ]
    },
    lambda made, followers: {"engagement": {"rate": 0.002, "basis": "followers"}},
)
