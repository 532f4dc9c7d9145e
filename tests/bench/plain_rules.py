"""Twelve rules that every engine can express, and influencers without holes to ask them of.

Each is written in the language of rules, in the Common Expression Language and in zen's. They
need no ranges, no unknown values, no synonyms and no brief. The influencers are drawn evenly from
what `numpy` gives for a seed; every field that a rule reads is there, and shares add up to 1.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BRIEF = """\
id: plain
title: Twelve plain rules
brand: {id: bramble, name: Bramble & Co, category: hair accessories, markets: [GB]}
"""
TOPICS = ("hair care", "fashion", "gaming", "travel", "food", "fitness", "music", "technology")
COUNTRIES = ("GB", "US", "IE", "DE", "FR", "ES")
BANDS = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")


@dataclass(frozen=True)
class Plain:
    """A rule: its condition in the language of rules, in CEL and in zen's."""

    checker: str
    cel: str
    zen: str


def _same(condition: str) -> Plain:
    both = condition.replace(" and ", " && ")
    return Plain(condition, both, condition)


RULES: dict[str, Plain] = {
    "reach": _same("influencer.followers >= 5000 and influencer.followers <= 400000"),
    "engaged": _same("influencer.engagement.rate >= 0.01 and influencer.engagement.rate <= 0.1"),
    "views": _same("influencer.average_monthly_views >= 50000"),
    "adults": Plain(
        "share_aged(influencer.audience.age, params.ages) >= 0.28",
        # CEL takes the sum of two values of unknown types for whole numbers.
        "0.0 + influencer.audience.age['18-24'] + influencer.audience.age['25-34'] >= 0.28",
        "influencer.audience.age['18-24'] + influencer.audience.age['25-34'] >= 0.28",
    ),
    "women": _same("influencer.audience.gender['female'] >= 0.4"),
    "british": _same("influencer.audience.country['GB'] >= 0.15"),
    "english": _same("influencer.audience.language['en'] >= 0.5"),
    "credible": _same("influencer.audience.credibility >= 0.7"),
    "wanted": Plain(
        "any(topic in ['hair care', 'fashion', 'travel'] for topic in influencer.topics)",
        "influencer.topics.exists(topic, topic in ['hair care', 'fashion', 'travel'])",
        "some(influencer.topics, # in ['hair care', 'fashion', 'travel'])",
    ),
    "unwanted": Plain(
        "not any(topic in ['gaming', 'technology'] for topic in influencer.topics)",
        "!influencer.topics.exists(topic, topic in ['gaming', 'technology'])",
        "none(influencer.topics, # in ['gaming', 'technology'])",
    ),
    "sponsored": _same("influencer.sponsored_share <= 0.3"),
    "here": _same("influencer.country in ['GB', 'IE', 'US']"),
}


def write_project(folder: Path) -> Path:
    """Write a brief whose project has these rules and no others; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["pack: plain", "version: 1.0.0", "title: Twelve plain rules", "rules:"]
    for name, rule in RULES.items():
        lines += [f"  - id: {name}", f"    title: {name}", "    scope: influencer"]
        lines += ["    severity: error", "    source: ours"]
        if "params.ages" in rule.checker:
            lines += ["    params:", "      ages: {default: {min: 18, max: 34}, source: ours}"]
        lines.append(f'    require: "{rule.checker}"')
    (folder / "plain.yaml").write_text("\n".join(lines) + "\n")
    (folder / "checker.yaml").write_text("packs: [plain.yaml]\n")
    (folder / "brief.yaml").write_text(BRIEF)
    return folder / "brief.yaml"


def write_roster(path: Path, rows: int) -> None:
    """Write influencers as Parquet, with the columns that the rules read and those required."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(7)

    def shares(keys: tuple[str, ...]) -> dict[str, Any]:
        weights = rng.exponential(1.0, (rows, len(keys)))
        cuts = np.round(np.cumsum(weights, axis=1) / weights.sum(axis=1)[:, None] * 1000)
        parts = np.diff(cuts, axis=1, prepend=0) / 1000
        return {key: parts[:, place] for place, key in enumerate(keys)}

    def open_keys(keys: tuple[str, ...]) -> pa.Array:
        values = np.column_stack(list(shares(keys).values())).ravel()
        named = pa.array(np.tile(np.array(keys), rows))
        return pa.MapArray.from_arrays(np.arange(rows + 1) * len(keys), named, pa.array(values))

    def struct(members: dict[str, Any]) -> pa.Array:
        return pa.StructArray.from_arrays([pa.array(v) for v in members.values()], list(members))

    first, second = (rng.integers(0, len(TOPICS), rows) for _ in range(2))
    second = np.where(first == second, (second + 1) % len(TOPICS), second)
    topics = np.array(TOPICS)[np.column_stack([first, second]).ravel()]
    numbers = np.arange(rows).astype(str)
    audience = {
        "basis": np.full(rows, "followers"),
        "age": struct(shares(BANDS)),
        "gender": struct(shares(("female", "male"))),
        "country": open_keys(COUNTRIES),
        "language": open_keys(("en", "de")),
        "credibility": np.round(rng.uniform(0.5, 1.0, rows), 3),
    }
    rate = np.round(rng.uniform(0.002, 0.12, rows), 4)
    table = {
        "id": pa.array(np.char.add("tiktok/p", numbers)),
        "handle": pa.array(np.char.add("@p", numbers)),
        "platform": pa.array(np.full(rows, "tiktok")),
        "followers": pa.array(rng.integers(1000, 500_000, rows)),
        "country": pa.array(np.array(COUNTRIES)[rng.integers(0, len(COUNTRIES), rows)]),
        "engagement": struct({"rate": rate, "basis": np.full(rows, "followers")}),
        "audience": struct(audience),
        "average_monthly_views": pa.array(rng.integers(10_000, 2_000_000, rows)),
        "topics": pa.ListArray.from_arrays(np.arange(rows + 1) * 2, pa.array(topics)),
        "sponsored_share": pa.array(np.round(rng.uniform(0, 0.5, rows), 3)),
    }
    pq.write_table(pa.table(table), path, row_group_size=100_000)


def read_first(path: Path, count: int) -> list[dict[str, Any]]:
    """Return the first influencers of a file as plain data, as other engines take them."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    rows: list[dict[str, Any]] = next(file.iter_batches(count)).to_pylist()
    for row in rows:
        audience = row["audience"]
        audience.update({key: dict(audience[key]) for key in ("country", "language")})
    return rows


if __name__ == "__main__":
    write_roster(Path(sys.argv[1]), int(sys.argv[2]))
