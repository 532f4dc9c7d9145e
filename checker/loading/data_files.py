"""Where the shipped rules and schemas stand: beside the package, or one folder up in a clone."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def rules_folder() -> Path:
    """Return the folder of the shipped rule packs."""
    return _folder("rules")


def schemas_folder() -> Path:
    """Return the folder of the JSON Schemas."""
    return _folder("schemas")


def _folder(name: str) -> Path:
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
