"""A whole campaign judged: every rule on every subject, and the verdicts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

import checker
from checker.engine.cases import Cases, Deal
from checker.engine.category import word_warnings
from checker.engine.outcomes import Case, bare_outcome, brief_outcome, explained_outcome
from checker.engine.places import plain_value, value_text
from checker.engine.prepared import Desk, PreparedRule, make_desk
from checker.engine.renaming import former_names
from checker.engine.ruleset import RuleSet
from checker.engine.terms import budget_of, terms_of
from checker.engine.waivers import apply_waivers
from checker.language.accounts import account_of
from checker.language.evaluate import Evaluator, Run
from checker.model.diagnostics import Diagnostic
from checker.model.records import Campaign, Draft, Entry
from checker.model.report import (
    Dropped,
    Explain,
    Fact,
    Outcome,
    PackUsed,
    Report,
    Subject,
)
from checker.model.rules import Scope
from checker.model.values import Value


def judge(
    campaign: Campaign, rules: RuleSet, *, as_of: datetime.date, explain_all: Explain = True
) -> Report:
    """Judge a campaign and return its report; the configuration's waivers are applied.

    Args:
        campaign: the brief with its shortlist and posts, loaded and valid.
        rules: the rules in force.
        as_of: the date that `today` means in rules.
        explain_all: also trace what decides nothing: passes, skipped rules, and warnings and
            notes that are unknown. False is faster; these outcomes then have no reason. "open"
            traces the unknown ones alone.
    """
    return _Judge(campaign, rules, as_of, explain_all).report()


class _Judge:
    """Collects the outcomes of every subject; the verdicts are drawn from them at the end."""

    def __init__(
        self, campaign: Campaign, rules: RuleSet, as_of: datetime.date, explain_all: Explain
    ) -> None:
        self.campaign = campaign
        self.rules = rules
        self.as_of = as_of
        self.explain_all = explain_all
        self.desk = make_desk(rules, campaign.brief, campaign.brand, as_of)
        self.prepared: dict[Scope, list[PreparedRule]] = {}
        for typed in rules.rules:
            self.prepared.setdefault(typed.rule.scope, []).append(PreparedRule(typed, self.desk))
        self.lifted: dict[str, Outcome] = {}
        self.cases = Cases(campaign, self.desk)
        self.facts = _Facts(self.desk, self.cases)

    def report(self) -> Report:
        influencers = [self.influencer(deal) for deal in self.cases.deals]
        shortlist = self.shortlist()
        posts = [subject for draft in self.campaign.posts for subject in self.post(draft)]
        brief = self.brief()
        subjects = [brief, *([shortlist] if shortlist else []), *influencers, *posts]
        labels = self.desk.context.labels.values()
        unsure = word_warnings(self.campaign.brief, self.campaign.brand, self.rules, labels)
        warnings = (
            *self.campaign.warnings,
            *unsure,
            *self.all_dropped(),
            *self.rules.warnings,
        )
        report = Report(
            brief=self.campaign.brief.id,
            title=str(self.campaign.brief.data.get("title", self.campaign.brief.id)),
            brand=str(self.campaign.brand.data.get("name", self.campaign.brand.id)),
            position=self.campaign.brief.position(),
            as_of=self.as_of.isoformat(),
            verdict="pass",
            subjects=tuple(subjects),
            dropped=tuple(_dropped(entry) for entry in self.campaign.shortlist if entry.dropped),
            changed=self.rules.changes,
            packs=self.packs(),
            warnings=warnings,
            tool_version=checker.__version__,
            renamed=former_names(self.rules.packs),
            budget=budget_of(self.campaign.brief),
            starts=str(self.campaign.brief.data.get("campaign", {}).get("start", "")),
        )
        return apply_waivers(report, self.rules.waivers, on=self.as_of)

    def all_dropped(self) -> tuple[Diagnostic, ...]:
        if self.cases.deals or not self.campaign.shortlist:
            return ()
        message = "every deal of the shortlist is dropped; no influencer was checked"
        position = self.campaign.brief.position(("shortlist",))
        return (Diagnostic("all-dropped", message, position, "warning"),)

    def packs(self) -> tuple[PackUsed, ...]:
        counts = {pack.name: 0 for pack in self.rules.packs}
        for typed in self.rules.rules:
            counts[typed.pack.name] += 1
        return tuple(
            PackUsed(
                pack.name,
                pack.version,
                pack.title,
                pack.digest,
                counts[pack.name],
                changed=pack.origin == "changed",
                origin=pack.came_from,
            )
            for pack in self.rules.packs
        )

    # Subjects

    def outcomes(self, scope: Scope, case: Case) -> tuple[Outcome, ...]:
        found = (self.outcome(prepared, case) for prepared in self.prepared.get(scope, ()))
        return tuple(outcome for outcome in found if outcome is not None)

    def outcome(self, prepared: PreparedRule, case: Case) -> Outcome | None:
        status = prepared.status(case.values)
        if status == "unknown" and prepared.rule.scope != "brief" and prepared.unknown_by_brief:
            # The brief's own hole is said once, on the brief, not once for each influencer.
            if prepared.rule.id not in self.lifted:
                self.lifted[prepared.rule.id] = brief_outcome(prepared, case)
            return None
        decides = status == "fail" or (status == "unknown" and prepared.rule.severity == "error")
        shown = decides or (self.explain_all == "open" and status == "unknown")
        if not shown and self.explain_all is not True:
            return bare_outcome(prepared, status)
        return explained_outcome(prepared, status, case)

    def influencer(self, deal: Deal) -> Subject:
        entry = deal.entry
        if deal.case is None or entry.influencer is None:
            return Subject(
                "influencer",
                entry.name,
                entry.name,
                "invalid",
                entry.position,
                diagnostics=entry.diagnostics,
            )
        outcomes = self.outcomes("influencer", deal.case)
        return Subject(
            "influencer",
            entry.influencer.id,
            entry.name,
            "pass",
            entry.position,
            outcomes,
            self.facts.of(deal.case.values),
            account=account_of(entry.influencer.data),
            terms=terms_of(entry.deal, entry.influencer.data, self.campaign.brief),
        )

    def shortlist(self) -> Subject | None:
        rules = self.prepared.get("shortlist", [])
        if not rules or not self.cases.deals:
            return None
        invalid = [deal.entry.name for deal in self.cases.deals if deal.case is None]
        if invalid:
            outcomes = tuple(_blocked(prepared, invalid) for prepared in rules)
        else:
            outcomes = self.outcomes("shortlist", self.cases.shortlist())
        return Subject(
            "shortlist",
            f"{self.campaign.brief.id}/shortlist",
            "Shortlist",
            "pass",
            self.campaign.brief.position(("shortlist",)),
            outcomes,
        )

    def brief(self) -> Subject:
        own = self.outcomes("brief", self.cases.brief())
        outcomes = (*own, *self.lifted.values())
        brief = self.campaign.brief
        return Subject("brief", brief.id, "Brief", "pass", brief.position(), outcomes)

    def post(self, draft: Draft) -> Iterable[Subject]:
        record = draft.record
        if record is None:
            yield Subject(
                "post",
                draft.name,
                draft.name,
                "invalid",
                draft.position,
                diagnostics=draft.diagnostics,
            )
            return
        for market, case in self.cases.posts(record):
            outcomes = self.outcomes("post", case)
            yield Subject(
                "post",
                record.id,
                draft.name,
                "pass",
                draft.position,
                outcomes,
                market=market,
            )


def _blocked(prepared: PreparedRule, invalid: list[str]) -> Outcome:
    if prepared.never_applies:
        return bare_outcome(prepared, "skipped", "does not apply")
    names = ", ".join(invalid)
    reason = f"cannot tell: the record of {names} cannot be used"
    return bare_outcome(prepared, "unknown", reason)


def _dropped(entry: Entry) -> Dropped:
    return Dropped(entry.name, str(entry.deal.data.get("note", "")), entry.position)


class _Facts:
    """The facts that reports show of each influencer."""

    def __init__(self, desk: Desk, cases: Cases) -> None:
        self.desk = desk
        cases_of = [deal.case for deal in cases.deals if deal.case is not None]
        platforms = {case.values["influencer"]["platform"] for case in cases_of}
        # People on two platforms may have one name.
        self.platforms = len(platforms) > 1
        evaluator = Evaluator(desk.context)
        self.columns: list[tuple[str, str, Run, int]] = []
        self.types = [typed.value.type for typed in desk.rules.facts]
        for typed in desk.rules.facts:
            run = evaluator.build(typed.value)
            self.columns.append((typed.column.name, typed.column.title, run, typed.slots))

    def of(self, values: Mapping[str, Value]) -> Mapping[str, Fact]:
        """Return the facts of one influencer, by name."""
        found = {}
        if self.platforms:
            platform = values["influencer"]["platform"]
            found["platform"] = Fact("Platform", platform, platform)
        for (name, title, run, slots), type_ in zip(self.columns, self.types, strict=True):
            value = run(self.desk.frame(slots, values))
            text = value_text(value, type_, self.desk.context.currency)
            found[name] = Fact(title, text, plain_value(value))
        return found
