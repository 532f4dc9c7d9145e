"""The report without its people: salted ids stand for handles, names, ids and captions.

What rules, packs and the configuration say of themselves is kept. Numbers are kept too: who
knows an influencer's exact followers and fee may still tell who it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checker.model.diagnostics import Diagnostic, Position
from checker.model.report import (
    Dropped,
    Evidence,
    Fact,
    Outcome,
    Remedy,
    Report,
    Side,
    Subject,
    Terms,
)
from checker.model.waivers import Waiver, WaiverUse
from checker.reporting.redact_files import Files
from checker.reporting.redact_names import LEFT_OUT, Names, on_person, personal, unquoted


def redact(report: Report, salt: bytes) -> Report:
    """Return the report with an id such as "influencer-3f9a2c" for each person and each post.

    The same salt gives the same ids, over runs and over briefs. A free text of a person (a
    caption, a note of a deal) is left out whole, and its fragments are replaced wherever they
    are repeated whole.
    """
    return _Redaction(report, salt).report()


class _Redaction:
    def __init__(self, report: Report, salt: bytes) -> None:
        self.original = report
        self.names = Names(report, salt)
        self.files = Files(report, self.names)

    def report(self) -> Report:
        report, text = self.original, self.text
        return replace(
            report,
            brief=text(report.brief),
            title=text(report.title),
            brand=text(report.brand),
            position=self.place(report.position),
            subjects=tuple(self.subject(subject) for subject in report.subjects),
            dropped=tuple(self.dropped(dropped) for dropped in report.dropped),
            changed=tuple(
                replace(
                    change,
                    what=text(change.what),
                    because=text(change.because),
                    position=self.place(change.position),
                )
                for change in report.changed
            ),
            warnings=tuple(self.diagnostic(warning) for warning in report.warnings),
            waivers=tuple(self.waiver_use(use) for use in report.waivers),
            redacted=True,
        )

    def text(self, text: str) -> str:
        return self.names.replace(self.files.in_text(text))

    def place(self, position: Position) -> Position:
        return replace(position, file=self.names.replace(self.files.of(position.file)))

    def subject(self, subject: Subject) -> Subject:
        identity = self.names.of(subject)
        named = subject.kind in ("influencer", "post")
        return replace(
            subject,
            id=identity if named else self.text(subject.id),
            name=identity if named else self.text(subject.name),
            position=self.place(subject.position),
            outcomes=tuple(self.outcome(outcome) for outcome in subject.outcomes),
            facts={name: self.fact(fact) for name, fact in subject.facts.items()},
            diagnostics=tuple(self.diagnostic(each) for each in subject.diagnostics),
            account="",
            terms=self.terms(subject.terms, identity),
        )

    def terms(self, terms: Terms | None, identity: str) -> Terms | None:
        if terms is None:
            return None
        note = LEFT_OUT if terms.note else ""
        delivered = self.text(terms.deliverables)
        return replace(terms, handle=identity, address="", deliverables=delivered, note=note)

    def outcome(self, outcome: Outcome) -> Outcome:
        waiver = outcome.waiver
        return replace(
            outcome,
            reason=self.text(outcome.reason),
            fix=self.text(outcome.fix),
            position=self.place(outcome.position),
            has=self.side(outcome.has),
            needs=self.side(outcome.needs),
            evidence=tuple(self.evidence(item) for item in outcome.evidence),
            remedies=tuple(self.remedy(remedy) for remedy in outcome.remedies),
            ask_for=tuple(self.text(text) for text in outcome.ask_for),
            waiver=self.waiver(waiver) if waiver is not None else None,
        )

    def remedy(self, remedy: Remedy) -> Remedy:
        position = self.place(remedy.position) if remedy.position is not None else None
        value = self.value(remedy.value)
        if personal(f"{remedy.record}.{remedy.path}") and isinstance(value, str):
            value = LEFT_OUT
        return replace(remedy, text=self.text(remedy.text), value=value, position=position)

    def side(self, side: Side | None) -> Side | None:
        if side is None:
            return None
        evidence = tuple(self.evidence(item) for item in side.evidence)
        people = bool(side.evidence) and all(personal(item.path) for item in side.evidence)
        if people and isinstance(side.value, str):
            return Side(LEFT_OUT, LEFT_OUT, evidence)
        return Side(self.text(side.text), self.value(side.value), evidence)

    def evidence(self, item: Evidence) -> Evidence:
        position = self.place(item.position) if item.position is not None else None
        text, value = self.text(item.text), self.value(item.value)
        if personal(item.path) and isinstance(item.value, str):
            known = self.names.known(item.value)
            text = value = known or LEFT_OUT
        return replace(
            item,
            text=text,
            value=value,
            position=position,
            origin=self.text(item.origin),
            ask=self.text(item.ask),
        )

    def fact(self, fact: Fact) -> Fact:
        return Fact(fact.title, self.text(fact.text), self.value(fact.value))

    def value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(member) for key, member in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(member) for member in value]
        return value

    def dropped(self, dropped: Dropped) -> Dropped:
        note = LEFT_OUT if dropped.note else ""
        return Dropped(self.names.of_name(dropped.name), note, self.place(dropped.position))

    def diagnostic(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return a diagnostic without its line; of a personal field, without any value."""
        message, hint = self.text(diagnostic.message), self.text(diagnostic.hint)
        if personal(diagnostic.position.cell) or on_person(diagnostic.message):
            message, hint = unquoted(message), unquoted(hint)
        return replace(
            diagnostic,
            message=message,
            hint=hint,
            position=self.place(diagnostic.position),
            excerpt=None,
        )

    def waiver(self, waiver: Waiver) -> Waiver:
        subject = waiver.subject
        if subject not in ("brief", "shortlist"):
            # A waiver may be for somebody whom this report does not name.
            subject = self.names.of_name(subject)
        return replace(
            waiver,
            subject=subject,
            reason=self.text(waiver.reason),
            brief=self.text(waiver.brief),
            position=self.place(waiver.position),
        )

    def waiver_use(self, use: WaiverUse) -> WaiverUse:
        return replace(
            use,
            waiver=self.waiver(use.waiver),
            subjects=tuple(map(self.text, use.subjects)),
            nearest=tuple(map(self.text, use.nearest)),
        )
