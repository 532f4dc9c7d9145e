"""Shares of distributions in SQL, as `checker.bulk.meaning.distributions` does them."""

from __future__ import annotations

from functools import lru_cache

from checker.bulk.compile import numbers
from checker.bulk.compile.choices import Tools
from checker.bulk.compile.errors import CannotCompileError
from checker.bulk.compile.lists import iterable, texts
from checker.bulk.compile.sql import TRUE, Columns, both, cases, known, surely
from checker.bulk.compile.texts import key_of, plain_key
from checker.bulk.compile.values import (
    CERTAIN,
    NOTHING,
    FixedList,
    Known,
    ListVal,
    Number,
    Shares,
    Val,
)
from checker.bulk.layout import BANDS, keys_of
from checker.bulk.meaning.distributions import band_ages
from checker.bulk.meaning.distributions import share_aged as known_share_aged
from checker.bulk.meaning.numbers import TOLERANCE
from checker.bulk.quote import name_of, number_of, text_of
from checker.model.types import DistributionType
from checker.model.values import UNKNOWN, Distribution, Range, Value

_ZERO, _ONE = number_of(0.0), number_of(1.0)
_LEAST_REST = number_of(TOLERANCE)


def _added(parts: list[str]) -> str:
    """Add from left to right."""
    if not parts:
        return _ZERO
    made = parts[0]
    for part in parts[1:]:
        made = f"({made} + {part})"
    return made


def _struct_parts(shares: Shares, keys: tuple[str, ...]) -> list[str]:
    return [f"coalesce({shares.sql}.{name_of(key)}, 0)" for key in keys]


def _rest(columns: Columns, shares: Shares) -> str:
    """Return what all that is present leaves of 1."""
    keys = keys_of(shares.type)
    whole = (
        _added(_struct_parts(shares, keys)) if keys else f"coalesce(list_sum({shares.sql}.v), 0)"
    )
    rest = columns.share(f"(1.0::DOUBLE - {whole})")
    return columns.share(f"(CASE WHEN {rest} > {_LEAST_REST} THEN {rest} ELSE {_ZERO} END)")


def _share_of(
    tools: Tools, shares: Shares, present: str, subset: str, rest_inside: str, sound: str
) -> Number:
    """Return a share from what is present, whether nothing asked is absent, and where R lies."""
    columns = tools.columns
    present, rest = columns.share(present), _rest(columns, shares)
    there = both(f"({shares.sql} IS NOT NULL)", sound)
    exact = columns.share(f"({rest} = 0 OR {subset})")
    low = f"CASE WHEN {exact} OR NOT {rest_inside} THEN {present} ELSE {present} + {rest} END"
    high = f"CASE WHEN {exact} THEN {present} ELSE {present} + {rest} END"
    return numbers.share(
        columns,
        Number(
            f"(CASE WHEN {there} THEN least({low}, {_ONE}) END)",
            f"(CASE WHEN {there} THEN least({high}, {_ONE}) END)",
            0.0,
            1.0,
        ),
    )


def share(tools: Tools, shares: Shares, keys: ListVal) -> Number:
    """Return the share of some keys."""
    keys = iterable(tools, keys)
    wanted = _known_keys(keys)
    if wanted is None:
        key = None if keys_of(shares.type) else _only_key(tools, keys)
        if key is None:
            return _share_of_row_keys(tools, shares, keys)
        found = tools.columns.share(_part(shares, key))
        return _share_of_found(tools, shares, [found], known(key))
    if UNKNOWN in wanted:
        return numbers.literal(NOTHING.value)
    return _share_of_known(tools, shares, tuple(dict.fromkeys(map(plain_key, wanted))))


def _known_keys(keys: ListVal) -> list[Value] | None:
    if not isinstance(keys, FixedList):
        return None
    if not all(isinstance(member, Known) and keep is CERTAIN for member, keep in keys.members):
        return None
    return [member.value for member, _ in keys.members if isinstance(member, Known)]


def _only_key(tools: Tools, keys: ListVal) -> str | None:
    """Return the key that a list of one sure member asks for; None where the list is another."""
    if not isinstance(keys, FixedList) or len(keys.members) != 1:
        return None
    ((member, keep),) = keys.members
    return tools.columns.share(key_of(tools.words, member)) if keep.sql == TRUE else None


def _share_of_known(tools: Tools, shares: Shares, wanted: tuple[str, ...]) -> Number:
    members = keys_of(shares.type)
    found = [
        tools.columns.share(
            f"{shares.sql}.{name_of(key)}" if members else _part(shares, text_of(key))
        )
        for key in wanted
    ]
    return _share_of_found(tools, shares, found, TRUE)


def _share_of_found(tools: Tools, shares: Shares, found: list[str], sound: str) -> Number:
    """Return the share of some different keys, given the part of each, NULL where it is absent."""
    columns, members = tools.columns, keys_of(shares.type)
    choices = shares.type.keys.choices
    present = _added([f"coalesce({each}, 0)" for each in found])
    here = " + ".join(f"({each} IS NOT NULL)::INTEGER" for each in found) or "0"
    here = columns.share(f"({here})")
    subset = f"{here} = {len(found)}"
    if not choices or len(found) * 2 > 10_000:
        inside = "false"
    else:
        # All that is absent is wanted: as many keys are absent as wanted ones are.
        size = _size(columns, shares, members)
        inside = f"({size} + {len(found)} - {here} = {len(choices)})"
    return _share_of(tools, shares, present, subset, inside, sound)


def _part(shares: Shares, key: str) -> str:
    """Return the part of a key, NULL where it is absent."""
    return f"list_extract({shares.sql}.v, list_position({shares.sql}.k, {key}))"


def _size(columns: Columns, shares: Shares, members: tuple[str, ...]) -> str:
    if not members:
        return columns.share(f"len({shares.sql}.k)::INTEGER")
    counted = " + ".join(f"({shares.sql}.{name_of(k)} IS NOT NULL)::INTEGER" for k in members)
    return columns.share(f"({counted})")


def _share_of_row_keys(tools: Tools, shares: Shares, keys: ListVal) -> Number:
    """Return the share of keys that the row says, on a list of (key, part)."""
    columns, item = tools.columns, shares.type.keys
    asked = texts(tools, keys, item)
    a, b, c = (columns.variable() for _ in range(3))
    sound = columns.share(
        f"(len(list_filter({asked.source}, lambda {a}: {a}.k IS NULL OR {a}.c IS NULL)) = 0)"
    )
    wanted = columns.share(f"list_distinct(list_transform({asked.source}, lambda {b}: {b}.k))")
    entries = columns.share(_entries(tools, shares))
    present = (
        f"coalesce(list_sum(list_transform({entries}, lambda {c}:"
        f" CASE WHEN list_contains({wanted}, {c}.k) THEN {c}.v ELSE 0 END)), 0)"
    )
    d, e = columns.variable(), columns.variable()
    have = f"list_distinct(list_transform({entries}, lambda {d}: {d}.k))"
    have = columns.share(have)
    here = columns.share(f"len(list_filter({wanted}, lambda {e}: list_contains({have}, {e})))")
    subset = f"({here} = len({wanted}))"
    choices = len(item.choices)
    inside = f"(len({have}) + len({wanted}) - {here} = {choices})" if choices else "false"
    return _share_of(tools, shares, present, subset, inside, surely(sound))


def _entries(tools: Tools, shares: Shares) -> str:
    """Return a distribution as a list of (k key, v part)."""
    keys, x = keys_of(shares.type), tools.columns.variable()
    if keys:
        parts = ", ".join(
            f"{{'k': {text_of(key)}, 'v': {shares.sql}.{name_of(key)}}}" for key in keys
        )
        return f"list_filter([{parts}], lambda {x}: {x}.v IS NOT NULL)"
    place = tools.columns.variable()
    made = f"{{'k': {x}, 'v': {shares.sql}.v[{place}]}}"
    return f"list_transform({shares.sql}.k, lambda {x}, {place}: {made})"


# Ages


def share_aged(tools: Tools, shares: Shares, ages: Val) -> Number:
    """Return the share of an age span that is known beforehand.

    Raises:
        CannotCompileError: the span rests on the row.
    """
    if not isinstance(ages, Known):
        raise CannotCompileError("a span of ages that each influencer has its own of")
    if ages.value is UNKNOWN:
        return numbers.literal(UNKNOWN)
    youngest, oldest = ages.value.get("min", 0.0), ages.value.get("max", float("inf"))
    if youngest is UNKNOWN or oldest is UNKNOWN:
        return numbers.literal(UNKNOWN)
    columns = tools.columns
    spans = {key: band_ages(key) for key in BANDS}
    first, beyond = youngest, oldest + 1.0
    inside = tuple(k for k, (start, end) in spans.items() if first <= start and end <= beyond)
    touched = tuple(k for k, (start, end) in spans.items() if start < beyond and first < end)
    low, high = (columns.share(_added(_struct_parts(shares, keys))) for keys in (inside, touched))
    verdicts = _verdicts(youngest, oldest, shares.type)
    place = columns.share(_verdict(columns, shares, verdicts))
    rest = _rest(columns, shares)
    low = cases([(f"({place} >= 2)", f"({low} + {rest})")], low)
    high = cases([(f"({place} IN (1, 3))", f"({high} + {rest})")], high)
    low, high = (f"(CASE WHEN {place} < 4 THEN least({e}, {_ONE}) END)" for e in (low, high))
    return numbers.share(columns, Number(low, high, 0.0, 1.0))


def _verdict(columns: Columns, shares: Shares, verdicts: tuple[int, ...]) -> str:
    """Return where the rest lies: 0 nowhere, 1 high, 2 low, 3 both; 4 is unknown."""
    bits = " + ".join(
        f"({shares.sql}.{name_of(key)} IS NOT NULL)::INTEGER * {2**place}"
        for place, key in enumerate(BANDS)
    )
    mask = columns.share(f"({bits})")
    table = f"[{', '.join(map(str, verdicts))}]::TINYINT[]"
    return f"list_extract({table}, {mask} + 1)"


@lru_cache(maxsize=256)
def _verdicts(youngest: float, oldest: float, type_: DistributionType) -> tuple[int, ...]:
    """Ask the language itself, for each set of bands that may be present, where the rest lies."""
    found = []
    for mask in range(2 ** len(BANDS)):
        present = {key: 0.0 for place, key in enumerate(BANDS) if mask >> place & 1}
        made = known_share_aged(Distribution(present), youngest, oldest, type_)
        if isinstance(made, float | Range):
            low, high = (made, made) if isinstance(made, float) else (made.low, made.high)
            found.append((2 if low > 0 else 0) + (1 if high > 0 else 0))
        else:
            found.append(4)
    return tuple(found)
