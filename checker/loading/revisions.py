"""Rule files as they stood at a git revision, in a folder of their own."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from checker.files import real_path
from checker.loading.git import run_git, run_git_text
from checker.model.diagnostics import Diagnostic, RulesError

# Configurations, waivers, baselines and rule packs; records are those of today.
_SUFFIXES = (".yaml", ".yml")
# What briefs are checked by: these, records and tables.
ALL_SUFFIXES = (
    *_SUFFIXES,
    *(".json", ".ndjson", ".jsonl", ".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods"),
)


@dataclass(frozen=True, slots=True)
class Checkout:
    """The YAML files of a revision: `folder` stands for the repository's `top`."""

    revision: str
    folder: Path
    top: Path

    def path_of(self, inside: str) -> Path:
        """Return the rule file or folder that the revision has at a path from its top.

        Raises:
            RulesError: it has none there, or the path leads out of the repository.
        """
        path = real_path(self.folder / inside)
        if path.is_relative_to(self.folder) and path.exists():
            return path
        message = f'there is no rule file or folder "{inside}" at {self.revision}'
        hint = "Paths at a revision start at the top of the repository: main:rules/ours.yaml"
        raise RulesError.of("revision-path", message, f"{self.revision}:{inside}", hint)

    def place_of(self, path: Path) -> Path:
        """Return what stands for a path of the working tree, or for the nearest folder above it."""
        place = self.folder / real_path(path).relative_to(self.top)
        while not place.exists():
            place = place.parent
        return place


@contextmanager
def checkout(revision: str, near: Path, suffixes: Sequence[str] = _SUFFIXES) -> Iterator[Checkout]:
    """Give the YAML files of a revision of the repository around `near`, until the block ends.

    Other `suffixes` give other files.

    What is wrong with one of them names it as git does: "main:rules/ours.yaml".

    Raises:
        RulesError: this is no git repository, there is no git, or no such revision.
    """
    wrong = "this is no git repository, and there is no such file"
    top = Path(run_git_text(near, "rev-parse", "--show-toplevel", said=revision, wrong=wrong))
    wrong = f'git knows no revision "{revision}", and there is no such file'
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = run_git_text(top, *asked, said=revision, wrong=wrong)
    with TemporaryDirectory(prefix="checker-") as made:
        folder = Path(made).resolve()
        _unpack(_archive(top, commit, revision, suffixes), folder)
        # Projects end at the folder of the repository.
        (folder / ".git").mkdir()
        try:
            yield Checkout(revision, folder, top.resolve())
        except RulesError as error:
            raise RulesError(
                _renamed(each, folder, revision) for each in error.diagnostics
            ) from None


def _archive(top: Path, commit: str, revision: str, suffixes: Sequence[str]) -> bytes:
    """Return a tar of the files of a commit that end so; empty where it has none."""
    wrong = "git cannot read this revision"
    listed = ("ls-tree", "-r", "--name-only", "-z", commit)
    names = run_git_text(top, *listed, said=revision, wrong=wrong).split("\0")
    # git refuses a pattern that meets nothing.
    found = [each for each in suffixes if any(name.endswith(each) for name in names)]
    if not found:
        return b""
    patterns = [f":(glob)**/*{suffix}" for suffix in found]
    asked = ("archive", "--format=tar", commit, "--", *patterns)
    return run_git(top, *asked, said=revision, wrong=wrong)


def _unpack(archive: bytes, folder: Path) -> None:
    """Write the files of a tar into a folder, and nothing outside of it.

    A link is made where it leads to one of these files; any other is left out.
    """
    if not archive:
        return
    links = []
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        for member in files:
            path = folder / member.name
            if not path.resolve().is_relative_to(folder):
                continue
            if member.issym():
                links.append((path, member.linkname))
            elif (content := files.extractfile(member)) is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())
    for path, target in links:
        found = (path.parent / target).resolve()
        if found.is_relative_to(folder) and found.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(found)


def _renamed(diagnostic: Diagnostic, folder: Path, revision: str) -> Diagnostic:
    _, inside, name = diagnostic.position.file.rpartition(f"{folder.name}/")
    if not inside:
        return diagnostic
    return replace(diagnostic, position=replace(diagnostic.position, file=f"{revision}:{name}"))
