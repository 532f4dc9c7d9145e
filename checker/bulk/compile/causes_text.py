"""The words of causes, and how several of them are put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from checker.bulk.compile.sql import (
    FALSE,
    TRUE,
    Columns,
    both,
    cases,
    either,
    is_literal,
    negated,
    unknown,
)
from checker.bulk.compile.values import Number
from checker.bulk.compile.wording import Slot, Worded, Writer, joined
from checker.bulk.meaning import WORDS
from checker.bulk.quote import text_of
from checker.engine.places import money_field, node_field
from checker.engine.reasons import WHOSE
from checker.language.format import default_format
from checker.language.nodes import Arithmetic, Call, Compare, Node
from checker.language.show import show
from checker.model.types import TableType

if TYPE_CHECKING:
    from checker.bulk.compile.expressions import Expressions
    from checker.bulk.compile.records import RowRecord
    from checker.bulk.compile.scopes import Env

Place = tuple[str | int, ...]
# A place that depends on the row.
DYNAMIC: Place = ("",)
_AND = " || ' and ' || "
_MIDDLE = " may or may not be "
_KINDS = ("missing", "money", "straddle", "undefined")


@dataclass(frozen=True, slots=True, eq=False)
class Cause:
    """A cause: when it holds, and SQL of its words; what is missing has an owner too.

    `sure` says that the value of the node at hand is unknown whenever the cause holds.
    """

    when: str
    kind: str
    words: str
    owner: str = ""
    hand: str = FALSE
    sure: bool = True


def below(place: Place | None, *parts: str | int) -> Place | None:
    """Return a place inside another."""
    return place if place is None or place is DYNAMIC else (*place, *parts)


def missing(node: Node, place: Place | None, when: str) -> Cause:
    """A field that its record does not hold."""
    field = node_field(node)
    dynamic = place is DYNAMIC
    owner = WHOSE.get(str(place[0]) if place else "", "the record")
    if field is not None and field.title:
        words = field.title
    elif place and not dynamic:
        words = str(place[-1]).replace("_", " ")
    else:
        words = show(node)
    return Cause(when, "missing", text_of(words), owner, TRUE if dynamic else FALSE)


def no_rate(
    work: Expressions, node: Node, place: Place | None, root: RowRecord | None, when: str
) -> Cause:
    """An amount that no rate turns into the brief's currency."""
    field = money_field(node)
    title = field.title if field and field.title else show(node)
    if field is None or not field.currency:
        return Cause(when, "money", text_of(f"the {title} has no currency"))
    currency = work.tools.context.currency
    nothing = text_of("the brief's budget has no currency")
    if place is None or place[0] == "params":
        # A table's column and a param name the code itself.
        rate = text_of(f"the brief has no exchange rate from {field.currency[0]} to {currency}")
        return Cause(when, "money", rate if currency else nothing)
    if root is None:
        # The evaluator knows what the brief's own amounts are given in.
        return Cause(when, "money", text_of(""), hand=TRUE)
    own = root.reader.currency(field)
    rate = f"('the brief has no exchange rate from ' || {own} || {text_of(f' to {currency}')})"
    words = cases(
        [(unknown(own), text_of(f"the {title} has no currency"))], rate if currency else nothing
    )
    return Cause(when, "money", words)


def straddle(node: Compare, left: Worded, right: Worded, when: str) -> Cause:
    """A range that lies over what it is compared with."""
    middle = text_of(f"{_MIDDLE}{WORDS[node.operator]} ")
    words = f"(({left.sql}) || {middle} || ({right.sql}))"
    return Cause(when, "straddle", words, hand=either(left.hand, right.hand))


def undecided(node: Node, when: str) -> Cause:
    """A membership that cannot be decided."""
    return Cause(when, "straddle", text_of(f"{show(node)} cannot be decided"))


def undefined(work: Expressions, writer: Writer, node: Node, env: Env, when: str) -> Cause:
    """An operation without an answer."""
    match node:
        case Arithmetic(operator="/"):
            words = text_of(f"{show(node)} divides by what may be 0")
        case Arithmetic():
            words = text_of(f"{show(node)} has no finite result")
        case Call(function="band" | "lookup"):
            words = _no_row(work, writer, node, env)
        case Call(function="share_aged"):
            words = text_of(
                "the youngest ages are not in the record,"
                " and are never inferred from the others adding up"
            )
        case Call(function="money"):
            words = text_of(f"the brief has no exchange rate for {show(node)}")
        case Call(function="last" | "min" | "max" | "mean"):
            words = text_of(f"{show(node)} has nothing sure to work on")
        case _:
            words = text_of(f"{show(node)} has no answer")
    return Cause(when, "undefined", words)


def _no_row(work: Expressions, writer: Writer, node: Call, env: Env) -> str:
    table = node.arguments[-1].type
    assert isinstance(table, TableType)
    written, across = [], FALSE
    for place, key in enumerate(node.arguments[:-1]):
        value = work.value(key, env)
        field = node_field(key)
        name = field.title if field and field.title else show(key)
        slot = Slot(value, default_format(key.type), key.type)
        written.append(f"{text_of(f'{name} ')} || ({writer.write(slot).sql})")
        if place == 0 and isinstance(value, Number) and not value.exact:
            across = f"({value.low} <> {value.high})"
    keys = f"({_AND.join(written)})"
    over = text_of(f" lies across rows of the table {table.name}")
    none = text_of(f"the table {table.name} has no row for ")
    return cases([(across, f"({keys} || {over})")], f"({none} || {keys})")


# Several causes as one text


def compose(columns: Columns, causes: Sequence[Cause], prefix: str) -> Worded:
    """Put causes together: what is missing by its owner, then the rest; each said once."""
    found = _once(columns, [each for each in causes if each.when != FALSE])
    if not found:
        return Worded(text_of(prefix))
    said = _of_missing(columns, [each for each in found if each.kind == "missing"])
    for kind in _KINDS[1:]:
        said += [(each.when, each.words) for each in found if each.kind == kind]
    hands = [both(each.when, each.hand) for each in found]
    hands.append(_mixed_owners(found))
    if len(said) == 1:
        return Worded(f"({text_of(f'{prefix}: ')} || {said[0][1]})", either(*hands))
    text = f"{text_of(f'{prefix}: ')} || {_in_one(said, '; ')}"
    # Two that are worded alike are said once.
    hands += [
        f"(CASE WHEN {both(a.when, b.when)} THEN {a.words} = {b.words} ELSE false END)"
        for a, b in combinations([each for each in found if each.kind != "missing"], 2)
        if _may_be_alike(a, b)
    ]
    return Worded(f"({text})", either(*hands))


def _in_one(said: Sequence[tuple[str, str]], between: str) -> str:
    """Return SQL of the texts whose conditions hold, in one; NULL is passed over."""
    return f"array_to_string({_those_that_hold(said)}, {text_of(between)})"


def _those_that_hold(said: Iterable[tuple[str, str]]) -> str:
    """Return SQL of a list of the texts whose conditions hold, NULL in the place of others."""
    return f"[{', '.join(f'CASE WHEN {when} THEN {words} END' for when, words in said)}]"


def _may_be_alike(a: Cause, b: Cause) -> bool:
    """Tell whether the words of two causes may be one text in some row."""
    fixed = [is_literal(each.words) for each in (a, b)]
    if all(fixed):
        return False
    # The words of a straddle that are fixed are in no other text of a rule.
    other = b if a.kind == "straddle" else a
    return not ("straddle" in (a.kind, b.kind) and any(fixed) and _MIDDLE not in other.words)


def _once(columns: Columns, causes: list[Cause]) -> list[Cause]:
    """Return causes of which each is noted where it is met first."""
    kept: list[Cause] = []
    for each in causes:
        alike = [
            other.when
            for other in kept
            if (other.kind, other.owner, other.words) == (each.kind, each.owner, each.words)
        ]
        when = columns.share(both(each.when, negated(either(*alike))))
        if when != FALSE and each.when not in alike:
            kept.append(Cause(when, each.kind, each.words, each.owner, each.hand))
    return kept


def _of_missing(columns: Columns, causes: list[Cause]) -> list[tuple[str, str]]:
    """Return what is missing, as one text for all owners."""
    owners = list(dict.fromkeys(each.owner for each in causes))
    groups = []
    for owner in owners:
        mine = [each for each in causes if each.owner == owner]
        any_ = either(*(each.when for each in mine))
        if len(mine) == 1 or len({each.words for each in mine}) == 1:
            listing = mine[0].words
        else:
            listing = f"({_listing(columns, mine)})"
        groups.append((any_, f"({text_of(f'{owner} has no ')} || {listing})"))
    if len(groups) <= 1:
        return groups
    return [(either(*(when for when, _ in groups)), _in_one(groups, " and "))]


def _listing(columns: Columns, causes: list[Cause]) -> str:
    name = columns.variable()
    listed = _those_that_hold((each.when, each.words) for each in causes)
    kept = f"list_filter({listed}, lambda {name}: {name} IS NOT NULL)"
    return columns.once(kept, lambda x: joined(x, "or"))


def _mixed_owners(causes: list[Cause]) -> str:
    """Return whether owners come in an order that only a traced run knows."""
    owners = [each.owner for each in causes if each.kind == "missing"]
    blocks = [owner for at, owner in enumerate(owners) if at == 0 or owners[at - 1] != owner]
    if len(blocks) == len(set(blocks)):
        return FALSE
    by_owner = {
        owner: either(*(e.when for e in causes if e.kind == "missing" and e.owner == owner))
        for owner in set(blocks)
    }
    held = " + ".join(f"({when})::INTEGER" for when in by_owner.values())
    return f"({held} > 1)"
