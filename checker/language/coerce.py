"""How types meet: what compares with what, and text of a rule taking the kind of its partner."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from typing import NoReturn

from checker.language.errors import LanguageError
from checker.language.nodes import Conditional, Convert, ListOf, Literal, Node, children
from checker.language.suggest import did_you_mean
from checker.language.text import canonical
from checker.model.types import (
    DateType,
    DistributionType,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TableType,
    TextType,
    Type,
    Unit,
)

_UNIT_WORDS = {"number": "a number", "share": "a share", "count": "a count", "days": "days"}
_KIND_WORDS = {"label": "a label", "code": "a code", "plain": "plain text", "literal": "text"}


def describe(type_: Type) -> str:
    """Say a type in words: "a share", "a list of labels"."""
    match type_:
        case NumberType():
            return _UNIT_WORDS[type_.unit]
        case TextType():
            return _KIND_WORDS[type_.kind]
        case ListType():
            return "a list"
        case DistributionType():
            return "a distribution"
        case RecordType():
            return "an age span" if type_.name == "ages" else f"a record ({type_.name})"
        case TableType():
            return f"the table {type_.name}"
        case MoneyType():
            return "money"
        case FlagType():
            return "true or false"
        case DateType():
            return "a date"


def fail(node: Node, message: str, note: str = "", code: str = "type") -> NoReturn:
    """Raise the error that marks `node`."""
    raise LanguageError(message, node.start, node.end, note=note, code=code)


def is_text_of_rule(type_: Type) -> bool:
    """Tell whether this is text written in a rule, alone or in a list."""
    if isinstance(type_, ListType):
        return is_text_of_rule(type_.item)
    return isinstance(type_, TextType) and type_.kind == "literal"


def is_zero(type_: Type) -> bool:
    """Tell whether this is the number 0, which is also money in any currency."""
    return isinstance(type_, NumberType) and type_.low == type_.high == 0


def take_kind(node: Node, target: Type) -> Node:
    """Make text of a rule the text or date that `target` is, checking each of its values."""
    if isinstance(node, Conditional):
        # Each side takes the kind, so that 'hair' and 'Hair' are one label for the two sides.
        then, otherwise = take_kind(node.then, target), take_kind(node.otherwise, target)
        return replace(node, type=then.type, then=then, otherwise=otherwise)
    if isinstance(target, ListType) and isinstance(node.type, ListType):
        item, list_type = target.item, ListType(target.item)
        _check_choices(node, node.type.item, item)
        return (
            replace(node, type=list_type)
            if _keeps_value(item)
            else Convert(list_type, node.start, node.end, node)
        )
    _check_choices(node, node.type, target)
    if _keeps_value(target):
        return replace(node, type=target)
    return Convert(target, node.start, node.end, node)


def _keeps_value(target: Type) -> bool:
    return isinstance(target, TextType) and target.kind != "label"


def _check_choices(node: Node, written: Type, target: Type) -> None:
    assert isinstance(written, TextType)
    for choice in written.choices:
        if isinstance(target, DateType):
            _check_date(_leaf(node, choice), choice)
        elif isinstance(target, TextType) and not _may_be(choice, target):
            _unknown_code(_leaf(node, choice), choice, target.choices)
        elif not isinstance(target, TextType):
            fail(_leaf(node, choice), f'text "{choice}" does not compare with {describe(target)}')


def _may_be(choice: str, target: TextType) -> bool:
    if target.kind == "label":
        return not target.choices or canonical(choice) in map(canonical, target.choices)
    return not target.choices or choice in target.choices


def open_label(node: Node) -> Node:
    """Let a label of a table's column be any label: beside it another word may stand."""
    if isinstance(node.type, TextType) and node.type.kind == "label" and node.type.choices:
        return replace(node, type=replace(node.type, choices=()))
    return node


def _unknown_code(node: Node, written: str, choices: tuple[str, ...]) -> NoReturn:
    note = did_you_mean(written, choices)
    if not note and len(choices) <= 12:
        note = "one of " + ", ".join(choices)
    fail(
        node,
        f'"{written}" is not one of the values that this field can have',
        note,
        "unknown-value",
    )


def _check_date(node: Node, written: str) -> None:
    try:
        plain = datetime.date.fromisoformat(written).isoformat() == written
    except ValueError:
        plain = False
    if not plain:
        fail(node, f'"{written}" is no date', "write it as '2026-03-31'")


def _leaf(node: Node, choice: str) -> Node:
    """Find the literal that says `choice`, to mark just that."""
    if isinstance(node, Literal) and node.value == choice:
        return node
    if isinstance(node, ListOf | Conditional):
        for child in children(node):
            found = _leaf(child, choice)
            if isinstance(found, Literal) and found.value == choice:
                return found
    return node


def join_all(nodes: Iterable[Node], *, what: str) -> tuple[tuple[Node, ...], Type]:
    """Bring several nodes to one type; `what` names their partnership in messages.

    Raises:
        LanguageError: two of them cannot meet.
    """
    members = list(nodes)
    common = members[0].type
    for member in members[1:]:
        common = _common(common, member, what)
    return tuple(to_type(member, common) for member in members), common


def to_type(node: Node, target: Type) -> Node:
    """Bring one node to a type that it is known to meet."""
    if is_text_of_rule(node.type) and not is_text_of_rule(target):
        return take_kind(node, target)
    mine, theirs = _item(node.type), _item(target)
    if not (isinstance(mine, TextType) and isinstance(theirs, TextType)):
        return node
    if mine.kind == "label" and mine.vocabulary != theirs.vocabulary:
        return Convert(target, node.start, node.end, node)
    return node


def _item(type_: Type) -> Type:
    return type_.item if isinstance(type_, ListType) else type_


def _common(a: Type, node: Node, what: str) -> Type:
    b = node.type
    match a, b:
        case NumberType(), NumberType():
            return NumberType(
                join_unit(a.unit, b.unit),
                min(a.low, b.low),
                max(a.high, b.high),
                a.ranged or b.ranged,
            )
        case MoneyType(), MoneyType():
            return MoneyType(min(a.low, b.low), max(a.high, b.high), a.ranged or b.ranged)
        case MoneyType(), NumberType() if is_zero(b):
            return replace(a, low=min(a.low, 0.0))
        case NumberType(), MoneyType() if is_zero(a):
            return replace(b, low=min(b.low, 0.0))
        case TextType(), TextType():
            return _common_text(a, b, node)
        case TextType(kind="literal"), DateType():
            return b
        case DateType(), TextType(kind="literal"):
            return a
        case ListType(), ListType():
            return ListType(_common(a.item, replace(node, type=b.item), what))
        case RecordType(), RecordType() if a is b or a.name == b.name:
            return a
        case (FlagType(), FlagType()) | (DateType(), DateType()):
            return a
    fail(node, f"{what} {describe(a)} and {describe(b)} makes no sense", remedy(a, b))


def remedy(a: Type, b: Type) -> str:
    """Say what to write where two types do not go together."""
    if {type(a), type(b)} == {MoneyType, NumberType}:
        return "an amount is written money(1000, 'EUR')"
    if isinstance(a, DistributionType) or isinstance(b, DistributionType):
        return "take a share of it: share(d, ['GB']), share_aged(d, ages) or d['GB']"
    if isinstance(a, ListType) != isinstance(b, ListType):
        return "ask `x in list`, count(list) or overlap(list, list)"
    return ""


def join_unit(a: Unit, b: Unit) -> Unit:
    """Return the unit of two numbers together: a bare number takes its partner's."""
    if a == b or b == "number":
        return a
    return b if a == "number" else "number"


def _common_text(a: TextType, b: TextType, node: Node) -> TextType:
    if a.kind == "literal" and b.kind == "literal":
        return TextType("literal", tuple(dict.fromkeys(a.choices + b.choices)))
    if a.kind == "literal":
        return b
    if b.kind == "literal":
        return a
    if a.kind != b.kind:
        fail(node, f"{describe(a)} never equals {describe(b)}", "kinds of text do not compare")
    if a.kind == "plain":
        return a
    if a.kind == "code":
        if not set(a.choices) & set(b.choices):
            fail(node, "these two codes have no value in common", "they can never be equal")
        return (
            a
            if set(a.choices) >= set(b.choices)
            else TextType("code", tuple(dict.fromkeys(a.choices + b.choices)))
        )
    choices = a.choices if a.choices == b.choices else ()
    if a.vocabulary == b.vocabulary:
        return TextType("label", choices, a.vocabulary, a.lenient and b.lenient)
    # The one that yields takes the other's synonyms; a category may be looked for in topics.
    kept = [each for each in (a, b) if each.vocabulary and not each.lenient]
    if len(kept) > 1:
        fail(node, f"a label of {a.vocabulary} never equals a label of {b.vocabulary}")
    strong = kept[0] if kept else a if a.vocabulary else b
    return TextType("label", choices, strong.vocabulary, strong.lenient)
