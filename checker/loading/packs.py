"""Rule packs from files: all that a project names, and what those use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Literal

from checker.engine.reach import CATEGORIES, Reach, may_hold
from checker.engine.ruleset import vocabularies
from checker.files import exists, is_folder, is_named, real_path
from checker.language.suggest import suggestion
from checker.language.vocabulary import Vocabulary
from checker.loading.installed import Installed, installed, installed_names
from checker.loading.pack_file import LIMIT, WORDS, load_pack, parse, translations
from checker.loading.packs_together import (
    LoadedPack,
    across_packs,
    told_apart,
    unknown_categories,
)
from checker.loading.shipped import (
    ENDINGS,
    SETS,
    applies_of,
    files_of,
    judges_posts_alone,
    rule_files,
    shipped_files,
    shown_name,
    without_examples,
)
from checker.loading.source import (
    SourceFile,
    read_source,
    recording,
    shown_path,
)
from checker.model.diagnostics import Diagnostic, Position, RulesError
from checker.model.rules import Pack

# What somebody asked for: a name or a path, and where it is written (None: on the command line).
Wanted = tuple[str, Position | None]


class PacksError(RulesError):
    """Packs cannot be loaded. `packs` are what could be made of them, to be checked by type.

    They are never to be run.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], packs: tuple[Pack, ...]) -> None:
        self.packs = packs
        super().__init__(diagnostics)


def load_packs(
    names: Sequence[Wanted] | None,
    *,
    root: Path,
    within: Path | None = None,
    reach: Reach | None = None,
    known: Sequence[Pack] = (),
) -> tuple[Pack, ...]:
    """Load rule packs by name or path, with the packs that they use.

    None loads all shipped packs. A name is a set's (handbook, law, trade) or a shipped pack's;
    anything else is a path from `root` to a file or a folder in `within`, which is `root` where it
    is not given, or the name of a set that a Python distribution brings. A name without a
    position comes from the command line; its path may lead anywhere. Where `reach` says where a
    campaign runs, a set's packs that cannot hold there are left out, and those about posts alone
    where it has none; a pack that is named is not. Shipped rules then come without their examples.
    Packs that are `known` are not loaded again with their sets.

    A used pack is a file beside its user, else a shipped one; one that was not named itself
    gives tables, definitions and facts and comes without rules, after those that were named.

    Raises PacksError with everything that is wrong with all of them.
    """
    loader = _Loader(root, within or root, reach, known)
    loader.load(names if names is not None else [(name, None) for name in SETS])
    if not loader.loaded and names is None and not loader.diagnostics:
        message = "no rules found; the installation is not complete"
        raise RulesError.of("no-rules", message, "rules/")
    loader.load_used()
    loaded = tuple(loader.loaded.values())
    packs = tuple(each.pack for each in loaded)
    loader.diagnostics += unknown_categories(packs, loader.known_categories)
    if loader.diagnostics:
        from checker.loading.rule_partial import without_names

        raise PacksError(loader.diagnostics, without_names(packs, loader.lost))
    wrong = list(across_packs(loaded))
    if wrong:
        # Where a name means two things, types would be guesses.
        ambiguous = any(each.code == "name-taken" for each in wrong)
        raise PacksError(wrong, () if ambiguous else packs)
    return told_apart(packs)


def packs_with_fields(names: Sequence[Wanted], *, root: Path, within: Path) -> tuple[Pack, ...]:
    """Return a configuration's own packs if one of them, or of those beside it, declares fields.

    Records are read before their rules are loaded, which say what is wrong with these packs.
    """
    loader = _Loader(root, within, None, ())
    with recording():
        files = loader.own_files(names)
        texts = [loader.text(path) for path in files]
        if any("uses" in text for text in texts):
            beside = (rule_files(folder) for folder in {path.parent for path in files})
            texts += [loader.text(path) for paths in beside for path in paths]
        if not any("extra" in text for text in texts):
            return ()
        loader.load((name, place) for name, place in names if not loader.is_shipped(name))
        loader.load_used()
    return tuple(each.pack for each in loader.loaded.values())


def pack_folders(names: Sequence[Wanted], *, root: Path, within: Path) -> list[Path]:
    """Return the folders of a configuration's own packs."""
    files = _Loader(root, within, None, ()).own_files(names)
    return list(dict.fromkeys(path.parent for path in files))


class _Loader:
    """Loads packs once each, and keeps what is wrong with any of them."""

    def __init__(
        self, root: Path, within: Path, reach: Reach | None, known: Sequence[Pack]
    ) -> None:
        self.root = root
        self.within = within
        self.reach = reach
        self.known = {pack.name: pack for pack in known}
        self.shipped = shipped_files()
        self.loaded: dict[str, LoadedPack] = {}
        self.sources: dict[Path, SourceFile] = {}
        # The folders of installed sets: as they are not in the project, they are free of it.
        self.homes: dict[Path, Installed] = {}
        self.diagnostics: list[Diagnostic] = []
        self.lost: set[str] = set()
        # The packs so far that have words for categories, and these words.
        self.united: tuple[tuple[Pack, ...], Vocabulary | None] = ((), None)

    def is_shipped(self, name: str) -> bool:
        """Tell whether a name is that of a set or of a pack that is shipped."""
        return name in SETS or name in self.shipped

    def own_files(self, names: Iterable[Wanted]) -> list[Path]:
        """Return the files of packs that are not shipped."""
        own = ((name, place) for name, place in names if not self.is_shipped(name))
        return [path for name, place in own for path in self.files(name, place)]

    def text(self, path: Path) -> str:
        """Return the text of a file; an empty one where it cannot be read."""
        try:
            return self._source(path).text
        except RulesError:
            return ""

    def load(self, names: Iterable[Wanted]) -> None:
        """Load what was asked for."""
        for name, position in self._expanded(names):
            for path in self.files(name, position):
                free = position is None or path.parent in self.homes
                new = self._read(path, confined=not free)
                if new is None:
                    continue
                if new.pack.name in self.loaded:
                    self._twice(new.pack, position)
                else:
                    self.loaded[new.pack.name] = new

    def _expanded(self, names: Iterable[Wanted]) -> Iterator[Wanted]:
        for name, position in names:
            if name in SETS:
                yield from ((pack, position) for pack in self._of_set(name))
            else:
                yield name, position

    def _of_set(self, name: str) -> Iterator[str]:
        """Yield the packs of a set, without those that cannot hold where a campaign runs."""
        for pack, path in files_of(name).items():
            if pack not in self.known and self._may_speak(path):
                yield pack

    def _may_speak(self, path: Path) -> bool:
        if self.reach is None:
            return True
        source = self._source(path)
        if not self.reach.posts and judges_posts_alone(source):
            return False
        return may_hold(applies_of(source), self.reach, self._categories())

    def _categories(self) -> Vocabulary | None:
        """Return the words for categories, as far as loaded packs know them."""
        packs = self._with_words()
        if packs != self.united[0]:
            self.united = (packs, vocabularies(packs).get(CATEGORIES))
        return self.united[1]

    def _with_words(self) -> tuple[Pack, ...]:
        packs = (*self.known.values(), *(each.pack for each in self.loaded.values()))
        return tuple(pack for pack in packs if CATEGORIES in pack.tables)

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

    def known_categories(self) -> Mapping[str, str]:
        """Return the words for categories and topics of loaded packs, and the shipped ones."""
        packs = [*self.known.values(), *(each.pack for each in self.loaded.values())]
        if WORDS not in self.loaded:
            packs.append(load_pack(self.shipped[WORDS]))
        return vocabularies(packs)[CATEGORIES]

    def _read(self, path: Path, *, confined: bool) -> LoadedPack | None:
        try:
            source = self._source(path)
            if self.reach is not None and shown_name(path):
                source = without_examples(source)  # Nobody looks at them where briefs are judged.
            parsed = parse(source, words=not shown_name(path))
        except RulesError as error:
            self.diagnostics += error.diagnostics
            return None
        self.diagnostics += parsed.wrong
        self.lost |= parsed.lost
        home = self.homes.get(path.parent)
        pack = self._with_origin(parsed.pack, path)
        pack = replace(pack, distribution=home.origin) if home else pack
        return LoadedPack(pack, parsed.document, path.parent, confined=confined)

    def _with_origin(self, pack: Pack, path: Path) -> Pack:
        if shown_name(path):
            more = translations if pack.name == WORDS else None
            return replace(pack, origin="shipped", translations=more)
        if pack.name not in self.shipped:
            return pack
        # An exact copy is as good as what it copies, whatever its lines end with.
        copy, shipped = (self._source(each).lines() for each in (path, self.shipped[pack.name]))
        more = translations if pack.name == WORDS else None
        origin: Literal["shipped", "changed"] = "shipped" if copy == shipped else "changed"
        return replace(pack, origin=origin, translations=more)

    def _source(self, path: Path) -> SourceFile:
        if path not in self.sources:
            home = self.homes.get(path.parent)
            shown = f"{home.name}/{path.name}" if home else shown_name(path) or shown_path(path)
            # What is installed is no file of the project, whose files are noted as they are read.
            with recording() if home else nullcontext():
                source = read_source(path, shown_as=shown, limit=LIMIT, refuse=RulesError)
            self.sources[path] = source
        return self.sources[path]

    def _twice(self, pack: Pack, position: Position | None) -> None:
        first = self.loaded[pack.name].pack.position.file
        hint = f"It stands in {first} and in {pack.position.file}."
        if first == pack.position.file:
            hint = "Name it once."
        message = f'the pack "{pack.name}" is loaded twice'
        self._refuse("pack-twice", message, position or pack.position, hint)

    def _refuse(self, code: str, message: str, position: Position, hint: str) -> None:
        self.diagnostics.append(Diagnostic(code, message, position, hint=hint))

    def files(self, name: str, position: Position | None) -> list[Path]:
        """Return the files of what was asked for; none where there is nothing, and say so."""
        if name in self.shipped:
            return [self.shipped[name]]
        path = self.root / name
        place = position or Position(name)
        if position is not None and not _below(path, self.within):
            message = f'"{name}" lies outside the project\'s folder'
            self._refuse("outside", message, place, "Copy the rules into the project.")
            return []
        if is_folder(path):
            files = rule_files(path)
            if not files:
                hint = "A rule pack ends in .yaml; see: checker rules"
                self._refuse("no-rules", f'no rule pack in the folder "{name}"', place, hint)
            return files
        if exists(path):
            return [path]
        if not _looks_like_path(name) and (offered := installed(name)):
            return self._installed(name, offered, place)
        self._refuse("no-such-pack", *self._not_found(name, place))
        return []

    def _installed(self, name: str, offered: Sequence[Installed], place: Position) -> list[Path]:
        """Return the packs of a set that is installed."""
        names = " and ".join(each.origin for each in offered)
        folder = offered[0].folder
        files = rule_files(folder) if folder else []
        if len(offered) > 1:
            message = f'several distributions bring packs called "{name}": {names}'
            self._refuse("pack-twice", message, place, "Uninstall all but one.")
            return []
        if folder is None or not files:
            message = f'"{name}" is installed ({names}), but without any rule pack'
            self._refuse("no-rules", message, place, "Install it again, or ask who made it.")
            return []
        self.homes[folder] = offered[0]
        return files

    def _not_found(self, name: str, place: Position) -> tuple[str, Position, str]:
        known = [*SETS, *self.shipped, *_siblings(self.root / name, name)]
        if _looks_like_path(name):
            what, others = "no rule file or folder is called", ""
        else:
            known += installed_names()
            what = "no rule pack is called"
            others = (
                f"Sets: {', '.join(SETS)}; packs: checker rules. "
                "One that others share is installed first, with pip."
            )
        return f'{what} "{name}"', place, suggestion(name, known, others)

    def _used_file(self, user: LoadedPack, name: str) -> Path | None:
        for ending in ENDINGS:
            path = user.folder / (name + ending)
            free = not user.confined or shown_name(path) is not None
            if is_named(path) and (free or _below(path, self.within)):
                return path
        if name in self.shipped:
            return self.shipped[name]
        known = [*self.shipped, *(file.stem for file in rule_files(user.folder))]
        hint = suggestion(name, known, "Shipped: " + ", ".join(self.shipped))
        message = f'no rule pack is called "{name}"'
        self._refuse("no-such-pack", message, user.place_of_use(name), hint)
        return None


def _looks_like_path(name: str) -> bool:
    return "/" in name or name.endswith(ENDINGS)


def _below(path: Path, root: Path) -> bool:
    """Whether a path, links followed, lies in `root`."""
    return real_path(path).is_relative_to(real_path(root))


def _siblings(path: Path, name: str) -> Iterator[str]:
    """Yield the names of rule files in the folder of a path, as the path would be written."""
    folder = name.rpartition("/")[0]
    for file in rule_files(path.parent):
        yield f"{folder}/{file.name}" if folder else file.name
