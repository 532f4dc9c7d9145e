"""The form in which names of brands compare."""

from __future__ import annotations

import re
from functools import lru_cache

from checker.language.text import canonical, levelled

# Marks beside a name.
_MARKS = re.compile(r"[\u2122\u2120\u00ae\u00a9]|\((?:tm|r|c|sm)\)", re.IGNORECASE)
# "SpA" is a form of companies and a "spa" none: only the spelling tells them apart.
_SPA = re.compile(r"(?<=\s)(?:S\.\s?p\.\s?A\b\.?|SpA\b)")
_FORMS = (
    "ltd|limited|plc|llp|llc|lp|inc|incorporated|corp|corporation|co|company|coltd|pty|pte|"
    "gmbh|mbh|ag|kg|kgaa|ohg|gbr|ug|se|sa|sas|sasu|sarl|sa rl|eurl|snc|srl|spa form|sl|slu|sau|"
    "bv|nv|ab|as|a s|asa|aps|oy|oyj|sro|s r o|doo|sp z oo|spolka z oo|kft|zrt|kk|ltda|lda|"
    "sdn bhd|jsc|pvt|private limited|cv|vof|cic"
)
_LEGAL = re.compile(rf"(?:(?: and)? (?:{_FORMS}))+$")
# A handle has no blanks that would tell its words apart; these ends are of no other word.
_RUN_TOGETHER = re.compile(r"(?<=\w{3})(?:andco|ltd|gmbh|llc)$")


@lru_cache(maxsize=8192)
def brand_form(name: str) -> str:
    """Return the form in which names of brands compare.

    Case, accents, apostrophes, dots, blanks, signs such as "™", legal forms and the "@" of a
    handle make no difference, and "&" is "and": "L’Oréal S.A." and "@loreal" have one form. A
    name of signs alone keeps them.
    """
    text = _MARKS.sub(" ", name).replace("&", " and ").replace("\uff06", " and ")
    text = levelled(_SPA.sub("spa form", text)).replace(".", "")
    words = re.sub(r"[\W_]+", " ", text).strip()
    return _RUN_TOGETHER.sub("", _LEGAL.sub("", words).replace(" ", "")) or canonical(name) or name
