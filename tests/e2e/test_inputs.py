"""What cannot be used: its documented code, one clear message, and no traceback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import AS_OF, BRAND, JO, brief, outcomes, pack, process, run, subjects, write


def refused(code: int, *words: str, args: tuple[str, ...] = ("check",)) -> str:
    """Run the command, which must answer with one error in these words."""
    done = run(*args)
    assert done.code == code, done.said
    assert done.out == ""
    assert done.err.count("error: ") == 1
    for word in words:
        assert word in done.err
    return done.err


def test_an_empty_folder(folder: Path) -> None:
    refused(3, "./: error: no brief found; nothing was checked", "1 folder")


def test_a_missing_brief(folder: Path) -> None:
    refused(3, "spring/brief.yaml", "no such file", args=("check", "spring/brief.yaml"))


def test_a_brief_without_influencers_says_so(folder: Path) -> None:
    write(folder, {"brief.json": brief()})
    done = run("check", "--as-of", AS_OF)
    assert "no influencer was checked" in done.out
    assert "no influencers" in done.out.splitlines()[1]


@pytest.mark.parametrize("shortlist", ["s.csv", "s.ndjson", "s.json", "*.json.gz"])
def test_a_shortlist_without_records(folder: Path, shortlist: str) -> None:
    empty = {"s.csv": "handle,platform,followers\n", "s.ndjson": "\n", "s.json": "[]"}
    write(folder, {"brief.json": brief(shortlist=[shortlist]), **empty})
    done = run("check", "--as-of", AS_OF)
    assert done.code == 3
    assert done.said.count("error: ") <= 1
    assert "INVALID" in done.out
    assert shortlist in done.out


def test_a_rule_with_a_syntax_error(folder: Path) -> None:
    rule = "id: a\ntitle: A\nscope: brief\nseverity: error\nsource: ours\nrequire: (1 + 2"
    write(
        folder,
        {
            "brief.json": brief(),
            "checker.yaml": "packs: [rules/ours.yaml]\n",
            "rules/ours.yaml": pack(rule),
        },
    )
    refused(2, "rules/ours.yaml:10:14", "is not closed")
    write(folder, {"rules/ours.yaml": "pack: [\n"})
    refused(2, "rules/ours.yaml:2:1", "a value is missing")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("rulez: {}", ["checker.yaml:1:1", 'unknown field "rulez"']),
        ("rules: [", ["checker.yaml:2:1", "a value is missing"]),
        ("packs: [rules/nowhere.yaml]", ["checker.yaml:1:9", "rules/nowhere.yaml"]),
        ("packs: [../ours.yaml]", ["checker.yaml:1:9", "outside the project"]),
        (
            "rules: {audience-age: {params: {minimum: much}, because: x}}",
            ["checker.yaml:1:42", "minimum of audience-age"],
        ),
    ],
)
def test_a_configuration_that_cannot_be_used(folder: Path, config: str, words: list[str]) -> None:
    write(folder, {"brief.json": brief(), "checker.yaml": config + "\n"})
    refused(2, *words)


@pytest.mark.parametrize(
    ("influencer", "place", "words"),
    [
        ({**JO, "followers": "many"}, "jo.json:1", ["followers", "many", "whole number"]),
        ({**JO, "followers": -3}, "jo.json:1", ["followers is -3; it cannot be less than 0"]),
        ([], "jo.json", ["empty"]),
        ("3", "jo.json:1:1", []),
        ("", "jo.json", ["empty"]),
        (b"\xff\xfe{\x00", "jo.json:1:1", ["UTF-16"]),
        ("[" * 100_000, "jo.json", ["nested"]),
        ('{"id": 1e999}', "jo.json:1", []),
    ],
)
def test_a_record_that_cannot_be_used(
    folder: Path, influencer: Any, place: str, words: list[str]
) -> None:
    al = {**JO, "id": "al", "handle": "@al"}
    write(folder, {"brief.json": brief(shortlist=["jo.json", al]), "jo.json": influencer})
    done = run("check", "--as-of", AS_OF)
    assert done.code == 3
    assert place in done.said
    for word in words:
        assert word in done.said
    # The others are judged all the same.
    assert "@al" in done.out


@contextmanager
def unreadable(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take the permission to read away; root may read everything and is refused by hand."""
    path.chmod(0)
    if os.access(path, os.R_OK):
        real = Path.open

        def refuse(self: Path, *args: Any, **options: Any) -> Any:
            if self.name == path.name:
                raise PermissionError(13, "Permission denied", str(self))
            return real(self, *args, **options)

        opened = os.open

        def refuse_too(name: Any, *args: Any, **options: Any) -> int:
            if Path(name).name == path.name:
                raise PermissionError(13, "Permission denied", str(name))
            return opened(name, *args, **options)

        monkeypatch.setattr(Path, "open", refuse)
        monkeypatch.setattr(os, "open", refuse_too)
    yield
    monkeypatch.undo()
    path.chmod(0o600)


@pytest.mark.parametrize(
    ("name", "code"),
    [("brief.json", 3), ("jo.json", 3), ("brand.json", 3), ("ours.yaml", 2), ("checker.yaml", 2)],
)
def test_a_file_that_may_not_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int
) -> None:
    write(
        folder,
        {
            "brief.json": brief(brand="brand.json", shortlist=["jo.json"]),
            "brand.json": BRAND,
            "jo.json": JO,
            "checker.yaml": "packs: [ours.yaml]\n",
            "ours.yaml": pack("id: a\ntitle: A\nscope: brief\nseverity: error\nsource: ours\n"
                              "require: 1 == 1"),
        },
    )  # fmt: skip
    assert run("check", "--as-of", AS_OF).code in (0, 4)
    with unreadable(folder / name, monkeypatch):
        done = run("check", "--as-of", AS_OF)
    assert done.code == code
    assert name in done.said
    assert "permission" in done.said
    assert "internal error" not in done.said


def test_a_sheet_from_a_spreadsheet(folder: Path) -> None:
    """Byte-order mark, semicolons and CRLF, and a quoted cell with a semicolon in it."""
    rows = [
        "handle;platform;followers;topics;audience.age.18-24;fee;currency;gift_value;note",
        '@jo;instagram;"12.350-12.450";"hair;beauty";45%;400-600;GBP;0;"says ""yes"""',
        "@al;tiktok;8000;hair;0.5;;;;",
        "",
    ]
    sheet = "\ufeff" + "\r\n".join(rows).replace("12.350-12.450", "12350-12450")
    write(folder, {"s.csv": sheet.encode("utf-8"), "brief.yaml": YAML_BRIEF})
    done = run("check", "--as-of", AS_OF, "-o", "json")
    found = subjects(done.report())
    assert list(found) == ["@jo", "@al"]
    assert found["@jo"]["facts"]["followers"]["text"] == "12,350–12,450"
    assert found["@jo"]["facts"]["cost"]["text"] == "GBP 400–600"
    assert outcomes(found["@jo"])["cost-per-influencer"] == "pass"
    assert outcomes(found["@al"])["cost-per-influencer"] == "unknown"
    assert found["@al"]["position"] == {"file": "s.csv", "line": 3}


YAML_BRIEF = """\
id: spring
title: Spring ribbons
brand: {id: bramble, name: Bramble & Co, category: hair accessories}
target: {age: {min: 18, max: 34}}
budget: {currency: GBP, per_influencer: 600}
shortlist: s.csv
"""


def test_as_a_process_nothing_is_found_either(folder: Path) -> None:
    done = process("check", folder=folder)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("./: error: no brief found; nothing was checked")
