"""A made-up roster of influencers, with the holes and ranges of real data: the same for a seed.

    python -m tests.bulk.roster 1000000 roster.ndjson

How it is distributed (of 100 influencers, unless it says otherwise):

- followers: log-normal around 20,000, so that about 35 are nano, 50 micro, 13 macro, 1 mega;
  10 of them are ranges, as YouTube rounds them
- audience: 88 have ages (7 bands; 15 of those only adults', 10 lack one band), 85 genders, 80
  countries (4 to 8 of them), 50 languages; 70 have a credibility
- history: 65 have 3 to 12 counts, a month apart; 5 of 100 counts are ranges
- topics 92, values 60, formats 70, roles 4, languages 85, country 80
- engagement 80, 5 of those as a range
- rates 65, with 1 to 6 fees, a quarter of those records with a range; 3 in another currency
- accepts_gifts 50; sponsorships 45, with 1 to 8; sponsored_share 40; exclusivity 20
- guidelines 40; age_verified_over 30; observed topics 25; person 10
- `broken` of them cannot be used (a wrong type, an unknown field, a broken line), `odd` are
  right and written so that a reader must look twice ("32%", accents, nulls, escapes)
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

_AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
_COUNTRIES = ("GB", "US", "IE", "DE", "FR", "ES", "IT", "CA", "AU", "BR", "IN", "PL")
_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "hi", "pl")
_PLATFORMS = ("instagram", "tiktok", "youtube", "instagram", "tiktok", "facebook", "x", "blog")
_TOPICS = (
    "hair care", "beauty", "Fashion", "skin-care", "gaming", "travel", "food", "fitness",
    "parenting", "music", "weddings", "technology", "alcohol", "gambling", "home", "sport",
)  # fmt: skip
_VALUES = (
    "handmade", "cruelty-free", "honesty", "luxury", "Eco Friendly", "family", "humour",
    "creativity", "inclusion", "innovation", "tradition", "simplicity",
)  # fmt: skip
_FORMATS = ("post", "carousel", "story", "reel", "short", "video", "live")
_BRANDS = ("Bramble & Co", "Curlwell", "Noor", "Fizzpop", "Lintel", "Ribbonette", "Glowtide")
_CATEGORIES = ("hair accessories", "cosmetics", "soft drinks", "gin", "trainers", "phones")
_TODAY = date(2026, 3, 2)


def influencer(made: random.Random, number: int) -> dict[str, Any]:
    """Make one influencer."""
    name = f"{made.choice(('maisie', 'north', 'curl', 'gav', 'knot', 'jo'))}.{number}"
    platform = made.choice(_PLATFORMS)
    followers = int(made.lognormvariate(9.9, 1.6)) + 100
    record: dict[str, Any] = {
        "id": f"{platform}/{name}",
        "handle": f"@{name}",
        "platform": platform,
        "followers": _ranged(made, followers, 0.10),
    }
    for key, chance, make in _PARTS:
        if made.random() < chance:
            record[key] = make(made, followers)
    return record


def _ranged(made: random.Random, value: float, chance: float) -> Any:
    if made.random() >= chance:
        return value
    low, high = value * 0.95, value * 1.05
    return {"min": type(value)(low), "max": type(value)(high)}


def _shares(made: random.Random, keys: tuple[str, ...] | list[str], whole: float) -> dict[str, Any]:
    weights = [made.expovariate(1.0) for _ in keys]
    total = sum(weights)
    return {k: round(whole * w / total, 4) for k, w in zip(keys, weights, strict=True)}


def _ages(made: random.Random) -> dict[str, Any]:
    bands = list(_AGES)
    chance = made.random()
    if chance < 0.15:
        del bands[0]
    elif chance < 0.25:
        del bands[made.randrange(1, len(bands))]
    return _shares(made, bands, 1.0 if chance < 0.15 else 0.99)


def _audience(made: random.Random, _: int) -> dict[str, Any]:
    found: dict[str, Any] = {"basis": "followers"}
    if made.random() < 0.9:
        found["age"] = _ages(made)
    if made.random() < 0.87:
        share = round(made.uniform(0.05, 0.9), 3)
        found["gender"] = {"female": share, "male": round(0.98 - share, 3)}
    if made.random() < 0.82:
        found["country"] = _shares(made, made.sample(_COUNTRIES, made.randint(4, 8)), 0.9)
    if made.random() < 0.51:
        found["language"] = _shares(made, made.sample(_LANGUAGES, 3), 0.95)
    if made.random() < 0.72:
        found["credibility"] = round(made.uniform(0.5, 0.98), 3)
    return found


def _history(made: random.Random, followers: int) -> list[dict[str, Any]]:
    months = made.randint(3, 12)
    growth = made.uniform(-0.02, 0.08)
    return [
        {
            "date": (_TODAY - timedelta(days=30 * back)).isoformat(),
            "followers": _ranged(made, int(followers / (1 + growth) ** back), 0.05),
        }
        for back in range(months, 0, -1)
    ]


def _rates(made: random.Random, _: int) -> dict[str, Any]:
    base = made.lognormvariate(5.3, 0.9)
    chance = 0.25 if made.random() < 0.25 else 0.0
    fees = {
        kind: _ranged(made, round(base * made.uniform(0.3, 1.5)) + 5, chance)
        for kind in made.sample(_FORMATS, made.randint(1, 6))
    }
    return {"currency": made.choices(("GBP", "USD", "SEK"), (62, 35, 3))[0], "fees": fees}


def _sponsorships(made: random.Random, _: int) -> list[dict[str, Any]]:
    found = []
    for _number in range(made.randint(1, 8)):
        one: dict[str, Any] = {"brand": made.choice(_BRANDS), "category": made.choice(_CATEGORIES)}
        one["date"] = (_TODAY - timedelta(days=made.randint(1, 500))).isoformat()
        if made.random() < 0.7:
            one["disclosed"] = made.random() < 0.8
            one["label"] = "#ad"
        found.append(one)
    return found


def _exclusivity(made: random.Random, _: int) -> list[dict[str, Any]]:
    if made.random() < 0.6:
        return []
    until = _TODAY + timedelta(days=made.randint(-100, 200))
    one = {"brand": made.choice(_BRANDS), "category": made.choice(_CATEGORIES)}
    return [{**one, "until": until.isoformat()}]


def _engagement(made: random.Random, _: int) -> dict[str, Any]:
    return {"rate": _ranged(made, round(made.uniform(0.003, 0.12), 4), 0.05), "basis": "followers"}


def _some(words: tuple[str, ...], least: int, most: int) -> Any:
    def make(made: random.Random, _: int) -> list[str]:
        return made.sample(words, made.randint(least, most))

    return make


_PARTS: tuple[tuple[str, float, Any], ...] = (
    ("person", 0.10, lambda made, _: f"p-{made.randrange(10_000_000)}"),
    ("country", 0.80, lambda made, _: made.choice(_COUNTRIES)),
    ("languages", 0.85, _some(_LANGUAGES, 1, 2)),
    ("as_of", 0.90, lambda made, _: (_TODAY - timedelta(days=made.randint(0, 90))).isoformat()),
    ("provider", 0.90, lambda made, _: "an agency's database"),
    ("confidence", 0.50, lambda made, _: made.choice(("low", "medium", "high"))),
    ("engagement", 0.80, _engagement),
    ("audience", 0.98, _audience),
    ("history", 0.65, _history),
    ("average_monthly_views", 0.50, lambda made, followers: followers * made.randint(1, 20)),
    ("topics", 0.92, _some(_TOPICS, 1, 5)),
    ("values", 0.60, _some(_VALUES, 1, 3)),
    ("formats", 0.70, _some(_FORMATS, 1, 4)),
    ("roles", 0.04, lambda made, _: [made.choice(("athlete", "health professional"))]),
    ("rates", 0.65, _rates),
    ("accepts_gifts", 0.50, lambda made, _: made.random() < 0.5),
    ("sponsorships", 0.45, _sponsorships),
    ("sponsored_share", 0.40, lambda made, _: round(made.uniform(0, 0.4), 3)),
    ("exclusivity", 0.20, _exclusivity),
    ("guidelines", 0.40, lambda made, _: {"acknowledged": made.random() < 0.8}),
    ("age_verified_over", 0.30, lambda made, _: made.choice((18, 21, 25))),
    ("observed", 0.25, lambda made, _: _shares(made, made.sample(_TOPICS, 4), 0.9)),
)


def broken(made: random.Random, record: dict[str, Any]) -> str:
    """Write an influencer so that the record cannot be used."""
    text = json.dumps(record)
    return made.choice(
        (
            lambda: text[:-1],
            lambda: json.dumps({**record, "followers": str(record["followers"])}),
            lambda: json.dumps({**record, "followers": -3}),
            lambda: json.dumps({**record, "folowers": 3}),
            lambda: json.dumps({**record, "audience": {"age": {"18-24": 45}}}),
            lambda: text[:-1] + ', "handle": "@twice"}',
            lambda: text[:-1] + ",}",
            lambda: json.dumps({**record, "platform": "Instagram"}),
        )
    )()


def odd(made: random.Random, record: dict[str, Any]) -> str:
    """Write an influencer so that the record can be used, if a reader looks twice."""
    return made.choice(
        (
            lambda: json.dumps({**record, "sponsored_share": "12.5%"}),
            lambda: json.dumps({**record, "topics": ["Café", "beauty"]}, ensure_ascii=False),
            lambda: json.dumps({**record, "topics": ["Café", "beauty"]}),
            lambda: json.dumps({**record, "person": None}),
            lambda: json.dumps({**record, "provider": 'the "best" one'}),
            lambda: json.dumps({**record, "followers": {"min": 4000}}),
        )
    )()


def lines(
    count: int,
    *,
    seed: int = 1,
    start: int = 0,
    broken_share: float = 0.0,
    odd_share: float = 0.0,
) -> Iterator[str]:
    """Yield the lines of a roster; `start` is the number in the first one's id."""
    made = random.Random(seed)
    for number in range(start, start + count):
        record = influencer(made, number)
        chance = made.random()
        if chance < broken_share:
            yield broken(made, record)
        elif chance < broken_share + odd_share:
            yield odd(made, record)
        else:
            yield json.dumps(record)


def write(path: Path, count: int, **options: Any) -> None:
    """Write a roster as NDJSON."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines(count, **options))


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]))
