"""What a change touches: the files that differ from a git revision."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checker.files import real_path
from checker.loading.git import run_git_text
from checker.model.diagnostics import RulesError

# The name that git gives to a tree without files.
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@dataclass(frozen=True)
class Changes:
    """Files that differ from a revision, as absolute paths, links resolved.

    `deleted` are those that are gone: what named them cannot be read any more, so a change that
    deletes a file touches every brief. `tracked` are those that git knows: of another file below
    `top`, the repository's folder, nobody can say that it is unchanged. `named` are files that
    somebody named besides, changed or not.
    """

    files: frozenset[Path] = frozenset()
    deleted: frozenset[Path] = frozenset()
    tracked: frozenset[Path] = frozenset()
    top: Path | None = None
    named: frozenset[Path] = frozenset()

    def touches(self, files: frozenset[Path]) -> bool:
        """Tell whether a brief that rests on `files` is to be checked."""
        ours = {file for file in files if self.top and file.is_relative_to(self.top)}
        touched = (self.files | self.named) & files
        return bool(self.deleted or touched or ours - self.tracked)


def changes_since(revision: str, folder: Path) -> Changes:
    """Ask git what differs between a revision and the working tree, new files included.

    Raises:
        RulesError: this is no git repository, there is no git, or no such revision.
    """
    top = Path(_git(folder, "rev-parse", "--show-toplevel", wrong="this is no git repository"))
    commit = _commit(top, revision)
    wrong = "git could not compare"
    listed = _git(top, "diff", "--name-status", "--no-renames", "-z", commit, "--", wrong=wrong)
    new = _git(top, "ls-files", "--others", "--exclude-standard", "-z", wrong=wrong)
    known = _git(top, "ls-files", "-z", wrong=wrong)
    parts = listed.split("\0")
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    return Changes(
        frozenset(
            real_path(top / name)
            for name in (*(name for _, name in pairs), *new.split("\0"))
            if name
        ),
        frozenset(top / name for status, name in pairs if status == "D"),
        frozenset(real_path(top / name) for name in known.split("\0") if name),
        real_path(top),
    )


class Past:
    """What files of a repository held at a revision, under the names that they had then."""

    def __init__(self, revision: str, folder: Path) -> None:
        """Ask git what was renamed since; see `changes_since` for what is raised."""
        top = _git(folder, "rev-parse", "--show-toplevel", wrong="this is no git repository")
        self.top = real_path(Path(top))
        self.commit = _commit(self.top, revision)
        asked = ("diff", "--name-status", "--find-renames", "--diff-filter=R", "-z", self.commit)
        parts = _git(self.top, *asked, "--", wrong="git could not compare").split("\0")
        self.former = dict(zip(parts[2::3], parts[1::3], strict=False))

    def text(self, path: Path) -> str | None:
        """Return the text of a file; None where there was none, or it is in no repository here."""
        real = real_path(path)
        if not real.is_relative_to(self.top):
            return None
        name = real.relative_to(self.top).as_posix()
        try:
            return _git(self.top, "show", f"{self.commit}:{self.former.get(name, name)}", wrong="")
        except RulesError:
            return None


def _commit(top: Path, revision: str) -> str:
    wrong = f'git knows no revision "{revision}"'
    arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    try:
        return _git(top, *arguments, f"{revision}^{{commit}}", wrong=wrong)
    except RulesError:
        if revision == "HEAD" and not _git(top, "rev-list", "--max-count=1", "--all", wrong=wrong):
            return _EMPTY_TREE  # Before the first commit everything is new.
        raise


def _git(folder: Path, *arguments: str, wrong: str) -> str:
    return run_git_text(folder, *arguments, said="--changed-since", wrong=wrong)
