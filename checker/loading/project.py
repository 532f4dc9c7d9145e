"""The project around a brief: its root folder, its configuration, and the briefs in it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from checker.files import exists, is_folder, is_named, real_path
from checker.loading.config_file import CONFIG_NAME, load_config
from checker.loading.documents import read_document
from checker.loading.schemas import Extra
from checker.loading.source import shown_path
from checker.loading.validation import SHIPPED, RecordSchemas
from checker.loading.vocabulary import words_of
from checker.model.config import Config
from checker.model.diagnostics import Diagnostic, InputError, Position

BRIEF_NAMES = ("brief.yaml", "brief.json", "*.brief.yaml", "*.brief.json")
_SHEETS = (".xlsx", ".xls", ".ods", ".numbers", ".csv")
_PASSED_OVER = frozenset(("node_modules", "__pycache__", "venv"))


class Project:
    """Where records may stand, and what is configured.

    `root` is an absolute folder, symbolic links resolved, that no path of a record leaves.
    `schemas` know the configuration's extra fields. `hidden` are the configurations further up,
    which count for nothing because `config_path` is nearer.
    """

    __slots__ = ("config", "config_path", "hidden", "root", "schemas")

    def __init__(
        self,
        root: Path,
        config: Config | None = None,
        config_path: Path | None = None,
        schemas: RecordSchemas = SHIPPED,
        hidden: tuple[Path, ...] = (),
    ) -> None:
        self.root = root
        self.config = config or Config()
        self.config_path = config_path
        self.schemas = schemas
        self.hidden = hidden

    @property
    def folder(self) -> Path:
        """The folder that the configuration's paths start from."""
        return self.config_path.parent if self.config_path else self.root

    def shown(self, path: Path) -> str:
        """Return a path for messages: from the current folder, else from the root."""
        shown = shown_path(path)
        return shown_path(path, self.root) if Path(shown).is_absolute() else shown


class Landmarks(NamedTuple):
    """The configurations from a folder upward, nearest first, and the git repository's folder."""

    configurations: tuple[Path, ...]
    repository: Path | None

    @property
    def root(self) -> Path | None:
        """The repository's folder, else that of the nearest configuration."""
        nearest = next((path.parent for path in self.configurations), None)
        return self.repository or nearest


class Projects:
    """Finds the project of each path; a configuration that several share is read once."""

    def __init__(self) -> None:
        self._configs: dict[Path, tuple[Config, RecordSchemas]] = {}
        self._found: dict[tuple[Path, Path | None], Project] = {}
        self._searched: dict[Path, Path] = {}

    def remember(self, brief: Path, folder: Path) -> None:
        """Note the folder that was searched when a brief was found."""
        self._searched[_absolute(brief)] = _absolute(folder)

    def of(self, path: Path) -> Project:
        """Return the project of a brief's file, or of a folder.

        The root is the nearest folder upward with `.git`, else the configuration's folder,
        else the folder that was searched for briefs, else the brief's own folder.
        Raises RulesError if the configuration is invalid.
        """
        place = _absolute(path)
        folder = place if is_folder(place) else place.parent
        searched = self._searched.get(place)
        key = (folder, searched)
        if key not in self._found:
            self._found[key] = self._project(folder, searched)
        return self._found[key]

    def _project(self, folder: Path, searched: Path | None) -> Project:
        found = landmarks(folder)
        root = real_path(found.root or searched or folder)
        if not found.configurations:
            return Project(root)
        config_path, *hidden = found.configurations
        config, schemas = self._config(config_path, root)
        return Project(root, config, config_path, schemas, tuple(hidden))

    def _config(self, path: Path, root: Path) -> tuple[Config, RecordSchemas]:
        if path not in self._configs:
            config = load_config(path, shown_as=Project(root).shown(path))
            schemas = SHIPPED
            if config.extra or config.packs:
                extra, words = config.extra, None
                if config.packs:
                    words = words_of(config.packs, path.parent, root)
                    extra = _fields_of(config, path.parent, root)
                schemas = RecordSchemas(extra, words)
            self._configs[path] = (config, schemas)
        return self._configs[path]


def _fields_of(config: Config, folder: Path, root: Path) -> Extra:
    """Return the fields that a configuration and its packs declare; see `load_packs`."""
    from checker.loading.own_fields import united
    from checker.loading.packs import packs_with_fields

    return united(config.extra, packs_with_fields(config.packs or (), root=folder, within=root))


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links.


def find_briefs(paths: Sequence[Path], projects: Projects | None = None) -> list[Path]:
    """Return the briefs that the paths name, each once.

    A file is taken as it is. A folder is searched for `brief.yaml`, `brief.json`,
    `*.brief.yaml`, `*.brief.json` and the configuration's `briefs` globs; hidden folders and
    those of tools are passed over. Raises InputError where a path does not exist or a folder
    holds no brief.
    """
    known = projects or Projects()
    found: dict[Path, Path] = {}
    wrong: list[Diagnostic] = []
    for path in paths:
        if is_folder(path):
            briefs, empty = _search(path, known)
            for brief in briefs:
                known.remember(brief, path)
            wrong.extend(empty)
        else:
            briefs = [path]
            if not exists(path):
                message = "there is no such file or folder; nothing was checked"
                wrong.append(Diagnostic("no-such-file", message, Position(shown_path(path))))
        for brief in briefs:
            found.setdefault(real_path(brief), brief)
    if wrong:
        raise InputError(wrong)
    if not found:
        raise InputError.of("no-brief", "no brief was named; nothing was checked", ".")
    return list(found.values())


def brief_ids(folder: Path, projects: Projects) -> set[str] | None:
    """Return the ids of all briefs below a folder; None where one of them cannot be read."""
    try:
        documents = [
            read_document(path, shown_as=path.name) for path in _search(folder, projects)[0]
        ]
    except InputError:
        return None
    records = [document.data for document in documents]
    return {str(data.get("id")) for data in records if isinstance(data, dict)}


def landmarks(folder: Path) -> Landmarks:
    """Look from a folder upward, to the first that is a git repository."""
    configurations: list[Path] = []
    place = _absolute(folder)
    for parent in (place, *place.parents):
        if is_named(parent / CONFIG_NAME):
            configurations.append(parent / CONFIG_NAME)
        if exists(parent / ".git"):
            return Landmarks(tuple(configurations), parent)
    return Landmarks(tuple(configurations), None)


def project_folders(folder: Path) -> list[Path]:
    """Return the folders, from one upward, that a project may start from, nearest first.

    They are those of git repositories or, where there are none, of configurations.
    """
    place = real_path(folder)
    above = [place, *place.parents]
    repositories = [each for each in above if exists(each / ".git")]
    return repositories or [each for each in above if is_named(each / CONFIG_NAME)]


def configurations_below(folder: Path) -> list[Path]:
    """Return the configurations in the folders below one; `find_briefs` looks in the same."""
    return [
        parent / CONFIG_NAME
        for parent, names in _walk(folder)
        if CONFIG_NAME in names and parent != folder
    ]


def _search(folder: Path, projects: Projects) -> tuple[list[Path], list[Diagnostic]]:
    briefs: list[Path] = []
    sheets: list[str] = []
    misnamed: list[str] = []
    count = 0
    for parent, names in _walk(folder):
        count += 1
        project = projects.of(parent)
        for name in names:
            path = parent / name
            if _is_brief(name) or _matches(path, project):
                briefs.append(path)
            elif path.suffix.lower() in _SHEETS:
                sheets.append(name)
            elif fnmatch(name, "*brief.yml"):
                misnamed.append(name)
    if briefs:
        return briefs, []
    return [], [_nothing(folder, count, sheets, misnamed)]


def _walk(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(n for n in folders if n[0] != "." and n not in _PASSED_OVER)
        yield Path(parent), sorted(names)


def _is_brief(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in BRIEF_NAMES)


def _matches(path: Path, project: Project) -> bool:
    place = os.path.relpath(path, project.folder).replace(os.sep, "/")
    return any(_glob_match(place.split("/"), glob.split("/")) for glob in project.config.briefs)


def _glob_match(names: list[str], patterns: list[str]) -> bool:
    """Match a path with a glob, name by name; `**` stands for any number of folders."""
    if not patterns:
        return not names
    if patterns[0] == "**":
        return any(_glob_match(names[i:], patterns[1:]) for i in range(len(names) + 1))
    if not names or not fnmatch(names[0], patterns[0]):
        return False
    return _glob_match(names[1:], patterns[1:])


def _nothing(folder: Path, count: int, sheets: list[str], misnamed: list[str]) -> Diagnostic:
    looked = f"{count} folders" if count != 1 else "1 folder"
    lines = [f"Looked for {', '.join(BRIEF_NAMES)} in {looked}."]
    for name in misnamed[:3]:
        lines.append(f"Saw {name}: name it {Path(name).stem}.yaml.")
    for name in sheets[:3]:
        if name.lower().endswith(".csv"):
            lines.append(f'Saw {name}: name it under "shortlist" in a brief.')
        else:
            lines.append(f'Saw {name}: save the sheet as CSV and name it under "shortlist".')
    shown = shown_path(folder).rstrip("/") + "/"
    message = "no brief found; nothing was checked"
    return Diagnostic("no-brief", message, Position(shown), hint="\n".join(lines))


def root_of_repository() -> str:
    """Return the way from the repository's root to the current folder; "" where that is none."""
    here = real_path(Path())
    root = next((each for each in (here, *here.parents) if exists(each / ".git")), here)
    return "" if root == here else here.relative_to(root).as_posix()
