"""Pieces of files become blocks of records; see `checker.screening.reading.pieces`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import astuple

from checker.language.columns.stored import Bools, StoredRecords
from checker.loading.validation import RecordSchemas
from checker.screening.reading import values
from checker.screening.reading.batches import read_batch
from checker.screening.reading.blocks import Block, carried
from checker.screening.reading.decoding import Decoder, uncollected
from checker.screening.reading.parts import parts_of
from checker.screening.reading.pieces import Batch, Lines, Piece
from checker.screening.reading.stores import Rows
from checker.screening.reading.strict import Refused, Strict
from checker.screening.reading.typed import is_sound, names_of

# What `checker check` takes is never refused here; but it must be read to be judged.
_ODD = "the record cannot be read in columns"


class Reader:
    """Reads influencers by the schemas of a project; `keep` names columns to carry through."""

    def __init__(self, schemas: RecordSchemas, keep: Sequence[str] = ()) -> None:
        self.schemas = schemas
        self.keep = tuple(keep)
        self.part = parts_of(schemas.schema("influencer"))
        self.strange = tuple(name for name in keep if name not in self.part.members)
        self._decoder: Decoder | None = None
        self._deals: Decoder | None = None

    @property
    def decoder(self) -> Decoder:
        """Decodes influencers."""
        if self._decoder is None:
            self._decoder = Decoder(self.part, self.strange)
        return self._decoder

    @property
    def deals(self) -> Decoder:
        """Decodes the terms of deals."""
        if self._deals is None:
            self._deals = Decoder(parts_of(self.schemas.schema("deal")))
        return self._deals

    def strict(self, shown: str, *, by_column: bool = False) -> Strict:
        """Return the reader that has the last word on a file's rows."""
        return Strict(self.schemas, self.strange, shown=shown, by_column=by_column)

    def read(self, piece: Piece, shown: str) -> Block:
        """Read a piece of a file; `shown` is the file's name in messages."""
        with uncollected():
            if isinstance(piece, Batch):
                return read_batch(self.part, piece, self.keep, self.strict(shown))
            return _Reading(self, piece, self.strict(shown, by_column=piece.by_column)).block()


class _Reading:
    """One piece while it is read."""

    def __init__(self, reader: Reader, piece: Lines, strict: Strict) -> None:
        self.reader = reader
        self.lines = piece.lines
        self.numbers = piece.numbers
        self.terms = piece.terms
        self.strict = strict
        self.refused = list(piece.refused)
        # Rows that `checker check` takes, whatever is said of their columns.
        self.taken: set[int] = set()

    def block(self) -> Block:
        decoded, failed = self.reader.decoder.decode(self.lines)
        places, records = self._with_the_taken(decoded, failed)
        while True:
            rows = Rows(len(records))
            there = np.ones(len(records), np.bool_)
            tuples = list(map(astuple, records))
            table = values.table(self.reader.part, tuples, there, rows)
            deals, held = self._deals(places, rows)
            self._refuse_kept(tuples, rows)
            if not rows.bad.any():
                break
            wrong = [place for place in np.flatnonzero(rows.bad) if places[place] not in self.taken]
            gone = {place for place in wrong if self._refuse(places[place])}
            if not gone:
                break
            records = [each for place, each in enumerate(records) if place not in gone]
            places = [each for place, each in enumerate(places) if place not in gone]
        self.refused.sort(key=lambda each: each.line)
        return self._made(places, tuples, table, deals, held)

    def _with_the_taken(
        self, decoded: list[Any], failed: Sequence[int]
    ) -> tuple[list[int], list[Any]]:
        """Return all usable records with their places: also what only the strict reader takes."""
        if not failed:
            return list(range(len(decoded))), decoded
        gone = set(failed)
        places = [place for place in range(len(self.lines)) if place not in gone]
        found = dict(zip(places, decoded, strict=True))
        for place in failed:
            if self.lines[place].strip():
                record = self._read_again(place)
                if record is not None:
                    found[place] = record
        return sorted(found), [found[place] for place in sorted(found)]

    def _read_again(self, place: int) -> Any:
        """Return the record of a line that the decoder left, or refuse it."""
        number = int(self.numbers[place])
        document = self.strict.read(number, self.lines[place])
        if isinstance(document, Refused):
            self.refused.append(document)
            return None
        try:
            # What is only odd is read by now, and needs no schema.
            return msgspec.convert(document.data, self.reader.decoder.type)
        except msgspec.ValidationError:
            wrong = self.strict.refused(document, self.terms.get(place))
            self.refused.append(wrong or Refused(number, (_ODD,)))
            return None

    def _refuse(self, place: int) -> bool:
        """Refuse a line in the words of the strict reader, if it does."""
        read = self.strict.read(int(self.numbers[place]), self.lines[place])
        if not isinstance(read, Refused):
            wrong = self.strict.refused(read, self.terms.get(place))
            if wrong is None:
                self.taken.add(place)
                return False
            read = wrong
        self.refused.append(read)
        return True

    def _deals(self, places: Sequence[int], rows: Rows) -> tuple[StoredRecords | None, Bools]:
        """Return the terms of deals."""
        held = np.array([place in self.terms for place in places], np.bool_)
        if not self.terms:
            return None, held
        decoder = self.reader.deals
        made: list[Any] = []
        for row, place in enumerate(places):
            found = None
            if held[row]:
                try:
                    found = msgspec.convert(self.terms[place], decoder.type)
                except msgspec.ValidationError:
                    rows.bad[row] = True
            made.append(found)
        nothing = (None,) * len(names_of(decoder.type))
        tuples = [nothing if each is None else astuple(each) for each in made]
        return values.table(decoder.part, tuples, held, rows), held

    def _refuse_kept(self, tuples: Sequence[Any], rows: Rows) -> None:
        """Refuse rows that keep what no record may hold, such as a number beyond all bounds."""
        names = names_of(self.reader.decoder.type)
        for name in self.reader.strange:
            at = names.index(name)
            wrong = [
                row
                for row, each in enumerate(tuples)
                if each[at].__class__ is not str and not is_sound(each[at], 2)
            ]
            rows.refuse(np.array(wrong, np.int64))

    def _made(
        self,
        places: Sequence[int],
        tuples: Sequence[Any],
        table: StoredRecords,
        deals: StoredRecords | None,
        held: Bools,
    ) -> Block:
        names = names_of(self.reader.decoder.type)
        kept: dict[str, list[str | None]] = {}
        for name in self.reader.keep:
            at = names.index(name)
            kept[name] = [carried(msgspec.to_builtins(each[at])) for each in tuples]
        lines, numbers, strict = self.lines, self.numbers, self.strict
        terms: dict[int, Mapping[str, Any]] = {
            row: self.terms[places[row]] for row in np.flatnonzero(held).tolist()
        }
        return Block(
            numbers[np.array(places, np.int64)],
            table,
            tuple(self.refused),
            kept,
            lambda row: strict.record(int(numbers[places[row]]), lines[places[row]]),
            deals,
            terms,
        )
