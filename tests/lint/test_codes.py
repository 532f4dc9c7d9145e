"""The explanations are true: what they call wrong is reported, what they call right is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker import api_rules
from checker.engine.lint_codes import CODES, Code
from checker.loading.data_files import rules_folder
from tests.e2e.world import run
from tests.lint.build import codes_of, lint_of

BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.glob("*.yaml"))
PACKS = sorted(rules_folder().rglob("*.yaml"))
ALL = pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)


@ALL
def test_what_is_called_wrong_is_reported(code: Code) -> None:
    found = lint_of(code.wrong)
    assert [each.code for each in found] == [code.code], found
    # A rule whose params decide it may be meant so; all others are as grave as the table says.
    assert found[0].severity == code.severity


@ALL
def test_what_is_called_right_is_not(code: Code) -> None:
    assert not lint_of(code.right)


def test_every_diagnostic_has_a_bad_file() -> None:
    assert {path.stem for path in FILES} == set(CODES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bad_file_is_caught_at_its_place(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    expected = re.fullmatch(r"# Lint reports (\d+):(\d+)\.", first)
    assert expected is not None
    found = [
        (each.code, each.position.line, each.position.column) for each in api_rules.lint((path,))
    ]
    assert found == [(path.stem, int(expected[1]), int(expected[2]))]


@pytest.mark.parametrize(
    "path", PACKS, ids=lambda path: path.relative_to(rules_folder()).as_posix()
)
def test_a_shipped_pack_by_itself_is_clean(path: Path) -> None:
    assert not api_rules.lint((path,))


def test_all_shipped_packs_together_are_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not api_rules.lint()


@ALL
def test_every_code_is_explained(code: Code) -> None:
    done = run("explain", code.code)
    assert done.code == 0
    words = " ".join(done.out.split())
    assert code.why in words
    assert " ".join(code.wrong.split()) in words


def test_lint_names_the_code_that_explain_takes() -> None:
    done = run("lint", str(BAD / "unused-param.yaml"))
    assert "[unused-param]" in done.out
    assert "checker explain CODE" in done.out


def test_a_misspelt_code_is_answered_with_the_nearest() -> None:
    done = run("explain", "unused-parm")
    assert done.code == 2
    assert 'did you mean "unused-param"?' in done.err


def test_no_rule_has_the_name_of_a_diagnostic() -> None:
    assert not {typed.rule.id for typed in api_rules.load_rules(PACKS).rules} & set(CODES)


# Switches


def test_a_reason_is_needed() -> None:
    assert codes_of("lint: {off: {no-fix: it cannot be mended}}\nfix: null") == []


@pytest.mark.parametrize("reason", ["''", "null", "[]"])
def test_a_switch_without_a_reason_does_not_load(reason: str, tmp_path: Path) -> None:
    text = (BAD / "no-fix.yaml").read_text(encoding="utf-8")
    path = tmp_path / "pack.yaml"
    path.write_text(
        text.replace(
            "    source: ours", f"    source: ours\n    lint: {{off: {{no-fix: {reason}}}}}"
        )
    )
    (found,) = api_rules.lint((path,))
    assert found.code in ("empty-value", "bad-type")
    assert found.severity == "error"


def test_an_unknown_code_is_answered_with_the_nearest() -> None:
    (found,) = lint_of("lint: {off: {never-fail: it is meant so}}")
    assert found.code == "unknown-code"
    assert found.hint == 'Did you mean "never-fails"?'


def test_a_pack_switches_off_for_all_its_rules() -> None:
    rules = [{"id": "one", "fix": None}, {"id": "two", "fix": None}]
    assert codes_of({"rules": rules}) == ["no-fix", "no-fix"]
    assert codes_of({"rules": rules, "lint": {"off": {"no-fix": "for now"}}}) == []
