"""Templates: text with {expression:format} in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checker.language.coerce import describe
from checker.language.errors import LanguageError
from checker.language.format import FORMATS, default_format, fits, write_alike
from checker.language.nodes import Node
from checker.language.suggest import did_you_mean
from checker.model.frozen import dataclass
from checker.model.values import Value


@dataclass(frozen=True, slots=True, eq=False)
class Placeholder:
    """A {expression:format}; `offset` is where its expression starts in the template."""

    node: Node
    format: str
    offset: int


Template = tuple[str | Placeholder, ...]


def check_template(text: str, check: Callable[[str], Node]) -> Template:
    """Check a template; `check` types one expression.

    Raises:
        LanguageError: a brace is left open, an expression is wrong or a format does not fit.
    """
    parts: list[str | Placeholder] = []
    plain, at = "", 0
    while at < len(text):
        if text[at : at + 2] in ("{{", "}}"):
            plain, at = plain + text[at], at + 2
        elif text[at] == "{":
            end = _closing(text, at)
            parts += [plain, _placeholder(text[at + 1 : end], at + 1, check)]
            plain, at = "", end + 1
        elif text[at] == "}":
            raise LanguageError("this } closes nothing", at, at + 1, note="write }} for a brace")
        else:
            plain, at = plain + text[at], at + 1
    return tuple(part for part in (*parts, plain) if part != "")


def _closing(text: str, start: int) -> int:
    quote = ""
    for at in range(start + 1, len(text)):
        mark = text[at]
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'\"":
            quote = mark
        elif mark == "}":
            return at
    raise LanguageError("this { is not closed", start, start + 1, note="write {{ for a brace")


def _placeholder(inside: str, offset: int, check: Callable[[str], Node]) -> Placeholder:
    expression, colon, format_ = inside.rpartition(":")
    if not colon or "'" in format_ or '"' in format_:
        expression, format_ = inside, ""
    try:
        node = check(expression)
    except LanguageError as error:
        if not hasattr(error, "definition"):
            error.start, error.end = error.start + offset, error.end + offset
        raise
    usual = default_format(node.type)
    # What authors call a list is, of numbers, a list in the numbers' own format.
    plain = "list" if usual.startswith("list") else usual
    format_ = format_.strip() or plain
    if format_ not in FORMATS:
        at = offset + len(expression) + 1
        note = did_you_mean(format_, FORMATS) or "one of " + ", ".join(FORMATS)
        raise LanguageError(f'no format is called "{format_}"', at, at + len(format_), note=note)
    if not fits(format_, node.type):
        message = f"{describe(node.type)} is not written as {format_}"
        note = f"write {plain}" if fits(plain, node.type) else "name one of its fields"
        raise LanguageError(message, offset, offset + len(inside), note=note)
    if format_ == plain:
        format_ = usual
    return Placeholder(node, format_, offset)


def render(template: Template, values: Sequence[Value], *, currency: str) -> str:
    """Write a template with the values of its placeholders, in order."""
    formats = [part.format for part in template if isinstance(part, Placeholder)]
    written = iter(write_alike(list(zip(values, formats, strict=True)), currency=currency))
    text = "".join(part if isinstance(part, str) else next(written) for part in template)
    return " ".join(text.split())
