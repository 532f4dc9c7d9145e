"""What a rule asks, reads and says, in words: for whoever answers for the rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from checker.engine.cases import Cases
from checker.engine.outcomes import Case, explained_outcome
from checker.engine.places import ask_for
from checker.engine.prepared import Desk, PreparedRule, make_desk
from checker.engine.ruleset import RuleSet, TypedRule
from checker.engine.tree import Tree, tree_of
from checker.language.accounts import account_of, is_called
from checker.language.nodes import (
    Bind,
    Comprehension,
    Default,
    Exists,
    Logic,
    Node,
    Path,
    Variable,
    children,
)
from checker.language.scope import SLOTS
from checker.language.words import Speaker
from checker.model.frozen import dataclass
from checker.model.records import Campaign
from checker.model.report import Outcome
from checker.model.rules import Pack, Rule, Scope
from checker.model.types import Field


@dataclass(frozen=True, slots=True, eq=False)
class ReadField:
    """A field of the records that a rule reads: its path in rules, its title, what to ask for.

    `needed` tells whether the rule may be unknown without it; a field that is only asked for by
    `exists` or has a `default` is not.
    """

    path: str
    title: str
    ask: str
    needed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """One rule and its pack, in words, and the fields that it reads."""

    rule: Rule
    pack: Pack
    words: InWords
    reads: tuple[ReadField, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """One rule on one subject: the outcome, and how it came about."""

    subject: str
    outcome: Outcome
    tree: Tree


@dataclass(frozen=True, slots=True, eq=False)
class InWords:
    """A rule in words: where it is asked, when it passes, and what its names stand for."""

    asked: str
    passes: str
    names: tuple[tuple[str, str], ...]


def explain_rule(typed: TypedRule) -> Explanation:
    """Return a rule in words."""
    return Explanation(typed.rule, typed.pack, in_words(typed), fields_read(typed))


def explain_on(
    typed: TypedRule, rules: RuleSet, campaign: Campaign, as_of: date, name: str
) -> list[Explained]:
    """Run a rule on the subjects of a campaign that are called `name`, and keep every step.

    A subject is called by its handle or id; the brief and the shortlist need no name, and an
    empty name is the only influencer or post there is. Several posts, or markets of a post, may
    have one name. Returns nothing where nobody has the name.
    """
    desk = make_desk(rules, campaign.brief, campaign.brand, as_of)
    prepared = PreparedRule(typed, desk)
    found = [
        (shown, case)
        for shown, names, account, case in _subjects(typed.rule.scope, campaign, desk)
        if not name or any(is_called(name, each, account) for each in names)
    ]
    return [
        Explained(
            shown,
            explained_outcome(prepared, prepared.status(case.values), case),
            tree_of(prepared, rules, case),
        )
        for shown, case in found
    ]


def subject_names(typed: TypedRule, rules: RuleSet, campaign: Campaign, as_of: date) -> list[str]:
    """Return what the subjects of a rule in a campaign are called."""
    desk = make_desk(rules, campaign.brief, campaign.brand, as_of)
    return [shown for shown, _, _, _ in _subjects(typed.rule.scope, campaign, desk)]


def _subjects(
    scope: Scope, campaign: Campaign, desk: Desk
) -> Iterator[tuple[str, tuple[str, ...], str, Case]]:
    """Yield each subject: how it is shown, what it may be called, its account, and its case."""
    cases = Cases(campaign, desk)
    if scope == "brief":
        yield "the brief", ("the brief", "brief", campaign.brief.id), "", cases.brief()
    elif scope == "shortlist" and all(deal.case for deal in cases.deals):
        yield "the shortlist", ("the shortlist", "shortlist"), "", cases.shortlist()
    elif scope == "influencer":
        for deal in cases.deals:
            person = deal.entry.influencer
            if deal.case is not None and person is not None:
                names = (deal.entry.name, person.id)
                yield deal.entry.name, names, account_of(person.data), deal.case
    elif scope == "post":
        for draft in campaign.posts:
            for market, case in cases.posts(draft.record) if draft.record else ():
                where = f"{draft.name} in {market}" if market else draft.name
                yield where, (where, draft.name), "", case


def in_words(typed: TypedRule) -> InWords:
    """Say a rule's condition in words."""
    speaker = Speaker({variable.slot: _spaced(variable.name) for variable, _ in typed.lets})
    asked = speaker.clause(typed.when) if typed.when is not None else ""
    passes = speaker.clause(typed.require)
    lets = tuple((_spaced(variable.name), speaker.say(node)) for variable, node in typed.lets)
    return InWords(asked, passes, (*lets, *speaker.definitions.items()))


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def fields_read(typed: TypedRule) -> tuple[ReadField, ...]:
    """Return the fields that a rule's conditions and lets read, in the order of reading."""
    walk = _Walk(typed)
    # Where one of these is missing the rule is not asked at all.
    asked = set() if typed.when is None else set(walk.asked(typed.when))
    found: dict[str, ReadField] = {}
    nodes = (node for node in (typed.when, typed.require) if node is not None)
    for node in nodes:
        for path, field, needed in walk.reads(node, needed=True):
            known = found.get(path)
            needed = (needed and path not in asked) or (known is not None and known.needed)
            found[path] = ReadField(path, field.title, ask_for(field), needed)
    # What lies above another field is only on the way to it.
    paths = tuple(found)
    return tuple(
        each
        for each in found.values()
        if each.needed or not any(other.startswith(f"{each.path}.") for other in paths)
    )


class _Walk:
    """Finds the fields below nodes, names followed to what they are bound to."""

    def __init__(self, typed: TypedRule) -> None:
        self.bound: dict[int, Node] = {variable.slot: node for variable, node in typed.lets}

    def reads(self, node: Node, *, needed: bool) -> Iterator[tuple[str, Field, bool]]:
        match node:
            case Path():
                whole = self.path(node)
                if whole:
                    yield whole, node.field, needed
                    return
            case Variable() if node.slot in self.bound:
                yield from self.reads(self.bound[node.slot], needed=needed)
                return
            case Exists():
                yield from self.reads(node.path, needed=False)
                return
            case Default():
                yield from self.reads(node.path, needed=False)
                yield from self.reads(node.otherwise, needed=needed)
                return
            case Bind():
                self.bound.update((variable.slot, value) for variable, value in node.bindings)
                yield from self.reads(node.body, needed=needed)
                return
            case Comprehension():
                self.bound[node.variable.slot] = node.source
        for child in children(node):
            yield from self.reads(child, needed=needed)

    def asked(self, when: Node) -> Iterator[str]:
        """Yield the paths that must be recorded for a rule's `when` to hold."""
        match when:
            case Exists():
                yield self.path(when.path)
            case Logic(operator="and"):
                for operand in when.operands:
                    yield from self.asked(operand)

    def path(self, node: Node) -> str:
        """Return a node as a path from a record: "shortlist.fee"; empty where it is none."""
        match node:
            case Variable() if node.slot in self.bound:
                return self.path(self.bound[node.slot])
            case Variable(name="params" | "today"):
                return ""
            case Variable() if SLOTS.get(node.name) == node.slot:
                return node.name
            case Path():
                root = self.path(node.root)
                return ".".join((root, *node.names)) if root else ""
            case Comprehension():
                return self.path(node.source)
        return ""
