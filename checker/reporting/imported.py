"""What an import gave, for people and as JSON. Values of the files are never shown."""

from __future__ import annotations

import json
from typing import Any

from checker.model.diagnostics import Diagnostic
from checker.model.imports import ImportResult, Left, LeftKind
from checker.reporting.diagnostics import diagnostics_text, place
from checker.reporting.options import Options
from checker.reporting.page import Page
from checker.reporting.words import plural

# A broken file may have thousands of mistakes, a report hundreds of places.
_MOST_WRONG = 50
_MOST_PLACES = 40

_LEADS: tuple[tuple[LeftKind, str], ...] = (
    ("contact", "dropped, contact details: "),
    ("private", "dropped, no place in a record: "),
    ("declared", "left out: "),
    ("value", "left out, not understood: "),
    ("missing", "missing: "),
    ("unmapped", "not mapped: "),
)


def import_text(result: ImportResult, options: Options) -> str:
    """Return what was refused, what was imported, and what was left out."""
    page = Page(options)
    for file in result.files:
        count = f"{file.imported:,} of {plural(file.found, 'record')} imported"
        page.hang("", f"{page.text(file.name)}: {count} ({page.text(result.title)})")
    for kind, lead in _LEADS:
        _add_left(page, lead, [left for left in result.left if left.kind == kind])
    for note in result.notes:
        page.hang("  note: ", page.text(note))
    wrong = diagnostics_text(result.wrong[:_MOST_WRONG], options)
    more = len(result.wrong) - _MOST_WRONG
    if more > 0:
        wrong += f"and {more:,} more\n"
    return wrong + page.render()


def _add_left(page: Page, lead: str, left: list[Left]) -> None:
    """Add the places of one kind: those with a reason a line each, the others together."""
    for each in left[:_MOST_PLACES]:
        if each.because:
            text = f"{page.text(each.path)}: {page.text(each.because)}{_records(each)}"
            page.hang(f"  {lead}", text)
    bare = [each for each in left if not each.because]
    if bare:
        shown = [page.text(each.path) for each in bare[:_MOST_PLACES]]
        more = len(bare) - len(shown)
        page.hang(f"  {lead}", ", ".join(shown) + (f" and {more:,} more" if more > 0 else ""))


def _records(left: Left) -> str:
    return f" ({plural(left.records, 'record')})" if left.kind in ("value", "contact") else ""


def import_json(result: ImportResult) -> str:
    """Return the same as JSON, whole."""
    data = {
        "format": result.format,
        "mapping": {"title": result.title, "version": result.version},
        "files": [
            {"file": file.name, "records": file.found, "imported": file.imported}
            for file in result.files
        ],
        "refused": [_refused(each) for each in result.wrong],
        "left": [
            {
                "kind": left.kind,
                "path": left.path,
                "because": left.because,
                "records": left.records,
            }
            for left in result.left
        ],
        "notes": list(result.notes),
    }
    return json.dumps(data, ensure_ascii=True, indent=2) + "\n"


def _refused(diagnostic: Diagnostic) -> dict[str, Any]:
    position = diagnostic.position
    return {
        "place": place(position),
        "file": position.file,
        "line": position.line,
        "column": position.column,
        "cell": position.cell,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    }
