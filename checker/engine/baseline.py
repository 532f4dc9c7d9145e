"""A baseline: what an earlier report has already is listed, and fails nothing.

Outcomes are matched by brief, subject, rule, status and the paths that they rest on, never by
line. An invalid record is always new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from checker.engine.verdicts import conclude
from checker.language.accounts import id_key
from checker.model.diagnostics import Diagnostic, Position
from checker.model.frozen import dataclass
from checker.model.report import Outcome, Report, Subject

# Subject's kind, id and market, rule, status, and paths of what was measured.
Key = tuple[str, str, str, str, str, tuple[str, ...]]

# Entries that occur no more are named up to so many.
_MOST = 5


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is known of each brief, by its id, and the ids of briefs by their files."""

    known: Mapping[str, frozenset[Key]]
    files: Mapping[str, str]

    def of(self, report: Report) -> frozenset[Key]:
        """Return what is known of a brief; one that has a new id is known by its file."""
        brief = report.brief
        if brief not in self.known:
            brief = self.files.get(report.position.file, "")
        return self.known.get(brief, frozenset())


def key_of(subject: Subject, outcome: Outcome) -> Key:
    """Return what an outcome is told apart by from one run to the next."""
    evidence = outcome.has.evidence if outcome.has else outcome.evidence
    paths = tuple(sorted({each.path for each in evidence}))
    return subject.kind, id_key(subject.id), subject.market, outcome.rule, outcome.status, paths


def keys_of(report: Report) -> Iterator[Key]:
    """Give the keys of all that a baseline keeps of a report."""
    for subject in report.subjects:
        for outcome in subject.outcomes:
            if outcome.status in ("fail", "unknown"):
                yield key_of(_unnamed(report, subject), outcome)


def _unnamed(report: Report, subject: Subject) -> Subject:
    """Return a subject as keys have it: the brief's id is that of its brief and shortlist."""
    own = subject.kind not in ("brief", "shortlist")
    return subject if own else replace(subject, id=subject.kind)


def apply_baseline(report: Report, baseline: Baseline, place: Position) -> Report:
    """Return the report with what is known marked, and verdicts drawn anew.

    What the baseline, which stands at `place`, knows by a rule's old name is known, too. What of
    it occurs no more is said.
    """
    names = report.renamed
    kept = baseline.of(report)
    stale = sorted({key[3] for key in kept if key[3] in names})
    known = {(*key[:3], names.get(key[3], key[3]), *key[4:]) for key in kept}
    found = set(keys_of(report))

    def mark(subject: Subject, outcome: Outcome) -> Outcome:
        if outcome.status not in ("fail", "unknown"):
            return outcome
        return replace(outcome, known=key_of(_unnamed(report, subject), outcome) in known)

    subjects = tuple(
        replace(subject, outcomes=tuple(mark(subject, outcome) for outcome in subject.outcomes))
        for subject in report.subjects
    )
    said = [_renamed(old, names[old], place) for old in stale]
    said += _gone(report, sorted(known - found), place)
    return conclude(replace(report, subjects=subjects, warnings=(*report.warnings, *said)))


def _renamed(old: str, new: str, place: Position) -> Diagnostic:
    message = f'the baseline has the rule "{old}", which is called "{new}" now'
    hint = f"It holds by its old name, too. {_ANEW}"
    return Diagnostic("renamed-rule", message, place, "warning", hint=hint)


def _gone(report: Report, gone: list[Key], place: Position) -> list[Diagnostic]:
    if not gone:
        return []
    named = [f"{rule} on {id_} ({status})" for _, id_, _, rule, status, _ in gone[:_MOST]]
    more = f" and {len(gone) - _MOST:,} more" if len(gone) > _MOST else ""
    what = "an outcome" if len(gone) == 1 else f"{len(gone):,} outcomes"
    occurs = "occurs" if len(gone) == 1 else "occur"
    message = f"the baseline has {what} of {report.brief} that {occurs} no more: "
    message += ", ".join(named) + more
    return [Diagnostic("baseline-gone", message, place, "warning", hint=_ANEW)]


_ANEW = "Write the baseline anew: checker check -o baseline=FILE"
