"""What stands behind an outcome, in rows: what was measured, what is needed, or what was read."""

from __future__ import annotations

from checker.model.report import Evidence, Outcome, Side
from checker.reporting.words import Places, of_several, whence

_MOST = 4

# A row: its label, the value, where that comes from in words, and where it stands.
Row = tuple[str, str, str, str]


def rows_of(outcome: Outcome, places: Places) -> list[Row]:
    """Return both sides of the comparison that decided, else what the condition read."""
    sides = (("has", outcome.has), ("needs", outcome.needs))
    rows = [side_row(label, side, places) for label, side in sides if side is not None]
    return rows or _read(outcome, places)


def side_row(label: str, side: Side, places: Places) -> Row:
    """Return the row of what is measured, or needed."""
    where = places.several(side.evidence)
    together = of_several(side.evidence)
    if together:
        return label, side.text or "nothing", together, where
    known = [item for item in side.evidence if item.value is not None]
    phrases = (
        whence(item, value=len(known) > 1 or (item.text != side.text and item.value is not None))
        for item in side.evidence
    )
    said = list(dict.fromkeys(phrase for phrase in phrases if phrase))
    more = f" and {len(said) - _MOST} more" if len(said) > _MOST else ""
    return label, side.text or "nothing", ", ".join(said[:_MOST]) + more, where


def _read(outcome: Outcome, places: Places) -> list[Row]:
    """Return what a condition read that has no two sides; of an unknown, what is missing."""
    missing = [item for item in outcome.evidence if item.value is None]
    absent = outcome.status == "unknown" and bool(missing)
    chosen = missing if absent else outcome.evidence
    label = "has" if absent else "read"
    rows = [_value(label, item, places) for item in chosen[:_MOST]]
    more = len(chosen) - _MOST
    return [*rows, ("", f"and {more} more", "", "")] if more > 0 else rows


def _value(label: str, item: Evidence, places: Places) -> Row:
    text = item.text if item.value is not None else "nothing"
    return label, text or "nothing", whence(item, value=False), places.several([item])
