"""Records, lists and distributions, proved in columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from checker.bulk.proof.rows import Rows, lengths_of, members_of, numbers, offsets_of, sums, there
from checker.bulk.proof.values import Day, Labels, Number, Ranged, Words

# Sums of shares are rounded here and there, so what is near the limit is left to the evaluator.
_MOST = 1.02 - 1e-6
# A distribution over many keys: the keys that are there, and the part of each.
SHARES = pa.struct([("k", pa.list_(pa.string())), ("v", pa.list_(pa.float64()))])


class Part(Protocol):
    """What proves a column, and returns it in the layout's type."""

    @property
    def structure(self) -> Any:
        """What `from_json` reads."""

    def prove(self, array: pa.Array, rows: Rows) -> pa.Array:
        """Prove a column, and return it as the layout has it."""


@dataclass(frozen=True)
class Record:
    """A record with members of known names.

    Attributes:
        members: by name, what proves it; None where whatever stands there is not proved.
        marks: of members that may be ranges, the names that their ranges stand under.
        types: of each member, the type that the layout gives it.
        required: the names that must be there.
        whole: this is the whole record, not a member of one.
        reads: the members that are asked for; the others are proved and left out.
    """

    members: Mapping[str, Part | Ranged | None]
    marks: Mapping[str, str]
    types: Mapping[str, pa.DataType]
    required: frozenset[str]
    whole: bool
    reads: frozenset[str]

    @property
    def ranged(self) -> frozenset[str]:
        """Return the names of members that may be ranges, those of records within among them."""
        found = set(self.marks)
        for member in self.members.values():
            inner = member.item if isinstance(member, Listed) else member
            if isinstance(inner, Record):
                found |= inner.ranged
        return frozenset(found)

    @property
    def structure(self) -> Any:
        """What `from_json` reads."""
        found: dict[str, Any] = {}
        for name, member in self.members.items():
            if isinstance(member, Ranged):
                found[name] = member.number.structure
                found[self.marks[name]] = {"min": "DOUBLE", "max": "DOUBLE"}
            elif member is not None:
                found[name] = member.structure
        return found

    def prove(self, array: pa.Array, rows: Rows) -> pa.Array:
        """Prove a column of structs."""
        mask = there(array)
        columns = members_of(array)
        made, some = {}, np.zeros(rows.count, np.bool_)
        for name, member in self.members.items():
            column, held = self._member(name, member, columns, rows)
            some |= held
            if name in self.required:
                rows.need(held | ~mask)
            if name in self.reads:
                made[name] = column
        # DuckDB reads any number as an object without members.
        rows.need(mask if self.whole else some | ~mask)
        self._in_order(columns, rows)
        return _struct(made, mask, rows.count)

    def _member(
        self, name: str, member: Part | Ranged | None, columns: Mapping[str, pa.Array], rows: Rows
    ) -> tuple[pa.Array, Any]:
        """Return a member as the layout has it, and where it is there."""
        column, ranges = columns.get(name), columns.get(self.marks.get(name, ""))
        held = np.zeros(rows.count, np.bool_)
        for each in (column, ranges):
            if each is not None and each.null_count < rows.count:
                mask = there(each)
                rows.quoted(mask)
                held |= mask
        if isinstance(member, Ranged):
            if column is not None and pa.types.is_struct(column.type):
                column, ranges = None, column
            return member.prove(column, ranges, rows), held
        if member is None or column is None:
            rows.need(~held)
            return pa.nulls(rows.count, self.types[name]), held
        return member.prove(column, rows), held

    def _in_order(self, columns: Mapping[str, pa.Array], rows: Rows) -> None:
        """Refuse periods that end before they begin."""
        if not {"from", "until"} <= self.members.keys() & columns.keys():
            return
        first, last = (columns[name] for name in ("from", "until"))
        rows.need(~(there(first) & there(last)) | (_days(first) <= _days(last)))


def _struct(columns: Mapping[str, pa.Array], mask: Any, count: int) -> pa.Array:
    # A struct must have some member, whatever is asked for.
    given = dict(columns) or {"nothing": pa.nulls(count, pa.bool_())}
    return pa.StructArray.from_arrays(
        list(given.values()), names=list(given), mask=None if mask.all() else pa.array(~mask)
    )


@dataclass(frozen=True)
class Listed:
    """A list. `once`: no member twice. `by_day`: its members have dates, later ones after."""

    item: Part
    most: int
    once: bool = False
    by_day: bool = False

    @property
    def structure(self) -> Any:
        """What `from_json` reads."""
        return [self.item.structure]

    def prove(self, array: pa.Array, rows: Rows) -> pa.Array:
        """Prove a column of lists."""
        mask = there(array)
        lengths = lengths_of(array)
        rows.need(lengths <= self.most)
        items = array.flatten()
        members = Rows(len(items), written=rows.written)
        members.need(there(items))
        if self.once and isinstance(self.item, Words):
            found = self.item.look(items, members)
            _refuse_twice(found.indices, len(found.dictionary), lengths, rows)
            made = self.item.made(items, found)
        else:
            made = self.item.prove(items, members)
        if self.by_day and "date" in [each.name for each in items.type]:
            _refuse_disorder(items.field("date"), lengths, members)
        rows.take(members, lengths)
        if made is items:
            return array
        ends = offsets_of(lengths)
        listed = pa.ListArray.from_arrays
        return listed(ends, made) if mask.all() else listed(ends, made, mask=pa.array(~mask))


def _refuse_twice(places: pa.Array, different: int, lengths: Any, rows: Rows) -> None:
    """Refuse lists that have a member twice."""
    row = np.repeat(np.arange(rows.count), lengths)
    keys = np.sort(row * max(different, 1) + places.fill_null(0).to_numpy())
    twice = np.flatnonzero(keys[1:] == keys[:-1])
    if len(twice):
        rows.good[keys[twice] // max(different, 1)] = False


def _refuse_disorder(days: pa.Array, lengths: Any, members: Rows) -> None:
    """Refuse lists whose members' days do not ascend."""
    order = _days(days)
    late = np.zeros(len(order), np.bool_)
    late[1:] = order[1:] <= order[:-1]
    starts = (np.cumsum(lengths) - lengths)[lengths > 0]
    late[starts] = False
    members.need(~late)


def _days(dates: pa.Array) -> Any:
    """Return dates as numbers of days."""
    made = Day().prove(dates, Rows(len(dates), written=False))
    return made.cast(pa.int32()).fill_null(0).to_numpy()


@dataclass(frozen=True)
class Shares:
    """A distribution over a few keys; some of them overlap."""

    keys: tuple[str, ...]
    overlapping: tuple[tuple[str, str], ...]
    share: Number

    @property
    def structure(self) -> Any:
        """What `from_json` reads."""
        return dict.fromkeys(self.keys, "DOUBLE")

    def prove(self, array: pa.Array, rows: Rows) -> pa.Array:
        """Prove a column of structs of shares."""
        mask = there(array)
        some, total = np.zeros(rows.count, np.bool_), np.zeros(rows.count)
        held: dict[str, Any] = {}
        for name, column in members_of(array).items():
            if column.null_count == rows.count:
                continue
            held[name] = here = there(column)
            values = numbers(column)
            self.share.check(values, here, rows)
            rows.quoted(here)
            some |= here
            total += np.where(here, values, 0.0)
        rows.need((some | ~mask) & (total <= _MOST))
        for one, other in self.overlapping:
            if one in held and other in held:
                rows.need(~(held[one] & held[other]))
        return array


@dataclass(frozen=True)
class SharesByKey:
    """A distribution over many keys, as a map; that of labels is by their keys.

    It becomes two lists: DuckDB takes a map from Arrow fifty times as slowly.
    """

    keys: Words
    share: Number
    structure: Any = "MAP(VARCHAR, DOUBLE)"

    def prove(self, array: pa.Array, rows: Rows) -> pa.Array:
        """Prove a column of maps."""
        mask = there(array)
        starts = array.offsets.to_numpy().astype(np.int64)
        lengths = np.where(mask, starts[1:] - starts[:-1], 0)
        first, size = int(starts[0]), int(starts[-1] - starts[0])
        if lengths.sum() != size:
            rows.need(~mask)
            return pa.nulls(len(array), SHARES)
        names, items = array.keys.slice(first, size), array.items.slice(first, size)
        members = Rows(size, written=rows.written)
        members.need(there(items))
        found = self.keys.look(names, members)
        values = numbers(items)
        # A share of 0 or 1 is put right by counting the line's words, so it is no bad member.
        good = (values >= self.share.low) & (values <= self.share.high)
        members.need(good)
        ends = np.cumsum(lengths)
        if rows.written:
            rows.doubt(sums(((values == 0) | (values == 1)).astype(np.int64), lengths, ends) > 0)
        total = sums(np.where(good, values, 0.0), lengths, ends)
        rows.need(((lengths > 0) | ~mask) & (total <= _MOST))
        rows.take(members, lengths)
        made = self._by_key(names, found)
        # From JSON no map comes with a key twice; but two names of a label may have one key, which
        # the evaluator adds up.
        if made is not names or not rows.written:
            found = made.dictionary_encode()
            _refuse_twice(found.indices, len(found.dictionary), lengths, rows)
        offsets = offsets_of(lengths)
        listed = [pa.ListArray.from_arrays(offsets, each) for each in (made, items)]
        return pa.StructArray.from_arrays(
            [each.cast(field.type) for each, field in zip(listed, SHARES, strict=True)],
            fields=list(SHARES),
            mask=None if mask.all() else pa.array(~mask),
        )

    def _by_key(self, names: pa.Array, found: pa.DictionaryArray) -> pa.Array:
        """Return the keys of names: the names themselves where they are codes, or all their own."""
        if not isinstance(self.keys, Labels):
            return names
        texts = found.dictionary.to_pylist()
        keys = self.keys.keys(texts)
        return names if keys == texts else pa.array(keys, pa.string()).take(found.indices)
