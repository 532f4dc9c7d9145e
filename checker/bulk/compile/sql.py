"""Small pieces of SQL, simplified where they are constant.

Conditions are BOOLEAN with NULL for unknown, so SQL's own and, or and not are Kleene's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count

from checker.bulk.compile.lets import Lets

TRUE, FALSE = "true", "false"
NO_FLAG, NO_NUMBER, NO_TEXT = "NULL::BOOLEAN", "NULL::DOUBLE", "NULL::VARCHAR"
NO_DATE = "NULL::DATE"

# A column, a member of one, or a literal: written again wherever it is read.
_ATOM = re.compile(
    r"""(?:[A-Za-z_]\w*|"[^"]*")(?:\.(?:[A-Za-z_]\w*|"[^"]*"))*|'[^']*'(?:::[A-Z]+)?|NULL::[A-Z]+|[0-9.]+"""
)
_LITERAL = re.compile(r"'(?:[^']|'')*'(?:::[A-Z]+)?")
_NUMBER = re.compile(r"'([^']+)'::DOUBLE")
_VARIABLE = re.compile(r"\b_v[0-9]+(?:_[0-9]+)?\b")
_ASKED = re.compile(r"\(([\w.\"]+) IS (NOT )?NULL\)")
_NEGATED = re.compile(r"\(NOT [\w.\"]+\)")
# A name that a loop around gives, not bound yet; a bound one is a member: _v3_1._m5.
_SHARED = re.compile(r"(?<!\.)\b_m[0-9]+\b(?!')")
_SAME = re.compile(r"\(([\w.\"]+) = ('(?:[^']|'')*')\)")
# What costs more than to ask for which rows it is wanted; so do long expressions.
_SHORT = 80
_DEAR = re.compile(r"\b(lambda|CASE)\b|\|\||list_|array_|format\(|regexp_|trim\(")
_LAMBDA = re.compile(r"\blambda ((?:_v[0-9_]+)(?:, _v[0-9]+)*):")


def is_atom(sql: str) -> bool:
    """Tell whether this costs nothing to write twice."""
    return _ATOM.fullmatch(sql) is not None


def is_local(sql: str) -> bool:
    """Tell whether this reads the variable of a loop, so that no column can hold it."""
    return _SHARED.search(sql) is not None or bool(_free(sql))


def _free(sql: str) -> set[str]:
    return set(_VARIABLE.findall(sql)) - set(_bound(sql))


def _bound(sql: str) -> list[str]:
    found = (name for names in _LAMBDA.findall(sql) for name in names.split(", "))
    return list(dict.fromkeys(found))


def _alike(sql: str) -> str:
    """Return the same text for expressions that differ in the names of their variables only."""
    places = {name: f"_b{place}" for place, name in enumerate(_bound(sql))}
    return _VARIABLE.sub(lambda match: places.get(match[0], match[0]), sql) if places else sql


def is_literal(sql: str) -> bool:
    """Tell whether this is one value written out."""
    return _LITERAL.fullmatch(sql) is not None


def is_null(sql: str) -> bool:
    """Tell whether this is NULL whatever the row is."""
    return sql.startswith("NULL::")


def fixed_number(sql: str) -> float | None:
    """Return the number that a literal is; None where this is none."""
    found = _NUMBER.fullmatch(sql)
    return float(found[1]) if found else None


def flag_of(value: bool | None) -> str:
    """Return a truth value as a literal."""
    return NO_FLAG if value is None else TRUE if value else FALSE


def both(*parts: str) -> str:
    """Return the Kleene conjunction."""
    return _join(parts, "AND", TRUE, FALSE)


def either(*parts: str) -> str:
    """Return the Kleene disjunction; what one text may be is one list."""
    return _join(_gathered(parts), "OR", FALSE, TRUE)


def _gathered(parts: Iterable[str]) -> list[str]:
    kept: dict[str, list[str]] = {}
    for part in parts:
        same = _SAME.fullmatch(part)
        if same is None:
            kept.setdefault(part, [])
        else:
            kept.setdefault(f"= {same[1]}", []).append(same[2])
    return [_one_of(key[2:], texts) if texts else key for key, texts in kept.items()]


def _one_of(sql: str, texts: list[str]) -> str:
    found = list(dict.fromkeys(texts))
    return f"({sql} = {found[0]})" if len(found) == 1 else f"({sql} IN ({', '.join(found)}))"


def _join(parts: Iterable[str], word: str, neutral: str, settles: str) -> str:
    kept = list(dict.fromkeys(part for part in parts if part != neutral))
    if settles in kept:
        return settles
    if not kept:
        return neutral
    return kept[0] if len(kept) == 1 else f"({f' {word} '.join(kept)})"


def negated(part: str) -> str:
    """Return Kleene's not."""
    if part in (TRUE, FALSE):
        return FALSE if part == TRUE else TRUE
    asked = _ASKED.fullmatch(part)
    if asked is not None:
        return f"({asked[1]} IS {'NULL' if asked[2] else 'NOT NULL'})"
    if _NEGATED.fullmatch(part):
        return part[5:-1]
    return part if is_null(part) else f"(NOT {part})"


def surely(part: str) -> str:
    """Return whether a condition is true: unknown counts as false."""
    if part in (TRUE, FALSE):
        return part
    return FALSE if is_null(part) else f"coalesce({part}, false)"


def possibly(part: str) -> str:
    """Return whether a condition is not false: unknown counts as true."""
    if part in (TRUE, FALSE):
        return part
    return TRUE if is_null(part) else f"coalesce({part}, true)"


def unknown(part: str) -> str:
    """Return whether a value is NULL."""
    if part in (TRUE, FALSE) or is_literal(part):
        return FALSE
    return TRUE if is_null(part) else f"({part} IS NULL)"


def known(part: str) -> str:
    """Return whether a value is not NULL."""
    return negated(unknown(part)) if unknown(part) in (TRUE, FALSE) else f"({part} IS NOT NULL)"


def cases(branches: Iterable[tuple[str, str]], otherwise: str) -> str:
    """Return the value of the first branch whose condition is true, else `otherwise`."""
    kept: list[tuple[str, str]] = []
    for condition, value in branches:
        if condition == FALSE or is_null(condition):
            continue
        if condition == TRUE:
            otherwise = value
            break
        kept.append((condition, value))
    if all(value == otherwise for _, value in kept):
        return otherwise
    inside = " ".join(f"WHEN {condition} THEN {value}" for condition, value in kept)
    return f"(CASE {inside} ELSE {otherwise} END)"


def picked(index: str, values: Iterable[str], empty: str) -> str:
    """Return the value at an index that counts from 0; `empty` where the index is NULL."""
    listed = list(values)
    if all(value == empty for value in listed):
        return empty
    places: dict[str, list[str]] = {}
    for place, value in enumerate(listed):
        places.setdefault(value, []).append(str(place))
    branches = " ".join(
        f"WHEN {index} IN ({', '.join(where)}) THEN {value}"
        if len(where) > 1
        else f"WHEN {index} = {where[0]} THEN {value}"
        for value, where in places.items()
        if value != empty
    )
    return f"(CASE {branches} ELSE {empty} END)"


class Columns:
    """Expressions that are computed once for each row, as columns of inner SELECTs.

    Each column reads the source's columns and columns made before it. What is made inside
    `guarded` is read by few rows only: where it is dear, it is NULL in all others.
    """

    def __init__(self) -> None:
        # Which rows what is made is for; 0 is all rows.
        self.branch = 0
        self._branches = 0
        self._guard = ""
        self._loops: list[tuple[Lets, frozenset[str]]] = []
        self._number = count()
        self._names: dict[str, str] = {}
        self._sql: dict[str, str] = {}
        self._levels: dict[str, int] = {}
        self._variables = 0

    def variable(self) -> str:
        """Return a new name for the variable of a lambda."""
        self._variables += 1
        return f"_v{self._variables}"

    def share(self, sql: str) -> str:
        """Return something short that stands for an expression."""
        if is_atom(sql) or sql in (TRUE, FALSE):
            return sql
        if is_local(sql):
            if not self._loops or not _free(sql) <= self._loops[-1][1]:
                return sql
            return self._loops[-1][0].share(_alike(sql), sql)
        alike = _alike(sql)
        if self._guard and alike not in self._names and (len(sql) > _SHORT or _DEAR.search(sql)):
            sql = f"(CASE WHEN {self._guard} THEN {sql} END)"
            alike = _alike(sql)
        name = self._names.get(alike)
        if name is None:
            name = self._names[alike] = f"_c{len(self._names)}"
            self._sql[name] = sql
            read = set(re.findall(r"\b_c[0-9]+\b", sql))
            self._levels[name] = 1 + max((self._levels.get(each, 0) for each in read), default=0)
        return name

    @contextmanager
    def guarded(self, when: str) -> Iterator[None]:
        """Compute what is made inside only for rows of which a condition is true."""
        outside = self.branch, self._guard
        guard = self.share(both(self._guard or TRUE, when))
        self._branches += 1
        self.branch, self._guard = self._branches, guard
        try:
            yield
        finally:
            self.branch, self._guard = outside

    @contextmanager
    def loop(self, member: str) -> Iterator[Callable[[str], str]]:
        """Share what a loop computes of a member; the function binds what an expression reads."""
        lets = Lets(self._number)
        around = self._loops[-1][1] if self._loops else frozenset()
        self._loops.append((lets, around | set(_VARIABLE.findall(member))))
        try:
            yield lambda sql: lets.wrap(sql, self.variable())
        finally:
            self._loops.pop()

    def once(self, sql: str, use: Callable[[str], str]) -> str:
        """Write what uses an expression several times without computing it several times."""
        short = self.share(sql)
        if is_atom(short) or (len(short) < 60 and not is_local(short)):
            return use(short)
        name = self.variable()
        return f"list_extract(list_transform([{short}], lambda {name}: {use(name)}), 1)"

    def select(self, source: str) -> str:
        """Return a query with the source's columns and all that was made."""
        query = source
        for level in range(1, max(self._levels.values(), default=0) + 1):
            made = ", ".join(
                f"{sql} AS {name}" for name, sql in self._sql.items() if self._levels[name] == level
            )
            query = f"(SELECT *, {made} FROM {query})"
        return query
