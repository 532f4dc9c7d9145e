"""Whether a record is by whom it says, and has not been edited since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from checker.signoff.differences import Difference, difference
from checker.signoff.envelope import pae
from checker.signoff.keys import accepts_any, keyid
from checker.signoff.record import SignOff
from checker.signoff.statement import SIGNED, seal_holds

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

State = Literal["verified", "none", "unchecked", "refused"]


def check_signature(
    record: SignOff, verifier: Ed25519PublicKey | None, *, may_skip: bool
) -> tuple[State, list[Difference]]:
    """Check the signature, where there is one, and the record's digest of itself.

    `may_skip` lets a signed record go without a key. Nothing weaker than what was asked for
    counts: a key that is given and a record without a signature is a difference.
    """
    whole = seal_holds(dict(record.statement))
    if not record.signatures:
        found = list(_unsigned(record, verifier, whole=whole))
        return ("refused" if verifier and found else "none"), found
    if verifier is None:
        found = [] if whole else [_edited("payload-edited")]
        if not may_skip:
            message = "the record is signed, and the signature was not checked: give --public-key"
            message += " FILE, or --no-signature-check to do without"
            found.append(difference("record", "signature-not-checked", message))
        return "unchecked", found
    signed = pae(record.payload_type, record.payload)
    if accepts_any(verifier, (signature for _, signature in record.signatures), signed):
        return "verified", [] if whole else [_edited("record-edited")]
    return "refused", [_refused(record, verifier, whole=whole)]


def _unsigned(
    record: SignOff, verifier: Ed25519PublicKey | None, *, whole: bool
) -> Iterator[Difference]:
    if not whole:
        yield _edited("record-edited")
    if record.predicate["assurance"] == SIGNED:
        message = "the record says that it is signed, and its signature is gone"
        yield difference("record", "signature-removed", message)
    elif verifier is not None:
        message = "the record has no signature, and a key was given to check one with"
        yield difference("record", "signature-missing", message)


def _refused(record: SignOff, verifier: Ed25519PublicKey, *, whole: bool) -> Difference:
    keyids = [name for name, _ in record.signatures]
    if not whole:
        return _edited("payload-edited")
    given = keyid(verifier)
    if given not in keyids:
        message = "the record is signed with another key than the one that was given"
        return difference("record", "signature-other-key", message, before=keyids, after=given)
    message = "the signature is forged or damaged: the key that it names did not make it"
    return difference("record", "signature-forged", message)


def _edited(code: str) -> Difference:
    what = "signed payload" if code == "payload-edited" else "record itself"
    message = f"the {what} was edited after it was written: it does not match its own digest"
    return difference("record", code, message)
