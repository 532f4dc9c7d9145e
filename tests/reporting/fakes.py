"""Reports built by hand, so that reporters are tested without the engine."""

from __future__ import annotations

from typing import Any

from checker.model.diagnostics import Diagnostic, Position
from checker.model.report import (
    Dropped,
    Evidence,
    Fact,
    Outcome,
    PackUsed,
    Remedy,
    Report,
    Side,
    Status,
    Subject,
    Verdict,
)
from checker.model.rules import Change, Severity, Source

HANDBOOK = Source(
    id="handbook",
    title="Micro but Mighty: The Ultimate Handbook to Mastering Micro Influencer Magic",
    section="How to Use Micro-Influencers",
    strength="guidance",
)
OURS = Source(id="ours", title="", strength="ours")
BRIEF = "briefs/spring/brief.yaml"
SHEET = "briefs/spring/shortlist.csv"


def cell(line: int, name: str) -> Position:
    return Position(SHEET, line, 0, name)


def outcome(
    rule: str,
    status: Status,
    reason: str,
    *,
    severity: Severity = "error",
    **more: Any,
) -> Outcome:
    return Outcome(
        rule=rule,
        title=f"The title of {rule}",
        pack="alignment",
        pack_version="1.0.0",
        scope="influencer",
        severity=severity,
        status=status,
        reason=reason,
        source=more.pop("source", HANDBOOK),
        position=Position("/opt/checker/rules/alignment.yaml", 21, 5),
        **more,
    )


def influencer(
    name: str,
    verdict: Verdict,
    *outcomes: Outcome,
    line: int = 2,
    tier: str = "micro",
    followers: int = 42_300,
    cost: int = 450,
    **more: Any,
) -> Subject:
    facts = {
        "tier": Fact("Tier", tier, tier),
        "followers": Fact("Followers", f"{followers:,}", followers),
        "cost": Fact("Cost", f"GBP {cost:,}", {"amount": cost, "currency": "GBP"}),
    }
    return Subject(
        kind="influencer",
        id=f"instagram/{name}",
        name=name,
        verdict=verdict,
        position=Position(SHEET, line),
        outcomes=outcomes,
        facts=more.pop("facts", facts),
        **more,
    )


def too_dear() -> Outcome:
    return outcome(
        "cost-per-influencer",
        "fail",
        "costs GBP 1,420; the brief pays at most GBP 600",
        has=Side(
            "GBP 1,420",
            {"amount": 1420, "currency": "GBP"},
            (
                Evidence("deal.fee", "1,300", 1300, cell(6, "fee")),
                Evidence("deal.gift_value", "120", 120, cell(6, "gift_value")),
            ),
        ),
        needs=Side(
            "GBP 600",
            {"amount": 600, "currency": "GBP"},
            (Evidence("brief.budget.per_influencer", "GBP 600", 600, Position(BRIEF, 14, 16)),),
        ),
        remedies=(
            Remedy("fee at most GBP 480", "deal", "fee", 480),
            Remedy("budget.per_influencer at least GBP 1,420"),
        ),
    )


def too_old() -> Outcome:
    return outcome(
        "audience-age",
        "fail",
        "only 32% of the audience is 18–34; at least 50% is needed",
        has=Side(
            "32%",
            0.32,
            (Evidence("influencer.audience.age", "32%", 0.32, cell(7, "audience.age")),),
        ),
        needs=Side(
            "50%",
            0.5,
            (
                Evidence(
                    "params.minimum",
                    "50%",
                    0.5,
                    Position("/opt/checker/rules/alignment.yaml", 21, 23),
                    origin="our default",
                    source=OURS,
                ),
            ),
        ),
        fix="Shortlist a closer audience, or widen the brief's target age.",
    )


def no_ages() -> Outcome:
    return outcome(
        "audience-age",
        "unknown",
        "cannot tell, the record has no audience ages",
        evidence=(Evidence("influencer.audience.age", "", None, cell(5, "audience.age")),),
        ask_for=("a screenshot of the audience ages",),
    )


def good_age() -> Outcome:
    return outcome(
        "audience-age",
        "pass",
        "61% of the audience is 18–34",
        has=Side(
            "61%",
            0.61,
            (Evidence("influencer.audience.age", "61%", 0.61, cell(2, "audience.age")),),
        ),
        needs=Side("50%", 0.5, ()),
    )


def spring() -> Report:
    """The report of the story: passes, a warning, an unknown, fails, a drop and a change."""
    growth = outcome(
        "growth",
        "fail",
        "followers fell 2% in 90 days; the handbook looks for growth",
        severity="warning",
    )
    price = outcome("usual-price", "unknown", "no usual price", severity="note")
    off = outcome("exclusivity", "skipped", "the record names no exclusivity")
    brief = Subject(
        kind="brief",
        id="spring",
        name="Spring ribbons",
        verdict="pass",
        position=Position(BRIEF),
        outcomes=(
            outcome("has-target", "pass", "the brief names a target"),
            outcome("has-budget", "pass", "the brief names a budget"),
            outcome("tier-mix", "skipped", "the brief asks for no mix"),
        ),
    )
    return Report(
        brief="spring",
        title="Spring ribbons",
        brand="Bramble & Co",
        position=Position(BRIEF),
        as_of="2026-03-02",
        verdict="fail",
        subjects=(
            brief,
            influencer("@maisie.braids", "pass", good_age(), off),
            influencer("@thecurledit", "pass", good_age(), growth, followers=88_100, cost=600),
            influencer("@tinyknots", "pass", good_age(), price, followers=9_400, cost=80),
            influencer("@northradio", "undecided", no_ages(), price, followers=61_000, cost=380),
            influencer(
                "@glamorously", "fail", too_dear(), tier="macro", followers=410_000, cost=1_420
            ),
            influencer(
                "@gadgetgav",
                "fail",
                too_old(),
                outcome("content", "fail", "posts about gadgets; the brief is about hair"),
                followers=23_700,
                cost=300,
            ),
        ),
        dropped=(Dropped("@oldflame", "asks for a year of exclusivity", Position(SHEET, 9)),),
        changed=(
            Change(
                "usual-price", "usual-price is off", "2025 price list", Position("checker.yaml", 9)
            ),
        ),
        packs=(PackUsed("alignment", "1.0.0", "Alignment", "sha256:1f", 12),),
        tool_version="0.1.0",
    )


def hostile() -> Report:
    """A report whose every text tries to take over the terminal or the layout."""
    evil = "\x1b[2J\x1b]0;owned\x07\u202egnp\x9b31m\nFAIL\r\x00"
    bad = outcome(
        evil, "fail", evil, fix=evil, remedies=(Remedy(evil, evil, evil, evil),), ask_for=(evil,)
    )
    subject = influencer(
        evil,
        "fail",
        bad,
        no_ages(),
        facts={"tier": Fact(evil, evil, evil)},
        diagnostics=(Diagnostic("x", evil, Position(evil, 1, 1, evil), hint=evil),),
    )
    return Report(
        brief=evil,
        title=evil,
        brand=evil,
        position=Position(evil),
        as_of="2026-03-02",
        verdict="fail",
        subjects=(subject,),
        dropped=(Dropped(evil, evil, Position(evil)),),
        changed=(Change(evil, evil, evil, Position(evil)),),
        packs=(PackUsed(evil, evil, evil, evil, 1),),
        warnings=(Diagnostic("x", evil, Position(evil), hint=evil),),
    )
