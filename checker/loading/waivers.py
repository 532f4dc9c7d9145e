"""Waivers: in the configuration, or in a file of their own that it names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checker.files import real_path
from checker.loading.documents import Document, read_document
from checker.loading.validation import validate_file
from checker.model.diagnostics import CheckerError, Diagnostic, RulesError
from checker.model.records import DataPath
from checker.model.waivers import A_YEAR, Waiver


def read_waivers(config: Mapping[str, Any], document: Document, folder: Path) -> tuple[Waiver, ...]:
    """Return the waivers of a configuration and of the file that it names.

    Args:
        config: the configuration's plain data, already valid.
        document: where it stands.
        folder: the configuration's folder, from which the file is named and which it may not leave.

    Raises:
        RulesError: the file is missing or invalid.
    """
    longest = config.get("longest_waiver", A_YEAR)
    own = _waivers(config.get("waivers", ()), document, longest)
    if "waivers_file" not in config:
        return own
    name = config["waivers_file"]
    path = folder / name
    if not real_path(path).is_relative_to(real_path(folder)):
        message = f'"{name}" lies outside the configuration\'s folder'
        place = document.locate(("waivers_file",))
        raise RulesError.of("outside-project", message, place)
    return own + _read_file(path, longest)


def _read_file(path: Path, longest: int) -> tuple[Waiver, ...]:
    try:
        document = read_document(path, shown_as=os.path.relpath(path).replace(os.sep, "/"))
    except CheckerError as error:
        raise RulesError(error.diagnostics) from None
    wrong = _only_waivers(document) or validate_file("config", document)
    if wrong:
        raise RulesError(wrong)
    return _waivers(document.data.get("waivers", ()), document, longest)


def _only_waivers(document: Document) -> list[Diagnostic]:
    members = document.raw if isinstance(document.raw, dict) else {}
    names = [name for name in members if name not in ("waivers", "$schema")]
    message = 'a file of waivers has the one key "waivers"'
    return [Diagnostic("unknown-field", message, document.locate((name,))) for name in names]


def _waivers(listed: Any, document: Document, longest: int) -> tuple[Waiver, ...]:
    def make(index: int, raw: Mapping[str, str]) -> Waiver:
        place: DataPath = ("waivers", index)
        return Waiver(position=document.locate(place), longest=longest, **raw)  # type: ignore[arg-type]

    return tuple(make(index, raw) for index, raw in enumerate(listed))
