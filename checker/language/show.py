"""A typed tree written back as an expression, for evidence and explanations."""

from __future__ import annotations

from checker.language.format import write_text
from checker.language.nodes import (
    Arithmetic,
    Bind,
    Call,
    Choose,
    Compare,
    Comprehension,
    Conditional,
    Contains,
    Convert,
    Default,
    Exists,
    ListOf,
    Literal,
    Logic,
    Negate,
    Node,
    Not,
    Path,
    TableName,
    Variable,
)
from checker.model.types import TableType, TextType


def show(node: Node) -> str:
    """Write a node as an expression of the language."""
    match node:
        case TableName(type=TableType() as table):
            return f"tables.{table.name}"
        case Literal():
            return _literal(node)
        case Variable():
            return node.name
        case Path():
            return ".".join((_inner(node.root), *node.names))
        case Choose():
            return f"{_inner(node.source)}[{show(node.key)}]"
        case ListOf():
            return f"[{', '.join(map(show, node.members))}]"
        case Convert():
            return show(node.source)
        case Negate():
            return f"-{_inner(node.operand)}"
        case Not(operand=Contains() as inside):
            return f"{_inner(inside.item)} not in {_inner(inside.members)}"
        case Not():
            return f"not {_inner(node.operand)}"
        case Arithmetic() | Compare():
            return f"{_inner(node.left)} {node.operator} {_inner(node.right)}"
        case Contains():
            return f"{_inner(node.item)} in {_inner(node.members)}"
        case Logic():
            return f" {node.operator} ".join(map(_inner, node.operands))
        case Conditional():
            return f"{_inner(node.then)} if {_inner(node.test)} else {_inner(node.otherwise)}"
        case Comprehension():
            kept = f" if {_inner(node.condition)}" if node.condition else ""
            loop = f"for {node.variable.name} in {_inner(node.source)}"
            return f"[{show(node.element)} {loop}{kept}]"
        case Bind():
            return f"{node.name}({', '.join(show(value) for _, value in node.bindings)})"
        case Exists():
            return f"exists({show(node.path)})"
        case Default():
            return f"default({show(node.path)}, {show(node.otherwise)})"
        case Call():
            return f"{node.function}({', '.join(map(show, node.arguments))})"
    raise AssertionError(f"no text for {type(node).__name__}")


def _literal(node: Literal) -> str:
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Every digit, since a threshold is shown as it is compared; -0 is 0.
        return f"{value + 0.0:_.0f}" if value.is_integer() else repr(value)
    text = write_text(value)
    if not isinstance(node.type, TextType):
        return text
    return f'"{text}"' if "'" in text else f"'{text}'"


def _inner(node: Node) -> str:
    """Write a part of an expression, in brackets where it has an operator."""
    while isinstance(node, Convert):
        node = node.source
    simple = not isinstance(node, Arithmetic | Compare | Contains | Logic | Not | Conditional)
    return show(node) if simple else f"({show(node)})"
