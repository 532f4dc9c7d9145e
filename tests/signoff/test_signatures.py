"""Signed records: forged, edited, stripped and unchecked ones are told apart."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from checker import api_signoff
from checker.model.diagnostics import RulesError
from checker.signoff.canonical import canonical, render
from checker.signoff.envelope import PAYLOAD_TYPE, pae, wrap
from checker.signoff.keys import load_signer
from checker.signoff.statement import seal_holds, sealed
from tests.signoff.conftest import AS_OF, RECORD, TODAY, Keys, codes, make_keys, sign, verify


def envelope() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return data


def statement() -> dict[str, Any]:
    data = envelope()
    payload = base64.b64decode(data["payload"]) if "payload" in data else canonical(data)
    found: dict[str, Any] = json.loads(payload)
    return found


def put(document: dict[str, Any]) -> None:
    RECORD.write_text(render(document), encoding="utf-8")


def test_the_encoding_is_that_of_the_specification() -> None:
    # The example of the DSSE protocol.
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_a_good_signature(campaign: Path, keys: Keys) -> None:
    sign(key=keys.private)
    found = verify(public_key=keys.public)
    assert found.as_signed and found.signature == "verified"
    assert found.statement["predicate"]["assurance"] == "signed"
    assert envelope()["payloadType"] == "application/vnd.in-toto+json"


def test_the_same_inputs_give_the_same_bytes(campaign: Path, keys: Keys) -> None:
    first = sign(key=keys.private).read_bytes()
    assert sign(key=keys.private).read_bytes() == first
    plain = sign().read_bytes()
    assert sign().read_bytes() == plain


def test_without_a_key_it_says_what_it_does_not_prove(campaign: Path) -> None:
    sign()
    assert statement()["predicate"]["assurance"] == "integrity, not identity"


def test_a_signed_record_without_a_key_is_no_success(campaign: Path, keys: Keys) -> None:
    sign(key=keys.private)
    found = verify()
    assert codes(found) == ["signature-not-checked"]
    assert found.signature == "unchecked"
    skipped = verify(may_skip=True)
    assert skipped.as_signed and skipped.signature == "unchecked"


def test_another_key(campaign: Path, keys: Keys, tmp_path: Path) -> None:
    sign(key=keys.private)
    other = make_keys(tmp_path, "other")
    found = verify(public_key=other.public)
    assert codes(found) == ["signature-other-key"]
    assert found.signature == "refused"


def test_a_forged_signature(campaign: Path, keys: Keys, tmp_path: Path) -> None:
    """Another key signs, and the name of the right one is put on it."""
    sign(key=keys.private)
    data = envelope()
    forger = load_signer(make_keys(tmp_path, "forger").private)
    forged = forger.sign(pae(PAYLOAD_TYPE, base64.b64decode(data["payload"])))
    data["signatures"][0]["sig"] = base64.b64encode(forged).decode("ascii")
    put(data)
    assert codes(verify(public_key=keys.public)) == ["signature-forged"]


@pytest.mark.parametrize("byte", range(0, 64, 7))
def test_a_damaged_signature(campaign: Path, keys: Keys, byte: int) -> None:
    sign(key=keys.private)
    data = envelope()
    raw = bytearray(base64.b64decode(data["signatures"][0]["sig"]))
    raw[byte] ^= 1
    data["signatures"][0]["sig"] = base64.b64encode(bytes(raw)).decode("ascii")
    put(data)
    assert codes(verify(public_key=keys.public)) == ["signature-forged"]


def test_an_edited_payload(campaign: Path, keys: Keys) -> None:
    sign(key=keys.private)
    data, said = envelope(), statement()
    said["predicate"]["signed_by"] = "Somebody Else"
    data["payload"] = base64.b64encode(canonical(said)).decode("ascii")
    put(data)
    assert codes(verify(public_key=keys.public)) == ["payload-edited"]
    assert codes(verify()) == ["payload-edited", "signature-not-checked"]


def test_an_edited_payload_with_a_new_digest_of_itself(campaign: Path, keys: Keys) -> None:
    sign(key=keys.private)
    data, said = envelope(), statement()
    said["predicate"]["signed_by"] = "Somebody Else"
    data["payload"] = base64.b64encode(canonical(sealed(said))).decode("ascii")
    put(data)
    assert codes(verify(public_key=keys.public)) == ["signature-forged"]


def test_an_edited_outcome_shows_as_such_too(campaign: Path, keys: Keys) -> None:
    sign(key=keys.private)
    data, said = envelope(), statement()
    said["predicate"]["subjects"][1]["outcomes"][0]["status"] = "unknown"
    data["payload"] = base64.b64encode(canonical(said)).decode("ascii")
    put(data)
    assert codes(verify(public_key=keys.public)) == ["payload-edited", "outcome-changed"]


def test_a_signature_that_was_taken_off(campaign: Path, keys: Keys) -> None:
    sign(key=keys.private)
    put(statement())
    assert codes(verify(public_key=keys.public)) == ["signature-removed"]
    assert codes(verify()) == ["signature-removed"]


def test_an_unsigned_record_where_a_signature_is_wanted(campaign: Path, keys: Keys) -> None:
    sign()
    assert codes(verify(public_key=keys.public)) == ["signature-missing"]


@pytest.mark.parametrize("field", ["signed_by", "signed_on", "as_of"])
def test_an_unsigned_record_shows_edits_of_itself(campaign: Path, field: str) -> None:
    sign()
    said = statement()
    said["predicate"][field] = "2026-03-04"
    put(said)
    assert codes(verify())[0] == "record-edited"


def test_a_record_is_under_its_own_digest(campaign: Path) -> None:
    """No edit of what the record says is passed over; only its spacing is free."""
    sign()
    payload = canonical(statement())
    missed = []
    for position in range(0, len(payload), 41):
        other = payload[:position] + bytes([payload[position] ^ 0x01]) + payload[position + 1 :]
        try:
            said = json.loads(other)
            same = canonical(said) == payload
            if not same and seal_holds(said):
                missed.append(position)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # It cannot be read, or has lost a part that the schema asks for.
    assert missed == []


def test_a_second_signature_does_no_harm(campaign: Path, keys: Keys, tmp_path: Path) -> None:
    sign(key=keys.private)
    data = envelope()
    payload = base64.b64decode(data["payload"])
    other = load_signer(make_keys(tmp_path, "other").private)
    extra = wrap(payload, keyid="", signature=other.sign(pae(PAYLOAD_TYPE, payload)))
    data["signatures"] = [*extra["signatures"], *data["signatures"]]
    put(data)
    assert verify(public_key=keys.public).as_signed


# Key files


def sign_with(key: Path, password: str | None = None) -> int:
    return api_signoff.sign_off(
        Path("spring"), by="Jo", as_of=AS_OF, key=key, today=TODAY, ask_password=lambda: password
    ).code


def test_a_key_with_a_password(campaign: Path, tmp_path: Path) -> None:
    locked = make_keys(tmp_path, "locked", password=b"secret")
    assert sign_with(locked.private, "secret") == 0
    for wrong in (None, "guess"):
        with pytest.raises(RulesError) as caught:
            sign_with(locked.private, wrong)
        assert caught.value.diagnostics[0].code == "key-password"


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_file_that_is_no_key(campaign: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.pem"
    path.write_bytes(content)
    with pytest.raises(RulesError) as caught:
        sign_with(path)
    assert caught.value.exit_code == 2
    sign()
    with pytest.raises(RulesError):
        verify(public_key=path)


def test_a_key_of_another_kind(campaign: Path, tmp_path: Path, keys: Keys) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path = tmp_path / "ec.pem"
    key = generate_private_key(SECP256R1())
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(RulesError, match="no private Ed25519 key"):
        sign_with(path)
    with pytest.raises(RulesError, match="no private Ed25519 key"):
        sign_with(keys.public)
    with pytest.raises(RulesError, match="cannot be read"):
        sign_with(tmp_path / "missing.pem")
