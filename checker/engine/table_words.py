"""Words of tables that are looked for in texts."""

from __future__ import annotations

from collections.abc import Iterator

from checker.language.mentions import never_found, spelling
from checker.model.diagnostics import Diagnostic
from checker.model.rules import Table


def never_found_words(table: Table) -> Iterator[Diagnostic]:
    """Yield the words of a table that `mentions` finds in no text, or never for their own row."""
    seen: dict[tuple[str, ...], tuple[int, str]] = {}
    for number, column, word in _words(table):
        why = never_found(word)
        first, other = seen.setdefault(spelling(word), (number, word))
        if not why and first != number and len(table.keys) < 2:
            why = f'it is read as "{other}" is, which stands in another row'
        if why:
            message = f'"{word}" is never found in a text: {why}'
            yield Diagnostic("never-found", message, table.locate(number, column))


def _words(table: Table) -> Iterator[tuple[int, str, str]]:
    """Give the words that a table is searched by: row, column and word."""
    for number, row in enumerate(table.rows):
        if table.kind == "vocabulary":
            yield number, "label", row["label"]
            yield from ((number, "synonyms", word) for word in row["synonyms"])
        else:
            texts = (key for key in table.keys if isinstance(row[key], str))
            yield from ((number, key, row[key]) for key in [*texts][:1])
