"""What must never pass by accident, through the whole program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import AS_OF, JO, Done, brief, outcomes, pack, rule, run, subjects, write

EDGES: list[tuple[Any, str]] = [
    (999, "below nano"),
    (1_000, "nano"),
    (9_999, "nano"),
    (10_000, "micro"),
    (99_999, "micro"),
    (100_000, "macro"),
    (1_000_000, "macro"),
    (1_000_001, "mega"),
    ({"min": 10_000, "max": 99_999}, "micro"),
]


def check(folder: Path, **files: Any) -> Done:
    write(folder, {name.replace("__", "/").replace("_", "."): text for name, text in files.items()})
    return run("check", "--as-of", AS_OF, "-o", "json")


def only(folder: Path, **more: Any) -> Any:
    """Return the only influencer of a brief that is checked."""
    report = check(folder, brief_json=brief(**more)).report()
    (subject,) = subjects(report).values()
    return subject


@pytest.mark.parametrize(("followers", "tier"), EDGES)
def test_tier_edges(folder: Path, followers: Any, tier: str) -> None:
    jo = {**JO, "followers": followers}
    subject = only(folder, tiers=[tier], shortlist=[jo])
    assert subject["facts"]["tier"]["text"] == tier
    assert outcomes(subject)["influencer-tier"] == "pass"
    others = sorted({name for _, name in EDGES} - {tier})
    assert outcomes(only(folder, tiers=others, shortlist=[jo]))["influencer-tier"] == "fail"


@pytest.mark.parametrize("edge", [1_000, 10_000, 100_000])
def test_a_range_across_an_edge_is_unknown(folder: Path, edge: int) -> None:
    jo = {**JO, "followers": {"min": edge - 1, "max": edge}}
    for tiers in (["nano"], ["below nano", "nano", "micro", "macro", "mega"]):
        subject = only(folder, tiers=tiers, shortlist=[jo])
        assert outcomes(subject)["influencer-tier"] == "unknown"
        assert subject["verdict"] != "pass"
    jo["followers"] = {"min": 1_000_000, "max": 1_000_001}
    subject = only(folder, tiers=["macro"], shortlist=[jo])
    assert outcomes(subject)["influencer-tier"] == "unknown"


def test_a_brief_in_which_everything_is_skipped_is_undecided(folder: Path) -> None:
    done = check(
        folder,
        checker_yaml="packs: [rules/ours.yaml]\n",
        rules__ours_yaml=pack(
            rule("one", "1 == 1", "when: brief.id == 'another'", scope="brief"),
            rule("two", "1 == 1", "when: brief.id == 'another'"),
        ),
        brief_json=brief(shortlist=[JO]),
    )
    report = done.report()
    assert (done.code, report["verdict"]) == (4, "undecided")
    for subject in report["subjects"]:
        assert set(outcomes(subject).values()) <= {"skipped"}
    text = run("check", "--as-of", AS_OF)
    assert text.code == 4
    assert "nothing was decided" in text.out


ADULTS = {"18-24": 0.4, "25-34": 0.4, "35-44": 0.2}


@pytest.mark.parametrize(
    ("ages", "status"),
    [
        (ADULTS, "unknown"),
        ({**ADULTS, "13-17": 0}, "pass"),
        ({**ADULTS, "18-24": 0.2, "13-17": 0.2}, "fail"),
        ({**ADULTS, "18-24": 0.3}, "unknown"),
    ],
)
def test_ages_of_adults_never_prove_few_under_18(
    folder: Path, ages: dict[str, float], status: str
) -> None:
    done = check(
        folder,
        checker_yaml="packs: [rules/ours.yaml]\n",
        rules__ours_yaml=pack(
            rule(
                "few-minors",
                "share_aged(influencer.audience.age, params.minors) <= 0.1",
                "params: {minors: {default: {min: 13, max: 17}, source: ours}}",
            ),
        ),
        brief_json=brief(shortlist=[{**JO, "audience": {"age": ages}}]),
    )
    (subject,) = subjects(done.report()).values()
    assert outcomes(subject)["few-minors"] == status
    assert subject["verdict"] == {"unknown": "undecided"}.get(status, status)


@pytest.mark.parametrize(
    ("rates", "status"), [({}, "unknown"), ({"KWD": 3.25}, "fail"), ({"KWD": 1.2}, "pass")]
)
def test_dinars_do_not_fit_a_budget_of_dollars_without_a_rate(
    folder: Path, rates: dict[str, float], status: str
) -> None:
    subject = only(
        folder,
        budget={"currency": "USD", "per_influencer": 1_200},
        exchange_rates=rates,
        shortlist=[{"influencer": JO, "fee": 1_000, "currency": "KWD", "gift_value": 0}],
    )
    assert outcomes(subject)["cost-per-influencer"] == status
    if status == "unknown":
        assert subject["facts"]["cost"]["value"] is None
        (reason,) = [
            each["reason"] for each in subject["outcomes"] if each["rule"] == "cost-per-influencer"
        ]
        assert "KWD" in reason


def test_an_amount_without_a_currency_fits_nothing(folder: Path) -> None:
    subject = only(folder, shortlist=[{"influencer": JO, "fee": 1, "gift_value": 0}])
    assert outcomes(subject)["cost-per-influencer"] == "unknown"


@pytest.mark.parametrize(
    "condition",
    [
        "not influencer.accepts_gifts",
        "influencer.country != 'US'",
        "not (influencer.country == 'US')",
        "influencer.country not in ['US']",
        "any(topic != 'gambling' for topic in influencer.topics)",
        "all(topic != 'gambling' for topic in influencer.topics)",
        "not any(topic == 'gambling' for topic in influencer.topics)",
        "count(influencer.sponsorships) == 0",
        "influencer.average_monthly_views >= 0",
        "default(influencer.country, influencer.audience.basis) == 'GB'",
    ],
)
def test_what_is_missing_never_passes(folder: Path, condition: str) -> None:
    done = check(
        folder,
        checker_yaml="packs: [rules/ours.yaml]\n",
        rules__ours_yaml=pack(rule("ours", f">-\n    {condition}")),
        brief_json=brief(shortlist=[JO]),
    )
    if done.code == 2:  # The language has no such condition at all, and says so.
        assert "rules/ours.yaml:" in done.err
        return
    (subject,) = subjects(done.report()).values()
    assert (outcomes(subject)["ours"], subject["verdict"]) == ("unknown", "undecided")


def test_sums_that_floats_miss_pass(folder: Path) -> None:
    done = check(
        folder,
        checker_yaml="packs: [rules/ours.yaml]\n",
        rules__ours_yaml=pack(rule("ours", "0.7 + 0.1 >= 0.8", scope="brief")),
        brief_json=brief(),
    )
    assert outcomes(subjects(done.report(), "brief")["Brief"])["ours"] == "pass"


@pytest.mark.parametrize(
    ("fail_on", "codes"),
    [
        ("undecided", (1, 4, 3)),
        ("error", (1, 0, 3)),
        ("warning", (1, 4, 3)),
        ("never", (0, 0, 3)),
    ],
)
def test_fail_on_changes_the_code_only(
    folder: Path, fail_on: str, codes: tuple[int, int, int]
) -> None:
    for code, jo in zip(
        codes, ({**JO, "followers": 1}, {**JO, "followers": {"min": 1}}, {**JO, "folowers": 1}),
        strict=True,
    ):  # fmt: skip
        write(
            folder,
            {
                "checker.yaml": "packs: [rules/ours.yaml]\n",
                "rules/ours.yaml": pack(rule("ours", "influencer.followers > 10")),
                "brief.json": brief(shortlist=[jo]),
            },
        )
        done = run("check", "--as-of", AS_OF, "--fail-on", fail_on)
        assert done.code == code
        assert done.out.startswith("Spring ribbons")
