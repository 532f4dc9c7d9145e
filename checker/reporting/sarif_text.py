"""Texts and addresses as SARIF demands them, harmless in every viewer."""

from __future__ import annotations

from checker.reporting.options import relative
from checker.reporting.safe import LONGEST_FILE, short

# Viewers cut messages at some length of their own; this much every one shows.
_LONGEST = 2000


def message(text: str) -> str:
    """Return a message string: one line, without links, with braces doubled.

    "[text](address)" is a link even in plain text, and "{0}" a placeholder.
    """
    line = short(text, _LONGEST)
    return line.replace("](", "] (").replace("{", "{{").replace("}", "}}")


def uri(file: str) -> str:
    """Return the address of a file, percent-encoded: relative where its name is."""
    from urllib.parse import quote

    name = file[:LONGEST_FILE].replace("\\", "/")
    if relative(file):
        return quote(name, safe="/", errors="surrogatepass") or "."
    return "file:///" + quote(name.lstrip("/"), safe="/:", errors="surrogatepass")
