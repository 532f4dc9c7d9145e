"""Cells and texts that are no word: read as the list that they are, or refused, never a label."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import AS_OF, BRAND, JO, Done, brief, outcomes, run, subjects, write

HEADER = "handle,platform,followers,topics,values,roles\n"
WORDS = """\
pack: our-words
version: 1.0.0
title: Words of our own
tables:
  topics: {kind: vocabulary, source: ours, words: {"DIY/crafts": [], "Knots, Loops & Co": []}}
  brands: {kind: vocabulary, source: ours, words: {"Bow/Tie": []}}
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def checked(shortlist: Any = "s.csv", **more: Any) -> Done:
    brand = {**BRAND, "avoid": {"topics": ["gambling"]}, **more}
    write(Path(), {"brief.json": brief(brand=brand, shortlist=shortlist)})
    return run("check", ".", "--as-of", AS_OF, "-o", "json")


def row(topics: str = "", values: str = "", roles: str = "") -> Done:
    cells = ",".join(f'"{cell}"' for cell in (topics, values, roles))
    write(Path(), {"s.csv": f"{HEADER}@jo,instagram,5000,{cells}\n"})
    return checked()


def avoided(done: Done) -> str:
    """Return the status of the rule on topics that the brand avoids."""
    [jo] = subjects(done.report()).values()
    return outcomes(jo)["topics-avoided"]


def messages(done: Done) -> str:
    """Return all that is said of records."""
    report = done.report()
    found = [d for each in report["subjects"] for d in each["diagnostics"]] + report["warnings"]
    return "\n".join(f"{each['message']} | {each.get('hint', '')}" for each in found)


def test_a_list_of_known_words_is_a_list_in_a_cell() -> None:
    for cell in (
        *("beauty, gambling", "beauty|gambling", "Beauty / GAMBLING", "beauty\ngambling"),
        *("#beauty #gambling", "#beauty#gambling", "beauty,gambling,", "#gambling"),
    ):
        assert avoided(row(cell)) == "fail", cell
    for cell in ("beauty, skincare", "beauty & skincare", "R&B", "beauty;zorbing"):
        assert avoided(row(cell)) == "pass", cell


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("beauty, zorbing", "beauty;zorbing"),
        ("zorbing/gambling", "zorbing;gambling"),
        ("beauty;skincare, gambling", "beauty;skincare;gambling"),
        ("#zorbing #gambling", "zorbing;gambling"),
        ("beauty;n/a", "beauty"),
        ("beauty, tbc", "beauty"),
    ],
)
def test_an_unclear_cell_is_refused_and_written_anew(cell: str, written: str) -> None:
    done = row(cell)
    assert done.code == 3
    assert f'column "topics" has "{cell}"' in messages(done)
    assert f"Write {written}." in messages(done)


def test_cells_that_say_nothing_are_blank_and_counted() -> None:
    for cell in ("n/a", "None", "unknown", "TBC", "?", "-", "see email", "#N/A", "n/a;tbc"):
        done = row(cell, "handmade", cell)
        assert avoided(done) == "unknown", cell
        assert "2 cells say nothing and count as blank: topics" in messages(done)
    write(Path(), {"s.csv": HEADER + '@jo,instagram,5000,n/a,tbc,"?"\n@al,x,10,N/A,tbc,\n'})
    said = '5 cells say nothing and count as blank: topics "n/a" (line 2 and 1 more), '
    said += 'values "tbc" (line 2 and 1 more), roles "?" (line 2)'
    assert said in messages(checked())


def test_texts_of_records_are_refused() -> None:
    for fields, place in (
        ({"topics": ["beauty", "hair, gambling"]}, "topics entry 2"),
        ({"values": ["honesty|luxury"]}, "values entry 1"),
        ({"roles": ["none"]}, "roles entry 1"),
        ({"observed": {"beauty, gambling": 0.2}}, "observed"),
        ({"sponsorships": [{"brand": "Curlwell / Bow World"}]}, "sponsorships entry 1: brand"),
        ({"sponsorships": [{"brand": "tbc"}]}, "sponsorships entry 1: brand"),
        ({"exclusivity": [{"category": "gin, rum and so on"}]}, "exclusivity entry 1: category"),
    ):
        done = checked([{**JO, **fields}])
        assert done.code == 3, fields
        assert place in messages(done), fields
    for fields in (
        {"topics": ["R&B", "#zorbing"]},
        {"sponsorships": [{"brand": "Curlwell, Inc."}]},
    ):
        assert checked([{**JO, **fields}]).code != 3, fields


def test_texts_of_briefs_brands_and_posts_are_refused() -> None:
    post = {"id": "p", "featured": [{"roles": ["athlete, unknown"]}]}
    for parts in (
        {"brand": {**BRAND, "competitors": ["Curlwell, Bow World"]}},
        {"brand": {**BRAND, "avoid": {"topics": ["none"]}}},
        {"brand": {**BRAND, "category": "see email"}},
        {"campaign": {"topics": ["hair/zorbing"]}},
        {"tiers": ["nano, micro"]},
        {"posts": [post]},
    ):
        write(Path(), {"brief.json": brief(shortlist=[JO], **parts)})
        done = run("check", ".", "--as-of", AS_OF)
        assert done.code == 3, parts
        assert "says nothing" in done.said or "separates nothing" in done.said, parts
    write(Path(), {"brief.json": brief(shortlist=[JO], brand={**BRAND, "name": "Salt, Sea/Co"})})
    assert run("check", ".", "--as-of", AS_OF).code != 3


def test_codes_and_plain_texts_are_left_alone() -> None:
    text = "handle,platform,followers,note,state\n@jo,instagram,500,none,agreed\n"
    write(Path(), {"s.csv": text})
    write(Path(), {"brief.json": brief(shortlist="s.csv", compensation="none", title="tbc")})
    assert run("check", ".", "--as-of", AS_OF).code != 3


def test_words_of_ones_own_are_one_word() -> None:
    write(Path(), {"ours.yaml": WORDS, "checker.yaml": "packs: [handbook, ours.yaml]\n"})
    assert avoided(row("DIY/crafts")) == "pass"
    assert avoided(row("beauty;knots, loops & co")) == "pass"
    entry = {**JO, "topics": ["Knots, Loops & Co"], "sponsorships": [{"brand": "Bow/Tie"}]}
    assert avoided(checked([entry])) == "pass"
    assert row("DIY/zorbing").code == 3


def test_screening_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("msgspec")
    topics = (
        *("beauty, gambling", "n/a", "DIY/crafts", "beauty;gambling", "hair, zorbing", "R&B"),
        *("gambling", "#gambling", "#zorbing", "see email", "beauty\ngambling", "🌿"),
    )
    write(Path(), {"ours.yaml": WORDS, "checker.yaml": "packs: [handbook, ours.yaml]\n"})
    people = [
        {**JO, "id": f"instagram/p{at}", "handle": f"@p{at}", "topics": ["hair", each]}
        for at, each in enumerate(topics)
    ]
    cells = [f'@p{at},instagram,12000,"{each}",,\n' for at, each in enumerate(topics)]
    write(Path(), {"s.csv": HEADER + "".join(cells)})
    write(Path(), {"s.ndjson": "".join(f"{json.dumps(each)}\n" for each in people)})
    for name in ("s.csv", "s.ndjson"):
        report = checked(name).report()
        expected = {f"{each['name']}": each["verdict"] for each in subjects(report).values()}
        done = run("screen", ".", name, "--as-of", AS_OF, "-o", "out.ndjson")
        rows = [json.loads(line) for line in Path("out.ndjson").read_text().splitlines()]
        found = {each["handle"]: each["verdict"] for each in rows}
        invalid = Path("out.invalid.ndjson").read_text().splitlines()
        assert found == {who: each for who, each in expected.items() if each != "invalid"}
        assert len(invalid) == sum(each == "invalid" for each in expected.values())
        assert ("2 cells say nothing" in done.said) is (name == "s.csv")
