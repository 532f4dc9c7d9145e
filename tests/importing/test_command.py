"""The command: where records go, and what becomes of what cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import ROOT, process, run
from tests.importing.world import FILES, FIXTURES, fixture, imported, one, written

MODASH = FIXTURES / "modash.json"


def person(handle: str, **more: Any) -> dict[str, Any]:
    """Return one creator as TikTok One has them."""
    return {"handle_name": handle, "followers_count": 1000, **more}


def test_help_shows_the_command_among_the_briefs() -> None:
    assert "\n  import" in run("--help").out
    done = run("import", "--help")
    for name in FILES:
        assert name in done.out


def test_the_formats_are_documented() -> None:
    text = (ROOT / "docs/import.md").read_text("utf-8")
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| `")]
    assert {f"`{name}`" for name in (*FILES, "csv", "json")} <= set(rows)
    assert "None of the formats has met a real export yet" in text


def test_records_to_a_file(tmp_path: Path) -> None:
    out = tmp_path / "people.ndjson"
    done, printed = imported("modash", MODASH, "--out", out)
    assert (done.code, printed) == (0, [])
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert lines == imported("modash", MODASH)[1]


def test_a_file_for_each_record(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "people"
    assert imported("modash", MODASH, "--out-dir", folder)[0].code == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["instagram-maisie.braids.json", "tiktok-gadgetgav.json"]
    records = [json.loads((folder / name).read_text("utf-8")) for name in names]
    assert records == imported("modash", MODASH)[1]


def test_names_of_files_stay_in_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "people"
    people = [person(h) for h in ("../../../evil", "a/b", "a b", "…", "CON", "x" * 300)]
    done, _ = imported("tiktok", written(tmp_path, "x.json", people), "--out-dir", folder)
    assert done.code == 0, done.err
    assert {path.name for path in tmp_path.iterdir()} == {"people", "x.json"}
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 6
    assert all(len(name) < 120 and not name.startswith(".") for name in names)
    assert "tiktok-a-b-2.json" in names


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["modash"], "name the files to import"),
        (["modash", "x.json", "--out", "a", "--out-dir", "b"], "but not both"),
        (["modash", "x.json", "--out", "x.json"], "is an input, or named twice"),
        (["modash", "x.json", "--out", "y", "--report", "y"], "is an input, or named twice"),
        (["modash", "x.json", "--out", "no/y"], "the folder no does not exist"),
        (["modash", "x.json", "--out", "."], "is a folder; name a file in it"),
        (["modash", "x.json", "--as-of", "today"], "--as-of"),
        (["nomash", "--print-map"], 'Did you mean "modash"?'),
    ],
)
def test_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path, "x.json", fixture("modash"))
    before = path.read_bytes()
    done, records = imported(*args)
    assert (done.code, records) == (2, [])
    # The command line writes what is wrong with it on standard error.
    assert message in process("import", *args, folder=tmp_path).err.replace("\n", " ")
    assert path.read_bytes() == before


def test_one_bad_line_does_not_lose_the_others(tmp_path: Path) -> None:
    lines = [json.dumps(person("a")), '{"handle_name": "b", ', "[1]", json.dumps(person("c"))]
    path = written(tmp_path, "people.ndjson", "\n".join(lines))
    done, records = imported("tiktok", path)
    assert done.code == 3
    assert [record["handle"] for record in records] == ["a", "c"]
    assert "people.ndjson:2:" in done.err
    assert "people.ndjson:3:" in done.err
    assert "2 of 4 records imported" in done.err


def test_an_address_in_the_wrong_column_is_not_repeated(tmp_path: Path) -> None:
    path = written(tmp_path, "x.json", person("jo", followers_count="s3cr3t@mail.example"))
    done, _ = imported("tiktok", path)
    assert "is an e-mail address, which is no number" in done.err
    assert "s3cr3t" not in done.err


@pytest.mark.parametrize(
    ("people", "message"),
    [
        ([person("a"), 7], "there is no record"),
        ([person("a"), person("a")], 'the influencer "tiktok/a" is there twice'),
        ([person("a"), person("@a")], "The first is at"),
        ([person("a"), {"handle_name": "b"}], "TikTok One's creator profile has it at"),
        ([person("a"), {"followers_count": 5}], 'has no "handle"'),
        ([person("a"), person("b", currency="pounds")], "1 of 2"),
        ([person("a"), person("b", followers_count=-1)], "it cannot be less than 0"),
        ([person("a"), person("jo@mail.example")], 'has no "handle"'),
    ],
)
def test_a_bad_record_is_named(tmp_path: Path, people: Any, message: str) -> None:
    lines = "\n".join(json.dumps(each) for each in people)
    done, records = imported("tiktok", written(tmp_path, "people.ndjson", lines))
    if "pounds" in lines:  # A word that is no currency is left out, and listed.
        assert (done.code, len(records)) == (0, 2)
        assert '"POUNDS" is none of its words (1 record)' in done.err
        return
    assert done.code == 3
    assert [record["handle"] for record in records] == ["a"]
    assert "people.ndjson:2" in done.err
    assert message in done.err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.json", "", "the file is empty"),
        ("x.json", "[]", "the file holds no records"),
        ("x.json", "{}", 'there is no record at "profile"; is this Modash'),
        ("x.json", "{,}", "x.json:1:2"),
        ("x.json", "[" * 5000, "x.json"),
        ("x.json", '{"profile": NaN}', "NaN is not a number"),
        ("x.json", '{"a": 1, "a": 2}', '"a" is given twice'),
        ("x.csv", "a,b\n1,2\n", "is a .json or .ndjson file"),
        ("x.xlsx", "", "Save the sheet as CSV."),
        ("x", "{}", "is a .json or .ndjson file"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, name: str, content: str, message: str) -> None:
    out = written(tmp_path, "out.ndjson", "from before\n")
    bad = written(tmp_path, name, content)
    done, _ = imported("modash", bad, "--out", out)
    assert done.code == 3
    assert message in done.err
    # Nothing was imported: what was there stays.
    assert out.read_text("utf-8") == "from before\n"
    # Another file is imported all the same.
    assert len(imported("modash", bad, MODASH)[1]) == 2


def test_files_that_are_none(tmp_path: Path) -> None:
    done, records = imported("modash", tmp_path / "no.json", tmp_path)
    assert (done.code, records) == (3, [])
    assert "there is no such file" in done.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Name,Followers,Name\n", 'two columns are called "Name"'),
        ("Name,Followers\n", "the file has a header and no rows"),
        ("", "the file is empty"),
        ('Name,Followers\n"jo,5\n', "cannot be read as CSV"),
        ("Name,Followers\njo\n", "the row has 1 cells; the header has 2 columns"),
        ("Name,Followers\njo,5,6\n", "the row has 3 cells; the header has 2 columns"),
    ],
)
def test_a_table_that_cannot_be_used(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, "people.csv", text)
    done, records = imported("csv", "--map", FIXTURES / "ours.yaml", path)
    assert (done.code, records) == (3, [])
    assert message in done.err


def test_a_table_from_another_country(tmp_path: Path) -> None:
    text = "\ufeffName;Followers;Topics;\r\n@jo;1200;hair;x\r\n;;;\r\n"
    path = written(tmp_path, "people.csv", text)
    done, (record,) = imported("csv", "--map", FIXTURES / "ours.yaml", path)
    assert (record["handle"], record["followers"]) == ("@jo", 1200)
    assert "not mapped: column 4" in done.err


def test_contact_details_and_private_facts_go_nowhere(tmp_path: Path) -> None:
    """Neither the records nor the messages nor the report hold any of their values."""
    secret = "s3cr3t@mail.example"
    profile = person(
        "jo",
        business_email=secret,
        bio=f"Write to {secret}",
        contactDetails={"phone": secret, "x": [secret]},
        audience_ethnicities=[{"code": secret, "percentage": 0.5}],
        household_income={secret: 0.5},
        friends=[{"name": "x", "email": secret}],
        country_code=secret,
    )
    report = tmp_path / "report.json"
    path = written(tmp_path, "x.json", profile)
    done, (record,) = imported("tiktok", path, "--report", report)
    said = done.err + json.dumps(record) + report.read_text("utf-8")
    assert "country" not in record
    assert "s3cr3t" not in said.lower()
    kinds: dict[str, set[str]] = {}
    for each in json.loads(report.read_text("utf-8"))["left"]:
        kinds.setdefault(each["kind"], set()).add(each["path"])
    assert kinds["contact"] == {
        "business_email",
        "contactDetails",
        "country",
        "friends[].email",
    }
    assert kinds["private"] == {"audience_ethnicities", "household_income"}
    assert {"bio", "friends"} <= kinds["unmapped"]


def test_the_report(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    imported("youtube", FIXTURES / "youtube.ndjson", "--report", report)
    data = json.loads(report.read_text("utf-8"))
    assert data["format"] == "youtube"
    (file,) = data["files"]
    assert (file["records"], file["imported"]) == (3, 2)
    (refused,) = data["refused"]
    assert (refused["line"], refused["code"]) == (3, "missing-field")
    assert {"kind": "unmapped", "path": "channel.kind", "because": "", "records": 1} in data["left"]
    assert data["notes"] == ["Ages and genders are of viewers, not of subscribers."]


def test_nothing_rewrites_a_terminal(tmp_path: Path) -> None:
    evil = "\x1b[2J\u202e::error::x"
    people = [person(f"a{evil}"), {"handle_name": f"b{evil}"}, person("c", **{f"k{evil}": 1})]
    path = written(tmp_path, "x.json", people)
    done = run("import", "tiktok", str(path))
    for forbidden in ("\x1b", "\u202e", "::error::"):
        assert forbidden not in done.err
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    handles = [json.loads(line)["handle"] for line in done.out.splitlines()]
    assert handles == [f"a{evil}", "c"]


def test_extra_fields_of_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "checker.yaml", "extra: {influencer: {rating: {type: share}}}\n")
    mapping = written(
        tmp_path,
        "map.yaml",
        'mapping: m\ntitle: M\nversion: "1"\ninput: json\nconstants: {platform: x}\nfields:\n'
        "  handle: {from: h}\n  followers: {from: f, unit: count}\n"
        "  extra.rating: {from: r, unit: percent}\n",
    )
    path = written(tmp_path, "x.json", {"h": "jo", "f": 3, "r": 40})
    assert one("json", "--map", mapping, path)["extra"] == {"rating": 0.4}


def test_as_of_is_for_files_that_do_not_say_it(tmp_path: Path) -> None:
    path = FIXTURES / "phyllo.json"
    assert one("phyllo", path, "--as-of", "2026-03-01")["as_of"] == "2026-02-27"
    assert one("tiktok", FIXTURES / "tiktok.json", "--as-of", "2026-03-01")["as_of"] == "2026-03-01"


def test_a_process_of_its_own(tmp_path: Path) -> None:
    done = process("import", "modash", str(MODASH), folder=tmp_path)
    assert done.code == 0
    assert len(done.out.splitlines()) == 2


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    done, records = imported("modash", tmp_path)
    assert (done.code, records) == (3, [])
    assert "this is a folder, not a file" in done.err
    assert f"Name the files in it, such as {tmp_path}/*.json." in done.err


def test_a_truth_is_no_number_and_a_handle_is_asked_for_once(tmp_path: Path) -> None:
    people = [person("jo", followers_count=True), {"followers_count": 5}]
    done, records = imported("tiktok", written(tmp_path, "x.json", people))
    assert (done.code, records) == (3, [])
    assert "is true, which is no number" in done.err
    assert 'has no "handle"' in done.err
    assert 'has no "id"' not in done.err
