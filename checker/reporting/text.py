"""The report for people: a table, what stands in the way, and whether to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checker.model.report import Report, Subject
from checker.reporting.blocks import FEW, add_block, add_not_known, by_reason
from checker.reporting.budget import spending
from checker.reporting.closing import add_facts, add_hint, add_verdict
from checker.reporting.options import Options
from checker.reporting.outcomes import add_subject, worth_showing
from checker.reporting.page import Page
from checker.reporting.table import MOST_ROWS, add_briefs, add_table
from checker.reporting.waived import REDACTED
from checker.reporting.words import VERDICT_STYLES, Places, plural, verdict_counts

# Above this many subjects with something to say, the report keeps to the first ones.
MOST_SECTIONS = 30

_SECTION_ORDER = {"invalid": 0, "fail": 1, "undecided": 2, "pass": 3}
_KIND_ORDER = {"brief": 0, "shortlist": 1, "influencer": 2, "post": 3}


def render(reports: Sequence[Report], options: Options) -> str:
    """Return the reports as text for people, each line at most `options.width` columns.

    Only file names and places may run over, because people copy them. Each report is in the
    brief's order; its sections go from what is worst. More than MOST_ROWS influencers or
    MOST_SECTIONS sections are cut and counted, unless `options.show_all`.
    """
    if len(reports) == 1:
        return _one(reports[0], options)
    parts = [_one(report, replace(options, exit_code=None, again="")) for report in reports]
    return "\n\n".join([_overview(reports, options), *parts, _summary(reports, options)])


def _one(report: Report, options: Options) -> str:
    page = Page(options)
    places = Places(report.position)
    influencers = report.of_kind("influencer")
    _add_head(page, report, influencers)
    page.blank()
    add_table(page, influencers, show_all=options.show_all)
    _add_sections(page, report, places, options)
    capped = len(influencers) > MOST_ROWS and not options.show_all
    add_facts(page, report, places, show_all=options.show_all, capped=capped)
    add_verdict(page, report, options)
    add_hint(page, options)
    return page.render()


def _add_head(page: Page, report: Report, influencers: Sequence[Subject]) -> None:
    title, brand = page.text(report.title), page.text(report.brand)
    heading = f"{title}, for {brand}" if title and brand else title or f"For {brand}"
    page.ends(heading, page.text(report.position.file), painted=page.paint(heading, "bold"))
    word = report.verdict.upper()
    counts = _counts(report, influencers)
    left = f"{word:<5}  {counts}"
    painted = page.paint(word, VERDICT_STYLES[report.verdict]) + left[len(word) :]
    page.ends(left, f"as of {page.text(report.as_of)}", painted=painted)
    found = spending(report)
    if found is not None:
        page.hang("Budget ", page.text(found.line()))
    if report.redacted:
        page.hang("", REDACTED)


def _counts(report: Report, influencers: Sequence[Subject]) -> str:
    if influencers:
        text = f"{plural(len(influencers), 'influencer')}: {verdict_counts(influencers)}"
    else:
        text = "no influencers"
    return f"{text}; {len(report.dropped):,} dropped" if report.dropped else text


def _add_sections(page: Page, report: Report, places: Places, options: Options) -> None:
    many = len(report.of_kind("influencer")) > FEW and not options.show_all
    blocks, left = by_reason(report.subjects) if many else ([], report.subjects)
    subjects = [s for s in left if options.show_all or worth_showing(s)]
    subjects.sort(key=lambda s: (_KIND_ORDER[s.kind], _SECTION_ORDER[s.verdict]))
    shown = subjects if options.show_all else _cut(subjects)
    whole = [subject for subject in shown if subject.kind in ("brief", "shortlist")]
    for subject in whole:
        add_subject(page, subject, places, show_all=options.show_all)
    for block in blocks:
        add_block(page, block, places)
    for subject in shown[len(whole) :]:
        add_subject(page, subject, places, show_all=options.show_all)
    rest = len(subjects) - len(shown)
    if rest:
        page.blank()
        page.hang("", f"and {rest:,} more with something to say: --all, or -o json")
    if many:
        add_not_known(page, report.subjects)


def _cut(subjects: Sequence[Subject]) -> list[Subject]:
    """Return the first sections; influencers give way before the brief, shortlist and posts."""
    if len(subjects) <= MOST_SECTIONS:
        return list(subjects)
    ranked = sorted(
        range(len(subjects)),
        key=lambda i: (_SECTION_ORDER[subjects[i].verdict], subjects[i].kind == "influencer", i),
    )
    return [subjects[index] for index in sorted(ranked[:MOST_SECTIONS])]


def _overview(reports: Sequence[Report], options: Options) -> str:
    """Return a table of the briefs: how each comes out, and what it costs."""
    page = Page(options)
    add_briefs(page, reports)
    return page.render()


def _summary(reports: Sequence[Report], options: Options) -> str:
    page = Page(options)
    verdicts = [report.verdict for report in reports]
    counts = ", ".join(
        f"{verdicts.count(verdict)} {verdict}" for verdict in _SECTION_ORDER if verdict in verdicts
    )
    code = f" (exit {options.exit_code})" if options.exit_code is not None else ""
    page.hang("", f"{plural(len(reports), 'brief')}: {counts}.{code}")
    add_hint(page, options)
    return page.render()
