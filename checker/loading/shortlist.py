"""The shortlist of a brief: influencers and deals, from the brief itself and from files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from checker.language.accounts import clean_handle, find_again
from checker.language.text import folded
from checker.loading.documents import (
    NDJSON_SUFFIXES,
    RECORD_SUFFIXES,
    Document,
    parse_document,
    read_document,
    refusal,
    unknown_format,
)
from checker.loading.paths import named_file, named_files
from checker.loading.project import Project
from checker.loading.source import SourceFile, read_source
from checker.loading.validation import known_nulls_left_out, validate
from checker.model.diagnostics import Diagnostic, InputError, Position, first_of
from checker.model.records import DataPath, Entry, Record

# What a deal whose record cannot be used still says: whether it is dropped, and why.
_KEPT = ("state", "note")


# Plain classes: a dataclass costs every start of the command more than these do.
class Written:
    """A record as it stands in a document, at `path`; paths in it start from `folder`."""

    __slots__ = ("data", "document", "folder", "path")

    def __init__(self, data: Any, document: Document, folder: Path, path: DataPath = ()) -> None:
        self.data = data
        self.document = document
        self.folder = folder
        self.path = path

    def locate(self, path: DataPath = ()) -> Position:
        """Return where a value of the record stands."""
        return self.document.locate((*self.path, *path))

    def locate_key(self, path: DataPath) -> Position:
        """Return where the name of a member of the record stands."""
        return self.document.locate_key((*self.path, *path))

    def part(self, *steps: str | int) -> Written:
        """Return a part of the record."""
        data = self.data
        for step in steps:
            data = data[step]
        return Written(data, self.document, self.folder, (*self.path, *steps))

    def check(self, kind: str, project: Project) -> list[Diagnostic]:
        """Return what is wrong with the record."""
        unclear = self.document.unclear_numbers(self.path)
        if kind == "deal":  # Its influencer is a record of its own.
            unclear = [each for each in unclear if each[0][:1] != ("influencer",)]
        return validate(
            kind,
            known_nulls_left_out(kind, self.document, self.path, project.schemas),
            self.locate,
            locate_key=self.locate_key,
            schemas=project.schemas,
            unclear=unclear,
        )


class Shortlist:
    """Gathers entries; the second entry of one influencer is refused."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.entries: list[Entry] = []
        self.warnings: list[Diagnostic] = []
        self._first: dict[str, Position] = {}

    def named(self) -> tuple[Entry, ...]:
        """Return the entries; those of one handle on several platforms are told apart by it."""
        platforms: dict[str, set[str]] = {}
        for entry in self.entries:
            if entry.influencer is not None:
                platform = entry.influencer.data["platform"]
                platforms.setdefault(_handle(entry), set()).add(platform)
        return tuple(
            replace(entry, name=f"{entry.name} ({entry.influencer.data['platform']})")
            if entry.influencer is not None and len(platforms[_handle(entry)]) > 1
            else entry
            for entry in self.entries
        )

    def add_all(self, written: Written) -> None:
        """Add what a brief has under "shortlist": a list of entries, or one path."""
        if isinstance(written.data, str):
            self.add_files(written.data, written.folder, written.locate())
            return
        for index, item in enumerate(written.data):
            part = written.part(index)
            if isinstance(item, str):
                self.add_files(item, written.folder, part.locate())
            else:
                self.add_record(part)

    def add_files(self, name: str, folder: Path, position: Position) -> None:
        """Add the influencers of the files that a path or a glob names."""
        try:
            paths = named_files(name, folder=folder, project=self.project, position=position)
        except InputError as error:
            self._add_unusable(name, position, error.diagnostics)
            return
        for path in paths:
            try:
                self.add_file(path)
            except InputError as error:
                self._add_unusable(path.name, position, error.diagnostics)

    def add_file(self, path: Path) -> None:
        """Add the influencers of one file. Raises InputError if it cannot be read."""
        shown = self.project.shown(path)
        suffix = path.suffix.lower()
        if suffix == ".csv":
            self._add_table(read_source(path, shown_as=shown))
        elif suffix in NDJSON_SUFFIXES:
            self._add_lines(read_source(path, shown_as=shown, by_line=True), path.parent)
        elif suffix in RECORD_SUFFIXES:
            document = parse_document(read_source(path, shown_as=shown), suffix)
            whole = Written(document.data, document, path.parent)
            if isinstance(document.data, list):
                if not document.data:
                    raise refusal("empty-file", "the list is empty", Position(shown))
                for index in range(len(document.data)):
                    self.add_record(whole.part(index))
            else:
                self.add_record(whole)
        else:
            raise unknown_format(path, shown)

    def add_record(self, written: Written) -> None:
        """Add an influencer, or a deal: an object with "influencer"."""
        position = written.locate()
        if not isinstance(written.data, dict) or "influencer" not in written.data:
            self._add(written, None, position)
            return
        wrong = written.check("deal", self.project)
        person = written.data["influencer"]
        if isinstance(person, str):
            try:
                path = named_file(
                    person,
                    folder=written.folder,
                    project=self.project,
                    position=written.locate(("influencer",)),
                )
                document = read_document(path, shown_as=self.project.shown(path))
            except InputError as error:
                self._add_unusable(person, position, (*wrong, *error.diagnostics), written.data)
                return
            influencer = Written(document.data, document, path.parent)
        elif isinstance(person, dict):
            influencer = written.part("influencer")
        else:
            self._add_unusable(f"entry {len(self.entries) + 1}", position, wrong, written.data)
            return
        terms = {k: v for k, v in written.data.items() if k not in ("influencer", "$schema")}
        self._add(influencer, (terms, written.locate), position, wrong)

    def _add(
        self,
        influencer: Written,
        deal: tuple[dict[str, Any], Callable[[DataPath], Position]] | None,
        position: Position,
        wrong: list[Diagnostic] | None = None,
    ) -> None:
        found = [*(wrong or ()), *influencer.check("influencer", self.project)]
        terms, locate = deal or ({}, influencer.locate)
        self._add_entry(influencer.data, influencer.locate, terms, locate, position, found)

    def _add_table(self, source: SourceFile) -> None:
        # The csv module is not needed by a project whose records are all JSON.
        from checker.loading.csv_table import read_csv
        from checker.loading.vocabulary import Blanks

        schemas = self.project.schemas
        blanks = Blanks()
        for row in read_csv(source, schemas):
            for column, text in row.blank:
                blanks.add(column, text, row.line)
            found = first_of(row.diagnostics)
            shifted = any(each.code == "cell-count" for each in found)
            if not shifted:
                deal = {"influencer": "", **row.deal}
                found += validate("deal", deal, row.locate, schemas=schemas)
                people = validate("influencer", row.influencer, row.locate, schemas=schemas)
                unread = {f'the influencer has no "{path[0]}"' for path in row.unread}
                found += [each for each in people if each.message not in unread]
            self._add_entry(row.influencer, row.locate, row.deal, row.locate, row.locate(), found)
        if said := blanks.said():
            position = Position(source.name)
            self.warnings.append(Diagnostic("blank-cells", said, position, severity="warning"))

    def _add_lines(self, source: SourceFile, folder: Path) -> None:
        from checker.loading.json_text import read_ndjson

        empty = True
        for document in read_ndjson(source):
            empty = False
            if isinstance(document, InputError):
                position = document.diagnostics[0].position
                name = f"{Path(source.name).name} line {position.line}"
                self._add_unusable(name, position, document.diagnostics)
            else:
                self.add_record(Written(document.data, document, folder))
        if empty:
            raise refusal("empty-file", "the file is empty", Position(source.name))

    def _add_entry(
        self,
        influencer: Any,
        locate: Callable[[DataPath], Position],
        terms: dict[str, Any],
        locate_terms: Callable[[DataPath], Position],
        position: Position,
        found: list[Diagnostic],
    ) -> None:
        name = _name(influencer) or f"entry {len(self.entries) + 1}"
        if found:
            self._add_unusable(name, position, tuple(found), terms)
            return
        key = influencer["id"]
        person = influencer_record(influencer, locate)
        deal = Record("deal", key, terms, locate_terms)
        entry = Entry(str(person.data["handle"]), deal, person, position)
        if not entry.dropped:
            again = find_again(self._first, person.data, position)
            if again is not None:
                message = f'the influencer "{again[0]}" is on the shortlist twice'
                hint = f"The first is at {again[1]}."
                twice = Diagnostic("duplicate-id", message, position, hint=hint)
                self._add_unusable(name, position, (twice,), terms)
                return
        self.entries.append(entry)

    def _add_unusable(
        self,
        name: str,
        position: Position,
        found: tuple[Diagnostic, ...] | list[Diagnostic],
        terms: dict[str, Any] | None = None,
    ) -> None:
        name = name.strip() or f"entry {len(self.entries) + 1}"
        kept = {k: v for k in _KEPT if isinstance(v := (terms or {}).get(k), str)}
        deal = Record("deal", name, kept, lambda _: position)
        self.entries.append(Entry(name, deal, None, position, tuple(found)))


def influencer_record(data: dict[str, Any], locate: Callable[[DataPath], Position]) -> Record:
    """Return the record of valid data, its handle without what pasting put around it."""
    kept = {name: value for name, value in data.items() if name != "$schema"}
    kept["handle"] = clean_handle(data["platform"], data["handle"])
    return Record("influencer", data["id"], kept, locate)


def written_records(path: Path, project: Project) -> Iterator[Written | InputError]:
    """Yield the records of a JSON, YAML or NDJSON file. Raises InputError if it has none."""
    shown = project.shown(path)
    if path.suffix.lower() in NDJSON_SUFFIXES:
        from checker.loading.json_text import read_ndjson

        for line in read_ndjson(read_source(path, shown_as=shown, by_line=True)):
            yield line if isinstance(line, InputError) else Written(line.data, line, path.parent)
        return
    document = read_document(path, shown_as=shown)
    yield Written(document.data, document, path.parent)


def _name(influencer: Any) -> str:
    if not isinstance(influencer, dict):
        return ""
    for key in ("handle", "id"):
        value = influencer.get(key)
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _handle(entry: Entry) -> str:
    return folded(entry.name).lstrip("@")
