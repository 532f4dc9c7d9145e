"""Lines are taken and refused as `checker check` does it, and every value is the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import pytest

from checker.language.accounts import account_of, id_key
from checker.language.columns.stored import StoredRecords
from checker.loading.json_text import read_json
from checker.loading.shortlist import influencer_record
from checker.loading.source import SourceFile
from checker.loading.validation import RecordSchemas, known_nulls_left_out, validate
from checker.model.diagnostics import InputError
from checker.model.types import RecordType
from checker.screening.reading.blocks import Block
from checker.screening.reading.decoding import Decoder, Gathering
from checker.screening.reading.pieces import Lines, lines_in
from checker.screening.reading.reader import Reader
from tests.bulk import roster
from tests.reading.bound import Row, plainly, shown, stored
from tests.reading.made import EXTRA, lines

SCHEMAS = RecordSchemas(EXTRA)
TYPE = SCHEMAS.types["influencer"]
AUDIENCE = cast("RecordType", TYPE.fields["audience"].type)
KEEP = ("crm",)
PERSON: Mapping[str, Any] = {
    "id": "tiktok/jo",
    "handle": "@jo",
    "platform": "tiktok",
    "followers": 5000,
}


def read(texts: Sequence[str], keep: Sequence[str] = KEEP) -> Block:
    written = [text.encode("utf-8", "surrogatepass") for text in texts]
    piece = Lines(written, np.arange(1, len(texts) + 1), by_column=True)
    return Reader(SCHEMAS, keep).read(piece, "people.ndjson")


def checked(number: int, text: str) -> tuple[Any, list[str]]:
    """Return the plain record of a line as `checker check` reads it, and what is wrong."""
    try:
        line = SourceFile("people.ndjson", text, only_line=number)
        document = read_json(line)
    except InputError as error:
        return None, [each.message for each in error.diagnostics]
    data = known_nulls_left_out("influencer", document, schemas=SCHEMAS)
    if isinstance(data, dict):
        data = {name: value for name, value in data.items() if name not in KEEP}
    found = validate(
        "influencer", data, document.locate, locate_key=document.locate_key, schemas=SCHEMAS
    )
    if not found:
        plain = {name: each for name, each in document.data.items() if name not in KEEP}
        data = influencer_record(plain, document.locate).data
    return data, [each.message for each in found]


def agree(texts: Sequence[str]) -> int:
    """See that lines are read as `checker check` reads them; return how many can be used."""
    block = read(texts)
    usable = {number: place for place, number in enumerate(block.numbers.tolist())}
    refused = {each.line: each.reasons for each in block.refused}
    assert not usable.keys() & refused.keys()
    assert sorted(refused) == [each.line for each in block.refused]
    for number, text in enumerate(texts, start=1):
        if not text.strip():
            assert number not in usable and number not in refused
            continue
        plain, wrong = checked(number, text)
        if wrong:
            assert [reason.partition(": ")[2] or reason for reason in refused[number]] == [
                each if reason.startswith("column ") else each.partition(": ")[2] or each
                for each, reason in zip(wrong, refused[number], strict=True)
            ], text
        else:
            place = usable[number]
            assert stored(block.records, place, TYPE) == plainly(plain, TYPE), text
            assert block.record(place).data == plain
    return len(usable)


@pytest.mark.parametrize("seed", range(8))
def test_lines_are_read_as_check_reads_them(seed: int) -> None:
    assert agree(list(lines(400, seed))) > 80


@pytest.mark.parametrize("wanted", [(), (("audience", "age"), ("rates", "currency"), ("extra",))])
def test_what_nobody_asks_for_is_validated_all_the_same(wanted: Sequence[tuple[str, ...]]) -> None:
    texts = list(lines(400, 77))
    piece = Lines([text.encode() for text in texts], np.arange(1, 401), by_column=True)
    block, whole = Reader(SCHEMAS, KEEP, wanted).read(piece, ""), read(texts)
    assert block.refused == whole.refused
    assert block.keys() == whole.keys()
    assert "average_monthly_views" not in block.records.fields
    if wanted:
        found, other = (each.records.fields["audience"] for each in (block, whole))
        assert isinstance(found, StoredRecords) and isinstance(other, StoredRecords)
        assert set(found.fields) < set(other.fields)
        for place in range(len(block)):
            ages = [
                Row(each, place).record(each, place, AUDIENCE).get("age") for each in (found, other)
            ]
            assert shown(ages[0]) == shown(ages[1])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_blocks_may_be_small(count: int) -> None:
    assert agree(list(roster.lines(count))) == count


def test_what_is_only_odd_is_decoded_at_once() -> None:
    plain = [json.loads(text) for text in roster.lines(300, seed=9)]
    texts = list(roster.lines(300, seed=5, odd_share=1.0))
    texts += [json.dumps(dict(reversed(each.items())), separators=(", ", " : ")) for each in plain]
    texts += [json.dumps({**each, "person": None, "extra": {"rating": None}}) for each in plain]
    texts += [json.dumps({**each, "followers": 5.0, "provider": 'é "\\'}) for each in plain]
    texts += [json.dumps({**each, "sponsored_share": "12.5%", "topics": None}) for each in plain]
    texts += [
        json.dumps({**each, "audience": {"age": {"18-24": "5%", "65+": None}}}) for each in plain
    ]
    texts += [f'\t {{"person": "a:b", {json.dumps(each)[1:]} \r' for each in plain]
    made = Decoder(Reader(SCHEMAS).part)
    left = made.decode([text.encode() for text in texts], Gathering(made))
    # A person may have been there before.
    assert all(texts[place].count('"person"') == 2 for place in left)
    assert len(left) < 60


def test_labels_that_look_like_lists_are_taken_where_they_are_words() -> None:
    labels = (
        "beauty, gambling",
        "n/a",
        "#gambling",
        "#zorbing",
        "hair/zorbing",
        "R&B",
        "🌿",
        "tbc",
    )
    texts = [json.dumps({**PERSON, "topics": ["hair", each]}) for each in labels]
    texts += [json.dumps({**PERSON, "observed": {each: 0.1}}) for each in labels]
    texts += [json.dumps({**PERSON, "sponsorships": [{"brand": each}]}) for each in labels]
    texts.append(json.dumps({**PERSON, "sponsorships": [{"brand": "Curlwell, Inc."}]}))
    assert agree(texts) == 13


def test_two_of_one_name_are_refused_at_any_depth() -> None:
    start = json.dumps(PERSON)[:-1]
    doubled = (
        '"handle": "@jo"',
        '"h\\u0061ndle": "@jo"',
        '"person": null, "person": null',
        '"person": "a", "person": null',
        '"provider": "a: null", "provider": "b"',
        '"provider": "\\u003a", "handle": "\\u003a"',
        '"engagement": {"rate": 0.1, "rate": 0.1}',
        '"engagement": {"rate": {"min": 0.1, "min": 0.1}}',
        '"audience": {"age": {"18-24": 0.1, "18-24": 0.1}}',
        '"history": [{"date": "2026-01-01", "followers": 1, "followers": 1}]',
        '"extra": {"mine": {"a": [{"b": 1, "b": 1}]}}',
        '"extra": {"rating": 0.1, "rating": 0.1}',
        '"crm": {"a": 1, "a": 1}',
        '"crm": 1, "crm": 1',
    )
    block = read([f"{start}, {each}}}" for each in doubled])
    assert len(block) == 0
    assert all("is given twice" in each.reasons[0] for each in block.refused)


def test_numbers_are_as_python_reads_them() -> None:
    start = json.dumps(PERSON)[:-1]
    numbers = ["5.0", "1e3", "1E+2", "12e-1", "1e15", "0.30000000000000004", "2.5e-310", "-0"]
    numbers += ["9007199254740993e-3", "123456789.123456789123456789", "0.1e1", "1e-400"]
    assert agree([f'{start}, "extra": {{"score": {each}}}}}' for each in numbers]) == len(numbers)
    agree([json.dumps(PERSON).replace("5000", each) for each in numbers])


def test_columns_are_carried_through() -> None:
    texts = [
        json.dumps({**PERSON, "crm": 17, "tags": ["a", {"b": None, "c": 0.5}], "note": 'say "é"'}),
        json.dumps({**PERSON, "id": "b", "crm": None, "topics": ["x"], "note": 5e-07}),
    ]
    kept = read(texts, ("crm", "tags", "note", "topics", "followers", "nothing")).kept
    assert kept == {
        "crm": ["17", None],
        "tags": ['["a",{"c":0.5}]', None],
        "note": ['say "é"', "5e-07"],
        "topics": [None, '["x"]'],
        "followers": ["5000", "5000"],
        "nothing": [None, None],
    }


def test_what_is_carried_through_is_read_strictly_too() -> None:
    deep = "[" * 64 + "]" * 64
    start = json.dumps(PERSON)[:-1]
    block = read(
        [f'{start}, "crm": {each}}}' for each in (deep, "1e16", "[1e400]", '"\\ud800"', "{}")]
    )
    assert block.numbers.tolist() == [5]


def test_text_that_is_no_utf8_is_refused_by_line() -> None:
    good = json.dumps(PERSON).encode()
    bad = good.replace(b"@jo", b"@\xff")
    piece = Lines([good, bad, good + b"\xff", good], np.arange(7, 11))
    block = Reader(SCHEMAS).read(piece, "people.ndjson")
    assert block.numbers.tolist() == [7, 10]
    assert {each.reasons for each in block.refused} == {("the text is not UTF-8 (byte 0xff)",)}


def test_lines_end_as_they_do_for_check() -> None:
    for data in (b"a\nb", b"a\r\nb\r\n", b"a\rb\r", b"a\r\n\rb\n\n\x0cc", b"", b"\n", b"\r"):
        split = data.split(b"\n")
        assert lines_in(data) == (split if split[-1] else split[:-1])
    text = json.dumps(PERSON)
    agree(
        [f"{text}\r", f"{text}\r{text}", "\r", "\x0c", "\x85", f"\u2028{text}", f"{text[:-1]}\r}}"]
    )


def test_hashes_tell_ids_apart_and_are_the_same_everywhere() -> None:
    ids = [f"{name}/{'x' * number}é{number}" for number in range(900) for name in ("a", "b", "ab")]
    found, _ = read([json.dumps({**PERSON, "id": each}) for each in ids]).hashes()
    assert len(set(found.tolist())) == len(ids)
    again, accounts = read([json.dumps({**PERSON, "id": ids[at]}) for at in (5, 8, 7, 5)]).hashes()
    assert again.tolist() == [found[5], found[8], found[7], found[5]]
    assert set(accounts.tolist()) == {13200952405270729980}


@pytest.mark.parametrize("platform", ["instagram", "tiktok", "youtube", "blog", "pinterest"])
def test_handles_and_accounts_are_those_of_check(platform: str) -> None:
    handles = [
        *(
            "@jo",
            "Jo.Anna",
            "@Jo_1",
            " jo ",
            "@@jo",
            "@",
            "\u200bjo",
            '="jo"',
            "'jo",
            "jo/",
            "É.jo",
        ),
        *(
            "https://www.instagram.com/Jo/?hl=en",
            "instagram.com",
            "instagram.com/jo",
            "m.youtube.com/@J",
        ),
        *("tiktok.com/@Jo", "https://tiktok.com/tag/jo", "jo.com", "maisie.braids", "pinterest.1"),
        *(
            "https://jo.example/about",
            "x" * 1500,
            "-",
            ".",
            "a.b.c1",
            "pinterest.co.uk/jo",
            "youtu.be",
        ),
    ]
    ids = [f"{platform}/{each}" for each in handles]
    pairs = [*zip(ids, handles, strict=True), *zip(handles, handles, strict=True)]
    texts = [json.dumps({**PERSON, "platform": platform, "id": i, "handle": h}) for i, h in pairs]
    agree(texts)
    block = read(texts)
    people = [block.record(place).data for place in range(len(block))]
    keys = [(id_key(each["id"]), account_of(each)) for each in people]
    assert list(zip(*block.keys(), strict=True)) == keys
    assert block.texts("handle") == [each["handle"] for each in people]
