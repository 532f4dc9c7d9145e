"""A brief with all that belongs to it: its brand, its shortlist and its draft posts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from checker.engine.authors import authors_of
from checker.language.accounts import is_called
from checker.loading.documents import read_document
from checker.loading.merge import with_brand
from checker.loading.paths import named_file, named_files
from checker.loading.project import Project
from checker.loading.shortlist import Shortlist, Written, written_records
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.model.records import Campaign, Draft, Entry, Record

# Parts of a brief's file that are records of their own.
_PARTS = ("brand", "shortlist", "posts", "$schema")


def load_campaign(path: Path, project: Project) -> Campaign:
    """Load a brief and everything that it names.

    An influencer or a post that cannot be used is in the campaign with its diagnostics. Raises
    InputError, with everything that is wrong, if the brief or its brand cannot be used.
    """
    written = _read(path, project)
    wrong = written.check("brief", project)
    brand: Record | None = None
    try:
        brand = _brand_of(written, project)
    except InputError as error:
        wrong.extend(error.diagnostics)
    if wrong or brand is None:
        raise InputError(wrong)
    data = {key: value for key, value in written.data.items() if key not in _PARTS}
    brief = with_brand(Record("brief", data["id"], data, written.locate), brand)
    _refuse_own_rate(brief)
    shortlist = Shortlist(project)
    if "shortlist" in written.data:
        shortlist.add_all(written.part("shortlist"))
    posts = _Posts(project)
    if "posts" in written.data:
        posts.add_all(written.part("posts"))
    entries, drafts = shortlist.named(), tuple(posts.drafts)
    warnings = [
        *_no_shortlist(written, entries),
        *shortlist.warnings,
        *_strangers(drafts, entries),
    ]
    return Campaign(brief, brand, entries, drafts, tuple(warnings))


def _refuse_own_rate(brief: Record) -> None:
    """Refuse a rate for the brief's own currency that is not 1. Raises InputError."""
    own = brief.data.get("budget", {}).get("currency")
    rate = brief.data.get("exchange_rates", {}).get(own, 1)
    if rate != 1:
        message = f"exchange_rates: {own} is the currency of the budget itself, so its rate is 1"
        hint = f"Leave {own} out; a rate says what one unit of another currency is worth in {own}."
        position = brief.locate(("exchange_rates", own))
        raise InputError([Diagnostic("own-rate", message, position, hint=hint)])


def campaign_without_brief(brand: Path, influencers: Sequence[Path], project: Project) -> Campaign:
    """Return a campaign for one brand and files of influencers, with nothing but the brand's
    own target and budget.

    The files are JSON, YAML, NDJSON or CSV, and may stand anywhere. Raises InputError if the
    brand, or the whole of a file, cannot be used.
    """
    written = _read(brand, project)
    record = _brand(written, project)
    title = f"Influencers for {record.data['name']}"
    brief = Record("brief", record.id, {"id": record.id, "title": title}, written.locate)
    shortlist = Shortlist(project)
    wrong: list[Diagnostic] = []
    for path in influencers:
        try:
            shortlist.add_file(path)
        except InputError as error:
            wrong.extend(error.diagnostics)
    if wrong:
        raise InputError(wrong)
    entries, warnings = shortlist.named(), tuple(shortlist.warnings)
    return Campaign(with_brand(brief, record), record, entries, warnings=warnings)


def _read(path: Path, project: Project) -> Written:
    document = read_document(path, shown_as=project.shown(path))
    return Written(document.data, document, path.parent)


def _brand_of(brief: Written, project: Project) -> Record | None:
    """Return the brand that a brief holds or names; None where the brief's schema refuses it."""
    brand: Any = brief.data.get("brand") if isinstance(brief.data, dict) else None
    if isinstance(brand, str):
        position = brief.locate(("brand",))
        path = named_file(brand, folder=brief.folder, project=project, position=position)
        return _brand(_read(path, project), project)
    return _brand(brief.part("brand"), project) if isinstance(brand, dict) else None


def _brand(written: Written, project: Project) -> Record:
    wrong = written.check("brand", project)
    if wrong:
        raise InputError(wrong)
    return _record("brand", written)


def _record(kind: Literal["brand", "post"], written: Written) -> Record:
    data = {key: value for key, value in written.data.items() if key != "$schema"}
    return Record(kind, data["id"], data, written.locate)


class _Posts:
    """Gathers draft posts."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.drafts: list[Draft] = []
        self.first: dict[str, Position] = {}

    def add_all(self, written: Written) -> None:
        alone = isinstance(written.data, str)
        parts = [written] if alone else [written.part(i) for i in range(len(written.data))]
        for number, part in enumerate(parts, start=1):
            if isinstance(part.data, str):
                self.add_files(part.data, part.folder, part.locate())
            else:
                self.add(part, f"post {number}")

    def add_files(self, name: str, folder: Path, position: Position) -> None:
        try:
            paths = named_files(name, folder=folder, project=self.project, position=position)
        except InputError as error:
            self.refuse(name, position, error)
            return
        for path in paths:
            try:
                for written in written_records(path, self.project):
                    if isinstance(written, InputError):
                        self.refuse(path.name, written.diagnostics[0].position, written)
                    else:
                        self.add(written, path.name)
            except InputError as error:
                self.refuse(path.name, position, error)

    def refuse(self, name: str, position: Position, error: InputError) -> None:
        self.drafts.append(Draft(name, None, position, error.diagnostics))

    def add(self, written: Written, name: str) -> None:
        position = written.locate()
        wrong = written.check("post", self.project)
        record = None
        if not wrong:
            record = _record("post", written)
            name = record.id
            first = self.first.setdefault(record.id, position)
            if first is not position:
                message = f'two posts have the id "{name}"'
                hint = f"The first is at {first}."
                wrong = [Diagnostic("duplicate-id", message, position, hint=hint)]
                record = None
        self.drafts.append(Draft(name, record, position, tuple(wrong)))


def _no_shortlist(brief: Written, entries: tuple[Entry, ...]) -> list[Diagnostic]:
    if entries:
        return []
    message = "the shortlist is empty; no influencer was checked"
    position = brief.locate(("shortlist",))
    return [Diagnostic("no-shortlist", message, position, severity="warning")]


def _strangers(drafts: tuple[Draft, ...], entries: tuple[Entry, ...]) -> list[Diagnostic]:
    """Warn of posts whose influencer is not on the shortlist, or may be two of it."""
    found = []
    for draft in drafts:
        if draft.record is None or "influencer" not in draft.record.data:
            continue
        name = draft.record.data["influencer"]
        entries_called = authors_of(draft.record, entries)
        called = [entry.influencer.id for entry in entries_called if entry.influencer is not None]
        # A record that cannot be used has but the name that its entry wrote.
        if len(called) == 1 or any(is_called(name, entry.name) for entry in entries if not called):
            continue
        message, hint = f'"{name}", whose post this is, is not on the shortlist', ""
        if called:
            message = f'"{name}", whose post this is, may be {" or ".join(called)}'
            hint = "Write the id, or the post's platform."
        position = draft.record.locate(("influencer",))
        found.append(Diagnostic("not-on-shortlist", message, position, "warning", hint))
    return found
