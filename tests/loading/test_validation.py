"""What is wrong with a record is said so that a campaign manager can mend it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.loading.json_text import read_json
from checker.loading.source import SourceFile
from checker.loading.validation import validate

JO: dict[str, Any] = {"id": "jo", "handle": "@jo", "platform": "tiktok", "followers": 12400}


def wrong(kind: str, data: Any, *, partial: bool = False) -> list[tuple[str, str, str]]:
    document = read_json(SourceFile("f.json", json.dumps(data)))
    found = validate(
        kind, document.data, document.locate, locate_key=document.locate_key, partial=partial
    )
    return [(each.code, each.message, each.hint) for each in found]


def test_a_right_record_has_nothing_wrong() -> None:
    assert wrong("influencer", JO) == []


@pytest.mark.parametrize(
    ("fields", "code", "message", "hint"),
    [
        (
            {"audience": {"age": {"18-24": 45}}},
            "bad-share",
            'audience.age "18-24" is 45; shares run 0 to 1',
            '45 looks like a percent. Write 0.45 or "45%".',
        ),
        (
            {"audience": {"credibility": "45 %"}},
            "bad-share",
            'audience.credibility is "45 %"; shares run 0 to 1',
            'Write 0.45 or "45%".',
        ),
        (
            {"followers": -3},
            "too-small",
            "followers is -3; it cannot be less than 0",
            "",
        ),
        (
            {"followers": "12.4k"},
            "wrong-type",
            'followers is "12.4k"; it must be a whole number',
            'Write the whole number, 12400, or a range, {"min": 12350, "max": 12450}.',
        ),
        (
            {"followers": "12,400"},
            "wrong-type",
            'followers is "12,400"; it must be a whole number',
            "Write 12400. Separators between thousands are left out.",
        ),
        (
            {"followers": {"min": 9, "max": 8}},
            "range-reversed",
            "followers runs from 9 down to 8; min cannot be above max",
            "Exchange the two: min 8, max 9.",
        ),
        (
            {"folowers": 3},
            "unknown-field",
            'the influencer has the unknown field "folowers"',
            'Did you mean "followers"?',
        ),
        (
            {"credibility": 0.9},
            "unknown-field",
            'the influencer has the unknown field "credibility"',
            'Did you mean "audience.credibility"?',
        ),
        (
            {"email": "jo@example.org"},
            "unknown-field",
            'the influencer has the unknown field "email"',
            "Records hold no contact details and nothing private. Take it out.",
        ),
        (
            {"country": "UK"},
            "not-a-code",
            'country is "UK", which is no country code',
            'Write "GB".',
        ),
        (
            {"country": "ie"},
            "not-a-code",
            'country is "ie", which is no country code',
            'Write "IE".',
        ),
        (
            {"audience": {"country": {"UK": 0.5}}},
            "bad-key",
            'audience.country has "UK", no country code',
            'Write "GB".',
        ),
        (
            {"platform": "Instagram"},
            "not-a-code",
            'platform is "Instagram", which is no platform',
            'Write "instagram".',
        ),
        (
            {"audience": {"age": {"65-": 0.1}}},
            "bad-key",
            'audience.age has "65-", which is no age band',
            'Write "65+" for 65 and over.',
        ),
        (
            {"audience": {"age": {"18-24": 0.1, "20-30": 0.1}}},
            "bands-overlap",
            'audience.age has bands that overlap, "18-24" and "20-30"',
            "",
        ),
        (
            {"audience": {"age": {"24-18": 0.1}}},
            "band-reversed",
            'audience.age has the band "24-18", which runs backwards',
            'Write "18-24".',
        ),
        (
            {"audience": {"country": {"GB": "70%", "IE": 0.33}}},
            "shares-over-one",
            "audience.country adds up to 103%; shares of one whole cannot be more than 100%",
            "",
        ),
        (
            {"as_of": "2026-02-30"},
            "bad-date",
            "as_of is 2026-02-30; there is no such day",
            "",
        ),
        (
            {"as_of": "02/03/2026"},
            "bad-date",
            'as_of is "02/03/2026"; it must be a date',
            "Write year, month and day: 2026-03-02.",
        ),
        (
            {"accepts_gifts": "yes"},
            "wrong-type",
            'accepts_gifts is "yes"; it must be true or false',
            "Write true, without quotes.",
        ),
        (
            {"languages": "en"},
            "wrong-type",
            'languages is "en"; it must be a list',
            'Write a list: ["en"]',
        ),
        (
            {"handle": 7},
            "wrong-type",
            "handle is 7; it must be a text",
            'Put it in quotes: "7"',
        ),
        ({"handle": ""}, "empty-value", "handle is empty", ""),
        ({"handle": "  "}, "empty-value", "handle is empty", ""),
        (
            {"topics": ["--"]},
            "empty-value",
            'topics entry 1 is "--"; there is no word in it',
            "",
        ),
        (
            {"rates": {"currency": "£"}},
            "not-a-code",
            'rates.currency is "£", which is no currency code',
            'Write "GBP".',
        ),
        (
            {"rates": {"fees": {"reel": "£450"}}},
            "wrong-type",
            'rates.fees.reel is "£450"; it must be an amount, in digits only',
            "Write 450. The currency has a field of its own.",
        ),
        (
            {"rates": {"fees": {"reel": "400-600"}}},
            "wrong-type",
            'rates.fees.reel is "400-600"; it must be an amount, in digits only',
            'Write {"min": 400, "max": 600}.',
        ),
        (
            {"topics": ["hair", "hair"]},
            "repeated-value",
            'topics has "hair" twice',
            "",
        ),
        (
            {
                "history": [
                    {"date": "2026-02-01", "followers": 2},
                    {"date": "2026-01-01", "followers": 1},
                ]
            },
            "history-order",
            "history entry 2: date is 2026-01-01, which is before the entry above, 2026-02-01",
            "Put the earliest date first.",
        ),
    ],
)
def test_messages_think_along(fields: dict[str, Any], code: str, message: str, hint: str) -> None:
    assert wrong("influencer", {**JO, **fields}) == [(code, message, hint)]


def test_all_errors_come_at_once_in_the_order_of_the_file() -> None:
    text = '{\n "id": "jo",\n "handle": "",\n "platform": "IG",\n "followers": -1,\n "age": 3\n}'
    document = read_json(SourceFile("jo.json", text))
    found = validate("influencer", document.data, document.locate, locate_key=document.locate_key)
    assert [(str(each.position), each.code) for each in found] == [
        ("jo.json:3:12", "empty-value"),
        ("jo.json:4:14", "not-a-code"),
        ("jo.json:5:15", "too-small"),
        ("jo.json:6:2", "unknown-field"),
    ]


def test_required_fields_may_be_missing_in_examples() -> None:
    assert [code for code, *_ in wrong("influencer", {})] == ["missing-field"] * 4
    assert wrong("influencer", {"followers": 1}, partial=True) == []
    assert wrong("brief", {"deliverables": [{"count": 1}]}, partial=True) == []


def test_null_is_missing() -> None:
    assert wrong("influencer", {**JO, "country": None}) == []
    [(code, message, _)] = wrong("influencer", {**JO, "followers": None})
    assert (code, message) == ("missing-field", 'the influencer has no "followers"')


@pytest.mark.parametrize("total", [1.0, 1.02])
def test_rounded_shares_are_still_a_distribution(total: float) -> None:
    ages = {"18-24": 0.5, "25-34": total - 0.5}
    assert wrong("influencer", {**JO, "audience": {"age": ages}}) == []


def test_fees_without_a_currency_are_accepted() -> None:
    assert wrong("deal", {"influencer": "jo.json", "fee": 3}) == []


@pytest.mark.parametrize("data", [[], "jo", 3, True])
def test_what_is_no_record_is_refused(data: Any) -> None:
    [(code, _, _)] = wrong("influencer", data)
    assert code == "wrong-type"


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("017", "Write 17, without quotes."),
        ("-017", "Write -17, without quotes."),
        ("0", "Write 0"),
    ],
)
def test_a_number_is_proposed_without_needless_zeros(written: str, hint: str) -> None:
    [(_, _, said)] = wrong(
        "brief", {"deliverables": [{"type": "post", "count": written}]}, partial=True
    )
    assert said.startswith(hint)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("brief", {"tiers": "~"}),
        ("brief", {"budget": {"total": "~"}}),
        ("influencer", {"country": "~"}),
        ("influencer", {"followers": "~"}),
        ("influencer", {"as_of": "~"}),
        ("influencer", {"accepts_gifts": "~"}),
    ],
)
def test_a_tilde_is_text(kind: str, data: Any) -> None:
    found = wrong(kind, data, partial=True)
    assert found
    for _, _, hint in found:
        assert hint == "~ is text here. Nothing is written as null, or left out."


EMPTY = [
    *(("brief", path) for path in ("markets", "tiers", "tier_mix", "deliverables")),
    ("brief", "campaign.topics"),
    *(
        (kind, f"target.{name}")
        for kind in ("brief", "brand")
        for name in ("countries", "languages")
    ),
    *((kind, f"avoid.{name}") for kind in ("brief", "brand") for name in ("values", "topics")),
    ("brief", "disclosure.labels"),
    *(("brand", path) for path in ("values", "markets", "competitors")),
]


@pytest.mark.parametrize(("kind", "path"), EMPTY)
def test_an_empty_list_takes_the_place_of_nothing(kind: str, path: str) -> None:
    data: Any = []
    for name in reversed(path.split(".")):
        data = {name: data}
    message = f"{path} is empty; leave it out, or name at least one"
    assert wrong(kind, data, partial=True) == [("empty-value", message, "")]


def test_an_influencer_may_say_that_there_is_none() -> None:
    assert wrong("influencer", {"sponsorships": [], "exclusivity": []}, partial=True) == []


JUNK = st.recursive(
    st.sampled_from([True, -1, 0, 45, 1.5, "", "x", "UK", "12.4k", "400-600", "45%", "2026-13-01"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["min", "max", "age", "18-24", "GB", "id", "from", "until", "date"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
FIELDS = ["followers", "audience", "history", "rates", "topics", "as_of", "exclusivity", "odd"]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), JUNK, max_size=4))
def test_whatever_is_written_is_answered_in_words(fields: dict[str, Any]) -> None:
    for _, message, _ in wrong("influencer", {**JO, **fields}):
        assert message
        assert "schema" not in message
