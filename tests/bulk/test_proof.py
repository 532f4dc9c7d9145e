"""No line that is proved is one that the strict reader refuses or reads otherwise."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pytest

from checker.bulk.layout import Layout
from checker.bulk.lines import lines_in
from checker.bulk.proof import proof
from checker.bulk.reading import RECORD, Reading
from checker.loading.json_text import read_json
from checker.loading.schemas import record_schema, record_types
from checker.loading.source import SourceFile
from checker.loading.validation import validate
from checker.model.diagnostics import InputError
from tests.bulk.roster import lines

_TYPE = record_types()["influencer"]
_WORDS = {
    "topics": {"haircare": "hair care", "parenting": "family", "crème": "cream"},
    "categories": {"trainers": "footwear"},
}
# What a careless writer, or a hostile one, puts into a line.
_PIECES = (
    *("true", "false", "null", "NaN", "-inf", "1e999", "0", "1", "-1", "0.5", "1.5", '"45"', '"1"'),
    *("{}", "[]", "[5]", "[null]", '""', '" "', '"-"', '"true"', '"\\u0041"', '"é"', '"2026-3-2"'),
    *('"a":null,', '"a":1,', '"id":"x",', '"GB":0.1,', ",", ":", "{", "}", "[", "]", '"', "\\"),
)  # fmt: skip
_TOKENS = ('"', ",", ":", "{", "}", "[", "]", "0", "1", "e", "-")


def _layout(*, ranges: bool) -> Layout:
    return Layout(_TYPE, ranges=ranges, vocabularies=_WORDS)


def mutated(made: random.Random, text: str) -> str:
    """Change a line in one to three places."""
    for _ in range(made.randint(1, 3)):
        at = made.randrange(len(text))
        choice = made.random()
        if choice < 0.4:
            text = _value_replaced(made, text, at)
        elif choice < 0.6:
            text = text[:at] + made.choice(_PIECES) + text[at:]
        elif choice < 0.8:
            text = text[:at] + text[at + made.randint(1, 4) :]
        else:
            text = text[:at] + made.choice(_TOKENS) + text[at + 1 :]
    return text.replace("\n", " ") or "x"


def _value_replaced(made: random.Random, text: str, at: int) -> str:
    """Put something else in the place of the value behind the next colon."""
    start = text.find(": ", at)
    ends = [end for end in (text.find(mark, start + 2) for mark in ",}]") if end > 0]
    if start < 0 or not ends:
        return text
    return text[: start + 2] + made.choice(_PIECES) + text[min(ends) :]


def proved(texts: list[str], *, ranges: bool) -> list[tuple[Any, bool]]:
    """Return the record that is read from each line that is proved, else None; and the form.

    `ranges`: all lines are read as if they held ranges.
    """
    lines = lines_in("".join(f"{text}\n" for text in texts).encode(), 1)
    proofs = [proof(record_schema("influencer"), _layout(ranges=each)) for each in (False, True)]
    if ranges:
        rows, offsets = lines.bounds
        every = np.concatenate([rows, np.arange(len(texts))])
        lines = replace(lines, bounds=(every, np.concatenate([offsets, 0 * every[len(rows) :]])))
    with duckdb.connect() as connection:
        found = Reading(connection, "0", (proofs[0], proofs[1])).read(lines)
    records: dict[int, Any] = {}
    for part in found.parts:
        if part is not None:
            records.update(zip(part.places.tolist(), part.rows[RECORD].to_pylist(), strict=True))
    assert sorted([*records, *found.left]) == [*range(len(texts))]
    forms = lines.ranged.tolist()
    return [(records.get(place), form) for place, form in enumerate(forms)]


def plain(value: Any) -> Any:
    """Return what DuckDB read without what is missing, as JSON writes it."""
    if isinstance(value, dict):
        return {k: plain(each) for k, each in value.items() if each is not None}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("ranges", [False, True])
def test_what_is_proved_is_valid_and_read_alike(ranges: bool) -> None:
    made = random.Random(7)
    whole = list(lines(1500, seed=3))
    texts = [mutated(made, text) for text in whole for _ in range(4)]
    found = proved(texts, ranges=ranges)
    count = 0
    for text, (record, form) in zip(texts, found, strict=True):
        if record is None:
            continue
        count += 1
        document = read_json(SourceFile("line", text))
        assert validate("influencer", document.data, document.locate) == [], text
        assert plain(record) == _layout(ranges=form).row(document.data), text
    assert count > 80


def test_nearly_all_of_a_clean_roster_is_proved() -> None:
    texts = list(lines(1000))
    found = proved(texts, ranges=True)
    assert sum(record is not None for record, _ in found) >= 990


def test_what_the_reader_refuses_is_not_proved() -> None:
    texts = list(lines(300, broken_share=1.0))
    for text, (record, _) in zip(texts, proved(texts, ranges=True), strict=True):
        try:
            document = read_json(SourceFile("line", text))
            wrong = bool(validate("influencer", document.data, document.locate))
        except InputError:
            wrong = True
        assert wrong
        assert record is None, json.dumps(text)


def test_labels_come_with_their_keys() -> None:
    person = {
        "id": "a",
        "handle": "@a",
        "platform": "tiktok",
        "followers": 900,
        "as_of": "2026-03-02",
        "provider": "us",
        "topics": ["HairCare", "CRE\u0300ME", "\uff33\uff4b\uff49\uff4e care", "Stra\u00dfe"],
        "sponsorships": [{"brand": "L\u2019Or\u00e9al", "category": "Trainers"}],
        "observed": {"Haircare": 0.5, "\u00c9t\u00e9": 0.25},
    }
    ((record, _),) = proved([json.dumps(person, ensure_ascii=False)], ranges=False)
    assert record is not None
    found = plain(record)
    assert [each["w"] for each in found["topics"]] == person["topics"]
    keys = [each["k"] for each in found["topics"]]
    assert keys == ["hair care", "cream", "skin care", "strasse"]
    category = {"w": "Trainers", "k": "footwear", "p": "trainers"}
    assert found["sponsorships"][0]["category"] == category
    assert found["observed"] == {"k": ["hair care", "\u00e9t\u00e9"], "v": [0.5, 0.25]}
    assert found == _layout(ranges=False).row(person)


def test_two_names_of_one_label_are_left_to_the_evaluator() -> None:
    head = '{"id": "a", "handle": "@a", "platform": "tiktok", "followers": 9, '
    head += '"as_of": "2026-03-02", "provider": "us", "observed": '
    both, one = '{"haircare": 0.5, "Hair care": 0.25}}', '{"haircare": 0.5}}'
    found = proved([head + one, head + both, head + '{"Hair care": 0.25}}'], ranges=False)
    assert [record and plain(record)["observed"] for record, _ in found] == [
        {"k": ["hair care"], "v": [0.5]},
        None,
        {"k": ["hair care"], "v": [0.25]},
    ]


def test_a_misspelt_name_of_a_range_is_not_proved() -> None:
    head = '{"id": "a", "handle": "@a", "platform": "tiktok", '
    texts = [
        head + '"followers": {"min": 900}}',
        head + '"followerz": {"min": 900}}',
        head + '"followers": 900, "engagement": {"ratX": {"min": 0.1}}}',
        head + '"followers": 900, "engagement": {"rate": {"min": 0.1}}}',
        head + '"followers": 900, "engagement": {"erate": {"max": 0.1}}}',
    ]
    found = [record is not None for record, _ in proved(texts, ranges=False)]
    assert found == [True, False, False, True, False]
