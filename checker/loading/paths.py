"""The files that a record names: inside the project, found by path or by glob."""

from __future__ import annotations

import glob
import os
import re
from pathlib import Path

from checker.files import exists, is_folder, is_named, real_path
from checker.language.suggest import nearest
from checker.loading.project import Project
from checker.loading.source import shown_path
from checker.model.diagnostics import InputError, Position

SIGNOFF_SUFFIX = ".signoff.json"
_ABSOLUTE = re.compile(r"[/\\~]|[A-Za-z]:")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_GLOB = re.compile(r"[*?\[]")


def is_glob(written: str) -> bool:
    """Return whether a path stands for several files."""
    return _GLOB.search(written) is not None


def named_file(written: str, *, folder: Path, project: Project, position: Position) -> Path:
    """Return the file that a record at `position` names by a path from its folder.

    Raises InputError where the path is absolute, leaves the project, or names no file.
    """
    path = _inside(written, folder, project, position)
    if is_folder(path):
        hint = f'Name its files: "{written.rstrip("/")}/*.json".'
        raise InputError.of("is-a-folder", f'"{written}" is a folder', position, hint)
    if not exists(path):
        raise InputError.of("no-such-file", f'there is no file "{written}"', position, _hint(path))
    return path


def named_files(written: str, *, folder: Path, project: Project, position: Position) -> list[Path]:
    """Return the files that a path or a glob names, sorted. Raises InputError if none."""
    if not is_glob(written):
        return [named_file(written, folder=folder, project=project, position=position)]
    _inside(written, folder, project, position)
    matches = sorted(glob.glob(written, root_dir=folder, recursive=True))  # noqa: PTH207 - "..".
    # A sign-off that stands beside the records it is about is none of them.
    files = [m for m in matches if is_named(folder / m) and not m.endswith(SIGNOFF_SUFFIX)]
    if not files:
        raise InputError.of("no-such-file", f'"{written}" matches no file', position)
    return [_inside(match, folder, project, position) for match in files]


def _inside(written: str, folder: Path, project: Project, position: Position) -> Path:
    if _ADDRESS.match(written):
        message = f'"{written}" is an address; records are read from files only'
        raise InputError.of("not-a-path", message, position)
    if _ABSOLUTE.match(written):
        hint = "Write the path from the folder of this file."
        raise InputError.of("absolute-path", f'"{written}" is an absolute path', position, hint)
    if "\0" in written or not written.strip():
        raise InputError.of("not-a-path", "this is not a path", position)
    if "\\" in written:
        hint = "Write " + written.replace("\\", "/")
        raise InputError.of("not-a-path", f'"{written}" has backslashes', position, hint)
    path = Path(os.path.normpath(folder / written))
    if not real_path(path).is_relative_to(project.root):
        root = shown_path(project.root)
        hint = f"The project's folder is {root if root != '.' else 'the current one'}"
        if not project.config_path and not exists(project.root / ".git"):
            hint += "; a checker.yaml in a folder above makes that one the project's."
        message = f'"{written}" leaves the project\'s folder'
        raise InputError.of("outside-project", message, position, hint)
    return path


def _hint(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir() if is_named(entry)]
    except OSError:
        return f'There is no folder "{path.parent.name}" either.'
    near = nearest(path.name, names)
    return f'Did you mean "{near[0]}"?' if near else ""
