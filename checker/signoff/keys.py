"""Ed25519 keys from PEM files, by the `cryptography` library (the extra `[sign]`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from checker.files import open_input
from checker.model.diagnostics import RulesError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

_LIMIT = 64 * 1024

MAKE_A_KEY = "openssl genpkey -algorithm ed25519 -out sign.pem"
TAKE_ITS_PUBLIC_HALF = "openssl pkey -in sign.pem -pubout -out sign.pub.pem"

# Asks for the password of a key file; None where there is nobody to ask.
AskPassword = Callable[[], str | None]


def load_signer(path: Path, *, ask: AskPassword = lambda: None) -> Ed25519PrivateKey:
    """Read a private key: PEM, PKCS#8, Ed25519, with or without a password.

    Raises RulesError (usage) where the file is none, or `cryptography` is not installed.
    """
    data = _read(path, "signing")
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key: object = None
    try:
        key = load_pem_private_key(data, None)
    except TypeError:  # It has a password.
        password = ask()
        if password is None:
            hint = "Run this in a terminal, where it can be asked for."
            raise RulesError.of(
                "key-password", "the key has a password", path.as_posix(), hint
            ) from None
        try:
            key = load_pem_private_key(data, password.encode("utf-8"))
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise RulesError.of(
                "key-password", "the password does not open the key", path.as_posix()
            ) from None
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        message = "this is no private Ed25519 key in PEM"
        raise RulesError.of("bad-key", message, path.as_posix(), f"Make one: {MAKE_A_KEY}")
    return key


def load_verifier(path: Path) -> Ed25519PublicKey:
    """Read a public key: PEM, Ed25519. Raises RulesError (usage), like `load_signer`."""
    data = _read(path, "checking a signature")
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key: object = None
    with suppress(ValueError, UnsupportedAlgorithm):
        key = load_pem_public_key(data)
    if not isinstance(key, Ed25519PublicKey):
        message = "this is no public Ed25519 key in PEM"
        hint = f"Make it from the private one: {TAKE_ITS_PUBLIC_HALF}"
        raise RulesError.of("bad-key", message, path.as_posix(), hint)
    return key


def accepts_any(key: Ed25519PublicKey, signatures: Iterable[bytes], data: bytes) -> bool:
    """Tell whether one of some signatures over some bytes is of a key; its name is no proof."""
    from cryptography.exceptions import InvalidSignature

    for signature in signatures:
        with suppress(InvalidSignature):
            key.verify(signature, data)
            return True
    return False


def keyid(key: Ed25519PublicKey) -> str:
    """Return the digest that names a key."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _read(path: Path, what: str) -> bytes:
    try:
        import cryptography  # noqa: F401 - only whether it is there.
    except ImportError:
        message = f'{what} needs the extra "sign"'
        hint = 'Install it: pip install "campaign-checker[sign]"'
        raise RulesError.of("no-cryptography", message, path.as_posix(), hint) from None
    try:
        with open_input(path) as file:
            return file.read(_LIMIT)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RulesError.of(
            "bad-key", f"the key cannot be read: {reason}", path.as_posix()
        ) from None
