"""Whatever kind of file holds the rows, the same arrays come of them."""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checker.loading.importing.mapping_file import load_mapping
from checker.model.diagnostics import InputError
from checker.screening.reading.blocks import Block
from checker.screening.reading.files import kept_as, pieces_of
from checker.screening.reading.pieces import Batch
from checker.screening.reading.reader import Reader
from checker.screening.reading.sources import Opened, find_sources
from tests.bulk import roster
from tests.reading.bound import plainly, shown, stored
from tests.reading.test_lines import PERSON, SCHEMAS, TYPE, checked, read

DEAL = SCHEMAS.types["deal"]


def blocks(path: Path, **options: Any) -> list[Block]:
    reader = Reader(SCHEMAS, options.get("keep", ()))
    found = []
    for source in find_sources([path]):
        with Opened(source) as opened:
            pieces = pieces_of(opened, SCHEMAS, **options)
            found += [reader.read(piece, source.shown) for piece in pieces]
    return found


def people(path: Path, **options: Any) -> list[tuple[int, Any]]:
    """Return the number of each row of a file, and what it became."""
    found = []
    for block in blocks(path, **options):
        for place, number in enumerate(block.numbers.tolist()):
            found.append((number, stored(block.records, place, TYPE)))
            assert unlike(plainly(block.record(place).data, TYPE)) == unlike(found[-1][1])
    return found


def bare(count: int, *, seed: int = 1) -> list[dict[str, Any]]:
    """Return made-up people without ranges: in one column a number and a range cannot stand."""
    found = [json.loads(text) for text in roster.lines(count * 3, seed=seed)]
    return [each for each in found if '"min"' not in json.dumps(each)][:count]


def unlike(value: Any) -> Any:
    """Return a value without its order of names, and without what is missing."""
    if isinstance(value, dict):
        return {name: unlike(each) for name, each in value.items() if each is not None}
    if isinstance(value, tuple) and value[0] == "shares":
        return sorted(value[1])
    return [unlike(each) for each in value] if isinstance(value, list) else value


def test_a_roster_is_the_same_in_every_file(tmp_path: Path) -> None:
    persons = bare(300)
    text = "".join(json.dumps(each) + "\n" for each in persons)
    (tmp_path / "a.ndjson").write_text(text)
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "a.jsonl.bz2").write_bytes(bz2.compress(text.encode()))
    with pa.CompressedOutputStream(tmp_path / "a.ndjson.zst", "zstd") as packed:
        packed.write(text.encode())
    (tmp_path / "b.ndjson").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    (tmp_path / "a.json").write_text(json.dumps(persons))
    (tmp_path / "b.json").write_text(json.dumps(persons, indent=1))
    pq.write_table(pa.Table.from_batches([batch(persons)]), tmp_path / "a.parquet")
    wanted = [plainly(each, TYPE) for each in persons]
    for path in sorted(tmp_path.iterdir()):
        found = people(path, block=50_000)
        assert [unlike(each) for _, each in found] == [unlike(each) for each in wanted], path
    numbers = [number for number, _ in people(tmp_path / "a.ndjson", block=1000)]
    assert numbers == list(range(1, 301))


def _cells(record: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Write a record as cells of a table; lists of records have no cell."""
    cells = {}
    for name, value in record.items():
        if isinstance(value, dict) and {"min", "max"} & value.keys():
            cells[prefix + name] = f"{value['min']}-{value['max']}"
        elif isinstance(value, dict):
            cells |= _cells(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            cells[prefix + name] = ";".join(value)
        else:
            cells[prefix + name] = str(value).lower() if isinstance(value, bool) else str(value)
    return cells


def test_a_table_gives_influencers_and_the_terms_of_deals(tmp_path: Path) -> None:
    persons = [json.loads(text) for text in roster.lines(200, seed=4)]
    for each in persons:
        for name in ("history", "sponsorships", "exclusivity", "observed"):
            each.pop(name, None)
    rows = [_cells(each) for each in persons]
    for number, row in enumerate(rows):
        if number % 3 == 0:
            row |= {"fee": "400-600" if number % 2 else "350.5", "currency": "GBP"}
        if number % 9 == 0:
            row |= {"deliverables": "post*2;story", "extra.bonus": "5", "state": "agreed"}
    rows.append({**_cells(PERSON), "fee": "much"})
    rows.append({**_cells(PERSON), "followers": "-3"})
    rows.append({**_cells(PERSON), "contract.date": "2026-02-30"})
    with (tmp_path / "a.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
    (block,) = blocks(tmp_path / "a.csv")
    assert block.numbers.tolist() == list(range(2, 202))
    assert len(block.refused) == 3
    assert block.deals is not None
    for place, person in enumerate(persons):
        assert unlike(stored(block.records, place, TYPE)) == unlike(plainly(person, TYPE))
        terms = block.deal(place).data
        assert bool(block.deals.present[place]) == bool(terms) == (place % 3 == 0)
        if terms:
            assert stored(block.deals, place, DEAL) == plainly(terms, DEAL)
            assert terms["currency"] == "GBP"


def test_other_peoples_files_are_read_by_a_mapping(tmp_path: Path) -> None:
    mapping = tmp_path / "crm.yaml"
    mapping.write_text(
        "mapping: crm\ntitle: Ours\nversion: 1.0.0\ninput: json\nfields:\n"
        "  id: {from: key, unit: text}\n  handle: {from: name, unit: text}\n"
        "  platform: {from: where, unit: text}\n  followers: {from: fans, unit: count}\n"
    )
    loaded = load_mapping(mapping, schemas=SCHEMAS)
    rows = [
        {"key": "a", "name": "@a", "where": "tiktok", "fans": 5000, "team": "x"},
        {"key": "b", "name": "@b", "where": "tiktok", "fans": "many", "team": "y"},
        {"key": "c", "name": "@c", "where": "tiktok", "fans": 10, "handle": "z"},
    ]
    (tmp_path / "a.ndjson").write_text("".join(json.dumps(each) + "\n" for each in rows) + "{\n\n")
    keep = ("team", "handle")
    members = [kept_as(name, mapped=True) for name in keep]
    (source,) = find_sources([tmp_path / "a.ndjson"])
    with Opened(source) as opened:
        pieces = pieces_of(opened, SCHEMAS, keep=keep, mapping=loaded)
        (block,) = [Reader(SCHEMAS, members).read(piece, "a") for piece in pieces]
    assert block.numbers.tolist() == [1, 3]
    assert [each.line for each in block.refused] == [2, 4]
    assert block.kept == {"keep: team": ["x", None], "keep: handle": [None, "z"]}
    assert block.texts("handle") == ["@a", "@c"]


def test_a_broken_list_is_refused_whole(tmp_path: Path) -> None:
    one = json.dumps(PERSON)
    path = tmp_path / "a.json"
    for text in (f"[{one},", f"[{one} {one}]", f"[{one}]]", f"[{one},]", "[" * 5000, '["\xff"]'):
        path.write_bytes(text.encode("latin-1"))
        with pytest.raises(InputError):
            blocks(path)
    path.write_text(one)
    assert [number for number, _ in people(path)] == [1]
    path.write_text(f"[\n{one},\n {{}}, 5]")
    (block,) = blocks(path)
    assert block.numbers.tolist() == [2]
    assert [each.line for each in block.refused] == [3, 3]


def test_a_packed_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson.gz"
    whole = gzip.compress("".join(json.dumps(PERSON) + "\n" for _ in range(9)).encode())
    path.write_bytes(whole[:-20])
    with pytest.raises(InputError):
        blocks(path)


# Parquet.


def batch(rows: Sequence[Mapping[str, Any]], **columns: pa.Array) -> pa.RecordBatch:
    names = dict.fromkeys(name for each in rows for name in each)
    made = {name: pa.array([each.get(name) for each in rows]) for name in names}
    return pa.RecordBatch.from_pydict({**made, **columns})


def agree(rows: pa.RecordBatch, lines: Sequence[Any]) -> Block:
    """See that typed rows are taken and refused as their lines are."""
    block = Reader(SCHEMAS).read(Batch(rows, 1), "a.parquet")
    texts = [json.dumps(each) for each in lines]
    other = read(texts)
    assert block.numbers.tolist() == other.numbers.tolist()
    for place in range(len(block)):
        found, wanted = (stored(each.records, place, TYPE) for each in (block, other))
        assert unlike(found) == unlike(wanted)
        assert unlike(plainly(block.record(place).data, TYPE)) == unlike(wanted)
    for mine, its in zip(block.refused, other.refused, strict=True):
        reasons = {reason.partition(": ")[2] for reason in its.reasons}
        assert mine.line == its.line and mine.id == its.id
        assert {*mine.reasons} == reasons
    return block


def _wrong(made: random.Random, record: dict[str, Any]) -> None:
    """Put something into a record that its column may hold and the record may not."""
    choices: list[Any] = [
        lambda: record.update(followers=-3),
        lambda: record.update(platform="Instagram"),
        lambda: record.update(id=" "),
        lambda: record.update(as_of="2026-02-30"),
        lambda: record.update(sponsored_share=1.5),
        lambda: record.update(topics=["a", "b", "a"]),
        lambda: record.update(topics=["a", "_"]),
        lambda: record.update(languages=["english"]),
        lambda: record.update(age_verified_over=130),
        lambda: record.update(observed={"beauty": 0.9, "home": 0.9}),
        lambda: record.update(handle=None),
        lambda: record.update(provider="x" * 100_001),
        lambda: record.update(exclusivity_group="x" * 201),
        lambda: record.get("audience", {}).update(age={"18-24": 0.1, "20-24": 0.1}),
        lambda: record.get("audience", {}).update(age={"24-18": 0.1}),
        lambda: record.get("audience", {}).update(country={"XX": 0.1}),
        lambda: record.get("audience", {}).update(gender={"female": 0.9, "male": 0.9}),
        lambda: record.update(history=[{"date": "2026-01-02", "followers": 5}] * 2),
        lambda: record.update(history=[{"followers": 5}]),
        lambda: record.update(exclusivity=[{"from": "2026-01-02", "until": "2026-01-01"}]),
    ]
    made.choice(choices)()


@pytest.mark.parametrize("seed", range(3))
def test_typed_rows_are_taken_and_refused_as_their_lines_are(seed: int) -> None:
    made = random.Random(seed)
    rows = bare(150, seed=seed)
    for each in rows:
        if made.random() < 0.4:
            _wrong(made, each)
    whole = batch(rows)
    lines = [unlike(each) for each in whole.to_pylist()]
    block = agree(whole, lines)
    assert 60 < len(block) < 140
    part = whole.slice(30, 60)
    agree(part, lines[30:90])


@pytest.mark.parametrize(
    "type_",
    [pa.int8(), pa.uint64(), pa.float32(), pa.float16(), pa.decimal128(9, 2), pa.decimal256(50, 2)],
)
def test_numbers_may_be_of_any_type(type_: pa.DataType) -> None:
    amounts: list[Any] = [0.1, 0.25, None, 1.0, 3.5, 100.0, 0.0]
    written: list[Any] = [each if each is None else Decimal(str(each)) for each in amounts]
    if pa.types.is_integer(type_):
        amounts = [each if each is None else int(each) for each in amounts]
    elif pa.types.is_decimal(type_):
        amounts = [int(each) if each and each == int(each) else each for each in amounts]
    column = pa.array(written if pa.types.is_decimal(type_) else amounts, type_)
    lines = [{**PERSON, "sponsored_share": each} for each in amounts]
    agree(batch([PERSON] * 7, sponsored_share=column), [unlike(each) for each in lines])
    lines = [{**PERSON, "followers": each} for each in amounts]
    agree(batch([PERSON] * 7, followers=column), [unlike(each) for each in lines])


def test_numbers_that_are_none_are_refused() -> None:
    nan = pa.array([float("nan"), float("inf"), -float("inf"), 0.5])
    block = agree(
        batch([PERSON] * 4, sponsored_share=nan),
        [{**PERSON, "sponsored_share": each} for each in nan.to_pylist()],
    )
    assert len(block) == 1
    ends = pa.StructArray.from_arrays([nan, nan], ["min", "max"])
    assert len(Reader(SCHEMAS).read(Batch(batch([PERSON] * 4, followers=ends), 1), "a")) == 0


def test_ranges_are_structs() -> None:
    ranges: list[Any] = [{"min": 4, "max": 6}, {"min": 1}, {"max": 9}, {"min": 9, "max": 3}, {}]
    ranges += [{"min": -1, "max": 3}, None, {"min": 5, "max": 5}]
    type_ = pa.struct([("min", pa.int64()), ("max", pa.int32())])
    lines = [unlike({**PERSON, "followers": each}) for each in ranges]
    block = agree(batch([PERSON] * 8, followers=pa.array(ranges, type_)), lines)
    assert block.numbers.tolist() == [1, 2, 3, 8]


def test_shares_may_be_maps() -> None:
    shares: list[Any] = [{"GB": 0.7, "US": 0.2}, {"US": 1.0}, None, {"XX": 0.5}, {}, {"GB": None}]
    shares += [{"GB": 0.9, "US": 0.9}, {"FR": None, "GB": 0.5}]
    map_ = pa.map_(pa.string(), pa.float64())
    given = [None if each is None else list(each.items()) for each in shares]
    column = pa.StructArray.from_arrays([pa.array(given, map_)], ["country"])
    lines = [unlike({**PERSON, "audience": {"country": each}}) for each in shares]
    agree(batch([PERSON] * 8, audience=column), lines)
    agree(batch([PERSON] * 5, audience=column[3:]), lines[3:])
    twice = pa.array([[("GB", 0.1), ("GB", 0.2)], [("GB", 0.1)]], map_)
    column = pa.StructArray.from_arrays([twice], ["country"])
    block = Reader(SCHEMAS).read(Batch(batch([PERSON] * 2, audience=column), 1), "a")
    assert block.numbers.tolist() == [2]
    assert block.refused[0].reasons == ('"GB" is given twice',)


def test_columns_of_other_types_are_read_value_by_value() -> None:
    day = date(2026, 3, 2)
    columns: Mapping[str, tuple[Any, list[Any]]] = {
        "sponsored_share": (pa.string(), ["12.5%", "12", None]),
        "as_of": (pa.date32(), [day, None, date(500, 1, 1)]),
        "topics": (pa.list_(pa.dictionary(pa.int8(), pa.string())), [["a"], ["a", "a"], []]),
        "languages": (pa.large_list(pa.large_string()), [["en"], ["uk", "xx"], None]),
        "formats": (pa.list_(pa.string(), 2), [["reel", "post"], ["reel", "reel"], None]),
        "country": (pa.dictionary(pa.int32(), pa.string()), ["GB", "UK", None]),
        "provider": (pa.string_view(), ["é", "", None]),
        "accepts_gifts": (pa.int8(), [1, None, 0]),
        "person": (pa.int64(), [5, None, 7]),
        "extra": (
            pa.struct([("rating", pa.string()), ("mine", pa.float64())]),
            [{"rating": "5%", "mine": 1.0}, {"rating": "x", "mine": None}, {"mine": 1e17}],
        ),
        "observed_period": (
            pa.struct([("from", pa.string()), ("until", pa.string())]),
            [{"from": "2026-01-02", "until": "2026-01-01"}, {"from": "2026-01-02"}, {}],
        ),
    }
    for name, (type_, given) in columns.items():
        lines = [unlike({**PERSON, name: each}) for each in given]
        texts = json.loads(json.dumps(lines, default=str))
        agree(batch([PERSON] * 3, **{name: pa.array(given, type_)}), texts)


def test_moments_are_no_dates() -> None:
    column = pa.array([datetime(2026, 3, 2), None])
    block = Reader(SCHEMAS).read(Batch(batch([PERSON] * 2, as_of=column), 1), "a")
    assert block.numbers.tolist() == [2]


def test_a_struct_with_a_name_twice_is_refused() -> None:
    ends = [pa.array([0.1, 0.2]), pa.array([0.3, 0.4])]
    twice = pa.StructArray.from_arrays(ends, names=["rate", "rate"])
    block = Reader(SCHEMAS).read(Batch(batch([PERSON] * 2, engagement=twice), 1), "a")
    assert [each.reasons for each in block.refused] == [('"rate" is given twice',)] * 2


def test_text_that_is_no_utf8_is_refused_with_its_file() -> None:
    ends = pa.array([0, 2, 4], pa.int32()).buffers()[1]
    odd = pa.StringArray.from_buffers(2, ends, pa.py_buffer(b"a\xffbb"))
    for name in ("provider", "id", "crm"):
        rows = batch([PERSON] * 2, **{name: odd})
        with pytest.raises(InputError):
            Reader(SCHEMAS, ["crm"]).read(Batch(rows, 1), "a.parquet")


def test_columns_of_parquet_are_carried_through(tmp_path: Path) -> None:
    rows = [
        {**PERSON, "crm": 17, "tags": ["a", "b"], "note": 'said "yes"', "day": date(2026, 1, 2)},
        {**PERSON, "id": "b", "crm": None, "tags": None, "note": None, "day": None},
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    keep = ("crm", "tags", "note", "day", "handle", "nothing")
    (block,) = blocks(tmp_path / "a.parquet", keep=keep)
    assert block.kept == {
        "crm": ["17", None],
        "tags": ['["a","b"]', None],
        "note": ['said "yes"', None],
        "day": ["2026-01-02", None],
        "handle": ["@jo", "@jo"],
        "nothing": [None, None],
    }
    with pytest.raises(InputError, match="crm"):
        blocks(tmp_path / "a.parquet", keep=keep[1:])


def test_the_first_rows_of_a_piece_are_the_first_rows() -> None:
    rows = batch([{**PERSON, "id": str(number)} for number in range(9)])
    block = Reader(SCHEMAS).read(Batch(rows, 5).first(3), "a")
    assert block.numbers.tolist() == [5, 6, 7]
    assert shown(block.texts("id")[2]) == "'2'"


def test_a_line_is_checked_as_these_tests_think() -> None:
    assert checked(1, json.dumps(PERSON)) == (PERSON, [])
