"""What somebody probably meant: codes by other names, numbers as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from checker.language.suggest import OTHER_NAMES, suggestion
from checker.loading.schemas import definitions

_CURRENCY_SIGNS = "£€$¥ "
_LONGEST = 100
_SCALES = {"k": 3, "m": 6, "bn": 9, "b": 9}
# Only messages need these: they are compiled where they are used.
_SHORT = r"([0-9]+(?:[.,][0-9]+)?) ?(k|m|bn|b)\+?"
_GROUPED = r"[1-9][0-9]{0,2}(?:([,.' _\u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]{1,2})?"
_AMBIGUOUS = r"(-?[1-9][0-9]{0,2})[.,]([0-9]{3})"
_SPAN = r"([0-9]+(?:\.[0-9]+)?%?) ?(?:-|–|to|\.\.) ?([0-9]+(?:\.[0-9]+)?%?)"


def code_hint(written: str, choices: Iterable[str], type_name: str = "") -> str:
    """Say which code was probably meant, or which there are."""
    codes = list(choices)
    folded = written.strip().casefold()
    by_fold = {code.casefold(): code for code in codes}
    type_ = definitions().get(type_name, {})
    others = dict(OTHER_NAMES) if type_name in ("country_code", "market_code") else {}
    others |= type_.get("x-other-names", {})
    for candidate in (folded, re.sub("[ _]", "-", folded), re.split(r"[-_]", folded)[0]):
        right = others.get(candidate) or by_fold.get(candidate)
        if right in codes:
            return f'Write "{right}".'
    known = suggestion(written, codes, "Known: " + ", ".join(codes) + ".")
    looks: str = type_.get("x-looks", known)
    return looks


def number_hint(written: str, *, whole: bool, ranged: bool, csv: bool = False) -> str:
    """Say how to write a number that was written for people: "12.4k", "12,400", "£450"."""
    text = written.strip()
    if len(text) > _LONGEST:
        return "Write digits only."
    if ranged and (span := re.fullmatch(_SPAN, text)):
        return f"Write {range_text(span[1], span[2], csv=csv)}."
    bare = text.strip(_CURRENCY_SIGNS)
    bare = re.sub(r"^[A-Z]{3} | [A-Z]{3}$", "", bare)
    if short := re.fullmatch(_SHORT, bare, re.IGNORECASE):
        return _short_hint(short[1].replace(",", "."), short[2].lower(), ranged=ranged, csv=csv)
    if not whole and (readings := two_readings(bare)):
        return f"It may be either: write {readings[0]} or {readings[1]}."
    if whole and "." in bare and (readings := two_readings(bare)):
        return f"Write {readings[0]}. Separators between thousands are left out."
    digits = plain_digits(bare)
    if digits is None:
        return "Write digits only." if any(c.isdigit() for c in text) else ""
    if whole and "." in digits:
        return "Write a whole number."
    thousands = digits != bare and digits != bare.replace(",", ".")
    note = " Separators between thousands are left out." if thousands else ""
    # YAML and JSON have no numbers that start with a needless 0.
    digits = re.sub(r"^(-?)0+(?=[0-9])", r"\1", digits)
    sign = " The currency has a field of its own." if bare != text else ""
    return f"Write {digits}{'' if csv or note or sign else ', without quotes'}.{note}{sign}"


def flag_value(text: str) -> bool | None:
    """Return what "yes", "TRUE" or "0" says; None where it says neither."""
    folded = text.strip().casefold()
    if folded in ("true", "yes", "y", "1"):
        return True
    return False if folded in ("false", "no", "n", "0") else None


def share_hint(value: object, *, csv: bool = False) -> str:
    """Say how to write a share that looks like a percent: 45, "45", "45 %", "45,5%"."""
    quote = "" if csv else '"'
    if isinstance(value, str) and (span := re.fullmatch(_SPAN, value.strip())) and not csv:
        low, high = span[1], span[2]
        if high.endswith("%"):
            return f"If it may be a range: {range_text(low.rstrip('%') + '%', high, csv=False)}."
        return ""
    text = str(value).strip().removesuffix("%").strip().replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        return ""
    if isinstance(value, str) and 0 <= number <= 1 and "%" not in value:
        return f"Write {text}." if csv else f"Write {text}, without quotes."
    if not 0 <= number <= 100:
        return ""
    either = f"Write {number / 100:.6g} or {quote}{number:g}%{quote}."
    if isinstance(value, str) and "%" in value:
        return either
    return f"{value} looks like a percent. {either}"


def two_readings(text: str) -> tuple[str, str] | None:
    """Return "1200" and "1.20" for "1.200" and "1,200", whose mark may be either; else None."""
    match = re.fullmatch(_AMBIGUOUS, text)
    if match is None:
        return None
    # Three digits that all count are told from thousands by a fourth.
    decimals = match[2][:2] if match[2].endswith("0") else match[2] + "0"
    return match[1] + match[2], f"{match[1]}.{decimals}"


def plain_digits(text: str) -> str | None:
    """Return "12400" for "12,400", "12.400" and "12 400"; None where it is no number."""
    try:
        Decimal(text)
    except InvalidOperation:
        pass
    else:
        return text if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else None
    if grouped := re.fullmatch(_GROUPED, text):
        mark = grouped[1]
        return text.replace(mark, "").replace(",", ".")
    if re.fullmatch(r"[0-9]+,[0-9]{1,2}|0,[0-9]+", text):
        return text.replace(",", ".")
    return None


def range_text(low: str, high: str, *, csv: bool) -> str:
    """Spell a range as the file's format has it."""
    if csv:
        return f"{low}-{high}"
    if "%" in low + high:
        return f'{{"min": "{low}", "max": "{high}"}}'
    return f'{{"min": {low}, "max": {high}}}'


def _short_hint(digits: str, scale: str, *, ranged: bool, csv: bool) -> str:
    """Spell "12.4k" out: 12400, or what rounds to it, 12350 to 12450."""
    power = _SCALES[scale]
    middle = int(Decimal(digits).scaleb(power))
    if not ranged:
        return f"Write the number, {middle}."
    places = len(digits.partition(".")[2])
    half = 10 ** max(power - places, 0) // 2
    spelled = range_text(str(middle - half), str(middle + half), csv=csv)
    return f"Write the whole number, {middle}, or a range, {spelled}."
