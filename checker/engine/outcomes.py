"""One rule on one subject: the outcome, with its reason and the evidence for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from checker.engine import where
from checker.engine.places import Records
from checker.engine.prepared import PreparedRule, Traced
from checker.engine.reasons import asked_for, compared_reason, skipped_reason, unknown_reason
from checker.engine.remedies import remedies
from checker.engine.sides import Decided, Reading
from checker.language.nodes import Logic, Node
from checker.language.templates import render
from checker.language.trace import Cause
from checker.model.frozen import dataclass
from checker.model.report import Outcome, Status
from checker.model.values import UNKNOWN, Value


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A subject as rules see it: bound values by root name, and the records behind them."""

    values: Mapping[str, Value]
    records: Records


def bare_outcome(prepared: PreparedRule, status: Status, reason: str = "") -> Outcome:
    """Return an outcome without evidence; each is made once and shared by all subjects."""
    known = prepared.bare.get((status, reason))
    if known is None:
        known = prepared.bare[status, reason] = _bare(prepared, status, reason)
    return known


def _bare(prepared: PreparedRule, status: Status, reason: str) -> Outcome:
    rule = prepared.rule
    return Outcome(
        rule.id,
        rule.title,
        prepared.typed.pack.name,
        prepared.typed.pack.version,
        rule.scope,
        rule.severity,
        status,
        reason,
        rule.source,
        rule.position,
        fix=rule.fix if status == "fail" else "",
    )


def explained_outcome(prepared: PreparedRule, status: Status, case: Case) -> Outcome:
    """Return an outcome with its reason, evidence and what would make it pass."""
    traced = prepared.trace(case.values)
    reading = Reading(prepared.typed, traced.frame, case.records, prepared.desk.context.currency)
    outcome = replace(bare_outcome(prepared, status), evidence=reading.evidence(traced.frame.steps))
    if status == "skipped":
        return replace(outcome, reason=_skipped(prepared, traced, case))
    if status == "unknown":
        return _unknown(outcome, prepared, traced, reading, case)
    return _settled(outcome, prepared, traced, reading, case)


def reason_of(prepared: PreparedRule, status: Status, case: Case) -> str:
    """Return the reason of an outcome, in the words of `explained_outcome`."""
    if status == "unknown":
        # Judged on columns, the rule has not run here; a trace asks whether it was too much.
        prepared.status(case.values)
    traced = prepared.trace(case.values)
    reading = Reading(prepared.typed, traced.frame, case.records, prepared.desk.context.currency)
    if status == "skipped":
        return _skipped(prepared, traced, case)
    if status == "unknown":
        return _unknown_reason(traced, traced.frame.causes, reading)
    passed = status == "pass"
    return _reason(prepared, traced, reading.decided(prepared.typed.require, passed), passed)


def _skipped(prepared: PreparedRule, traced: Traced, case: Case) -> str:
    values = {id(step.node): step.value for step in traced.frame.steps}
    applies, when = prepared.typed.applies, prepared.typed.when
    if applies is not None and values.get(id(applies)) is False:
        return f"does not apply: {_elsewhere(prepared, applies, values, case)}"
    if when is not None and values.get(id(when)) is False:
        return skipped_reason(when, traced.frame)
    return "does not apply"


def _elsewhere(
    prepared: PreparedRule, applies: Node, values: Mapping[int, Value], case: Case
) -> str:
    tests = applies.operands if isinstance(applies, Logic) else (applies,)
    parts = where.parts(prepared.typed.pack, prepared.rule)
    paired = zip(tests, parts, strict=True)
    part = next(part for test, part in paired if values.get(id(test)) is False)
    market = case.values.get("post", {}).get("market", "")
    return where.elsewhere(part, case.records.by_root, market)


def _unknown(
    outcome: Outcome, prepared: PreparedRule, traced: Traced, reading: Reading, case: Case
) -> Outcome:
    causes = traced.frame.causes
    decided = reading.decided(prepared.typed.require, UNKNOWN) if traced.when is True else None
    has, needs = reading.sides(decided) if decided else (None, None)
    reason = _unknown_reason(traced, causes, reading)
    asks = asked_for(causes, reading.records, reading.currency)
    found = remedies(prepared, decided, reading, case.values) if traced.when is True else ()
    return replace(outcome, reason=reason, has=has, needs=needs, ask_for=asks, remedies=found)


def _unknown_reason(traced: Traced, causes: Sequence[Cause], reading: Reading) -> str:
    reason = unknown_reason(causes, reading.records, reading.currency)
    if traced.when is True:
        return reason
    return reason.replace("cannot tell", "cannot tell whether this rule applies", 1)


def brief_outcome(prepared: PreparedRule, case: Case) -> Outcome:
    """Return the one outcome, on the brief, of a rule that the brief alone leaves unknown."""
    traced = prepared.trace(case.values)
    currency = prepared.desk.context.currency
    reading = Reading(prepared.typed, traced.frame, case.records, currency)
    causes = [cause for cause in traced.frame.causes if _of_brief(cause)]
    read = reading.evidence(traced.frame.steps)
    return replace(
        bare_outcome(prepared, "unknown"),
        reason=_unknown_reason(traced, causes, reading),
        evidence=tuple(each for each in read if each.path.startswith(("brief.", "brand."))),
        ask_for=asked_for(causes, case.records, currency),
    )


def _of_brief(cause: Cause) -> bool:
    return not cause.place or cause.place[0] in ("brief", "brand", "params")


def _settled(
    outcome: Outcome, prepared: PreparedRule, traced: Traced, reading: Reading, case: Case
) -> Outcome:
    passed = outcome.status == "pass"
    decided = reading.decided(prepared.typed.require, passed)
    has, needs = reading.sides(decided) if decided else (None, None)
    outcome = replace(
        outcome, reason=_reason(prepared, traced, decided, passed), has=has, needs=needs
    )
    if passed:
        return outcome
    return replace(outcome, remedies=remedies(prepared, decided, reading, case.values))


def _reason(prepared: PreparedRule, traced: Traced, decided: Decided | None, passed: bool) -> str:
    currency = prepared.desk.context.currency
    template = prepared.typed.pass_text if passed else prepared.typed.fail_text
    if template is not None:
        return render(template, prepared.write(template, traced), currency=currency)
    if decided is None:
        return compared_reason(prepared.typed.require, (), currency, passed=passed)
    return compared_reason(decided.node, decided.values, currency, passed=passed)
