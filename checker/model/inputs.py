"""The files that one evaluation read, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from checker.model.diagnostics import Diagnostic
from checker.model.frozen import dataclass
from checker.model.report import Report

InputKind = Literal[
    "brief", "brand", "shortlist", "post", "pack", "configuration", "waivers", "file"
]


@dataclass(frozen=True, slots=True, eq=False)
class InputFile:
    """One file that was read.

    `name` is its path from the project's folder, with forward slashes. `sha256` is the hex
    digest of its bytes. `records` is the data in it: by the name of each record where it holds
    several, else under ""; None where it cannot be read as data.
    """

    name: str
    kind: InputKind
    sha256: str
    records: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What was read to check a brief, and its report.

    `root` is the folder that names start from. `inputs` leaves out the shipped packs, whose
    digests are `shipped`. `report` is None, and `diagnostics` says why, where the brief could not
    be checked; `inputs` then holds what was read until then.
    """

    root: Path
    inputs: tuple[InputFile, ...]
    shipped: frozenset[str] = frozenset()
    report: Report | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
