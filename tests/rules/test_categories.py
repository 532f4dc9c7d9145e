"""The packs of regulated categories, on whole briefs: ages over bands, roles, markets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from checker.engine.ruleset import RuleSet, build_rules
from checker.loading.packs import load_packs
from checker.loading.shipped import shipped_files
from checker.loading.validation import SHIPPED
from tests.e2e.world import AS_OF, ROOT, Done, outcomes, run, subjects, write

PACKS = (
    *("alcohol-au", "alcohol-gb", "alcohol-us", "cosmetic-gb", "finance-gb", "food-gb"),
    *("gambling-ca-on", "gambling-gb", "medicines-gb", "vaping-gb"),
)
OURS = build_rules(load_packs([(name, None) for name in PACKS], root=Path()), SHIPPED.types)
IDS = {typed.rule.id for typed in OURS.rules}

ADULT = {"age_verified_over": 30, "age_seems_over": 30}


def check(
    folder: Path,
    campaign: Mapping[str, Any],
    *influencers: Mapping[str, Any],
    markets: Any = ("GB",),
    brand: Mapping[str, Any] | None = None,
    posts: Any = (),
    **brief: Any,
) -> Done:
    """Check a brief by the packs of this module alone."""
    shortlist = [
        {"id": f"i{n}", "handle": f"@i{n}", "platform": "instagram", "followers": 20_000, **each}
        for n, each in enumerate(influencers or ({},))
    ]
    made = {
        "id": "b",
        "title": "B",
        "brand": {"id": "brand", "name": "Brand", **(brand or {})},
        "campaign": campaign,
        "shortlist": shortlist,
        **({"markets": list(markets)} if markets else {}),
        **({"posts": list(posts)} if posts else {}),
        **brief,
    }
    write(folder, {"checker.yaml": f"packs: [{', '.join(PACKS)}]\n", "brief.json": made})
    return run("check", str(folder / "brief.json"), "--as-of", AS_OF, "--all", "-o", "json")


def first(done: Done) -> Any:
    """Return the first influencer of a run."""
    return next(iter(subjects(done.report()).values()))


def outcome(subject: Any, rule: str) -> Any:
    return next(each for each in subject["outcomes"] if each["rule"] == rule)


def aged(**bands: float) -> dict[str, Any]:
    """Make an influencer of audience ages: b13_17=0.2 is the band 13-17."""
    keys = {name: name[1:].replace("_", "-") for name in bands}
    return {"audience": {"age": {keys[name]: share for name, share in bands.items()}}}


# Audience ages over bands that straddle


def test_21_and_over_is_a_range_between_the_bands(tmp_path: Path) -> None:
    done = check(
        tmp_path, {"category": "gin"}, aged(b13_17=0.02, b18_24=0.35, b25_34=0.63), markets=["US"]
    )
    found = outcome(first(done), "spirits-audience-us")
    assert found["status"] == "unknown"
    assert "63–98% may or may not be at least 73.8%" in found["reason"]


US = [
    # category, 13-17, 18-24, 25 and over, status
    ("gin", 0.062, 0.2, 0.738, "pass"),
    ("gin", 0.062, 0.201, 0.737, "unknown"),
    ("gin", 0.262, 0.338, 0.4, "unknown"),
    ("gin", 0.263, 0.337, 0.4, "fail"),
    ("lager", 0.064, 0.2, 0.736, "pass"),
    ("lager", 0.064, 0.201, 0.735, "unknown"),
    ("lager", 0.264, 0.336, 0.4, "unknown"),
    ("lager", 0.265, 0.335, 0.4, "fail"),
    ("champagne", 0.063, 0.2, 0.737, "pass"),
    ("champagne", 0.063, 0.201, 0.736, "unknown"),
    ("champagne", 0.263, 0.337, 0.4, "unknown"),
    ("champagne", 0.264, 0.336, 0.4, "fail"),
]
BY_KIND = {"gin": "spirits", "lager": "beer", "champagne": "wine"}


@pytest.mark.parametrize(("category", "young", "middle", "old", "status"), US)
def test_the_us_codes_pass_fail_and_leave_unknown(
    category: str, young: float, middle: float, old: float, status: str, tmp_path: Path
) -> None:
    ages = aged(b13_17=young, b18_24=middle, b25_34=old)
    subject = first(check(tmp_path, {"category": category}, ages, markets=["US"]))
    decided = {rule: each for rule, each in outcomes(subject).items() if each != "skipped"}
    assert decided == {f"{BY_KIND[category]}-audience-us": status}


@pytest.mark.parametrize("category", ["gin", "lager", "champagne"])
def test_adult_bands_alone_prove_nothing(category: str, tmp_path: Path) -> None:
    subject = first(check(tmp_path, {"category": category}, aged(b25_34=1.0), markets=["US"]))
    assert outcomes(subject)[f"{BY_KIND[category]}-audience-us"] == "unknown"


def test_alcohol_of_no_kind_is_stopped_in_the_us(tmp_path: Path) -> None:
    done = check(tmp_path, {"category": "alcohol"}, aged(b25_34=1.0), markets=["US"])
    brief = subjects(done.report(), "brief")["Brief"]
    # It may be any kind, each with rules of its own.
    assert (outcomes(brief)["alcohol-kind-us"], done.code) == ("unknown", 4)


@pytest.mark.parametrize(
    ("ages", "status"),
    [
        ({"13-17": 0.25, "18-24": 0.75}, "pass"),
        ({"13-17": 0.30, "18-24": 0.70}, "unknown"),
        ({"18-24": 0.70, "25-34": 0.30}, "unknown"),
        ({"13-15": 0.25, "16-24": 0.75}, "pass"),
        ({"13-15": 0.26, "16-24": 0.74}, "fail"),
    ],
)
def test_under_16_in_gb(ages: dict[str, float], status: str, tmp_path: Path) -> None:
    campaign = {"category": "crisps", "high_fat_salt_sugar": True, "less_healthy": False}
    subject = first(check(tmp_path, campaign, {"audience": {"age": ages}}))
    assert outcomes(subject)["hfss-audience-gb"] == status


def test_a_snack_of_unknown_profile_is_asked_for(tmp_path: Path) -> None:
    done = check(tmp_path, {"category": "snacks"}, aged(b13_17=0.05, b18_24=0.95))
    brief = subjects(done.report(), "brief")["Brief"]
    found = outcome(brief, "hfss-audience-gb")
    assert (found["status"], done.code) == ("unknown", 4)
    asked = "the nutrient profile of the product: is it high in fat, salt or sugar"
    assert found["ask_for"] == [asked]


@pytest.mark.parametrize(
    ("category", "market", "rule", "edge"),
    [
        ("gin", "GB", "alcohol-audience-gb", 0.25),
        ("betting", "GB", "gambling-audience-gb", 0.25),
        ("lip fillers", "GB", "cosmetic-audience-gb", 0.25),
        ("cider", "AU", "alcohol-audience-au", 0.20),
    ],
)
def test_under_18s(category: str, market: str, rule: str, edge: float, tmp_path: Path) -> None:
    for young, status in ((edge, "pass"), (edge + 0.001, "fail")):
        ages = aged(b13_17=young, b18_24=1 - young)
        subject = first(check(tmp_path, {"category": category}, ages, markets=[market]))
        assert outcomes(subject)[rule] == status
    none = first(check(tmp_path, {"category": category}, aged(b18_24=1.0), markets=[market]))
    assert outcomes(none)[rule] == "unknown"


# Necessary, not sufficient


def test_a_pass_says_that_it_is_not_sufficient(tmp_path: Path) -> None:
    ages = aged(b13_17=0.02, b18_24=0.98)["audience"]
    tiktok = {"platform": "tiktok", **ADULT, "audience": {**ages, "basis": "viewers"}}
    subject = first(check(tmp_path, {"category": "vodka"}, tiktok))
    assert subject["verdict"] == "pass"
    for rule in ("alcohol-audience-gb", "alcohol-tiktok-gb"):
        assert "necessary, not sufficient" in outcome(subject, rule)["reason"]


def test_followers_alone_are_warned_of_on_tiktok(tmp_path: Path) -> None:
    ages = aged(b13_17=0.02, b18_24=0.98)["audience"]
    tiktok = {"platform": "tiktok", **ADULT, "audience": {**ages, "basis": "followers"}}
    subject = first(check(tmp_path, {"category": "vodka"}, tiktok))
    assert (subject["verdict"], outcomes(subject)["alcohol-tiktok-gb"]) == ("pass", "fail")


# Who is featured


@pytest.mark.parametrize(("category", "pack"), [("gin", "alcohol"), ("betting", "gambling")])
def test_nobody_under_25(category: str, pack: str, tmp_path: Path) -> None:
    for field, rule in (("age_verified_over", "age"), ("age_seems_over", "seems")):
        for age, status in ((25, "pass"), (24, "fail"), (None, "unknown")):
            who = {} if age is None else {field: age}
            subject = first(check(tmp_path, {"category": category}, who))
            assert outcomes(subject)[f"{pack}-{rule}-gb"] == status


def test_others_in_a_post_count_for_each_market(tmp_path: Path) -> None:
    post = {"id": "p", "influencer": "i0", "featured": [{"age_seems_over": 20}]}
    done = check(tmp_path, {"category": "gin"}, ADULT, markets=["GB", "IE"], posts=[post])
    found = {
        each["market"]: outcome(each, "alcohol-featured-gb")
        for each in done.report()["subjects"]
        if each["kind"] == "post"
    }
    assert {market: each["status"] for market, each in found.items()} == {
        "GB": "fail",
        "IE": "skipped",
    }
    assert found["IE"]["reason"] == "does not apply: it is for GB; the post is for IE"


@pytest.mark.parametrize(
    ("role", "category", "market", "rule"),
    [
        ("GP", "painkillers", "GB", "medicine-endorser-gb"),
        ("pop star", "medicine", "GB", "medicine-endorser-gb"),
        ("former athlete", "sports betting", "CA-ON", "gambling-athlete-ca-on"),
    ],
)
def test_barred_roles(role: str, category: str, market: str, rule: str, tmp_path: Path) -> None:
    for roles, status in (([role], "fail"), ([], "pass"), (None, "unknown")):
        who = {} if roles is None else {"roles": roles}
        subject = first(check(tmp_path, {"category": category}, who, markets=[market]))
        assert outcomes(subject)[rule] == status


# Gambling: a person's followers under 18 over platforms


@pytest.mark.parametrize(
    ("who", "here", "everywhere"),
    [
        ({"followers": 1_000_000, **aged(b13_17=0.1, b18_24=0.9)}, "fail", "unknown"),
        ({"followers": 999_000, **aged(b13_17=0.1, b18_24=0.9)}, "pass", "unknown"),
        ({"followers": 9_000, "followers_under_18": 100_000}, "unknown", "fail"),
        ({"followers": 9_000, "followers_under_18": {"max": 99_999}}, "unknown", "pass"),
    ],
)
def test_100_000_followers_under_18(
    who: dict[str, Any], here: str, everywhere: str, tmp_path: Path
) -> None:
    found = outcomes(first(check(tmp_path, {"category": "betting"}, who)))
    assert (found["gambling-minors-here-gb"], found["gambling-minors-gb"]) == (here, everywhere)


def test_a_persons_accounts_are_added_up_over_the_shortlist(tmp_path: Path) -> None:
    half = {"followers": 500_000, **aged(b13_17=0.1, b18_24=0.9)}
    accounts = ({**half, "person": "p"}, {**half, "person": "p", "platform": "tiktok"}, half)
    done = check(tmp_path, {"category": "betting"}, *accounts)
    shortlist = subjects(done.report(), "shortlist")["Shortlist"]
    found = outcome(shortlist, "gambling-minors-joined-gb")
    assert (found["status"], found["reason"]) == (
        "fail",
        "the accounts of p have 100,000 or more followers under 18 together",
    )
    alone = check(tmp_path, {"category": "betting"}, half, half)
    shortlist = subjects(alone.report(), "shortlist")["Shortlist"]
    found = outcome(shortlist, "gambling-minors-joined-gb")
    assert found["status"] == "pass"
    assert "Accounts elsewhere are not in this sum" in found["reason"]


# Food and vaping: what only the brief can say


@pytest.mark.parametrize(
    ("product", "employees", "status"),
    [
        (True, 250, "fail"),
        (True, 249, "pass"),
        (False, 9_000, "pass"),
        (False, None, "pass"),
        (True, None, "unknown"),
        (None, 9_000, "unknown"),
        (None, 20, "pass"),
    ],
)
def test_less_healthy_food_online(
    product: bool | None, employees: int | None, status: str, tmp_path: Path
) -> None:
    campaign: dict[str, Any] = {"category": "crisps", "less_healthy": True}
    if product is not None:
        campaign["identifiable_product"] = product
    brand = {} if employees is None else {"employees": employees}
    report = check(tmp_path, campaign, brand=brand).report()
    assert outcomes(subjects(report, "brief")["Brief"])["less-healthy-online-gb"] == status


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"contains_nicotine": True, "licensed_medicine": False}, "fail"),
        ({"contains_nicotine": True}, "unknown"),
        ({"contains_nicotine": False}, "pass"),
        ({"licensed_medicine": True}, "pass"),
        ({}, "unknown"),
    ],
)
def test_vapes(said: dict[str, bool], status: str, tmp_path: Path) -> None:
    report = check(tmp_path, {"category": "e-cigs", **said}).report()
    assert outcomes(subjects(report, "brief")["Brief"])["vaping-online-gb"] == status


def test_a_banks_post_needs_an_approval(tmp_path: Path) -> None:
    said = {"approved": True, "stands_alone": False}
    posts = [{"id": "a", "financial_promotion": said}, {"id": "b"}]
    done = check(tmp_path, {"category": "bank"}, posts=posts)
    found = subjects(done.report(), "post")
    statuses = [
        {rule: each for rule, each in outcomes(post).items() if rule.startswith("finance")}
        for post in found.values()
    ]
    assert statuses == [
        {"finance-approved-gb": "pass", "finance-stands-alone-gb": "fail"},
        {"finance-approved-gb": "unknown", "finance-stands-alone-gb": "unknown"},
    ]


# Where the packs hold


def left_over(done: Done) -> dict[str, str]:
    """Return what these packs say that is not skipped, on any subject."""
    found = (pair for each in done.report()["subjects"] for pair in outcomes(each).items())
    return {rule: status for rule, status in found if rule in IDS and status != "skipped"}


@pytest.mark.parametrize("markets", [["GB", "US", "AU", "CA-ON"], ["FR"], None])
@pytest.mark.parametrize("category", ["hair accessories", "cosmetics"])
def test_other_categories_are_skipped_wherever_they_run(
    category: str, markets: Any, tmp_path: Path
) -> None:
    posts = [{"id": "p"}]
    assert left_over(check(tmp_path, {"category": category}, markets=markets, posts=posts)) == {}


def test_a_category_that_contains_a_regulated_word_is_undecided(tmp_path: Path) -> None:
    done = check(tmp_path, {"category": "alcohol-free beer"}, markets=["GB"])
    assert set(left_over(done).values()) == {"unknown"}
    assert done.code in (3, 4)


@pytest.mark.parametrize(
    "category", ["gin", "betting", "snacks", "fillers", "botox", "medicine", "vapes", "banking"]
)
def test_a_regulated_category_without_markets_is_undecided(category: str, tmp_path: Path) -> None:
    done = check(tmp_path, {"category": category}, ADULT, ADULT, markets=None)
    assert (done.code, done.report()["verdict"]) == (4, "undecided")
    brief = subjects(done.report(), "brief")["Brief"]
    asked = [each for each in brief["outcomes"] if each["status"] == "unknown"]
    assert asked
    assert all("the countries that the campaign runs in" in each["ask_for"] for each in asked)
    # It is said once, on the brief, and not of each influencer.
    people = subjects(done.report()).values()
    assert not any("unknown" in outcomes(each).values() for each in people)


def test_a_market_without_a_category_is_undecided(tmp_path: Path) -> None:
    done = check(tmp_path, {})
    assert (done.code, done.report()["verdict"]) == (4, "undecided")
    brief = subjects(done.report(), "brief")["Brief"]
    assert any(
        "the category of the product, or of the brand" in each.get("ask_for", "")
        for each in brief["outcomes"]
    )


def test_what_all_packs_miss_is_said_once(tmp_path: Path) -> None:
    check(tmp_path, {}, ADULT, markets=["GB", "CA-ON"])
    done = run("check", str(tmp_path / "brief.json"), "--as-of", AS_OF)
    assert done.out.count("ask for") == done.out.count("as well") == 1
    assert "nutrient profile" not in done.out  # Whether it is food at all comes first.
    assert all(rule in done.out for rule in ("gambling-age-gb", "medicine-endorser-gb"))


def test_the_campaigns_category_counts_before_the_brands(tmp_path: Path) -> None:
    both = check(tmp_path, {"category": "hair accessories"}, brand={"category": "gin"})
    assert left_over(both) == {}
    assert left_over(check(tmp_path, {}, brand={"category": "hair accessories"})) == {}
    held = left_over(check(tmp_path, {}, brand={"category": "gin"}))
    assert {each for each in held if each.endswith("-gb")} == set(held) != set()


@pytest.mark.parametrize("category", ["spirits", "Gin", "WHISKY", "craft-beer", "sparkling_wine"])
def test_synonyms_are_one_category(category: str, tmp_path: Path) -> None:
    assert "alcohol-audience-gb" in left_over(check(tmp_path, {"category": category}))


def test_a_part_of_a_country_and_the_country_count_as_one_another(tmp_path: Path) -> None:
    rule = "gambling-athlete-ca-on"
    for markets, holds in (
        (["CA-ON"], True),
        (["CA"], True),
        (["CA-QC"], False),
        (["CA-QC", "CA-ON"], True),
        (["US"], False),
    ):
        held = left_over(check(tmp_path, {"category": "betting"}, markets=markets))
        assert (rule in held) == holds, markets
    held = left_over(check(tmp_path, {"category": "gin"}, markets=["US-CA"]))
    assert "spirits-audience-us" in held


def test_a_rule_for_a_country_holds_in_its_part(tmp_path: Path) -> None:
    pack = """\
pack: canada
version: 1.0.0
title: Canada
applies: {markets: [CA]}
rules:
  - {id: ours, title: T, scope: brief, severity: error, source: ours, require: exists(brief.title)}
"""
    brief = {"id": "b", "title": "B", "brand": {"id": "x", "name": "X"}, "shortlist": []}
    config = "packs: [ours.yaml]\n"
    for markets, status in ((["CA-ON"], "pass"), (["CA"], "pass"), (["US"], "skipped")):
        made = {**brief, "markets": markets}
        write(tmp_path, {"ours.yaml": pack, "checker.yaml": config, "brief.json": made})
        report = run("check", str(tmp_path), "--as-of", AS_OF, "--all", "-o", "json").report()
        found = outcome(subjects(report, "brief")["Brief"], "ours")
        assert found["status"] == status
    assert found["reason"] == "does not apply: it is for CA; the brief is for US"


def test_the_reason_of_a_skip_names_the_category(tmp_path: Path) -> None:
    subject = first(check(tmp_path, {"category": "bread"}))
    reason = outcome(subject, "spirits-audience-us")["reason"]
    assert reason == "does not apply: it is for US; the brief is for GB"
    reason = outcome(subject, "gambling-age-gb")["reason"]
    assert reason == "does not apply: it is for gambling; the category is bread"


@pytest.mark.parametrize(
    ("market", "hint"),
    [
        ("UK", 'Write "GB".'),
        ("CA_ON", 'Write "CA-ON".'),
        ("Ontario", 'Write "CA-ON".'),
        ("ON", "such as CA-ON (ISO 3166)"),
    ],
)
def test_a_market_that_is_none_is_refused(market: str, hint: str, tmp_path: Path) -> None:
    brief = {"id": "b", "title": "B", "brand": {"id": "x", "name": "X"}, "markets": [market]}
    write(tmp_path, {"brief.json": brief})
    done = run("check", str(tmp_path))
    assert done.code == 3
    assert hint in done.err


# What every rule of these packs has


@pytest.fixture(scope="module")
def ruleset() -> RuleSet:
    return OURS


def test_every_pack_says_that_it_is_no_legal_advice(ruleset: RuleSet) -> None:
    for name in PACKS:
        pack = next(each for each in ruleset.packs if each.name == name)
        assert "no legal advice" in pack.title
        assert "no legal advice" in " ".join(
            shipped_files()[name].read_text("utf-8").split("\n")[:8]
        )


def test_no_error_rests_on_a_vendor(ruleset: RuleSet) -> None:
    for typed in ruleset.rules:
        sources = [typed.rule.source, *(param.source for param in typed.rule.params.values())]
        assert all(source.title and source.strength != "vendor" for source in sources)


@pytest.mark.parametrize("name", sorted(IDS))
def test_every_rule_shows_each_status(name: str) -> None:
    typed = OURS.find(name)
    assert typed is not None
    shown = {example.expect for example in typed.rule.examples}
    assert shown == {"pass", "fail", "unknown", "skipped"}


def test_the_page_on_categories_has_every_rule_and_no_other() -> None:
    page = (ROOT / "docs" / "categories.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.count("|") == 5 and line.startswith("|")]
    named = {word for row in rows for word in re.findall(r"`([a-z0-9-]+)`", row.split("|")[2])}
    assert named == IDS
    packs = {word for row in rows for word in re.findall(r"`([a-z0-9-]+)`", row.split("|")[1])}
    assert packs == set(PACKS)
