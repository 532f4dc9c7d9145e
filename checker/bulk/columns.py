"""Rows of a file whose columns are typed already, as those of Parquet are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from checker.bulk.lines import Refused
from checker.bulk.proof.nested import Listed, Record, Shares, SharesByKey
from checker.bulk.proof.rows import lengths_of, members_of, offsets_of
from checker.bulk.proof.values import Day, Flag, Number, Ranged
from checker.bulk.quote import name_of, text_of
from checker.model.diagnostics import Diagnostic, InputError, Position


@dataclass(frozen=True)
class Columns:
    """Some rows of a file, one after the other.

    Attributes:
        records: the rows as structs of the types that are proved, batch by batch.
        batches: the same rows as they stand in the file.
        first: the number of the first row.
        ranges: some field holds ranges.
    """

    records: Sequence[pa.StructArray]
    batches: Sequence[pa.RecordBatch]
    first: int
    ranges: bool
    refused: tuple[Refused, ...] = ()
    terms: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def numbers(self) -> Any:
        """Return the number of each row."""
        count = sum(map(len, self.records))
        return np.arange(self.first, self.first + count)

    def sliced(self, count: int) -> Columns:
        """Return the first of the rows."""
        records, batches = [], []
        for record, batch in zip(self.records, self.batches, strict=True):
            some = pa.array(np.arange(min(count, len(record))))
            records.append(record.take(some))
            batches.append(batch.slice(0, len(some)))
            count -= len(some)
        return replace(self, records=records, batches=batches)

    def texts(self, places: Sequence[int]) -> list[str | None]:
        """Return rows as lines of JSON; NULL is missing."""
        found: dict[int, str] = {}
        first = 0
        for batch in self.batches:
            here = [place for place in places if first <= place < first + batch.num_rows]
            if here:
                rows = batch.take(pa.array([place - first for place in here]))
                found.update(zip(here, texts_of(rows), strict=True))
            first += batch.num_rows
        return [found[place] for place in places]

    def kept(self, number: int, names: Sequence[str]) -> list[pa.Array]:
        """Return columns of a batch as they are carried through: as text, a list as JSON."""
        return [_carried(self.batches[number], name) for name in names]


def texts_of(batch: pa.RecordBatch) -> list[str]:
    """Return rows as lines of JSON; NULL is missing."""
    members = ", ".join(f"{name_of(name)} := {name_of(name)}" for name in batch.schema.names)
    query = f"SELECT json_strip_nulls(to_json(struct_pack({members})))::VARCHAR FROM part"
    return [str(text) for text in _asked(batch, query).to_pylist()]


def _asked(batch: pa.RecordBatch, query: str) -> pa.ChunkedArray:
    """Return a column that DuckDB gives of rows, the table `part`. Raises InputError."""
    try:
        with duckdb.connect(":memory:") as connection:
            connection.register("part", pa.Table.from_batches([batch]))
            return connection.sql(query).to_arrow_table().column(0)
    except (duckdb.Error, UnicodeDecodeError) as error:
        message = f"a column cannot be read: {str(error).splitlines()[0]}"
        position = Position("the Parquet file")
        raise InputError([Diagnostic("unreadable", message, position)]) from None


def _carried(batch: pa.RecordBatch, name: str) -> pa.Array:
    if name not in batch.schema.names:
        return pa.nulls(batch.num_rows, pa.string())
    row = f"json_strip_nulls(to_json(struct_pack(kept := {name_of(name)})))"
    query = f"SELECT json_extract_string({row}, {text_of('$.kept')}) FROM part"
    return _asked(batch, query).combine_chunks()


def holds_ranges(type_: pa.DataType, part: Any) -> bool:
    """Tell whether a column of a type that is proved has a place for ranges."""
    if isinstance(part, Ranged):
        return bool(pa.types.is_struct(type_))
    if isinstance(part, Listed):
        return holds_ranges(type_.value_type, part.item)
    if isinstance(part, Record):
        return any(holds_ranges(each.type, part.members[each.name]) for each in type_)
    return False


class OtherTypeError(Exception):
    """A column is of a type that is not proved as it stands."""


def as_proved(batch: pa.RecordBatch, part: Record, skip: Sequence[str]) -> pa.StructArray:
    """Return the fields of a batch in the types that are proved.

    Raises:
        OtherTypeError: what the rows hold must be read as text.
    """
    names = [name for name in batch.schema.names if name not in skip or name in part.members]
    columns = {name: batch.column(name) for name in names}
    return _record(columns, part, None)


def _record(columns: Mapping[str, pa.Array], part: Record, mask: Any) -> pa.StructArray:
    if not columns or not columns.keys() <= part.members.keys():
        raise OtherTypeError
    made = [_column(column, part.members[name]) for name, column in columns.items()]
    return pa.StructArray.from_arrays(made, names=list(columns), mask=mask)


def _column(array: pa.Array, part: Any) -> pa.Array:
    type_ = array.type
    match part:
        case _ if _doubled(type_):
            raise OtherTypeError
        case Record() if pa.types.is_struct(type_):
            return _record(members_of(array), part, array.is_null())
        case Ranged():
            return _range(array) if pa.types.is_struct(type_) else _number(array)
        case Number():
            return _number(array)
        case Listed() if pa.types.is_list(type_) or pa.types.is_large_list(type_):
            return _listed(array, part)
        case Shares() if pa.types.is_struct(type_):
            return _shares(array, part)
        case SharesByKey():
            return _by_key(array)
        case Flag() if pa.types.is_boolean(type_):
            return array
        case Day() if pa.types.is_date32(type_):
            return array
        case Record() | Listed() | Shares() | Flag() | None:
            raise OtherTypeError
    return _text(array)


def _doubled(type_: pa.DataType) -> bool:
    if not pa.types.is_struct(type_):
        return False
    names = [each.name for each in type_]
    return len(set(names)) < len(names)


def _number(array: pa.Array) -> pa.Array:
    if pa.types.is_float64(array.type):
        return _straight(array)
    if pa.types.is_integer(array.type) or pa.types.is_null(array.type):
        try:
            return array.cast(pa.float64())
        except pa.ArrowInvalid:
            raise OtherTypeError from None
    # A FLOAT is written with fewer digits than its DOUBLE has, and a DECIMAL with its own.
    raise OtherTypeError


def _text(array: pa.Array) -> pa.Array:
    type_ = array.type.value_type if pa.types.is_dictionary(array.type) else array.type
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    if pa.types.is_null(type_) or any(each(type_) for each in texts):
        # By way of bytes it is seen whether they are UTF-8, which a file may only claim.
        return _straight(array.cast(pa.binary()).cast(pa.string()))
    raise OtherTypeError


def _straight(array: pa.Array) -> pa.Array:
    """Return an array that begins where its buffers do."""
    return array if not array.offset else array.take(pa.array(np.arange(len(array))))


def _range(array: pa.Array) -> pa.Array:
    ends = {name: _number(each) for name, each in members_of(array).items()}
    if not ends.keys() <= {"min", "max"}:
        raise OtherTypeError
    return pa.StructArray.from_arrays(list(ends.values()), names=list(ends), mask=array.is_null())


def _shares(array: pa.Array, part: Shares) -> pa.Array:
    given = {name: _number(each) for name, each in members_of(array).items()}
    if not given.keys() <= {*part.keys}:
        raise OtherTypeError
    nothing = pa.nulls(len(array), pa.float64())
    members = [given.get(key, nothing) for key in part.keys]
    return pa.StructArray.from_arrays(members, names=list(part.keys), mask=array.is_null())


def _by_key(array: pa.Array) -> pa.Array:
    """Return shares as a map: a struct has a member for each key that any row has."""
    type_ = pa.map_(pa.string(), pa.float64())
    if pa.types.is_map(array.type):
        if not pa.types.is_float64(array.type.item_type):
            raise OtherTypeError
        return _straight(array.cast(type_))
    if not pa.types.is_struct(array.type) or not array.type.num_fields:
        raise OtherTypeError
    columns = [_number(each) for each in array.flatten()]
    held = np.column_stack([each.is_valid().to_numpy(False) for each in columns])
    values = np.column_stack([each.fill_null(0.0).to_numpy() for each in columns])
    keys = pa.array([each.name for each in array.type], pa.string())
    places = np.nonzero(held)[1]
    ends = offsets_of(held.sum(axis=1))
    mask = array.is_null() if array.null_count else None
    return pa.MapArray.from_arrays(
        ends, keys.take(pa.array(places)), pa.array(values[held]), type_, mask=mask
    )


def _listed(array: pa.Array, part: Listed) -> pa.Array:
    items, ends = _column(array.flatten(), part.item), offsets_of(lengths_of(array))
    return pa.ListArray.from_arrays(ends, items, mask=array.is_null() if array.null_count else None)
