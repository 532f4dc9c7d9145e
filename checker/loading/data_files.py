"""Where the shipped rules and schemas stand: beside the package, or beside it in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from checker.model.diagnostics import CheckerError

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def data_folder(name: str) -> Path:
    """Return the folder "rules" or "schemas".

    An installed package carries them inside itself; in a checkout they stand beside it.
    Raises CheckerError if neither is there, which means a broken installation.
    """
    for parent in (_PACKAGE, _PACKAGE.parent):
        folder = parent / name
        if folder.is_dir():
            return folder
    message, hint = f'the folder "{name}" is missing', "Install the package again."
    raise CheckerError.of("broken-installation", message, str(_PACKAGE), hint)


def rules_folder() -> Path:
    """Return the folder of the shipped rule packs."""
    return data_folder("rules")


def schemas_folder() -> Path:
    """Return the folder of the JSON Schemas."""
    return data_folder("schemas")
