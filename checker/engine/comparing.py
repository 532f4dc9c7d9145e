"""Two sets of rules compared, by the reports that they give on the same records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checker.engine.renaming import former_names
from checker.engine.ruleset import RuleSet
from checker.model.comparison import About, Flip, Turn
from checker.model.report import Outcome, Report, Subject
from checker.model.rules import Pack, Rule

_Key = tuple[str, str, str]


def compare_reports(old: Report, new: Report) -> tuple[list[Flip], list[Turn]]:
    """Return the verdicts and outcomes of one brief that differ between two reports of it."""
    name = new.position.file
    flips = []
    if old.verdict != new.verdict:
        about = About(name, "whole", new.brief, new.title)
        flips.append(Flip(about, old.verdict, new.verdict))
    before = {_key(subject): subject for subject in old.subjects}
    after = {_key(subject): subject for subject in new.subjects}
    turns: list[Turn] = []
    for key in {**after, **before}:
        mine, theirs = before.get(key), after.get(key)
        about = _about(name, theirs or mine)
        turns += _turns(about, mine, theirs, new.renamed)
        if mine and theirs and mine.verdict != theirs.verdict:
            flips.append(Flip(about, mine.verdict, theirs.verdict))
    return flips, turns


def _key(subject: Subject) -> _Key:
    return subject.kind, subject.id, subject.market


def _about(brief: str, subject: Subject | None) -> About:
    assert subject is not None
    return About(brief, subject.kind, subject.id, subject.name, subject.market)


def _turns(
    about: About, old: Subject | None, new: Subject | None, names: Mapping[str, str]
) -> Iterator[Turn]:
    before = {names.get(each.rule, each.rule): each for each in old.outcomes} if old else {}
    after = {outcome.rule: outcome for outcome in new.outcomes} if new else {}
    for rule in {**after, **before}:
        mine, theirs = before.get(rule), after.get(rule)
        if _standing(mine) != _standing(theirs):
            yield Turn(about, rule, mine, theirs)


def _standing(outcome: Outcome | None) -> tuple[Any, ...]:
    """Return what of an outcome counts: how it comes out, and what that weighs.

    A rule that is skipped weighs as little as one that is not there.
    """
    if outcome is None or outcome.status == "skipped":
        return ()
    return outcome.status, outcome.severity, outcome.excused


def by_rule(turns: Iterable[Turn], order: Iterable[str]) -> tuple[Turn, ...]:
    """Return turns grouped by rule; those of `order` first, in that order."""
    places = {rule: place for place, rule in enumerate(dict.fromkeys(order))}
    return tuple(sorted(turns, key=lambda turn: (places.get(turn.rule, len(places)), turn.rule)))


def compare_rules(old: RuleSet, new: RuleSet) -> tuple[list[str], list[str], list[str]]:
    """Return the ids of the rules that are added, removed and edited."""
    names = former_names(new.packs)
    before = {
        names.get(typed.rule.id, typed.rule.id): _written(typed.rule, typed.pack)
        for typed in old.rules
    }
    after = {typed.rule.id: _written(typed.rule, typed.pack) for typed in new.rules}
    return _compared(before, after)


def compare_packs(old: Pack, new: Pack) -> tuple[list[str], list[str], list[str]]:
    """Return the ids of the rules that are added, removed and edited from one pack to another."""
    return _compared(
        *({rule.id: _written(rule, pack) for rule in pack.rules} for pack in (old, new))
    )


def _compared(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[list[str], list[str], list[str]]:
    added = [rule for rule in after if rule not in before]
    removed = [rule for rule in before if rule not in after]
    edited = [rule for rule, one in after.items() if rule in before and before[rule] != one]
    return added, removed, edited


def _written(rule: Rule, pack: Pack) -> tuple[Any, ...]:
    """Return all of a rule that decides an outcome, as it is written and set."""
    lets = {name: text.text for name, text in rule.let.items()}
    params = {name: param.value for name, param in rule.params.items()}
    where = (pack.applies.markets, pack.applies.categories)
    own = (rule.applies.markets, rule.applies.categories)
    return (
        (rule.scope, rule.severity, where, own),
        (_text(rule, "when"), lets, rule.require.text, params),
        {name: definition.body.text for name, definition in pack.definitions.items()},
        {name: [dict(row) for row in table.rows] for name, table in pack.tables.items()},
    )


def _text(rule: Rule, name: str) -> str:
    source = getattr(rule, name)
    return source.text if source is not None else ""


def counted(turns: Iterable[Turn]) -> Mapping[tuple[str, str], list[Turn]]:
    """Return one rule's turns by how they turn: ("pass", "fail"), most frequent first."""
    found: dict[tuple[str, str], list[Turn]] = {}
    for turn in turns:
        found.setdefault((_word(turn.old), _word(turn.new)), []).append(turn)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def _word(outcome: Outcome | None) -> str:
    """Say how an outcome stands: "fail", "fail (warning)", "fail, waived", "not there"."""
    if outcome is None:
        return "not there"
    if outcome.status == "skipped":
        return "skipped"
    severity = "" if outcome.severity == "error" else f" ({outcome.severity})"
    return f"{outcome.status}{severity}{', waived' if outcome.waiver else ''}"
