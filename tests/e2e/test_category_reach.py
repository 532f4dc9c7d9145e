"""Which packs are asked: those of the category, and where it is unknown, all that may be meant."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from checker import api

# Packs for Great Britain that are for some categories.
FOR_CATEGORIES = {
    *("alcohol-gb", "cosmetic-gb", "finance-gb", "food-gb", "gambling-gb", "medicines-gb"),
    "vaping-gb",
}


def asked(folder: Path, category: str, **more: list[str]) -> set[str]:
    record = {
        "id": "spring",
        "title": "Spring",
        "brand": {"id": "x", "name": "X"},
        "markets": ["GB"],
        "campaign": {"category": category},
        "shortlist": [{"id": "jo", "handle": "@jo", "platform": "instagram", "followers": 2000}],
        **more,
    }
    (folder / "brief.json").write_text(json.dumps(record))
    (found,) = api.check_briefs([folder], as_of=date(2026, 3, 2))
    return {pack.name for pack in found.packs} & FOR_CATEGORIES


@pytest.mark.parametrize("category", ["hair accessories", "Knitwear", "skin care", "scarf"])
def test_a_known_category_or_topic_leaves_the_others_packs_out(
    category: str, tmp_path: Path
) -> None:
    assert asked(tmp_path, category) == set()


@pytest.mark.parametrize("category", ["gin", "Whisky", "craft-beer"])
def test_a_known_category_brings_its_packs(category: str, tmp_path: Path) -> None:
    assert asked(tmp_path, category) == {"alcohol-gb"}


@pytest.mark.parametrize("category", ["giin", "gni", "Whiskie", "alchohol", "craft-bear"])
def test_what_may_be_a_slip_brings_the_packs_that_are_meant(category: str, tmp_path: Path) -> None:
    assert asked(tmp_path, category) == {"alcohol-gb"}


@pytest.mark.parametrize("category", ["garden gnomes", "zorbing balls"])
def test_what_is_like_no_category_brings_all_of_the_market(category: str, tmp_path: Path) -> None:
    assert asked(tmp_path, category) == FOR_CATEGORIES
    assert asked(tmp_path, category, markets=["JP"]) == set()


@pytest.mark.parametrize("packs", ["[ours.yaml, handbook, law]", "[handbook, ours.yaml, law]"])
def test_a_word_of_ones_own_vocabulary_is_known(packs: str, tmp_path: Path) -> None:
    table = "  categories: {kind: vocabulary, source: ours, words: {garden gnomes: [giin]}}\n"
    ours = f"pack: ours\nversion: 1.0.0\ntitle: Ours\ntables:\n{table}"
    (tmp_path / "ours.yaml").write_text(ours)
    (tmp_path / "checker.yaml").write_text(f"packs: {packs}\n")
    assert asked(tmp_path, "garden gnomes") == set()
    assert asked(tmp_path, "giin") == set()
