from __future__ import annotations

from tests.bench.conditions import CONDITIONS
from tests.bench.harness import Timing, compare, table
from tests.bench.one import Subject


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


def test_times_are_shown_for_one_piece_of_work() -> None:
    text = table([Timing("us", (0.03, 0.03, 0.03))], per=1000)
    assert text.splitlines()[1].split()[:3] == ["us", "30.00", "µs"]


def test_the_benchmark_asks_every_rule_and_compares_those_that_pass() -> None:
    subject = Subject()
    found = subject.judge(subject.all)
    assert {found[rule] for rule in CONDITIONS} == {"pass"}
    assert set(subject.judge(subject.same)) == set(CONDITIONS)
    # What applies but cannot be compared needs dates and a "let".
    applied = {rule for rule, status in found.items() if status in ("pass", "fail")}
    dated = {"growth", "history-agrees", "competitor-recent", "disclosure-mostly-kept"}
    assert applied - set(CONDITIONS) == dated


def test_others_get_shares_as_numbers() -> None:
    records = Subject().plain()
    assert records["influencer"]["audience"]["age"]["18-24"] == 0.34
    assert records["brief"]["target"]["minimum_share"]["country"] == 0.6
