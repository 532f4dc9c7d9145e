"""What is switched off, and switches that switch off nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from checker.engine.lint.work import Found, at
from checker.engine.lint_codes import CODES
from checker.language.suggest import did_you_mean
from checker.model.diagnostics import Diagnostic, Position
from checker.model.rules import Pack, Places


class _Switch(NamedTuple):
    """A diagnostic that a pack or a rule switches off."""

    pack: str
    rule: str
    code: str


def switched(found: Iterable[Found], packs: Iterable[Pack]) -> Iterator[Diagnostic]:
    """Give what is not switched off, each place once, and what is wrong with the switches."""
    used = set[_Switch]()
    kept: dict[tuple[Position, str, str], Diagnostic] = {}
    for each in found:
        by = _switched_off(each)
        used.update(by)
        if not by:
            diagnostic = each.diagnostic
            key = (diagnostic.position, diagnostic.code, diagnostic.message)
            kept.setdefault(key, diagnostic)
    yield from kept.values()
    for pack in packs:
        # Of a pack that others use the rules are not here, so its switches cannot be judged.
        if pack.rules:
            yield from _needless(pack, used)


def _switched_off(found: Found) -> list[_Switch]:
    code, pack, rule = found.diagnostic.code, found.pack, found.rule
    by = []
    if rule is not None and code in rule.off:
        by.append(_Switch("", rule.id, code))
    if code in pack.off:
        by.append(_Switch(pack.name, "", code))
    return by


def _needless(pack: Pack, used: set[_Switch]) -> Iterator[Diagnostic]:
    for code in pack.off:
        yield from _judged(_Switch(pack.name, "", code), pack.places, used)
    for rule in pack.rules:
        for code in rule.off if rule.enabled else ():
            yield from _judged(_Switch("", rule.id, code), rule.places, used)


def _judged(switch: _Switch, places: Places, used: set[_Switch]) -> Iterator[Diagnostic]:
    code = switch.code
    position = places.of_key(("lint", "off", code))
    if code not in CODES:
        near = did_you_mean(code, CODES)
        hint = near[:1].upper() + near[1:] or "They are listed in docs/lint.md."
        yield at("unknown-code", f'no diagnostic is called "{code}"', position, hint)
    elif switch not in used:
        message = f'"{code}" is switched off here, and there is none'
        yield at("needless-off", message, position, "Take the line out.")
