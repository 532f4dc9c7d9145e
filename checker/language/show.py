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
            text = write_text(node.value)
            return f"'{text}'" if isinstance(node.type, TextType) else text.replace(",", "_")
        case Variable():
            return node.name
        case Path():
            return ".".join((show(node.root), *node.names))
        case Choose():
            return f"{show(node.source)}[{show(node.key)}]"
        case ListOf():
            return f"[{', '.join(map(show, node.members))}]"
        case Convert():
            return show(node.source)
        case Negate():
            return f"-{_inner(node.operand)}"
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
            kept = f" if {show(node.condition)}" if node.condition else ""
            loop = f"for {node.variable.name} in {show(node.source)}"
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


def _inner(node: Node) -> str:
    simple = not isinstance(node, Arithmetic | Compare | Contains | Logic | Not | Conditional)
    return show(node) if simple else f"({show(node)})"
