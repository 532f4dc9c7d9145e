"""A check on imported records gives the verdicts that their figures ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import AS_OF, brief, outcomes, pack, rule, run, subjects, write
from tests.importing.world import FILES, FIXTURES

CONFIG = "packs: [alignment, rules/ours.yaml]\n"
RULES = pack(
    rule(
        "young",
        "share_aged(influencer.audience.age, params.minors) <= 0.25",
        "params: {minors: {default: {max: 17}, source: ours}}",
    ),
    rule("reach", "influencer.followers >= 42_350"),
    rule("fee", "influencer.rates.fees.reel <= money(900, 'USD')"),
    rule("basis", "influencer.audience.basis == 'followers'"),
)
TARGET = {
    "age": {"min": 18, "max": 34},
    "countries": ["GB"],
    "minimum_share": {"country": 0.6},
}


def checked(folder: Path, name: str, *, exit_code: int) -> dict[str, Any]:
    """Import a fixture into a shortlist, check a brief on it, and return the influencers."""
    out = folder / "people.ndjson"
    assert run("import", name, str(FIXTURES / FILES[name]), "--out", str(out)).code in (0, 3)
    files = {"checker.yaml": CONFIG, "rules/ours.yaml": RULES}
    content = brief(target=TARGET, shortlist="people.ndjson", exchange_rates={"USD": 0.79})
    write(folder, {**files, "brief.json": content})
    done = run("check", "brief.json", "--as-of", AS_OF, "-o", "json")
    assert done.code == exit_code, done.said
    return subjects(done.report())


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_modash(tmp_path: Path) -> None:
    found = checked(tmp_path, "modash", exit_code=1)
    maisie, gav = outcomes(found["maisie.braids"]), outcomes(found["gadgetgav"])
    # 0.31 and 0.38 are 18 to 34, 64% in Great Britain.
    assert (maisie["audience-age"], maisie["audience-country"]) == ("pass", "pass")
    # 0.12 and 0.2 are too few, and nobody is known to be in Great Britain: 90% are elsewhere.
    assert (gav["audience-age"], gav["audience-country"]) == ("fail", "fail")
    assert (maisie["young"], gav["young"]) == ("pass", "fail")
    # Modash has no fees and, for TikTok too, does not say whom the audience counts.
    assert (maisie["fee"], maisie["basis"]) == ("unknown", "unknown")
    assert (maisie["reach"], gav["reach"]) == ("fail", "fail")


def test_hypeauditor(tmp_path: Path) -> None:
    maisie = outcomes(checked(tmp_path, "hypeauditor", exit_code=1)["maisie.braids"])
    assert (maisie["audience-age"], maisie["audience-country"]) == ("pass", "pass")
    assert maisie["young"] == "pass"


def test_phyllo(tmp_path: Path) -> None:
    maisie = outcomes(checked(tmp_path, "phyllo", exit_code=1)["maisie.braids"])
    assert (maisie["audience-age"], maisie["audience-country"]) == ("pass", "pass")
    # USD 569 to 854 is below 900 whatever it will be.
    assert maisie["fee"] == "pass"


def test_youtube(tmp_path: Path) -> None:
    found = checked(tmp_path, "youtube", exit_code=1)
    maisie, small = outcomes(found["@maisiebraids"]), outcomes(found["@smallknots"])
    assert (maisie["audience-age"], maisie["audience-country"]) == ("pass", "unknown")
    # 42,300 to 42,399 may reach 42,350; 872 does not.
    assert (maisie["reach"], small["reach"]) == ("unknown", "fail")
    # Viewers are no followers.
    assert maisie["basis"] == "fail"
    assert small["young"] == "unknown"


def test_instagram(tmp_path: Path) -> None:
    maisie = outcomes(checked(tmp_path, "instagram", exit_code=1)["maisie.braids"])
    assert (maisie["audience-age"], maisie["audience-country"]) == ("pass", "pass")
    assert (maisie["young"], maisie["basis"]) == ("pass", "pass")


def test_tiktok_has_adults_only(tmp_path: Path) -> None:
    maisie = outcomes(checked(tmp_path, "tiktok", exit_code=1)["maisiebraids"])
    assert (maisie["audience-age"], maisie["audience-country"]) == ("pass", "pass")
    # Its ages start at 18: nothing says how many are younger, though they add up to 1.
    assert maisie["young"] == "unknown"


def test_what_is_missing_passes_nothing(tmp_path: Path) -> None:
    """A table without audience figures is undecided, and says what to ask for."""
    write(tmp_path, {"checker.yaml": "packs: [alignment]\n"})
    own, people = FIXTURES / "ours.yaml", FIXTURES / "people.csv"
    done = run("import", "csv", "--map", str(own), str(people), "--out", "people.ndjson")
    assert done.code == 3
    write(tmp_path, {"brief.json": brief(target=TARGET, shortlist="people.ndjson")})
    report = run("check", "brief.json", "--as-of", AS_OF, "-o", "json").report()
    found = subjects(report)
    assert set(found) == {"@maisie.braids", "@tinyknots"}
    assert outcomes(found["@maisie.braids"])["audience-age"] == "pass"
    assert found["@tinyknots"]["verdict"] == "undecided"
