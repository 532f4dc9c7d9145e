from __future__ import annotations

import base64
import hashlib
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from checker.model.diagnostics import Position, RulesError
from checker.model.report import Evidence, Report
from checker.model.rules import Change, Source
from checker.reporting.html.sheet import render
from checker.reporting.options import Options
from tests.html.made import evil, sample
from tests.reporting.everything import everything, poisoned, wide
from tests.reporting.fakes import influencer, outcome, spring

VOID = {"meta", "rect", "circle", "line", "path", "br", "use"}


class Outline(HTMLParser):
    """The text, the headings and the elements of a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.attributes: set[str] = set()
        self.elements: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and (value or "").startswith("#"):
                self.targets.append((value or "")[1:])

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def outline(*reports: Report, options: Options | None = None) -> Outline:
    return Outline(render(reports, options or Options()))


@pytest.mark.parametrize("name", ["bramble/spring", "bramble/autumn", "noor"])
def test_says_what_the_report_says(name: str) -> None:
    report = sample(name)
    text = outline(report).text
    for said in (report.title, report.brand, report.brief, report.as_of):
        assert said in text
    assert "not legal advice" in text
    for subject in report.subjects:
        for found in subject.outcomes:
            for said in (found.rule, found.title, *found.ask_for):
                assert said in text
            reason = found.reason.removeprefix("does not apply: ").removeprefix("cannot tell: ")
            assert reason in text
            if found.status == "fail":
                assert found.fix in text
                assert all(change in text for change in found.to_pass)
    for pack in report.packs:
        assert f"{pack.name} {pack.version}" in text
        assert pack.digest in text


def test_shows_waivers_baseline_dropped_and_changed() -> None:
    report = replace(everything(), redacted=True)
    text = outline(report).text
    for use in report.waivers:
        waiver = use.waiver
        for said in (waiver.rule, waiver.subject, waiver.owner, waiver.expires, waiver.reason):
            assert said in text
    for said in ("Expired", "In use", "Matches nothing", "Fail, waived", "Unknown, waived"):
        assert said in text
    assert "Fail, known before" in text
    assert "in the baseline report already" in text
    for dropped in report.dropped:
        assert dropped.name in text
        assert dropped.note in text
    for change in report.changed:
        assert change.because in text
    for warning in report.warnings:
        assert warning.message in text
    assert "Redacted" in text


def test_evidence_has_its_place_and_each_threshold_its_source() -> None:
    text = outline(spring()).text
    assert "50% our default alignment.yaml:21:23" in text
    assert "shortlist.csv:6" in text
    assert "(guidance)" in text


def test_says_so_when_nothing_was_changed() -> None:
    assert "every rule stands as its pack ships it" in outline(replace(spring(), changed=())).text


def test_same_report_same_bytes() -> None:
    report = sample("bramble/spring")
    assert render([report], Options()) == render([report], Options())


def test_several_briefs_in_one_sheet() -> None:
    page = outline(*map(sample, ("bramble/spring", "bramble/autumn", "noor")), everything())
    assert page.headings.count(1) == 1
    assert len(page.ids) == len(set(page.ids))
    assert set(page.targets) <= set(page.ids)
    for title in ("Spring ribbons", "Autumn clips", "Long evenings"):
        assert title in page.text


@pytest.mark.parametrize("count", [1, 2])
def test_headings_go_down_one_at_a_time(count: int) -> None:
    headings = outline(*[everything()] * count).headings
    assert headings.count(1) == 1
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))


def test_policy_allows_only_what_is_in_the_file() -> None:
    text = render([everything()], Options())
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert found is not None
    rules = dict(
        part.split(" ", 1) for part in found[1].replace("&#39;", "'").split("; ") if " " in part
    )
    assert rules["default-src"] == "'none'"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        blocks = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(blocks) == 1
        digest = base64.b64encode(hashlib.sha256(blocks[0].encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"


def test_hostile_text_adds_no_element_and_no_attribute() -> None:
    plain = outline(poisoned("plain"))
    page = outline(poisoned(evil("http://127.0.0.1:9")))
    assert page.elements == plain.elements
    assert page.attributes == plain.attributes
    assert "onerror" not in page.attributes


def test_controls_are_written_out() -> None:
    text = render([poisoned(evil("http://127.0.0.1:9"))], Options())
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text
    )
    assert "\\u202e" in text


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://example.org/guide", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org/x", False),
        ("http://[", False),
    ],
)
def test_only_web_addresses_are_links(url: str, linked: bool) -> None:
    source = Source("guide", "The guide", url=url, strength="code")
    report = replace(
        spring(), subjects=(influencer("@a", "pass", outcome("r", "pass", "fine", source=source)),)
    )
    text = render([report], Options())
    assert (f'href="{url}"' in text) is linked
    assert "The guide" in text


def test_a_large_shortlist_counts_its_passes_unless_all_are_asked_for() -> None:
    subjects = tuple(
        influencer(f"@n{number}", "pass", outcome("values", "pass", "stands for the same"))
        for number in range(61)
    )
    report = replace(spring(), subjects=subjects)
    assert "stands for the same" not in outline(report).text
    assert "1 rule passed" in outline(report).text
    assert "stands for the same" in outline(report, options=Options(show_all=True)).text


def test_twenty_influencers_are_about_100_kb() -> None:
    report = sample("bramble/autumn")
    influencers = report.of_kind("influencer")
    twenty = (*influencers, *influencers)[:20]
    text = render([replace(report, subjects=twenty)], Options())
    assert len(text.encode()) < 140_000


def test_wide_reports_do_not_fail() -> None:
    assert render([wide(20)], Options()).startswith("<!doctype html>")


def test_an_empty_report_is_a_sheet_too() -> None:
    report = Report("b", "", "", Position("b.yaml"), "2026-03-02", "undecided", ())
    assert "no influencers" in outline(report).text
    assert render([], Options()).count("<h1>") == 1


def test_says_what_is_missing_without_jinja(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(RulesError) as error:
        render([spring()], Options())
    assert error.value.exit_code == 2
    assert [d.hint for d in error.value.diagnostics] == [
        'Install it: pip install "campaign-checker[html]"'
    ]


def test_the_command_writes_the_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from checker.cli import main

    target = tmp_path / "sheet.html"
    monkeypatch.chdir(Path(__file__).parents[2])
    arguments = ["check", "samples/bramble/spring", "--as-of", "2026-03-02"]
    assert main([*arguments, "-o", f"html={target}"]) == 1
    assert "Spring ribbons" in target.read_text(encoding="utf-8")


def test_the_command_exits_2_without_jinja(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from checker.cli import main

    target = tmp_path / "sheet.html"
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.chdir(Path(__file__).parents[2])
    arguments = ["check", "samples/bramble/spring", "--as-of", "2026-03-02"]
    assert main([*arguments, "-o", f"html={target}"]) == 2
    assert 'pip install "campaign-checker[html]"' in capsys.readouterr().err
    assert not target.exists()


def test_changes_are_named_once() -> None:
    change = Change("audience-age", "audience-age off", "our own study", Position("c.yaml", 3, 1))
    text = outline(replace(spring(), changed=(change,))).text
    assert "audience-age off" in text
    assert "audience-age audience-age off" not in text


def test_evidence_of_many_deals_stays_short() -> None:
    many = tuple(
        Evidence(f"shortlist[{n}].fee", f"GBP {n}", n, Position("s.csv", n + 2)) for n in range(30)
    )
    found = outcome("cost-total", "fail", "too dear", evidence=many)
    report = replace(spring(), subjects=(influencer("@a", "fail", found),))
    assert "and 26 more" in outline(report).text


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def palettes() -> list[dict[str, str]]:
    """Return the colours of the sheet in light, dark and print."""
    style = re.findall(r"<style>(.*?)</style>", render([], Options()), re.DOTALL)[0]
    found = [
        dict(re.findall(r"--(\w+): (#\w+)", root))
        for root in re.findall(r":root \{.*?\}", style, re.DOTALL)
    ]
    return [
        {name: "#" + value[1:] * (2 if len(value) == 4 else 1) for name, value in one.items()}
        for one in found
    ]


@pytest.mark.parametrize("number", range(3))
def test_contrast_is_enough_everywhere(number: int) -> None:
    # Axe measures text on the page; this measures text and marks in pictures too.
    colours = palettes()[number]
    for name in ("ink", "soft", "link", "pass", "fail", "open", "note"):
        assert contrast(colours[name], colours["paper"]) >= 4.5, name
    for name in ("ink", "soft"):
        assert contrast(colours[name], colours["faint"]) >= 4.5, name
    for name in ("pass", "fail", "open", "fill"):
        assert contrast(colours[name], colours["faint"]) >= 3, name
