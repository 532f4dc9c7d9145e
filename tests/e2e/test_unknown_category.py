"""A category that no vocabulary knows: a report says so, and no slip of the pen passes a brief."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker import api, api_rules
from checker.model.report import Report
from tests.e2e.world import process

TODAY = date(2026, 3, 2)
GIN_AGE = "alcohol-age-gb"
ALCOHOL = {"alcohol-audience-gb", GIN_AGE, "alcohol-seems-gb"}


def write(folder: Path, category: str, *, brand: str = "", **more: Any) -> None:
    jo = {"id": "jo", "handle": "@jo", "platform": "instagram", "followers": 20_000}
    record = {
        "id": "spring",
        "title": "Spring",
        "brand": {"id": "x", "name": "X", **({"category": brand} if brand else {})},
        "markets": ["GB"],
        "campaign": {"category": category} if category else {"product": "Gloves"},
        "shortlist": [jo],
        **more,
    }
    (folder / "brief.json").write_text(json.dumps(record, indent=1))


def report(folder: Path) -> Report:
    (found,) = api.check_briefs([folder], as_of=TODAY)
    return found


def statuses(found: Report) -> dict[str, str]:
    return {o.rule: o.status for subject in found.subjects for o in subject.outcomes}


def line_of(folder: Path, number: int) -> str:
    return (folder / "brief.json").read_text().splitlines()[number - 1]


@pytest.mark.parametrize("category", ["giin", "gni", "Whiskie", "alchohol", "craft-bear"])
def test_what_may_be_a_slip_leaves_the_rules_that_are_meant_unknown(
    category: str, tmp_path: Path
) -> None:
    write(tmp_path, category)
    found = report(tmp_path)
    said = statuses(found)
    assert {rule for rule in ALCOHOL if said[rule] == "unknown"} == ALCOHOL
    (brief,) = (subject for subject in found.subjects if subject.kind == "brief")
    assert {outcome.rule for outcome in brief.outcomes} >= ALCOHOL
    (warning,) = found.warnings
    assert f'no vocabulary of categories knows "{category}"' in warning.message
    assert warning.hint.startswith("Did you mean")
    assert category in line_of(tmp_path, warning.position.line)


def test_the_right_word_asks_about_the_influencer_instead(tmp_path: Path) -> None:
    write(tmp_path, "gin")
    found = report(tmp_path)
    assert not found.warnings
    (jo,) = (subject for subject in found.subjects if subject.kind == "influencer")
    assert {outcome.rule for outcome in jo.outcomes} >= ALCOHOL


def test_a_slip_in_the_campaigns_category_does_not_bring_the_brands_back(tmp_path: Path) -> None:
    write(tmp_path, "giin", brand="toys")
    found = report(tmp_path)
    assert {statuses(found)[rule] for rule in ALCOHOL} == {"unknown"}


def test_the_brands_category_is_looked_at_where_the_campaign_has_none(tmp_path: Path) -> None:
    write(tmp_path, "", brand="giin")
    found = report(tmp_path)
    assert {statuses(found)[rule] for rule in ALCOHOL} == {"unknown"}
    assert "giin" in line_of(tmp_path, found.warnings[0].position.line)


def test_a_word_that_is_like_no_other_leaves_the_brief_undecided(tmp_path: Path) -> None:
    write(tmp_path, "garden gnomes")
    found = report(tmp_path)
    (warning,) = found.warnings
    for category in ("alcohol", "gambling", "food", "medicines"):
        assert category in warning.message
    assert {statuses(found)[rule] for rule in ALCOHOL} == {"skipped"}
    assert by_brief(found)["category-known"] == "unknown"


def test_the_nearest_word_is_named(tmp_path: Path) -> None:
    write(tmp_path, "giin")
    (warning,) = report(tmp_path).warnings
    assert warning.hint.startswith("Did you mean")
    assert "checker words" in warning.hint


@pytest.mark.parametrize("category", ["hair accessories", "skin care", "Knitwear", "toys"])
def test_a_known_category_or_topic_is_no_news(category: str, tmp_path: Path) -> None:
    write(tmp_path, category)
    assert not report(tmp_path).warnings


def test_where_no_rule_asks_for_a_category_there_is_nothing_to_say(tmp_path: Path) -> None:
    write(tmp_path, "giin", markets=["JP"])
    assert not report(tmp_path).warnings


@pytest.mark.parametrize("word", ["giin", "garden gnomes"])
def test_a_word_of_ones_own_vocabulary_is_known(word: str, tmp_path: Path) -> None:
    write(tmp_path, word)
    table = f"  categories: {{kind: vocabulary, source: ours, words: {{{word}: []}}}}\n"
    ours = f"pack: ours\nversion: 1.0.0\ntitle: Ours\ntables:\n{table}"
    (tmp_path / "ours.yaml").write_text(ours)
    (tmp_path / "checker.yaml").write_text("packs: [handbook, law, ours.yaml]\n")
    found = report(tmp_path)
    assert not found.warnings
    assert statuses(found).get("alcohol-age-gb", "skipped") == "skipped"


def test_a_word_that_a_rule_of_ones_own_is_for_is_known(tmp_path: Path) -> None:
    write(tmp_path, "garden gnomes")
    (tmp_path / "ours.yaml").write_text(
        "pack: ours\nversion: 1.0.0\ntitle: Ours\napplies: {categories: [garden gnomes]}\n"
        "tables: {categories: {kind: vocabulary, source: ours, words: {garden gnomes: []}}}\n"
        "rules:\n  - id: gnomes\n    title: Enough followers\n    scope: influencer\n"
        "    severity: error\n    source: ours\n    require: influencer.followers >= 10_000\n"
    )
    (tmp_path / "checker.yaml").write_text("packs: [handbook, law, ours.yaml]\n")
    found = report(tmp_path)
    assert not found.warnings
    assert statuses(found)["gnomes"] == "pass"


def by_brief(found: Report) -> dict[str, str]:
    (brief,) = (subject for subject in found.subjects if subject.kind == "brief")
    return {outcome.rule: outcome.status for outcome in brief.outcomes}


def test_the_reason_and_the_evidence_quote_the_slip(tmp_path: Path) -> None:
    write(tmp_path, "giin")
    found = report(tmp_path)
    (outcome,) = (
        each for subject in found.subjects for each in subject.outcomes if each.rule == GIN_AGE
    )
    assert 'no vocabulary of categories knows "giin"' in outcome.reason
    assert outcome.ask_for == ('what is meant by "giin"',)
    (read,) = (each for each in outcome.evidence if each.path == "brief.campaign.category")
    assert (read.text, read.value) == ("giin", "giin")


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("exists(brief.campaign.category)", "pass"),
        ("brief.campaign.category != 'gin'", "unknown"),
        ("default(brief.campaign.category, brand.category) == 'toys'", "unknown"),
    ],
)
def test_a_slip_is_there_and_its_value_is_unknown(
    condition: str, status: str, tmp_path: Path
) -> None:
    write(tmp_path, "giin", brand="toys")
    (tmp_path / "ours.yaml").write_text(
        "pack: ours\nversion: 1.0.0\ntitle: Ours\nrules:\n  - id: category\n    title: T\n"
        f"    scope: brief\n    severity: error\n    source: ours\n    require: {condition}\n"
    )
    (tmp_path / "checker.yaml").write_text("packs: [handbook, law, ours.yaml]\n")
    assert by_brief(report(tmp_path))["category"] == status


def test_screening_leaves_the_rules_that_are_meant_unknown_too(tmp_path: Path) -> None:
    pytest.importorskip("msgspec")
    write(tmp_path, "giin")
    (tmp_path / "checker.yaml").write_text("packs: [handbook, law, trade]\n")
    banned = {"brand": "Combe", "category": "giin", "until": "2026-12-31"}
    jo = {"id": "jo", "handle": "@jo", "platform": "instagram", "followers": 20_000}
    (tmp_path / "all.ndjson").write_text(json.dumps({**jo, "exclusivity": [banned]}) + "\n")
    done = process("screen", "brief.json", "all.ndjson", "--as-of", "2026-03-02", folder=tmp_path)
    assert (done.code, done.err) == (1, "")
    said = 'cannot tell whether this rule applies: no vocabulary of categories knows "giin"'
    assert said in " ".join(done.out.split())
    assert "0 pass, 0 fail, 1 undecided" in done.out


def test_which_rules_apply_is_unknown_for_a_slip(tmp_path: Path) -> None:
    write(tmp_path, "giin")
    found = {row[0]: row[1] for row in api_rules.rules_for(tmp_path / "brief.json", as_of=TODAY)}
    assert {found[rule] for rule in ALCOHOL} == {"unknown"}
