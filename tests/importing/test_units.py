"""Units are those of the format. What proves another unit refuses the whole file."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.importing.world import FIXTURES, fixture, imported, written


def in_percents(data: Any) -> Any:
    """Write every share of a Modash file as a percent."""
    if isinstance(data, dict):
        shares = ("weight", "engagementRate", "credibility")
        return {
            name: round(inner * 100, 6) if name in shares else in_percents(inner)
            for name, inner in data.items()
        }
    return [in_percents(inner) for inner in data] if isinstance(data, list) else data


def test_percents_in_a_format_of_shares_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "people.json", in_percents(fixture("modash")))
    done, records = imported("modash", path)
    assert (done.code, records) == (3, [])
    assert "this format has shares from 0 to 1; the whole file is refused" in done.err
    assert "It looks like a file of percents. Units are not guessed" in done.err
    assert "0 of 2 records imported" in done.err


@pytest.mark.parametrize("part", ["ages", "genders", "geoCountries"])
def test_one_distribution_proves_it(tmp_path: Path, part: str) -> None:
    data = fixture("modash")
    audience = data[1]["profile"]["audience"]
    audience[part] = in_percents(audience[part])
    done, records = imported("modash", written(tmp_path, "people.json", data))
    assert (done.code, records) == (3, [])
    assert "file is refused" in done.err


def test_shares_in_a_format_of_percents_are_refused(tmp_path: Path) -> None:
    data = fixture("hypeauditor")
    user = data["result"]["user"]
    for entry in user["demography"]:
        entry["value"] /= 100
    done, records = imported("hypeauditor", written(tmp_path, "x.json", data))
    assert (done.code, records) == (3, [])
    assert "adds up to 1; percents add up to 100; the whole file is refused" in done.err
    assert "It looks like a file of shares from 0 to 1" in done.err


def test_a_small_number_is_what_its_format_says(tmp_path: Path) -> None:
    """0.8 is 80% in a format of shares and 0.8% in one of percents."""
    data = fixture("tiktok")
    data["data"]["engagement_rate"] = 0.8
    _, (record,) = imported("tiktok", written(tmp_path, "t.json", data))
    assert record["engagement"]["rate"] == 0.8
    data = fixture("hypeauditor")
    data["result"]["user"]["er"]["value"] = 0.8
    _, (record,) = imported("hypeauditor", written(tmp_path, "h.json", data))
    assert record["engagement"]["rate"] == 0.008


def test_one_number_beside_whole_distributions_is_an_outlier(tmp_path: Path) -> None:
    """A video that everybody saw: 191% of the followers liked it. The others are imported."""
    data = fixture("modash")
    data[0]["profile"]["profile"]["engagementRate"] = 1.91
    done, records = imported("modash", written(tmp_path, "people.json", data))
    assert done.code == 3
    assert [record["handle"] for record in records] == ["gadgetgav"]
    assert 'engagement.rate, from "profile.engagementRate", is 1.91' in done.err
    assert "the whole file" not in done.err


def test_one_number_alone_refuses_the_file(tmp_path: Path) -> None:
    """Nothing says that the others are shares: 0.8 beside 4.2 is a percent."""
    people = []
    for handle, rate in (("a", 4.2), ("b", 0.8)):
        profile = copy.deepcopy(fixture("modash")[0]["profile"]["profile"])
        profile |= {"username": handle, "engagementRate": rate}
        people.append({"profile": {"profile": profile}})
    done, records = imported("modash", written(tmp_path, "people.json", people))
    assert (done.code, records) == (3, [])
    assert "people.json:1:" in done.err
    assert "the whole file is refused" in done.err


def test_another_file_is_not_refused_with_it(tmp_path: Path) -> None:
    bad = written(tmp_path, "bad.json", in_percents(fixture("modash")))
    done, records = imported("modash", bad, FIXTURES / "modash.json")
    assert done.code == 3
    assert len(records) == 2


def test_shares_a_little_over_one_are_wrong_for_themselves(tmp_path: Path) -> None:
    """Who speaks two languages counts twice: no percents, and no distribution either."""
    data = fixture("modash")
    data[0]["profile"]["audience"]["languages"].append({"code": "ga", "weight": 0.3})
    done, records = imported("modash", written(tmp_path, "people.json", data))
    assert [record["handle"] for record in records] == ["gadgetgav"]
    assert "audience.language adds up to 122%" in done.err


TABLE = """\
mapping: t
title: A table
version: "1"
input: csv
constants: {platform: instagram}
fields:
  handle: {from: handle}
  followers: {from: followers, unit: count}
  engagement.rate: {from: rate, unit: UNIT}
  audience.gender.female: {from: women, unit: UNIT}
  audience.gender.male: {from: men, unit: UNIT}
"""


def table(folder: Path, unit: str, *rows: str) -> tuple[Path, Path]:
    mapping = written(folder, "map.yaml", TABLE.replace("UNIT", unit))
    text = "\n".join(["handle,followers,rate,women,men", *rows]) + "\n"
    return mapping, written(folder, "people.csv", text)


@pytest.mark.parametrize(
    ("unit", "row", "rate"),
    [
        ("percent", "jo,100,3.1,60,40", 0.031),
        ("share", "jo,100,0.031,0.6,0.4", 0.031),
        # A written sign is no guess, in either.
        ("share", "jo,100,3.1%,60%,40%", 0.031),
        ("percent", "jo,100,3.1%,60,40", 0.031),
        ("percent", "jo,100,,60,40", None),
    ],
)
def test_a_table_in_its_unit(tmp_path: Path, unit: str, row: str, rate: float | None) -> None:
    mapping, path = table(tmp_path, unit, row)
    done, records = imported("csv", "--map", mapping, path)
    assert done.code == 0, done.err
    assert records[0].get("engagement", {}).get("rate") == rate
    assert records[0]["audience"]["gender"] == {"female": 0.6, "male": 0.4}


@pytest.mark.parametrize(
    ("unit", "row"), [("share", "jo,100,3.1,60,40"), ("percent", "jo,100,0.031,0.6,0.4")]
)
def test_a_table_in_the_other_unit(tmp_path: Path, unit: str, row: str) -> None:
    mapping, path = table(tmp_path, unit, row, "ann,100,0.5,,")
    done, records = imported("csv", "--map", mapping, path)
    assert (done.code, records) == (3, [])
    assert "people.csv:2: error" in done.err
    assert "the whole file is refused" in done.err


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("12.4k", "Write the number, 12400."),
        ('"12,400"', "Write 12400."),
        ("many", "is no number"),
        ("12.5", "a count is a whole number"),
        ("-3", "it cannot be less than 0"),
        ("9" * 18, "it cannot be more than"),
    ],
)
def test_counts_are_not_guessed(tmp_path: Path, cell: str, hint: str) -> None:
    mapping, path = table(tmp_path, "percent", f"jo,{cell},3,,", "ann,100,3,,")
    done, records = imported("csv", "--map", mapping, path)
    assert done.code == 3
    assert [record["handle"] for record in records] == ["ann"]
    assert "people.csv:2: error" in done.err
    assert hint in done.err
