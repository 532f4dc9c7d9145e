from __future__ import annotations

import re
from dataclasses import replace

import pytest

from checker.model.report import Report
from checker.model.waivers import WaiverUse
from checker.reporting.options import Options
from checker.reporting.text import render
from checker.reporting.waived import notices
from tests.reporting.everything import PAYLOADS, everything, poisoned, waived, waiver
from tests.reporting.fakes import good_age, influencer, spring, too_old


def text(report: Report, *, show_all: bool = False) -> str:
    return " ".join(render([report], Options(show_all=show_all, width=120)).split())


def passing(*uses: WaiverUse) -> Report:
    subject = influencer("@tinyknots", "pass", good_age(), waived())
    return replace(spring(), verdict="pass", subjects=(subject,), waivers=uses)


def test_a_waived_pass_is_told_in_its_row_and_below() -> None:
    shown = text(passing(WaiverUse(waiver("@tinyknots"), "used", 59)))
    assert "pass 1 waived" in shown
    assert 'Waived @tinyknots values: "new maker, agreed" (legal, until 2026-04-30)' in shown
    assert "Ready to sign." in shown
    assert "shares no value" not in shown


def test_the_true_status_stands_beneath() -> None:
    shown = text(passing(), show_all=True)
    assert "waiv values: fail, shares no value" in shown
    assert 'waived: "new maker, agreed" (legal, until 2026-04-30)' in shown


def test_what_a_baseline_knows() -> None:
    known = replace(too_old(), known=True)
    subject = influencer("@a", "pass", good_age(), known)
    report = replace(spring(), verdict="pass", subjects=(subject,))
    assert "pass 1 known" in text(report)
    assert "Known 1 outcome from the baseline" in text(report)
    assert "knwn audience-age: fail, only 32%" in text(report, show_all=True)


def test_an_expired_waiver_names_its_owner_and_is_in_the_way() -> None:
    gone = WaiverUse(waiver("@tinyknots", expires="2026-02-01", owner="Ana"), "expired", -29)
    shown = text(replace(passing(gone), subjects=(influencer("@a", "pass", good_age()),)))
    assert "Expired error: the waiver of values on @tinyknots expired on 2026-02-01" in shown
    assert "its owner, Ana, must renew it" in shown
    assert "Not ready to sign: 1 expired waiver to renew or take out." in shown
    assert "Ready to sign" not in shown


@pytest.mark.parametrize(
    ("state", "days", "said"),
    [
        ("unused", 59, "Unused warning: the waiver of values on @a matches no fail"),
        ("used", 14, "Ends soon note: the waiver of values on @a ends in 14 days, on 2026-04-30"),
        ("used", 1, "ends in 1 day,"),
        ("used", 0, "ends today"),
    ],
)
def test_unused_and_ending(state: str, days: int, said: str) -> None:
    use = WaiverUse(waiver("@a"), state, days)  # type: ignore[arg-type]
    assert said in text(passing(use))


def test_a_waiver_with_time_left_says_nothing() -> None:
    assert notices(passing(WaiverUse(waiver("brief"), "used", 15))) == []


def test_errors_come_first() -> None:
    severities = [notice.severity for notice in notices(everything())]
    assert severities == ["error", "warning", "note"]


@pytest.mark.parametrize("evil", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("width", [40, 80])
def test_hostile_text_is_inert_in_the_text_report(evil: str, width: int) -> None:
    if len(evil) > 10_000:
        evil = evil[:3000]
    shown = render([poisoned(evil)], Options(show_all=True, width=width))
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown) is None
    assert re.search(r"(?m)^\s*::\w", shown) is None
    assert re.search(r"##\w*\[", shown) is None
