"""From an expression's text to Python's syntax tree, with offsets in characters.

Python parses; nothing of it is run. What the language has is decided by the type checker.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from functools import lru_cache

from checker.language.errors import LanguageError
from checker.language.scan import scan

# A longer expression is no rule that a person can read.
LONGEST = 4_000


# Python's line ends: YAML may hand us any of them inside quotes.
_LINE_END = re.compile(r"\r\n|\r|\n")

# Texts, names, numbers and signs, to find two expressions with nothing between them.
_TOKEN = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|[\w.]+|\S")
_NOT_IN = re.compile(r"not\s+in\b")
_JOINING = frozenset({"and", "or", "in", "is", "if", "else", "for"})

# A word of Python's that is a field here, such as `promise.from`; a text is passed over.
_FIELDS = sorted({word for word in keyword.kwlist if word.islower()} - _JOINING - {"not"})
_RESERVED_FIELD = re.compile(rf"'[^'\n]*'|\"[^\"\n]*\"|(?<=\.)(?:{'|'.join(_FIELDS)})\b")


class Parsed:
    """A parsed expression: its tree, and where each part of it stands."""

    def __init__(self, text: str, tree: ast.expr, *, given: str = "") -> None:
        """Take a text and its tree; `given` is what Python got, character for character."""
        self.text = text
        self.tree = tree
        ends = [(match.start(), match.end()) for match in _LINE_END.finditer(text)]
        self._line_starts = [0, *(end for _, end in ends)]
        stops = [*(start for start, _ in ends), len(text)]
        given = given or text
        self._lines = [given[a:b] for a, b in zip(self._line_starts, stops, strict=True)]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return the start and the end of a part, in characters."""
        assert isinstance(node, ast.expr | ast.keyword)
        end_line = node.end_lineno or node.lineno
        return (
            self._offset(node.lineno, node.col_offset),
            self._offset(end_line, node.end_col_offset or node.col_offset + 1),
        )

    def _offset(self, line: int, column: int) -> int:
        # Python counts bytes of UTF-8, and our opening bracket stands on the first line.
        if line == 1:
            column -= 1
        text = self._lines[line - 1]
        characters = (
            column if text.isascii() else len(text.encode()[:column].decode(errors="ignore"))
        )
        return self._line_starts[line - 1] + characters


@lru_cache(maxsize=1_024)
def parse(text: str) -> Parsed:
    """Parse one expression; one text is parsed once, since definitions are met at every call.

    Raises:
        LanguageError: the text is no expression, or is absurdly long or deep.
    """
    if len(text) > LONGEST:
        raise LanguageError(
            f"the expression has {len(text)} characters; at most {LONGEST} are read", 0, 1
        )
    scan(text)
    given = _RESERVED_FIELD.sub(_as_a_name, text)
    try:
        with warnings.catch_warnings():
            # "1 is 1" and the like warn on stderr before we refuse them with our own words.
            warnings.simplefilter("ignore")
            tree = ast.parse(f"({given})", mode="eval").body
    except SyntaxError as error:
        raise _syntax_error(text, error) from None
    except UnicodeEncodeError as error:
        # Half of a character that takes two: no file in UTF-8 holds it, but a text may.
        raise LanguageError("this is half a character", error.start - 1, error.end - 1) from None
    except (RecursionError, MemoryError, ValueError):
        raise LanguageError("the expression is nested too deeply", 0, 1) from None
    return Parsed(text, tree, given=given)


def _as_a_name(match: re.Match[str]) -> str:
    """Write a reserved word with a wide first letter, which Python reads as the plain name."""
    word = match[0]
    return word if word[0] in "'\"" else chr(ord(word[0]) + 0xFEE0) + word[1:]


def _syntax_error(text: str, error: SyntaxError) -> LanguageError:
    parsed = Parsed(text, ast.Constant(None))
    line = min(max(error.lineno or 1, 1), len(parsed._lines))
    # SyntaxError counts characters from 1, the opening bracket among them on the first line.
    column = (error.offset or 1) - 1 - (1 if line == 1 else 0)
    start = parsed._line_starts[line - 1] + max(column, 0)
    if "forgot a comma" in error.msg:
        start = _second_operand(text, start)
    start = min(start, max(len(text) - 1, 0))
    return LanguageError("this is not an expression", start, start + 1, note=_plain(error.msg))


def _second_operand(text: str, start: int) -> int:
    """Return where, of two expressions from `start` with nothing between, the second starts."""
    depth, operand = 0, False
    for match in _TOKEN.finditer(text, start):
        token = match[0]
        if token in ")]}":
            depth, operand = depth - 1, True
        elif token in "([{":
            if operand and token == "{" and not depth:
                return match.start()
            depth, operand = depth + 1, False
        else:
            begins = token[0].isalnum() or token[0] in "_'\""
            joins = token in _JOINING or _NOT_IN.match(text, match.start()) is not None
            if operand and begins and not joins and not depth:
                return match.start()
            operand = begins and not joins and token != "not"
    return start


def _plain(message: str) -> str:
    if message.startswith("invalid syntax"):
        return "something is missing or left over here"
    if message.startswith("leading zeros"):
        return "a number starts with no zero"
    return message
