"""Where reports go: standard output, and files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from checker.reporting.formats import BINARY, FORMATS


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
    refuse_targets([("-o", output.path) for output in outputs], inputs=inputs)
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
    if name in BINARY and path in ("", "-"):
        raise click.UsageError(f"-o: {name} needs a file: -o {name}=verdicts.{name}")
    return Output(name, None if path in ("", "-") else Path(path))


def refuse_targets(
    targets: Iterable[tuple[str, Path | None]], *, inputs: Iterable[Path] = ()
) -> None:
    """Refuse files that cannot be written, by the options that name them.

    `inputs` are named on the command line; what else is read is known when it is read, and
    refused before anything is written (`checker.files`).

    Raises click.UsageError for a folder, a folder that is missing, a file that is an input or
    named twice.
    """
    from checker.files import folder_beside, identity, is_folder

    taken = {identity(path) for path in inputs}
    for option, path in targets:
        if path is None:
            continue
        if is_folder(path):
            raise click.UsageError(f"{option}: {path} is a folder; name a file in it")
        try:
            folder = folder_beside(path)
        except OSError as error:
            raise cannot_write(str(path), error) from error
        if folder is not None and not is_folder(folder):
            raise click.UsageError(f"{option}: the folder {folder} does not exist; make it first")
        if identity(path) in taken:
            raise click.UsageError(
                f"{option}: {path} is an input, or named twice; it would be overwritten"
            )
        taken.add(identity(path))


def write_outputs(texts: Sequence[tuple[Output, str | bytes]]) -> None:
    """Write files first, all or none, then standard output.

    Raises RulesError for a file that the run has read, CannotWriteError where something cannot
    be written.
    """
    write_files([(output.path, _bytes(text)) for output, text in texts if output.path is not None])
    for output, text in texts:
        if output.path is None:
            write_stdout(text, machine=output.format not in ("text", "questions"))


def write_files(
    files: Sequence[tuple[Path, bytes]], *, new: bool = False, lasting: bool = False
) -> None:
    """Write files whole, all or none; see `checker.files.put_files`.

    Raises FileExistsError where a `new` one is there already, and what `write_outputs` raises.
    """
    from checker.files import put_files, refuse_inputs

    refuse_inputs(path for path, _ in files)
    try:
        put_files(files, new=new, lasting=lasting)
    except FileExistsError:
        raise
    except OSError as error:
        raise cannot_write(str(error.filename), error) from error


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content


def write_stdout(text: str | bytes, *, machine: bool = False) -> None:
    """Write data to standard output; `machine` formats as UTF-8 whatever the terminal's encoding.

    A reader that went away is no error. Raises CannotWriteError for any other failure.
    """
    try:
        # Bytes go out as they are; text in the stream's own encoding.
        click.echo(_bytes(text) if machine else text, nl=False)
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
