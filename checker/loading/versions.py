"""Packs that changed and kept their version, which whoever pins it could not tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.loading.changes import Past
from checker.loading.source import SourceFile, read_source
from checker.loading.yaml_text import read_yaml
from checker.model.diagnostics import CheckerError, Diagnostic

if TYPE_CHECKING:
    from checker.model.rules import Pack


def unraised(packs: Iterable[Pack], past: Past) -> Iterator[Diagnostic]:
    """Yield the packs in files that say something else than in the past under no later version.

    Comments and layout say nothing. What is installed or shipped is not in the repository.
    """
    for pack in packs:
        name = pack.position.file
        try:
            now = read_source(Path(name), shown_as=name)
        except CheckerError:
            continue
        old = past.text(Path(name)) if now.sha256() == pack.digest else None
        before, after = _data(old or ""), _data(now.text)
        if before is None or before == after or _key(pack.version) > _key(before.get("version")):
            continue
        message = f"the pack {pack.name} has changed, and its version is {pack.version} still"
        if str(before.get("version")) != pack.version:
            message = f"the pack {pack.name} had version {before['version']}; it cannot go back"
        hint = "Raise it, so that whoever pins a version can tell: the last number for what turns "
        hint += "no verdict, the first for what may."
        place = pack.places.of(("version",))
        yield Diagnostic("version-not-raised", message, place, hint=hint)


def _data(text: str) -> dict[str, Any] | None:
    """Return what a pack says; None where it could not be read."""
    try:
        data = read_yaml(SourceFile("", text)).data
    except CheckerError:
        return None
    return data if isinstance(data, dict) else None


def _key(version: object) -> tuple[int, ...]:
    """Return what versions are ordered by; one that is none comes first."""
    numbers = str(version).split(".")
    return tuple(map(int, numbers)) if all(each.isdecimal() for each in numbers) else ()
