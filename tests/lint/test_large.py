"""Rules that grow when their names are followed are looked at in reasonable time."""

from __future__ import annotations

import time

import pytest

from tests.lint.build import codes_of

RATE = "influencer.engagement.rate"
FEW = f"{RATE} > 0.02"


def doubled(first: str, joined: str) -> dict[str, str]:
    """Return forty lets, each of which names the one before it several times as `x`."""
    lets = {"x0": first}
    for number in range(1, 40):
        lets[f"x{number}"] = joined.replace("x", f"x{number - 1}")
    return lets


@pytest.mark.parametrize(
    ("lets", "require", "expected"),
    [
        (doubled(RATE, "x + x"), "x39 >= 0.02", set()),
        (doubled(RATE, "x * x - x"), "x39 >= 0.02", {"wide-range"}),
        (doubled(FEW, "x and x"), "x39", {"needless-part"}),
        (doubled(FEW, "not (x and (x or not x))"), "x39", {"always-true"}),
        (doubled(FEW, "x if x else not x"), "x39", set()),
        (doubled(RATE, "x if x > 0.1 else abs(x)"), "x39 >= 0.02", set()),
        (None, " or ".join(f"influencer.followers == {n}" for n in range(100)), set()),
        (None, " and ".join(f"influencer.followers != {n}" for n in range(100)), set()),
    ],
    ids=["sum", "product", "and", "nested", "if", "if of numbers", "many or", "many and"],
)
def test_lint_ends_soon(lets: dict[str, str] | None, require: str, expected: set[str]) -> None:
    started = time.monotonic()
    assert set(codes_of({"require": require, "let": lets})) == expected
    assert time.monotonic() - started < 60
