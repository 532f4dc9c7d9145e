"""Which columns may be carried through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.model.diagnostics import Diagnostic, InputError, Position

# The columns that every table has.
COLUMNS = (
    *("brief", "file", "line", "id", "handle", "verdict", "fit"),
    *("decided_by", "open", "reason", "outcomes"),
)


def refuse_kept(names: Sequence[str], fields: Iterable[str]) -> None:
    """Refuse names that cannot be carried through, since another column would pass for them.

    Raises InputError with all that is wrong.
    """
    known = {field.casefold(): field for field in fields}
    seen: set[str] = set()
    wrong = []
    for name in names:
        same = name.casefold()
        if not name.strip():
            wrong.append(_wrong("a column to keep needs a name"))
        elif same in COLUMNS:
            message = f'every table has a column "{same}" of its own; it cannot be kept'
            wrong.append(_wrong(message))
        elif known.get(same, name) != name:
            message = f'"{name}" would pass for the field "{known[same]}"; it cannot be kept'
            wrong.append(_wrong(message))
        elif same in seen:
            wrong.append(_wrong(f'"{name}" is to be kept twice'))
        seen.add(same)
    if wrong:
        raise InputError(wrong)


def _wrong(message: str) -> Diagnostic:
    hint = "Give the column another name in the file."
    return Diagnostic("column-taken", message, Position("--keep"), hint=hint)
