"""Fields that packs bring: declared once, shared where alike, refused where they differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.loading.schemas import read_schema
from tests.e2e.world import outcomes, run, subjects, write

DECLARED = """\
extra:
  influencer:
    rating: {type: code, values: [gold, silver], ask: the agency's rating, title: grade}
    badges: {type: code, values: [star, moon], list: true}
    day_rate: {type: ranged_money, currency: extra.coin, changeable: true}
    coin: {type: currency_code}
"""
PACK = """\
pack: agency
version: 1.0.0
title: Agency
{extra}rules:
  - id: rated
    title: Rated
    scope: influencer
    severity: error
    source: ours
    require: influencer.extra.rating == 'gold' and 'star' in influencer.extra.badges
    fix: Ask.
    examples:
      pass: [{{why: gold, influencer: {{extra: {{rating: gold, badges: [star]}}}}}}]
      fail: [{{why: silver, influencer: {{extra: {{rating: silver}}}}}}]
      unknown: [{{why: nobody said, influencer: {{}}}}]
  - id: day
    title: Day rate
    scope: influencer
    severity: error
    source: ours
    require: influencer.extra.day_rate <= money(500, 'GBP')
    fix: Ask.
"""
AGENCY = PACK.format(extra=DECLARED)


def brief(*extras: Any) -> str:
    people = [
        {"id": f"p{n}", "handle": f"@p{n}", "platform": "instagram", "followers": 9, "extra": extra}
        for n, extra in enumerate(extras)
    ]
    return json.dumps(
        {
            "id": "b",
            "title": "B",
            "brand": {"id": "x", "name": "X", "category": "toys"},
            "budget": {"currency": "GBP", "total": 900},
            "exchange_rates": {"EUR": 0.5},
            "shortlist": people,
        }
    )


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one pack that declares fields."""
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path, {".git/HEAD": "", "agency.yaml": AGENCY, "checker.yaml": "packs: [agency.yaml]"}
    )
    return tmp_path


GOOD = {"rating": "gold", "badges": ["star"], "day_rate": 800, "coin": "EUR", "of_ours": 3}


def check() -> Any:
    return run("check", "brief.json", "-o", "json", "--as-of", "2026-03-02").report()


def test_a_pack_brings_its_fields(project: Path) -> None:
    dear = {**GOOD, "day_rate": {"min": 1100, "max": 1200}, "rating": "silver"}
    write(project, {"brief.json": brief(GOOD, dear, {})})
    found = subjects(check())
    assert outcomes(found["@p0"]) == {"rated": "pass", "day": "pass"}
    assert outcomes(found["@p1"]) == {"rated": "fail", "day": "fail"}
    assert outcomes(found["@p2"]) == {"rated": "unknown", "day": "unknown"}
    assert run("lint").code == 0
    assert run("lint", "agency.yaml").code == 0
    assert run("test", "--mutate").code in (0, 1)


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ({"rating": "bronze"}, "extra.rating is"),
        ({"badges": ["sun"]}, "extra.badges entry 1 is"),
        ({"badges": "star"}, "extra.badges"),
        ({"day_rate": "much"}, "extra.day_rate is"),
        ({"coin": "POUND"}, "extra.coin is"),
        ({"ratings": "gold"}, 'unknown field "ratings"'),
        ({"Rating": "gold"}, 'unknown field "Rating"'),
    ],
)
def test_what_is_no_value_of_a_field_is_refused_here_and_in_screening(
    project: Path, extra: dict[str, Any], says: str
) -> None:
    write(project, {"brief.json": brief(extra, {"rating": "gold", "ratings": "my own"})})
    found = subjects(check())
    assert found["@p0"]["verdict"] == "invalid"
    assert says in found["@p0"]["diagnostics"][0]["message"]
    assert found["@p1"]["verdict"] != "invalid"
    pytest.importorskip("pyarrow")
    lines = [json.dumps(each) for each in json.loads(brief(extra, GOOD))["shortlist"]]
    write(project, {"r.ndjson": "\n".join(lines)})
    said = run("screen", "brief.json", "r.ndjson", "--as-of", "2026-03-02").out
    assert "1 invalid" in said
    assert says in said


def test_a_table_has_the_fields_of_packs(project: Path) -> None:
    table = (
        "id,handle,platform,followers,extra.rating,extra.badges\np,@p,instagram,9,gold,star;moon\n"
    )
    whole = {**json.loads(brief()), "shortlist": "s.csv"}
    write(project, {"brief.json": whole, "s.csv": table})
    assert outcomes(subjects(check())["@p"])["rated"] == "pass"


OTHER = PACK.replace("pack: agency", "pack: other").replace("id: ", "id: other-")


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (DECLARED, ""),
        (DECLARED.replace("title: grade", "title: mark, description: what it is"), ""),
        (DECLARED.replace("silver]", "silver, tin]"), "rating is code (values: gold, silver, tin)"),
        (DECLARED.replace(", list: true", ""), "here and a list of code"),
        (DECLARED.replace("ranged_money", "money"), "day_rate is money"),
    ],
)
def test_two_packs_share_a_field_that_they_declare_alike(
    project: Path, other: str, says: str
) -> None:
    packs = "packs: [agency.yaml, other.yaml]"
    write(project, {"other.yaml": OTHER.format(extra=other), "checker.yaml": packs})
    write(project, {"brief.json": brief(GOOD)})
    done = run("lint")
    assert ("one field has one meaning" in done.said) == bool(says)
    assert says in " ".join(done.said.split())
    own = f"packs: [agency.yaml]\n{other}"
    write(project, {"checker.yaml": own})
    assert ("in checker.yaml; one field" in run("check", "brief.json").said) == bool(says)


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("{type: code}", 'a code has "values"'),
        ("{type: share, values: [a]}", 'a code has "values"'),
        ("{type: code, values: []}", "values"),
        ("{type: money}", "which field names it"),
        ("{type: money, currency: rates.currencies}", 'Did you mean "rates.currency"?'),
        ("{type: money, currency: followers}", "is no field that names a currency"),
        ("{type: count, currency: rates.currency}", 'only money has a "currency"'),
        ("{type: shares}", "share"),
        ("{typ: share}", "type"),
        ("share", "rating"),
    ],
)
def test_a_declaration_that_is_none_has_its_place(project: Path, field: str, says: str) -> None:
    extra = f"extra:\n  influencer:\n    rating: {field}\n"
    write(project, {"agency.yaml": PACK.format(extra=extra), "brief.json": brief({})})
    done = run("lint")
    assert done.code == 2
    assert says in done.out
    assert "agency.yaml:6:" in done.out
    assert done.out.count("error:") == 1
    assert run("check", "brief.json").code == 2
    write(project, {"checker.yaml": extra})
    done = run("check", "brief.json")
    assert done.code == 2
    assert "checker.yaml:3:" in done.err


def test_a_field_of_a_pack_that_is_used_alone(project: Path) -> None:
    fields = f"pack: fields\nversion: 1.0.0\ntitle: Fields\n{DECLARED}"
    user = PACK.format(extra="uses: [fields]\n")
    write(project, {"fields.yaml": fields, "agency.yaml": user, "brief.json": brief(GOOD)})
    assert outcomes(subjects(check())["@p0"]) == {"rated": "pass", "day": "pass"}


def test_diff_reads_records_with_the_fields_of_both(project: Path) -> None:
    write(project, {"new.yaml": AGENCY.replace("500", "300"), "there/brief.json": brief(GOOD)})
    write(project, {"there/checker.yaml": "rules: {}"})
    done = run("diff", "agency.yaml", "new.yaml", "--records", "there")
    assert done.code == 0, done.said
    assert "pass -> fail" in done.out


def test_a_pack_brings_how_exports_become_records(project: Path) -> None:
    shown = run("import", "modash", "--print-map").out
    write(project, {"mappings/ourtool.yaml": shown, "export.json": {"profile": {}}})
    assert run("import", "ourtool", "--print-map").out == shown
    assert "mappings/ourtool.yaml" not in run("import", "ourtool", "export.json").out
    wrong = run("import", "ourtol", "export.json")
    assert wrong.code == 2
    assert 'Did you mean "ourtool"?' in wrong.err
    write(project, {"b/other.yaml": OTHER.format(extra=DECLARED), "b/mappings/ourtool.yaml": shown})
    write(project, {"checker.yaml": "packs: [agency.yaml, b]"})
    assert "several packs bring a format" in run("import", "ourtool", "export.json").err


def test_both_schemas_declare_a_field_alike() -> None:
    one, two = (read_schema(name)["$defs"]["extra_field"] for name in ("config", "rules"))
    assert one == {key: value for key, value in two.items() if key != "x-noun"}
