"""Parquet is screened in its own columns, and says what the same influencers say as NDJSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checker.model.diagnostics import InputError
from checker.model.screening import Screening
from tests.bulk.roster import lines
from tests.bulk.test_screen import invalid, screen, table, write

_PERSON: Mapping[str, Any] = {
    "id": "tiktok/jo",
    "handle": "@jo",
    "platform": "tiktok",
    "followers": 5000,
}


def _named(name: object) -> dict[str, Any]:
    return {**_PERSON, "id": f"tiktok/{name}", "handle": f"@{name}"}


def stored(file: Path) -> list[dict[str, Any]]:
    """Return what stands in a file, in its order: shares are added one after the other."""
    found: list[dict[str, Any]] = _held(pq.read_table(file).to_pylist())
    return found


def _held(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _held(each) for name, each in value.items() if each is not None}
    return [_held(each) for each in value] if isinstance(value, list) else value


def both(project: Path, people: Sequence[Mapping[str, Any]], file: Path) -> Screening:
    """Screen people as lines of JSON and as the file; the two must say the same of each."""
    screen(project, write(project / "people.ndjson", map(json.dumps, people)))
    wanted = [{**row, "file": ""} for row in table(project)]
    refused = [(row["line"], row["id"]) for row in invalid(project)]
    done = screen(project, file)
    assert [{**row, "file": ""} for row in table(project)] == wanted
    assert [(row["line"], row["id"]) for row in invalid(project)] == refused
    return done


def parquet(project: Path, people: Sequence[Mapping[str, Any]], **types: pa.DataType) -> Path:
    """Write people as Parquet: every dict a struct with all names that anyone has."""
    names = dict.fromkeys(name for each in people for name in each)
    made = pa.Table.from_pylist([{name: each.get(name) for name in names} for each in people])
    for name, type_ in types.items():
        column = pa.array([each.get(name) for each in people], type_)
        made = made.set_column(made.column_names.index(name), name, column)
    pq.write_table(made, project / "people.parquet")
    return project / "people.parquet"


def roster(count: int, *, seed: int = 1) -> list[dict[str, Any]]:
    """Return made-up people without ranges: in one column a number and a range cannot stand."""
    found = [json.loads(line) for line in lines(count * 3, seed=seed, odd_share=0.0)]
    plain = [each for each in found if '"min"' not in json.dumps(each)]
    return plain[:count]


def test_a_roster_is_judged_as_its_lines_are(project: Path) -> None:
    file = parquet(project, roster(400))
    done = both(project, stored(file), file)
    assert done.lines == 400
    # Columns are proved as they stand; the evaluator only helps with words.
    assert done.by_hand < 20


def test_shares_by_country_may_be_a_map(project: Path) -> None:
    shares = pa.map_(pa.string(), pa.float64())
    people = [
        {**_named(number), "audience": {"country": country}}
        for number, country in enumerate(
            ({"GB": 0.7, "US": 0.2}, {"US": 1.0}, None, {"XX": 0.5}, {"GB": 0.9, "US": 0.9})
        )
    ]
    column = pa.array(
        [
            {"country": list(each["audience"]["country"].items())}
            if each["audience"]["country"]
            else None
            for each in people
        ],
        pa.struct([("country", shares)]),
    )
    made = pa.Table.from_pylist([{**each, "audience": None} for each in people])
    made = made.set_column(made.column_names.index("audience"), "audience", column)
    pq.write_table(made, project / "map.parquet")
    people[2].pop("audience")
    both(project, people, project / "map.parquet")
    assert len(invalid(project)) == 2


def test_a_column_may_hold_ranges(project: Path) -> None:
    ranges: Sequence[Mapping[str, int]] = (
        {"min": 4000, "max": 6000},
        {"min": 100},
        {"max": 900},
        {"min": 9, "max": 3},
        {},
    )
    people = [{**_named(n), "followers": each} for n, each in enumerate(ranges)]
    type_ = pa.struct([("min", pa.int64()), ("max", pa.int64())])
    both(project, people, parquet(project, people, followers=type_))
    assert [row["line"] for row in invalid(project)] == [4, 5]


@pytest.mark.parametrize(
    "type_", [pa.int32(), pa.uint16(), pa.float32(), pa.decimal128(12, 0), pa.int64()]
)
def test_numbers_may_be_of_any_type(project: Path, type_: pa.DataType) -> None:
    people = [{**_named(n), "followers": n * 1000} for n in range(1, 60)]
    if pa.types.is_decimal(type_):
        people = [{**each, "followers": Decimal(each["followers"])} for each in people]
        file = parquet(project, people, followers=type_)
        people = [{**each, "followers": int(each["followers"])} for each in people]
    else:
        file = parquet(project, people, followers=type_)
    both(project, people, file)


def test_values_that_no_record_may_hold_are_refused(project: Path) -> None:
    people: list[dict[str, Any]] = [
        dict(_PERSON),
        {**_named("negative"), "followers": -3},
        {**_named("half"), "followers": 10.5},
        {**_named("no"), "platform": "Instagram"},
        {**_named("word"), "languages": ["en", "en"]},
        {**_named("day"), "as_of": "2026-02-30"},
        {**_named("share"), "sponsored_share": 30.0},
        {**_PERSON, "id": " "},
    ]
    done = both(project, people, parquet(project, people))
    assert [row["line"] for row in invalid(project)] == [2, 3, 4, 5, 6, 7, 8]
    assert done.lines == 8


def test_columns_are_carried_through_as_text(project: Path) -> None:
    people = [
        {**_PERSON, "crm": 17, "tags": ["a", "b"], "note": 'said "yes"'},
        {**_named("al"), "crm": None, "tags": None, "note": None},
    ]
    screen(project, parquet(project, people), keep=["crm", "tags", "note"])
    first, second = table(project)
    assert (first["crm"], first["tags"], first["note"]) == ("17", '["a","b"]', 'said "yes"')
    assert (second["crm"], second["tags"], second["note"]) == (None, None, None)


def test_a_column_of_another_type_is_read_as_text(project: Path) -> None:
    people = [{**_PERSON, "sponsored_share": "12.5%"}, {**_named("al")}]
    both(project, people, parquet(project, people))


def test_a_limit_holds_within_a_batch(project: Path) -> None:
    people = roster(50)
    done = screen(project, parquet(project, people), limit=7)
    assert done.lines == 7
    assert [row["line"] for row in table(project)] == [1, 2, 3, 4, 5, 6, 7]


def test_without_a_table_the_counts_are_the_same(project: Path) -> None:
    file = parquet(project, roster(300))
    whole = screen(project, file)
    from checker import api
    from tests.bulk.test_screen import AS_OF

    bare = api.screen([project / "brief.yaml"], [file], as_of=AS_OF)
    for one, other in zip(bare.briefs, whole.briefs, strict=True):
        assert one.verdicts == other.verdicts
        assert one.lost == other.lost
        assert one.best == other.best


def _written(project: Path, **columns: pa.Array) -> Path:
    """Write two people with some columns in place of theirs, or more."""
    plain = {name: pa.array([value, value]) for name, value in _PERSON.items()}
    names = {"id": pa.array(["a", "b"]), "handle": pa.array(["@a", "@b"])}
    table_ = pa.table({**plain, **names, **columns})
    pq.write_table(table_, project / "odd.parquet")
    return project / "odd.parquet"


def test_a_struct_with_a_name_twice_is_not_taken(project: Path) -> None:
    ends = [pa.array([0.1, 0.2]), pa.array([0.3, 0.4])]
    twice = pa.StructArray.from_arrays(ends, names=["rate", "rate"])
    assert screen(project, _written(project, engagement=twice)).briefs[0].verdicts["invalid"] == 2


def test_text_that_is_no_utf8_is_refused(project: Path) -> None:
    ends = pa.array([0, 2, 4], pa.int32()).buffers()[1]
    odd = pa.StringArray.from_buffers(2, ends, pa.py_buffer(b"a\xffbb"))
    for column in ("provider", "id"):
        with pytest.raises(InputError):
            screen(project, _written(project, **{column: odd}))
    with pytest.raises(InputError):
        screen(project, _written(project, crm=odd), keep=["crm"])


def test_people_without_names_are_invalid(project: Path) -> None:
    file = _written(project)
    pq.write_table(pq.read_table(file).drop_columns(["handle"]), file)
    assert screen(project, file).briefs[0].verdicts["invalid"] == 2


def test_periods_may_be_dates_and_texts(project: Path) -> None:
    first = pa.array([date(2026, 3, 2), date(2026, 3, 2)])
    until = pa.array(["2026-03-01", "2026-03-05"])
    period = pa.StructArray.from_arrays([first, until], names=["from", "until"])
    screen(project, _written(project, observed_period=period))
    assert [row["id"] for row in invalid(project)] == ["a"]


def test_history_needs_dates(project: Path) -> None:
    history = pa.array([[{"followers": 5}], None], pa.list_(pa.struct([("followers", pa.int64())])))
    screen(project, _written(project, history=history))
    assert [row["id"] for row in invalid(project)] == ["a"]


def test_long_decimals_are_numbers(project: Path) -> None:
    odd = pa.array([Decimal(5), Decimal(6)], pa.decimal256(50, 2))
    assert screen(project, _written(project, followers=odd)).briefs[0].verdicts["invalid"] == 0


@pytest.mark.parametrize("name", ["", "ID", "Followers", "verdict"])
def test_what_would_pass_for_another_column_is_not_kept(project: Path, name: str) -> None:
    with pytest.raises(InputError):
        screen(project, _written(project), keep=[name])
