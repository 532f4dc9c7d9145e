"""Why a rule is unknown, in SQL, by the laws of `checker.language.trace`.

Each cause comes with the condition under which a traced run would note it. A value that is
settled owes nothing to the unknowns below it; an unknown without one below is its own cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checker.bulk.compile import causes_text as texts
from checker.bulk.compile.causes_text import Cause, Place
from checker.bulk.compile.certainty import is_plain, is_settled, is_unknown
from checker.bulk.compile.lists import as_list, iterable
from checker.bulk.compile.numbers import as_number, never_0
from checker.bulk.compile.records import Overlaid, RowRecord
from checker.bulk.compile.rules import CompiledRule
from checker.bulk.compile.scopes import Env
from checker.bulk.compile.sql import (
    FALSE,
    TRUE,
    both,
    either,
    is_local,
    negated,
    possibly,
    surely,
)
from checker.bulk.compile.values import (
    FixedList,
    Known,
    Number,
    RowList,
    Val,
)
from checker.bulk.compile.wording import Worded, Writer
from checker.language.nodes import (
    Arithmetic,
    Bind,
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
    children,
)
from checker.language.scope import SLOTS
from checker.model.types import MoneyType
from checker.model.values import UNKNOWN

_ROOTS = {slot: name for name, slot in SLOTS.items()}


class Causes:
    """Finds and words the causes of one rule's unknown."""

    def __init__(self, rule: CompiledRule, writer: Writer) -> None:
        self.rule = rule
        self.work = rule.expressions
        self.writer = writer
        self.places: dict[int, Place | None] = {}
        self._found: dict[tuple[int, int], list[Cause]] = {}
        self._kept: list[tuple[Node, Env]] = []

    def of_tests(self, prefix: str) -> Worded:
        """Word why it is unknown whether the rule applies."""
        found = [each for node in self.rule.tests for each in self.of(node, self.rule.env)]
        return texts.compose(self.work.columns, found, prefix)

    def of_condition(self, prefix: str) -> Worded:
        """Word why the condition is unknown."""
        found = list(self.of(self.rule.typed.require, self.rule.env))
        return texts.compose(self.work.columns, found, prefix)

    def of(self, node: Node, env: Env) -> list[Cause]:
        """Return the causes that a traced run notes at a node and below."""
        found = self._found.get((id(node), id(env)))
        if found is None:
            found = self._of(node, env)
            self._found[id(node), id(env)] = found
            self._kept.append((node, env))  # an id is only good while what it is of lives
        return found

    def _of(self, node: Node, env: Env) -> list[Cause]:
        value = self.work.value(node, env)
        settled = is_settled(value)
        if settled == TRUE:
            return []
        below = [each for each in self._below(node, env) if each.when != FALSE]
        lacking = self._lacking(node, env, value, below)
        if lacking != FALSE:
            below.extend(self._own(node, env, self.work.columns.share(lacking)))
        kept = negated(settled)
        # Of what is known exactly or not at all, whatever is kept makes it unknown.
        plain = is_plain(value)
        return _distinct(
            each if each.sure else replace(each, when=both(kept, each.when), sure=plain)
            for each in below
        )

    def _below(self, node: Node, env: Env) -> Iterator[Cause]:
        match node:
            case Exists() | Literal() | TableName():
                return
            case Variable():
                yield from self._owed(node, env)
            case Path(root=Variable() as root):
                yield from _when(is_unknown(self.work.value(root, env)), self._owed(root, env))
            case Contains():
                yield from self.of(node.members, env)
                members = is_unknown(self.work.value(node.members, env))
                yield from _loose(_when(negated(members), self.of(node.item, env)))
            case Conditional():
                yield from self._of_conditional(node, env)
            case Default():
                yield from self._of_default(node, env)
            case Comprehension():
                yield from self._of_loop(node, env)
            case Bind():
                yield from self.of(node.body, self.work.inside(node, env))
            case Logic() | ListOf():
                for part in children(node):
                    yield from _loose(self.of(part, env))
            case _:
                for part in children(node):
                    yield from self.of(part, env)

    def _lacking(self, node: Node, env: Env, value: Val, below: list[Cause]) -> str:
        """Return when a node is unknown although nothing below it is."""
        if isinstance(node, _NEVER) or (isinstance(node, Variable) and node.slot in env.defined):
            return FALSE
        if isinstance(node, Arithmetic) and isinstance(value, Number) and value.tame:
            divisor = as_number(self.work.value(node.right, env))
            if node.operator != "/" or never_0(divisor):
                return FALSE
        parts = (node.path,) if isinstance(node, Default) else children(node)
        values = [self.work.value(part, env) for part in parts]
        if isinstance(node, Compare) and all(is_plain(each) for each in values):
            return FALSE
        loose = either(*(each.when for each in below if not each.sure))
        known_ = (negated(is_unknown(each)) for each in values)
        if isinstance(node, Contains):
            known_ = (negated(is_unknown(values[1])),)  # type: ignore[assignment]
            loose = either(*(each.when for each in below))
        return both(is_unknown(value), *known_, negated(loose))

    def _owed(self, node: Variable, env: Env) -> list[Cause]:
        """Return why a bound name is unknown; a loop's variable owes nothing."""
        if node.slot not in env.defined:
            return []
        defined, outer = env.defined[node.slot]
        return self.of(defined, outer)

    def _of_conditional(self, node: Conditional, env: Env) -> Iterator[Cause]:
        test = self.work.truth(node.test, env).sql
        yield from _loose(self.of(node.test, env))
        for side, taken in ((node.then, possibly(test)), (node.otherwise, negated(surely(test)))):
            if taken != FALSE:
                yield from _when(taken, self.of(side, env))

    def _of_default(self, node: Default, env: Env) -> Iterator[Cause]:
        held = self.work.held(node.path, env)
        if held != FALSE:
            lacks = is_unknown(self.work.value(node.path, env))
            # What is held and is no amount is known.
            if isinstance(node.type, MoneyType):
                yield from self._money(node.path, env, both(held, lacks))
        if held != TRUE:
            yield from _when(negated(held), self.of(node.otherwise, env))

    def _of_loop(self, node: Comprehension, env: Env) -> Iterator[Cause]:
        yield from self.of(node.source, env)
        source = as_list(self.work.value(node.source, env))
        if source is None:
            return
        source = iterable(self.work.tools, source)
        place = self._place(node.source, env)
        if isinstance(source, FixedList):
            for index, (member, _) in enumerate(source.members):
                yield from _loose(self._member(node, env, member, texts.below(place, index)))
            return
        name = self.work.columns.variable()
        member, _ = source.member(name)
        with self.work.columns.loop(name) as bind:
            made = list(self._member(node, env, member, texts.below(place, 0)))
            found = _distinct(
                replace(e, when=bind(e.when), words=bind(e.words), hand=bind(e.hand)) for e in made
            )
        yield from _loose(self._somewhere(source, name, found))

    def _member(
        self, node: Comprehension, env: Env, member: Val, place: Place | None
    ) -> Iterator[Cause]:
        self.places[node.variable.slot] = place
        inner = env.bound(node.variable.slot, member, None)
        kept = TRUE
        if node.condition is not None:
            yield from self.of(node.condition, inner)
            kept = possibly(self.work.truth(node.condition, inner).sql)
        if kept != FALSE:
            yield from _when(kept, self.of(node.element, inner))

    def _somewhere(self, source: RowList, name: str, found: list[Cause]) -> Iterator[Cause]:
        """Return the causes that some member of a list has."""
        several = len({each.words for each in found}) > 1
        for each in found:
            when = each.when
            if is_local(when):
                when = f"(len(list_filter({source.source}, lambda {name}: {when})) > 0)"
            else:
                when = both(f"(len({source.source}) > 0)", when)
            # In which order two kinds of holes come is left to the evaluator.
            loose = several or is_local(each.words) or is_local(each.hand)
            hand = TRUE if loose else each.hand
            words = each.words if not is_local(each.words) else "''"
            when = self.work.columns.share(surely(when))
            yield replace(each, when=when, hand=hand, words=words)

    # A node's own cause

    def _own(self, node: Node, env: Env, when: str) -> list[Cause]:
        match node:
            case Path() | Choose() | Variable():
                return self._missing(node, env, when)
            case Compare():
                left, right = self.rule_sides(node, env)
                return [texts.straddle(node, left, right, when)]
            case Contains():
                return [texts.undecided(node, when)]
        return [texts.undefined(self.work, self.writer, node, env, when)]

    def rule_sides(self, node: Compare, env: Env) -> tuple[Worded, Worded]:
        """Write the sides of a comparison."""
        from checker.bulk.compile.reasons import Wording

        return Wording(self.rule).sides(node, env)

    def _missing(self, node: Path | Choose | Variable, env: Env, when: str) -> list[Cause]:
        held = self._held(node, env)
        found = []
        if held != TRUE:
            place = self._place(node, env)
            found.append(texts.missing(node, place, both(when, negated(held))))
        if held != FALSE:
            found.extend(self._money(node, env, both(when, held)))
        return found

    def _held(self, node: Node, env: Env) -> str:
        """Return whether the record holds a value that is unknown: an amount without a rate."""
        if not isinstance(node.type, MoneyType):
            return FALSE
        if isinstance(node, Path):
            return self.work.held(node, env)
        if isinstance(node, Choose):
            source, key = self.work.value(node.source, env), self.work.value(node.key, env)
            if not isinstance(source, RowRecord) or not isinstance(key, Known):
                return TRUE if isinstance(source, RowRecord) else FALSE
            return FALSE if key.value is UNKNOWN else source.held((key.value,))
        return FALSE

    def _money(self, node: Node, env: Env, when: str) -> list[Cause]:
        if when == FALSE:
            return []
        return [texts.no_rate(self.work, node, self._place(node, env), self._root(node, env), when)]

    def _root(self, node: Node, env: Env) -> RowRecord | None:
        """Return the record of the row that an amount lies in."""
        if isinstance(node, Path | Choose):
            inner = node.root if isinstance(node, Path) else node.source
            found = self.work.value(inner, env)
            if isinstance(found, RowRecord):
                return found
            if isinstance(found, Overlaid) and isinstance(found.base, RowRecord):
                return found.base
        return None

    def _place(self, node: Node, env: Env) -> Place | None:
        """Return where a value stands; `texts.DYNAMIC` where that depends on the row."""
        match node:
            case Variable() if node.slot in _ROOTS:
                return (_ROOTS[node.slot],)
            case Variable() if node.slot in env.defined:
                defined, outer = env.defined[node.slot]
                return self._place(defined, outer)
            case Variable():
                return self.places.get(node.slot)
            case Path():
                root = self._place(node.root, env)
                return texts.below(root, *node.names)
            case Bind():
                return self._place(node.body, self.work.inside(node, env))
            case Choose():
                source = self._place(node.source, env)
                key = self.work.value(node.key, env)
                if not isinstance(key, Known):
                    return texts.DYNAMIC
                return None if key.value is UNKNOWN else texts.below(source, key.value)
            case Default() | Conditional():
                return texts.DYNAMIC
        return None


def _when(condition: str, found: Iterable[Cause]) -> Iterator[Cause]:
    for each in found:
        yield replace(each, when=both(condition, each.when))


def _loose(found: Iterable[Cause]) -> Iterator[Cause]:
    """Return causes that may hold although the value at hand is known."""
    for each in found:
        yield replace(each, sure=False)


def _distinct(found: Iterable[Cause]) -> list[Cause]:
    """Return causes without those that say the same under the same condition."""
    kept: dict[tuple[str, str, str, str], Cause] = {}
    for each in found:
        if each.when != FALSE:
            kept.setdefault((each.kind, each.owner, each.words, each.when), each)
    return list(kept.values())


# Where one of these is unknown, something below it is.
_NEVER = (
    *(Negate, Not, Convert, Bind, Logic, Conditional, Default),
    *(Exists, Comprehension, ListOf, Literal, TableName),
)
