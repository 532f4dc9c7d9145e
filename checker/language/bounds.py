"""What each expression of a rule may be, on any valid record: interval reasoning over its tree.

Sound, not complete: what is ruled out here never happens, and much that never happens is not
seen. That a fact may be missing is always allowed for; "always true" means "never false".

Numbers in params count as they are, for whoever asks; flags and words in params are switches,
which somebody may turn.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import inf

from checker.language import possible as p
from checker.language.assume import assume, assume_all
from checker.language.facts import Facts
from checker.language.functions import FUNCTIONS
from checker.language.nodes import (
    METHODS,
    Arithmetic,
    Call,
    Choose,
    Compare,
    Comprehension,
    Conditional,
    Contains,
    Convert,
    Default,
    Exists,
    ListOf,
    Literal,
    Logic,
    Negate,
    Node,
    Not,
    Path,
    TableName,
    Variable,
)
from checker.language.numbering import Numbering
from checker.language.possible import ANYTHING, NEVER_KNOWN, Possible
from checker.language.scope import FIRST_FREE
from checker.model.types import (
    DateType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TableType,
    TextType,
)

_NUMBERS = (NumberType, MoneyType, DateType)
# Facts are looked at anew under each assumption; beyond this nothing is ruled out any more.
MOST_STEPS = 30_000


class Reasoner:
    """Says what the expressions of one rule may be.

    `rows` counts the rows of each table. With `params_free`, numbers in params may be any number.
    """

    def __init__(
        self,
        lets: Iterable[tuple[Variable, Node]] = (),
        rows: Mapping[str, int] | None = None,
        *,
        params_free: bool = False,
    ) -> None:
        self.numbering = Numbering(lets)
        self.rows = rows or {}
        self.params_free = params_free
        self.steps = 0
        # What is found out without assumptions is of this rule alone.
        self.no_facts = Facts()

    def possible(self, node: Node, facts: Facts | None = None) -> Possible:
        """Return what an expression may be under some facts."""
        facts = facts or self.no_facts
        node = self.numbering.meaning(node)
        number = self.numbering.of(node)
        found = facts.memo.get(number)
        if found is None and facts.touched and not facts.touched & self.numbering.reach(node):
            # Nothing that is assumed concerns it.
            found = facts.memo[number] = self.possible(node)
        if found is None:
            self.steps += 1
            if self.steps > MOST_STEPS:
                return ANYTHING
            handler = getattr(self, METHODS[type(node)])
            found = facts.narrowed(number, handler(node, facts))
            facts.memo[number] = found
        return found

    def surely_has_members(self, node: Node, facts: Facts) -> bool:
        """Tell whether a list has a member, or the facts count one."""
        counted = self.numbering.intern(("Call", "count", self.numbering.of(node)))
        low, _ = facts.bounds.get(counted, (0.0, inf))
        return low > 0 or self.possible(node, facts).least > 0

    def assume(self, node: Node, truth: bool, facts: Facts | None = None) -> Facts | None:
        """Return the facts where a condition is `truth` too; None where it never is."""
        return assume(self, node, truth, facts or self.no_facts)

    def assume_all(self, nodes: Iterable[Node], truth: bool, facts: Facts) -> Facts | None:
        """Return the facts where conditions are all `truth` too; None where they never are."""
        return assume_all(self, nodes, truth, facts)

    # Leaves

    def literal(self, node: Literal, facts: Facts) -> Possible:
        """Return a value that is known."""
        value = node.value
        if isinstance(value, bool):
            return Possible(unknown=False, true=value, false=not value)
        if isinstance(value, float):
            return p.between(value, value, unknown=False)
        if isinstance(value, str) and isinstance(node.type, TextType) and node.type.kind == "code":
            return Possible(unknown=False, words=frozenset((value,)))
        return Possible(unknown=False)

    def table(self, node: TableName, facts: Facts) -> Possible:
        """Return a table: a list of so many rows."""
        assert isinstance(node.type, TableType)
        count = self.rows.get(node.type.name)
        least, most = (0.0, inf) if count is None else (float(count), float(count))
        return Possible(unknown=False, least=least, most=most)

    def variable(self, node: Variable, facts: Facts) -> Possible:
        """Return what a root or a member of a list may be."""
        if node.slot < FIRST_FREE:
            # Rules on a shortlist are not run where nobody is on it.
            return Possible(unknown=False, least=1.0)
        source = self.numbering.loops.get(node.slot)
        if source is None or isinstance(source.type, TableType):
            return ANYTHING
        return replace(self.member_of(source, facts), unknown=True)

    def path(self, node: Path, facts: Facts) -> Possible:
        """Return what a field may hold; what the facts say is missing is never known."""
        if _is_params(node.root):
            return self._param(node)
        steps = self.numbering.steps(node)
        if any(facts.truths.get(self.numbering.exists(step)) is False for step in steps[1:]):
            return NEVER_KNOWN
        found = p.of_type(node.field.type)
        if isinstance(node.field.type, ListType) and self._of_brief(node):
            # Lists that are empty are refused in briefs and brands.
            found = replace(found, least=1.0)
        there = facts.truths.get(self.numbering.exists(steps[-1])) is True
        return replace(found, unknown=not there or isinstance(node.field.type, MoneyType))

    def _param(self, node: Path) -> Possible:
        type_ = node.field.type
        found = p.of_type(type_)
        if isinstance(type_, MoneyType) or len(node.names) > 1:
            return found
        if isinstance(type_, NumberType) and self.params_free:
            return p.between(-inf, inf, unknown=False)
        return replace(found, unknown=False, words=None)

    def _of_brief(self, node: Path) -> bool:
        root = self.numbering.meaning(node.root)
        named = isinstance(root, Variable) and root.place and root.name in ("brief", "brand")
        return named and "extra" not in node.names

    def choose(self, node: Choose, facts: Facts) -> Possible:
        """Return what any of the fields that a code picks may hold."""
        record = node.source.type
        assert isinstance(record, RecordType)
        return p.either(p.of_type(field.type) for field in record.fields.values())

    def list_of(self, node: ListOf, facts: Facts) -> Possible:
        """Return a list of so many members."""
        count = float(len(node.members))
        return Possible(unknown=False, least=count, most=count)

    def convert(self, node: Convert, facts: Facts) -> Possible:
        """Return text as a label or a date."""
        source = self.numbering.meaning(node.source)
        found = replace(self.possible(source, facts), words=None, low=-inf, high=inf)
        if isinstance(node.type, DateType) and isinstance(source, Literal):
            day = float(datetime.date.fromisoformat(source.value).toordinal())
            return replace(found, low=day, high=day)
        return found

    # Operators

    def negate(self, node: Negate, facts: Facts) -> Possible:
        """Return -a."""
        inner = self.possible(node.operand, facts)
        return replace(inner, low=-inner.high, high=-inner.low)

    def arithmetic(self, node: Arithmetic, facts: Facts) -> Possible:
        """Return a + b and the like."""
        left, right = self.possible(node.left, facts), self.possible(node.right, facts)
        return p.arithmetic(node.operator, left, right)

    def compare(self, node: Compare, facts: Facts) -> Possible:
        """Return a comparison; what the facts say of its question settles it."""
        left, right = self.possible(node.left, facts), self.possible(node.right, facts)
        same = self.numbering.of(node.left) == self.numbering.of(node.right)
        if isinstance(node.left.type, _NUMBERS):
            found = p.compared(node.operator, left, right, same=same)
        else:
            found = _equal_texts(node.operator, left, right, same=same)
        question, straight = self.numbering.question(node)
        answer = facts.truths.get(question)
        if answer is None:
            return found
        true = answer is straight
        return p.truths(true=found.true and true, false=found.false and not true, unknown=False)

    def contains(self, node: Contains, facts: Facts) -> Possible:
        """Return `item in members`."""
        members = self.possible(node.members, facts)
        if not members.known:
            return NEVER_KNOWN
        if members.most == 0:
            return p.truths(true=False, false=True, unknown=members.unknown)
        item, chosen = self.possible(node.item, facts), self.constant_words(node.members)
        if item.words is None or chosen is None:
            return p.truths(true=True, false=True, unknown=True)
        true, false = bool(item.words & chosen), bool(item.words - chosen)
        return p.truths(true=true, false=false, unknown=item.unknown)

    def constant_words(self, node: Node) -> frozenset[str] | None:
        """Return the codes of a list that is written out, else None."""
        list_ = self.numbering.meaning(node)
        if not isinstance(list_, ListOf):
            return None
        members = [self.numbering.meaning(member) for member in list_.members]
        if all(isinstance(one, Literal) and isinstance(one.value, str) for one in members):
            return frozenset(one.value for one in members if isinstance(one, Literal))
        return None

    def negation(self, node: Not, facts: Facts) -> Possible:
        """Return `not`."""
        inner = self.possible(node.operand, facts)
        return replace(inner, true=inner.false, false=inner.true)

    def logic(self, node: Logic, facts: Facts) -> Possible:
        """Return `and` and `or`: can all hold together, and can none?"""
        settles = node.operator == "or"
        parts = [self.possible(each, facts) for each in node.operands]
        one = any(part.known and (part.true if settles else part.false) for part in parts)
        all_ = self.assume_all(node.operands, not settles, facts) is not None
        unknown = any(part.unknown for part in parts)
        return p.truths(
            true=one if settles else all_, false=all_ if settles else one, unknown=unknown
        )

    def conditional(self, node: Conditional, facts: Facts) -> Possible:
        """Return either side, or what both have in common where the test is unknown."""
        options = []
        for truth, side in ((True, node.then), (False, node.otherwise)):
            assumed = self.assume(node.test, truth, facts)
            if assumed is not None:
                options.append(self.possible(side, assumed))
        if self.possible(node.test, facts).unknown:
            then, otherwise = (self.possible(each, facts) for each in (node.then, node.otherwise))
            both = replace(p.either((then, otherwise)), unknown=True)
            if not isinstance(node.type, _NUMBERS):
                true, false = then.true and otherwise.true, then.false and otherwise.false
                both = replace(both, known=both.known and (true or false), true=true, false=false)
            options.append(both)
        return p.either(options)

    # Records that may lack something

    def exists(self, node: Exists, facts: Facts) -> Possible:
        """Return whether a record holds a path; never unknown."""
        steps = self.numbering.steps(node.path)
        given = [facts.truths.get(self.numbering.exists(step)) for step in steps[1:]]
        there = given[-1] is True or steps[-1] in facts.known
        missing = any(truth is False for truth in given)
        return p.truths(true=not missing, false=not there, unknown=False)

    def default(self, node: Default, facts: Facts) -> Possible:
        """Return the path's value where there is one, else the other."""
        path = self.numbering.of(node.path)
        if path in facts.known:
            return self.possible(node.path, facts)
        options = []
        for truth, side in ((True, node.path), (False, node.otherwise)):
            assumed = facts.with_truths({self.numbering.exists(path): truth})
            if assumed is not None:
                options.append(self.possible(side, assumed))
        return p.either(options)

    # Lists and calls

    def comprehension(self, node: Comprehension, facts: Facts) -> Possible:
        """Return a list of those members that a filter may keep."""
        source = self.possible(node.source, facts)
        least, most = source.least, source.most
        if node.condition is not None:
            kept = self.possible(node.condition, facts)
            if kept.false or kept.unknown or not kept.known:
                least = 0.0
            if not (kept.known and kept.true) and not kept.unknown:
                most = 0.0
        return Possible(source.known, source.unknown, least=least, most=most)

    def member_of(self, node: Node, facts: Facts) -> Possible:
        """Return what any member of a list may be."""
        list_ = self.numbering.meaning(node)
        if isinstance(list_, Comprehension):
            return self.possible(list_.element, facts)
        if isinstance(list_, ListOf):
            return p.either(self.possible(each, facts) for each in list_.members)
        if isinstance(list_, Conditional):
            return p.either(self.member_of(each, facts) for each in (list_.then, list_.otherwise))
        if isinstance(list_, Path) and isinstance(list_.type, ListType):
            # A param's list is set anew as a whole; what is in it now says nothing.
            return ANYTHING if _is_params(list_.root) else p.of_type(list_.type.item)
        return ANYTHING

    def call(self, node: Call, facts: Facts) -> Possible:
        """Return what a function gives; unknown where an argument is."""
        parts = [self.possible(each, facts) for each in node.arguments]
        if not all(part.known for part in parts):
            return NEVER_KNOWN
        bounds = FUNCTIONS[node.function].bounds
        return bounds(node, parts, lambda list_: self.member_of(list_, facts))


def _is_params(node: Node) -> bool:
    return isinstance(node, Variable) and node.name == "params" and node.place


def _equal_texts(operator: str, a: Possible, b: Possible, *, same: bool) -> Possible:
    """Return == or != of codes, labels, texts or flags."""
    if not (a.known and b.known):
        return NEVER_KNOWN
    equal, apart = True, not same
    if a.words is not None and b.words is not None:
        equal = bool(a.words & b.words)
        apart = apart and not (len(a.words) == 1 and a.words == b.words)
    equal = equal and ((a.true and b.true) or (a.false and b.false))
    apart = apart and ((a.true and b.false) or (a.false and b.true) or a.words is not None)
    true, false = (equal, apart) if operator == "==" else (apart, equal)
    return p.truths(true=true, false=false, unknown=a.unknown or b.unknown)
