from __future__ import annotations

from tests.bench.harness import Timing, compare, table


def test_contenders_take_turns() -> None:
    order: list[str] = []
    timings = compare(
        {"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=2, warmups=1
    )
    assert "".join(order) == "abbaab"
    assert [len(timing.runs) for timing in timings] == [2, 2]


def test_the_ratio_is_the_first_ones_part() -> None:
    text = table([Timing("us", (0.03, 0.03, 0.03)), Timing("them", (0.06, 0.06, 0.06))])
    assert text.splitlines()[2].split() == ["them", "60.00", "ms", "0.00", "ms", "0.50"]
