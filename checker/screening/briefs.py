"""Briefs whose rules are ready to screen by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from checker.checking import in_force
from checker.engine.judge import judge
from checker.engine.outcomes import Case, brief_outcome, explained_outcome
from checker.engine.places import Records
from checker.engine.prepared import PreparedRule, make_desk
from checker.engine.ruleset import RuleSet
from checker.engine.texts import diagnose
from checker.in_force import RuleSets
from checker.language.check import check_expression
from checker.language.errors import LanguageError
from checker.language.nodes import Node
from checker.language.scope import ROOTS, Scope, Slots
from checker.loading.campaigns import load_campaign
from checker.loading.project import Project, Projects
from checker.model.diagnostics import Diagnostic, InputError, Position, RulesError
from checker.model.records import Campaign
from checker.model.report import Outcome
from checker.model.rules import SourceText
from checker.model.types import FlagType, RecordType
from checker.model.waivers import Waiver


class OneBrief:
    """A brief whose rules are ready to screen by."""

    def __init__(self, campaign: Campaign, rules: RuleSet, project: Project, as_of: date) -> None:
        self.campaign = campaign
        self.rules = rules
        self.project = project
        self.as_of = as_of
        desk = make_desk(rules, campaign.brief, campaign.brand, as_of)
        ready = [
            PreparedRule(each, desk) for each in rules.rules if each.rule.scope == "influencer"
        ]
        self.desk = desk
        # What the brief alone decides is the same for everyone: no row of the table says it.
        self.ruled_out = [each for each in ready if each.never_applies]
        self.lifted = [each for each in ready if each.unknown_by_brief and not each.never_applies]
        self.prepared = [each for each in ready if each not in (*self.ruled_out, *self.lifted)]
        if not self.prepared:
            # Rows need some rule that looks at them, and then nothing passes.
            self.prepared, self.ruled_out = self.ruled_out, []
        if not self.prepared:
            message = "no rule looks at an influencer; nothing was screened"
            raise InputError([Diagnostic("no-rules", message, campaign.brief.position())])

    @property
    def waivers(self) -> list[Waiver]:
        """Return the waivers that hold for this brief on this day."""
        return [
            waiver
            for waiver in self.rules.waivers
            if waiver.brief in ("", self.campaign.brief.id)
            and date.fromisoformat(waiver.expires) >= self.as_of
        ]

    def own(self) -> tuple[Outcome, ...]:
        """Return the outcomes on the brief itself, with what it decides alone for everyone."""
        alone = replace(self.campaign, shortlist=(), posts=())
        report = judge(alone, self.rules, as_of=self.as_of, explain_all=True)
        common = {"brief": self.campaign.brief, "brand": self.campaign.brand}
        case = Case({}, Records(common))
        lifted = [brief_outcome(each, case) for each in self.lifted]
        out = [explained_outcome(each, "skipped", case) for each in self.ruled_out]
        return (*(o for s in report.of_kind("brief") for o in s.outcomes), *lifted, *out)

    def condition(self, text: str) -> tuple[Node, int] | None:
        """Return a condition on an influencer, typed, and the size of its frame.

        Raises RulesError where it is no condition.
        """
        if not text:
            return None
        source = SourceText(text, lambda at: Position("--where", 1, at + 1), lambda line: text)
        scope = Scope(self.rules.types, ROOTS["influencer"], RecordType("params"), {}, {})
        slots = Slots()
        try:
            node = check_expression(text, scope, slots)
            if not isinstance(node.type, FlagType):
                message = "a condition is true or false"
                raise LanguageError(message, node.start, node.end, note="compare it with something")
        except LanguageError as error:
            raise RulesError([diagnose(error, source)]) from None
        return node, slots.next


def load_briefs(
    paths: Sequence[Path],
    *,
    as_of: date,
    projects: Projects | None = None,
    rule_sets: RuleSets | None = None,
) -> list[OneBrief]:
    """Load briefs and the rules in force for each. Raises CheckerError."""
    projects, rule_sets = projects or Projects(), rule_sets or RuleSets()
    found = []
    for path in paths:
        project = projects.of(path)
        rules = in_force(rule_sets.of(project), project)
        found.append(OneBrief(load_campaign(path, project), rules, project, as_of))
    return found
