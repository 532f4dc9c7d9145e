from __future__ import annotations

import re
from dataclasses import replace

import pytest

from checker.model.report import Report
from checker.reporting.github import MOST_SUMMARY, render, summary
from checker.reporting.options import Options
from tests.reporting.everything import PAYLOADS, everything, poisoned, wide
from tests.reporting.fakes import good_age, influencer, no_ages, spring, too_old

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def commands(report: Report) -> list[tuple[str, dict[str, str], str]]:
    """Return the commands as the platform reads them."""
    found = []
    for line in render([report], Options()).splitlines():
        match = COMMAND.fullmatch(line)
        assert match is not None, line
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        assert set(properties) <= {"file", "line", "col", "title"}
        found.append((match[1], {k: read(v) for k, v in properties.items()}, read(match[3])))
    return found


def read(text: str) -> str:
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n")):
        text = text.replace(code, character)
    return text.replace("%25", "%")


def test_one_for_each_influencer_on_its_line_failures_first() -> None:
    shown = influencer("@late", "fail", too_old(), line=9)
    subjects = (
        influencer("@ok", "pass", good_age()),
        influencer("@maybe", "undecided", no_ages(), line=5),
        influencer("@bad", "fail", too_old(), replace(too_old(), rule="content"), line=7),
        shown,
    )
    found = commands(replace(spring(), subjects=subjects))
    assert [(kind, p["title"], p["file"], p["line"]) for kind, p, _ in found] == [
        ("error", "@bad: fail", "briefs/spring/shortlist.csv", "7"),
        ("error", "@late: fail", "briefs/spring/shortlist.csv", "9"),
        ("warning", "@maybe: undecided", "briefs/spring/shortlist.csv", "5"),
    ]
    assert found[0][2].splitlines() == [
        "audience-age: only 32% of the audience is 18–34; at least 50% is needed",
        "content: only 32% of the audience is 18–34; at least 50% is needed",
    ]
    assert found[2][2].endswith("(ask for: a screenshot of the audience ages)")


def test_everything() -> None:
    found = commands(everything())
    kinds = [kind for kind, _, _ in found]
    assert kinds == sorted(kinds, key=["error", "warning", "notice"].index)
    titles = {(kind, properties["title"]) for kind, properties, _ in found}
    assert ("error", "@holes: invalid") in titles
    assert ("error", "Shortlist: fail") in titles
    assert ("error", "Post reel-1 in GB: fail") in titles
    assert ("warning", "@quiet: undecided") in titles
    assert ("error", "waiver-expired") in titles
    assert ("warning", "waiver-unused") in titles
    assert ("notice", "waiver-ends-soon") in titles
    # Waived, known and mere warnings are in nobody's way.
    assert not {title for _, title in titles} & {"@tinyknots: pass", "@maisie.braids: pass"}


def test_nothing_to_annotate_is_nothing() -> None:
    report = replace(spring(), subjects=(influencer("@a", "pass", good_age()),))
    assert render([report], Options()) == ""


@pytest.mark.parametrize("evil", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_text_is_inert(evil: str) -> None:
    report = poisoned(evil)
    expected = len(commands(everything()))
    assert len(commands(report)) == expected
    text = render([report], Options())
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None
    assert "##[" not in text
    assert "stop-commands::" not in re.sub(r"(?m)^::\w+ [^:]*::", "", text).replace("\\x3a:", "")
    for line in text.splitlines():
        assert len(line) < 16_000


def test_the_summary_fits() -> None:
    assert len(summary([everything()]).encode()) <= MOST_SUMMARY
    assert "@\u200bmaisie.braids" in summary([spring()])
    large = summary([wide(20_000)])
    assert len(large.encode()) <= MOST_SUMMARY
    assert "more influencers (" in large
    many = summary([spring()] * 5000, 100_000)
    assert len(many.encode()) <= 100_000
    assert re.search(r"and [\d,]+ briefs more", many)
    assert summary([spring()], 0) == ""


def test_no_more_than_a_step_shows_and_the_rest_is_counted() -> None:
    failing = [influencer(f"@f{n}", "fail", too_old()) for n in range(14)]
    open_ = [influencer(f"@u{n}", "undecided", no_ages()) for n in range(11)]
    lines = render([replace(spring(), subjects=(*failing, *open_))], Options()).splitlines()
    assert sum(line.startswith("::error") for line in lines) == 10
    assert sum(line.startswith("::warning") for line in lines) == 10
    assert lines[-1].startswith("4 more errors, 1 more warning: ")
    few = render([replace(spring(), subjects=(*failing[:10],))], Options())
    assert len(few.splitlines()) == 10


def test_files_are_named_from_the_root_of_the_repository() -> None:
    text = render([everything()], Options(root="a/b"))
    assert "file=a/b/briefs/spring/shortlist.csv," in text
