"""Evaluates the expressions of the page on the language, on the records that it shows."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from checker.engine.params import param_values
from checker.engine.places import value_text
from checker.engine.prepared import make_desk
from checker.engine.ruleset import RuleSet, TypedRule, build_rules
from checker.language.check import check_expression
from checker.language.errors import LanguageError
from checker.language.evaluate import Evaluator
from checker.language.scope import SLOTS, DefinitionText, Scope, Slots
from checker.language.templates import Placeholder, check_template, render
from checker.loading.packs import load_packs
from checker.loading.schemas import record_types
from checker.loading.source import SourceFile
from checker.loading.validation import validate
from checker.loading.yaml_text import read_yaml
from checker.model.diagnostics import Position
from checker.model.records import Record
from checker.model.values import UNKNOWN

_ROOTS = ("brief", "brand", "influencer", "deal", "shortlist", "post")
_KINDS = ("brief", "brand", "influencer", "deal", "post")


def read(text: str) -> Any:
    """Return the plain data of a YAML text, as records and packs are read."""
    return read_yaml(SourceFile("page.yaml", text)).data


class Page:
    """The records, tables, definitions and params that the page's expressions read."""

    def __init__(self, *, records: str, pack: str, folder: Path) -> None:
        (folder / "page.yaml").write_text(pack, encoding="utf-8")
        self.rules: RuleSet = build_rules(
            load_packs([("page.yaml", None), ("words", None), ("tiers", None)], root=folder),
            record_types(),
        )
        self.data: Mapping[str, Any] = read(records)
        self.wrong = [
            found
            for kind in _KINDS
            for found in validate(kind, self.data.get(kind, {}), _nowhere, partial=True)
        ]
        today = datetime.date.fromisoformat(self.data["as_of"])
        self.desk = make_desk(self.rules, self._record("brief"), self._record("brand"), today)
        self.rule: TypedRule = self.rules.rules[0]
        self.evaluator = Evaluator(self.desk.context)

    def _record(self, kind: str) -> Record:
        return Record(cast(Any, kind), kind, self.data.get(kind, {}), _nowhere)

    def _bound(self, kind: str, data: Mapping[str, Any]) -> Any:
        return self.desk.binders.record(data, self.rules.types[kind])

    def scope(self) -> Scope:
        """Return a scope that has every root at once, as the page reads all of them."""
        tables = {type_.name: type_ for type_ in self.rules.tables}
        definitions = {
            name: DefinitionText(name, each.arguments, each.body.text)
            for pack in self.rules.packs
            for name, each in pack.definitions.items()
        }
        return Scope(self.rules.types, _ROOTS, self.rule.params, tables, definitions)

    def frame(self, slots: int) -> list[Any]:
        """Return the values of all roots."""
        person = self._bound("influencer", self.data["influencer"])
        subject = {
            "influencer": person,
            "deal": {**self._bound("deal", self.data["deal"]), "influencer": person},
            "post": self._bound("post", self.data["post"]),
            "shortlist": tuple(self._deal(each) for each in self.data["shortlist"]),
        }
        frame = self.desk.frame(slots, subject)
        frame[SLOTS["params"]] = param_values(self.rule.rule, self.rule.params, self.desk.binders)
        return frame

    def _deal(self, data: Mapping[str, Any]) -> Any:
        terms = {name: value for name, value in data.items() if name != "influencer"}
        person = self._bound("influencer", data["influencer"])
        return {**self._bound("deal", terms), "influencer": person}

    def result(self, expression: str) -> str:
        """Return what an expression gives, for people; "refused: why" where it does not load."""
        slots = Slots()
        try:
            node = check_expression(expression, self.scope(), slots)
        except LanguageError as error:
            note = f" ({error.note})" if error.note else ""
            return f"refused: {error.message}{note}"
        value = self.evaluator.build(node)(self.frame(slots.next))
        if value is UNKNOWN:
            return "unknown"
        if isinstance(value, bool):
            return "true" if value else "false"
        return value_text(value, node.type, self.desk.context.currency)

    def written(self, text: str) -> str:
        """Return what a template gives."""
        slots, scope = Slots(), self.scope()
        template = check_template(text, lambda part: check_expression(part, scope, slots))
        nodes = [part.node for part in template if isinstance(part, Placeholder)]
        frame = self.frame(slots.next)
        values = [self.evaluator.build(node)(frame) for node in nodes]
        return render(template, values, currency=self.desk.context.currency)


def _nowhere(path: object = ()) -> Position:
    return Position("page")
