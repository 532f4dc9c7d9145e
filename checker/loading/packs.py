"""Rule packs from files: one file, or all that a project names and what those use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from checker.language.suggest import did_you_mean
from checker.language.text import canonical
from checker.loading.data_files import rules_folder
from checker.loading.rule_build import build_pack
from checker.loading.rule_meaning import let_hides_definition, meaning_diagnostics
from checker.loading.rule_schema import schema_errors
from checker.loading.source import (
    MEBIBYTE,
    SourceFile,
    exists,
    is_file,
    is_folder,
    read_source,
    shown_path,
)
from checker.loading.yaml_text import YamlDocument, read_yaml
from checker.model.diagnostics import Diagnostic, Position, RulesError
from checker.model.rules import Definition, Pack, Table

LIMIT = 4 * MEBIBYTE
_ENDINGS = (".yaml", ".yml")
# In a configuration this name stands for all shipped packs, beside packs of one's own.
HANDBOOK = "handbook"

# What somebody asked for: a name or a path, and where it is written (None: on the command line).
Wanted = tuple[str, Position | None]


class PacksError(RulesError):
    """Packs cannot be loaded. `packs` are what could be made of them, to be checked by type.

    They are never to be run.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], packs: tuple[Pack, ...]) -> None:
        self.packs = packs
        super().__init__(diagnostics)


def load_pack(path: Path, *, shown_as: str | None = None) -> Pack:
    """Load the rule pack of one file, without the packs that it uses.

    Raises RulesError with everything that is wrong with the file.
    """
    shown = shown_as if shown_as is not None else shown_path(path)
    return parse_pack(read_source(path, shown_as=shown, limit=LIMIT, refuse=RulesError))


def parse_pack(source: SourceFile) -> Pack:
    """Return the rule pack of a text. Raises RulesError with everything that is wrong with it."""
    parsed = _parse(source)
    if parsed.wrong:
        raise RulesError(parsed.wrong)
    return parsed.pack


class _Parsed:
    """The pack of a file; with mistakes, what could be made of it and the names that are lost."""

    __slots__ = ("document", "lost", "pack", "wrong")

    def __init__(self, document: YamlDocument, pack: Pack) -> None:
        self.document = document
        self.pack = pack
        self.wrong: list[Diagnostic] = []
        self.lost: set[str] = set()


def _repair(source: SourceFile, line: int) -> Diagnostic | None:
    from checker.loading.yaml_repairs import repair

    return repair(source, line)


def _parse(source: SourceFile) -> _Parsed:
    """Return the pack of a text. Raises RulesError where there is no data at all."""
    document = read_yaml(source, refuse=RulesError, repair=_repair)
    refused = schema_errors(document)
    found = meaning_diagnostics(document, without=refused.parts if refused else frozenset())
    if not refused and not found:
        return _Parsed(document, build_pack(document, digest=source.sha256()))
    from checker.loading.rule_partial import partial_pack

    pack, lost = partial_pack(document, refused.parts if refused else frozenset())
    parsed = _Parsed(document, pack)
    parsed.wrong = sorted([*(refused.diagnostics if refused else ()), *found], key=_place)
    parsed.lost = lost
    return parsed


def _place(diagnostic: Diagnostic) -> tuple[int, int]:
    return diagnostic.position.line, diagnostic.position.column


def load_packs(
    names: Sequence[Wanted] | None, *, root: Path, within: Path | None = None
) -> tuple[Pack, ...]:
    """Load rule packs by name or path, with the packs that they use.

    None loads all shipped packs, and so does the name "handbook". A name is a shipped pack's;
    anything else is a path from `root`
    to a file or a folder in `within`, which is `root` where it is not given. A name without a
    position comes from the command line; its path may lead anywhere.

    A used pack is a file beside its user, else a shipped one; one that was not named itself
    gives tables, definitions and facts and comes without rules, after those that were named.

    Raises PacksError with everything that is wrong with all of them.
    """
    loader = _Loader(root, within or root)
    loader.load(names if names is not None else shipped_names())
    loader.load_used()
    loaded = tuple(loader.loaded.values())
    packs = tuple(each.pack for each in loaded)
    if loader.diagnostics:
        from checker.loading.rule_partial import without_names

        raise PacksError(loader.diagnostics, without_names(packs, loader.lost))
    wrong = list(_across(loaded))
    if wrong:
        # Where a name means two things, types would be guesses.
        ambiguous = any(each.code == "name-taken" for each in wrong)
        raise PacksError(wrong, () if ambiguous else packs)
    return packs


def _shipped_files() -> dict[str, Path]:
    return {path.stem: path for path in _rule_files(rules_folder())}


def shipped_names() -> list[Wanted]:
    """Return the names of the shipped packs. Raises RulesError where there are none."""
    names = _shipped_files()
    if not names:
        message = "no rules found; the installation is not complete"
        raise RulesError([Diagnostic("no-rules", message, Position("rules/"))])
    return [(name, None) for name in names]


def _rule_files(folder: Path) -> list[Path]:
    try:
        entries = sorted(entry.name for entry in folder.iterdir())
    except OSError:
        return []
    return [folder / entry for entry in entries if entry.endswith(_ENDINGS)]


class _Loaded:
    """A pack, its file's document and the folder that it stands in.

    A pack that is `confined` reads no file outside the project's folder.
    """

    __slots__ = ("confined", "document", "folder", "pack")

    def __init__(self, parsed: _Parsed, folder: Path, *, confined: bool) -> None:
        self.pack = parsed.pack
        self.document = parsed.document
        self.folder = folder
        self.confined = confined

    def place_of_use(self, name: str) -> Position:
        """Return where the pack says that it uses another."""
        return self.document.locate(("uses", self.pack.uses.index(name)))


class _Loader:
    """Loads packs once each, and keeps what is wrong with any of them."""

    def __init__(self, root: Path, within: Path) -> None:
        self.root = root
        self.within = within
        self.shipped = _shipped_files()
        self.loaded: dict[str, _Loaded] = {}
        self.diagnostics: list[Diagnostic] = []
        self.lost: set[str] = set()

    def load(self, names: Iterable[Wanted]) -> None:
        """Load what was asked for."""
        for name, position in self._expanded(names):
            for path in self._files(name, position):
                new = self._read(path, confined=position is not None)
                if new is None:
                    continue
                if new.pack.name in self.loaded:
                    self._twice(new.pack, position)
                else:
                    self.loaded[new.pack.name] = new

    def _expanded(self, names: Iterable[Wanted]) -> Iterator[Wanted]:
        for name, position in names:
            if name == HANDBOOK:
                yield from ((shipped, position) for shipped in self.shipped)
            else:
                yield name, position

    def load_used(self) -> None:
        """Load the packs that loaded ones use, and those that these use."""
        waiting = list(self.loaded.values())
        while waiting:
            user = waiting.pop(0)
            for name in user.pack.uses:
                if name in self.loaded:
                    continue
                path = self._used_file(user, name)
                used = self._read(path, confined=user.confined) if path is not None else None
                if used is None:
                    continue
                if used.pack.name != name:
                    message = f'the file of "{name}" holds the pack "{used.pack.name}"'
                    self._refuse("pack-name", message, used.pack.position, f"Write pack: {name}")
                    continue
                used.pack = replace(used.pack, rules=())
                self.loaded[name] = used
                waiting.append(used)

    def _read(self, path: Path, *, confined: bool) -> _Loaded | None:
        # Shipped rules have one name wherever the program is installed.
        shown = f"rules/{path.name}" if path.parent == rules_folder() else shown_path(path)
        try:
            parsed = _parse(read_source(path, shown_as=shown, limit=LIMIT, refuse=RulesError))
        except RulesError as error:
            self.diagnostics += error.diagnostics
            return None
        self.diagnostics += parsed.wrong
        self.lost |= parsed.lost
        return _Loaded(parsed, path.parent, confined=confined)

    def _twice(self, pack: Pack, position: Position | None) -> None:
        first = self.loaded[pack.name].pack.position.file
        hint = f"It stands in {first} and in {pack.position.file}."
        if first == pack.position.file:
            hint = "Name it once."
        message = f'the pack "{pack.name}" is loaded twice'
        self._refuse("pack-twice", message, position or pack.position, hint)

    def _refuse(self, code: str, message: str, position: Position, hint: str) -> None:
        self.diagnostics.append(Diagnostic(code, message, position, hint=hint))

    def _files(self, name: str, position: Position | None) -> list[Path]:
        if name in self.shipped:
            return [self.shipped[name]]
        path = self.root / name
        place = position or Position(name)
        if position is not None and not _below(path, self.within):
            message = f'"{name}" lies outside the project\'s folder'
            self._refuse("outside", message, place, "Copy the rules into the project.")
            return []
        if is_folder(path):
            files = _rule_files(path)
            if not files:
                hint = "A rule pack ends in .yaml; see: checker rules"
                self._refuse("no-rules", f'no rule pack in the folder "{name}"', place, hint)
            return files
        if exists(path):
            return [path]
        self._refuse("no-such-pack", *self._not_found(name, place))
        return []

    def _not_found(self, name: str, place: Position) -> tuple[str, Position, str]:
        near = did_you_mean(name, [*self.shipped, *_siblings(self.root / name, name)])
        looks_like_path = "/" in name or name.endswith(_ENDINGS)
        others = "" if looks_like_path else "Shipped: " + ", ".join(self.shipped)
        hint = near[:1].upper() + near[1:] if near else others
        what = "no rule file or folder is called" if looks_like_path else "no rule pack is called"
        return f'{what} "{name}"', place, hint

    def _used_file(self, user: _Loaded, name: str) -> Path | None:
        for ending in _ENDINGS:
            path = user.folder / (name + ending)
            free = not user.confined or user.folder == rules_folder()
            if is_file(path) and (free or _below(path, self.within)):
                return path
        if name in self.shipped:
            return self.shipped[name]
        near = did_you_mean(name, [*self.shipped, *(f.stem for f in _rule_files(user.folder))])
        hint = near[:1].upper() + near[1:] if near else "Shipped: " + ", ".join(self.shipped)
        message = f'no rule pack is called "{name}"'
        self._refuse("no-such-pack", message, user.place_of_use(name), hint)
        return None


def _below(path: Path, root: Path) -> bool:
    """Whether a path, links followed, lies in `root`."""
    return path.resolve().is_relative_to(root.resolve())


def _siblings(path: Path, name: str) -> Iterator[str]:
    """Yield the names of rule files in the folder of a path, as the path would be written."""
    folder = name.rpartition("/")[0]
    for file in _rule_files(path.parent):
        yield f"{folder}/{file.name}" if folder else file.name


# Over all packs


def _across(loaded: Sequence[_Loaded]) -> Iterator[Diagnostic]:
    packs = [each.pack for each in loaded]
    yield from _twice(
        "rule", ((pack, rule.id, rule.position) for pack in packs for rule in pack.rules)
    )
    yield from _twice(
        "fact", ((pack, fact.name, fact.position) for pack in packs for fact in pack.facts)
    )
    yield from _vocabularies(packs)
    named = {pack.name: pack for pack in packs}
    for user in loaded:
        used = [named[name] for name in user.pack.uses]
        yield from _seen_twice(user, used)
        yield from _hidden(user, used)


def _twice(what: str, things: Iterable[tuple[Pack, str, Position]]) -> Iterator[Diagnostic]:
    first: dict[str, Pack] = {}
    for pack, name, position in things:
        other = first.setdefault(name, pack)
        if other is not pack:
            message = f'the {what} "{name}" is in the pack "{other.name}" too'
            yield Diagnostic(f"{what}-twice", message, position, hint="Rename one of them.")


def _vocabularies(packs: Sequence[Pack]) -> Iterator[Diagnostic]:
    """Yield words that same-named vocabularies of several packs, which unite, put apart."""
    united: dict[str, dict[str, tuple[str, Pack]]] = {}
    for pack in packs:
        for table in pack.tables.values():
            if table.kind == "vocabulary":
                yield from _unite(pack, table, united.setdefault(table.name, {}))


def _unite(pack: Pack, table: Table, seen: dict[str, tuple[str, Pack]]) -> Iterator[Diagnostic]:
    for number, row in enumerate(table.rows):
        label: str = row["label"]
        for word in (label, *row["synonyms"]):
            first, owner = seen.setdefault(canonical(word), (label, pack))
            if owner is not pack and canonical(first) != canonical(label):
                message = (
                    f'"{word}" stands under "{label}" here and under "{first}"'
                    f' in the pack "{owner.name}"; a word has one place'
                )
                yield Diagnostic("word-twice", message, table.locate(number, "label"))


def _seen_twice(user: _Loaded, used: Sequence[Pack]) -> Iterator[Diagnostic]:
    """Yield tables and definitions that a pack would read under one name from two packs."""
    first: dict[tuple[str, str], Pack] = {}
    for owner in (*used, user.pack):
        things: list[tuple[str, Table | Definition]] = [
            *(("table", table) for table in owner.tables.values()),
            *(("definition", definition) for definition in owner.definitions.values()),
        ]
        for what, thing in things:
            other = first.setdefault((what, thing.name), owner)
            united = isinstance(thing, Table) and thing.kind == "vocabulary"
            if other is not owner and not united:
                own = owner is user.pack
                position = thing.position if own else user.place_of_use(owner.name)
                message = f'the {what} "{thing.name}" is in the pack "{other.name}" too'
                hint = f'Rename one of them, or do not use "{other.name}".'
                yield Diagnostic("name-taken", message, position, hint=hint)


def _hidden(user: _Loaded, used: Sequence[Pack]) -> Iterator[Diagnostic]:
    """Yield lets that have the name of a definition of a used pack."""
    for number, rule in enumerate(user.pack.rules):
        for name in rule.let:
            for owner in used:
                if name in owner.definitions:
                    path = ("rules", number, "let", name)
                    yield let_hides_definition(user.document, path, owner.name)
