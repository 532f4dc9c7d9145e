"""The salt behind redacted ids, and where it comes from."""

from __future__ import annotations

import os
from pathlib import Path

import click

# Fewer bytes could be tried one by one, with every known handle.
_SHORTEST = 16
_LONGEST = 1 << 20


def read_salt(*, redact: bool, file: Path | None) -> bytes | None:
    """Return the salt to redact with, None where nothing is to be redacted.

    Without a file the salt is of this run alone, so that the ids of two runs have nothing in
    common. Raises click.UsageError for a file that cannot be used.
    """
    if not redact:
        if file is not None:
            raise click.UsageError("--redact-salt-file needs --redact")
        return None
    if file is None:
        return os.urandom(32)
    from checker.files import open_input

    try:
        with open_input(file) as opened:
            salt = opened.read(_LONGEST).strip()
    except OSError as error:
        raise click.UsageError(
            f"--redact-salt-file: cannot read {file}: {error.strerror or error}"
        ) from error
    if len(salt) < _SHORTEST:
        raise click.UsageError(
            f"--redact-salt-file: {file} holds {len(salt)} bytes; write at least {_SHORTEST}, "
            "such as 32 random letters"
        )
    return salt
