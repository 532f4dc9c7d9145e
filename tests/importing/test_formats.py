"""Each shipped format turns its fixture into valid records, with the values that stand there."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.loading.importing.mapping_file import format_path, formats
from checker.loading.schemas import record_schema
from tests.e2e.world import run
from tests.importing.world import FILES, FIXTURES, fixture, imported, left, one, written

AGES = {"13-17": 0.06, "18-24": 0.31, "25-34": 0.38, "35-44": 0.15}


def test_every_shipped_format_has_a_fixture() -> None:
    assert set(formats()) == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_the_records_are_valid_and_the_same_each_time(name: str) -> None:
    done, records = imported(name, FIXTURES / FILES[name])
    assert records
    schema = Draft202012Validator(record_schema("influencer"))
    assert [list(schema.iter_errors(record)) for record in records] == [[] for _ in records]
    assert imported(name, FIXTURES / FILES[name])[0] == done


def test_modash() -> None:
    done, (maisie, gav) = imported("modash", FIXTURES / "modash.json", "--as-of", "2026-02-28")
    assert done.code == 0
    assert maisie == {
        "id": "instagram/maisie.braids",
        "handle": "maisie.braids",
        "platform": "instagram",
        "followers": 42300,
        "country": "GB",
        "languages": ["en"],
        "as_of": "2026-02-28",
        "provider": "Modash",
        "engagement": {"rate": 0.034, "basis": "followers"},
        "audience": {
            "age": {**AGES, "45-64": 0.08, "65+": 0.02},
            "gender": {"male": 0.19, "female": 0.81},
            "country": {"GB": 0.64, "IE": 0.11},
            "language": {"en": 0.92},
            "credibility": 0.88,
        },
        "history": [
            {"date": "2025-12-01", "followers": 40100},
            {"date": "2026-01-01", "followers": 40900},
            {"date": "2026-02-01", "followers": 41800},
        ],
    }
    # On TikTok the rate is one of views.
    assert (gav["platform"], gav["engagement"]["basis"]) == ("tiktok", "views")


def test_hypeauditor() -> None:
    record = one("hypeauditor", FIXTURES / "hypeauditor.json")
    # Women and men of an age are added up; percents become shares.
    assert record["audience"]["age"] == {**AGES, "45-54": 0.06, "55-64": 0.026, "65+": 0.014}
    assert record["audience"]["gender"] == {"female": 0.81, "male": 0.19}
    # Its United Kingdom is uk.
    assert record["audience"]["country"] == {"GB": 0.64, "IE": 0.11}
    assert record["country"] == "GB"
    assert record["engagement"] == {"rate": 0.034}
    # Seconds since 1970; of two counts of one day the last stays.
    assert record["history"] == [
        {"date": "2025-12-01", "followers": 40100},
        {"date": "2026-01-01", "followers": 40950},
    ]
    assert record["rates"] == {
        "fees": {"post": {"min": 300, "max": 520}, "story": {"min": 90, "max": 160}}
    }
    assert "confidence" not in record


@pytest.mark.parametrize("group", ["age13-17", "13-17"])
def test_hypeauditor_names_bands_in_two_ways(tmp_path: Path, group: str) -> None:
    data = fixture("hypeauditor")
    for gender in data["result"]["user"]["demography_by_age"]:
        gender["by_age_group"][0]["group"] = group
    record = one("hypeauditor", written(tmp_path, "x.json", data))
    assert record["audience"]["age"]["13-17"] == 0.06


def test_hypeauditor_states(tmp_path: Path) -> None:
    data = fixture("hypeauditor")
    data["result"]["report_state"] = "READY_LOW_CONFIDENCE"
    for name in ("demography", "demography_by_age", "audience_geography"):
        del data["result"]["user"][name]
    record = one("hypeauditor", written(tmp_path, "low.json", data))
    assert record["confidence"] == "low"
    assert record["audience"] == {"language": {"en": 0.92}}
    data["result"]["report_state"] = "NOT_READY"
    done, records = imported("hypeauditor", written(tmp_path, "not.json", data))
    assert (done.code, records) == (3, [])
    assert "the report was not ready" in done.err


def test_hypeauditor_ages_of_each_gender_are_refused(tmp_path: Path) -> None:
    """Bands that add up to 100 for women and again for men are no shares of the audience."""
    data = fixture("hypeauditor")
    for gender in data["result"]["user"]["demography_by_age"]:
        for band in gender["by_age_group"]:
            band["value"] *= 100 / gender["value"]
    done, records = imported("hypeauditor", written(tmp_path, "x.json", data))
    assert (done.code, records) == (3, [])
    assert "adds up to 200%" in done.err


def test_phyllo(tmp_path: Path) -> None:
    record = one("phyllo", FIXTURES / "phyllo.json")
    assert record["audience"]["age"]["65+"] == 0.02
    assert record["audience"]["gender"] == {"female": 0.81, "male": 0.18, "other": 0.01}
    assert (record["as_of"], record["country"]) == ("2026-02-27", "GB")
    assert record["rates"]["currency"] == "USD"
    assert record["rates"]["fees"]["reel"] == {"min": 569, "max": 854}
    # The unit of the score is unclear: no number makes it credibility.
    assert "credibility" not in record["audience"]
    for score in (0.88, 88):
        data = fixture("phyllo")
        data["profile"]["audience"]["credibility_score"] = score
        path = written(tmp_path, "x.json", data)
        assert one("phyllo", path) == record
        assert "profile.audience.credibility_score" in left(tmp_path, "phyllo", path)["declared"]


def test_phyllo_of_a_connected_account(tmp_path: Path) -> None:
    data = {
        "work_platform": {"name": "TikTok"},
        "platform_username": "jo",
        "reputation": {"follower_count": 1200},
        "countries": [{"code": "GB", "value": 80}],
    }
    record = one("phyllo", written(tmp_path, "x.json", data))
    assert (record["platform"], record["followers"]) == ("tiktok", 1200)
    assert record["audience"]["country"] == {"GB": 0.8}


@pytest.mark.parametrize(
    ("count", "followers"),
    [
        ("42300", {"min": 42300, "max": 42399}),
        ("1000", {"min": 1000, "max": 1009}),
        ("999", 999),
        ("123000000", {"min": 123_000_000, "max": 123_999_999}),
        # More than three digits were not cut: the owner's own figure.
        ("42317", 42317),
    ],
)
def test_youtube_cuts_counts_to_three_digits(tmp_path: Path, count: str, followers: Any) -> None:
    data = fixture("youtube")
    data["channel"]["statistics"]["subscriberCount"] = count
    assert one("youtube", written(tmp_path, "x.json", data))["followers"] == followers


def test_youtube() -> None:
    done, (maisie, small) = imported("youtube", FIXTURES / "youtube.ndjson")
    assert maisie["audience"]["basis"] == "viewers"
    assert maisie["audience"]["age"]["18-24"] == 0.497
    assert maisie["audience"]["gender"] == {"female": 0.861, "male": 0.132, "other": 0.007}
    assert small["followers"] == 872
    # Hidden subscribers are missing, which leaves no record.
    assert done.code == 3
    assert "youtube.ndjson:3:1: error: @shy: the influencer has no" in done.err
    assert "hiddenSubscriberCount is true" in done.err


def test_youtube_rows_in_another_order_are_refused(tmp_path: Path) -> None:
    data = fixture("youtube")
    data["demographics"]["columnHeaders"].reverse()
    done, records = imported("youtube", written(tmp_path, "x.json", data))
    assert (done.code, records) == (3, [])
    assert "must be ageGroup, gender, viewerPercentage" in done.err


def test_instagram(tmp_path: Path) -> None:
    record = one("instagram", FIXTURES / "instagram.json")
    audience = record["audience"]
    assert audience["basis"] == "followers"
    # Of the 42,000 whose age is known.
    assert audience["age"]["18-24"] == 0.3
    assert sum(audience["age"].values()) == pytest.approx(1)
    # Those whose gender is not known are no third gender.
    assert audience["gender"] == {"female": 0.8, "male": 0.15}
    # Of all 42,300 followers: the countries beyond the first 45 are missing.
    assert audience["country"] == {"GB": 0.6, "IE": 0.1}
    # The cities of another call stand at the same place, and are listed all the same.
    places = left(tmp_path, "instagram", FIXTURES / "instagram.json")["unmapped"]
    assert any(place.endswith("results[].value") for place in places)


def test_instagram_without_a_whole_has_no_shares(tmp_path: Path) -> None:
    data = fixture("instagram")
    data["insights"][2]["data"][0]["name"] = "engaged_audience_demographics"
    assert "country" not in one("instagram", written(tmp_path, "x.json", data))["audience"]


def test_tiktok() -> None:
    record = one("tiktok", FIXTURES / "tiktok.json")
    assert record["engagement"] == {"rate": 0.081}
    assert record["audience"]["country"] == {"GB": 0.63, "IE": 0.12}
    assert record["rates"] == {"currency": "GBP", "fees": {"video": 450}}


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(data, dict):
        for name, inner in data.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(data, list):
        for index, inner in enumerate(data):
            yield from leaves(inner, (*path, index))
    elif data is not None:
        yield path


def without(data: Any, path: tuple[Any, ...]) -> Any:
    changed = copy.deepcopy(data)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return changed


# Read to refuse a record, or to say which rows are meant; without them it is the same record.
ONLY_LOOKED_AT = {
    "hypeauditor": {"report_state", "is_deleted"},
    "instagram": {"name", "dimension_keys"},
    "modash": set[str](),
    "phyllo": set[str](),
    "tiktok": set[str](),
    "youtube": {"hiddenSubscriberCount", "name"},
}


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_dropped_in_silence(name: str, tmp_path: Path) -> None:
    """Whatever makes no difference when it is taken away stands in the list."""
    whole = fixture(name)
    before = everything(tmp_path, name, whole)
    listed = [each["path"] for each in before[1]["left"]]
    quiet = []
    for path in leaves(whole):
        if ONLY_LOOKED_AT[name] & set(path) or covered(path, listed):
            continue
        if everything(tmp_path, name, without(whole, path)) == before:
            quiet.append(path)
    assert quiet == []


def everything(folder: Path, name: str, data: Any) -> tuple[Any, Any]:
    report = folder / "report.json"
    _, records = imported(name, written(folder, "file.json", data), "--report", report)
    return records, json.loads(report.read_text("utf-8"))


def covered(path: tuple[Any, ...], listed: list[str]) -> bool:
    steps = ["[]" if isinstance(step, int) else step for step in path]
    names = ".".join(steps).replace(".[]", "[]").removeprefix("[].").removeprefix("result.")
    return any(names.startswith(place) for place in listed)


@pytest.mark.parametrize("name", FILES)
def test_the_mapping_can_be_printed_and_used_as_ones_own(name: str, tmp_path: Path) -> None:
    printed = run("import", name, "--print-map").out
    assert printed == format_path(name).read_text("utf-8")
    own = written(tmp_path, "own.yaml", printed)
    theirs = imported(name, FIXTURES / FILES[name])[1]
    assert imported("json", "--map", own, FIXTURES / FILES[name])[1] == theirs
