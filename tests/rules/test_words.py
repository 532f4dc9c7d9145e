"""The shipped vocabularies stay in order: one place for a word, both spellings, one and many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.language.text import canonical
from checker.loading.packs import load_pack

WORDS = Path(__file__).parents[2] / "rules/words.yaml"
TABLES = {
    name: {row["label"]: row["synonyms"] for row in table.rows}
    for name, table in load_pack(WORDS).tables.items()
}
EDITED = ("topics", "values")

# British and American spellings and words: who knows one knows the other.
SPELLINGS = (
    ("colour", "color"),
    ("colours", "colors"),
    ("humour", "humor"),
    ("candour", "candor"),
    ("glamour", "glamor"),
    ("behavioural", "behavioral"),
    ("neighbourliness", "neighborliness"),
    ("jewellery", "jewelry"),
    ("theatre", "theater"),
    ("travelling", "traveling"),
    ("snorkelling", "snorkeling"),
    ("ageing", "aging"),
    ("organising", "organizing"),
    ("organisation", "organization"),
    ("moustaches", "mustaches"),
    ("archaeology", "archeology"),
    ("aeroplanes", "airplanes"),
    ("maths", "math"),
    ("mums", "moms"),
    ("mum", "mom"),
    ("cosy", "cozy"),
    ("cosiness", "coziness"),
    ("watercolour", "watercolor"),
    ("watercolours", "watercolors"),
    ("racket", "racquet"),
    ("railways", "railroads"),
    ("trainers", "sneakers"),
    ("holidays", "vacations"),
    ("film", "movie"),
    ("films", "movies"),
    ("whisky", "whiskey"),
    ("takeaway", "takeout"),
    ("varnish", "polish"),
    ("homewares", "housewares"),
)

# Labels that end in s and have no singular that anybody would write.
ONLY_MANY = {
    "athletics",
    "christmas",
    "gymnastics",
    "news",
    "outdoors",
    "pilates",
    "politics",
    "tennis",
}


def every_word(table: str) -> Iterator[tuple[str, str]]:
    for label, synonyms in TABLES[table].items():
        for word in (label, *synonyms):
            yield word, label


def label_of(word: str, table: str) -> str | None:
    return next((label for each, label in every_word(table) if canonical(each) == word), None)


@pytest.mark.parametrize("table", TABLES)
def test_a_word_stands_once(table: str) -> None:
    places: dict[str, list[tuple[str, str]]] = {}
    for word, label in every_word(table):
        places.setdefault(canonical(word), []).append((word, label))
    assert {key: where for key, where in places.items() if len(where) > 1} == {}


@pytest.mark.parametrize("table", EDITED)
def test_lines_stand_in_the_order_of_the_alphabet(table: str) -> None:
    labels = list(TABLES[table])
    assert labels == sorted(labels)


@pytest.mark.parametrize("table", TABLES)
def test_words_are_written_as_people_read_them(table: str) -> None:
    for word, _ in every_word(table):
        assert word == " ".join(word.split()).lower()
        assert "_" not in word and "#" not in word


@pytest.mark.parametrize("table", EDITED)
@pytest.mark.parametrize("pair", SPELLINGS, ids=" ".join)
def test_british_and_american_spellings_are_one(table: str, pair: tuple[str, str]) -> None:
    missing = [
        (word, other)
        for word, label in every_word(table)
        for one, two in (pair, pair[::-1])
        if one in word.split()
        for other in (" ".join(two if part == one else part for part in word.split()),)
        if label_of(canonical(other), table) != label
    ]
    assert missing == []


@pytest.mark.parametrize("table", EDITED)
def test_a_label_of_many_knows_the_one(table: str) -> None:
    missing = []
    for label, synonyms in TABLES[table].items():
        many = label.split()[-1]
        if not many.endswith("s") or many.endswith("ss") or many in ONLY_MANY:
            continue
        ones = {many[:-1], re.sub("ies$", "y", many), re.sub("es$", "", many), "child"}
        wanted = {canonical(" ".join((*label.split()[:-1], one))) for one in ones}
        if not wanted & set(map(canonical, synonyms)):
            missing.append(label)
    assert missing == []


# A category meets topics where a rule asks whether somebody promotes what the brand avoids.
@pytest.mark.parametrize(
    ("category", "topic"),
    [
        ("alcohol", "alcohol"),
        ("spirits", "alcohol"),
        ("beer", "alcohol"),
        ("wine", "alcohol"),
        ("cider", "alcohol"),
        ("gambling", "gambling"),
        ("vaping", "vaping"),
        ("cosmetic procedures", "plastic surgery"),
        ("botox", "plastic surgery"),
    ],
)
def test_what_brands_avoid_is_found_under_any_word_for_the_product(
    category: str, topic: str
) -> None:
    words = (category, *TABLES["categories"][category])
    assert [word for word in words if label_of(canonical(word), "topics") != topic] == []


@pytest.mark.parametrize(
    ("table", "word", "label"),
    [
        ("topics", "Skin_Care Routine", "skin care"),
        ("topics", "soccer", "football"),
        ("topics", "Food and Drink", "food"),
        ("topics", "eBikes", None),
        ("topics", "Roulette Tips", None),
        ("topics", "football", "football"),
        ("topics", "running", "running"),
        ("values", "Eco-Friendly", "environment"),
        ("values", "Cruelty Free", "animal welfare"),
        ("values", "vegan", "vegan"),
    ],
)
def test_some_words(table: str, word: str, label: str | None) -> None:
    assert label_of(canonical(word), table) == label


def test_the_file_can_be_read_without_scrolling_sideways() -> None:
    lines = WORDS.read_text("utf-8").splitlines()
    assert max(map(len, lines)) <= 100
    assert len(lines) < 400
