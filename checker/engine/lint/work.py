"""What lint looks at: a rule's trees with their texts, and what may be of each part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from checker.engine.lint_codes import CODES
from checker.engine.ruleset import RuleSet, TypedRule, with_used
from checker.engine.texts import diagnose
from checker.language.bounds import Reasoner
from checker.language.errors import LanguageError
from checker.language.facts import Facts
from checker.language.nodes import Bind, Node, Variable, children
from checker.language.templates import Placeholder
from checker.model.diagnostics import Diagnostic, Position
from checker.model.frozen import dataclass
from checker.model.rules import Definition, Pack, Rule, SourceText


class Found(NamedTuple):
    """A diagnostic, and the pack and the rule that may switch it off."""

    diagnostic: Diagnostic
    pack: Pack
    rule: Rule | None = None


class Part(NamedTuple):
    """A part of an expression, the text that it stands in and the pack of that text."""

    node: Node
    source: SourceText
    pack: Pack


def at(code: str, message: str, position: Position, hint: str = "") -> Diagnostic:
    """Return a diagnostic of a code at a place."""
    return Diagnostic(code, message, position, CODES[code].severity, hint)


def mark(code: str, message: str, node: Node, source: SourceText, note: str = "") -> Diagnostic:
    """Return a diagnostic of a code that marks a part of an expression."""
    error = LanguageError(message, node.start, node.end, note=note, code=code)
    return replace(diagnose(error, source), severity=CODES[code].severity)


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """The packs of a rule set, and which definitions each of them sees.

    `users` are the packs that use others, loaded or not, by those others' names.
    """

    rules: RuleSet
    packs: Mapping[str, Pack]
    rows: Mapping[str, int]
    users: Mapping[str, frozenset[str]]

    def is_whole(self, pack: Pack) -> bool:
        """Tell whether the rules of a pack, and of all that use it, are here to be looked at.

        A pack without rules is there for others, and nobody knows for whom.
        """
        judging = {name for name, each in self.packs.items() if each.rules}
        return pack.name in judging and self.users.get(pack.name, frozenset()) <= judging

    def visible(self, pack: Pack) -> Iterator[Pack]:
        """Return a pack and all that it uses, directly or through others."""
        return with_used(self.packs, [pack.name])

    def definition(self, name: str, pack: Pack) -> tuple[Definition, Pack] | None:
        """Return what a pack calls by a name, and the pack that it stands in."""
        owners = (each for each in self.visible(pack) if name in each.definitions)
        owner = next(owners, None)
        return None if owner is None else (owner.definitions[name], owner)


def library_of(rules: RuleSet, users: Mapping[str, frozenset[str]]) -> Library:
    """Return the library of a rule set."""
    rows: dict[str, int] = {}
    twice = set[str]()
    for type_, table in rules.tables.items():
        if type_.name in rows:
            twice.add(type_.name)
        rows[type_.name] = len(table.rows)
    # Two tables of one name in packs that do not see each other: their rows are not counted.
    counted = {name: count for name, count in rows.items() if name not in twice}
    return Library(rules, {pack.name: pack for pack in rules.packs}, counted, users)


class Work:
    """One rule under lint."""

    def __init__(self, typed: TypedRule, library: Library) -> None:
        self.typed = typed
        self.rule = typed.rule
        self.pack = typed.pack
        self.library = library
        self.reasoner = self._reasoner(params_free=False)

    def _reasoner(self, *, params_free: bool) -> Reasoner:
        typed = self.typed
        reasoner = Reasoner(typed.lets, self.library.rows, params_free=params_free)
        for node in (typed.applies, typed.when, typed.require):
            if node is not None:
                reasoner.numbering.learn(node)
        for placeholder in self.placeholders:
            reasoner.numbering.learn(placeholder.node)
        return reasoner

    @cached_property
    def free(self) -> Reasoner:
        """Reason as if numbers in params could be any."""
        return self._reasoner(params_free=True)

    def given(self, reasoner: Reasoner, *tests: Node | None) -> Facts | None:
        """Return the facts where tests hold; None where they never do."""
        given = [test for test in tests if test is not None]
        return reasoner.assume_all(given, True, reasoner.no_facts)

    @cached_property
    def where_it_applies(self) -> Facts | None:
        """What holds where the rule applies; None where it never does."""
        return self.given(self.reasoner, self.typed.applies, self.typed.when)

    @property
    def placeholders(self) -> Iterator[Placeholder]:
        """Give the values of both templates."""
        for template in (self.typed.pass_text, self.typed.fail_text):
            yield from (part for part in template or () if isinstance(part, Placeholder))

    @property
    def trees(self) -> Iterator[Part]:
        """Give what decides: the condition, `when` and each `let`."""
        yield Part(self.typed.require, self.rule.require, self.pack)
        if self.typed.when is not None and self.rule.when is not None:
            yield Part(self.typed.when, self.rule.when, self.pack)
        for variable, node in self.typed.lets:
            yield Part(node, self.rule.let[variable.name], self.pack)

    @property
    def parts(self) -> Iterator[Part]:
        """Give every part of what decides, those of the definitions that are called too."""
        for tree in self.trees:
            yield from self.below(tree)

    def below(self, part: Part) -> Iterator[Part]:
        """Give a part and all its parts."""
        yield part
        for inner in self.inside(part):
            yield from self.below(inner)

    def inside(self, part: Part) -> Iterator[Part]:
        """Give the parts of a part; a definition's body stands in its own text."""
        node, source, pack = part
        if isinstance(node, Bind):
            for _, value in node.bindings:
                yield Part(value, source, pack)
            yield self.body(node, part)
            return
        for child in children(node):
            yield Part(child, source, pack)

    def body(self, node: Bind, part: Part) -> Part:
        """Return the body of a definition that is called."""
        found = self.library.definition(node.name, self.pack)
        if found is None:
            return Part(node.body, part.source, part.pack)
        definition, owner = found
        return Part(node.body, definition.body, owner)

    def followed(self, part: Part) -> Part:
        """Return what a part stands for: a `let` leads to its text, a call to its definition."""
        lets = {variable.slot: (variable.name, value) for variable, value in self.typed.lets}
        while True:
            node = part.node
            if isinstance(node, Bind):
                part = self.body(node, part)
            elif isinstance(node, Variable) and node.slot in lets:
                name, value = lets[node.slot]
                part = Part(value, self.rule.let[name], self.pack)
            else:
                return part

    @cached_property
    def deciding(self) -> list[Part]:
        """Return the parts of the condition and of `when`, and of the lets that they read."""
        return self._with_lets(list(self.trees)[: 1 if self.typed.when is None else 2])

    def _with_lets(self, waiting: list[Part]) -> list[Part]:
        found: list[Part] = []
        lets = {variable.slot: (variable.name, value) for variable, value in self.typed.lets}
        while waiting:
            for part in self.below(waiting.pop()):
                found.append(part)
                if isinstance(part.node, Variable) and part.node.slot in lets:
                    name, value = lets.pop(part.node.slot)
                    waiting.append(Part(value, self.rule.let[name], self.pack))
        return found

    def found(self, diagnostic: Diagnostic, pack: Pack | None = None) -> Found:
        """Return what was found in this rule, or in a definition of another pack."""
        return Found(diagnostic, pack or self.pack, self.rule)


def texts_of(rule: Rule) -> Iterator[str]:
    """Give every expression and template of a rule."""
    given = (rule.require, rule.when, rule.pass_text, rule.fail_text, *rule.let.values())
    yield from (text.text for text in given if text is not None)


def calls_in(texts: Iterable[str]) -> set[str]:
    """Return the names that are called in some texts."""
    return {name for text in texts for name in _CALLED.findall(text)}


def tables_in(texts: Iterable[str]) -> set[str]:
    """Return the tables that are named in some texts."""
    return {name for text in texts for name in _TABLE.findall(text)}


_CALLED = re.compile(r"\b([a-z][a-z0-9_]*)\s*\(")
_TABLE = re.compile(r"\btables\s*\.\s*([a-z][a-z0-9_]*)")
