"""Cases of the condition language, and the engines that can run them.

A case is data: an expression or a template, plain records, and what must come out. An engine
gets a whole case and returns plain data, so that one that compiles to SQL can take part.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from checker.engine.params import param_values
from checker.engine.prepared import Desk, make_desk
from checker.engine.ruleset import RuleSet, build_rules
from checker.language.check import check_expression
from checker.language.evaluate import Evaluator, Frame
from checker.language.nodes import Node
from checker.language.scope import BRIEF_SLOTS, ROOTS, SLOTS, DefinitionText, Scope, Slots
from checker.language.specialise import Specialiser
from checker.language.templates import Placeholder, Template, check_template, render
from checker.language.trace import TracedFrame, TracingEvaluator
from checker.loading.pack_file import parse_pack
from checker.loading.source import SourceFile
from checker.loading.validation import SHIPPED
from checker.loading.yaml_text import read_yaml
from checker.model.diagnostics import Position
from checker.model.records import Record
from checker.model.types import DistributionType, ListType, RecordType, Type
from checker.model.values import UNKNOWN, Items, Label, Range, Value

FOLDER = Path(__file__).parent
DEFAULT_DATE = "2026-01-01"
RECORDS = ("brief", "brand", "influencer", "deal", "shortlist", "post")
GIVEN = (*RECORDS, "scope", "params", "tables", "definitions", "today")
EXPECTED = ("value", "text", "error")


@dataclass(frozen=True, slots=True)
class Case:
    """One case: what is run, on what, and what must come out (`value`, `text` or `error`)."""

    name: str
    source: str
    template: bool
    given: Mapping[str, Any]
    expected: Mapping[str, Any]
    scope: str = "influencer"
    today: str = DEFAULT_DATE
    records: Mapping[str, Any] = field(default_factory=dict)


class Engine(Protocol):
    """What runs cases. Values are plain: see README.md for how they are written."""

    name: str

    def value(self, case: Case) -> Any:
        """Return the value of the case's expression, as plain data."""

    def text(self, case: Case) -> str:
        """Return what the case's template writes."""


def without_nulls(data: Any) -> Any:
    """Drop what is null, as loading does: a null is a missing value."""
    if isinstance(data, dict):
        return {key: without_nulls(value) for key, value in data.items() if value is not None}
    if isinstance(data, list):
        return [without_nulls(value) for value in data]
    return data


def read_cases(path: Path) -> Iterator[Case]:
    """Read the cases of one file; a case inherits from its group what it does not give."""
    document = read_yaml(SourceFile(path.name, path.read_text(encoding="utf-8")))
    for group in document.data:
        shared = {key: group[key] for key in GIVEN if key in group}
        for case in group["cases"]:
            unknown = set(case) - {*GIVEN, *EXPECTED, "name", "expression", "template"}
            assert not unknown, f"{path.name}: a case has no {unknown}"
            yield _case(f"{path.stem}: {group['group']}: ", {**shared, **case})


def _case(prefix: str, data: Mapping[str, Any]) -> Case:
    expected = {key: data[key] for key in EXPECTED if key in data}
    assert len(expected) == 1, f"{prefix}{data} expects one of {EXPECTED}"
    template = "template" in data
    source = str(data["template" if template else "expression"])
    records = {key: without_nulls(data[key]) for key in RECORDS if key in data}
    given = {key: data.get(key, {}) for key in ("params", "tables", "definitions")}
    name = f"{prefix}{data.get('name', source)}"
    return Case(
        name,
        source,
        template,
        given,
        expected,
        data.get("scope", "influencer"),
        data.get("today", DEFAULT_DATE),
        records,
    )


@cache
def all_cases() -> tuple[Case, ...]:
    """Return the cases of every file, in order."""
    return tuple(case for path in sorted(FOLDER.glob("*.yaml")) for case in read_cases(path))


# What every engine shares: the case as a pack and its brief, and the checked expression.


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A case ready to run: its rules, its brief's desk, its scope and its bound subject."""

    desk: Desk
    scope: Scope
    slots: Slots
    params: Mapping[str, Value]
    subject: Mapping[str, Value]

    def frame(self) -> Frame:
        """Return a frame of every root's value."""
        frame = self.desk.frame(self.slots.next, self.subject)
        frame[SLOTS["params"]] = self.params
        return frame


@cache
def _rules(given: str) -> RuleSet:
    parts = json.loads(given)
    rule = {
        "id": "case",
        "title": "A case",
        "scope": "influencer",
        "severity": "note",
        "source": "ours",
        "params": {
            name: {"default": value, "source": "ours"} for name, value in parts["params"].items()
        },
        "require": "true",
    }
    pack = {
        "pack": "case",
        "version": "1.0.0",
        "title": "A case",
        "tables": {
            name: table if "source" in table else {**table, "source": "ours"}
            for name, table in parts["tables"].items()
        },
        "definitions": parts["definitions"],
        "rules": [{key: value for key, value in rule.items() if value != {}}],
    }
    kept = {key: value for key, value in pack.items() if value != {}}
    source = SourceFile("case.yaml", json.dumps(kept, ensure_ascii=False, indent=1))
    return build_rules([parse_pack(source)], SHIPPED.types)


def _record(kind: Any, data: Mapping[str, Any]) -> Record:
    return Record(kind, kind, data, lambda path: Position(kind))


def load(case: Case) -> Loaded:
    """Make a case ready; its expression is not checked yet."""
    rules = _rules(json.dumps(case.given, sort_keys=True))
    typed = rules.rules[0]
    scope = Scope(
        rules.types,
        ROOTS[case.scope],
        typed.params,
        {type_.name: type_ for type_ in rules.tables},
        {
            name: DefinitionText(name, definition.arguments, definition.body.text)
            for name, definition in rules.packs[0].definitions.items()
        },
    )
    records = case.records
    brief = _record("brief", records.get("brief", {}))
    brand = _record("brand", records.get("brand", {}))
    desk = make_desk(rules, brief, brand, datetime.date.fromisoformat(case.today))

    def bind(kind: str, data: Mapping[str, Any]) -> Mapping[str, Value]:
        return desk.binders.record(data, rules.types[kind])

    def deal(data: Mapping[str, Any]) -> Mapping[str, Value]:
        terms = {key: value for key, value in data.items() if key != "influencer"}
        return {**bind("deal", terms), "influencer": bind("influencer", data.get("influencer", {}))}

    person = bind("influencer", records.get("influencer", {}))
    subject: dict[str, Value] = {
        "influencer": person,
        "deal": {**bind("deal", records.get("deal", {})), "influencer": person},
        "post": bind("post", records.get("post", {})),
        "shortlist": tuple(deal(each) for each in records.get("shortlist", ())),
    }
    params = param_values(typed.rule, typed.params, desk.binders)
    return Loaded(desk, scope, Slots(), params, subject)


def check(case: Case, loaded: Loaded) -> Node | Template:
    """Check a case's expression or template; raises LanguageError where it is wrong."""

    def expression(text: str) -> Node:
        return check_expression(text, loaded.scope, loaded.slots)

    if case.template:
        return check_template(case.source, expression)
    return expression(case.source)


def nodes_of(checked: Node | Template) -> list[Node]:
    """Return the expressions of a checked case: one, or those of a template's placeholders."""
    if isinstance(checked, Node):
        return [checked]
    return [part.node for part in checked if isinstance(part, Placeholder)]


def plain(value: Value, type_: Type) -> Any:
    """Return a value as the cases write it."""
    if value is UNKNOWN:
        return "unknown"
    if isinstance(value, Range):
        ends = {"min": value.low, "max": value.high}
        return {key: end for key, end in ends.items() if abs(end) != float("inf")}
    if isinstance(value, Label):
        return value.text
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(type_, DistributionType):
        return dict(value.shares)
    if isinstance(type_, ListType):
        if isinstance(value, Items):
            return [
                plain(each, type_.item) if sure else {"maybe": plain(each, type_.item)}
                for each, sure in zip(value.values, value.certain, strict=True)
            ]
        return [plain(each, type_.item) for each in value]
    if isinstance(type_, RecordType):
        return {key: plain(each, type_.fields[key].type) for key, each in value.items()}
    return value


class _Ours:
    """The evaluator in one of its three ways; a way only says how it runs nodes."""

    name = ""

    def run(self, loaded: Loaded, nodes: list[Node]) -> list[Value]:
        raise NotImplementedError

    def value(self, case: Case) -> Any:
        loaded = load(case)
        checked = check(case, loaded)
        assert isinstance(checked, Node)
        return plain(self.run(loaded, [checked])[0], checked.type)

    def text(self, case: Case) -> str:
        loaded = load(case)
        checked = check(case, loaded)
        assert isinstance(checked, tuple)
        values = self.run(loaded, nodes_of(checked))
        return render(checked, values, currency=loaded.desk.context.currency)


class Plain(_Ours):
    """The evaluator as it is."""

    name = "plain"

    def run(self, loaded: Loaded, nodes: list[Node]) -> list[Value]:
        """Return the nodes' values."""
        evaluator = Evaluator(loaded.desk.context)
        frame = loaded.frame()
        return [evaluator.build(node)(frame) for node in nodes]


class Specialised(_Ours):
    """What the brief fixes is computed before the subject is read."""

    name = "specialised"

    def run(self, loaded: Loaded, nodes: list[Node]) -> list[Value]:
        """Return the nodes' values."""
        evaluator = Evaluator(loaded.desk.context)
        bare = loaded.desk.frame(loaded.slots.next, {})
        bare[SLOTS["params"]] = loaded.params
        work = Specialiser(evaluator, bare, BRIEF_SLOTS)
        made = [work.visit(node) for node in nodes]
        return [evaluator.build(node)(loaded.frame()) for node in made]


class Traced(_Ours):
    """The second pass, which notes what is read."""

    name = "traced"

    def run(self, loaded: Loaded, nodes: list[Node]) -> list[Value]:
        """Return the nodes' values."""
        evaluator = TracingEvaluator(loaded.desk.context)
        frame = TracedFrame(loaded.frame())
        return [evaluator.build(node)(frame) for node in nodes]


ENGINES: tuple[Engine, ...] = (Plain(), Specialised(), Traced())
