"""Labels of rows: in any script and spelling, DuckDB compares them as the evaluator does."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checker import api
from checker.screening.briefs import OneBrief, load_briefs
from checker.screening.options import Options
from checker.screening.work import compile_briefs
from tests.bulk.pairs import Tally, differences
from tests.bulk.test_compile import BRAND, BRIEF, pack, record, screened

SAMPLE = Path(__file__).parents[2] / "samples" / "bramble" / "spring" / "brief.yaml"
TABLES = {
    "topics": {"kind": "vocabulary", "source": "ours", "words": {"cream": ["cr\u00e8me", "Salve"]}},
    "categories": {
        "kind": "vocabulary",
        "source": "ours",
        "words": {"footwear": ["trainers"], "cosmetics": ["cr\u00e8me"]},
    },
}
# Rules that ask for labels in each way that the compiler writes by itself.
RULES = (
    'count(overlap(influencer.topics, ["cream", "strasse"])) > 1',
    '"Cr\u00c8me" in influencer.topics',
    "count(overlap([s.category for s in influencer.sponsorships], influencer.topics)) == 0",
    "count(duplicates([s.category for s in influencer.sponsorships])) == 0",
    "any(s.category in influencer.topics for s in influencer.sponsorships)",
    'any(s.category == "footwear" for s in influencer.sponsorships)',
    'share(influencer.observed, ["salve", "\u00e9t\u00e9"]) >= 0.5',
    "share(influencer.observed, [s.category for s in influencer.sponsorships]) >= 0.5",
    "share(influencer.audience.country, [influencer.country]) >= 0.5",
    "influencer.observed[influencer.exclusivity_group] >= 0.5",
    'influencer.exclusivity_group == "STRASSE"',
)
PEOPLE: list[dict[str, Any]] = [
    {
        "topics": ["CRE\u0300ME", "Stra\u00dfe", "Hair\u00a0\u2003care"],
        "values": ["strasse"],
        "sponsorships": [{"category": "cr\u00e8me"}, {"category": "TRAINERS"}],
        "observed": {"Salve": 0.25, "\u00c9T\u00c9": 0.5},
        "exclusivity_group": "stra\u00dfe",
    },
    {
        "topics": ["salve", "Salve ", "hair"],
        "values": ["\uff33alve"],
        "sponsorships": [{"category": "Footwear"}, {"category": "trainers"}],
        "observed": {"cr\u00e8me": 0.6, "footwear": 0.4},
        "exclusivity_group": "Cr\u00e8me",
        "country": "GB",
        "audience": {"country": {"GB": 0.5, "FR": 0.3}},
    },
    {
        "topics": [],
        "sponsorships": [{}],
        "observed": {"salve": 0.9},
        "country": "DE",
        "audience": {"country": {"GB": 0.4, "FR": 0.3}},
    },
    {},
]


@pytest.mark.parametrize("require", RULES)
def test_labels_compare_as_in_the_evaluator(require: str) -> None:
    fields = "{influencer.topics:list}, {influencer.exclusivity_group:text}"
    rule = {"id": "own", "require": require, "pass": fields, "fail": fields}
    tally = Tally()
    records = (record("brief", BRIEF), record("brand", BRAND))
    found = list(differences(pack(rule, tables=TABLES), *records, PEOPLE, tally))
    assert not found, found[0]
    assert (tally.rows, tally.unfit) == (2 * len(PEOPLE), 0)


def test_reasons_show_labels_as_they_are_written() -> None:
    rule = {"id": "own", "require": "count(influencer.topics) > 9"}
    rules = pack({**rule, "fail": "{influencer.topics:list}"}, tables=TABLES)
    (row,) = screened(rules, PEOPLE[:1])
    assert (row["verdict"], row["hand"]) == ("fail", False)
    assert row["reason"] == "CRE\u0300ME, Stra\u00dfe and Hair care"


def test_briefs_share_the_reading_of_lines_where_their_vocabularies_are_one() -> None:
    day = datetime.date(2026, 3, 2)
    (brief,) = load_briefs([SAMPLE], load_rules=api.load_rules, as_of=day)
    rules = replace(brief.rules, vocabularies={**brief.rules.vocabularies, "topics": {}})
    other = OneBrief(brief.campaign, rules, brief.project, day)
    compiled, proofs = compile_briefs([brief, other, brief], Options())
    assert [each.reading for each in compiled] == [0, 1, 0]
    assert len(proofs) == 2
