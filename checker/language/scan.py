"""A look at an expression's text before it is parsed, for what people write by habit.

`=`, `&&`, `50%`, `≥`, curly quotes, `AND`, `10,000`, `2026-03-31` without quotes, `x contains y`:
each gets its correction, at its character.
"""

from __future__ import annotations

import re

from checker.language.errors import LanguageError

_STRING = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")

# Pattern, what is wrong, what to write.
_HABITS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"[“”„‟«»‘’\u201a\u201b]"), "a curly quote", "write a straight quote, ' or \""),
    (re.compile(r"≥|=>"), "this comparison is not known here", "write >="),
    (re.compile(r"≤|=<"), "this comparison is not known here", "write <="),
    (re.compile(r"≠|<>"), "this comparison is not known here", "write !="),
    (re.compile(r"===+"), "this comparison is not known here", "write =="),
    (
        re.compile(r"(?<![=<>!])=(?![=<>])"),
        "one = compares nothing",
        "write == for equal, >= for at least",
    ),
    (re.compile(r"&&?"), "& is not known here", "write and"),
    (re.compile(r"\|\|?"), "| is not known here", "write or"),
    (re.compile(r"!(?!=)"), "! is not known here", "write not"),
    (re.compile(r"\?"), "? is not known here", "write: a if condition else b"),
    (re.compile(r"[×·]"), "this sign is not known here", "write *"),
    (re.compile(r"[÷]"), "this sign is not known here", "write /"),
    (re.compile(r"[\u2212–—]"), "this dash is not a minus sign", "write -"),
    (re.compile(r"\b(?:AND|And)\b"), "words of the language are small", "write and"),
    (re.compile(r"\b(?:OR|Or)\b"), "words of the language are small", "write or"),
    (re.compile(r"\b(?:NOT|Not)\b"), "words of the language are small", "write not"),
    (re.compile(r"\b(?:IN|In)\b"), "words of the language are small", "write in"),
    (re.compile(r"\b(?:TRUE|FALSE)\b"), "words of the language are small", "write true or false"),
    (
        re.compile(r"\b(?:null|None|nil|NULL)\b"),
        "nothing equals a missing value",
        "write exists(path)",
    ),
    (re.compile(r"#"), "a condition holds no comment", "write it on a line of its own, above"),
    (
        re.compile(r"[£$€¥]\s*\d[\d_.]*"),
        "an amount needs its currency's code",
        "write money(1000, 'GBP')",
    ),
)
# What any of the habits starts with; most expressions have none of it and are passed at once.
_SUSPECT = re.compile(
    r"""[^\w\s.,()\[\]{}+\-*/<>='":]|(?<![=<>!])=(?!=)|===|=[<>]|<>|\d,\d|\d[kKmM]\b"""
    r"|\b(?:AND|And|OR|Or|NOT|Not|IN|In|TRUE|FALSE|null|None|nil|NULL)\b"
    r"|\d[-/]\d\d[-/]|\d[ \u00a0\u2009\u202f]\d|\b(?:contains?|between)\b"
)
_PERCENT = re.compile(r"(\d[\d_]*(?:\.\d+)?)\s*%")
_THOUSANDS = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?![\w.])")
_DECIMAL_COMMA = re.compile(r"(?<![\w.])\d+,\d+(?![\w.])")
_SUFFIX = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)([kKmM])\b")
_SPACED = re.compile(r"(?<![\w.])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?:\.\d+)?(?![\w.])")
_DATE = re.compile(r"(?<![\w.])((?:19|20)\d\d)([-/])([01]\d)\2([0-3]\d)(?![\w.])")
# What other languages say between two operands; a field or a let may have such a name.
_OPERAND = r"(?:'[^'\n]*'|\"[^\"\n]*\"|-?[\w.]+)"
_CONTAINS = re.compile(
    rf"(?:(?P<left>[\w.]+)|(?<=[\])]))\s+(?P<no>(?:does\s+)?not\s+)?(?P<word>contains?)"
    rf"\s+(?=[\w'\"\[])(?P<right>{_OPERAND})?"
)
_BETWEEN = re.compile(
    rf"(?:(?P<left>[\w.]+)|(?<=[\])]))\s+(?P<no>not\s+)?(?P<word>between)"
    rf"\s+(?=[\w'\"\[(-])(?:(?P<low>{_OPERAND})\s+and\s+(?P<high>{_OPERAND})(?!\s*\())?"
)
_WORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "for"})
_PAIRS = {")": "(", "]": "[", "}": "{"}


def scan(text: str) -> None:
    """Refuse what the language does not have, with the correction.

    Raises:
        LanguageError: at the first such character.
    """
    if not text.strip():
        raise LanguageError("there is no condition here", 0, 1, note="write one")
    plain = _STRING.sub(lambda match: match[0][0] + "x" * (len(match[0]) - 2) + match[0][0], text)
    found = [*_escapes(text), *_unclosed_quotes(plain)]
    if _SUSPECT.search(plain):
        found += [*_habits(plain), *_numbers(plain), *_words(text, plain)]
    if found:
        raise min(found, key=lambda error: error.start)
    _scan_brackets(plain)


def _escapes(text: str) -> list[LanguageError]:
    at = text.find("\\")
    if at < 0:
        return []
    note = 'write the character itself; a text with \' in it stands between " and "'
    return [LanguageError("a backslash means nothing here", at, at + 1, note=note)]


def _unclosed_quotes(plain: str) -> list[LanguageError]:
    match = re.search(r"['\"]", _STRING.sub(lambda text: "x" * len(text[0]), plain))
    if not match:
        return []
    return [LanguageError("this quote is not closed", *match.span(), note="close it")]


def _habits(plain: str) -> list[LanguageError]:
    errors = []
    for pattern, message, note in _HABITS:
        match = pattern.search(plain)
        if match:
            errors.append(LanguageError(message, match.start(), match.end(), note=note))
    return errors


def _numbers(plain: str) -> list[LanguageError]:
    errors = []
    if match := _PERCENT.search(plain):
        share = float(match[1].replace("_", "")) / 100
        note = f"write {share:.10g}"
        errors.append(
            LanguageError("a condition has no percent sign", match.start(), match.end(), note=note)
        )
    if match := _THOUSANDS.search(plain):
        note = (
            f"write {match[0].replace(',', '_')}; for separate values put spaces after the commas"
        )
        errors.append(
            LanguageError("a number has no commas", match.start(), match.end(), note=note)
        )
    elif (match := _DECIMAL_COMMA.search(plain)) and not _depth(plain, match.start()):
        note = f"write {match[0].replace(',', '.')}"
        errors.append(
            LanguageError("a number has a decimal point", match.start(), match.end(), note=note)
        )
    if match := _SPACED.search(plain):
        note = f"write {re.sub(r'[^0-9.]', '_', match[0])}"
        errors.append(LanguageError("a number has no spaces", *match.span(), note=note))
    if match := _DATE.search(plain):
        note = f"write '{match[1]}-{match[3]}-{match[4]}'"
        errors.append(LanguageError("a date stands in quotes", *match.span(), note=note))
    if match := _SUFFIX.search(plain):
        whole = float(match[1]) * (1000 if match[2] in "kK" else 1_000_000)
        note = f"write {whole:_.10g}"
        errors.append(
            LanguageError("a number has no k or m", match.start(), match.end(), note=note)
        )
    return errors


def _words(text: str, plain: str) -> list[LanguageError]:
    errors = []
    if match := _between_operands(_CONTAINS, plain):
        left, right = match["left"] or "the list", _as_written(text, match, "right") or "value"
        note = f"write {right} {'not in' if match['no'] else 'in'} {left}"
        message = f'"{match["word"]}" is not known here'
        errors.append(LanguageError(message, *match.span("word"), note=note))
    if match := _between_operands(_BETWEEN, plain):
        low, high = _as_written(text, match, "low"), _as_written(text, match, "high")
        inside = f"{low or 'low'} <= {match['left'] or 'x'} <= {high or 'high'}"
        note = f"write not ({inside})" if match["no"] else f"write {inside}"
        errors.append(LanguageError('"between" is not known here', *match.span("word"), note=note))
    return errors


def _between_operands(pattern: re.Pattern[str], plain: str) -> re.Match[str] | None:
    """Find a word that stands between two operands, and so is no name itself."""
    for match in pattern.finditer(plain):
        after = re.match(r"\w*", plain[match.end("word") :].lstrip())
        assert after
        if match["left"] not in _WORDS and after[0] not in _WORDS - {"not"}:
            return match
    return None


def _as_written(text: str, match: re.Match[str], part: str) -> str:
    """Return a part of a match in the text that still has its quoted words."""
    start, end = match.span(part)
    return text[start:end] if start >= 0 else ""


def _depth(plain: str, offset: int) -> int:
    before = plain[:offset]
    return sum(before.count(mark) for mark in "([") - sum(before.count(mark) for mark in ")]")


def _scan_brackets(plain: str) -> None:
    # Checked before the text is wrapped in brackets of our own: "a) or (b" must not pass.
    inside = _STRING.sub(lambda match: "x" * len(match[0]), plain)
    opened: list[tuple[str, int]] = []
    for offset, mark in enumerate(inside):
        if mark in "([{":
            opened.append((mark, offset))
        elif mark in ")]}":
            if not opened or opened[-1][0] != _PAIRS[mark]:
                raise LanguageError(
                    f'this "{mark}" closes nothing', offset, offset + 1, note="drop it"
                )
            opened.pop()
    if opened:
        mark, offset = opened[-1]
        raise LanguageError(f'this "{mark}" is not closed', offset, offset + 1, note="close it")
