"""What versions a project asks for, of this program and of packs: `requires` in checker.yaml."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import checker
from checker.language.suggest import suggestion
from checker.loading.installed import installed
from checker.loading.shipped import shipped_files
from checker.model.config import Requirement
from checker.model.diagnostics import Diagnostic, Position

if TYPE_CHECKING:
    from checker.model.rules import Pack

# The program, and the distribution that it comes in.
_PROGRAM = ("checker", "campaign-checker")


def of_program(
    requires: object, locate: Callable[[tuple[str | int, ...]], Position]
) -> Iterator[Diagnostic]:
    """Yield what is wrong with requirements as they are written, and a program that fits not.

    A configuration for another version may have keys that this one does not know, so this is
    looked at first.
    """
    for name, asked in requires.items() if isinstance(requires, Mapping) else ():
        position = locate(("requires", name))
        if not isinstance(asked, str):
            continue
        if not _is_specifier(asked):
            message = f'requires: "{asked}" says no versions of {name}'
            hint = 'Write it as pip does: ">=1.2", "~=1.2" or ">=1.2,<2".'
            yield Diagnostic("requires", message, position, hint=hint)
        elif name in _PROGRAM and not _fits(asked, checker.__version__):
            yield _unmet("checker", asked, checker.__version__, _PROGRAM[1], position)


def of_packs(
    requires: Mapping[str, Requirement], packs: Iterable[Pack], names: Iterable[str]
) -> Iterator[Diagnostic]:
    """Yield packs that are of another version than is asked for, or are not there.

    Args:
        requires: what the configuration asks for.
        packs: those that were loaded.
        names: what the configuration names under `packs`.
    """
    versions = {pack.name: (pack.version, "") for pack in packs}
    for name in names:
        for each in installed(name):
            for called in (each.distribution, name):
                versions[called] = (each.version, each.distribution)
    for name, (asked, position) in requires.items():
        found, distribution = versions.get(name, ("", name))
        if name in _PROGRAM or (not found and name in shipped_files()):
            continue  # A shipped pack that is not loaded judges nothing here.
        if not found or not _fits(asked, found):
            near = suggestion(name, versions) if not found else ""
            yield _unmet(name, asked, found, distribution, position, near)


def _is_specifier(text: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return len(SpecifierSet(text)) > 0
    except InvalidSpecifier:
        return False


def _fits(asked: str, version: str) -> bool:
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion

    try:
        return SpecifierSet(asked).contains(version, prereleases=True)
    except InvalidVersion:
        return False


def _unmet(
    name: str, asked: str, found: str, distribution: str, position: Position, near: str = ""
) -> Diagnostic:
    here = f"this is {found}" if found else "it is not here"
    message = f"this project requires {name} {asked}; {here}"
    hint = "Take that version of its file, or change what is required."
    if distribution:
        hint = f'{near} Install it: python -m pip install "{distribution}{asked}"'.strip()
    return Diagnostic("requires", message, position, hint=hint)
