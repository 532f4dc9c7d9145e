"""Conditions that have one answer: interval reasoning over a whole rule, and over its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from checker.engine.lint.work import Found, Part, Work, mark
from checker.language.bounds import Reasoner
from checker.language.facts import Facts
from checker.language.nodes import Bind, Call, Comprehension, Conditional, Literal, Logic, Node, Not
from checker.language.possible import Possible
from checker.language.show import show
from checker.model.diagnostics import Diagnostic

# One answer, and what the rule is then: whether it can be true, and can be false.
_ONE_ANSWER = {(True, False): "never-fails", (False, True): "never-passes"}
_ALWAYS = {(True, False): "always-true", (False, True): "always-false"}
_LONGEST = 60
# Each part is held against each other; nobody writes so many by hand.
_MOST_OPERANDS = 40


def whole_rule(work: Work) -> Iterator[Found]:
    """Find a `when` that has one answer, and a rule that cannot fail, pass or be decided."""
    found = _when(work)
    if found is not None:
        yield work.found(found)
    code = answer(work)
    if code and work.where_it_applies is not None:
        yield work.found(_whole(work, code))


def answer(work: Work) -> str:
    """Return the code of the one answer that a rule's condition has, or ""."""
    facts = work.where_it_applies
    return "" if facts is None else _answer(work.reasoner, work.typed.require, facts)


def _answer(reasoner: Reasoner, node: Node, facts: Facts) -> str:
    found = reasoner.possible(node, facts)
    if not found.known:
        return "only-unknown"
    if isinstance(node, Literal) and not node.value:
        # Whoever it applies to fails: that is said, and meant.
        return ""
    return _ONE_ANSWER.get((found.true, found.false), "")


_WHOLE = {
    "only-unknown": "this can only be unknown, whatever the records say",
    "never-fails": "this can never fail, whatever the records say",
    "never-passes": "this can never pass, whatever the records say",
}


def _whole(work: Work, code: str) -> Diagnostic:
    found = mark(code, _WHOLE[code], work.typed.require, work.rule.require)
    free = work.given(work.free, work.typed.applies, work.typed.when)
    if free is not None and _answer(work.free, work.typed.require, free) == code:
        return found
    # Another value of a param would change it; whoever set it may mean it.
    hint = "It is so with its params as they are."
    return replace(found, severity="warning", hint=hint)


def _when(work: Work) -> Diagnostic | None:
    when, source = work.typed.when, work.rule.when
    facts = work.given(work.reasoner, work.typed.applies)
    if when is None or source is None or facts is None:
        return None
    found = work.reasoner.possible(when, facts)
    if not found.known:
        return mark("only-unknown", "this can only be unknown, and the rule with it", when, source)
    if work.where_it_applies is None:
        return mark("never-applies", "this never holds; the rule is always skipped", when, source)
    if not found.false:
        return mark(
            "always-applies", "this always holds; the rule applies without it", when, source
        )
    return None


# Parts


class _Verdict(NamedTuple):
    """What was found of one part, in one of the places where it is used."""

    code: str
    message: str
    part: Part
    work: Work


class Parts:
    """Judges the parts of conditions. A definition's are judged whatever its arguments are."""

    def __init__(self) -> None:
        self.verdicts: dict[tuple[int, int, int], list[_Verdict]] = {}

    def judge(self, work: Work) -> None:
        """Judge the parts of one rule."""
        if work.where_it_applies is not None:
            require = Part(work.typed.require, work.rule.require, work.pack)
            given = _Given(work, work.reasoner, work.where_it_applies)
            self._below(given, require, settled=bool(answer(work)))
        outside = work.given(work.reasoner, work.typed.applies)
        for part in list(work.trees)[1:]:
            when = part.node is work.typed.when
            settled = when and _when(work) is not None
            facts = outside if when and outside is not None else work.reasoner.no_facts
            self._below(_Given(work, work.reasoner, facts), part, settled=settled)

    @property
    def found(self) -> Iterator[Found]:
        """Give what is so wherever it is used."""
        for verdicts in self.verdicts.values():
            first = verdicts[0]
            if first.code and all(each.code == first.code for each in verdicts):
                part = first.part
                diagnostic = mark(first.code, first.message, part.node, part.source)
                yield first.work.found(diagnostic, part.pack)

    def _below(self, given: _Given, part: Part, *, settled: bool = False) -> None:
        node = part.node
        if isinstance(node, Logic):
            # Where the whole has one answer, that is said once and not of each part.
            if not settled and not self._test(given, part):
                self._operands(given, part, node)
            return
        tests = _tests(node)
        for inner in given.work.inside(part):
            if any(inner.node is test for test in tests) and not isinstance(inner.node, Logic):
                self._test(given, inner)
            body = isinstance(node, Bind) and inner.node is node.body
            around = given.inside_definition(inner.node) if body else given
            self._below(around, inner, settled=settled and isinstance(node, Bind | Not))

    def _test(self, given: _Given, part: Part) -> bool:
        """Judge a condition by itself."""
        found = given.reasoner.possible(part.node, given.facts)
        code = _ALWAYS.get((found.true, found.false), "") if found.known else ""
        words = {"always-true": "this always holds", "always-false": "this never holds"}
        self._keep(code, words.get(code, ""), part, given.work)
        return bool(code)

    def _operands(self, given: _Given, part: Part, logic: Logic) -> None:
        """Judge the parts of `and` and `or`; of two that say the same, the last is too much."""
        kept = list(logic.operands)
        for node in reversed(logic.operands):
            inner = part._replace(node=node)
            if self._test(given, inner):
                kept.remove(node)
                continue
            others = [each for each in kept if each is not node]
            beside = None
            if len(kept) <= _MOST_OPERANDS:
                beside = next(_implied(given, logic, node, others), None)
            if beside is not None:
                kept.remove(node)
                message = f"this changes nothing beside {_short(beside)}"
                self._keep("needless-part", message, inner, given.work)
            self._below(given, inner, settled=beside is not None)

    def _keep(self, code: str, message: str, part: Part, work: Work) -> None:
        key = (id(part.source), part.node.start, part.node.end)
        verdicts = self.verdicts.setdefault(key, [])
        if code == "needless-part" and verdicts and not verdicts[-1].code:
            # It was judged by itself just now.
            verdicts.pop()
        verdicts.append(_Verdict(code, message, part, work))


class _Given(NamedTuple):
    """What is given where a part stands: the rule, and what is known of its values."""

    work: Work
    reasoner: Reasoner
    facts: Facts

    def inside_definition(self, body: Node) -> _Given:
        """Return what is given in a definition: nothing, for it may be called elsewhere too."""
        reasoner = Reasoner(rows=self.work.library.rows)
        reasoner.numbering.learn(body)
        return _Given(self.work, reasoner, reasoner.no_facts)


def _tests(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node that are asked whether they hold."""
    match node:
        case Conditional():
            return (node.test,)
        case Comprehension(condition=condition) if condition is not None:
            return (condition,)
        case Call(function="any" | "all", arguments=(Comprehension() as loop,)):
            return (loop.element,)
    return ()


def _implied(given: _Given, logic: Logic, node: Node, others: Iterable[Node]) -> Iterator[Node]:
    """Give the operands that settle the whole wherever this one would."""
    settles = logic.operator == "or"
    assumed = given.reasoner.assume(node, settles, given.facts)
    for other in others if assumed is not None else ():
        if _surely(given.reasoner.possible(other, assumed), settles):
            yield other


def _surely(found: Possible, truth: bool) -> bool:
    return found.known and not found.unknown and not (found.false if truth else found.true)


def _short(node: Node) -> str:
    text = show(node)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
