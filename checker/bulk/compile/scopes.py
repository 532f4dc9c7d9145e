"""What names stand for while an expression is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.bulk.compile.errors import CannotCompileError
from checker.bulk.compile.values import Known, Val
from checker.language.evaluate import Evaluator, Frame
from checker.language.nodes import Node
from checker.language.specialise import Specialiser, free_slots
from checker.model.values import Value


@dataclass(slots=True, eq=False)
class Env:
    """The values of slots: in `frame` those that are known beforehand, in `values` the others.

    `defined` are the expressions behind slots and the names around them; `memo` and `inner` keep
    what was compiled, by node and by the branch that its names hold in (0: everywhere).
    """

    evaluator: Evaluator
    frame: Frame
    known: frozenset[int]
    values: Mapping[int, Val]
    reads: Specialiser
    defined: Mapping[int, tuple[Node, Env]] = field(default_factory=dict)
    memo: dict[tuple[int, int], Val] = field(default_factory=dict)
    inner: dict[tuple[int, int], Env] = field(default_factory=dict)

    def is_known(self, node: Node) -> bool:
        """Tell whether a node reads nothing of the row."""
        return free_slots(node, self.reads._free) <= self.known

    def evaluate(self, node: Node) -> Value:
        """Return the value of a node that is known."""
        return self.evaluator.build(node)(list(self.frame))

    def value_of(self, slot: int) -> Val:
        """Return what a slot holds."""
        if slot not in self.values:
            raise CannotCompileError("a record that a single influencer does not have")
        return self.values[slot]

    def bound(self, slot: int, value: Val, node: Node | None) -> Env:
        """Return an environment in which a slot holds a value; `node` is what it comes from."""
        frame, known, values = self.frame, self.known, self.values
        if isinstance(value, Known):
            frame = [*frame[:slot], value.value, *frame[slot + 1 :]]
            known |= {slot}
        else:
            values = {**values, slot: value}
            known -= {slot}
        defined = self.defined if node is None else {**self.defined, slot: (node, self)}
        return Env(self.evaluator, frame, known, values, self.reads, defined)
