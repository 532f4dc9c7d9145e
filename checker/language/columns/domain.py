"""The domain of columns: the definitions of the operators over numpy arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from math import inf
from typing import Any

import numpy as np

from checker.language.columns.kinds import (
    Column,
    DateColumn,
    DistributionColumn,
    ListColumn,
    NumberColumn,
    TextColumn,
    TruthColumn,
    is_constant,
    known_of,
)
from checker.language.columns.lifting import lift, unknown
from checker.language.columns.values import mask, pick, take
from checker.language.context import TableValue
from checker.language.operators import fast
from checker.language.operators.domain import TOLERANCE, Each, Joining
from checker.language.operators.lists import contains
from checker.language.operators.scalars import OPEN_SCALARS, SCALARS, Scalars
from checker.language.operators.shares import AgePlan, share_aged
from checker.model.types import NumberType, Type
from checker.model.values import UNKNOWN, Label, Value

PlanOf = Callable[[tuple[str, ...]], AgePlan]


class NotOnColumnsError(Exception):
    """Something that is computed record by record; the message says what."""


class ColumnDomain:
    """Columns of many records, or single values that stand for one; see `Domain`.

    `scalars` tells how words are compared.
    """

    def __init__(self, scalars: Scalars) -> None:
        self.scalars = scalars

    def ends(self, value: Column) -> tuple[Any, Any, Any]:
        """Return whether numbers are known, and their ends."""
        if isinstance(value, NumberColumn):
            return value.known, value.low, value.high
        return SCALARS.ends(value)

    def number(self, known: Any, low: Any, high: Any) -> Column:
        """Return the numbers with these ends."""
        if not any(isinstance(each, np.ndarray) for each in (known, low, high)):
            return SCALARS.number(bool(known), float(low), float(high))
        known, low, high = np.broadcast_arrays(known, low, high)
        bounded = known & (low <= high) & (low < inf) & (high > -inf)
        bounded &= (low > -inf) | (high < inf)
        if bounded.all():
            return NumberColumn(bounded, low, high)
        return NumberColumn(bounded, np.where(bounded, low, -inf), np.where(bounded, high, inf))

    def sides(self, value: Column) -> tuple[Any, Any]:
        """Return where truths surely hold, and where they surely do not."""
        if isinstance(value, TruthColumn):
            return value.yes, value.no
        return SCALARS.sides(value)

    def truth(self, yes: Any, no: Any) -> Column:
        """Return the truths with these sides."""
        if not isinstance(yes, np.ndarray) and not isinstance(no, np.ndarray):
            return SCALARS.truth(bool(yes), bool(no))
        yes, no = np.broadcast_arrays(yes, no)
        return TruthColumn(yes, no)

    def same(self, a: Column, b: Column) -> tuple[Any, Any]:
        """Return where it is known whether a is b, and where it is."""
        if is_constant(a) and is_constant(b):
            return self.scalars.same(a, b)
        if a is UNKNOWN or b is UNKNOWN:
            return False, False
        known = known_of(a) & known_of(b)
        if isinstance(a, TextColumn) or isinstance(b, TextColumn):
            settled, equal = self._same_texts(a, b)
            return known & settled, known & equal
        if isinstance(a, DateColumn) or isinstance(b, DateColumn):
            return known, known & (self.days(a)[1] == self.days(b)[1])
        return known, known & (self.sides(a)[0] == self.sides(b)[0])

    def _same_texts(self, a: Column, b: Column) -> tuple[Any, Any]:
        """Tell of texts whether one is the other; each different pair is looked at once."""
        sides = [
            (each.codes, each.values) if isinstance(each, TextColumn) else (0, (each,))
            for each in (a, b)
        ]
        (left, mine), (right, theirs) = sides
        if not mine or not theirs:
            return np.False_, np.False_
        pairs = np.broadcast_to(left * len(theirs) + right, np.broadcast(left, right).shape)
        known = (left >= 0) & (right >= 0)
        different, where = np.unique(np.where(known, pairs, 0), return_inverse=True)
        found = [
            self.scalars.same(mine[n // len(theirs)], theirs[n % len(theirs)])
            for n in different.tolist()
        ]
        settled, equal = np.array(found, bool).reshape(-1, 2).T
        return settled[where.reshape(-1)], equal[where.reshape(-1)]

    def where(self, test: Any, a: Any, b: Any) -> Any:
        """Return a where the test is true, else b."""
        if isinstance(test, np.ndarray):
            return np.where(test, a, b)
        return a if test else b

    def lower(self, a: Any, b: Any) -> Any:
        """Return the lower of two."""
        return np.minimum(a, b)

    def higher(self, a: Any, b: Any) -> Any:
        """Return the higher of two."""
        return np.maximum(a, b)

    def invert(self, flag: Any) -> Any:
        """Return true where the flag is false."""
        return np.logical_not(flag) if isinstance(flag, np.ndarray) else not flag

    def near(self, a: Any, b: Any) -> Any:
        """Tell where two count as equal, as `scalars.near` does."""
        equal, difference = np.equal(a, b), np.abs(np.subtract(a, b))
        close = difference <= TOLERANCE * np.maximum(1.0, np.maximum(np.abs(a), np.abs(b)))
        close = close & (difference != inf) & ~equal
        if np.any(close):
            close = close & ~(np.equal(a, np.floor(a)) & np.equal(b, np.floor(b)))
        return equal | close

    def quotient(self, a: Any, b: Any) -> Any:
        """Return a / b, and 0 where b is 0."""
        nothing = np.equal(b, 0)
        return np.where(nothing, 0.0, np.divide(a, np.where(nothing, 1.0, b)))

    def reduce(
        self, values: ListColumn, each: Each, joined: tuple[Joining, ...]
    ) -> tuple[Any, ...]:
        """Return the parts of all members of each list, joined from left to right."""
        parts = each(values.members, values.certain)
        return tuple(_reduced(how, part, values) for how, part in zip(joined, parts, strict=True))

    def days(self, value: Column) -> tuple[Any, Any]:
        """Return whether dates are known, and their ordinals."""
        if isinstance(value, DateColumn):
            return value.known, value.days
        return SCALARS.days(value)

    def date(self, known: Any, days: Any) -> Column:
        """Return the dates with these ordinals."""
        if not isinstance(days, np.ndarray):
            return SCALARS.date(bool(known), days)
        known, days = np.broadcast_arrays(known, days)
        return DateColumn(known, np.where(known, days, 0).astype(np.int64))

    def last(self, values: ListColumn) -> Column:
        """Return the last members; unknown of nothing and where they are only possible."""
        filled = np.diff(values.offsets) > 0
        places = np.where(filled, values.offsets[1:] - 1, -1)
        sure = filled & np.append(values.certain, False)[places]
        return take(values.members, np.where(sure, places, -1))

    def row(self, table: TableValue, place: Any) -> Column:
        """Return the rows of a table at some places; -1 is unknown."""
        return take(lift(table.rows, table.type.row), np.asarray(place, np.int64))

    def lookup(
        self,
        index: Mapping[tuple[Value, ...], Value],
        keys: tuple[Column, ...],
        type_: Type,
    ) -> Column:
        """Return the rows with these keys; each different combination is looked up once."""
        texts = [key for key in keys if not is_constant(key)]
        if not all(isinstance(key, TextColumn) for key in texts):
            raise NotOnColumnsError("a lookup by a key that is no text")
        known = np.logical_and.reduce([key.codes >= 0 for key in texts])
        codes = np.stack([key.codes for key in texts])
        different, where = np.unique(codes, axis=1, return_inverse=True)
        found = []
        for combination in different.T:
            given = iter(
                _key(text.values[code]) if code >= 0 else UNKNOWN
                for text, code in zip(texts, combination, strict=True)
            )
            asked = tuple(_key(key) if is_constant(key) else next(given) for key in keys)
            found.append(index.get(asked, UNKNOWN))
        return mask(take(lift(found, type_), where.reshape(-1)), known)

    def share_parts(
        self, values: DistributionColumn, keys: Column, choices: tuple[str, ...]
    ) -> tuple[Any, ...]:
        """Return what `shares.share` asks of distributions."""
        if isinstance(keys, ListColumn):
            if any(name.__class__ is not str for name in values.names):
                raise NotOnColumnsError("shares of words that each record asks for itself")
            return _own_parts(values, keys, choices)
        if not isinstance(keys, tuple):
            raise NotOnColumnsError("shares of keys that are only possible")
        wanted = frozenset(map(_key, keys))
        size, owners = len(values.known), values.owners
        codes, shares = _in_order(values, owners, choices)
        asked = [self.scalars.is_asked(name, wanted) for name in values.names]
        inside = np.array([each is True for each in asked] + [False])[codes]
        open_ = np.array([each is None for each in asked] + [False])[codes]
        part = np.bincount(owners[inside], weights=shares[inside], minlength=size)
        maybe = np.bincount(owners[open_], weights=shares[open_], minlength=size)
        whole = np.bincount(owners, weights=shares, minlength=size)
        named = np.array([name in wanted for name in values.names] + [False])[codes]
        there = np.bincount(owners[named], minlength=size)
        others = len(set(choices) - wanted)
        absent = (np.bincount(owners, minlength=size) - there == others) & bool(choices)
        known = values.known & (UNKNOWN not in keys)
        return known, part, maybe, whole, there == len(wanted), absent

    def share_aged(self, values: DistributionColumn, plan_of: PlanOf) -> Column:
        """Return shares of a span of ages, for each set of bands that occurs by its own plan."""
        size, owners = len(values.known), values.owners
        counts = np.diff(values.offsets)
        whole = np.bincount(owners, weights=values.shares, minlength=size)
        made = unknown(NumberType(), size)
        for rows, keys in _alike(values, counts):
            plan = plan_of(tuple(values.names[key] for key in keys))
            some = _share_of_alike(self, values, rows, plan, whole)
            places = np.full(size, -1)
            places[rows] = np.arange(len(rows))
            picked = np.zeros(size, bool)
            picked[rows] = True
            made = pick(picked, take(some, places), made, NumberType())
        return mask(made, values.known)

    def span(self, ages: Column) -> tuple[float, float] | None:
        """Return the ends of an age span that is the same for all; None where one is unknown."""
        if not isinstance(ages, Mapping):
            raise NotOnColumnsError("an age span of each record's own")
        return SCALARS.span(ages)

    def overlap(self, first: Column, second: Column, type_: Type, *, turn: bool = False) -> Column:
        """Return the members of the first lists that are in the second ones, each once."""
        size = len(known_of(second if is_constant(first) else first))
        mine, theirs = (as_list(each, size, type_) for each in (first, second))
        owners = mine.owners
        if isinstance(second, tuple) and isinstance(mine.members, TextColumn):
            yes, no = self.sides(self.in_fixed(mine.members, second, turn=turn))
        else:
            beside = take(theirs, owners)
            item = take(mine.members, beside.owners)
            yes, no = self.sides(contains(self, item, beside, numbers=False, turn=turn))
        kept = np.flatnonzero(self.invert(no))
        certain = (mine.certain & yes)[kept]
        return _each_once(mine, owners[kept], take(mine.members, kept), certain)

    def in_fixed(self, item: TextColumn, values: tuple[Value, ...], *, turn: bool) -> Column:
        """Tell which texts are in a list that is the same for all; each is looked at once."""
        in_ = partial(fast.contains, values=values, exact=True, on=self.scalars, turn=turn)
        found = [in_(each) for each in item.values]
        # What is not known is in no empty list.
        yes, no = ([each is side for each in found] for side in (True, False))
        codes = item.codes
        return TruthColumn(np.array([*yes, False])[codes], np.array([*no, not values])[codes])


def _reduced(how: Joining, part: Any, values: ListColumn) -> Any:
    size, count = len(values.known), len(values.certain)
    part = np.broadcast_to(part, count)
    if how == "add":
        # One by one and from the left, which `np.add.reduceat` does not.
        return np.bincount(values.owners, weights=part, minlength=size)
    if how == "or":
        return np.bincount(values.owners[part], minlength=size) > 0
    filled = np.diff(values.offsets) > 0
    found = np.full(size, inf if how == "min" else -inf)
    if count:
        join = np.minimum if how == "min" else np.maximum
        found[filled] = join.reduceat(part, values.offsets[:-1][filled])
    return found


def _key(value: Value) -> Value:
    return value.key if isinstance(value, Label) else value


def _own_parts(
    values: DistributionColumn, keys: ListColumn, choices: tuple[str, ...]
) -> tuple[Any, ...]:
    """Return what `shares.share` asks where each record has keys of its own."""
    size, owners = len(values.known), values.owners
    codes, shares = _in_order(values, owners, choices)
    places: dict[Value, int] = {name: place for place, name in enumerate(values.names)}
    asked = keys.members
    assert isinstance(asked, TextColumn)
    numbers = [places.setdefault(_key(value), len(places)) for value in asked.values]
    settled = keys.certain & (asked.codes >= 0)
    open_ = np.bincount(keys.owners[~settled], minlength=size) > 0
    width = max(len(places), 1)
    held = owners * width + codes
    wanted = np.unique(keys.owners[settled] * width + np.array([*numbers, 0])[asked.codes][settled])
    inside = np.isin(held, wanted)
    part = np.bincount(owners[inside], weights=shares[inside], minlength=size)
    whole = np.bincount(owners, weights=shares, minlength=size)
    lacking = np.bincount(wanted[~np.isin(wanted, held)] // width, minlength=size)
    either = np.bincount(np.union1d(held, wanted) // width, minlength=size)
    absent = (either == len(set(choices))) & bool(choices)
    return keys.known & ~open_, part, 0.0, whole, lacking == 0, absent


def _in_order(values: DistributionColumn, owners: Any, choices: tuple[str, ...]) -> tuple[Any, Any]:
    """Return the keys and shares of each record, in the order of a closed set of keys."""
    place = {choice: n for n, choice in enumerate(choices)}
    ranks = np.array([place.get(name, 0) for name in values.names] or [0])[values.keys]
    if not np.any((np.diff(ranks) < 0) & (np.diff(owners) == 0)):
        return values.keys, values.shares
    order = np.lexsort((ranks, owners))
    return values.keys[order], values.shares[order]


def _alike(values: DistributionColumn, counts: Any) -> Iterator[tuple[Any, Any]]:
    """Give the rows that have the same keys in the same order, and these keys."""
    for count in np.unique(counts):
        rows = np.flatnonzero(counts == count)
        keys = values.keys[values.offsets[rows][:, None] + np.arange(count)]
        different, where = np.unique(keys, axis=0, return_inverse=True)
        for place, each in enumerate(different):
            yield rows[where.reshape(-1) == place], each


def _share_of_alike(
    on: ColumnDomain, values: DistributionColumn, rows: Any, plan: AgePlan, whole: Any
) -> Column:
    low, high = np.zeros(len(rows)), np.zeros(len(rows))
    for place in plan.order:
        shares = values.shares[values.offsets[rows] + place]
        low = low + shares if place in plan.inside else low
        high = high + shares if place in plan.overlapping else high
    return share_aged(on, plan, low, high, whole[rows])


def _each_once(lists: ListColumn, owners: Any, members: Column, certain: Any) -> ListColumn:
    """Return lists in which a text that comes again is one member, sure where one of them was."""
    size = len(lists.known)
    places: dict[Value, int] = {}
    codes = [places.setdefault(_key(value), len(places)) for value in members.values]
    keys = np.array([*codes, -1])[members.codes]
    # What is not known is nobody's like.
    unlike = np.where(keys < 0, len(places) + np.arange(len(keys)), keys)
    pairs = np.stack((owners, unlike))
    _, first, where = np.unique(pairs, axis=1, return_index=True, return_inverse=True)
    sure = np.bincount(where.reshape(-1), weights=certain, minlength=len(first)) > 0
    order = np.argsort(first, kind="stable")
    kept = first[order]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(owners[kept], minlength=size))))
    return ListColumn(lists.known, offsets, take(members, kept), sure[order])


def as_list(column: Column, size: int, type_: Type) -> ListColumn:
    """Return a list as a column, also where one list stands for all."""
    if isinstance(column, ListColumn):
        return column
    one = lift([column], type_)
    assert isinstance(one, ListColumn)
    count = len(one.certain)
    members = take(one.members, np.tile(np.arange(count), size))
    offsets = np.arange(size + 1) * count
    return ListColumn(np.ones(size, bool), offsets, members, np.tile(one.certain, size))


COLUMNS = ColumnDomain(SCALARS)
OPEN_COLUMNS = ColumnDomain(OPEN_SCALARS)
