"""What is still to be asked: one short text for each person, and one for the brand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from checker.engine.reasons import for_the_brand
from checker.model.frozen import dataclass
from checker.model.report import Outcome, Report, Subject
from checker.reporting.options import Options
from checker.reporting.page import Page
from checker.reporting.waived import REDACTED
from checker.reporting.words import deciding, plural, subject_name, without_lead

# Nobody but these can answer: a text to the person would not help.
_OF_BRAND = ("brief.", "brand.")
_ORDER = ("undecided", "fail", "pass", "invalid")


@dataclass(frozen=True, slots=True)
class Question:
    """Something to find out: the rules that wait for it with their titles, and who can answer.

    `needed` says that the verdict waits for it, too; `path` is the field that is missing.
    """

    text: str
    rules: tuple[str, ...]
    titles: tuple[str, ...]
    needed: bool
    brand: bool = False
    path: str = ""


def questions_of(subject: Subject) -> tuple[Question, ...]:
    """Return what to find out, what the verdict waits for first; one answer may settle several."""
    found: dict[str, list[Outcome]] = {}
    for outcome in subject.outcomes:
        if outcome.status == "unknown" and not outcome.excused:
            open_ = f"an exact answer, since {without_lead(outcome.reason)}"
            for text in dict.fromkeys(outcome.ask_for) or (open_,):
                found.setdefault(text, []).append(outcome)
    questions = [_question(subject, text, outcomes) for text, outcomes in found.items()]
    return tuple(sorted(questions, key=lambda question: not question.needed))


def _question(subject: Subject, text: str, outcomes: Sequence[Outcome]) -> Question:
    asked = [item.path for o in outcomes for item in o.evidence if item.ask == text]
    path = asked[0] if asked else ""
    return Question(
        text,
        tuple(dict.fromkeys(outcome.rule for outcome in outcomes)),
        tuple(dict.fromkeys(outcome.title for outcome in outcomes)),
        subject.verdict != "fail" and any(outcome.decides for outcome in outcomes),
        for_the_brand(text) or path.startswith(_OF_BRAND) or subject.kind == "brief",
        path,
    )


@dataclass(frozen=True, slots=True)
class BrandQuestion:
    """A question for the brand, once, with those whose rules wait for the answer."""

    question: Question
    waiting: tuple[Subject, ...]


def brand_questions(report: Report) -> tuple[BrandQuestion, ...]:
    """Return what only the brand can answer."""
    found: dict[str, list[tuple[Question, Subject]]] = {}
    for subject in report.subjects:
        for question in questions_of(subject):
            if question.brand:
                found.setdefault(question.text, []).append((question, subject))
    return tuple(
        BrandQuestion(
            next((q for q, _ in pairs if q.needed), pairs[0][0]),
            tuple(subject for _, subject in pairs if subject.kind in ("influencer", "post")),
        )
        for pairs in found.values()
    )


def render(reports: Sequence[Report], options: Options) -> str:
    """Return the questions as texts that can be pasted into a mail, needed ones first."""
    page = Page(options)
    if any(report.redacted for report in reports):
        page.hang("", REDACTED)
    for report in reports:
        _add_report(page, report)
    if not page.lines:
        page.add("Nothing is left to ask.")
    return page.render()


def _add_report(page: Page, report: Report) -> None:
    campaign = f"For the campaign “{report.title or report.brief}”"
    campaign += f" of {report.brand}" if report.brand else ""
    until = _until(report)
    # Whom the verdict waits for comes first.
    for subject in sorted(report.subjects, key=lambda s: _ORDER.index(s.verdict)):
        own = [each for each in questions_of(subject) if not each.brand]
        if own:
            _add_person(page, subject, own, f"{campaign} we need from you{until}:")
    brands = brand_questions(report)
    if not brands:
        return
    page.blank()
    page.add(page.paint(page.text(f"To the brand: {report.brand}".rstrip(": ")), "bold"))
    page.hang("", page.text(f"{campaign} only you can tell us{until}:"))
    for each in brands:
        count = len(each.waiting)
        wait = f"{plural(count, 'account')} {'wait' if count != 1 else 'waits'} for it"
        why = wait if count else _why(each.question)
        page.hang("- ", page.text(f"{each.question.text} ({why})"))


def _add_person(page: Page, subject: Subject, own: Sequence[Question], lead: str) -> None:
    page.blank()
    platform = subject.terms.platform if subject.terms is not None else ""
    known = not platform or platform in subject.name
    name = subject_name(subject) if known else f"{subject.name} ({platform})"
    page.hang("", page.text(f"To {name}"), style="")
    if subject.verdict == "fail":
        rules = ", ".join(dict.fromkeys(outcome.rule for outcome in deciding(subject)))
        page.hang("", page.text(f"[Before you send it: fails as it stands, {rules}.]"))
    waiting = [each for each in own if each.needed]
    other = [each for each in own if each not in waiting]
    also = "If you have it at hand, also:"
    if not waiting:
        also = lead.replace(" we need from you", " we would like from you")
    for head, questions in ((lead, waiting), (also, other)):
        if questions:
            page.hang("", page.text(head))
        for question in questions:
            page.hang("- ", page.text(f"{question.text} ({_why(question)})"))


def _why(question: Question) -> str:
    """Return why it is asked: the titles of the rules that wait for it."""
    titles = [t[:1].lower() + t[1:] if t[1:2].islower() else t for t in question.titles if t]
    return f"to check: {'; '.join(titles)}" if titles else ", ".join(question.rules)


def _until(report: Report) -> str:
    """Return by when an answer is needed: before the campaign starts."""
    if not report.starts or report.starts <= report.as_of:
        return ", as soon as you can"
    day = date.fromisoformat(report.starts)
    return f" by {day.day} {day:%B %Y}, when it starts"
