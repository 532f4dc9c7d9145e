"""Errors of the language told at their places in a rule file."""

from __future__ import annotations

from checker.language.errors import LanguageError
from checker.model.diagnostics import Diagnostic, Excerpt
from checker.model.rules import SourceText


def diagnose(error: LanguageError, source: SourceText) -> Diagnostic:
    """Turn an error in an expression into a diagnostic at its line and column."""
    position = source.locate(error.start)
    line = source.source_line(position.line) if position.line else ""
    if not line:
        hint = error.note[:1].upper() + error.note[1:]
        return Diagnostic(error.code, error.message, position, hint=hint)
    start = max(position.column - 1, 0)
    length = max(1, min(error.end - error.start, len(line) - start))
    excerpt = Excerpt(position.line, line, start, length, error.note)
    return Diagnostic(error.code, error.message, position, excerpt=excerpt)
