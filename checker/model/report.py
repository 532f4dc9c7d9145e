"""The report: every outcome and verdict of one brief. All reporters read only this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from checker.model.diagnostics import Diagnostic, Position
from checker.model.frozen import dataclass
from checker.model.rules import Change, Scope, Severity, Source
from checker.model.waivers import Waiver, WaiverUse

Status = Literal["pass", "fail", "unknown", "skipped"]
Verdict = Literal["pass", "fail", "undecided", "invalid"]

# What is given reasons and evidence: everything; what is open; only what decides.
Explain = Literal[True, "open", False]

# From best to worst; a brief's verdict is the worst of its parts.
VERDICTS: tuple[Verdict, ...] = ("pass", "undecided", "fail", "invalid")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value that a condition read. `value` is plain JSON, None where nothing is recorded.

    `path` is as in the rule ("deal.fee", "params.minimum"); `text` is the value for people;
    `origin` says more where there is more to say: "from the brand", "assumed", "our default";
    `source` is the source of a threshold; `ask` is what to ask for where it is missing.
    """

    path: str
    text: str
    value: Any
    position: Position | None = None
    origin: str = ""
    source: Source | None = None
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the comparison that decided: what is measured, or what is needed."""

    text: str
    value: Any
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change of one field with which a rule passes.

    `text` says it in words ("fee at most GBP 480"); `value` is plain JSON for the field at `path`
    of the record of this kind; `position` is where the record has it, or would.
    """

    text: str
    record: str = ""
    path: str = ""
    value: Any = None
    position: Position | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """One rule on one subject.

    `has` and `needs` are the sides of the comparison that decided, where one did.
    `remedies` are single changes, in the record's terms, each of which makes the rule pass.
    `ask_for` is what to ask for where facts are missing.
    `position` is where the rule stands.
    `status` is the true one; `waiver` is who answers for it, and `known` says that a baseline
    report has it already. Neither then keeps the subject from passing.
    """

    rule: str
    title: str
    pack: str
    pack_version: str
    scope: Scope
    severity: Severity
    status: Status
    reason: str
    source: Source
    position: Position
    fix: str = ""
    has: Side | None = None
    needs: Side | None = None
    evidence: tuple[Evidence, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    ask_for: tuple[str, ...] = ()
    waiver: Waiver | None = None
    known: bool = False

    @property
    def to_pass(self) -> tuple[str, ...]:
        """What would make the rule pass, in words."""
        return tuple(remedy.text for remedy in self.remedies)

    @property
    def excused(self) -> bool:
        """Whether a waiver or the baseline covers this outcome."""
        return self.waiver is not None or self.known

    @property
    def decides(self) -> bool:
        """Whether this outcome keeps its subject from passing."""
        return self.severity == "error" and self.status in ("fail", "unknown") and not self.excused


@dataclass(frozen=True, slots=True)
class Fact:
    """A cell of the report's table: `text` for people, `value` in JSON."""

    title: str
    text: str
    value: Any


@dataclass(frozen=True, slots=True)
class Terms:
    """What a deal says, as it is written; amounts may be ranges, {"min", "max"}, or None.

    `address` is that of the profile, where the platform's addresses are known.
    """

    platform: str
    handle: str
    address: str
    state: str
    fee: Any
    gift_value: Any
    currency: str
    deliverables: str
    note: str


@dataclass(frozen=True, slots=True)
class Budget:
    """The money of a brief: its currency, and all that may be spent; None is no total."""

    currency: str
    total: Any


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """The brief, the shortlist, one influencer or one post, with its verdict and outcomes.

    `account` is the key of an influencer's account, where its record can be used; `terms` are
    those of the deal.
    """

    kind: Scope
    id: str
    name: str
    verdict: Verdict
    position: Position
    outcomes: tuple[Outcome, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    market: str = ""
    account: str = ""
    terms: Terms | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Dropped:
    """A dropped deal: listed in every report, not evaluated."""

    name: str
    note: str
    position: Position


@dataclass(frozen=True, slots=True)
class PackUsed:
    """A pack that was loaded, with the number of its rules in force.

    `changed` says that it has the name of a shipped pack and is not as it is shipped. `origin` is
    where it came from: "shipped", what is installed ("acme-rules 1.2.0"), or its file.
    """

    name: str
    version: str
    title: str
    digest: str
    rules: int
    changed: bool = False
    origin: str = "shipped"


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """Everything that was found for one brief.

    `renamed` has the ids of rules by those that they had before, for what an earlier report says.
    `starts` is the campaign's first day, where the brief says it.
    `redacted` says that salted ids stand for the people in it; every reporter with a head says so.
    """

    brief: str
    title: str
    brand: str
    position: Position
    as_of: str
    verdict: Verdict
    subjects: tuple[Subject, ...]
    dropped: tuple[Dropped, ...] = ()
    changed: tuple[Change, ...] = ()
    packs: tuple[PackUsed, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    tool_version: str = ""
    waivers: tuple[WaiverUse, ...] = ()
    redacted: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    budget: Budget | None = None
    starts: str = ""

    def of_kind(self, kind: Scope) -> tuple[Subject, ...]:
        """Return the subjects of one kind, in the brief's order."""
        return tuple(subject for subject in self.subjects if subject.kind == kind)
