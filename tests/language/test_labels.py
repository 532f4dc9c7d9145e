"""Texts that are no one label: what says nothing, and lists that stand in one text."""

from __future__ import annotations

import pytest

from checker.language.labels import is_one, parts_of, says_nothing


def test_what_people_write_where_they_know_nothing() -> None:
    nothing = "n/a N/A #N/A n.a. NA none None nil TBC tbd? (tbc) [unknown] ? ?? - — … *"
    cells = "#REF!|#DIV/0!|see email|See the e-mail|see media kit|to be confirmed|not known|n / a"
    for text in (*nothing.split(), *cells.split("|")):
        assert says_nothing(text), text
        assert not is_one(text), text


def test_words_that_only_look_alike() -> None:
    words = "nonesuch|see kai run|tbc tours|note taking|R&B|food & drink|#hair|7|unknown pleasures"
    for text in words.split("|"):
        assert not says_nothing(text), text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("beauty, gambling", ("beauty", "gambling")),
        ("beauty |gambling", ("beauty", "gambling")),
        ("beauty/gambling", ("beauty", "gambling")),
        ("beauty\\gambling", ("beauty", "gambling")),
        ("beauty\ngambling", ("beauty", "gambling")),
        ("beauty\u2028gambling", ("beauty", "gambling")),
        ("beauty\uff0cgambling", ("beauty", "gambling")),
        ("beauty;gambling", ("beauty", "gambling")),
        ("beauty • gambling", ("beauty", "gambling")),
        ("#beauty #skin care", ("beauty", "skin care")),
        ("#beauty#gambling", ("beauty", "gambling")),
        ("beauty #gambling", ("beauty", "gambling")),
        ("#beauty, #gambling", ("beauty", "gambling")),
        ("beauty,", ("beauty",)),
        ("#beauty", ("beauty",)),
    ],
)
def test_lists_in_one_text(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text) == parts
    assert not is_one(text)


def test_what_joins_the_words_of_one_label() -> None:
    for text in (
        "R&B",
        "food & drink",
        "hair + make-up",
        "C# tips",
        "#1 fan",
        "beer #1",
        "skin-care",
        "rock 'n' roll",
    ):
        assert parts_of(text) == (text,)
        assert is_one(text)


def test_legal_forms_belong_to_names_of_brands() -> None:
    assert parts_of("Ribbon Rivals, Inc.", "brands") == ("Ribbon Rivals, Inc.",)
    assert parts_of("Bow, Ribbon Rivals, GmbH", "brands") == ("Bow", "Ribbon Rivals, GmbH")
    assert parts_of("beauty, co", "topics") == ("beauty", "co")


def test_long_texts_end() -> None:
    for piece in (",", "#", "a,", "# ", " #a"):
        parts_of(piece * 50_000)
        says_nothing(piece * 50_000)
