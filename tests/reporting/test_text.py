from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from checker.model.diagnostics import Diagnostic, Position
from checker.model.report import Evidence, Fact, Report, Side, Subject
from checker.reporting.options import Options
from checker.reporting.safe import cells
from checker.reporting.table import choose
from checker.reporting.text import render
from tests.reporting.fakes import (
    BRIEF,
    cell,
    good_age,
    hostile,
    influencer,
    no_ages,
    outcome,
    spring,
    too_old,
)

GOLDEN = Path(__file__).parent / "golden"
AGAIN = "checker check briefs/spring"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("spring-80", Options(exit_code=1, again=AGAIN)),
        ("spring-40", Options(width=40, exit_code=1, again=AGAIN)),
        ("spring-200", Options(width=200, exit_code=1, again=AGAIN)),
        ("spring-all", Options(exit_code=1, again=AGAIN, show_all=True)),
    ],
)
def test_golden(name: str, options: Options) -> None:
    expected = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert render([spring()], options) == expected


@pytest.mark.parametrize("width", [1, 20, 30, 40, 55, 60, 72, 80, 120, 500])
@pytest.mark.parametrize("report", [spring(), hostile()], ids=["spring", "hostile"])
def test_no_line_is_wider_than_the_page(report: Report, width: int) -> None:
    report = replace(report, position=Position("brief.yaml"))
    text = render([report], Options(width=width, show_all=True))
    limit = max(width, 20)
    for line in text.splitlines():
        # Places are not broken, because people copy them.
        place = re.fullmatch(r" *\S+(:\d+)*( \S+)?", line) or line.startswith("  checker check ")
        assert cells(line) <= limit or place, line


def test_colour_changes_no_letter() -> None:
    plain = render([spring()], Options())
    coloured = render([spring()], Options(colour=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("show_all", [False, True])
def test_hostile_text_never_acts(show_all: bool) -> None:
    text = render([hostile()], Options(show_all=show_all))
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None
    # A line of its own cannot be forged: every line break is ours.
    assert "\nFAIL\n" not in text


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437"])
def test_every_encoding_can_write_the_report(encoding: str) -> None:
    report = replace(spring(), title="Frühling 日本 “ribbons”")
    text = render([report], Options(encoding=encoding))
    text.encode(encoding)
    assert "??" in text
    if encoding == "ascii":
        assert "18-34" in text
        assert '"ribbons"' in text


def test_wide_characters_keep_the_columns() -> None:
    subjects = (
        influencer("@日本のリボン", "pass", good_age()),
        influencer("@bow🎀girl", "pass", good_age()),
        influencer("@plain", "pass", good_age()),
    )
    lines = render([replace(spring(), subjects=subjects)], Options()).splitlines()
    rows = [line for line in lines if "GBP" in line]
    assert len({cells(row[: row.index("GBP")]) for row in rows}) == 1


def test_long_names_and_reasons_are_cut_to_fit() -> None:
    long = influencer(
        "@" + "very_long_handle_" * 5,
        "fail",
        *(replace(too_old(), rule=f"a-rule-with-a-long-name-{n}") for n in range(5)),
    )
    lines = render([replace(spring(), subjects=(long,))], Options()).splitlines()
    row = next(line for line in lines if "GBP 450" in line)
    assert "…" in row
    assert row.endswith("+4")
    assert cells(row) <= 80


def test_thousands_of_influencers_stay_readable() -> None:
    passing = [influencer(f"@p{n}", "pass", good_age()) for n in range(3000)]
    failing = [influencer(f"@f{n}", "fail", too_old()) for n in range(100)]
    report = replace(spring(), subjects=(*passing, *failing))
    text = render([report], Options())
    assert len(text.splitlines()) < 320
    assert "and 3,040 more (3,000 pass, 40 fail)" in text
    assert "Most often audience-age 100" in text
    assert "and 70 more with something to say" in text
    assert len(render([report], Options(show_all=True)).splitlines()) > 3000


def test_choose_prefers_those_that_did_not_pass_and_keeps_order() -> None:
    subjects = [
        influencer("@a", "pass"),
        influencer("@b", "fail"),
        influencer("@c", "pass"),
        influencer("@d", "undecided"),
    ]
    assert [subject.name for subject in choose(subjects, 3)] == ["@a", "@b", "@d"]


def test_ready_to_sign() -> None:
    growth = outcome("growth", "fail", "followers fell", severity="warning")
    report = replace(spring(), verdict="pass", subjects=(influencer("@a", "pass", good_age()),))
    assert "Ready to sign. (exit 0)" in render([report], Options(exit_code=0))
    report = replace(report, subjects=(influencer("@a", "pass", good_age(), growth),))
    assert "Ready to sign, with 1 warning to read." in render([report], Options())


def test_one_answer_may_settle_several_rules() -> None:
    also = replace(no_ages(), rule="adults")
    subjects = (influencer("@a", "undecided", no_ages(), also),)
    report = replace(spring(), verdict="undecided", subjects=subjects)
    assert "Not ready to sign: 1 answer to get." in render([report], Options())


def test_nothing_decided_says_so() -> None:
    skipped = outcome("audience-age", "skipped", "the brief names no target")
    report = replace(
        spring(), verdict="undecided", subjects=(influencer("@a", "undecided", skipped),)
    )
    text = render([report], Options())
    assert "nothing was decided" in text
    assert "Ready" not in text


def test_invalid_records_show_what_is_wrong() -> None:
    diagnostic = Diagnostic(
        "not-a-number",
        'column "followers" has "12.4k"',
        Position("briefs/spring/shortlist.csv", 5, 0, "followers"),
        hint="Write the whole number, 12400.",
    )
    subject = influencer("@holes", "invalid", facts={}, diagnostics=(diagnostic,))
    report = replace(spring(), verdict="invalid", subjects=(subject,))
    text = render([report], Options())
    assert 'briefs/spring/shortlist.csv:5: column "followers" has "12.4k"' in text
    assert "    Write the whole number, 12400." in text
    assert "1 record to mend" in text


def test_brief_shortlist_and_posts_have_their_say() -> None:
    def subject(kind: str, name: str, market: str = "") -> Subject:
        bad = outcome(f"{kind}-rule", "fail", f"the {kind} is wrong")
        return Subject(
            kind=kind,  # type: ignore[arg-type]
            id=name,
            name=name,
            verdict="fail",
            position=Position(BRIEF),
            outcomes=(bad,),
            market=market,
        )

    subjects = (subject("brief", "b"), subject("shortlist", "s"), subject("post", "p1", "GB"))
    text = render([replace(spring(), subjects=subjects)], Options())
    assert "no influencers" in text
    assert "\nBrief  fail\n  FAIL brief-rule: the brief is wrong" in text
    assert "\nPost p1 in GB  fail" in text
    assert "Posts      1: 1 fail" in text
    assert "the brief to fix, the shortlist to fix, 1 post to fix" in text


def test_several_briefs_end_with_a_count() -> None:
    good = replace(spring(), verdict="pass", subjects=())
    text = render([spring(), good], Options(exit_code=1, again=AGAIN))
    assert "\n2 briefs: 1 fail, 1 pass. (exit 1)\nWhy the others pass: " in text
    assert text.count("(exit 1)") == 1


def test_a_fact_that_is_missing_shows_as_a_question() -> None:
    subjects = (
        influencer("@a", "pass", good_age()),
        influencer("@b", "pass", good_age(), facts={"tier": Fact("Tier", "", None)}),
    )
    lines = render([replace(spring(), subjects=subjects)], Options()).splitlines()
    assert re.search(r"@b +\? +\? +\? +pass$", next(line for line in lines if "@b" in line))


def test_values_of_several_deals_are_told_together() -> None:
    values = tuple(
        Evidence(f"shortlist[{n}].{name}", f"GBP {n}", n, cell(n + 2, name))
        for n in range(12)
        for name in ("fee", "gift_value")
    )
    total = outcome("cost-total", "fail", "costs too much", has=Side("GBP 66", 66, values))
    subject = influencer("@a", "fail", total)
    text = render([replace(spring(), subjects=(subject,))], Options(width=120))
    assert "GBP 66  fee and gift_value of 12 deals   shortlist.csv:2, shortlist.csv:3" in text
    assert "and 9 more" in text


def test_the_command_to_copy_is_never_broken() -> None:
    command = "checker check a/long/folder/with/briefs --as-of 2026-03-02"
    text = render([spring()], Options(width=40, again=command))
    assert f"\nWhy the others pass:\n  {command} --all\n" in text


def test_the_same_report_gives_the_same_text() -> None:
    assert render([spring()], Options()) == render([spring()], Options())
