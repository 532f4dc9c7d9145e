"""The mutants of packs: slips in conditions, lets, definitions, params and tables' numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from checker.engine.mutation.edits import edits
from checker.engine.mutation.steps import SHARE_STEP, moved, share_params, written
from checker.engine.mutation.walk import own, read_by
from checker.engine.ruleset import RuleSet, TypedRule, with_used
from checker.language.nodes import Bind, Node, Path, TableName, param_of, subtree
from checker.model.diagnostics import Position
from checker.model.frozen import dataclass
from checker.model.rules import Definition, Pack, Param, Rule, SourceText, Table
from checker.model.types import TableType

_LOWER, _UPPER = ("from", "above"), ("below", "to")


@dataclass(frozen=True, slots=True, eq=False)
class Mutant:
    """A pack with one slip.

    `owner` is what the slip is in: a rule's id, "definition cost" or "table tiers". `rules` are the
    rules that read it, whose examples may notice. `apply` makes the packs with the slip.
    """

    owner: str
    position: Position
    old: str
    new: str
    rules: tuple[TypedRule, ...]
    apply: Callable[[Pack], Pack]

    @property
    def text(self) -> str:
        """The slip in one line, as `equivalents` in a rule file name it."""
        return f"{self.old} -> {self.new}"


def mutants(rules: RuleSet, packs: Collection[str]) -> Iterator[Mutant]:
    """Make the mutants of the packs with these names, in the order of their files."""
    for pack in rules.packs:
        if pack.name in packs:
            found = [*_of_rules(rules, pack), *_of_definitions(rules, pack)]
            found += _of_tables(rules, pack)
            yield from sorted(found, key=lambda each: (each.position.line, each.position.column))


# Slips in a rule's own text


def _of_rules(rules: RuleSet, pack: Pack) -> Iterator[Mutant]:
    for typed in rules.rules:
        if typed.pack.name == pack.name:
            yield from _of_texts(typed)
            yield from _of_params(typed)


def _of_texts(typed: TypedRule) -> Iterator[Mutant]:
    rule, decisive = typed.rule, {id(node) for node in read_by(typed)}
    if typed.when is not None and rule.when is not None:
        yield from _texts(typed, rule.when, typed.when, lambda r, text: replace(r, when=text))
    for variable, node in typed.lets:
        if id(node) in decisive:
            source, change = rule.let[variable.name], _changed_let(variable.name)
            yield from _texts(typed, source, node, change)
    yield from _texts(typed, rule.require, typed.require, lambda r, text: replace(r, require=text))


def _changed_let(name: str) -> Callable[[Rule, SourceText], Rule]:
    return lambda rule, text: replace(rule, let={**rule.let, name: text})


def _texts(
    typed: TypedRule, source: SourceText, node: Node, change: Callable[[Rule, SourceText], Rule]
) -> Iterator[Mutant]:
    rule = typed.rule
    for edit in edits(source.text, node):
        mutated = change(rule, replace(source, text=edit.text))
        yield Mutant(
            rule.id,
            source.locate(edit.offset),
            edit.old,
            edit.new,
            (typed,),
            _with_rule(mutated),
        )


def _with_rule(mutated: Rule) -> Callable[[Pack], Pack]:
    def apply(pack: Pack) -> Pack:
        rules = tuple(mutated if rule.id == mutated.id else rule for rule in pack.rules)
        return replace(pack, rules=rules)

    return apply


# Slips in params


def _of_params(typed: TypedRule) -> Iterator[Mutant]:
    rule, nodes = typed.rule, read_by(typed)
    read = {param_of(part) for node in nodes for part in own(node)}
    shares = set().union(*map(share_params, nodes))
    for name, param in rule.params.items():
        if name in read:
            step = SHARE_STEP if name in shares else None
            for old, new, value in _moved_values(param.value, step):
                yield _param_mutant(typed, param, f"{name}: {old}", f"{name}: {new}", value)


def _param_mutant(typed: TypedRule, param: Param, old: str, new: str, value: Any) -> Mutant:
    params = {**typed.rule.params, param.name: replace(param, value=value)}
    mutated = replace(typed.rule, params=params)
    return Mutant(typed.rule.id, param.position, old, new, (typed,), _with_rule(mutated))


def _moved_values(value: Any, step: float | None) -> Iterator[tuple[str, str, Any]]:
    """Give a threshold's value moved by a step, with both as text; of ages or an amount, each."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        for other in moved(value, step):
            yield written(value), written(other), other
    elif isinstance(value, str) and value.endswith("%"):
        for other in moved(float(value[:-1]) / 100, SHARE_STEP):
            yield value, f"{other * 100:.6g}%", other
    elif isinstance(value, dict):
        for key, part in value.items():
            for old, new, other in _moved_values(part, step):
                yield f"{key} {old}", f"{key} {new}", {**value, key: other}


# Slips in definitions


def _of_definitions(rules: RuleSet, pack: Pack) -> Iterator[Mutant]:
    for definition in pack.definitions.values():
        users = _users(rules, pack, partial(_calls, definition.name))
        if users:
            body = next(
                part.body
                for node in read_by(users[0])
                for part in subtree(node)
                if isinstance(part, Bind) and part.name == definition.name
            )
            for edit in edits(definition.body.text, body):
                yield Mutant(
                    f"definition {definition.name}",
                    definition.body.locate(edit.offset),
                    edit.old,
                    edit.new,
                    users,
                    _with_definition(pack.name, definition, edit.text),
                )


def _calls(name: str, node: Node) -> bool:
    return isinstance(node, Bind) and node.name == name


def _users(rules: RuleSet, pack: Pack, reads: Callable[[Node], bool]) -> tuple[TypedRule, ...]:
    """Return the rules that something of a pack decides, those of the pack itself first."""
    packs = {each.name: each for each in rules.packs}
    found = [
        typed
        for typed in rules.rules
        if any(each.name == pack.name for each in with_used(packs, [typed.pack.name]))
        and any(reads(part) for node in read_by(typed) for part in subtree(node))
    ]
    return tuple(sorted(found, key=lambda typed: typed.pack.name != pack.name))


def _with_definition(owner: str, definition: Definition, text: str) -> Callable[[Pack], Pack]:
    mutated = replace(definition, body=replace(definition.body, text=text))

    def apply(pack: Pack) -> Pack:
        if pack.name != owner:
            return pack
        return replace(pack, definitions={**pack.definitions, definition.name: mutated})

    return apply


# Slips in tables


def _of_tables(rules: RuleSet, pack: Pack) -> Iterator[Mutant]:
    types = {id(table): type_ for type_, table in rules.tables.items()}
    for table in pack.tables.values():
        if table.kind == "vocabulary":
            continue
        type_ = types[id(table)]
        users = _users(rules, pack, partial(_reads_table, type_))
        if not users:
            continue
        if table.kind == "bands":
            yield from _of_edges(pack, table, users)
        columns = _columns_read(users, type_) - set(table.keys)
        for number, row in enumerate(table.rows):
            for column in row:
                if column in columns and column not in (*_LOWER, *_UPPER):
                    yield from _of_cell(pack, table, users, number, column)


def _reads_table(type_: TableType, node: Node) -> bool:
    return isinstance(node, TableName) and node.type is type_


def _columns_read(users: Iterable[TypedRule], type_: TableType) -> set[str]:
    return {
        part.names[0]
        for typed in users
        for node in read_by(typed)
        for part in subtree(node)
        if isinstance(part, Path) and part.root.type is type_.row
    }


def _of_cell(
    pack: Pack, table: Table, users: tuple[TypedRule, ...], number: int, column: str
) -> Iterator[Mutant]:
    row = table.rows[number]
    share = table.columns.get(column) == "share"
    for old, new, value in _moved_values(row[column], SHARE_STEP if share else None):
        which = ", ".join(f"{key} {row[key]}" for key in table.keys if key in row)
        name = f"{which}, {column}" if which else column
        yield _table_mutant(
            pack,
            table,
            users,
            (number, column),
            (f"{name}: {old}", f"{name}: {new}"),
            {number: {**row, column: value}},
        )


def _of_edges(pack: Pack, table: Table, users: tuple[TypedRule, ...]) -> Iterator[Mutant]:
    """Move the edge between two bands, of both at once: bands leave no gap."""
    rows = table.rows
    for number, row in enumerate(rows):
        key = next((each for each in _LOWER if each in row), None)
        if key is None or number == 0:
            continue
        above = rows[number - 1]
        end = next(each for each in _UPPER if each in above)
        for old, new, value in _moved_values(row[key], None):
            changed = {number: {**row, key: value}, number - 1: {**above, end: value}}
            texts = (f"{key}: {old}", f"{key}: {new}")
            yield _table_mutant(pack, table, users, (number, key), texts, changed)
        other, its = {"from": ("above", "to"), "above": ("from", "below")}[key]
        changed = {
            number: {other if k == key else k: v for k, v in row.items()},
            number - 1: {its if k == end else k: v for k, v in above.items()},
        }
        texts = (f"{key}: {written(row[key])}", f"{other}: {written(row[key])}")
        yield _table_mutant(pack, table, users, (number, key), texts, changed)


def _table_mutant(
    pack: Pack,
    table: Table,
    users: tuple[TypedRule, ...],
    place: tuple[int, str],
    texts: tuple[str, str],
    changed: Mapping[int, Mapping[str, Any]],
) -> Mutant:
    rows = tuple(changed.get(number, row) for number, row in enumerate(table.rows))
    mutated = replace(table, rows=rows)

    def apply(each: Pack) -> Pack:
        if each.name != pack.name:
            return each
        return replace(each, tables={**each.tables, table.name: mutated})

    return Mutant(f"table {table.name}", table.locate(*place), *texts, users, apply)
