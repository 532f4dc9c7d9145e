"""What a worker without the driver's files needs to judge by a brief: their bytes.

The driver keeps what it read: configurations, waivers, packs, briefs and brands, by their paths
in the project. A worker writes them into a folder of its own and loads them as the driver did.
Shortlists and posts stay behind: no rule on one influencer reads them. Packs that come with this
program are the worker's own, and its version is the driver's.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from checker.files import real_path
from checker.in_force import RuleSets
from checker.loading.data_files import rules_folder
from checker.loading.project import Projects
from checker.loading.source import SourceFile, recording
from checker.screening.briefs import OneBrief, load_briefs

Read = tuple[Path, SourceFile]


@dataclass(frozen=True)
class Carried:
    """Briefs as plain data.

    Attributes:
        folders: the files of each project, by their paths from its root.
        briefs: where each brief stands: in which of the folders, and its path there.
        as_of: the day that `today` means.
    """

    folders: tuple[dict[str, bytes], ...]
    briefs: tuple[tuple[int, str], ...]
    as_of: date


def load_carried(paths: Sequence[Path], *, as_of: date) -> tuple[list[OneBrief], Carried]:
    """Load briefs, and keep what was read. Raises CheckerError."""
    projects, rule_sets = Projects(), RuleSets()
    with recording() as judging:
        for path in paths:
            rule_sets.of(projects.of(path))
    with recording() as records:
        briefs = load_briefs(paths, as_of=as_of, projects=projects, rule_sets=rule_sets)
    named = {
        position.file
        for brief in briefs
        for position in (brief.campaign.brief.position(), brief.campaign.brand.locate(()))
    }
    judged_by = [read for read in records if read[1].name in named]
    return briefs, _carried(paths, briefs, [*judging, *judged_by])


def _carried(paths: Sequence[Path], briefs: Sequence[OneBrief], reads: Iterable[Read]) -> Carried:
    roots = list(dict.fromkeys(brief.project.root for brief in briefs))
    folders: tuple[dict[str, bytes], ...] = tuple({} for _ in roots)
    shipped = rules_folder().resolve()
    for path, source in reads:
        if real_path(path).is_relative_to(shipped):
            continue
        # A file may be known by the name of a link to it, and by its own.
        for known in {Path(os.path.abspath(path)), real_path(path)}:  # noqa: PTH100
            for root, folder in zip(roots, folders, strict=True):
                if known.is_relative_to(root) and source.raw is not None:
                    folder[known.relative_to(root).as_posix()] = source.raw
    places = tuple(
        (roots.index(brief.project.root), _within(path, brief.project.root))
        for path, brief in zip(paths, briefs, strict=True)
    )
    return Carried(folders, places, briefs[0].as_of)


def _within(path: Path, root: Path) -> str:
    return real_path(path).relative_to(root).as_posix()


def unpacked(carried: Carried) -> list[OneBrief]:
    """Load the briefs again, where none of their files is. Raises CheckerError."""
    with tempfile.TemporaryDirectory(prefix="checker-") as made:
        roots = [Path(made).resolve() / str(number) for number in range(len(carried.folders))]
        for root, files in zip(roots, carried.folders, strict=True):
            # What ends the search for a configuration, and so makes this the project's root.
            (root / ".git").mkdir(parents=True)
            for name, raw in files.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(raw)
        paths = [roots[number] / name for number, name in carried.briefs]
        briefs = load_briefs(paths, as_of=carried.as_of)
        for brief in briefs:
            # The packs' words are read while their files are there.
            _ = brief.project.schemas.words.vocabularies
        return briefs
