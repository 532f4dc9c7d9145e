"""What stands in a workbook, read without any library of spreadsheets."""

from __future__ import annotations

import html
import re
from io import BytesIO
from zipfile import ZipFile


def parts_of(content: bytes) -> dict[str, str]:
    """Return the XML of a workbook's parts by their names."""
    with ZipFile(BytesIO(content)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def texts_of(content: bytes) -> str:
    """Return all texts of a workbook."""
    shared = parts_of(content)["xl/sharedStrings.xml"]
    return "\n".join(html.unescape(t) for t in re.findall(r"<t(?: [^>]*)?>([^<]*)</t>", shared))


def sheets_of(content: bytes) -> list[str]:
    """Return the XML of the sheets, in order."""
    parts = parts_of(content)
    return [parts[name] for name in sorted(parts) if name.startswith("xl/worksheets/sheet")]
