"""The sheet's contents in the order of reading; the templates only lay them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlsplit

from checker.model.report import Report, Subject, Verdict
from checker.model.rules import Source
from checker.model.waivers import WaiverUse
from checker.reporting.budget import Spending, ends, spending
from checker.reporting.closing import add_verdict, ready
from checker.reporting.diagnostics import place
from checker.reporting.html.charts import Bar, Place, Scale, scale
from checker.reporting.html.findings import Found, sort_out
from checker.reporting.options import Options
from checker.reporting.page import Page
from checker.reporting.questions import (
    BrandQuestion,
    Question,
    brand_questions,
    questions_of,
)
from checker.reporting.table import decided_by, fact_titles, is_numeric
from checker.reporting.words import Places, plural, source_line, verdict_counts, without_lead

# Above this many influencers the passes are counted, not listed, unless all are asked for.
MOST_IN_FULL = 60

MARKS: dict[Verdict, str] = {"pass": "✓", "undecided": "?", "fail": "✕", "invalid": "!"}
_STRENGTHS = {
    "law": "law",
    "code": "industry code",
    "platform": "platform rule",
    "vendor": "vendor's documentation",
    "guidance": "guidance",
    "ours": "our own choice",
}
_NAMES = {"brief": "The brief", "shortlist": "The shortlist"}
_WAIVER_STATES = {
    "used": "in use",
    "unused": "matches nothing",
    "expired": "expired",
    "ambiguous": "ambiguous",
}
# A waiver that ends within this many days says so.
_SOON = 14


@dataclass(frozen=True, slots=True)
class Cell:
    """A fact in the table of verdicts."""

    title: str
    text: str
    number: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a record or worth a warning, with its place."""

    where: str
    message: str
    hint: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubjectView:
    """One subject with everything that was found for it."""

    anchor: str
    kind: str
    name: str
    market: str
    verdict: Verdict
    mark: str
    where: str
    decided_by: str
    facts: tuple[Cell, ...]
    found: Found
    problems: tuple[Problem, ...]
    place: Place | None
    nothing_decided: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the rules that wait for it, and all whom it is for."""

    text: str
    rules: tuple[str, ...]
    needed: bool
    who: tuple[SubjectView, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule with its source and how often it ended how."""

    anchor: str
    id: str
    title: str
    severity: str
    pack: str
    source: str
    counts: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class SourceView:
    """Where rules and thresholds come from; `url` only where it is a web address."""

    name: str
    title: str
    url: str
    strength: str


@dataclass(frozen=True, slots=True)
class WaiverView:
    """A waiver with what became of it."""

    use: WaiverUse
    state: str
    left: str
    where: str


@dataclass(frozen=True, slots=True)
class BriefView:
    """One brief: what the sheet says of it, from the verdict to the sources."""

    number: int
    anchor: str
    report: Report
    mark: str
    closing: str
    counts: str
    budget: str
    cost: str
    money: Bar | None
    file: str
    titles: tuple[Cell, ...]
    influencers: tuple[SubjectView, ...]
    others: tuple[SubjectView, ...]
    posts: tuple[SubjectView, ...]
    scale: Scale | None
    asked: tuple[Asked, ...]
    of_brand: tuple[BrandQuestion, ...]
    waivers: tuple[WaiverView, ...]
    failing: int
    ready: bool
    known: int
    dropped: tuple[tuple[str, str, str], ...]
    changed: tuple[tuple[str, str, str], ...]
    warnings: tuple[Problem, ...]
    common: tuple[tuple[str, str], ...]
    rules: tuple[RuleView, ...]
    sources: tuple[SourceView, ...]
    in_full: bool


def brief_view(report: Report, index: int, options: Options) -> BriefView:
    """Return what the sheet shows of a report, which must be clean already."""
    anchor = f"b{index + 1}"
    places = Places(report.position)
    influencers, posts = report.of_kind("influencer"), report.of_kind("post")
    others = tuple(s for s in report.subjects if s.kind in _NAMES)
    ids = dict.fromkeys(o.rule for s in report.subjects for o in s.outcomes)
    anchors = {rule: f"{anchor}-r{number}" for number, rule in enumerate(ids, 1)}
    chart = scale(influencers)
    titles = _titles(influencers)
    common = _common(influencers)
    seen: set[tuple[str, str]] = set()
    money = spending(report)

    def views(subjects: Sequence[Subject], kind: str) -> tuple[SubjectView, ...]:
        return tuple(
            SubjectView(
                anchor=f"{anchor}-{kind}{number + 1}",
                kind=subject.kind,
                name=_NAMES.get(subject.kind, subject.name),
                market=subject.market,
                verdict=subject.verdict,
                mark=MARKS[subject.verdict],
                where=places.one(subject.position),
                decided_by=decided_by(subject),
                facts=_cells(subject, titles) if kind == "i" else (),
                found=sort_out(
                    subject, places, anchors, said=common if kind == "i" else (), seen=seen
                ),
                problems=tuple(
                    Problem(place(d.position), d.message, tuple(d.hint.splitlines()))
                    for d in subject.diagnostics
                ),
                place=chart.places[number] if chart is not None and kind == "i" else None,
                nothing_decided=subject.verdict == "undecided"
                and not any(o.decides for o in subject.outcomes),
            )
            for number, subject in enumerate(subjects)
        )

    shown = views(influencers, "i"), views(others, "o"), views(posts, "p")
    order = shown[1], shown[0], shown[2]
    return BriefView(
        number=index + 1,
        anchor=anchor,
        report=report,
        mark=MARKS[report.verdict],
        closing=_closing(report),
        counts=_influencer_counts(influencers),
        budget=money.line() if money is not None else "",
        cost=money.all_of_total() if money is not None else "",
        money=_money(money) if money is not None else None,
        file=report.position.file,
        titles=titles,
        influencers=shown[0],
        others=shown[1],
        posts=shown[2],
        scale=chart,
        asked=_asked(
            (subject, view)
            for subjects, seen_ in zip((others, influencers, posts), order, strict=True)
            for subject, view in zip(subjects, seen_, strict=True)
        ),
        of_brand=brand_questions(report),
        waivers=tuple(_waiver(use, places) for use in report.waivers),
        failing=sum(use.fails for use in report.waivers),
        ready=ready(report),
        known=sum(o.known for s in report.subjects for o in s.outcomes),
        dropped=tuple((d.name, d.note, places.one(d.position)) for d in report.dropped),
        changed=tuple((c.text, c.because, place(c.position)) for c in report.changed),
        warnings=tuple(
            Problem(place(d.position), d.message, tuple(d.hint.splitlines()))
            for d in report.warnings
        ),
        common=tuple((rule, without_lead(reason)) for rule, reason in common),
        rules=_rules(report, anchors),
        sources=_sources(report),
        in_full=options.show_all or len(influencers) <= MOST_IN_FULL,
    )


def _asked(pairs: Iterable[tuple[Subject, SubjectView]]) -> tuple[Asked, ...]:
    """Return each question once, with all whom it is for; what verdicts wait for first."""
    found: dict[str, list[tuple[Question, SubjectView]]] = {}
    for subject, view in pairs:
        for question in questions_of(subject):
            if not question.brand:
                found.setdefault(question.text, []).append((question, view))
    asked = [
        Asked(
            text,
            tuple(dict.fromkeys(rule for question, _ in asks for rule in question.rules)),
            any(question.needed for question, _ in asks),
            tuple(view for _, view in asks),
        )
        for text, asks in found.items()
    ]
    return tuple(sorted(asked, key=lambda each: not each.needed))


def _money(found: Spending) -> Bar | None:
    """Return the picture of a budget: committed, what may come to it, and a mark at the total."""
    total = ends(found.budget.total)
    committed, spent = found.committed.low, found.committed.high + found.proposed.high
    top = max(total[1], spent) if total is not None else 0
    if total is None or top <= 0:
        return None
    committed_, spent_, mark = (f"{100 * each / top:.2f}%" for each in (committed, spent, total[1]))
    return Bar(
        low=committed_,
        high=spent_,
        width=f"{100 * (spent - committed) / top:.2f}%",
        needed=mark,
        needed_width="0%",
        gap_from=spent_,
    )


def _titles(subjects: Sequence[Subject]) -> tuple[Cell, ...]:
    """Return the columns of facts: all that any influencer has, in the packs' order."""
    return tuple(
        Cell(title, name, is_numeric([subject.facts.get(name) for subject in subjects]))
        for name, title in fact_titles(subjects).items()
    )


def _cells(subject: Subject, titles: Sequence[Cell]) -> tuple[Cell, ...]:
    facts = [subject.facts.get(column.text) for column in titles]
    return tuple(
        Cell(column.title, fact.text if fact is not None else "not known", column.number)
        for column, fact in zip(titles, facts, strict=True)
    )


def _common(influencers: Sequence[Subject]) -> tuple[tuple[str, str], ...]:
    """Return the rules and reasons that did not apply to any of several influencers."""
    skipped = [
        {(o.rule, o.reason): None for o in subject.outcomes if o.status == "skipped"}
        for subject in influencers
        if subject.outcomes
    ]
    if len(skipped) < 2:
        return ()
    return tuple(one for one in skipped[0] if all(one in others for others in skipped[1:]))


def _influencer_counts(influencers: Sequence[Subject]) -> str:
    if not influencers:
        return "no influencers"
    return f"{plural(len(influencers), 'influencer')}: {verdict_counts(influencers)}"


def _closing(report: Report) -> str:
    """Return the closing line of the text report, so that both say the same."""
    page = Page(Options(width=100_000))
    add_verdict(page, report, Options())
    return " ".join(line for line in page.lines if line)


def _waiver(use: WaiverUse, places: Places) -> WaiverView:
    days = use.days_left
    left = ""
    if use.state == "expired":
        left = f"{plural(-days, 'day')} ago"
    elif days <= _SOON:
        left = "last day" if days == 0 else f"{plural(days, 'day')} left"
    return WaiverView(use, _WAIVER_STATES[use.state], left, places.one(use.waiver.position))


def _rules(report: Report, anchors: dict[str, str]) -> tuple[RuleView, ...]:
    outcomes = [outcome for subject in report.subjects for outcome in subject.outcomes]
    counts = Counter((outcome.rule, outcome.status) for outcome in outcomes)
    first = {outcome.rule: outcome for outcome in reversed(outcomes)}
    return tuple(
        RuleView(
            anchor=anchor,
            id=rule,
            title=first[rule].title,
            severity=first[rule].severity,
            pack=f"{first[rule].pack} {first[rule].pack_version}",
            source=source_line(first[rule].source),
            counts=(
                counts[rule, "pass"],
                counts[rule, "fail"],
                counts[rule, "unknown"],
                counts[rule, "skipped"],
            ),
        )
        for rule, anchor in anchors.items()
    )


def _sources(report: Report) -> tuple[SourceView, ...]:
    """Return every source of a rule or a threshold in the report, once."""
    found: dict[Source, None] = {}
    for subject in report.subjects:
        for outcome in subject.outcomes:
            found.setdefault(outcome.source)
            sides = [side.evidence for side in (outcome.has, outcome.needs) if side is not None]
            for item in chain(outcome.evidence, *sides):
                if item.source is not None:
                    found.setdefault(item.source)
    return tuple(dict.fromkeys(_source(source) for source in found))


def _source(source: Source) -> SourceView:
    if source.id == "ours":
        return SourceView("ours", "A choice of the rules' own authors", "", _STRENGTHS["ours"])
    parts = (source.title, source.section, source.date)
    title = ", ".join(part for part in parts if part)
    return SourceView(source.id, title, _web(source.url), _STRENGTHS[source.strength])


def _web(url: str) -> str:
    """Return the address if it is a web page's; anything else is no link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""
