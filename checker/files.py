"""Files as they are opened and written: plain files in; whole files out, and never over an input.

What a run opens to read is noted, so that nothing that it writes can take its place.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO, BinaryIO

from checker.model.diagnostics import Diagnostic, Position, RulesError

# What tells a file from all others, whatever name it is called by.
_Identity = tuple[int, int]
_INPUTS: ContextVar[dict[_Identity | str, str] | None] = ContextVar("inputs", default=None)

_KINDS = ((stat.S_ISFIFO, "pipe"), (stat.S_ISSOCK, "socket"))
# Opening a pipe would wait for whoever writes to it.
_NO_WAIT: int = getattr(os, "O_NONBLOCK", 0)
# The names of what this process has open; as links they lead to other names, or to none.
_DESCRIPTOR = r"/(?:dev|proc/(?:self|thread-self|{}))/fd/([0-9]+)"
_MOST_LINKS = 40
_PIECE = 1 << 20


class NotAFileError(OSError):
    """A pipe, a device or a socket, which may have no end, or never begin."""

    def __init__(self, kind: str, path: Path) -> None:
        super().__init__(errno.EINVAL, f"this is a {kind}, not a file", str(path))


# pathlib raises where a name is too long, a folder may not be looked into, or links lead in a ring.
def exists(path: Path) -> bool:
    """Whether there is a file or folder that can be reached by this path."""
    return os.path.exists(path)  # noqa: PTH110


def is_file(path: Path) -> bool:
    """Whether there is a file that can be reached by this path."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path) -> bool:
    """Whether there is a folder that can be reached by this path."""
    return os.path.isdir(path)  # noqa: PTH112


def is_named(path: Path) -> bool:
    """Whether something that is no folder is called so, even if it cannot be read as a file.

    Where a file changes what holds, it is read, and refused by whoever reads it; to pass over a
    pipe or a link that leads nowhere would go unseen.
    """
    return os.path.lexists(path) and not is_folder(path)


def real_path(path: Path) -> Path:
    """Return where links lead, as an absolute path; of a ring of links, one of them."""
    return Path(os.path.realpath(path))


@contextmanager
def noting_inputs() -> Iterator[None]:
    """Note what is opened to be read until the block ends, beside what is noted already."""
    token = _INPUTS.set(dict(_INPUTS.get() or {}))
    try:
        yield
    finally:
        _INPUTS.reset(token)


def open_input(path: Path) -> BinaryIO:
    """Open a file to be read, and note it as an input of the run.

    Raises OSError, as open does; NotAFileError where it is no file.
    """
    # A device is not even opened: that alone may do something.
    _refuse_special(path.stat(), path)
    file = open(path, "rb", opener=_open_at_once)  # noqa: SIM115 - it is handed on.
    found = os.fstat(file.fileno())
    try:
        _refuse_special(found, path)
    except NotAFileError:
        file.close()
        raise
    noted = _INPUTS.get()
    if noted is not None:
        noted.setdefault((found.st_dev, found.st_ino), str(path))
    return file


def _open_at_once(name: str, flags: int) -> int:
    return os.open(name, flags | _NO_WAIT)


def is_special(path: Path) -> bool:
    """Tell whether a pipe, a device or a socket is reached by a path."""
    try:
        _refuse_special(path.stat(), path)
    except NotAFileError:
        return True
    except (OSError, ValueError):
        pass
    return False


def _refuse_special(found: os.stat_result, path: Path) -> None:
    mode = found.st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        kind = next((name for holds, name in _KINDS if holds(mode)), "device")
        raise NotAFileError(kind, path)


def identity(path: Path) -> _Identity | str:
    """Return what tells a file from all others; of one that is not there yet, its real path."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return str(real_path(path))
    return found.st_dev, found.st_ino


def refuse_inputs(targets: Iterable[Path], *, also: Iterable[Path] = ()) -> None:
    """Refuse to write over what the run has read or will read (`also`), and one file twice.

    Raises RulesError: where files go is a matter of usage.
    """
    taken: dict[_Identity | str, str] = {identity(path): str(path) for path in also}
    taken |= _INPUTS.get() or {}
    written: set[_Identity | str] = set()
    wrong = []
    for target in targets:
        each = identity(target)
        message = ""
        if each in taken:
            called = "" if taken[each] == str(target) else f" (as {taken[each]})"
            message = f"the file is an input of this run{called}; it would be overwritten"
        elif each in written:
            message = "the file would be written twice"
        written.add(each)
        if message and not _is_stream(target):
            hint = "Nothing was written. Name another file."
            wrong.append(Diagnostic("is-an-input", message, Position(str(target)), hint=hint))
    if wrong:
        raise RulesError(wrong)


def folder_beside(target: Path) -> Path | None:
    """Return the folder that a file goes to; None where it goes to a pipe or a device.

    Raises OSError where links lead in a ring, or the folder may not be written.
    """
    if _is_stream(target):
        return None
    # The name as it was given is the one that people know.
    folder = _real(target).parent if target.is_symlink() else target.parent
    if is_folder(folder) and not os.access(folder, os.W_OK):
        raise OSError(errno.EACCES, "the folder may not be written", str(target))
    return folder


def put_files(
    files: Sequence[tuple[Path, bytes | Path]], *, new: bool = False, lasting: bool = False
) -> None:
    """Write files whole or not at all, none before all are ready.

    A content is bytes, or a file that is moved. What a link points to is written, and the link
    stays; pipes and devices are written as they are, after all else.

    Args:
        files: where each goes, and what it holds.
        new: none may be there already.
        lasting: they are on the disk, not only on their way there, when they take their places.

    Raises FileExistsError, or any other OSError, whose `filename` is that of the target.
    """
    streams: list[tuple[Path, bytes | Path]] = []
    ready: list[tuple[Path, Path, Path]] = []
    with ExitStack() as undo:
        for target, content in files:
            with _about(target):
                if _is_stream(target):
                    streams.append((target, content))
                else:
                    real = _real(target)
                    ready.append((_beside(real, content, undo, lasting), real, target))
        for temporary, real, target in ready:
            with _about(target):
                _put_new(temporary, real) if new else temporary.replace(real)
    for target, content in streams:
        with _about(target), _open_stream(target) as stream:
            _pour(content, stream)


@contextmanager
def _about(target: Path) -> Iterator[None]:
    """Name the file that was asked for in what goes wrong."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(target), None
        raise


def _real(target: Path) -> Path:
    """Return the file that links lead to, which need not be there yet."""
    real = real_path(target)
    if real.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return real


def _beside(real: Path, content: bytes | Path, undo: ExitStack, lasting: bool) -> Path:
    """Make a file ready beside the one whose place it takes."""
    # The name is short, since that of the target may be as long as names can be.
    temporary = real.parent / f".checker-{os.urandom(8).hex()}.tmp"
    with temporary.open("xb") as file:
        undo.callback(temporary.unlink, missing_ok=True)
        made = os.fstat(file.fileno())
        if isinstance(content, bytes) or content.stat().st_dev != made.st_dev:
            _pour(content, file)
            content = temporary
    if lasting:
        with content.open("rb+") as file:
            os.fsync(file.fileno())
    content.chmod((real.stat() if real.exists() else made).st_mode & 0o777)
    content.replace(temporary)
    return temporary


def _pour(content: bytes | Path, file: IO[bytes]) -> None:
    if isinstance(content, bytes):
        file.write(content)
        return
    with content.open("rb") as made:
        while piece := made.read(_PIECE):
            file.write(piece)


def _put_new(temporary: Path, real: Path) -> None:
    """Give a file its name, in one step that fails if the name is taken."""
    try:
        real.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # A file system without hard links.
        if real.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        temporary.replace(real)


def _is_stream(target: Path) -> bool:
    return _descriptor(target) is not None or is_special(target)


def _open_stream(target: Path) -> IO[bytes]:
    descriptor = _descriptor(target)
    if descriptor is None:
        return target.open("wb")
    # It is written on from where it stands, whatever it is.
    return os.fdopen(os.dup(descriptor), "wb")


def _descriptor(target: Path) -> int | None:
    """Return the number of what this process has open already, where a path leads to that."""
    name = os.path.abspath(target)  # noqa: PTH100 - resolve() would lead to what is open.
    for _ in range(_MOST_LINKS):
        if found := re.fullmatch(_DESCRIPTOR.format(os.getpid()), name):
            return int(found[1])
        place = Path(os.path.realpath(os.path.dirname(name)), os.path.basename(name))  # noqa: PTH119, PTH120
        try:
            name = os.path.normpath(place.parent / place.readlink())
        except (OSError, ValueError):
            return None
    return None
