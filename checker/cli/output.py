"""Where reports go: standard output, and files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from checker.reporting.formats import FORMATS


@dataclass(frozen=True, slots=True)
class Output:
    """A format and the file that it goes to; None is standard output."""

    format: str
    path: Path | None = None


def parse_outputs(values: Sequence[str], *, inputs: Iterable[Path] = ()) -> tuple[Output, ...]:
    """Return what `-o` asks for; text on standard output where it asks for nothing.

    Raises click.UsageError for an unknown format, two on standard output, one file twice, a
    folder that is missing, or a file that is an input.
    """
    outputs = tuple(_parse(value) for value in values) or (Output("text"),)
    if sum(output.path is None for output in outputs) > 1:
        raise click.UsageError(
            "only one -o can go to standard output; give the others a file: -o json=report.json"
        )
    taken = {_real(path) for path in inputs}
    for output in outputs:
        if output.path is not None:
            _refuse_unusable(output.path, taken)
            taken.add(_real(output.path))
    return outputs


def _parse(value: str) -> Output:
    name, equals, path = value.partition("=")
    if name not in FORMATS:
        from difflib import get_close_matches

        near = get_close_matches(name, FORMATS, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"write one of {', '.join(FORMATS)}."
        raise click.UsageError(f'-o: no format is called "{name}"; {hint}')
    if equals and not path:
        raise click.UsageError(f'-o: "{value}" names no file; write {name}=FILE, or only {name}')
    return Output(name, None if path in ("", "-") else Path(path))


def _refuse_unusable(path: Path, taken: set[str]) -> None:
    if path.is_dir():
        raise click.UsageError(f"-o: {path} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise click.UsageError(f"-o: the folder {path.parent} does not exist; make it first")
    if _real(path) in taken:
        raise click.UsageError(f"-o: {path} is an input, or named twice; it would be overwritten")


def _real(path: Path) -> str:
    return os.path.realpath(path)


def write_outputs(texts: Sequence[tuple[Output, str]]) -> None:
    """Write files first, all or none, then standard output.

    Raises CannotWriteError where something cannot be written.
    """
    with contextlib.ExitStack() as undo:
        ready: list[tuple[str, str]] = []
        for output, text in texts:
            if output.path is None:
                continue
            target = _real(output.path)
            try:
                ready.append((_write_beside(target, text, undo), target))
            except OSError as error:
                raise cannot_write(str(output.path), error) from error
        for temporary, target in ready:
            try:
                if temporary != target:
                    Path(temporary).replace(target)
            except OSError as error:
                raise cannot_write(target, error) from error
    for output, text in texts:
        if output.path is None:
            write_stdout(text, machine=output.format != "text")


def _write_beside(target: str, text: str, undo: contextlib.ExitStack) -> str:
    """Write a new file beside the target, and return its name; devices are written as they are."""
    data = text.encode("utf-8", "backslashreplace")
    path = Path(target)
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return target
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    undo.callback(lambda: temporary.unlink(missing_ok=True))
    with temporary.open("xb") as file:
        file.write(data)
    if path.exists():
        temporary.chmod(path.stat().st_mode & 0o777)
    return str(temporary)


def write_stdout(text: str, *, machine: bool = False) -> None:
    """Write data to standard output; `machine` formats as UTF-8 whatever the terminal's encoding.

    A reader that went away is no error. Raises CannotWriteError for any other failure.
    """
    try:
        # Bytes go out as they are; text in the stream's own encoding.
        click.echo(text.encode("utf-8", "backslashreplace") if machine else text, nl=False)
    except BrokenPipeError:
        _silence_stdout()
    except OSError as error:
        _silence_stdout()
        raise cannot_write("standard output", error) from error


def flush() -> None:
    """Flush standard output at the end; a reader that went away is no error."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):
        _silence_stdout()


def _silence_stdout() -> None:
    """Point standard output nowhere, so that the interpreter's last flush has nothing to say."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


class CannotWriteError(click.ClickException):
    """An output that was asked for cannot be written; it is a matter of usage."""

    exit_code = 2


def cannot_write(name: str, error: OSError) -> CannotWriteError:
    """Return the failure to write a file or a stream, in words."""
    return CannotWriteError(f"cannot write {name}: {error.strerror or error}")
