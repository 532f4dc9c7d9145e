"""Packs become a set of typed rules: every expression parsed and type-checked, once.

All errors of all packs come together, each at its place. What loads cannot fail by a typo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import TypeVar

from checker.engine.params import param_fields
from checker.engine.reach import CATEGORIES, TOPICS
from checker.engine.renaming import former_names
from checker.engine.texts import diagnose
from checker.engine.where import condition_text
from checker.language.check import DefinitionError, check_expression
from checker.language.coerce import describe
from checker.language.errors import LanguageError
from checker.language.nodes import Node, Variable
from checker.language.parse import parse
from checker.language.scope import ROOTS, DefinitionText, Scope, Slots, bind_name
from checker.language.suggest import did_you_mean
from checker.language.tables import table_type
from checker.language.templates import Template, check_template
from checker.language.vocabulary import Vocabulary
from checker.model.diagnostics import Diagnostic, Position, RulesError
from checker.model.frozen import dataclass
from checker.model.rules import Change, FactColumn, Pack, Rule, SourceText, Table
from checker.model.types import FlagType, RecordType, TableType
from checker.model.waivers import Waiver

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class TypedRule:
    """A rule whose expressions have types. `slots` is the size of its evaluation's frame."""

    rule: Rule
    pack: Pack
    applies: Node | None
    when: Node | None
    lets: tuple[tuple[Variable, Node], ...]
    require: Node
    pass_text: Template | None
    fail_text: Template | None
    params: RecordType
    slots: int


@dataclass(frozen=True, slots=True, eq=False)
class TypedFact:
    """A fact column whose expression has a type."""

    column: FactColumn
    value: Node
    slots: int


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """Everything that a brief is judged by.

    `vocabularies` are the packs' words, by the names of vocabularies.
    `tables` are the packs' tables by their types.
    """

    types: Mapping[str, RecordType]
    packs: tuple[Pack, ...]
    rules: tuple[TypedRule, ...]
    facts: tuple[TypedFact, ...]
    tables: Mapping[TableType, Table]
    vocabularies: Mapping[str, Vocabulary]
    changes: tuple[Change, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()

    def find(self, rule_id: str) -> TypedRule | None:
        """Return the rule with this id, be it the one that it had before, else None."""
        now = former_names(self.packs).get(rule_id, rule_id)
        return next((typed for typed in self.rules if typed.rule.id == now), None)


def build_rules(
    packs: Iterable[Pack],
    types: Mapping[str, RecordType],
    *,
    changes: tuple[Change, ...] = (),
    waivers: tuple[Waiver, ...] = (),
    warnings: tuple[Diagnostic, ...] = (),
) -> RuleSet:
    """Type-check packs into a rule set.

    Args:
        packs: the packs, with those that they use; the configuration is applied already.
        types: the record types by kind, from the schemas.
        changes: what the configuration changed, kept for reports.
        waivers: those of the configuration.
        warnings: what there is to change in it, or in the packs.

    Raises:
        RulesError: with every error of every pack.
    """
    kept = tuple(packs)
    work = _Work(kept, types)
    rules = tuple(
        typed
        for pack in kept
        for rule in pack.rules
        if rule.enabled and (typed := work.configured_rule(pack, rule)) is not None
    )
    facts = tuple(
        fact
        for pack in kept
        for column in pack.facts
        if (fact := work.fact(pack, column)) is not None
    )
    work.check_words()
    if work.diagnostics:
        raise RulesError(work.diagnostics)
    tables = {
        type_: table
        for pack in kept
        for table in pack.tables.values()
        for type_ in (work.table_types[pack.name][table.name],)
    }
    words = vocabularies(kept)
    return RuleSet(types, kept, rules, facts, tables, words, changes, waivers, warnings)


def with_used(packs: Mapping[str, Pack], names: Iterable[str]) -> Iterator[Pack]:
    """Give the packs with some names and all that they use, directly or through others."""
    seen, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name not in seen and name in packs:
            seen.add(name)
            yield packs[name]
            waiting += packs[name].uses


def vocabularies(packs: Iterable[Pack]) -> Mapping[str, Vocabulary]:
    """Return the words of packs; same-named vocabularies are one, and a topic may be a category."""
    kept = tuple(packs)
    tables: dict[str, list[Table]] = {}
    more = tuple(pack.translations for pack in kept if pack.translations is not None)
    for pack in kept:
        for table in pack.tables.values():
            if table.kind == "vocabulary":
                tables.setdefault(table.name, []).append(table)
    found: dict[str, Vocabulary] = {}
    # Topics come before categories, which may look there.
    for name in sorted(tables, key=lambda each: each == CATEGORIES):
        beside = found.get(TOPICS) if name == CATEGORIES else None
        found[name] = _vocabulary(name, tuple(tables[name]), more, beside)
    return found


_Translations = Callable[[], Iterable[Pack]]


@lru_cache(maxsize=16)
def _vocabulary(
    name: str,
    tables: tuple[Table, ...],
    more: tuple[_Translations, ...],
    beside: Vocabulary | None,
) -> Vocabulary:
    translated = partial(_translations, more, name) if more else None
    return Vocabulary(name, tables, translated, beside)


def _translations(more: Iterable[_Translations], name: str) -> Iterable[Table]:
    packs = [pack for each in more for pack in each()]
    return [pack.tables[name] for pack in packs if name in pack.tables]


class _Work:
    """Checks rules one by one and keeps what is wrong."""

    def __init__(self, packs: tuple[Pack, ...], types: Mapping[str, RecordType]) -> None:
        self.types = types
        self.packs = {pack.name: pack for pack in packs}
        self.diagnostics: list[Diagnostic] = []
        self.searched: set[TableType] = set()
        ages = _ages(types)
        self.table_types = {
            pack.name: {name: table_type(table, ages) for name, table in pack.tables.items()}
            for pack in packs
        }
        for pack in packs:
            for definition in pack.definitions.values():
                self.attempt(definition.body, lambda text: parse(text))
            for table in pack.tables.values():
                for declared in table.columns.values():
                    if declared.startswith("money "):
                        self.check_currency(declared.removeprefix("money "), table.position)

    def visible(self, pack: Pack) -> tuple[Pack, ...]:
        """Return a pack and all that it uses, directly or through others."""
        return tuple(with_used(self.packs, [pack.name]))

    def scope(self, pack: Pack, roots: tuple[str, ...], params: RecordType) -> Scope:
        packs = self.visible(pack)
        tables = {
            name: type_ for each in packs for name, type_ in self.table_types[each.name].items()
        }
        definitions = {
            name: DefinitionText(name, definition.arguments, definition.body.text)
            for each in packs
            for name, definition in each.definitions.items()
        }
        return Scope(self.types, roots, params, tables, definitions, searched=self.searched)

    def attempt(self, source: SourceText, check: Callable[[str], _T]) -> _T | None:
        try:
            return check(source.text)
        except DefinitionError as error:
            body = self.body_of(error.definition)
            self.keep(diagnose(error, body if body is not None else source))
        except LanguageError as error:
            self.keep(diagnose(error, source))
        return None

    def body_of(self, name: str) -> SourceText | None:
        bodies = (
            pack.definitions[name].body for pack in self.packs.values() if name in pack.definitions
        )
        return next(bodies, None)

    def keep(self, diagnostic: Diagnostic) -> None:
        # One mistake in a definition shows at every call; it is said once.
        said = {(each.position, each.message) for each in self.diagnostics}
        if (diagnostic.position, diagnostic.message) not in said:
            self.diagnostics.append(diagnostic)

    def fact(self, pack: Pack, column: FactColumn) -> TypedFact | None:
        scope, slots = self.scope(pack, ROOTS["influencer"], RecordType("params")), Slots()
        value = self.attempt(column.value, lambda text: check_expression(text, scope, slots))
        return None if value is None else TypedFact(column, value, slots.next)

    def configured_rule(self, pack: Pack, rule: Rule) -> TypedRule | None:
        """Check a rule; what only the configuration's params break is said of them."""
        before = len(self.diagnostics)
        typed = self.rule(pack, rule)
        changed = [param for param in rule.params.values() if param.because]
        if not changed:
            return typed
        if typed is not None:
            from checker.engine.param_units import misfits

            self.diagnostics += misfits(typed)
            return typed
        wrong = self.diagnostics[before:]
        del self.diagnostics[before:]
        defaults = {
            name: replace(param, value=param.default) for name, param in rule.params.items()
        }
        if self.rule(pack, replace(rule, params=defaults)) is None:
            return None
        for param in changed:
            hint = wrong[0].excerpt.note if wrong[0].excerpt else wrong[0].hint
            message = f"{param.name} does not fit the rule {rule.id}: {wrong[0].message}"
            self.keep(Diagnostic("param-value", message, param.position, hint=hint))
        return None

    def check_words(self) -> None:
        """Refuse words that are looked for in texts and never found; shipped ones all are."""
        for pack in self.packs.values():
            for name, type_ in self.table_types[pack.name].items():
                if pack.origin != "shipped" and type_ in self.searched:
                    from checker.engine.table_words import never_found_words

                    self.diagnostics += never_found_words(pack.tables[name])

    def check_currencies(self, rule: Rule) -> None:
        for param in rule.params.values():
            currency = param.value.get("currency", "") if isinstance(param.value, dict) else ""
            if currency:
                self.check_currency(str(currency), param.position)

    def check_currency(self, code: str, position: Position) -> None:
        known = Scope(self.types, (), RecordType("params"), {}, {}).currencies
        if code not in known:
            hint = did_you_mean(code, known)
            message = f'"{code}" is no currency code'
            self.keep(
                Diagnostic("unknown-value", message, position, hint=hint[:1].upper() + hint[1:])
            )

    def rule(self, pack: Pack, rule: Rule) -> TypedRule | None:
        errors = len(self.diagnostics)
        self.check_currencies(rule)
        params = RecordType("params", param_fields(rule, _ages(self.types)))
        scope, slots = self.scope(pack, ROOTS[rule.scope], params), Slots()

        def expression(text: str) -> Node:
            return check_expression(text, scope, slots)

        def condition(text: str) -> Node:
            node = expression(text)
            if not isinstance(node.type, FlagType):
                message = f"a condition is true or false; this is {describe(node.type)}"
                raise LanguageError(message, node.start, node.end, note="compare it with something")
            return node

        def template(text: str) -> Template:
            return check_template(text, expression)

        lets = []
        for name, source in rule.let.items():
            value = self.attempt(source, expression)
            if value is not None:
                lets.append((bind_name(scope, slots, name, value), value))
        if len(self.diagnostics) > errors:
            # What rests on a broken let would only repeat its error in other words.
            return None
        applies = self.applies(pack, rule, condition)
        when = self.attempt(rule.when, condition) if rule.when else None
        require = self.attempt(rule.require, condition)
        pass_text = self.attempt(rule.pass_text, template) if rule.pass_text else None
        fail_text = self.attempt(rule.fail_text, template) if rule.fail_text else None
        if len(self.diagnostics) > errors or require is None:
            return None
        return TypedRule(
            rule,
            pack,
            applies,
            when,
            tuple(lets),
            require,
            pass_text,
            fail_text,
            params,
            slots.next,
        )

    def applies(self, pack: Pack, rule: Rule, condition: Callable[[str], Node]) -> Node | None:
        text = condition_text(pack, rule, self.types)
        if not text:
            return None
        place = rule.position
        return self.attempt(SourceText(text, lambda offset: place, lambda line: ""), condition)


def _ages(types: Mapping[str, RecordType]) -> RecordType:
    """Return the type of the brief's target ages, which tables and params of ages share."""
    target = types["brief"].fields["target"].type
    assert isinstance(target, RecordType)
    ages = target.fields["age"].type
    assert isinstance(ages, RecordType)
    return ages
