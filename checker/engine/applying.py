"""Which rules apply to a brief, and why: the answer before any influencer is looked at."""

from __future__ import annotations

import datetime

from checker.engine.outcomes import Case, explained_outcome
from checker.engine.places import Records
from checker.engine.prepared import PreparedRule, make_desk
from checker.engine.ruleset import RuleSet
from checker.engine.where import place_words
from checker.language.nodes import Literal
from checker.language.show import show
from checker.model.records import Campaign
from checker.model.values import UNKNOWN


def applying(
    campaign: Campaign, rules: RuleSet, as_of: datetime.date
) -> list[tuple[str, str, str]]:
    """Return, for each rule: its id, "yes", "no" or "unknown", and why."""
    desk = make_desk(rules, campaign.brief, campaign.brand, as_of)
    case = Case({}, Records({"brief": campaign.brief, "brand": campaign.brand}))
    found = []
    for typed in rules.rules:
        prepared = PreparedRule(typed, desk)
        found.append((typed.rule.id, *_applies(prepared, case)))
    return found


def _applies(prepared: PreparedRule, case: Case) -> tuple[str, str]:
    if prepared.never_applies:
        reason = explained_outcome(prepared, "skipped", case).reason
        return "no", reason.removeprefix("does not apply: ")
    if prepared.unknown_by_brief:
        return "unknown", explained_outcome(prepared, "unknown", case).reason
    typed = prepared.typed
    words = [place_words(typed.pack, prepared.rule)] if typed.applies else []
    words += [show(typed.when)] if typed.when else []
    is_open = [not isinstance(node, Literal) for node in prepared.tests]
    if any(is_open):
        left = [text for text, each in zip(words, is_open, strict=True) if each]
        return "yes", f"where {' and '.join(left)}"
    if any(isinstance(node, Literal) and node.value is UNKNOWN for node in prepared.tests):
        return "unknown", "cannot tell whether it applies"
    return "yes", " and ".join(words) if words else "always"
