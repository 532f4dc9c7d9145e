"""File names that tell who is in the file, and what stands for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from checker.model.diagnostics import Position
from checker.model.report import Report, Subject
from checker.reporting.redact_names import Names

# Files of one record; a table or a list of lines holds many, and keeps its name.
_SINGLE = (".json", ".yaml", ".yml")


class Files:
    """The files of one person or one post each. They are named for whom they hold."""

    def __init__(self, report: Report, names: Names) -> None:
        owners = _owners(report)
        folders = _shared_folders(report, owners)
        self._names: dict[str, str] = {}
        for file, subject in owners.items():
            identity = names.of(subject)
            path = PurePosixPath(file)
            folder = next((p for p in path.parents if str(p) in folders), PurePosixPath())
            self._names[file] = str(folder / f"{identity}{path.suffix}")
            names.add_stem(path.stem, identity)
            for part in path.relative_to(folder).parts[:-1]:
                names.add_stem(part, identity)
        self._longest_first = sorted(self._names, key=lambda file: (-len(file), file))

    def of(self, file: str) -> str:
        """Return what stands for a file's name: itself, where it is nobody's own."""
        return self._names.get(file, file)

    def in_text(self, text: str) -> str:
        """Return a text with the names of such files replaced."""
        for file in self._longest_first:
            if file in text:
                text = text.replace(file, self._names[file])
        return text


def _owners(report: Report) -> dict[str, Subject]:
    """Return the files that hold one influencer or post and nothing else."""
    found: dict[str, dict[str, Subject]] = {}
    common = {report.position.file}
    for subject in report.subjects:
        for root, position in _places(subject):
            if root in ("influencer", "post") and subject.kind in ("influencer", "post"):
                if root == subject.kind and not position.cell:
                    found.setdefault(position.file, {})[subject.id] = subject
            else:
                common.add(position.file)
    return {
        file: next(iter(subjects.values()))
        for file, subjects in found.items()
        if file not in common and len(subjects) == 1 and file.lower().endswith(_SINGLE)
    }


def _places(subject: Subject) -> Iterable[tuple[str, Position]]:
    """Return the places of a subject, each with the record that it is in: "influencer", "brief"."""
    yield subject.kind, subject.position
    for diagnostic in subject.diagnostics:
        yield subject.kind, diagnostic.position
    for outcome in subject.outcomes:
        sides = [side for side in (outcome.has, outcome.needs) if side is not None]
        items = [*outcome.evidence, *(item for side in sides for item in side.evidence)]
        for item in items:
            root = item.path.split(".", 1)[0].split("[", 1)[0]
            if item.position is not None and root in ("influencer", "post", "brief", "brand"):
                yield root, item.position


def _shared_folders(report: Report, owners: dict[str, Subject]) -> set[str]:
    """Return the folders that name nobody: the brief's, and those that hold several people."""
    brief = PurePosixPath(report.position.file)
    shared = {str(folder) for folder in brief.parents}
    held: Counter[str] = Counter()
    for file in owners:
        held.update(str(folder) for folder in PurePosixPath(file).parents)
    return shared | {folder for folder, count in held.items() if count > 1} | {"."}
