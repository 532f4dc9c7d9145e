"""What changed between two runs: who came, went, now passes or fails, and because of which fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from checker.language.accounts import id_key
from checker.model.frozen import dataclass
from checker.model.report import VERDICTS, Outcome, Report, Subject

# Kinds of changes, in the order in which they are told.
CHANGES = ("now fails", "now undecided", "now passes", "came", "went", "dropped", "changed")
_NOW = {"pass": "now passes", "undecided": "now undecided"}
_MOST_FACTS = 6


@dataclass(frozen=True, slots=True)
class Since:
    """One person, or the brief, the shortlist or a post, of whom something changed.

    `reasons` are why the verdict is what it is, where it changed; `facts` are what changed in the
    records, "fee 300 -> 1,650".
    """

    brief: str
    who: str
    change: str
    was: str
    now: str
    reasons: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefSince:
    """One brief in both runs; a verdict is empty where a run does not have it."""

    title: str
    was: str
    now: str
    changes: tuple[Since, ...]

    @property
    def worse(self) -> bool:
        """Whether something fails or is undecided that was not."""
        turned = any(each.change in CHANGES[:2] and each.was for each in self.changes)
        return turned or (self.was != self.now and _rank(self.now) > _rank(self.was))


def _rank(verdict: str) -> int:
    return VERDICTS.index(verdict) if verdict in VERDICTS else 0


def compare_runs(old: Sequence[Report], new: Sequence[Report]) -> list[BriefSince]:
    """Return what changed in each brief; briefs are the same by their id, else by their file."""
    left = list(old)
    found = []
    for report in new:
        before = _same(report, left, new)
        if before is not None:
            left.remove(before)
        found.append(_brief(before, report))
    return [*found, *(_brief(report, None) for report in left)]


def _same(report: Report, old: Sequence[Report], new: Sequence[Report]) -> Report | None:
    by_id = [each for each in old if each.brief == report.brief]
    ids = {each.brief for each in new}
    by_file = [
        each for each in old if each.position.file == report.position.file and each.brief not in ids
    ]
    by_id.sort(key=lambda each: each.position.file != report.position.file)
    return next(iter([*by_id, *by_file]), None)


def _brief(old: Report | None, new: Report | None) -> BriefSince:
    report = new or old
    assert report is not None
    title = report.title or report.brief
    before = {_key(subject): subject for subject in (old.subjects if old else ())}
    after = {_key(subject): subject for subject in (new.subjects if new else ())}
    dropped = {each.name: each.note for each in (new.dropped if new else ())}
    changes: list[Since] = []
    for key in {**after, **before}:
        changes += _subject(title, before.get(key), after.get(key), dropped)
    changes.sort(key=lambda each: CHANGES.index(each.change))
    return BriefSince(title, old.verdict if old else "", new.verdict if new else "", tuple(changes))


def _key(subject: Subject) -> tuple[str, ...]:
    own = subject.kind in ("influencer", "post")
    return (subject.kind, id_key(subject.id), subject.market) if own else (subject.kind,)


def _subject(
    title: str, old: Subject | None, new: Subject | None, dropped: Mapping[str, str]
) -> Iterator[Since]:
    subject = new or old
    assert subject is not None
    who = subject.name if subject.kind != "post" else f"{subject.name} {subject.market}".strip()
    if old is None or new is None:
        if subject.kind in ("brief", "shortlist"):
            return
        note = dropped.get(who)
        change = "came" if old is None else "went" if note is None else "dropped"
        reasons = _reasons(subject) if old is None else (note,) if note else ()
        was, now = (old.verdict if old else "", new.verdict if new else "")
        yield Since(title, who, change, was, now, tuple(reasons), ())
        return
    facts = tuple(_facts(old, new))
    if old.verdict != new.verdict:
        reasons = _reasons(new) or [f"no longer: {each}" for each in _reasons(old)]
        change = _NOW.get(new.verdict, "now fails")
        yield Since(title, who, change, old.verdict, new.verdict, tuple(reasons), facts)
    elif facts:
        yield Since(title, who, "changed", old.verdict, new.verdict, (), facts)


def _reasons(subject: Subject) -> list[str]:
    said = [each.message for each in subject.diagnostics]
    decisive = [outcome for outcome in subject.outcomes if outcome.decides]
    failed = [outcome for outcome in decisive if outcome.status == "fail"]
    return said + [f"{outcome.rule}: {outcome.reason}" for outcome in failed or decisive]


def _facts(old: Subject, new: Subject) -> Iterator[str]:
    """Give what the records say otherwise, each field once, at most so many."""
    before, after = dict(_said(old)), dict(_said(new))
    changed = [
        f"{name} {before[name] or 'nothing'} -> {after[name] or 'nothing'}"
        for name in after
        if name in before and before[name] != after[name]
    ]
    yield from changed[:_MOST_FACTS]
    if len(changed) > _MOST_FACTS:
        yield f"and {len(changed) - _MOST_FACTS:,} more"


def _said(subject: Subject) -> Iterator[tuple[str, str]]:
    """Give what is said of a subject: its deal, the facts of the table, what rules read."""
    terms = subject.terms
    if terms is not None:
        yield "fee", _amount(terms.fee, terms.currency)
        yield "gift", _amount(terms.gift_value, terms.currency)
        yield "state", terms.state
        yield "deliverables", terms.deliverables
        yield "note", terms.note
    known = {"fee", "gift_value", *subject.facts}
    for name, fact in subject.facts.items():
        yield name, fact.text
    for outcome in subject.outcomes:
        for path, text in _read(outcome):
            if path.rpartition(".")[2] not in known:
                yield path, text


def _read(outcome: Outcome) -> Iterator[tuple[str, str]]:
    for item in outcome.evidence:
        root, _, path = item.path.partition(".")
        if root in ("influencer", "deal", "post"):
            yield path, item.text
        elif root in ("brief", "brand", "params"):
            yield item.path, item.text


def _amount(value: object, currency: str) -> str:
    if isinstance(value, dict):
        return f"{value.get('min', 0):,g}-{value.get('max', 0):,g} {currency}".rstrip()
    return f"{value:,g} {currency}".rstrip() if isinstance(value, int | float) else ""
