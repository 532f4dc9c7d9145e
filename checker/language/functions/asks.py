"""What is written like a function and is none: it asks of the record itself, or of the brief."""

from __future__ import annotations

from typing import NoReturn

from checker.language.functions.declare import Arguments, Function
from checker.model.types import Type


def _checked_elsewhere(arguments: Arguments) -> tuple[Arguments, Type]:
    raise AssertionError("its own node is checked where calls are")


def _evaluated_elsewhere(*values: object) -> NoReturn:
    raise AssertionError("its own node is evaluated by each evaluator")


def _form(usage: str, most: int, documentation: str, example: tuple[str, str]) -> Function:
    return Function(
        (usage,), most, most, _checked_elsewhere, _evaluated_elsewhere,
        lambda words: usage, documentation, example,
    )  # fmt: skip


EXISTS = _form(
    "exists(path)", 1, "whether the record holds it", ("exists(brief.target.gender)", "false")
)
DEFAULT = _form(
    "default(path, value)",
    2,
    "it, or the value where it is missing",
    ("default(brief.target.minimum_share.age, params.minimum)", "50%"),
)
MONEY = _form("money(1000, 'EUR')", 2, "an amount", ("money(200, 'EUR')", "GBP 170"))
