"""Every expression of the page on the language gives what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.language.check import DEEPEST, MOST_NODES
from checker.language.format import FORMATS
from checker.language.functions import FUNCTIONS
from checker.language.parse import LONGEST
from checker.language.scope import ROOTS
from tests.docs.blocks import ROOT, blocks_of
from tests.docs.page import Page

PATH = ROOT / "docs" / "language.md"
TEXT = PATH.read_text(encoding="utf-8")
BLOCKS = list(blocks_of(PATH))
_CELL = re.compile(r"`([^`]+)` → (.+?) \|$", re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
# Code on the page that is no expression of its own.
_WORDS = frozenset(
    {
        *("when", "require", "let", "definitions", "facts", "pass", "fail", "params", "tables"),
        *("d", "brief", "brand", "influencer", "deal", "shortlist", "post", "a", "b", "c", "n"),
        *("place", "run", "row", "text", "start", "end", "hashtag", "list", "date", "number"),
        *("label", "known_word(label)", "apart", "excerpt", "lookalike", "named"),
        *("money", "percent", "ages", "plain", "null", "tiers", "words", "path", "unknown"),
        *("-", "+", "*", "/", "<", "<=", ">", ">=", "==", "!=", "in", "not in", "and", "or", "not"),
        *("a if c else b", "a and b", "a or b", "not a", "d[key]", "-x", "d.influencer"),
        *("{{", "{expression:format}", "{min: 18}", "exchange_rates", "budget.currency"),
    }
)
_PATTERNS = (
    r"\w+\((list|path|a|text|number|key|from|distribution|condition)\b.*\)",
    r"\[expression for .*",
    r"\w+\(\w+\): .*",
    r"10_000 <= n < 100_000",
    r"'[^']+'",
)


def _lines(option: str) -> Iterator[tuple[str, str]]:
    for block in BLOCKS:
        if block.language == "text" and option in block.options:
            for line in block.text.splitlines():
                expression, arrow, result = line.partition(" → ")
                assert arrow, f"{block}: {line}"
                yield expression.strip(), result.strip()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    records = next(block.text for block in BLOCKS if "records" in block.options)
    pack = next(block.text for block in BLOCKS if block.text.startswith("pack:"))
    folder: Path = tmp_path_factory.mktemp("page")
    made = Page(records=records, pack=pack, folder=folder)
    assert not made.wrong
    return made


@pytest.mark.parametrize(("expression", "result"), [*_lines("expressions"), *_CELL.findall(TEXT)])
def test_an_expression_gives_what_the_page_says(page: Page, expression: str, result: str) -> None:
    given = page.result(expression)
    if result.startswith("refused: ") and not result.endswith(")"):
        given = given.partition(" (")[0]
    assert given == result


@pytest.mark.parametrize(("template", "result"), list(_lines("templates")))
def test_a_template_gives_what_the_page_says(page: Page, template: str, result: str) -> None:
    assert page.written(template) == result


def test_the_page_has_examples() -> None:
    assert len(list(_lines("expressions"))) > 60
    assert len(list(_lines("templates"))) > 5


# Unknown: what the record lacks.
_TRUTHS = {"true": "true", "false": "false", "unknown": "influencer.accepts_gifts"}


@pytest.mark.parametrize("operator", ["and", "or"])
def test_the_truth_tables(page: Page, operator: str) -> None:
    head, *rows = _table(f"`a {operator} b`")
    assert head[1:] == ["`true`", "`false`", "`unknown`"] and len(rows) == 3
    for row in rows:
        left = row[0].strip("*`")
        for right, result in zip(head[1:], row[1:], strict=True):
            given = page.result(f"{_TRUTHS[left]} {operator} {_TRUTHS[right.strip('`')]}")
            assert given == result, (left, operator, right)


def test_the_truth_table_of_not(page: Page) -> None:
    rows = _table("`a`")[1:]
    assert len(rows) == 3
    for value, result in rows:
        assert page.result(f"not {_TRUTHS[value.strip('*`')]}") == result


def test_the_names_of_each_scope() -> None:
    rows = _table("scope of the rule")[1:]
    shown = {row[0].strip("`"): tuple(_SPAN.findall(row[1])) for row in rows}
    assert shown == dict(ROOTS)


def test_the_examples_of_functions_call_them() -> None:
    for name, function in FUNCTIONS.items():
        assert f"{name}(" in function.example[0]
        assert all(usage.startswith(f"{name}(") for usage in function.usage)


def test_the_formats_are_named() -> None:
    (line,) = re.findall(r"formats are (.*?); left out", TEXT.replace("\n", " "))
    assert set(_SPAN.findall(line)) == set(FORMATS)


def test_the_limits_are_those_of_the_program() -> None:
    limits = TEXT.partition("## Limits")[2]
    for limit in (LONGEST, DEEPEST, MOST_NODES):
        assert f"{limit:,}" in limits


def test_code_in_the_text_is_an_expression_or_a_known_word(page: Page) -> None:
    prose = re.sub(r"^```.*?^```", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    for span in _SPAN.findall(prose):
        if (
            span in _WORDS
            or span in FUNCTIONS
            or any(re.fullmatch(pattern, span) for pattern in _PATTERNS)
        ):
            continue
        assert not page.result(span).startswith("refused"), span


def _table(first: str) -> list[list[str]]:
    """Return the rows of the table whose first heading is `first`, with its head."""
    lines = TEXT.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" |")])
    return [rows[0], *rows[2:]]
