"""What a function of the language is, and the checks of arguments that declarations share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn

from checker.language.coerce import describe, fail
from checker.language.nodes import Call, Node
from checker.language.operators.domain import Operand
from checker.language.possible import ANYTHING, Possible, of_type
from checker.model.frozen import dataclass
from checker.model.types import ListType, MoneyType, NumberType, TableType, Type

Arguments = tuple[Node, ...]
# Gives the arguments, some with their kind taken, and the type of the result.
Check = Callable[[Arguments], tuple[Arguments, Type]]
# Gets the domain, the call and the values of the arguments, none of which is UNKNOWN.
Meaning = Callable[..., Operand]
# Gets the call, what each argument may be, and what tells what any member of a list may be.
Parts = Sequence[Possible]
MemberOf = Callable[[Node], Possible]
Bounds = Callable[[Call, Parts, MemberOf], Possible]


def of_result(node: Call, parts: Parts, member: MemberOf) -> Possible:
    """Return what a call may give whose type is all that is known of it."""
    return of_type(node.type) if isinstance(node.type, NumberType | MoneyType) else ANYTHING


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the language, declared once.

    Attributes:
        usage: how it is called, each way of it; the first names the arguments.
        least, most: how many arguments it takes.
        check: checks the arguments and gives the result's type. Raises LanguageError.
        meaning: what it computes, over any domain.
        words: says it for people, from the words for its arguments.
        documentation: what it gives, for the table of the language's page.
        example: an expression on that page's records, and what it gives.
        bounds: what it may give on any record, for lint.
        by_record: it looks at single values only; over columns it runs record by record.
    """

    usage: tuple[str, ...]
    least: int
    most: int
    check: Check
    meaning: Meaning
    words: Callable[[Sequence[str]], str]
    documentation: str
    example: tuple[str, str]
    bounds: Bounds = of_result
    by_record: bool = False


def refuse(node: Node, wanted: str, note: str = "") -> NoReturn:
    """Say that an argument is of another type than is wanted."""
    fail(node, f"{wanted} is needed here, not {describe(node.type)}", note, "arguments")


def item_of(node: Node) -> Type:
    """Return the type of a list's members. Raises LanguageError where the node is no list."""
    if not isinstance(node.type, ListType):
        refuse(node, "a list")
    return node.type.item


def amounts_of(node: Node) -> NumberType | MoneyType:
    """Return the type of a list's numbers or amounts. Raises LanguageError where it has none."""
    item = item_of(node)
    if not isinstance(item, NumberType | MoneyType):
        fail(node, f"a list of numbers or money is needed here; its members are {describe(item)}")
    return item


def table_of(node: Node, *kinds: str) -> TableType:
    """Return the type of a table of some kinds. Raises LanguageError where it is none."""
    if not isinstance(node.type, TableType) or node.type.kind not in kinds:
        refuse(node, "a table of kind " + " or ".join(kinds), "write tables.name")
    return node.type


def listing(words: Sequence[str], last: str = "and") -> str:
    """Join words: "a, b and c"."""
    *first, final = words or [""]
    return f"{', '.join(first)} {last} {final}" if first else final
