"""Mappings: what is wrong with one is said at its place, and nothing is imported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from checker.loading.importing.mapping_file import format_path, formats
from checker.loading.importing.paths import PathError, find, record_path
from checker.loading.schemas import read_schema
from checker.loading.source import SourceFile
from checker.loading.yaml_text import read_yaml
from tests.importing.world import imported, one, written

HEAD = 'mapping: ours\ntitle: Ours\nversion: "1"\ninput: INPUT\n'
NEEDED = """\
constants: {platform: instagram}
fields:
  handle: {from: name}
  followers: {from: count, unit: count}
"""
PERSON = {"name": "jo", "count": 1200}


def said(folder: Path, more: str, *, kind: str = "json", needed: str = NEEDED) -> str:
    """Return what is said of a mapping, which must be refused before a file is read."""
    mapping = written(folder, "map.yaml", HEAD.replace("INPUT", kind) + needed + more)
    done, records = imported(kind, "--map", mapping, folder / f"missing.{kind}")
    assert (done.code, records) == (2, []), done.err
    return done.err.replace(f"{folder}/", "")


def test_the_schema_is_plain_and_its_example_is_right() -> None:
    schema = read_schema("mapping")
    Draft202012Validator.check_schema(schema)
    gate = Draft202012Validator(schema)
    assert [list(gate.iter_errors(example)) for example in schema["examples"]] == [[]]


@pytest.mark.parametrize("name", formats())
def test_shipped_mappings_fit_the_schema(name: str) -> None:
    document = read_yaml(SourceFile(name, format_path(name).read_text("utf-8")))
    assert document.data["mapping"] == name
    assert list(Draft202012Validator(read_schema("mapping")).iter_errors(document.data)) == []


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("audiance.age.18-24: {from: x, unit: share}", 'no "audiance.age.18-24"'),
        ("audience.credibilty: {from: x, unit: share}", 'Did you mean "audience.credibility"?'),
        ("credibility: {from: x, unit: share}", 'Did you mean "audience.credibility"?'),
        ("audience: {from: x}", '"audience" has several parts'),
        ("audience.age.young: {from: x, unit: share}", "ends in no age band"),
        ("audience.country.UK: {from: x, unit: share}", 'Did you mean "GB"?'),
        ("audience.credibility: {from: x}", "the unit is missing; it is never guessed"),
        ("audience.credibility: {from: x, unit: count}", '"count" is no unit of this field'),
        ("as_of: {from: x}", "Write unit: date or datetime or month or unix-seconds."),
        ("as_of: {from: x, unit: day}", 'unit is "day", which is no unit'),
        ("country: {from: x, codes: {uk: UK}}", 'Did you mean "GB"?'),
        ("country: {from: 'a[', case: upper}", "not a path"),
        ("country: {from: length(a)}", "paths of a mapping have no functions"),
        ("country: {from: a | b}", "paths of a mapping have no |"),
        ("country: {min: a, max: b}", "this field takes one value, not a range"),
        ("country: {unit: text}", 'a value comes "from" one place'),
        ("country: {from: a, rows: b}", '"rows" is not for one value'),
        ("average_monthly_views: {from: a, min: b, unit: count}", 'comes "from" one place'),
        ("age_verified_over: {from: a, unit: count, rounded_down: 3}", "not a range"),
        ("engagement.rate: {from: a, unit: share, rounded_down: 3}", '"rounded_down" is for'),
        ("country: {from: a, split: ';'}", '"split" is for lists'),
        ("audience.age: {from: ages, unit: share}", '"from" is not for a distribution'),
        ("audience.age: {rows: r, key: k, unit: share}", 'a distribution needs "value"'),
        ("audience.age: {rows: r, key: k, value: v}", "the unit is missing"),
        ("audience.age: {rows: r, key: k, value: v, unit: count}", "what they are a share of"),
        ("audience.age: {rows: r, key: k, value: v, unit: share, of: w}", '"of" is for counts'),
        ("history: {rows: r}", 'a list of entries needs "fields"'),
        ("history: {rows: r, fields: {date: {from: d, unit: date}}}", 'needs "followers"'),
        ("history: {rows: r, fields: {dat: {from: d}}}", 'no "dat"'),
        ("handle.x: {from: a}", 'no "handle.x"'),
        ("country: {from: a, froms: b}", 'unknown field "froms"'),
    ],
)
def test_a_wrong_field(tmp_path: Path, field: str, message: str) -> None:
    err = said(tmp_path, f"  {field}\n")
    assert message in err
    assert err.startswith("map.yaml:9:")


@pytest.mark.parametrize(
    "path",
    ["email", "contacts[0].value", "profile.contactDetails.phone", '"E-mail address"', "a.zipCode"],
)
def test_contact_details_cannot_be_mapped(tmp_path: Path, path: str) -> None:
    err = said(tmp_path, f"  person: {{from: '{path}'}}\n")
    assert "contact details have no place in a record" in err


@pytest.mark.parametrize(
    "name",
    ["ethnicity", "audienceEthnicities", "Household income", "marital_status", "religion"],
)
def test_what_is_private_cannot_be_mapped(tmp_path: Path, name: str) -> None:
    err = said(tmp_path, f"  roles: {{from: {name}}}\n", kind="csv")
    assert "it is nobody's business" in err


def test_topics_of_content_are_not_about_a_person(tmp_path: Path) -> None:
    more = "  observed.politics: {from: share_politics, unit: share}\n"
    mapping = written(tmp_path, "map.yaml", HEAD.replace("INPUT", "json") + NEEDED + more)
    data = written(tmp_path, "x.json", {**PERSON, "share_politics": 0.1})
    assert one("json", "--map", mapping, data)["observed"] == {"politics": 0.1}


@pytest.mark.parametrize(
    ("needed", "message"),
    [
        ("fields:\n  handle: {from: a}\n", 'the mapping has no "platform" and "followers"'),
        (NEEDED + "  platform: {from: p}\n", '"platform" is mapped, and a constant too'),
        (NEEDED.replace("instagram", "insta"), 'platform is "insta", which is no platform'),
        (NEEDED.replace("{platform", "{languages: [xx], platform"), 'languages entry 1 is "xx"'),
        (NEEDED.replace("{platform", "{plattform: x, platform"), 'Did you mean "platform"?'),
        (NEEDED + "  audience.age: {rows: r, key: k, value: v, unit: share}\n"
         "  audience.age.18-24: {from: a, unit: share}\n", "fill the same field"),
        (NEEDED + "refuse_when: [{from: state, because: x}]\n", 'a case has "is" or "is_not"'),
        (NEEDED + "left_out: [{from: a}]\n", 'left_out entry 1 has no "because"'),
        (NEEDED + "feilds: {}\n", 'Did you mean "fields"?'),
        ("", 'the mapping has no "fields"'),
    ],
)  # fmt: skip
def test_a_wrong_mapping(tmp_path: Path, needed: str, message: str) -> None:
    assert message in said(tmp_path, "", needed=needed)


def test_everything_is_said_at_once(tmp_path: Path) -> None:
    err = said(tmp_path, "  country: {from: length(a)}\n  person: {from: email}\n")
    assert "map.yaml:9:" in err
    assert "map.yaml:10:" in err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the mapping is empty"),
        ("- a\n", "map.yaml:1:1: error: the mapping is a list; it must have named parts"),
        ("a\n", "the mapping is a single value"),
        ("mapping: [", "not valid YAML"),
        (HEAD.replace("ours", "Our Own").replace("INPUT", "json") + NEEDED, "is no name"),
        (HEAD.replace("INPUT", "xml") + NEEDED, 'input is "xml"'),
    ],
)
def test_a_file_that_is_no_mapping(tmp_path: Path, text: str, message: str) -> None:
    mapping = written(tmp_path, "map.yaml", text)
    done, _ = imported("json", "--map", mapping, "x.json")
    assert done.code == 2
    assert message in done.err


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("audience.ethnicity", '"audience.ethnicity": that has no place in a record'),
        ("email", '"email": contact details have no place in a record'),
    ],
)
def test_a_private_field_is_no_slip_of_the_pen(tmp_path: Path, field: str, message: str) -> None:
    err = said(tmp_path, f"  {field}: {{from: x}}\n")
    assert message in err
    assert "Did you mean" not in err


def test_a_column_that_a_table_has_not_is_missing(tmp_path: Path) -> None:
    fields = """  engagement.rate: {from: Rates, unit: percent}
  rates.fees.post: {min: Low, max: Fee, unit: money}
"""
    mapping = written(tmp_path, "map.yaml", HEAD.replace("INPUT", "csv") + NEEDED + fields)
    table = written(tmp_path, "x.csv", "name,count,Rate,Fee\n@jo,900,3,\n@al,800,,\n")
    done, records = imported("csv", "--map", mapping, table)
    assert (done.code, len(records)) == (0, 2)
    assert 'missing: engagement.rate: the table has no column "Rates"; is it "Rate"?' in done.err
    assert 'missing: rates.fees.post: the table has no column "Low"' in done.err
    assert '"Fee"' not in done.err


def test_which_mapping_goes_with_which_format(tmp_path: Path) -> None:
    mapping = written(tmp_path, "map.yaml", HEAD.replace("INPUT", "json") + NEEDED)
    for args, message in (
        (["csv", "--map", mapping, "x.csv"], 'for json files, and the format is "csv"'),
        (["csv", "x.csv"], "csv needs a mapping of your own: --map FILE"),
        (["modash", "--map", mapping, "x.json"], "--print-map prints it"),
        (["modahs", "x.json"], 'Did you mean "modash"?'),
        (["sheet", "x.json"], "Formats: hypeauditor, instagram"),
        (["json", "--map", tmp_path / "no.yaml", "x.json"], "there is no such file"),
    ):
        done, records = imported(*args)
        assert (done.code, records) == (2, [])
        assert message in done.err


@pytest.mark.parametrize(
    ("more", "data", "field", "expected"),
    [
        ("country: {from: c, case: upper, codes: {uk: GB}}", {"c": "uk"}, "country", "GB"),
        ("country: {from: c, case: upper}", {"c": "ie"}, "country", "IE"),
        ("languages: {from: l}", {"l": ["en", "en", "de", "??"]}, "languages", ["en", "de"]),
        ("languages: {from: l}", {"l": "en"}, "languages", ["en"]),
        ("topics: {from: t, split: ','}", {"t": "hair, beauty,"}, "topics", ["hair", "beauty"]),
        ("accepts_gifts: {from: g}", {"g": "yes"}, "accepts_gifts", True),
        ("accepts_gifts: {from: g}", {"g": False}, "accepts_gifts", False),
        ("as_of: {from: d, unit: unix-seconds}", {"d": 1772409600}, "as_of", "2026-03-02"),
        ("as_of: {from: d, unit: datetime}", {"d": "2026-03-02T23:59:00Z"}, "as_of", "2026-03-02"),
        ("person: {from: a || b}", {"a": "", "b": "p-1"}, "person", "p-1"),
        ("person: {from: p, unknown: ['n/a']}", {"p": "n/a"}, "person", None),
        ("person: {from: p}", {"p": "jo@mail.example"}, "person", None),
        ("average_monthly_views: {min: a, max: b, unit: count}", {"a": 5}, "average_monthly_views",
         {"min": 5}),
        ("audience.age: {rows: a, key: k, value: v, unit: share}",
         {"a": [{"k": "<18", "v": 0.1}, {"k": "18-24", "v": 0.5}, {"v": 0.2}]}, "audience",
         {"age": {"18-24": 0.5}}),
        ("person: {from: p}", {"p": "@jo@example.social"}, "person", "@jo@example.social"),
        ("sponsorships: {rows: s, fields: {brand: {from: b}, date: {from: d, unit: date}}}",
         {"s": [{"b": "Acme", "d": "2026-01-02"}, {"d": "2026-01-03"}]}, "sponsorships",
         [{"brand": "Acme", "date": "2026-01-02"}]),
    ],
)  # fmt: skip
def test_values(
    tmp_path: Path, more: str, data: dict[str, object], field: str, expected: object
) -> None:
    mapping = written(tmp_path, "m.yaml", HEAD.replace("INPUT", "json") + NEEDED + f"  {more}\n")
    record = one("json", "--map", mapping, written(tmp_path, "x.json", {**PERSON, **data}))
    assert record.get(field) == expected


@pytest.mark.parametrize(
    ("more", "data", "message"),
    [
        ("as_of: {from: d, unit: date}", {"d": "2.3.2026"}, "which is no date"),
        ("as_of: {from: d, unit: date}", {"d": "2026-02-30"}, "there is no such day"),
        ("as_of: {from: d, unit: unix-seconds}", {"d": 1772409600000}, "no time in seconds"),
        ("accepts_gifts: {from: g}", {"g": "perhaps"}, "it must be true or false"),
        ("person: {from: p}", {"p": {"x": 1}}, "it must be a text"),
        ("history: {rows: h, fields: {date: {from: d, unit: date}, followers: {from: f, unit: "
         "count}}}", {"h": [{"d": "2026-01-01", "f": "many"}]}, "followers is \"many\""),
        ("audience.gender: {rows: g, key: k, value: v, unit: share}", {"g": {"k": 1}},
         "it must be a list"),
        ("audience.gender: {rows: g, key: k, value: v, unit: count, of: w}",
         {"g": [{"k": "male", "v": 3}, {"k": "female", "v": 2}], "w": 4}, "adds up to 125%"),
    ],
)  # fmt: skip
def test_values_that_cannot_be_read(
    tmp_path: Path, more: str, data: dict[str, object], message: str
) -> None:
    mapping = written(tmp_path, "m.yaml", HEAD.replace("INPUT", "json") + NEEDED + f"  {more}\n")
    good = {"name": "ann", "count": 5}
    path = written(tmp_path, "x.json", [{**PERSON, **data}, good])
    done, records = imported("json", "--map", mapping, path)
    assert done.code == 3
    assert [record["handle"] for record in records] == ["ann"]
    assert message in done.err
    assert "x.json:1:" in done.err


@pytest.mark.parametrize(
    "text",
    [
        "a[",
        "(",
        "[?" * 100,
        "x" * 301,
        "[a,b]",
        "&a",
        "*.a",
        "a[0:2]",
        "a[]" + "[].b[]" * 30,
        "`",
        "a[?b==`c`]",
    ],
)
def test_paths_that_are_none(text: str) -> None:
    with pytest.raises(PathError):
        record_path(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b", 1),
        ("list[1].n", 2),
        ("list[-1].n", 2),
        ("list[9].n", None),
        ("a.b.c", None),
        ("none || a.b", 1),
        ("zero || a.b", 0),
        ('"odd name"', 3),
        ("list[].n", [1, 2]),
        ("list[?k=='y'].n", [2]),
    ],
)
def test_paths(text: str, expected: object) -> None:
    data = {
        "a": {"b": 1},
        "zero": 0,
        "odd name": 3,
        "list": [{"k": "x", "n": 1}, {"k": "y", "n": 2}],
    }
    assert find(record_path(text), json.loads(json.dumps(data))) == expected
