"""Every text of a report made harmless, before anything else reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from checker.model.report import Report
from checker.reporting.safe import inert

_T = TypeVar("_T")


def clean(report: Report) -> Report:
    """Return the report with every text in it inert; its shape stays.

    Hints keep their line ends, because they have several lines; no other text does.
    """
    return _clean(report)


def _clean(value: _T) -> _T:
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            member.name: _lines(old) if member.name == "hint" else _value(old)
            for member in fields(value)
            if member.init and (old := getattr(value, member.name)) is not None
        }
        return replace(value, **changed)
    return value


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, Mapping):
        return {_value(key): _value(member) for key, member in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_value(member) for member in value)
    return _clean(value)


def _lines(text: str) -> str:
    return "\n".join(inert(line) for line in text.splitlines())
