from __future__ import annotations

from typing import Any

import pytest

from checker.model.report import Fact, Side, Subject
from checker.reporting.html.charts import bar, scale
from tests.html.made import sample
from tests.reporting.fakes import influencer


def test_shares_stand_on_the_whole() -> None:
    drawn = bar(Side("32%", 0.32), Side("50%", 0.5))
    assert drawn is not None
    assert (drawn.low, drawn.width, drawn.needed) == ("32%", "0%", "50%")


def test_a_range_shows_where_it_may_lie() -> None:
    drawn = bar(Side("GBP 490–690", {"min": 490.0, "max": 690.0}), Side("GBP 600", 600.0))
    assert drawn is not None
    assert drawn.low is not None
    low, width, needed = (float(p[:-1]) for p in (drawn.low, drawn.width, drawn.needed))
    assert low < needed < low + width <= 100


def test_an_open_end_runs_to_the_edge() -> None:
    drawn = bar(Side("KWD 2,473.20 or more", {"min": 2473.2}), Side("KWD 3,500", 3500.0))
    assert drawn is not None
    assert drawn.high == "100%"


def test_what_is_not_known_leaves_the_mark_alone() -> None:
    drawn = bar(Side("nothing", None), Side("50%", 0.5))
    assert drawn is not None
    assert drawn.low is None
    assert drawn.needed == "50%"


@pytest.mark.parametrize(
    ("has", "needs"),
    [
        (Side("1", 1.0), Side("3", 3.0)),
        (Side("-5%", -0.05), Side("5%", 0.05)),
        (Side("2026-01-01", "2026-01-01"), Side("2026-02-01", "2026-02-01")),
        (Side("50%", 0.5), Side("GBP 50", 50.0)),
        (Side("50%", 0.5), Side("nothing", None)),
        (Side("yes", True), Side("yes", True)),
        (Side("many", float("inf")), Side("90", 90.0)),
        (Side("GBP 0", 0.0), Side("GBP 0", 0.0)),
        (None, Side("50%", 0.5)),
    ],
)
def test_the_rest_is_text(has: Side | None, needs: Side) -> None:
    assert bar(has, needs) is None


def with_facts(*facts: tuple[str, str | None, Any]) -> list[Subject]:
    return [
        influencer(
            f"@{number}",
            "pass",
            facts={
                "group": Fact("Group", word or "not known", word),
                "size": Fact("Size", text, value),
            },
        )
        for number, (text, word, value) in enumerate(facts)
    ]


def test_the_sample_stands_on_its_tiers() -> None:
    drawn = scale(sample("bramble/spring").of_kind("influencer"))
    assert drawn is not None
    assert [span.label.text for span in drawn.spans] == ["nano", "micro", "macro"]
    assert [tick.text for tick in drawn.ticks] == ["1k", "10k", "100k", "1M"]
    assert (drawn.title, drawn.words) == ("Followers", "Tier")


def test_any_word_that_follows_a_number_will_do() -> None:
    drawn = scale(with_facts(("5", "few", 5.0), ("70", "many", 70.0), ("?", None, None)))
    assert drawn is not None
    assert [span.label.text for span in drawn.spans] == ["few", "many"]
    assert drawn.places[2] is None


def test_words_that_do_not_follow_the_number_are_no_scale() -> None:
    assert scale(with_facts(("5", "a", 5.0), ("50", "b", 50.0), ("70", "a", 70.0))) is None
    assert scale(with_facts(("0", "a", 0.0))) is None
    assert scale(with_facts(("GBP 5", "a", 5.0), ("GBP 50", "b", 50.0))) is None
    assert scale([]) is None


def test_words_that_would_touch_stand_in_rows() -> None:
    drawn = scale(with_facts(("20", "rather small", 20.0), ("21", "a bit larger", 21.0)))
    assert drawn is not None
    assert [span.label.row for span in drawn.spans] == [0, 1]
    assert drawn.rows == 2
