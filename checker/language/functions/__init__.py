"""The functions of the language: each is declared once, and stands in this table.

What a function is read by: the type check, the evaluators of single values and of columns, the
reasoning of lint, `explain`, and the table on the language's page.
"""

from __future__ import annotations

from collections.abc import Mapping

from checker.language.functions.amounts import ABS, MAX, MEAN, MIN, SUM
from checker.language.functions.asks import DEFAULT, EXISTS, MONEY
from checker.language.functions.declare import Function
from checker.language.functions.facts import (
    BAND,
    DAYS_BETWEEN,
    KNOWN,
    LOOKUP,
    MENTIONS,
    SHARE,
    SHARE_AGED,
    SHARE_OF_KNOWN_AGES,
)
from checker.language.functions.members import ALL, ANY, COUNT, DUPLICATES, LAST, OVERLAP

FUNCTIONS: Mapping[str, Function] = {
    "sum": SUM,
    "min": MIN,
    "max": MAX,
    "mean": MEAN,
    "count": COUNT,
    "any": ANY,
    "all": ALL,
    "last": LAST,
    "abs": ABS,
    "exists": EXISTS,
    "default": DEFAULT,
    "days_between": DAYS_BETWEEN,
    "known_word": KNOWN,
    "overlap": OVERLAP,
    "duplicates": DUPLICATES,
    "share": SHARE,
    "share_aged": SHARE_AGED,
    "share_of_known_ages": SHARE_OF_KNOWN_AGES,
    "band": BAND,
    "lookup": LOOKUP,
    "mentions": MENTIONS,
    "money": MONEY,
}
