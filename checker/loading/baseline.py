"""An earlier JSON report, read as a baseline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checker.engine.baseline import Key
from checker.language.accounts import id_key
from checker.loading.documents import read_document
from checker.loading.source import shown_path
from checker.model.diagnostics import Diagnostic, InputError, Position


def read_baseline(path: Path) -> frozenset[Key]:
    """Return what a JSON report of an earlier run found.

    Raises:
        InputError: the file is missing or is no report of `checker check -o json`.
    """
    shown = shown_path(path)
    data = read_document(path, shown_as=shown).data
    try:
        if data["schema_version"].split(".")[0] != "1":
            raise ValueError
        return frozenset(_keys(data))
    except (KeyError, TypeError, ValueError, AttributeError):
        message = "this is no report to compare with"
        hint = "Write one with: checker check BRIEF -o json=baseline.json"
        raise InputError(
            [Diagnostic("not-a-report", message, Position(shown), hint=hint)]
        ) from None


def _keys(data: Any) -> Iterator[Key]:
    for report in data["reports"]:
        for subject in report["subjects"]:
            for outcome in subject["outcomes"]:
                if outcome["status"] not in ("fail", "unknown"):
                    continue
                evidence = (outcome.get("has") or outcome)["evidence"]
                yield (
                    report["brief"],
                    subject["kind"],
                    id_key(subject["id"]),
                    subject.get("market", ""),
                    outcome["rule"],
                    outcome["status"],
                    tuple(sorted({each["path"] for each in evidence})),
                )
