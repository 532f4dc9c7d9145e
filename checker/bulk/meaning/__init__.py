"""The meaning of operators on single values that the SQL is held to."""

from checker.language.operators.comparisons import COMPARISONS

OPPOSITE = {sign: each.opposite for sign, each in COMPARISONS.items()}
WORDS = {sign: each.needed for sign, each in COMPARISONS.items()}
