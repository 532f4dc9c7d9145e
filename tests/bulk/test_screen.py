"""`checker screen`: every line ends in one verdict, the one that `checker check` gives."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checker import api
from checker.cli.group import run
from checker.language.cells import cell_text
from checker.model.diagnostics import InputError, RulesError
from checker.model.screening import Screening
from tests.bulk.roster import lines

AS_OF = date(2026, 3, 2)


def write(path: Path, texts: Iterable[str]) -> Path:
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path


def person(**fields: Any) -> str:
    name = str(fields.get("id", "jo")).rpartition("/")[2]
    record = {"id": "tiktok/jo", "handle": f"@{name}", "platform": "tiktok", "followers": 5000}
    return json.dumps({**record, **fields})


def screen(project: Path, *files: Path, name: str = "out.parquet", **options: Any) -> Screening:
    return api.screen(
        [project / "brief.yaml"],
        files,
        as_of=AS_OF,
        table=project / name,
        invalid=project / "invalid.ndjson",
        **options,
    )


def table(project: Path) -> list[dict[str, Any]]:
    return list(pq.read_table(project / "out.parquet").to_pylist())


def invalid(project: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (project / "invalid.ndjson").read_text().splitlines()]


def test_verdicts_and_reasons_are_those_of_checker_check(project: Path) -> None:
    roster = write(project / "roster.ndjson", lines(700, broken_share=0.1, odd_share=0.1))
    done = screen(project, roster, all_reasons=True)
    brief = project / "brief.yaml"
    brief.write_text(brief.read_text() + "shortlist: [roster.ndjson]\n")
    (report,) = api.check_briefs([brief], as_of=AS_OF)
    wanted = {
        subject.position.line: subject
        for subject in report.of_kind("influencer")
        if subject.verdict != "invalid"
    }
    rows = table(project)
    assert [row["line"] for row in rows] == sorted(wanted)
    assert {row["verdict"] for row in rows} == {"pass", "fail", "undecided"}
    by_brief = [(each.rule, each.status, each.reason) for each in done.briefs[0].own]
    for row in rows:
        subject = wanted[row["line"]]
        assert row["verdict"] == subject.verdict
        found = {each["rule"]: each for each in row["outcomes"]}
        outcomes = {outcome.rule: outcome for outcome in subject.outcomes}
        for name, outcome in outcomes.items():
            if name not in found:
                assert (name, "skipped", outcome.reason) in by_brief
                continue
            made = found[name]
            assert (made["status"], made["reason"]) == (outcome.status, outcome.reason)
        if row["decided_by"]:
            assert row["reason"] == outcomes[row["decided_by"]].reason
    refused = {
        subject.position.line
        for subject in report.of_kind("influencer")
        if subject.verdict == "invalid"
    }
    assert {row["line"] for row in invalid(project)} == refused
    assert sum(done.briefs[0].verdicts.values()) == done.lines == 700


def test_a_brief_that_rules_out_every_rule_passes_nobody(project: Path) -> None:
    rule = "{id: gin, title: Gin, scope: influencer, severity: error, source: ours"
    when = "when: 'brief.campaign.category == \"gin\"', require: influencer.followers > 1}"
    head = "pack: own\nversion: 1.0.0\ntitle: Own\n"
    (project / "own.yaml").write_text(f"{head}rules:\n  - {rule}, {when}\n")
    (project / "checker.yaml").write_text("packs: [./own.yaml]\n")
    done = screen(project, write(project / "roster.ndjson", [person()]))
    assert done.briefs[0].verdicts == {"pass": 0, "fail": 0, "undecided": 1, "invalid": 0}
    (row,) = table(project)
    assert row["reason"] == "no error rule passed, so nothing was decided"


def test_every_line_is_counted_once(project: Path) -> None:
    texts = [person(), "", "   ", "not json", person(id="a", folowers=3), "\ufeff" + person(id="b")]
    done = screen(project, write(project / "r.ndjson", texts))
    assert done.lines == 4
    assert len(table(project)) == 1
    reasons = {row["line"]: row["reasons"] for row in invalid(project)}
    assert set(reasons) == {4, 5, 6}
    assert "did you mean" not in str(reasons[4])
    assert 'unknown field "folowers"' in reasons[5][0]


@pytest.mark.parametrize(
    "text",
    [
        person(followers="5000"),
        person(followers=True),
        person(followers=1e300),
        person(followers=4.5),
        person(platform="TikTok"),
        person(country="UK"),
        person(topics=["hair", "hair"]),
        person(topics=["hair", None]),
        person(topics="hair"),
        person(history=[{"date": "2026-02-30", "followers": 1}]),
        person(history=[{"date": "2026-2-3", "followers": 1}]),
        person(audience={"age": {"18-24": 0.9, "25-34": 0.9}}),
        person(audience=5),
        person(engagement=7),
        person(engagement=False),
        person(id=5),
        person(accepts_gifts=1),
        person(accepts_gifts="true"),
        person(followers={"min": 5, "max": 4}),
        person(followers={"min": 5, "mx": 6}),
        person(audience={"country": {"GB": True}}),
        person(sponsorships=[{"brand": True}]),
        person(exclusivity=[3]),
        person()[:-1] + ',"id":"tiktok/jo"}',
        person()[:-1] + ',"extra":{"email":1},"id2":0}',
        person()[:-1] + ",}",
        person()[:-1] + ', "sponsored_share": NaN}',
        person() + person(),
        person()[:-1],
        "5",
        "[]",
    ],
)
def test_what_checker_check_refuses_is_refused(project: Path, text: str) -> None:
    done = screen(project, write(project / "r.ndjson", [person(id="first"), text]))
    assert done.briefs[0].verdicts["invalid"] == 1
    assert [row["line"] for row in invalid(project)] == [2]
    assert [row["id"] for row in table(project)] == ["first"]


@pytest.mark.parametrize(
    "text",
    [
        person(person=None),
        person(sponsored_share="12.5%"),
        person(topics=["Café"]),
        person(provider='the "best"'),
        person(followers={"min": 4000}),
        person(audience={"age": {"18-24": 1, "25-34": 0}}),
        person(audience={"age": {"21-35": 0.5}}),
        person(guidelines={}),
        person(id="12345", handle="true", provider="[x]"),
        person(followers=5000.0),
    ],
)
def test_what_checker_check_takes_is_taken(project: Path, text: str) -> None:
    done = screen(project, write(project / "r.ndjson", [text]))
    assert done.briefs[0].verdicts["invalid"] == 0
    assert len(table(project)) == 1


def test_the_second_row_of_an_id_is_invalid(project: Path) -> None:
    one = write(project / "a.ndjson", [person(), person(id="other")])
    two = write(project / "b.ndjson", [person(followers=7000)])
    done = screen(project, one, two)
    assert [row["id"] for row in table(project)] == ["tiktok/jo", "other"]
    (row,) = invalid(project)
    assert row["file"].endswith("b.ndjson")
    assert "is there twice; the first is at" in row["reasons"][0]
    assert sum(done.briefs[0].verdicts.values()) == 3


def test_a_line_that_is_not_utf8_is_invalid_and_the_others_are_not(project: Path) -> None:
    roster = project / "r.ndjson"
    roster.write_bytes(
        person(id="a").encode() + b'\n{"id": "\xff"}\n' + person(id="\u00e9").encode() + b"\n"
    )
    screen(project, roster)
    assert [row["line"] for row in table(project)] == [1, 3]
    assert "the text is not UTF-8" in invalid(project)[0]["reasons"][0]


@pytest.mark.parametrize("kind", ["ndjson.gz", "json", "parquet", "csv"])
def test_every_kind_of_file_gives_the_same_verdicts(project: Path, kind: str) -> None:
    fields = ("id", "handle", "platform", "followers", "country", "topics")
    people = [json.loads(line) for line in lines(60)]
    people = [{k: each[k] for k in fields if k in each} for each in people]
    people = [each for each in people if not isinstance(each["followers"], dict)]
    screen(project, write(project / "plain.ndjson", map(json.dumps, people)))
    wanted = [(row["id"], row["verdict"], row["reason"]) for row in table(project)]
    path = project / f"r.{kind}"
    if kind == "ndjson.gz":
        path.write_bytes(gzip.compress("".join(json.dumps(p) + "\n" for p in people).encode()))
    elif kind == "json":
        path.write_text(json.dumps(people, indent=1))
    elif kind == "parquet":
        pq.write_table(pa.Table.from_pylist(people), path)
    else:
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, fields)
            writer.writeheader()
            writer.writerows({**p, "topics": ";".join(p.get("topics", []))} for p in people)
    screen(project, path)
    assert [(row["id"], row["verdict"], row["reason"]) for row in table(project)] == wanted


def test_a_row_of_a_table_with_terms_is_judged_by_them(project: Path) -> None:
    head = "handle,platform,followers,fee,currency"
    path = write(project / "r.csv", [head, "@a,tiktok,5000,2000,GBP", "@b,tiktok,12.4k,,"])
    screen(project, path, all_reasons=True)
    (row,) = table(project)
    cost = next(each for each in row["outcomes"] if each["rule"] == "cost-per-influencer")
    assert cost["status"] == "fail"
    assert invalid(project)[0]["line"] == 3


def test_what_is_kept_is_carried_through_and_where_leaves_out(project: Path) -> None:
    texts = [
        person(id="a", crm={"n": 1}, country="GB"),
        person(id="b", crm="x\u00e9", followers=20),
        person(id="c", country="IE"),
        person(id="d", folowers=1),
    ]
    done = screen(
        project,
        write(project / "r.ndjson", texts),
        keep=["crm", "followers"],
        where="influencer.country == 'GB' or influencer.followers < 100",
    )
    rows = {row["id"]: row for row in table(project)}
    assert {
        name: json.loads(row["crm"]) if name == "a" else row["crm"] for name, row in rows.items()
    } == {
        "a": {"n": 1},
        "b": "x\u00e9",
    }
    assert rows["b"]["followers"] == "20"
    assert (done.briefs[0].left_out, done.briefs[0].verdicts["invalid"]) == (1, 1)


def test_several_briefs_share_one_read(project: Path) -> None:
    other = (project / "brief.yaml").read_text().replace("id: spring", "id: summer")
    (project / "summer.brief.yaml").write_text(other.replace("[nano, micro, macro]", "[mega]"))
    roster = write(project / "r.ndjson", lines(50))
    done = api.screen([project], [roster], as_of=AS_OF, table=project / "out.parquet")
    assert [brief.brief for brief in done.briefs] == ["spring", "summer"]
    assert done.lines == 50
    briefs = [row["brief"] for row in table(project)]
    assert briefs == ["spring"] * 50 + ["summer"] * 50


def test_the_summary_is_the_table_counted(project: Path) -> None:
    done = screen(project, write(project / "r.ndjson", lines(300)), best=3)
    (brief,) = done.briefs
    rows = table(project)
    for verdict in ("pass", "fail", "undecided"):
        assert brief.verdicts[verdict] == sum(row["verdict"] == verdict for row in rows)
    for lost in brief.lost:
        mine = [r for r in rows if (r["decided_by"], r["verdict"]) == (lost.rule, lost.verdict)]
        assert lost.first == len(mine)
        assert lost.alone == sum(row["open"] == 1 for row in mine)
    passed = sorted((-row["fit"], row["id"]) for row in rows if row["verdict"] == "pass")
    assert [(-best.fit, best.id) for best in brief.best] == passed[:3]


@pytest.mark.parametrize("name", ["out.ndjson", "out.csv"])
def test_other_tables_hold_the_same_rows(project: Path, name: str) -> None:
    roster = write(project / "r.ndjson", lines(40, odd_share=0.2))
    screen(project, roster)
    screen(project, roster, name=name)
    path = project / name
    if name.endswith("csv"):
        with path.open(newline="") as file:
            rows: list[dict[str, Any]] = list(csv.DictReader(file))
        for row in rows:
            row["outcomes"] = json.loads(row["outcomes"])
    else:
        rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row, wanted in zip(rows, table(project), strict=True):
        assert row["id"] == wanted["id"]
        assert row["outcomes"] == [_closed(each) for each in wanted["outcomes"]]
        assert (row["reason"] or None) == wanted["reason"]


def test_no_cell_of_a_csv_is_run_and_all_are_read_back(project: Path) -> None:
    strange = ('=HYPERLINK("https://shop.example","x")', "+1", "-1", "@x", "\tx", "'=x", "plain")
    people = [person(id=each, handle=f"@h{n}", **{"=c": each}) for n, each in enumerate(strange)]
    roster = write(project / "r.ndjson", people)
    screen(project, roster, keep=["=c"])
    screen(project, roster, name="out.csv", keep=["=c"])
    with (project / "out.csv").open(newline="", encoding="utf-8") as file:
        written = list(csv.reader(file))
    fit = written[0].index("fit")
    texts = [cell for row in written for place, cell in enumerate(row) if place != fit]
    assert not [cell for cell in texts if cell.startswith(("=", "+", "-", "@", "\t"))]
    head, *rows = [[cell_text(cell) for cell in row] for row in written]
    for row, wanted in zip(rows, table(project), strict=True):
        read = dict(zip(head, row, strict=True))
        assert [read[name] for name in ("id", "handle", "=c")] == [
            wanted[name] for name in ("id", "handle", "=c")
        ]


def _closed(outcome: dict[str, Any]) -> dict[str, Any]:
    """Return an outcome as text has it: an end that is open is null."""
    return {name: None if value == float("inf") else value for name, value in outcome.items()}


def test_the_table_has_the_same_shape_whatever_the_rules(project: Path) -> None:
    roster = write(project / "r.ndjson", [person()])
    screen(project, roster)
    query = f"DESCRIBE SELECT * FROM '{project / 'out.parquet'}'"
    columns = [row[:2] for row in duckdb.execute(query).fetchall()]
    assert columns[-1] == (
        "outcomes",
        'STRUCT("rule" VARCHAR, status VARCHAR, low DOUBLE, high DOUBLE, needed DOUBLE)[]',
    )


def test_limit_reads_no_more(project: Path) -> None:
    done = screen(project, write(project / "r.ndjson", [*lines(20), "broken"]), limit=5)
    assert (done.lines, len(table(project))) == (5, 5)


def test_a_condition_that_is_none_is_answered_at_its_place(project: Path) -> None:
    roster = write(project / "r.ndjson", [person()])
    with pytest.raises(RulesError, match=r"--where:1:12: an influencer has no .folowers."):
        screen(project, roster, where="influencer.folowers > 3")


def test_a_column_that_is_no_field_is_named_before_anything_runs(project: Path) -> None:
    pq.write_table(pa.table({"id": ["a"], "folowers": [1]}), project / "r.parquet")
    with pytest.raises(InputError, match="folowers"):
        screen(project, project / "r.parquet")
    assert not (project / "out.parquet").exists()


def test_a_mapping_translates_other_peoples_columns(project: Path) -> None:
    mapping = project / "map.yaml"
    mapping.write_text(MAPPING)
    path = write(project / "r.csv", ["Name,Fans,Net,crm", "jo,5000,tiktok,7", "al,many,tiktok,8"])
    screen(project, path, mapping=str(mapping), keep=["crm"])
    (row,) = table(project)
    assert (row["id"], row["crm"]) == ("tiktok/jo", "7")
    assert [each["line"] for each in invalid(project)] == [3]


MAPPING = """\
mapping: ours
title: Our sheet
version: "1"
input: csv
fields:
  handle: {from: Name}
  followers: {from: Fans, unit: count}
  platform: {from: Net}
"""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["{p}/brief.yaml", "{p}/good.ndjson"], 0),
        (["{p}/brief.yaml", "{p}/bad.ndjson"], 3),
        (["{p}/brief.yaml", "{p}/empty.ndjson"], 3),
        (["{p}/brief.yaml", "{p}/none.ndjson"], 3),
        (["{p}/brief.yaml", "{p}/good.ndjson", "--where", "1 +"], 2),
        (["{p}/brief.yaml", "{p}/good.ndjson", "-o", "{p}/x.xlsx"], 2),
        (["{p}/brief.yaml", "{p}/good.ndjson", "-o", "{p}/good.ndjson"], 2),
        (["{p}/brief.yaml"], 2),
        (["{p}/good.ndjson"], 2),
    ],
)
def test_exit_codes(project: Path, arguments: list[str], code: int) -> None:
    write(project / "good.ndjson", [person()])
    write(project / "bad.ndjson", [person(), "{"])
    write(project / "empty.ndjson", [])
    assert run(["screen", *(each.format(p=project) for each in arguments)]) == code


def test_broken_lines_do_not_disturb_what_is_kept(project: Path) -> None:
    roster = write(project / "r.ndjson", [person(crm=17), person(id="b")[:-1], person(id="c")])
    done = screen(project, roster, keep=["crm"])
    assert done.lines == 3
    assert [(row["id"], row["crm"]) for row in table(project)] == [("tiktok/jo", "17"), ("c", None)]
    assert [row["line"] for row in invalid(project)] == [2]


def test_extra_fields_of_a_project_may_be_lists_and_ranges(project: Path) -> None:
    fields = (
        "{a_1: {type: ranged_count}, a_2: {type: ranged_count}, tags: {type: text, list: true}}"
    )
    config = project / "checker.yaml"
    config.write_text(config.read_text() + f"extra:\n  influencer: {fields}\n")
    extra = {"a_1": {"min": 3}, "a_2": 5, "tags": ["x"]}
    roster = write(project / "r.ndjson", [person(extra=extra), person(id="b"), person(id="c", x=1)])
    assert screen(project, roster).briefs[0].verdicts["invalid"] == 1
    assert [row["id"] for row in table(project)] == ["tiktok/jo", "b"]


def test_odd_lines_are_refused_as_by_checker_check(project: Path) -> None:
    odd: list[bytes] = [
        b"null",
        b" null \r",
        b"[null]",
        person(id="x/1", folowers=None).encode(),
        person(id="x/2", audience={"gender": {"femal": None}}).encode(),
        person(id="x/3").encode().replace(b", ", b",\r"),
        person(id="x/4").encode() + b"\r" + person(id="x/5").encode(),
        person(id="x/6", person="a").encode().replace(b'"a"', b'"a\rb"'),
        person(id="x/7", person="caf").encode().replace(b'caf"', b'caf\xe9"'),
        person(id="x/8", country=None, extra={"ours": None}).encode() + b"\r",
        b"\r",
        b"\xff",
        person(id="x/9").encode(),
    ]
    roster = project / "r.ndjson"
    roster.write_bytes(b"\n".join(odd))
    screen(project, roster)
    brief = project / "brief.yaml"
    brief.write_text(brief.read_text() + "shortlist: [r.ndjson]\n")
    (report,) = api.check_briefs([brief], as_of=AS_OF)
    subjects = report.of_kind("influencer")
    refused = {
        subject.position.line: {each.message for each in subject.diagnostics}
        for subject in subjects
        if subject.verdict == "invalid"
    }
    assert sorted(refused) == [1, 2, 3, 4, 5, 7, 8, 9, 12]
    assert [row["line"] for row in table(project)] == [6, 10, 13]
    assert sorted(each.position.line for each in subjects) == sorted([*refused, 6, 10, 13])
    for row in invalid(project):
        reasons = {reason.partition(": ")[2] or reason for reason in row["reasons"]}
        assert reasons == refused.pop(row["line"])
    assert not refused
