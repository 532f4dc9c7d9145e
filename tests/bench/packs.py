"""100 influencers and 100 drafts through every pack that applies, beside bare imports.

A gin brand in seven markets, so that the law's packs of all of them hold, with the trade's packs
on top. Run it with `make bench`; each run is a process of its own, as in `tests.bench.cold`.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.cold import environment, install
from tests.bench.harness import Work, compare, table

PEOPLE = 100
DRAFTS = 100
MARKETS = ("GB", "US", "DE", "FR", "IE", "CA", "AU")
TOPICS = ("food", "travel", "cocktails", "fashion", "music", "books")
CAPTIONS = (
    "#ad Three ways to serve it cold",
    "Anzeige: drei Arten, ihn zu servieren",
    "Publicité. Trois façons de le servir",
    "Three ways to serve it cold #summer #gin #ad",
    "Thanks to Sloe & Daughters for the bottle",
)


def influencer(number: int, rng: random.Random) -> dict[str, Any]:
    """Make up a whole influencer."""
    followers = rng.randrange(2_000, 900_000)
    first, second, third = (round(rng.uniform(0.05, 0.3), 2) for _ in range(3))
    return {
        "id": f"person-{number}",
        "handle": f"@person.{number}",
        "platform": rng.choice(("instagram", "tiktok", "youtube")),
        "followers": followers,
        "country": rng.choice(MARKETS),
        "as_of": "2026-02-20",
        "engagement": {"rate": round(rng.uniform(0.005, 0.08), 3), "basis": "followers"},
        "audience": {
            "age": {
                "13-17": 0.02, "18-24": first, "25-34": second, "35-44": third,
                "45+": round(0.98 - first - second - third, 2),
            },
            "gender": {"female": 0.55, "male": 0.44, "other": 0.01},
            "country": {"GB": 0.4, "US": 0.3, "DE": 0.2},
            "credibility": round(rng.uniform(0.6, 0.95), 2),
        },
        "history": [
            {"date": f"2026-0{month}-01", "followers": followers - 500 * (3 - month)}
            for month in (1, 2)
        ],
        "topics": rng.sample(TOPICS, 2),
        "values": ["craft"],
        "rates": {"currency": "GBP", "fees": {"reel": rng.randrange(100, 4_000)}},
        "sponsored_share": round(rng.uniform(0, 0.4), 2),
        "guidelines": {"acknowledged": True},
        "age_verified_over": rng.choice((18, 25, 30)),
    }  # fmt: skip


def draft(number: int, rng: random.Random) -> dict[str, Any]:
    """Make up a draft post for all markets of the brief."""
    return {
        "id": f"draft-{number}",
        "influencer": f"person-{number % PEOPLE}",
        "platform": "instagram",
        "format": "reel",
        "language": "en",
        "caption": f"{rng.choice(CAPTIONS)}, number {number}",
        "platform_label": rng.random() < 0.5,
        "compensation": "fee",
    }


def write_campaign(folder: Path) -> None:
    """Write the brief, its influencers, its drafts and a configuration with all packs."""
    rng = random.Random(7)
    brief = {
        "id": "gin",
        "title": "A summer of gin",
        "brand": {"id": "sloe", "name": "Sloe & Daughters", "category": "gin", "values": ["craft"]},
        "campaign": {"start": "2026-06-01", "end": "2026-07-15", "category": "gin"},
        "target": {"age": {"min": 25, "max": 44}, "countries": ["GB", "US"]},
        "budget": {"currency": "GBP", "total": 100_000, "per_influencer": 2_500},
        "deliverables": [{"type": "reel", "count": 1}],
        "compensation": "fee",
        "markets": list(MARKETS),
        "shortlist": "people.ndjson",
        "posts": ["draft-*.json"],
    }
    (folder / "brief.json").write_text(json.dumps(brief))
    people = (json.dumps(influencer(number, rng)) for number in range(PEOPLE))
    (folder / "people.ndjson").write_text("\n".join(people) + "\n")
    for number in range(DRAFTS):
        (folder / f"draft-{number}.json").write_text(json.dumps(draft(number, rng)))
    (folder / "checker.yaml").write_text("packs: [handbook, law, trade]\n")


def check(program: Path, folder: Path) -> Work:
    """Return the work of checking the campaign in a process of its own."""

    def work() -> None:
        command = [str(program), "check", str(folder), "--as-of", "2026-03-02"]
        done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True)
        if done.returncode not in (1, 4) or b"100 influencers" not in done.stdout:
            raise SystemExit((done.stderr or done.stdout).decode(errors="replace"))

    return work


def imports(python: Path) -> Work:
    """Return the work of importing what the program needs, and no more."""
    command = [str(python), "-P", "-c", "import yaml, click, jsonschema"]
    return lambda: subprocess.run(command, env=environment(), check=True)


def main() -> None:
    """Time both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "campaign"
        folder.mkdir()
        write_campaign(folder)
        python = install(Path(made))
        contenders = {
            "all packs": check(python.with_name("checker"), folder),
            "bare imports": imports(python),
        }
        timings = compare(contenders, rounds=arguments.rounds, warmups=1)
    print(f"{PEOPLE} influencers, {DRAFTS} drafts in {len(MARKETS)} markets, all packs that apply")
    print(table(timings))


if __name__ == "__main__":
    main()
