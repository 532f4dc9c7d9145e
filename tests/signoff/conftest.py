"""A campaign that passes: the sample, with the deals dropped that do not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from checker import api_signoff
from checker.signoff.differences import Verification

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "bramble"
AS_OF = date(2026, 3, 2)
TODAY = date(2026, 3, 3)
RECORD = Path("spring/brief.signoff.json")
NOT_PASSING = ("@northradio", "@glamorously", "@gadgetgav", "@willowandwool")


def drop_what_fails(shortlist: Path) -> None:
    """Drop the deals of the sample that fail or are undecided."""
    rows = shortlist.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [
        row.replace(",proposed,", ",dropped,") if row.startswith(NOT_PASSING) else row
        for row in rows
    ]
    shortlist.write_text("".join(rows), encoding="utf-8")


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a project whose brief, spring/brief.yaml, passes."""
    root = tmp_path / "project"
    shutil.copytree(SAMPLE, root)
    (root / ".git").mkdir()
    drop_what_fails(root / "spring" / "shortlist.csv")
    monkeypatch.chdir(root)
    return root


def sign(*, key: Path | None = None, as_of: date = AS_OF, today: date = TODAY) -> Path:
    """Sign the brief off and return the record's path."""
    signing = api_signoff.sign_off(Path("spring"), by="Jo Park", as_of=as_of, key=key, today=today)
    assert signing.code == 0, signing.refusals
    RECORD.write_text(signing.text, encoding="utf-8")
    return RECORD


def verify(*, today: date = TODAY, **options: Any) -> Verification:
    """Verify the record."""
    return api_signoff.verify(RECORD, today=today, **options)


def codes(found: Verification) -> list[str]:
    """Return the codes of what differs, each once, in order."""
    return list(dict.fromkeys(each.code for each in found.differences))


def edit(name: str, old: str, new: str) -> None:
    """Replace a text that stands once in a file."""
    path = Path(name)
    text = path.read_text(encoding="utf-8")
    assert len(re.findall(re.escape(old), text)) == 1, f"{old!r} in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@dataclass(frozen=True)
class Keys:
    """A pair of key files."""

    private: Path
    public: Path


def make_keys(folder: Path, name: str = "sign", *, password: bytes | None = None) -> Keys:
    """Write a new pair of keys."""
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption

    key = Ed25519PrivateKey.generate()
    lock = BestAvailableEncryption(password) if password else NoEncryption()
    keys = Keys(folder / f"{name}.pem", folder / f"{name}.pub.pem")
    keys.private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    keys.public.write_bytes(public)
    return keys


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return make_keys(tmp_path)


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run the command line in this process."""
    from checker.cli.group import checker as command

    def run(*args: str, **options: Any) -> Result:
        return CliRunner().invoke(command, args, prog_name="checker", **options)

    return run
