from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checker.model.diagnostics import Diagnostic, Position
from checker.model.report import Budget, Evidence, Fact, Report, Side, Subject, Terms
from checker.reporting.options import Options
from checker.reporting.safe import cells
from checker.reporting.table import choose
from checker.reporting.text import render
from tests.reporting.everything import waiver
from tests.reporting.fakes import (
    BRIEF,
    cell,
    good_age,
    hostile,
    influencer,
    no_ages,
    outcome,
    spring,
    too_dear,
    too_old,
)

GOLDEN = Path(__file__).parent / "golden"
AGAIN = "checker check briefs/spring"
TERMS = Terms("instagram", "@x", "", "agreed", 400, 50, "GBP", "1 reel", "")


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
    assert len(text.splitlines()) < 100
    assert "and 3,040 more (3,000 pass, 40 fail)" in text
    assert "Most often audience-age 100" in text
    assert "and 80 more" in text
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


def _many(count: int, **more: Any) -> Report:
    people = (
        influencer(f"@p{n}", "fail", replace(too_old(), **more) if n % 2 else too_dear(), no_ages())
        for n in range(count)
    )
    return replace(spring(), subjects=tuple(people))


def test_what_many_share_is_said_once_with_their_names() -> None:
    for count in (7, 14, 40):
        text = render([_many(count)], Options())
        for rule in ("audience-age", "cost-per-influencer"):
            assert len(re.findall(rf"(?m)^(FAIL|\?\?\?\?) {rule}", text)) == 1 + (
                rule == "audience-age"
            )
        assert text.count("ask for") == 1
        assert all(f"@p{n}" in text for n in range(count))
        assert len(text.splitlines()) < 50 + 2 * count
        whole = render([_many(count)], Options(show_all=True))
        assert whole.count("ask for") == count


def test_few_have_a_section_each() -> None:
    text = render([_many(6)], Options())
    assert text.count("  FAIL audience-age") == 3
    assert text.count("ask for") == 6


def test_reasons_that_differ_stand_under_one_rule() -> None:
    people = tuple(
        influencer(f"@p{n}", "fail", replace(too_dear(), reason=f"costs GBP {n},000"))
        for n in range(8)
    )
    text = render([replace(spring(), subjects=people)], Options())
    assert text.count("FAIL cost-per-influencer: 8 influencers") == 1
    assert all(f"@p{n}: costs GBP {n},000" in text for n in range(8))
    assert text.count("needs ") == 1


def test_a_waiver_and_who_is_undecided_for_nothing_stay_with_their_own() -> None:
    waived = replace(too_dear(), waiver=waiver("@p1"))
    quiet = outcome("audience-age", "skipped", "the brief names no target")
    people = (
        influencer("@p1", "pass", waived),
        influencer("@p2", "pass", replace(waived, waiver=waiver("@p2"))),
        influencer("@p3", "undecided", quiet),
        *(influencer(f"@q{n}", "pass", good_age()) for n in range(5)),
    )
    text = render([replace(spring(), subjects=people)], Options())
    assert "@p3  undecided" in text
    assert text.count("Waived") == 2


def test_several_briefs_begin_with_a_table_of_them() -> None:
    money = Budget("GBP", 2000)
    cost = {"cost": Fact("Cost", "GBP 450", 450)}
    people = [s for s in spring().subjects if s.kind == "influencer"]
    paid = tuple(replace(each, terms=TERMS, facts=cost) for each in people)
    first = replace(spring(), subjects=paid, budget=money)
    text = render([first, replace(spring(), title="Coats")], Options())
    head = text.splitlines()[:4]
    assert head[0].split() == ["BRIEF", "PASS", "UNDECIDED", "FAIL", "VERDICT", "COST"]
    assert re.search(r"Spring ribbons +3 +1 +2 +fail +GBP 2,700 of GBP 2,000", head[1])
    assert "Coats" in head[2] and head[2].endswith("not known")
    assert "\nBudget GBP 2,700 committed, of GBP 2,000" in text
    for width in (20, 40):
        assert "Coats" in render([first, replace(spring(), title="Coats")], Options(width=width))


def test_sums_of_what_is_not_exact_or_not_known() -> None:
    def person(name: str, state: str, cost: Any) -> Subject:
        terms = replace(TERMS, state=state)
        return replace(
            influencer(name, "pass"), facts={"cost": Fact("Cost", "", cost)}, terms=terms
        )

    cases = (
        ([("agreed", 100), ("agreed", 0.1)], "GBP 100.10 committed, of GBP 2,000"),
        (
            [("agreed", {"min": 400, "max": 600}), ("proposed", 5)],
            "GBP 400–600 committed, GBP 5 proposed, of GBP 2,000",
        ),
        (
            [("proposed", None), ("proposed", {"min": 3})],
            "GBP 0 committed, GBP 0 and 2 not known proposed, of GBP 2,000",
        ),
    )
    for deals, line in cases:
        people = tuple(person(f"@{n}", *deal) for n, deal in enumerate(deals))
        report = replace(spring(), subjects=people, budget=Budget("GBP", 2000))
        assert f"\nBudget {line}\n" in render([report], Options(width=120))
        assert "Budget" not in render([replace(report, budget=None)], Options())
        assert f"{line.partition(', of')[0]}\n" in render(
            [replace(report, budget=Budget("GBP", None))], Options(width=120)
        )
