"""A sign-off as it is read back. It is untrusted: its shape and its paths are checked first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.model.frozen import dataclass
from checker.signoff.envelope import decode
from checker.signoff.statement import shipped_name

# Reads strict JSON: (name for messages, text). Raises InputError; no nulls in what it returns.
ReadJson = Callable[[str, str], Any]


@dataclass(frozen=True, slots=True, eq=False)
class SignOff:
    """A sign-off record of the right shape; nothing in it is known to be true yet.

    `payload` are the bytes that `signatures` are over, and the type that they are given;
    without an envelope there are none.
    """

    shown: str
    statement: Mapping[str, Any]
    payload: bytes = b""
    payload_type: str = ""
    signatures: tuple[tuple[str, bytes], ...] = ()

    @property
    def predicate(self) -> Mapping[str, Any]:
        """What the sign-off says."""
        predicate: Mapping[str, Any] = self.statement["predicate"]
        return predicate

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each file, and of each shipped pack, by name."""
        return {each["name"]: each["digest"]["sha256"] for each in self.statement["subject"]}

    @property
    def files(self) -> dict[str, Mapping[str, Any]]:
        """What is recorded of each file, by its path from the project's folder."""
        return {each["name"]: each for each in self.predicate["inputs"]}


def read_signoff(text: str, *, shown: str, schema: Mapping[str, Any], parse: ReadJson) -> SignOff:
    """Read a sign-off, in an envelope or without one.

    `schema` is that of a statement, with "envelope" among its `$defs`. Raises InputError where
    it is not a sign-off, or names a file by a path that could leave the project.
    """
    data = parse(shown, text)
    if not isinstance(data, dict) or "payloadType" not in data:
        return _checked(SignOff(shown, data), schema)
    envelope = {"$ref": "#/$defs/envelope", "$defs": schema["$defs"]}
    _match(data, envelope, shown)
    payload = decode(data["payload"])
    if payload is None:
        raise _refusal("payload is not Base64", shown)
    signatures = tuple(
        (each.get("keyid", ""), decode(each["sig"]) or b"") for each in data["signatures"]
    )
    try:
        inner = parse(shown, payload.decode("utf-8"))
    except UnicodeDecodeError:
        raise _refusal("its payload is not text", shown) from None
    return _checked(SignOff(shown, inner, payload, data["payloadType"], signatures), schema)


def _checked(record: SignOff, schema: Mapping[str, Any]) -> SignOff:
    _match(record.statement, schema, record.shown)
    for name in (*record.files, record.predicate["brief"]["file"]):
        if not _is_inside(name):
            raise outside(name, record.shown)
    packs = (shipped_name(p["name"]) for p in record.predicate["packs"] if p["shipped"])
    named = sorted([*record.files, *packs])
    if named != sorted(each["name"] for each in record.statement["subject"]):
        raise _refusal('"subject" and "inputs" do not name the same files', record.shown)
    if record.predicate["brief"]["file"] not in record.files:
        raise _refusal("its brief is not among its files", record.shown)
    return record


def _match(data: Any, schema: Mapping[str, Any], shown: str) -> None:
    from jsonschema_rs import Draft202012Validator

    gate = Draft202012Validator(dict(schema), validate_formats=True)
    try:
        if gate.is_valid(data):
            return
        place = next((list(error.instance_path) for error in gate.iter_errors(data)), [])
    except (ValueError, TypeError, OverflowError, RecursionError):
        place = []
    steps = ".".join(str(step) for step in place)
    what = f'"{steps}" is not as it should be' if steps else "it has another shape"
    raise _refusal(what, shown)


def _is_inside(name: str) -> bool:
    """Whether a path is relative, spelled plainly and without a step up."""
    path = PurePosixPath(name)
    plain = name == str(path) and not path.is_absolute() and ".." not in path.parts
    return plain and name != "." and not any(mark in name for mark in ("\\", "\0"))


def place_of(name: str, root: Path) -> Path | None:
    """Return where a file of a sign-off stands; None where a link leads out of the project."""
    path = root / name
    try:
        inside = path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):  # A loop of links, or no path at all.
        inside = False
    return path if inside else None


def find_root(record: SignOff, starts: Iterator[Path]) -> Path:
    """Return the folder that the record's paths start from.

    It is one of the folders above a start, up to that of the repository, or else as many as the
    brief's path has folders: the one that has most of the files; of two the inner one.
    Raises InputError where none has any.
    """
    names = [record.predicate["brief"]["file"], *list(record.files)[:50]]
    best, most = Path(), 0
    for folder in _folders(starts, len(PurePosixPath(names[0]).parts) - 1):
        count = sum(os.path.lexists(folder / name) for name in names)
        if count > most:
            best, most = folder, count
    if most:
        return best
    message = "nothing of what was signed is here"
    hint = f"Looked for {names[0]}. Name the project's folder: --project FOLDER"
    raise InputError([Diagnostic("no-project", message, Position(record.shown), hint=hint)])


def _folders(starts: Iterator[Path], height: int) -> Iterator[Path]:
    for start in starts:
        place = start.resolve()
        above = [place, *place.parents]
        repository = next((i for i, folder in enumerate(above) if (folder / ".git").exists()), None)
        yield from above[: (height if repository is None else repository) + 1]


def outside(name: str, shown: str) -> InputError:
    """Say that a sign-off names a file that is not in the project."""
    message = f'the sign-off names "{name}", which is not inside the project'
    return InputError([Diagnostic("path-leaves-project", message, Position(shown))])


def _refusal(what: str, shown: str) -> InputError:
    message = f"this is not a sign-off that can be read: {what}"
    return InputError([Diagnostic("bad-signoff", message, Position(shown))])
