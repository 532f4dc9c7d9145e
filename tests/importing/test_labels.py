"""Words of other people's tables and exports, and rows that are there twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import AS_OF, run
from tests.importing.world import fixture, imported, one, written

MAPPING = """\
mapping: ours
title: Ours
version: "1"
input: {input}
constants: {{platform: instagram}}
fields:
  handle: {{from: Name}}
  followers: {{from: Followers, unit: count}}
  topics: {{from: Topics, codes: {{"Toys, Games": toys}}}}
  roles: {{from: Roles, split: "+"}}
"""
HEADER = "Name,Followers,Topics,Roles\n"


def table(folder: Path, topics: str, roles: str = "") -> tuple[Path, Path]:
    mapping = written(folder, "m.yaml", MAPPING.format(input="csv"))
    return mapping, written(folder, "t.csv", f'{HEADER}@jo,500,"{topics}","{roles}"\n')


@pytest.mark.parametrize(
    ("cell", "topics"),
    [
        ("Beauty, gambling", ["Beauty", "gambling"]),
        ("beauty/gambling;beauty", ["beauty", "gambling"]),
        ("#beauty #gambling", ["beauty", "gambling"]),
        ("Toys, Games", ["toys"]),
        ("R&B", ["R&B"]),
    ],
)
def test_a_cell_of_known_words_is_a_list(tmp_path: Path, cell: str, topics: list[str]) -> None:
    mapping, people = table(tmp_path, cell)
    assert one("csv", "--map", mapping, people)["topics"] == topics


def test_an_unclear_cell_refuses_its_record(tmp_path: Path) -> None:
    for topics, roles, said in (
        ("beauty, zorbing", "", 'topics entry 1 is "beauty, zorbing"; a comma separates nothing'),
        ("beauty", "athlete+n/a", 'roles, from "Roles", has "n/a" among other words'),
    ):
        mapping, people = table(tmp_path, topics, roles)
        done, records = imported("csv", "--map", mapping, people)
        assert (done.code, records) == (3, []), topics
        assert said in done.err


def test_what_says_nothing_is_left_out_and_counted(tmp_path: Path) -> None:
    mapping, people = table(tmp_path, "n/a", "tbc+?")
    done, [record] = imported("csv", "--map", mapping, people)
    assert done.code == 0
    assert not {"topics", "roles"} & record.keys()
    assert 'left out, not understood: topics: "n/a" says nothing (1 record)' in done.err


def test_records_in_json_go_the_same_way(tmp_path: Path) -> None:
    mapping = written(tmp_path, "m.yaml", MAPPING.format(input="json"))
    for topics, code in ((["beauty", "hair, gambling"], 3), (["n/a"], 0), (["beauty", "n/a"], 3)):
        people = written(tmp_path, "t.json", {"Name": "@jo", "Followers": 5, "Topics": topics})
        assert imported("json", "--map", mapping, people)[0].code == code, topics


def test_screening_maps_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("msgspec")
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "m.yaml", MAPPING.format(input="csv"))
    brand = {"id": "b", "name": "B", "avoid": {"topics": ["gambling"]}}
    written(tmp_path, "brief.json", {"id": "s", "title": "S", "brand": brand})
    cells = ("beauty, gambling", "n/a", "beauty, zorbing", "N/A", "beauty")
    rows = [f'@p{at},500,"{each}",\n' for at, each in enumerate(cells)]
    written(tmp_path, "t.csv", HEADER + "".join(rows))
    done = run(
        "screen", "brief.json", "t.csv", "--map", "m.yaml", "--as-of", AS_OF, "-o", "o.ndjson"
    )
    found = {r["handle"]: r for r in map(json.loads, Path("o.ndjson").read_text().splitlines())}
    assert found.keys() == {"@p0", "@p1", "@p3", "@p4"}
    assert found["@p0"]["verdict"] == "fail"
    assert '2 cells say nothing and count as blank: topics "n/a" (line 3 and 1 more)' in done.out


def test_a_group_that_is_there_twice_is_left_out(tmp_path: Path) -> None:
    def read(change: Any) -> tuple[dict[str, Any], str]:
        data = fixture("phyllo")
        change(data["profile"]["audience"])
        done, [record] = imported("phyllo", written(tmp_path, "p.json", data))
        return record["audience"], done.err

    def again(audience: Any) -> None:
        row = audience["gender_age_distribution"][0]
        audience["gender_age_distribution"].append({**row, "value": 0.5, "gender": "female"})

    whole, _ = read(lambda audience: None)
    doubled, said = read(again)
    assert doubled == {name: each for name, each in whole.items() if name not in ("age", "gender")}
    assert "audience.age: a row is there twice" in said
    assert "audience.gender: a row is there twice" in said
    countries, _ = read(lambda audience: audience["countries"].append(audience["countries"][0]))
    assert "country" not in countries


def test_groups_within_groups_add_up_unless_one_is_there_twice(tmp_path: Path) -> None:
    data = fixture("hypeauditor")
    whole = one("hypeauditor", written(tmp_path, "h.json", data))["audience"]
    assert "age" in whole
    result = data["result"]["user"] if "result" in data else data["user"]
    result["demography_by_age"].append(result["demography_by_age"][0])
    assert "age" not in one("hypeauditor", written(tmp_path, "h.json", data))["audience"]
