"""What the documents say in tables and excerpts is what the program does."""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest
import yaml

from checker import api, api_rules, api_signoff
from checker.cli.check import FAIL_ON
from checker.cli.group import EXIT_CODES, INTERNAL, INTERRUPTED, SECTIONS
from checker.engine.examples import DEFAULT_DATE
from checker.loading.project import BRIEF_NAMES
from checker.reporting.findings import OWN_RULES
from checker.reporting.formats import FORMATS
from checker.reporting.html.view import MOST_IN_FULL
from checker.reporting.markdown import MOST_COMMENT
from checker.reporting.waived import SOON
from tests.docs.blocks import ROOT, Block, all_blocks
from tests.docs.page import read
from tests.docs.stage import Stage

_SPAN = re.compile(r"`([^`\n]+)`")


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _rows(text: str, first: str) -> list[list[str]]:
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" |")])
    return [rows[0], *rows[2:]]


def test_the_tables_of_fields_are_those_of_the_schemas() -> None:
    command = [sys.executable, "docs/generate.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


EXCERPTS = [block for block in all_blocks() if block.option("from")]


@pytest.mark.parametrize("block", EXCERPTS, ids=str)
def test_an_excerpt_stands_in_its_file(block: Block) -> None:
    assert block.text in _text(block.option("from")), f"{block}: {block.option('from')} has changed"


@pytest.mark.parametrize("name", ["README.md", "docs/verdicts.md"])
def test_the_exit_codes(name: str) -> None:
    head = "exit code" if name == "README.md" else "code"
    shown = {int(code): meaning for code, meaning in _rows(_text(name), head)[1:]}
    assert list(shown) == [0, 1, 2, 3, 4, INTERNAL, INTERRUPTED]
    for code in range(5):
        word = shown[code].split(",")[0].split()[0]
        assert re.search(rf"\b{code}  {word}", EXIT_CODES), f"{code} {word}"


def _report(worst: str) -> Any:
    """Return the little of a report that decides the exit code."""
    verdict = "pass" if worst == "a warning" else worst
    status = "fail" if worst == "a warning" else "pass"
    outcome = SimpleNamespace(severity="warning", status=status, excused=False)
    return SimpleNamespace(verdict=verdict, subjects=(SimpleNamespace(outcomes=(outcome,)),))


def test_what_fail_on_does() -> None:
    head, *rows = _rows(_text("docs/verdicts.md"), "the worst is")
    options = [_SPAN.findall(cell)[0].removeprefix("--fail-on ") for cell in head[1:]]
    assert tuple(options) == FAIL_ON and len(rows) == 5
    for worst, *codes in rows:
        for option, code in zip(options, codes, strict=True):
            given = api.exit_code([cast(Any, _report(worst))], fail_on=option)
            assert given == int(code), (worst, option)


@pytest.mark.parametrize(
    ("module", "head"), [(api, "name"), (api_rules, "for rules"), (api_signoff, "of the sign-off")]
)
def test_the_names_of_the_api(module: ModuleType, head: str) -> None:
    rows = _rows(_text("docs/python.md"), head)[1:]
    shown = {_SPAN.findall(row[0])[0] for row in rows}
    functions = {name for name in module.__all__ if inspect.isfunction(getattr(module, name, None))}
    assert {each.partition("(")[0] for each in shown} == functions
    for usage in shown:
        name, _, rest = usage.partition("(")
        given = [part.partition("=")[0].strip() for part in rest.rstrip(")").split(",")]
        parameters = inspect.signature(getattr(module, name)).parameters
        needed = {each for each, it in parameters.items() if it.default is inspect.Parameter.empty}
        assert needed <= set(given) <= {"*", *parameters}, usage


def _first_spans(name: str, head: str) -> list[str]:
    return [_SPAN.findall(row[0])[0] for row in _rows(_text(name), head)[1:]]


def test_the_formats_of_reports() -> None:
    for head in ("format", "in"):
        assert _first_spans("docs/reports.md", head) == list(FORMATS), head
    page = _text("docs/reports.md")
    for name in FORMATS:
        assert f"-o {name}" in page, f"{name} has no example"


def test_the_rules_of_the_program_itself() -> None:
    assert _first_spans("docs/reports.md", "rule of the program") == list(OWN_RULES)


def test_the_limits_of_formats() -> None:
    page = " ".join(_text("docs/reports.md").split())
    assert f"{MOST_COMMENT:,} bytes" in page
    assert f"more than {MOST_IN_FULL} influencers" in page
    assert f"{SOON} days" in _text("docs/waivers.md")


def test_the_inputs_of_the_action() -> None:
    action = yaml.safe_load(_text("action.yml"))
    rows = _rows(_text("docs/ci.md"), "input")[1:]
    assert [_SPAN.findall(row[0])[0] for row in rows] == list(action["inputs"])
    for row in rows:
        name = _SPAN.findall(row[0])[0]
        default = _SPAN.findall(row[1])
        assert (default[0] if default else "") == action["inputs"][name]["default"], name
    assert list(action["outputs"]) == ["reports"] and "output `reports`" in _text("docs/ci.md")
    shown = [b.text for b in all_blocks() if b.language == "yaml" and "/checker@" in b.text]
    assert shown
    for text in shown:
        assert set(_given(yaml.safe_load(text))) <= set(action["inputs"])


def _given(node: Any) -> Iterator[str]:
    """Yield the names of what a shown workflow gives to the action."""
    if isinstance(node, dict) and "/checker@" in str(node.get("uses", "")):
        yield from node.get("with", {})
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _given(each)


def test_the_hooks() -> None:
    hooks = [hook["id"] for hook in yaml.safe_load(_text(".pre-commit-hooks.yaml"))]
    assert _first_spans("docs/ci.md", "hook") == hooks
    (block,) = (b for b in all_blocks() if b.language == "yaml" and b.text.startswith("repos:"))
    (listed,) = yaml.safe_load(block.text)["repos"]
    assert [hook["id"] for hook in listed["hooks"]] == hooks


def test_the_names_of_briefs() -> None:
    (line,) = re.findall(r"A brief is a file called (.*?), or one", _text("docs/records.md"))
    assert set(_SPAN.findall(line)) == set(BRIEF_NAMES)


def test_the_day_of_examples() -> None:
    assert f"checked on {DEFAULT_DATE}" in _text("docs/rules.md").replace("\n", " ")


def test_all_commands_are_documented() -> None:
    text = _text("README.md") + _text("docs/rules.md")
    for _, commands in SECTIONS:
        for name, _ in commands:
            assert f"checker {name}" in text, name


def _steps(text: str) -> list[str]:
    """Return the commands of the checker in the steps of a CI configuration."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)
        elif isinstance(node, str) and node.startswith("checker "):
            found.append(node)

    walk(read(text))
    return found


CI = [block for block in all_blocks() if block.language == "yaml" and "checker check" in block.text]


@pytest.mark.parametrize("block", CI, ids=str)
def test_the_steps_of_ci_run(block: Block, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    # `lint` reads every configuration below, and these are there to be refused.
    shutil.rmtree(stage.folder / "samples/broken")
    assert stage.shell("checker init briefs/spring").code == 0
    steps = _steps(block.text)
    assert steps
    for step in steps:
        done = stage.shell(step)
        assert done.code in (0, 1), f"{step}: {done.output}"
    assert any("check" in step for step in steps)
