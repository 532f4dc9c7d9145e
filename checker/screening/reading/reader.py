"""Pieces of files become blocks of records; see `checker.screening.reading.files`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from checker.language.columns.stored import StoredRecords
from checker.loading.validation import RecordSchemas
from checker.screening.reading import arrow
from checker.screening.reading.accounts import with_clean_handles
from checker.screening.reading.batches import read_batch
from checker.screening.reading.blocks import Block
from checker.screening.reading.decoding import Decoder, Gathering, uncollected
from checker.screening.reading.gathering import ALL, Paths, gathered
from checker.screening.reading.parts import parts_of
from checker.screening.reading.pieces import Batch, Lines, Piece
from checker.screening.reading.settling import settle
from checker.screening.reading.stores import Rows
from checker.screening.reading.strict import Refused, Strict

# What `checker check` takes is never refused here; but it must be read to be judged.
_ODD = "the record cannot be read in columns"
# The column of the terms of deals, beside those of the influencers.
_DEAL = "deal"


class Reader:
    """Reads influencers by the schemas of a project.

    Args:
        schemas: the project's.
        keep: names of columns to carry through.
        wanted: the paths of fields that somebody asks for; of others there may be no array.
    """

    def __init__(
        self, schemas: RecordSchemas, keep: Sequence[str] = (), wanted: Paths = ALL
    ) -> None:
        self.schemas = schemas
        self.wanted = wanted
        self.keep = tuple(keep)
        self.part = parts_of(schemas.schema("influencer"))
        self._decoder: Decoder | None = None
        self._deals: Decoder | None = None

    @property
    def decoder(self) -> Decoder:
        """Decodes influencers."""
        if self._decoder is None:
            self._decoder = Decoder(self.part, self.keep, self.wanted)
        return self._decoder

    @property
    def deals(self) -> Decoder:
        """Decodes the terms of deals."""
        if self._deals is None:
            self._deals = Decoder(parts_of(self.schemas.schema("deal")))
        return self._deals

    def strict(self, shown: str, *, by_column: bool = False) -> Strict:
        """Return the reader that has the last word on a file's rows."""
        strange = [name for name in self.keep if name not in self.part.members]
        return Strict(self.schemas, strange, shown=shown, by_column=by_column)

    def read(self, piece: Piece, shown: str) -> Block:
        """Read a piece of a file; `shown` is the file's name in messages. Raises InputError."""
        with uncollected():
            if isinstance(piece, Batch):
                return read_batch(self.part, piece, self.keep, self.strict(shown))
            return _Reading(self, piece, self.strict(shown, by_column=piece.by_column)).block()


class _Reading:
    """Lines of JSON while they are read."""

    def __init__(self, reader: Reader, piece: Lines, strict: Strict) -> None:
        self.reader = reader
        self.piece = piece
        self.strict = strict
        self.refused = list(piece.refused)

    def block(self) -> Block:
        gathering = Gathering(self.reader.decoder)
        for place in self.reader.decoder.decode(self.piece.lines, gathering):
            if self.piece.lines[place].decode("utf-8", "replace").strip():
                self._read_again(place, gathering)
        batch, places = gathering.done()
        if self.piece.terms:
            batch, places = self._with_deals(batch, places)
        (table, deals), batch, places, refused = settle(batch, places, self._columns, self._wrong)
        refused = sorted(self.refused + refused, key=lambda each: each.line)
        piece, strict = self.piece, self.strict
        numbers = piece.numbers[places]
        return Block(
            numbers,
            table,
            tuple(refused),
            {name: batch.column(f"keep {name}").to_pylist() for name in self.reader.keep},
            lambda row: strict.record(int(numbers[row]), piece.lines[places[row]]),
            deals,
            {
                row: piece.terms[place]
                for row, place in enumerate(places.tolist())
                if place in piece.terms
            },
        )

    def _read_again(self, place: int, gathering: Gathering) -> None:
        """Read a line that the decoder left, or refuse it."""
        number = int(self.piece.numbers[place])
        document = self.strict.read(number, self.piece.lines[place])
        if isinstance(document, Refused):
            self.refused.append(document)
            return
        try:
            # What is only odd is read by now, and needs no schema.
            record = msgspec.convert(self.strict.plain(document), self.reader.decoder.type)
            if not gathering.add([record], [place]):
                return
        except msgspec.ValidationError:
            pass
        wrong = self.strict.refused(document, self.piece.terms.get(place))
        self.refused.append(wrong or Refused(number, (_ODD,)))

    def _wrong(self, place: int) -> Refused | None:
        """Say what is wrong with a line; None if nothing is."""
        read = self.strict.read(int(self.piece.numbers[place]), self.piece.lines[place])
        if isinstance(read, Refused):
            return read
        return self.strict.refused(read, self.piece.terms.get(place))

    def _with_deals(self, batch: pa.RecordBatch, places: Any) -> tuple[pa.RecordBatch, Any]:
        """Return rows with the terms of their deals, without those whose terms are no good."""
        decoder = self.reader.deals
        terms: list[Any] = []
        good = np.ones(len(places), np.bool_)
        for row, place in enumerate(places.tolist()):
            made = None
            if place in self.piece.terms:
                try:
                    made = decoder.terms(self.piece.terms[place])
                except msgspec.ValidationError:
                    good[row] = False
                    number = int(self.piece.numbers[place])
                    self.refused.append(self._wrong(place) or Refused(number, (_ODD,)))
            terms.append(made)
        column = gathered(decoder.part)
        column.add(terms)
        batch = batch.append_column(_DEAL, column.done())
        return batch.filter(pa.array(good)), places[good]

    def _columns(
        self, batch: pa.RecordBatch, rows: Rows
    ) -> tuple[StoredRecords, StoredRecords | None]:
        part = self.reader.part
        there = np.ones(batch.num_rows, np.bool_)
        columns = {n: batch.column(n) for n in batch.schema.names if n in part.members}
        table = with_clean_handles(arrow.table(part, columns, there, rows), rows)
        if _DEAL not in batch.schema.names:
            return table, None
        return table, arrow.record(self.reader.deals.part, batch.column(_DEAL), rows)
