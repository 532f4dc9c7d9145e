"""Arguments and options that several commands have, each written in one way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

# A function that becomes a command, or has become one.
_Function = TypeVar("_Function", bound=Callable[..., Any])
_Decorator = Callable[[_Function], _Function]

FILE = click.Path(path_type=Path)


def files_argument(name: str, metavar: str) -> _Decorator[Any]:
    """Take any number of paths, also none."""
    return click.argument(name, nargs=-1, metavar=metavar, type=FILE)


def file_option(*names: str, help: str, metavar: str = "FILE") -> _Decorator[Any]:
    """Take one path."""
    return click.option(*names, type=FILE, metavar=metavar, help=help)


def choice_option(*names: str, choices: Sequence[str], help: str) -> _Decorator[Any]:
    """Take one of some words, the first if nobody says otherwise."""
    return click.option(
        *names, type=click.Choice(choices), default=choices[0], show_default=True, help=help
    )


def form_option(*forms: str, help: str) -> _Decorator[Any]:
    """Take the form in which the command writes."""
    return choice_option("-o", "--output", "form", choices=forms, help=help)


def as_of_option(help: str) -> _Decorator[Any]:
    """Take the day that stands for today."""
    return click.option("--as-of", callback=_date, metavar="DATE", help=help)


def _date(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """Return a date that is written as 2026-03-02 and in no other way."""
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise click.BadParameter(f'"{value}" is not a date; write it as 2026-03-02')
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f'"{value}" is not in the calendar') from None
