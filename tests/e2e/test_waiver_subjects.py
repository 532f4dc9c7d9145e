"""A waiver names one subject, as people write names; what it names wrongly is said."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from checker import api
from checker.model.report import Report
from checker.reporting.options import Options
from checker.reporting.text import render

DAY = datetime.date(2026, 3, 2)
RULE = "  - {id: %s, title: T, scope: %s, severity: error, source: ours, require: '%s'}\n"
RULES = (
    ("few", "influencer", "influencer.followers < 5"),
    ("any", "influencer", "influencer.followers > 0"),
    ("said", "post", 'post.caption == "x"'),
    ("there", "post", "exists(post.caption)"),
)
PACK = "pack: ours\nversion: 1.0.0\ntitle: Ours\nrules:\n" + "".join(RULE % each for each in RULES)


def person(id_: str, handle: str, platform: str) -> dict[str, Any]:
    return {"id": id_, "handle": handle, "platform": platform, "followers": 9}


PEOPLE = [
    person("i-jo", "@Jo", "instagram"),
    person("tiktok/jo", "jo", "tiktok"),
    person("instagram/oda", "@Oda.Braids", "instagram"),
    person("uma", "@Uma", "podcast"),
]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    Path("ours.yaml").write_text(PACK, encoding="utf-8")
    brief("spring", PEOPLE)
    return tmp_path


def brief(name: str, people: list[dict[str, Any]]) -> None:
    data = {"id": name, "title": name, "brand": {"id": "b", "name": "B"}, "shortlist": people}
    data["posts"] = [{"id": "Reel-1", "caption": "c"}]
    Path(f"{name}.brief.json").write_text(json.dumps(data), encoding="utf-8")


def check(subject: str, *briefs: str, settings: str = "", **waiver: str) -> list[Report]:
    fields = {"rule": "few", "status": "fail", "reason": "r", "owner": "Jo Park"}
    fields |= {"expires": "2026-06-30", "subject": subject, **waiver}
    text = f"packs: [ours.yaml]\n{settings}\nwaivers: [{json.dumps(fields)}]\n"
    Path("checker.yaml").write_text(text, encoding="utf-8")
    return api.check_briefs(
        [Path(f"{each}.brief.json") for each in briefs or ("spring",)], as_of=DAY
    )


def waived(report: Report) -> list[str]:
    return [s.id for s in report.subjects if any(outcome.waiver for outcome in s.outcomes)]


def said(*reports: Report) -> str:
    return " ".join(render(list(reports), Options(width=200)).split())


ONE = {
    "i-jo": ("i-jo", "I-Jo", "instagram/jo", "Instagram/@JO", "https://www.instagram.com/jo/"),
    "tiktok/jo": ("tiktok/jo", "TikTok/Jo", "tiktok.com/@jo", "jo (tiktok)"),
    "instagram/oda": ("@oda.braids", "ODA.BRAIDS", "instagram/oda", "'@oda.braids"),
    "uma": ("@Uma", "Uma", "UMA", "podcast/Uma"),
}


@pytest.mark.parametrize("id_", ONE)
def test_one_subject_is_meant_however_it_is_written(root: Path, id_: str) -> None:
    for subject in ONE[id_]:
        [report] = check(subject)
        assert waived(report) == [id_], subject
        assert report.waivers[0].state == "used"


def test_a_post_is_meant_in_any_case(root: Path) -> None:
    for subject in ("Reel-1", "reel-1"):
        assert waived(*check(subject, rule="said")) == ["Reel-1"]


def test_a_handle_on_two_platforms_is_refused_with_both_ids(root: Path) -> None:
    for subject in ("@jo", "JO", "@Jo"):
        [report] = check(subject)
        assert waived(report) == []
        assert (report.verdict, report.waivers[0].state) == ("fail", "ambiguous")
        assert "few on " + subject + " may be for i-jo or tiktok/jo" in said(report)
        assert "1 ambiguous waiver to mend" in said(report)


def test_a_waiver_that_excuses_all_does_not_hide_that_it_is_ambiguous(root: Path) -> None:
    brief("spring", PEOPLE[:2])
    [report] = check("@jo", rule="any", status="unknown")
    assert (report.verdict, api.exit_code([report])) == ("fail", 1)


def test_two_accounts_in_two_briefs_are_two(root: Path) -> None:
    brief("one", PEOPLE[:1])
    brief("two", PEOPLE[1:2])
    for each in ("one", "two"):
        assert [report.waivers[0].state for report in check("@jo", each)] == ["used"]
    reports = check("@jo", "one", "two")
    assert [waived(report) for report in reports] == [[], []]
    assert {report.verdict for report in reports} == {"fail"}
    assert said(*reports).count("may be for i-jo or tiktok/jo") == 2
    # One account, under two ids, is one.
    brief("two", [person("other", "JO", "instagram")])
    assert [waived(report) for report in check("@jo", "one", "two")] == [["i-jo"], ["other"]]


def test_what_matches_nobody_gets_the_nearest(root: Path) -> None:
    for subject, near in (("@oda.braid", "@Oda.Braids"), ("Reel-11", "Reel-1")):
        [report] = check(subject)
        assert waived(report) == []
        assert f"matches no fail (did you mean {near}?)" in said(report)
    assert "did you mean" not in said(*check("@somebody-else-entirely"))


def test_a_waiver_for_a_brief_that_there_is_not(root: Path) -> None:
    brief("autumn", PEOPLE)
    for name in ("sprint", "srping"):
        reports = check("i-jo", "autumn", "spring", brief=name)
        assert said(*reports).count(f'no brief has the id "{name}", which this waiver is for') == 1
        assert 'Did you mean "spring"?' in said(*reports)
        assert [waived(report) for report in reports] == [[], []]
    # There is one, which this run does not check.
    assert "no brief has" not in said(*check("i-jo", "autumn", brief="spring"))
    # One cannot be read: it may be the one.
    Path("broken.brief.json").write_text("{", encoding="utf-8")
    assert "no brief has" not in said(*check("i-jo", "spring", brief="sprint"))


@pytest.mark.parametrize(
    ("expires", "settings", "warned"),
    [
        ("2027-03-03", "", False),
        ("2027-03-04", "", True),
        ("2999-12-31", "", True),
        ("2026-06-01", "longest_waiver: 90", True),
        ("2026-05-31", "longest_waiver: 90", False),
        ("2030-01-01", "longest_waiver: 2000", False),
    ],
)
def test_an_end_that_is_far_away(root: Path, expires: str, settings: str, warned: bool) -> None:
    [report] = check("i-jo", expires=expires, settings=settings)
    assert waived(report) == ["i-jo"]
    assert (f"ends on {expires}, more than" in said(report)) is warned


def test_names_of_a_refused_waiver_are_redacted(root: Path) -> None:
    from checker.reporting.redact import redact

    for subject in ("@oda.braid", "@jo"):
        [report] = check(subject)
        shown = said(redact(report, b"salt"))
        assert "oda" not in shown.casefold() and "jo " not in shown.casefold().replace(
            "jo park", ""
        )
