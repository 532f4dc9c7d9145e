"""Files that Spark does not read as they are: this machine writes them anew for the workers.

A file that is packed in a way that Spark does not know becomes plain lines. A list of JSON, whose
records may share a line or take several, becomes a table of the records' texts and their lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from checker.bulk.sources import Opened, Source, reading

# What Spark unpacks by itself.
PACKED = ("", "gzip", "bz2")
_LISTED = pa.schema([("value", pa.string()), ("number", pa.int64())])
_PIECE = 4 << 20


def unpacked(sources: Sequence[Source], folder: Path) -> list[Source]:
    """Return files that Spark reads, in the same order and by the same names in messages.

    Those of kind "json" are tables with the columns `value` and `number`. Raises InputError.
    """
    folder.mkdir()
    return [_one(source, folder / str(place)) for place, source in enumerate(sources)]


def _one(source: Source, target: Path) -> Source:
    if source.kind == "json":
        target = target.with_suffix(".parquet")
        _list(source, target)
    elif source.kind == "ndjson" and source.packed not in PACKED:
        target = target.with_suffix(".ndjson")
        _unpack(source, target)
    else:
        return source
    return replace(source, path=target, packed="")


def _list(source: Source, target: Path) -> None:
    with closing(Opened(source)) as opened, pq.ParquetWriter(target, _LISTED) as writer:
        for lines in opened.lines():
            columns = [lines.table["line"], lines.table["number"]]
            writer.write_table(pa.Table.from_arrays(columns, schema=_LISTED))


def _unpack(source: Source, target: Path) -> None:
    with closing(Opened(source)) as opened, target.open("wb") as file:
        while True:
            with reading(source):
                piece = opened.stream.read(_PIECE)
            if not piece:
                return
            file.write(piece)
