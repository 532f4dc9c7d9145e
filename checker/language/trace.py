"""The second pass, only for what is shown: which values a condition read, and why it is unknown.

It evaluates the whole tree by the same functions as the first pass, and notes every step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal as Choice

from checker.language.evaluate import ABSENT, Evaluator, Frame, Run, look
from checker.language.nodes import (
    Bind,
    Call,
    Choose,
    Compare,
    Comprehension,
    Conditional,
    Contains,
    Default,
    Exists,
    Logic,
    Node,
    Path,
    Variable,
    asked_of,
    children,
    turned,
)
from checker.language.scope import SLOTS
from checker.language.vocabulary import Key
from checker.model.frozen import dataclass
from checker.model.values import UNKNOWN, Distribution, Items, Label, Range, Value

# The way to a value: the root's name, then fields and list indexes.
Place = tuple[str | int, ...]

CauseKind = Choice["missing", "money", "word", "straddle", "undefined"]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One evaluated node: its value and, for what a record holds, its place.

    `present` tells whether the record holds the place; `assumed` whether a default stood in.
    """

    node: Node
    value: Value
    place: Place | None = None
    present: bool = True
    assumed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Cause:
    """Why a value is unknown: a missing field, money without a rate, a word that may or may not be
    another, a range over a threshold, or an operation without an answer. `values` are those of
    the node's parts."""

    kind: CauseKind
    node: Node
    place: Place | None = None
    values: tuple[Value, ...] = ()


# In loops, steps are noted for so many members: that is more than anybody reads.
MOST_NOTED = 10_000
_MOST_CAUSES = 1_000


class TracedFrame(list[Value]):
    """A frame that notes steps, causes of unknowns, and where loop variables stand."""

    def __init__(self, values: Frame) -> None:
        super().__init__(values)
        self.steps: list[Step] = []
        # Whether a loop was too long for all of it to be noted.
        self.is_long = False
        # The last value of each node, by its identity.
        self.latest: dict[int, Value] = {}
        self.causes: list[Cause] = []
        self.places: dict[int, Place] = {slot: (name,) for name, slot in SLOTS.items()}
        self.taken: dict[int, Node] = {}
        # Why a bound name (a let, an argument) is unknown: it counts only where it is read.
        self.owed: dict[int, list[Cause]] = {}

    def note(self, step: Step) -> None:
        """Keep a step."""
        self.steps.append(step)
        self.latest[id(step.node)] = step.value


class TracingEvaluator(Evaluator):
    """Evaluates like `Evaluator`, on a `TracedFrame`; `and` and `or` look at every operand.

    What a long loop goes on with is evaluated without notes, but for what is unknown.
    """

    @property
    def is_long(self) -> bool:
        """Whether a loop is at work in which enough has been noted."""
        return self.work.depth > 0 and self.work.seen > MOST_NOTED

    def _plain(self, node: Node) -> Run:
        """Return the function that evaluates a node beside the trace."""
        run = Evaluator(self.context, self.work, self.on).build(node)
        return lambda frame: self.apart(run, frame)

    def build(self, node: Node) -> Run:
        """Evaluate a node and note what it read."""
        run = super().build(node)
        plain: Run | None = None

        def traced(frame: Frame) -> Value:
            nonlocal plain
            assert isinstance(frame, TracedFrame)
            mark = len(frame.causes)
            if self.is_long:
                frame.is_long = True
                plain = plain or Evaluator(self.context, self.work, self.on).build(node)
                value = plain(frame)
                # Of what is unknown, the reason is wanted.
                if value is not UNKNOWN or mark >= _MOST_CAUSES:
                    return value
            value = run(frame)
            self._note(node, value, frame, mark)
            return value

        return traced

    def logic(self, node: Logic) -> Run:
        """Look at every operand, since each may be shown."""
        operands = [self.build(each) for each in node.operands]
        settles = node.operator == "or"

        def run(frame: Frame) -> Value:
            values = [operand(frame) for operand in operands]
            if settles in (value for value in values if value is not UNKNOWN):
                return settles
            return UNKNOWN if UNKNOWN in values else not settles

        return run

    def conditional(self, node: Conditional) -> Run:
        """Note which side was taken."""
        run = super().conditional(node)
        test = self._plain(node.test)

        def noted(frame: Frame) -> Value:
            assert isinstance(frame, TracedFrame)
            value = test(list(frame))
            if value is not UNKNOWN:
                frame.taken[id(node)] = node.then if value else node.otherwise
            return run(frame)

        return noted

    def bind(self, node: Bind) -> Run:
        """Note where the arguments stand."""
        bindings = [(variable, value, self.build(value)) for variable, value in node.bindings]
        body = self.build(node.body)

        def run(frame: Frame) -> Value:
            assert isinstance(frame, TracedFrame)
            for variable, value, build in bindings:
                set_variable(frame, variable, value, build)
            return body(frame)

        return run

    def entered(self, node: Comprehension, frame: Frame, index: int) -> None:
        """Note where the loop variable stands."""
        assert isinstance(frame, TracedFrame)
        source = place_of(node.source, frame)
        note_place(frame, node.variable, None if source is None else (*source, index))

    def default(self, node: Default) -> Run:
        """Note whether the record holds the path."""
        # Whether the field is there is asked, not read: its absence is no cause of an unknown.
        root = self._plain(node.path.root)
        otherwise, names = self.build(node.otherwise), node.path.names

        def run(frame: Frame) -> Value:
            assert isinstance(frame, TracedFrame)
            found = look(root(frame), names)
            place = place_of(node.path, frame)
            if found is ABSENT:
                frame.note(Step(node.path, UNKNOWN, place, present=False, assumed=True))
                return otherwise(frame)
            frame.note(Step(node.path, found, place))
            if found is UNKNOWN:
                frame.causes.append(Cause("money", node.path, place))
            return found

        return run

    def exists(self, node: Exists) -> Run:
        """Note whether the record holds the path."""
        run = super().exists(node)
        root, names = self._plain(node.path.root), node.path.names

        def noted(frame: Frame) -> Value:
            assert isinstance(frame, TracedFrame)
            found = look(root(frame), names)
            value = UNKNOWN if found is ABSENT else found
            frame.note(
                Step(node.path, value, place_of(node.path, frame), present=found is not ABSENT)
            )
            return run(frame)

        return noted

    def _doubts(self, node: Node, frame: TracedFrame) -> Iterator[Cause]:
        """Give the pairs of words of which it is not known whether one is the other."""
        asked, wanted = map(_labels, last_values(_compared_words(node), frame) or (None, None))
        for a in asked:
            for b in wanted:
                if not self.on.same(a, b)[0]:
                    yield Cause("word", node, None, (a, b))

    def _note(self, node: Node, value: Value, frame: TracedFrame, mark: int) -> None:
        place = None
        if isinstance(node, Path | Choose) or (isinstance(node, Variable) and not node.place):
            place = place_of(node, frame)
        frame.note(Step(node, value, place, present=value is not UNKNOWN))
        read = node.root if isinstance(node, Path) else node
        if isinstance(read, Variable) and (read is node or frame[read.slot] is UNKNOWN):
            frame.causes.extend(frame.owed.get(read.slot, ()))
        if value is UNKNOWN or isinstance(value, Range | Items):
            frame.causes.extend(self._doubts(node, frame))
        if value is UNKNOWN:
            if len(frame.causes) == mark:
                frame.causes.append(_cause(node, frame, place))
        elif not isinstance(value, Range | Items | tuple | dict | Distribution):
            # A settled value owes nothing to the unknowns below it.
            del frame.causes[mark:]


def _compared_words(node: Node) -> tuple[Node, ...]:
    """Return the word or words that a node asks about, and those that it asks for."""
    match node:
        case Compare(operator="==" | "!="):
            found = asked_of(node)
        case Contains():
            found = node.item, node.members
        case Call(function="overlap" | "share"):
            found = node.arguments[0], node.arguments[1]
        case _:
            return ()
    return (found[1], found[0]) if turned(*found) else found


def _labels(value: Value) -> Iterable[Value]:
    """Give the labels of a value: one, those of a list, or the keys of shares."""
    if isinstance(value, Distribution):
        return [Label(key, key.text) for key in value.shares if isinstance(key, Key)]
    if isinstance(value, Items):
        value = value.values
    every = value if isinstance(value, tuple) else (value,)
    return [each for each in every if isinstance(each, Label)]


def _cause(node: Node, frame: TracedFrame, place: Place | None) -> Cause:
    if isinstance(node, Path | Choose | Variable):
        return Cause("money" if _held(node, frame) else "missing", node, place)
    values = last_values(children(node), frame)
    kind: CauseKind = "straddle" if isinstance(node, Compare | Contains) else "undefined"
    return Cause(kind, node, place, values)


def _held(node: Node, frame: TracedFrame) -> bool:
    """Tell whether the record or row holds the value: an amount without a rate, say."""
    if isinstance(node, Choose):
        record, name = last_values((node.source, node.key), frame)
        return record is not UNKNOWN and name in record
    if not isinstance(node, Path):
        return False
    if isinstance(node.root, Variable):
        return look(frame[node.root.slot], node.names) is not ABSENT
    return look(last_values((node.root,), frame)[0], node.names) is not ABSENT


def last_values(nodes: tuple[Node, ...], frame: TracedFrame) -> tuple[Value, ...]:
    """Return the last noted value of each node."""
    return tuple(frame.latest.get(id(node), UNKNOWN) for node in nodes)


def set_variable(frame: TracedFrame, variable: Variable, value: Node, run: Run) -> None:
    """Bind a name in a traced frame: its value, its place and why it may be unknown."""
    mark = len(frame.causes)
    frame[variable.slot] = run(frame)
    frame.owed[variable.slot] = frame.causes[mark:]
    del frame.causes[mark:]
    note_place(frame, variable, place_of(value, frame))


def note_place(frame: TracedFrame, variable: Variable, place: Place | None) -> None:
    """Note where the value of a variable stands, or that it stands nowhere."""
    if place is None:
        frame.places.pop(variable.slot, None)
    else:
        frame.places[variable.slot] = place


def place_of(node: Node, frame: TracedFrame) -> Place | None:
    """Return where the value of a node stands in the records, or None."""
    match node:
        case Variable():
            return frame.places.get(node.slot)
        case Path():
            root = place_of(node.root, frame)
            return None if root is None else (*root, *node.names)
        case Default():
            held = isinstance(node.path.root, Variable) and (
                look(frame[node.path.root.slot], node.path.names) is not ABSENT
            )
            return place_of(node.path if held else node.otherwise, frame)
        case Bind():
            return place_of(node.body, frame)
        case Conditional():
            taken = frame.taken.get(id(node))
            return None if taken is None else place_of(taken, frame)
        case Choose():
            source = place_of(node.source, frame)
            key = frame.latest.get(id(node.key), UNKNOWN)
            return None if source is None or key is UNKNOWN else (*source, key)
    return None
