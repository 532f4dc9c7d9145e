"""Dates on the command line."""

from __future__ import annotations

import re
from datetime import date

import click


def as_of(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """Return a date that is written as 2026-03-02 and in no other way; for `callback`."""
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise click.BadParameter(f'"{value}" is not a date; write it as 2026-03-02')
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f'"{value}" is not in the calendar') from None
