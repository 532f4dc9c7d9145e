"""The engine that evaluates cases on columns, among other records.

Each case runs in a block: before it stands a record that has nothing, behind it the case again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.language.columns.evaluate import ColumnEvaluator
from checker.language.columns.level import Level
from checker.language.columns.lifting import lift, value_at
from checker.language.evaluate import Evaluator
from checker.language.nodes import Node
from checker.language.scope import BRIEF_SLOTS, SLOTS
from checker.language.specialise import Specialiser
from checker.language.templates import render
from checker.model.types import ListType, Type
from checker.model.values import Value
from tests.conformance.engines import Case, Loaded, check, load, nodes_of, plain


class Columns:
    """The evaluator on columns; `specialised` computes first what the brief fixes."""

    def __init__(self, *, specialised: bool) -> None:
        self.name = "columns, specialised" if specialised else "columns"
        self.specialised = specialised

    def value(self, case: Case) -> Any:
        """Return the value of the case's expression, as plain data."""
        loaded = load(case)
        checked = check(case, loaded)
        assert isinstance(checked, Node)
        return plain(self.run(loaded, [checked])[0], checked.type)

    def text(self, case: Case) -> str:
        """Return what the case's template writes."""
        loaded = load(case)
        checked = check(case, loaded)
        assert isinstance(checked, tuple)
        values = self.run(loaded, nodes_of(checked))
        return render(checked, values, currency=loaded.desk.context.currency)

    def run(self, loaded: Loaded, nodes: Sequence[Node]) -> list[Value]:
        """Return the nodes' values for the case."""
        if self.specialised:
            bare = loaded.desk.frame(loaded.slots.next, {})
            bare[SLOTS["params"]] = loaded.params
            work = Specialiser(Evaluator(loaded.desk.context), bare, BRIEF_SLOTS)
            nodes = [work.visit(node) for node in nodes]
        evaluator = ColumnEvaluator(loaded.desk.context, {})
        made = [evaluator.column(node, level_of(loaded, 3)) for node in nodes]
        for column in made:
            assert repr(value_at(column, 1)) == repr(value_at(column, 2))
        return [value_at(column, 1) for column in made]


def level_of(loaded: Loaded, size: int) -> Level:
    """Return a block whose records are the case's, but the first, which has nothing."""
    slots: dict[int, Any] = dict(enumerate(loaded.frame()))
    types = loaded.desk.rules.types
    kinds: dict[str, Type] = {name: types[name] for name in ("influencer", "deal", "post")}
    kinds["shortlist"] = ListType(types["deal"])
    for name, type_ in kinds.items():
        value = loaded.subject[name]
        nothing: Value = () if name == "shortlist" else {}
        slots[SLOTS[name]] = lift([nothing, *[value] * (size - 1)], type_)
    return Level(size, slots)
