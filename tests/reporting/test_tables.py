from __future__ import annotations

import csv
import re
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest

from checker.language.cells import cell_text
from checker.model.report import Budget, Evidence, Fact, Report, Terms
from checker.reporting import csv_report, questions, workbook
from checker.reporting.options import Options
from tests.reporting.books import parts_of, sheets_of, texts_of
from tests.reporting.everything import PAYLOADS, everything, poisoned
from tests.reporting.fakes import influencer, no_ages, outcome, spring, too_dear

LINK = "https://www.instagram.com/x"
TERMS = Terms("instagram", "@x", LINK, "agreed", 400, 50.5, "GBP", "1 reel", "=1+1")


def paid(report: Report, **more: Any) -> Report:
    """Return a report in which every influencer has a deal."""
    people = tuple(
        replace(s, terms=replace(TERMS, **more)) if s.kind == "influencer" else s
        for s in report.subjects
    )
    return replace(report, subjects=people, budget=Budget("GBP", 2000))


def rows_of(*reports: Report) -> list[list[str]]:
    return list(csv.reader(StringIO(csv_report.render(reports, Options()).removeprefix("\ufeff"))))


def test_csv_has_a_row_for_each_and_what_each_deal_says() -> None:
    heads, *rows = rows_of(paid(spring()))
    people = [s.name for s in spring().subjects if s.kind == "influencer"]
    assert [cell_text(row[0]) for row in rows[: len(people)]] == people
    first = dict(zip(heads, rows[0], strict=True))
    assert first["Platform"] == "instagram" and first["Fee"] == "400" and first["Gift"] == "50.5"
    assert (first["Link"], first["Note"], first["State"]) == (LINK, "'=1+1", "agreed")
    gone = dict(zip(heads, rows[-1], strict=True))
    assert gone["State"] == "dropped" and not gone["Verdict"]
    assert rows_of(paid(spring()), spring())[0][0] == "Brief"


def test_reasons_are_sentences() -> None:
    report = replace(spring(), subjects=(influencer("@a", "fail", too_dear()),))
    heads, row, *_ = rows_of(report)
    said = dict(zip(heads, row, strict=True))["Reason"]
    assert said[0].isupper() and said.endswith(".") and too_dear().reason[1:] in said


@pytest.mark.parametrize("evil", PAYLOADS.values(), ids=PAYLOADS)
def test_nothing_runs_in_a_spreadsheet(evil: str) -> None:
    for report in (poisoned(evil[:3000]), paid(poisoned(evil[:3000]), note=evil[:3000])):
        for row in rows_of(report):
            assert not any(re.match("[=+\\-@\t\r\n＝＋－＠]", cell) for cell in row)  # noqa: RUF001
        book = workbook.render([report], Options())
        assert all("<f>" not in sheet and "<hyperlink" not in sheet for sheet in sheets_of(book))
        assert "externalLink" not in "".join(parts_of(book))


def test_a_workbook_has_four_sheets_with_filters_and_a_header_that_stays() -> None:
    report = paid(everything())
    book = workbook.render([report], Options())
    names = re.findall(r'<sheet name="([^"]*)"', parts_of(book)["xl/workbook.xml"])
    assert names == ["Verdicts", "Reasons", "Questions", "Budget"]
    for sheet in sheets_of(book):
        assert 'state="frozen"' in sheet
    assert all("<autoFilter" in sheet for sheet in sheets_of(book)[:2])
    assert "=1+1" in texts_of(book)
    assert book == workbook.render([report], Options())
    assert workbook.render([], Options()).startswith(b"PK")


def test_numbers_are_numbers_and_ranges_are_texts() -> None:
    exact = {"followers": Fact("Followers", "42,300", 42300)}
    one = replace(influencer("@a", "pass"), facts=exact, terms=TERMS)
    span = {"followers": Fact("Followers", "4–5", {"min": 4, "max": 5})}
    ranged = replace(TERMS, fee={"min": 400, "max": 600})
    two = replace(influencer("@b", "pass"), facts=span, terms=ranged)
    report = replace(spring(), subjects=(one, two))
    book = workbook.render([report], Options())
    assert "<v>42300</v>" in sheets_of(book)[0] and "<v>50.5</v>" in sheets_of(book)[0]
    assert "400-600" in texts_of(book) and "4–5" in texts_of(book)


def test_questions_are_texts_to_send() -> None:
    rate = "the exchange rate from USD to GBP"
    dear = outcome("cost", "unknown", "cannot tell: no rate", ask_for=(rate,))
    size = outcome("size", "unknown", "cannot tell: 1 to 3", severity="warning")
    people = (
        influencer("@fails", "fail", too_dear(), no_ages()),
        *(influencer(f"@p{n}", "undecided", no_ages(), no_ages(), dear) for n in range(3)),
        influencer("@fine", "pass", size),
    )
    report = replace(paid(replace(spring(), subjects=people)), starts="2026-04-09")
    text = questions.render([report], Options(width=120))
    order = [text.index(f"To {name}") for name in ("@p0", "@p1", "@p2", "@fails", "@fine")]
    assert order == sorted(order)
    assert text.count("screenshot of the audience ages") == 4
    assert text.count(rate) == 1 and "3 accounts wait for it" in text
    assert "by 9 April 2026" in text and "audience.age" not in text
    assert "cannot tell" not in text and "an exact answer, since 1 to 3" in text
    assert "fails as it stands" in text
    late = questions.render([replace(report, starts="2020-01-01")], Options(width=120))
    assert "as soon as you can" in late and "2020" not in late
    nothing = replace(report, subjects=(influencer("@a", "pass"),))
    assert questions.render([nothing], Options()) == "Nothing is left to ask.\n"


def test_questions_in_the_workbook_name_the_field() -> None:
    item = Evidence("influencer.audience.age", "nothing", None, ask="the ages")
    asked = outcome("ages", "unknown", "cannot tell", ask_for=("the ages",), evidence=(item,))
    report = replace(spring(), subjects=(influencer("@a", "undecided", asked),))
    texts = texts_of(workbook.render([report], Options()))
    assert {"influencer.audience.age", "the ages", "Answer"} <= set(texts.splitlines())
