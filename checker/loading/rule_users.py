"""Which packs use which, among rule files that need not be loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from checker.files import is_folder
from checker.loading.data_files import rules_folder
from checker.loading.source import MEBIBYTE, read_source, shown_path
from checker.model.diagnostics import CheckerError

_ENDINGS = (".yaml", ".yml")
_NAME = re.compile(r"^pack: *[\"']?([a-z0-9-]+)", re.MULTILINE)
_USES = re.compile(r"^uses:[ \t]*(\[[^\]]*\]|\n(?:[ \t]*-[^\n]*\n?)+)", re.MULTILINE)
_WORD = re.compile(r"[a-z][a-z0-9-]*")


def users_of_packs(paths: Iterable[Path]) -> Mapping[str, frozenset[str]]:
    """Return, for each pack that others use, who they are: beside these paths, and shipped.

    The files are not parsed: one that is wrong may use a pack all the same.
    """
    folders = {path if is_folder(path) else path.parent for path in paths}
    files = {file for folder in folders if is_folder(folder) for file in folder.iterdir()}
    files |= set(rules_folder().rglob("*"))
    found: dict[str, set[str]] = {}
    for file in files:
        if file.name.endswith(_ENDINGS):
            name, used = _read(file)
            for each in used:
                found.setdefault(each, set()).add(name)
    return {used: frozenset(users) for used, users in found.items()}


def _read(path: Path) -> tuple[str, list[str]]:
    """Return a pack's name, and the names of those that it uses."""
    try:
        text = read_source(path, shown_as=shown_path(path), limit=4 * MEBIBYTE).text
    except CheckerError:
        return "", []
    name, uses = _NAME.search(text), _USES.search(text)
    return (name[1] if name else path.stem), _WORD.findall(uses[1]) if uses else []
