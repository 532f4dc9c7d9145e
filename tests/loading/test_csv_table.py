"""Shortlists as spreadsheets export them."""

from __future__ import annotations

from typing import Any

import pytest

from checker.loading.csv_table import CsvRow, read_csv
from checker.loading.source import SourceFile
from checker.loading.validation import SHIPPED
from checker.model.diagnostics import InputError


def rows(text: str) -> list[CsvRow]:
    return list(read_csv(SourceFile("s.csv", text), SHIPPED))


def one(header: str, cell: str) -> dict[str, Any]:
    [row] = rows(f'{header}\n"{cell}"\n')
    assert row.diagnostics == []
    return {**row.influencer, **row.deal}


def refusals(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(InputError) as caught:
        rows(text)
    return [(str(d.position), d.message, d.hint) for d in caught.value.diagnostics]


def test_columns_go_to_the_influencer_or_to_the_deal() -> None:
    [row] = rows(
        "handle,platform,followers,audience.age.18-24,audience.age.65+,fee,currency,contract.written\n"
        "@jo,tiktok,12400,32%,0.1,450,GBP,yes\n"
    )
    assert row.influencer == {
        "id": "tiktok/jo",
        "handle": "@jo",
        "platform": "tiktok",
        "followers": 12400,
        "audience": {"age": {"18-24": "32%", "65+": 0.1}},
    }
    assert row.deal == {"fee": 450, "currency": "GBP", "contract": {"written": True}}


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("followers", "400-600", {"followers": {"min": 400, "max": 600}}),
        ("fee", "400 – 600", {"fee": {"min": 400, "max": 600}}),
        ("fee", "1.5", {"fee": 1.5}),
        ("fee", "1.20", {"fee": 1.2}),
        ("fee", "0.125", {"fee": 0.125}),
        ("fee", "1.2340", {"fee": 1.234}),
        ("fee", "1200.500", {"fee": 1200.5}),
        ("sponsored_share", "0.125", {"sponsored_share": 0.125}),
        ("sponsored_share", "5-10%", {"sponsored_share": {"min": "5%", "max": "10%"}}),
        ("topics", "hair; beauty ;", {"topics": ["hair", "beauty"]}),
        ("accepts_gifts", "No", {"accepts_gifts": False}),
        (
            "deliverables",
            "post*2;story",
            {"deliverables": [{"type": "post", "count": 2}, {"type": "story"}]},
        ),
        ("audience.country.GB", "60%", {"audience": {"country": {"GB": "60%"}}}),
        ("observed.local news", "0.5", {"observed": {"local news": 0.5}}),
        ("rates.fees.reel", "100-200", {"rates": {"fees": {"reel": {"min": 100, "max": 200}}}}),
        ("extra.office", "Leeds", {"extra": {"office": "Leeds"}}),
    ],
)
def test_cells(header: str, cell: str, expected: dict[str, Any]) -> None:
    assert one(header, cell) == expected


def test_blank_is_missing() -> None:
    [row] = rows("handle,followers,audience.age.18-24,fee\n@jo, ,,\n")
    assert (row.influencer, row.deal) == ({"handle": "@jo"}, {})


@pytest.mark.parametrize(
    ("header", "cell", "hint"),
    [
        ("followers", "12.4k", "Write the whole number, 12400, or a range, 12350-12450."),
        ("followers", "1.2M", "Write the whole number, 1200000, or a range, 1150000-1250000."),
        ("followers", "12,400", "Write 12400. Separators between thousands are left out."),
        ("followers", "12.5", "Write a whole number."),
        ("followers", "20.000", "Write 20000. Separators between thousands are left out."),
        ("fee", "1.200", "It may be either: write 1200 or 1.20."),
        ("fee", "1,200", "It may be either: write 1200 or 1.20."),
        ("fee", "€1.200", "It may be either: write 1200 or 1.20."),
        ("gift_value", "12.345", "It may be either: write 12345 or 12.3450."),
        ("rates.fees.reel", "1.200-1.500", "It may be either: write 1200 or 1.20."),
        ("fee", "1,200.50", "Write 1200.50. Separators between thousands are left out."),
        ("followers", "many", "Write a whole number."),
        ("fee", "£450", "Write 450. The currency has a field of its own."),
        ("audience.age.18-24", "45,5%", "Write 0.455 or 45.5%."),
        (
            "audience.age.18-24",
            "many",
            'Write a share from 0 to 1, or with its sign, "32%".',
        ),
        ("age_verified_over", "18-25", "This field takes one number, not a range."),
        ("accepts_gifts", "maybe", "Write true or false."),
        (
            "deliverables",
            "2 posts",
            "Deliverables are written post*2;story: two posts and a story.",
        ),
    ],
)
def test_a_cell_that_cannot_be_read(header: str, cell: str, hint: str) -> None:
    [row] = rows(f'handle,{header}\n@jo,"{cell}"\n')
    [found] = row.diagnostics
    assert str(found.position) == "s.csv:2"
    assert found.message == f'column "{header}" has "{cell}"'
    assert found.hint == hint


@pytest.mark.parametrize(
    ("header", "message", "hint"),
    [
        ("folowers", 'no field is called "folowers"', 'Did you mean "followers"?'),
        ("Fee", 'no field is called "Fee"', 'Did you mean "fee"?'),
        ("credibility", 'no field is called "credibility"', 'Did you mean "audience.credibility"?'),
        (
            "audience.age",
            '"audience.age" has several parts',
            'Give each part a column of its own, such as "audience.age.18-24".',
        ),
        (
            "history",
            '"history" does not fit into one column',
            "Write such an influencer as a JSON or YAML file.",
        ),
        (
            "audience.country.UK",
            '"audience.country.UK" ends in "UK", which is no code',
            'Write "GB".',
        ),
        ("audience.age.65-", '"audience.age.65-" ends in no age band', "Such as 18-24, or 65+."),
        ("handle", 'two columns are called "handle"', ""),
    ],
)
def test_a_header_that_names_no_field(header: str, message: str, hint: str) -> None:
    assert refusals(f"handle,{header}\n@jo,1\n") == [("s.csv:1", message, hint)]


def test_all_wrong_headers_come_at_once() -> None:
    assert len(refusals("handel,folowers,fee\n@jo,1,2\n")) == 2


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators_are_seen_in_the_header(mark: str) -> None:
    [row] = rows(f'handle{mark}topics{mark}fee\n@jo{mark}"hair;beauty"{mark}400-600\n')
    assert row.influencer == {"handle": "@jo", "topics": ["hair", "beauty"]}
    assert row.deal == {"fee": {"min": 400, "max": 600}}


def test_a_row_with_too_few_or_too_many_cells() -> None:
    short, long, padded = rows("handle,platform,fee\n@jo,x\n@al,x,1,000\n@bo,x,1,,\n")
    assert [each.message for each in short.diagnostics] == [
        "the row has 2 cells; the header has 3 columns"
    ]
    [found] = long.diagnostics
    assert found.message == "the row has 4 cells; the header has 3 columns"
    assert found.hint == "Put a text that has a comma in it in double quotes."
    assert long.influencer == {"handle": "@al"}
    assert padded.diagnostics == []


def test_a_cell_in_a_column_without_a_name() -> None:
    blank, stray = rows("handle,platform,\n@jo,x,\n@al,x,what\n")
    assert blank.diagnostics == []
    assert [each.code for each in stray.diagnostics] == ["unnamed-column"]


def test_rows_count_lines_of_the_file() -> None:
    first, second = rows('handle,note\n\n@jo,"two\nlines"\n\n,\n@al,x\n')
    assert (first.line, second.line) == (3, 7)
    assert str(first.locate(("audience", "age"))) == "s.csv:3 audience.age"
    assert str(first.locate(("topics", 2))) == "s.csv:3 topics"
    assert str(first.locate(("followers", "min"))) == "s.csv:3 followers"
    assert str(first.locate(())) == "s.csv:3"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("handle,platform\n", "the file has a header and no rows"),
        ("handle,platform\n,\n", "the file has a header and no rows"),
        (",,\n", "the first line has no names of fields"),
        ('handle\n"@jo\n', "the line cannot be read as CSV: unexpected end of data"),
    ],
)
def test_nothing_to_read(text: str, message: str) -> None:
    [(_, said, _)] = refusals(text)
    assert said == message
