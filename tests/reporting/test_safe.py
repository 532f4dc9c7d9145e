from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.reporting.page import wrap_first
from checker.reporting.safe import cells, clip, inert, one_line, pad, wrap

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain @handle", "plain @handle"),
        ("Zoë – 18–34", "Zoë – 18–34"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("\u2028\ufeff\ud800", "\\u2028\\ufeff\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("👩\u200d🦱", "👩\u200d🦱"),
        ("日本語", "日本語"),
        ("::error::x ::stop-commands::y", "\\x3a:error\\x3a:x \\x3a:stop-commands\\x3a:y"),
        ("a ##[error]b ##vso[c]", "a \\x23#[error]b \\x23#vso[c]"),
        ("10:30 :: #ad ## [x]", "10:30 :: #ad ## [x]"),
    ],
)
def test_inert_writes_out_what_could_act(raw: str, shown: str) -> None:
    assert inert(raw) == shown


@given(ANY_TEXT)
def test_inert_leaves_nothing_that_acts(text: str) -> None:
    shown = inert(text)
    assert inert(shown) == shown
    for character in shown:
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in (
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "LRI",
            "RLI",
        )


def test_one_line_joins_white_space() -> None:
    assert one_line(" a\n  b\x1bc ") == "a b\\x1bc"


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("日本", 4),
        ("ﾊﾝｶｸ", 4),
        ("🎀", 2),
        ("👩\u200d🦱", 2),
        ("👍🏽", 2),
        ("❤\ufe0f", 2),
        ("❤", 1),
        ("🇬🇧", 2),
        ("각", 2),
        ("\u1100\u1161\u11a8", 2),
    ],
)
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width


@given(ANY_TEXT.map(inert), st.integers(1, 30))
def test_clip_and_pad_keep_to_the_width(text: str, width: int) -> None:
    assert cells(clip(text, width)) <= width
    assert cells(pad(clip(text, width), width)) >= width


@given(ANY_TEXT.map(one_line), st.integers(2, 30))
def test_wrap_keeps_the_width_and_loses_nothing(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(ANY_TEXT.map(one_line), st.integers(2, 30), st.integers(2, 30))
def test_wrap_first_keeps_both_widths(text: str, first: int, rest: int) -> None:
    lines = wrap_first(text, first, rest)
    assert cells(lines[0]) <= first
    assert all(cells(line) <= rest for line in lines[1:])
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
