"""A sign-off as it is read back. It is untrusted: its shape and its paths are checked first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from checker.files import real_path
from checker.model.diagnostics import InputError
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
        raise _unreadable("payload is not Base64", shown)
    signatures = tuple(
        (each.get("keyid", ""), decode(each["sig"]) or b"") for each in data["signatures"]
    )
    try:
        inner = parse(shown, payload.decode("utf-8"))
    except UnicodeDecodeError:
        raise _unreadable("its payload is not text", shown) from None
    return _checked(SignOff(shown, inner, payload, data["payloadType"], signatures), schema)


def _checked(record: SignOff, schema: Mapping[str, Any]) -> SignOff:
    _match(record.statement, schema, record.shown)
    for name in (*record.files, record.predicate["brief"]["file"]):
        if not _is_inside(name):
            raise _outside(name, record.shown)
    packs = (shipped_name(p["name"]) for p in record.predicate["packs"] if p["shipped"])
    named = sorted([*record.files, *packs])
    if named != sorted(each["name"] for each in record.statement["subject"]):
        raise _unreadable('"subject" and "inputs" do not name the same files', record.shown)
    if record.predicate["brief"]["file"] not in record.files:
        raise _unreadable("its brief is not among its files", record.shown)
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
    raise _unreadable(what, shown)


def _is_inside(name: str) -> bool:
    """Whether a path is relative, spelled plainly and without a step up."""
    path = PurePosixPath(name)
    plain = name == str(path) and not path.is_absolute() and ".." not in path.parts
    return plain and name != "." and not any(mark in name for mark in ("\\", "\0"))


def place_of(name: str, root: Path, shown: str) -> Path:
    """Return where a file of a sign-off stands.

    Raises InputError where that is not in the project.
    """
    path = root / name
    try:
        inside = real_path(path).is_relative_to(real_path(root))
    except ValueError:  # No path at all.
        inside = False
    if not inside:
        raise _outside(name, shown)
    return path


def find_root(record: SignOff, folders: Sequence[Path]) -> Path:
    """Return the folder that the record's paths start from.

    `folders` are those of the repositories, or of the configurations, that the record lies below.
    The root is the one that holds the brief or, where none does, another file of the record.
    Raises InputError where none has any, or several do: a copy that nobody signed could be meant.
    """
    brief = record.predicate["brief"]["file"]
    holding = _holding(folders, [brief]) or _holding(folders, record.files)
    if len(holding) == 1:
        return holding[0]
    ask = "Name the folder that its paths start from: --project FOLDER"
    if holding:
        code, message = "several-projects", "what was signed may lie in more than one folder"
        lines = [f"{brief} lies in {' and in '.join(map(str, holding))}.", ask]
    elif folders:
        code, message = "no-project", "nothing of what was signed is here"
        lines = [f"Looked for {brief} in {' and in '.join(map(str, folders))}.", ask]
    else:
        code, message = "no-project", "the record lies in no repository and below no checker.yaml"
        lines = [ask]
    hint = "\n".join(lines)
    raise InputError.of(code, message, record.shown, hint)


def _holding(folders: Iterable[Path], names: Iterable[str]) -> list[Path]:
    kept = list(names)
    return [each for each in folders if any(os.path.lexists(each / name) for name in kept)]


def _outside(name: str, shown: str) -> InputError:
    message = f'the sign-off names "{name}", which is not inside the project'
    return InputError.of("path-leaves-project", message, shown)


def _unreadable(what: str, shown: str) -> InputError:
    return InputError.of("bad-signoff", f"this is not a sign-off that can be read: {what}", shown)
