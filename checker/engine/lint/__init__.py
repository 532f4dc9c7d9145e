"""What loads but is wrong in rule packs: found from types, bounds and sources, never by guess.

Each module has one group of diagnostics; `checker.engine.lint_codes` explains every one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from checker.engine.lint import conditions, definitions, habits, sources, texts, unused, words
from checker.engine.lint.rows import Rows, unseen
from checker.engine.lint.switches import switched
from checker.engine.lint.work import Found, Library, Work, library_of
from checker.engine.ruleset import RuleSet
from checker.language.bounds import Reasoner
from checker.language.nodes import Bind, Node, subtree
from checker.model.diagnostics import Diagnostic

__all__ = ["lint_rules"]

_NOBODY: Mapping[str, frozenset[str]] = {}
_IN_A_RULE: tuple[Callable[[Work], Iterator[Found]], ...] = (
    habits.shares_out_of_bounds,
    habits.assumptions,
    habits.presences,
    habits.empty_lists,
    habits.wide_ranges,
    words.unknown_labels,
    sources.weak_sources,
    unused.in_rule,
    texts.silent_fails,
    texts.missing_fix,
    texts.missing_examples,
)


def lint_rules(rules: RuleSet, users: Mapping[str, frozenset[str]] = _NOBODY) -> list[Diagnostic]:
    """Return what is wrong with rules that load, each place once.

    `users` names, for each pack, those that use it, loaded or not: what only one that is not
    loaded may read is not called unused.
    """
    library = library_of(rules, users)
    return list(switched(_found(rules, library), rules.packs))


def _found(rules: RuleSet, library: Library) -> Iterator[Found]:
    work = [Work(typed, library) for typed in rules.rules]
    for each in work:
        for look in _IN_A_RULE:
            yield from look(each)
    yield from _answers(work)
    yield from _tables_and_definitions(rules, work, library)
    for pack in rules.packs:
        yield from sources.tables_without_source(pack)
        yield from unused.in_pack(pack, library)


def _answers(work: list[Work]) -> Iterator[Found]:
    parts = conditions.Parts()
    for each in work:
        if any(habits.shares_out_of_bounds(each)):
            continue  # Said already, and what it should say is not known.
        yield from conditions.whole_rule(each)
        parts.judge(each)
    yield from parts.found


def _tables_and_definitions(rules: RuleSet, work: list[Work], library: Library) -> Iterator[Found]:
    rows = Rows()
    called = set[str]()
    for each in work:
        trees = [part.node for part in each.trees]
        trees += [placeholder.node for placeholder in each.placeholders]
        rows.read(each.free, trees)
        called.update(*map(_called, trees))
    for fact in rules.facts:
        reasoner = Reasoner(rows=library.rows)
        reasoner.numbering.learn(fact.value)
        rows.read(reasoner, [fact.value])
        called.update(_called(fact.value))
    yield from rows.found(library, unseen(library, called))
    for pack in rules.packs:
        yield from definitions.unchecked(pack, library, called)


def _called(node: Node) -> set[str]:
    """Return the definitions that are called in a tree."""
    return {part.name for part in subtree(node) if isinstance(part, Bind)}
