"""A diagnostic as text: place, message, the line it is about with a mark, and the mend."""

from __future__ import annotations

from collections.abc import Iterable

from checker.model.diagnostics import Diagnostic, Excerpt, Position
from checker.reporting.options import Options
from checker.reporting.page import Page
from checker.reporting.safe import cells, inert

# An excerpt longer than this is cut around its mark: rule files have long lines, logs do not wrap.
_EXCERPT_WIDTH = 100
_BEFORE_MARK = 60


def diagnostic_text(diagnostic: Diagnostic, options: Options | None = None) -> str:
    """Return a diagnostic as lines, without a line end after the last."""
    page = Page(options or Options())
    page.add(_headline(diagnostic, page))
    hint = [page.writable(inert(line)) for line in diagnostic.hint.splitlines()]
    if diagnostic.excerpt is not None:
        lines, margin = _excerpt(diagnostic.excerpt, page)
        for line in lines:
            page.add(line)
        # Corrected lines of a hint ("   | require: >-") align with the excerpt's gutter.
        hint = [
            " " * (margin - 4) + line.lstrip() if line.lstrip().startswith("| ") else line
            for line in hint
        ]
    for line in hint:
        page.add(f"  {line}")
    return "\n".join(page.lines)


def diagnostics_text(diagnostics: Iterable[Diagnostic], options: Options | None = None) -> str:
    """Return several diagnostics, one after the other, with a line end after each.

    Those of more than one line stand apart by an empty line.
    """
    texts = [diagnostic_text(diagnostic, options) for diagnostic in diagnostics]
    parts: list[str] = []
    for index, text in enumerate(texts):
        if index and ("\n" in text or "\n" in texts[index - 1]):
            parts.append("")
        parts.append(text)
    return "\n".join(parts) + "\n" if parts else ""


def place(position: Position) -> str:
    """Return "file:line:column" as editors and terminals link it; a cell is named by its row."""
    text = position.file
    if position.line:
        text += f":{position.line}"
        if position.column and not position.cell:
            text += f":{position.column}"
    return text


def _headline(diagnostic: Diagnostic, page: Page) -> str:
    message = page.text(diagnostic.message)
    cell = page.text(diagnostic.position.cell)
    if cell and cell not in message:
        message = f'column "{cell}": {message}'
    style = "bad" if diagnostic.severity == "error" else "warn"
    severity = page.paint(f"{diagnostic.severity}:", style)
    where = page.text(place(diagnostic.position))
    lead = page.paint(f"{where}:", "bold") + " " if where else ""
    return f"{lead}{severity} {message}"


def _excerpt(excerpt: Excerpt, page: Page) -> tuple[list[str], int]:
    """Return the marked lines, and the column after which their text starts."""
    text = excerpt.text.rstrip("\r\n")
    start = max(0, min(excerpt.start, len(text)))
    end = max(start, min(start + excerpt.length, len(text)))
    before, marked, after = (
        _code(part, page) for part in (text[:start], text[start:end], text[end:])
    )
    before, after = _window(before, marked, after, page.ellipsis)
    number = str(excerpt.line)
    gutter = f"  {number} | "
    mark = "^" * max(1, cells(marked))
    note = f" {page.text(excerpt.note)}" if excerpt.note else ""
    below = " " * (len(gutter) - 2) + "| " + " " * cells(before) + page.paint(mark, "bad") + note
    return [f"{gutter}{before}{marked}{after}", below], len(gutter)


def _code(text: str, page: Page) -> str:
    # A tab shows as spaces, so that the mark below stands where the eye expects it.
    return page.writable(inert(text.replace("\t", "    ")))


def _window(before: str, marked: str, after: str, ellipsis: str) -> tuple[str, str]:
    """Return the text before and after the mark, cut where the whole line would be too long."""
    if cells(before) + cells(marked) + cells(after) <= _EXCERPT_WIDTH:
        return before, after
    if cells(before) > _BEFORE_MARK:
        kept = before
        while cells(kept) > _BEFORE_MARK:
            kept = kept[1:]
        before = ellipsis + kept
    room = max(0, _EXCERPT_WIDTH - cells(before) - cells(marked))
    if cells(after) > room:
        kept = after
        while cells(kept) > room:
            kept = kept[:-1]
        after = kept + ellipsis
    return before, after
