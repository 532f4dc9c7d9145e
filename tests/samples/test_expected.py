"""The samples give what `expected.yaml` says, through the command line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.world import ROOT, Done, process, run, subjects

EXPECTED = yaml.safe_load(Path(__file__).with_name("expected.yaml").read_text("utf-8"))
CHECKED = {each["brief"]: each for each in EXPECTED["checked"]}
BROKEN: dict[str, Any] = EXPECTED["broken"]
SPRING = "samples/bramble/spring/brief.yaml"


def at_root(monkeypatch: pytest.MonkeyPatch, brief: str, *more: str) -> Done:
    monkeypatch.chdir(ROOT)
    return run("check", brief, "--as-of", CHECKED[brief]["as_of"], *more)


def decided(subject: Any) -> dict[str, str]:
    """Return the error rules that keep a subject from passing."""
    return {
        each["rule"]: each["status"]
        for each in subject["outcomes"]
        if each["severity"] == "error" and each["status"] in ("fail", "unknown")
    }


def warned(subject: Any) -> dict[str, str]:
    return {
        each["rule"]: "fail"
        for each in subject["outcomes"]
        if each["severity"] != "error" and each["status"] == "fail"
    }


def agrees(subject: Any, wanted: Any) -> None:
    name = subject["name"]
    assert (name, subject["verdict"]) == (name, wanted["verdict"])
    assert (name, decided(subject)) == (name, wanted.get("decided", {}))
    assert (name, warned(subject)) == (name, wanted.get("warned", {}))
    for fact, text in wanted.get("facts", {}).items():
        assert (name, fact, subject["facts"][fact]["text"]) == (name, fact, text)


def _draft(subject: Any) -> str:
    """Return how expected.yaml names a draft post: by its id, and its market."""
    return f"{subject['name']} in {subject['market']}"


@pytest.mark.parametrize("brief", CHECKED)
def test_a_sample_gives_its_verdicts(brief: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = CHECKED[brief]
    done = at_root(monkeypatch, brief, "-o", "json")
    report = done.report()
    assert (report["verdict"], done.code, done.err) == (wanted["verdict"], wanted["exit"], "")
    found = subjects(report)
    assert list(found) == list(wanted["influencers"])
    for name, influencer in wanted["influencers"].items():
        agrees(found[name], influencer)
    posts = wanted.get("posts", {})
    drafts = [each for each in report["subjects"] if each["kind"] == "post"]
    assert [_draft(each) for each in drafts] == list(posts)
    for draft in drafts:
        agrees(draft, posts[_draft(draft)])
    singles = ("brief", "shortlist")
    parts = {each["kind"]: each for each in report["subjects"] if each["kind"] in singles}
    for kind, part in parts.items():
        agrees(part, wanted["parts"].get(kind, {"verdict": part["verdict"]}))
    assert set(wanted["parts"]) <= set(parts)
    assert [each["name"] for each in report["dropped"]] == wanted.get("dropped", [])
    assert [each["rule"] for each in report["changed"]] == wanted.get("changed", [])
    assert report["warnings"] == [] or wanted["influencers"] == {}


@pytest.mark.parametrize("brief", CHECKED)
def test_the_text_names_everybody_and_what_decided(
    brief: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = CHECKED[brief]
    done = at_root(monkeypatch, brief)
    assert done.code == wanted["exit"]
    assert f"(exit {wanted['exit']})" in done.out
    for name, influencer in wanted["influencers"].items():
        assert name in done.out
        for rule, status in influencer.get("decided", {}).items():
            mark = "FAIL" if status == "fail" else "????"
            # What several have in common stands before them, with their names.
            shared = re.search(
                rf"^{re.escape(mark)} {rule}: .*\n(?: .*\n)+", done.out, re.MULTILINE
            )
            if shared and name in shared[0]:
                continue
            section = done.out[done.out.index(f"\n{name}  {influencer['verdict']}") :]
            # Several rules that are unknown for one reason stand together.
            assert f"{mark} {rule}: " in section or re.search(rf"as well  .*\b{rule}\b", section)
    for name in wanted.get("dropped", ()):
        assert name in done.out[done.out.index("\nDropped") :]


def test_every_failing_reason_says_what_it_measured_and_needed_and_where(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failed = [
        outcome
        for subject in at_root(monkeypatch, SPRING, "-o", "json").report()["subjects"]
        for outcome in subject["outcomes"]
        if outcome["status"] == "fail" and outcome["severity"] == "error"
    ]
    assert len(failed) == 3
    for outcome in failed:
        for side in ("has", "needs"):
            text = outcome[side]["text"]
            assert text not in ("", "nothing")
            # The reason names the value, or for a count of nothing the words that it stands for.
            assert re.search(rf"(?<![\w.]){re.escape(text)}(?![\w.])", outcome["reason"]) or (
                outcome["rule"] == "content" and "covers none of" in outcome["reason"]
            )
            for evidence in resting_on(outcome, side):
                place = evidence["position"]
                assert place["line"] and (place.get("cell") or place.get("column"))
                lines = (ROOT / place["file"]).read_text("utf-8").splitlines()
                assert len(lines) >= place["line"]
        assert resting_on(outcome, "has") and resting_on(outcome, "needs")


def resting_on(outcome: Any, side: str) -> list[Any]:
    paths = outcome[side]["paths"]
    return [each for path in paths for each in outcome["evidence"] if each["path"] == path]


def test_the_places_are_those_of_the_values(monkeypatch: pytest.MonkeyPatch) -> None:
    found = subjects(at_root(monkeypatch, SPRING, "-o", "json").report())

    def sides(name: str, rule: str) -> tuple[str, list[tuple[str, str]]]:
        (outcome,) = [each for each in found[name]["outcomes"] if each["rule"] == rule]
        return outcome["reason"], [
            (each["path"], ":".join(str(p) for p in (Path(place["file"]).name, place["line"])))
            for side in ("has", "needs")
            for each in resting_on(outcome, side)
            for place in (each["position"],)
        ]

    reason, places = sides("@glamorously", "cost-per-influencer")
    assert reason == "costs GBP 1,420; the brief pays at most GBP 600"
    assert places == [
        ("deal.fee", "shortlist.csv:3"),
        ("deal.gift_value", "shortlist.csv:3"),
        ("brief.budget.per_influencer", "brief.yaml:19"),
    ]
    reason, places = sides("@gadgetgav", "audience-age")
    assert reason == (
        "only 32% of the audience whose age is known is 18–34; at least 50% is needed"
    )
    assert places[0] == ("influencer.audience.age", "shortlist.csv:4")
    assert places[1][0] == "params.minimum" and places[1][1].startswith("alignment.yaml:")


def test_every_sample_is_expected() -> None:
    briefs = {
        path.relative_to(ROOT).as_posix()
        for pattern in ("brief.yaml", "brief.json", "*.brief.yaml", "*.brief.json")
        for path in (ROOT / "samples").rglob(pattern)
    }
    assert {brief for brief in briefs if "/broken/" not in brief} == set(CHECKED)
    assert {path.name for path in (ROOT / "samples/broken").iterdir()} == set(BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_input_is_said_once_and_gives_no_verdict(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = BROKEN[name]
    monkeypatch.chdir(ROOT / "samples/broken" / name)
    done = run("check", "--as-of", "2026-03-02")
    assert done.code == wanted["exit"]
    for words in wanted["says"]:
        assert words in done.said
    assert "internal error" not in done.said
    if wanted["exit"] == 2:
        assert done.out == ""
    assert "pass" not in done.out.replace("to pass ", "").split()
    # From anywhere else it is the same, with the way there.
    monkeypatch.chdir(ROOT)
    again = run("check", f"samples/broken/{name}", "--as-of", "2026-03-02")
    assert again.code == wanted["exit"]
    for words in wanted["says"]:
        assert words in again.said


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the samples in a folder of their own, as somebody has them who was sent them."""
    folder = tmp_path_factory.mktemp("clean")
    shutil.copytree(ROOT / "samples", folder / "samples")
    return folder


@pytest.mark.parametrize("brief", [SPRING, "samples/noor/evenings.brief.json"])
def test_a_copied_sample_as_a_process(brief: str, clean: Path) -> None:
    done = process("check", brief, "--as-of", CHECKED[brief]["as_of"], folder=clean)
    assert (done.code, done.err) == (CHECKED[brief]["exit"], "")
    assert "FAIL" in done.out


@pytest.mark.parametrize(
    "name", ["truncated-json", "rule-several", "not-a-brief", "bad-bytes", "unknown-rule"]
)
def test_a_copied_broken_input_as_a_process(name: str, clean: Path) -> None:
    done = process("check", folder=clean / "samples/broken" / name)
    assert done.code == BROKEN[name]["exit"]
    for words in BROKEN[name]["says"]:
        assert words in done.said
