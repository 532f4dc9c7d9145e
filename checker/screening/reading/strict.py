"""The reader of `checker check`, whose word is final: it says what is wrong with a row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checker.loading.json_text import JsonDocument, read_json
from checker.loading.shortlist import influencer_record
from checker.loading.source import SourceFile
from checker.loading.validation import RecordSchemas, known_nulls_left_out, validate
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.model.records import Record


@dataclass(frozen=True)
class Refused:
    """A row that cannot be used, and why; `line` is where it starts in its file."""

    line: int
    reasons: tuple[str, ...]
    id: str = ""


class Strict:
    """Reads rows of one file, given as lines of JSON.

    Args:
        schemas: of the records.
        kept: names of members that are carried through and are no fields.
        shown: the file's name in messages.
        by_column: the rows stand in the file as they are, so reasons name the column.
    """

    def __init__(
        self,
        schemas: RecordSchemas,
        kept: Collection[str] = (),
        *,
        shown: str = "",
        by_column: bool = False,
    ) -> None:
        self.schemas = schemas
        self.kept = kept
        self.shown = shown
        self.by_column = by_column

    def read(self, number: int, line: bytes) -> JsonDocument | Refused:
        """Read a row, or say why it cannot be read."""
        try:
            return read_json(SourceFile(self.shown, line.decode("utf-8"), only_line=number))
        except UnicodeDecodeError as error:
            place = Position(self.shown, number, len(line[: error.start].decode("utf-8")) + 1)
            message = f"the text is not UTF-8 (byte 0x{line[error.start]:02x})"
            return Refused(number, self._reasons([Diagnostic("not-utf8", message, place)]))
        except InputError as error:
            return Refused(number, self._reasons(error.diagnostics))

    def refused(
        self, document: JsonDocument, terms: Mapping[str, Any] | None = None
    ) -> Refused | None:
        """Say why a row cannot be used; None if it can. `terms` are those of its deal."""
        data = self._without_kept(self.plain(document))
        found = self._validated("influencer", data, document)
        if not found and terms:
            found = self._validated("deal", {"influencer": "", **terms}, document)
        if not found:
            return None
        name = data.get("id") if isinstance(data, dict) else None
        return Refused(
            document.source.first_line, self._reasons(found), name if isinstance(name, str) else ""
        )

    def plain(self, document: JsonDocument) -> Any:
        """Return the plain data of a row, with what is kept."""
        return known_nulls_left_out("influencer", document, schemas=self.schemas)

    def _validated(self, kind: str, data: Any, document: JsonDocument) -> list[Diagnostic]:
        return validate(
            kind, data, document.locate, locate_key=document.locate_key, schemas=self.schemas
        )

    def record(self, number: int, line: bytes) -> Record:
        """Return a row that can be used, as `checker check` reads it."""
        document = self.read(number, line)
        assert isinstance(document, JsonDocument)
        return influencer_record(self._without_kept(document.data), document.locate)

    def _without_kept(self, data: Any) -> Any:
        if not self.kept or not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if name not in self.kept}

    def _reasons(self, found: Sequence[Diagnostic]) -> tuple[str, ...]:
        return tuple(
            f"column {each.position.column}: {each.message}"
            if self.by_column and each.position.column
            else each.message
            for each in found
        )
