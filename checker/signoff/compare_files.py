"""Which files, packs and tool differ from what was signed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import checker
from checker.files import exists, is_file
from checker.model.inputs import Evaluation, InputFile
from checker.signoff.claims import claim
from checker.signoff.differences import Difference, difference, paired
from checker.signoff.fields import DETAILS, FieldChange, changed_fields
from checker.signoff.record import SignOff, place_of

# Reads one file (its place, the folder that names start from); None where it cannot be read.
ReadInput = Callable[[Path, Path], InputFile | None]

# A message names this many fields; the JSON output has them all.
_NAMED = 5


def compare_tool(record: SignOff) -> Iterator[Difference]:
    """Yield how the version of this program differs."""
    signed = str(record.predicate["tool"]["version"])
    now = checker.__version__
    if signed != now:
        age = _age(signed, now)
        message = f"checker {signed} signed this; this is checker {now}"
        yield difference("tool", f"tool-{age}", message, before=signed, after=now)


def compare_packs(record: SignOff, now: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    """Yield packs that differ by version or bytes, that are new, or that are gone."""
    signed = {pack["name"]: pack for pack in record.predicate["packs"]}
    present = {pack["name"]: pack for pack in now}
    for name, old, new in paired(signed, present):
        if old is None:
            yield difference("packs", "pack-added", f"the pack {name} is new", pack=name)
        elif new is None:
            message = f"the pack {name} is not in force any more"
            yield difference("packs", "pack-removed", message, pack=name)
        elif old["sha256"] != new["sha256"]:
            yield _changed_pack(name, old, new)
        elif old["rules"] != new["rules"]:
            had, has = old["rules"], new["rules"]
            message = f"the pack {name} had {had} rules in force; now {has}"
            yield difference("packs", "pack-rules", message, pack=name, before=had, after=has)
        else:
            for part in ("version", "title"):
                if old[part] != new[part]:
                    what = f"the {part} of the pack {name}"
                    yield claim("packs", what, old[part], new[part], pack=name)


def _changed_pack(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Difference:
    was, now = old["version"], new["version"]
    code, message = f"pack-{_age(was, now)}", f"the pack {name} was {was} and is {now}"
    if was == now:
        code, message = "pack-edited", f"the pack {name} {was} was edited without a new version"
    digests = {"from_sha256": old["sha256"], "to_sha256": new["sha256"]}
    return difference("packs", code, message, pack=name, before=was, after=now, **digests)


def _age(signed: str, now: str) -> str:
    """Return whether a version is "newer" or "older" than the signed one, or just "other"."""
    old, new = ([int(n) for n in re.findall(r"[0-9]{1,9}", text)] for text in (signed, now))
    if old == new:
        return "other"
    return "newer" if new > old else "older"


def compare_files(
    record: SignOff, now: Evaluation, *, root: Path, read: ReadInput
) -> Iterator[Difference]:
    """Yield files that are changed, missing, swapped, added or not read any more.

    Raises InputError where a recorded path leads out of the project.
    """
    digests = record.digests
    present = {file.name: file for file in now.inputs}
    for name, entry in record.files.items():
        path = place_of(name, root, record.shown)
        file = present.get(name) or (read(path, root) if is_file(path) else None)
        if file is None:
            yield _gone(name, path)
        elif file.sha256 != digests[name]:
            yield _changed_file(record, entry, file)
        elif now.report is not None and name not in present:
            message = f"{name} is as it was, and nothing names it any more"
            yield difference("files", "file-unused", message, file=name)
    for name, file in present.items():
        if name not in record.files:
            yield _added(record, file)


def _gone(name: str, path: Path) -> Difference:
    if exists(path):
        message = f"{name} cannot be read as text any more"
        return difference("files", "file-unreadable", message, file=name)
    return difference("files", "file-missing", f"{name} is missing", file=name)


def _added(record: SignOff, file: InputFile) -> Difference:
    twin = _twin(record, file)
    also = f"; it holds what {twin} held" if twin else ""
    message = f"{file.name} was not there, and is read now{also}"
    return difference("files", "file-added", message, file=file.name, same_as=twin)


def _twin(record: SignOff, file: InputFile) -> str | None:
    """Return the other recorded file that has these bytes."""
    same = (
        name
        for name, digest in record.digests.items()
        if digest == file.sha256 and name != file.name and name in record.files
    )
    return next(same, None)


def _changed_file(record: SignOff, entry: Mapping[str, Any], file: InputFile) -> Difference:
    digest = record.digests[file.name]
    change = {"from_sha256": digest, "to_sha256": file.sha256}
    twin = _twin(record, file)
    if twin is not None:
        message = f"{file.name} was swapped: it holds what {twin} held"
        return difference("files", "file-swapped", message, file=file.name, same_as=twin, **change)
    changes = None
    for detail in DETAILS:
        if detail in entry:
            changes = changed_fields(detail, entry[detail], file, signed_as=digest)
    fields = None if changes is None else [{"path": c.path, "kind": c.kind} for c in changes]
    message = f"{file.name} changed: {_fields_text(changes)}"
    return difference("files", "file-changed", message, file=file.name, fields=fields, **change)


def _fields_text(changes: list[FieldChange] | None) -> str:
    if changes is None:
        return "it cannot be compared field by field"
    if not changes:
        return "its bytes, but no field"
    words = [_field_text(change) for change in changes[:_NAMED]]
    more = len(changes) - len(words)
    return ", ".join(words) + (f" and {more:,} more" if more else "")


def _field_text(change: FieldChange) -> str:
    """Spell a path for people: lists count from 1, and what is new or gone says so."""
    text = re.sub(r"\[([0-9]+)\]\.?", lambda m: f" entry {int(m[1]) + 1} ", change.path).strip()
    return (text or "all of it") + ("" if change.kind == "changed" else f" ({change.kind})")
