"""Names of brands meet as people write them, and different brands stay apart."""

from __future__ import annotations

import pytest

from checker.language.brands import brand_form

# Each line is one brand.
BRANDS = (
    (
        "L\u2019Or\u00e9al",
        "L'Oreal",
        "l\u02bcoreal",
        "L`Or\u00e9al S.A.",
        "@loreal",
        "L\u00b4OREAL\u2122",
        "L\u2018Oreal (R)",
    ),
    (
        "Bramble & Co",
        "Bramble and Co.",
        "BRAMBLE\uff06CO Ltd",
        "@brambleandco",
        "bramble_and_co",
        "Bramble",
    ),
    (
        "Harbour Soap",
        "harbour-soap",
        "@harbour.soap",
        "Harbour Soap, Inc.",
        "HarbourSoap LLC",
        "\uff28arbour Soap",
    ),
    (
        "Combe",
        "Combe Ltd",
        "Combe Limited",
        "COMBE GmbH & Co. KG",
        "Combe S.p.A.",
        "Combe SpA",
        "Combe Co., Ltd.",
    ),
    ("Johnson & Johnson", "Johnson and Johnson", "@johnsonandjohnson", "Johnson&Johnson Corp."),
    ("S\u00f8strene \u00c6ble", "sostrene aeble A/S", "So\u0308strene Aeble"),
    ("e.l.f.", "ELF", "E.L.F.\u00ae"),
    ("Day Spa", "DAY SPA", "@dayspa"),
    ("Day", "The-Day".removeprefix("The-")),
    ("Inc", "INC."),
    ("\u8cc7\u751f\u5802", "\u8cc7\u751f\u5802\u2122"),
    ("\u30ac", "\uff76\uff9e"),
    ("\u30ab", "\uff76"),
    ("!!!", "!!!"),
    ("&", "and"),
)


@pytest.mark.parametrize("number", range(len(BRANDS)))
def test_one_brand_has_one_form_and_no_other_brand_has_it(number: int) -> None:
    own = {brand_form(name) for name in BRANDS[number]}
    others = {brand_form(name) for other in BRANDS if other is not BRANDS[number] for name in other}
    assert len(own) == 1, dict(zip(BRANDS[number], map(brand_form, BRANDS[number]), strict=True))
    assert not own & others


def test_a_name_of_any_make_has_a_form_at_once() -> None:
    for name in ("a" * 200, " and co" * 28, "ltd " * 50, "\u0301" * 200, ".' " * 66, "@" * 200):
        assert brand_form(name)
