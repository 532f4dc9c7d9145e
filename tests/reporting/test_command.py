"""The formats and redaction through the command, on the sample brief."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xmlschema
from click.testing import CliRunner, Result
from jsonschema import Draft4Validator

from checker.cli.group import checker
from tests.reporting.everything import REFERENCE

ROOT = Path(__file__).parents[2]
SPRING = "samples/bramble/spring"
HANDLES = ("maisie", "thecurledit", "tinyknots", "northradio", "glamorously", "gadgetgav", "fringe")


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


def check(*args: str) -> Result:
    return CliRunner().invoke(checker, ["check", SPRING, "--as-of", "2026-03-02", *args])


FORMATS = ("json", "sarif", "junit", "github", "gitlab", "markdown")


def test_several_formats_at_once(tmp_path: Path) -> None:
    wanted = [f"-o{name}={tmp_path / name}" for name in FORMATS]
    result = check("-o", "text", *wanted)
    assert result.exit_code == 1
    assert result.stdout.startswith("Spring ribbons")
    assert {path.name for path in tmp_path.iterdir()} == set(FORMATS)
    for name in FORMATS:
        assert check("-o", name).stdout == (tmp_path / name).read_text("utf-8")


def test_the_samples_are_valid(tmp_path: Path) -> None:
    if not REFERENCE.is_dir():
        pytest.skip(f"the official schemas are not at {REFERENCE}")
    sarif, junit = tmp_path / "r.sarif", tmp_path / "r.xml"
    for sample in ("bramble", "noor", "contradictions", "broken/rounded-followers"):
        args = ["check", f"samples/{sample}", "--as-of", "2026-03-02"]
        CliRunner().invoke(checker, [*args, f"-osarif={sarif}", f"-ojunit={junit}"])
        schema = json.loads((REFERENCE / "sarif-schema-2.1.0.json").read_text("utf-8"))
        Draft4Validator(schema).validate(json.loads(sarif.read_text("utf-8")))
        xmlschema.XMLSchema(str(REFERENCE / "JUnit.xsd")).validate(str(junit))
        sarif.unlink()
        junit.unlink()


def test_the_step_summary_is_added_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    check("-o", "text")
    assert summary.read_text("utf-8") == "before\n"
    result = check("-o", "github")
    assert result.stdout.startswith("::error file=samples/bramble/spring/shortlist.csv,line=3,")
    assert summary.read_text("utf-8").startswith("before\n### FAIL: Spring ribbons")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "none" / "x.md"))
    assert check("-o", "github").exit_code == 2


def test_redaction(tmp_path: Path) -> None:
    salt = tmp_path / "salt"
    salt.write_text("a secret of sixteen bytes or more\n", "utf-8")
    for name in ("text", *FORMATS):
        options = ("--redact", "--redact-salt-file", str(salt), "--all", "-o", name)
        result = check(*options)
        assert result.exit_code == 1
        assert not [handle for handle in HANDLES if handle in result.stdout.lower()]
        assert check(*options).stdout == result.stdout
    plain = check("--redact", "-o", "json").stdout
    assert json.loads(plain)["reports"][0]["redacted"] is True
    assert check("--redact", "-o", "json").stdout != plain


def test_a_salt_that_cannot_be_used(tmp_path: Path) -> None:
    short = tmp_path / "short"
    short.write_text("abc", "utf-8")
    for args, said in (
        (("--redact-salt-file", str(short)), "needs --redact"),
        (("--redact", "--redact-salt-file", str(short)), "at least 16"),
        (("--redact", "--redact-salt-file", str(tmp_path / "none")), "cannot read"),
    ):
        result = check(*args)
        assert result.exit_code == 2
        assert said in result.stderr
