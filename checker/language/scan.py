"""A look at an expression's text before it is parsed, for what people write by habit.

`=`, `&&`, `50%`, `≥`, curly quotes, `AND`, `10,000`: each gets its correction, at its character.
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
)
_PERCENT = re.compile(r"(\d[\d_]*(?:\.\d+)?)\s*%")
_THOUSANDS = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?![\w.])")
_DECIMAL_COMMA = re.compile(r"(?<![\w.])\d+,\d+(?![\w.])")
_SUFFIX = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)([kKmM])\b")
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
        found += [*_habits(plain), *_numbers(plain)]
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
    if match := _SUFFIX.search(plain):
        whole = float(match[1]) * (1000 if match[2] in "kK" else 1_000_000)
        note = f"write {whole:_.10g}"
        errors.append(
            LanguageError("a number has no k or m", match.start(), match.end(), note=note)
        )
    return errors


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
