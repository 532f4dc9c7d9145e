from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from checker.reporting.markdown import MOST_COMMENT, render
from checker.reporting.markdown_text import safe
from checker.reporting.options import Options
from tests.reporting.everything import PAYLOADS, everything, poisoned, wide
from tests.reporting.fakes import spring

GOLDEN = Path(__file__).parent / "golden" / "everything.md"
# Every tag that the reporter itself writes.
OURS = re.compile(r"</?(details|summary|b|code)>")


def html(text: str) -> str:
    """Return what a page shows, raw HTML and all."""
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def test_golden() -> None:
    assert render([everything()], Options()) == GOLDEN.read_text(encoding="utf-8")


def test_the_table_is_a_table() -> None:
    page = html(render([spring()], Options()))
    assert page.count("<tr>") == 7
    assert page.count("<details>") == page.count("</details>")


@pytest.mark.parametrize("evil", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("whole", [False, True])
def test_hostile_text_is_inert(evil: str, whole: bool) -> None:
    text = render([poisoned(evil)], Options(show_all=whole))
    assert len(text.encode()) <= MOST_COMMENT
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None
    assert "<" not in OURS.sub("", text)
    page = html(text)
    tags = set(re.findall(r"<(\w+)", page))
    assert tags <= {
        *("h3", "p", "table", "thead", "tbody", "tr", "th", "td", "strong", "ul", "li"),
        *("details", "summary", "b", "code"),
    }
    shown = re.sub(r"<[^>]*>", "", page)
    assert re.search(r"@\w|(?<!\u200b)://|www\.", shown) is None
    assert page.count("<details>") == page.count("</details>")
    # No more rows and no more sections than a harmless report has.
    calm = html(render([everything()], Options(show_all=whole)))
    if len(evil) < 1000:
        assert page.count("<tr>") == calm.count("<tr>")


@pytest.mark.parametrize("payload", ["markdown", "markup", "ping"])
def test_text_renders_as_itself(payload: str) -> None:
    text = " ".join(PAYLOADS[payload].split())
    shown = MarkdownIt("commonmark").renderInline(f"x {safe(text)}")
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(entity, character)
    assert shown.replace("\u200b", "") == f"x {text}"


def test_a_comment_keeps_its_limit() -> None:
    text = render([wide(5000)], Options())
    assert len(text.encode()) <= MOST_COMMENT
    assert "more influencers (" in text
    assert "more with something to say" in text


def test_head_of_a_redacted_report() -> None:
    assert "Redacted:" in render([replace(spring(), redacted=True)], Options())
    assert "Redacted:" not in render([spring()], Options())


def test_waivers_are_told() -> None:
    text = render([everything()], Options())
    assert "**error**: the waiver of values on @\u200bgadgetgav expired on 2026-02-01" in text
    assert "its owner, Ana" in text
    assert "**warning**: the waiver of growth on @\u200bnobody matches no fail" in text
    assert "ends in 3 days" in text
    assert "1 waived" in text


def test_text_reads_well_where_nothing_is_rendered() -> None:
    for text in ("Bramble & Co", 'jo\'s "ribbons", 3 > 2', "maisie_braids", "a - b (c): d / e"):
        assert safe(text) == text
    assert safe("*a* [b](c)") == r"\*a\* \[b\](c)"
    assert "&#" not in render([everything()], Options(show_all=True))


def test_it_is_never_empty() -> None:
    assert "No brief was checked" in render([], Options())
