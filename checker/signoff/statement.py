"""The sign-off as an in-toto Statement: what is said, about which bytes."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from checker.model.inputs import Evaluation, InputFile
from checker.model.report import Outcome, PackUsed, Report, Side, Subject
from checker.model.waivers import Waiver
from checker.signoff.canonical import canonical, plain
from checker.signoff.fields import field_digests

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:campaign-checker:signoff:v1"

UNSIGNED = "integrity, not identity"
SIGNED = "signed"

# How the digest of the statement itself is made, for whoever checks it by other means.
_COVERS = "sha256 of the statement as JSON, sorted and without spaces, without this member"


def make_statement(
    evaluation: Evaluation, report: Report, *, signed_by: str, signed_on: date, signed: bool
) -> dict[str, Any]:
    """Return the statement about an evaluation. `signed` says that a signature will cover it."""
    inputs = sorted(evaluation.inputs, key=lambda file: file.name)
    shipped = [pack for pack in report.packs if pack.digest in evaluation.shipped]
    brief = next(file.name for file in inputs if file.kind == "brief")
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [
            *(_resource(file.name, file.sha256) for file in inputs),
            *(_resource(shipped_name(pack.name), pack.digest) for pack in shipped),
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "assurance": SIGNED if signed else UNSIGNED,
            "tool": {"name": "checker", "version": report.tool_version},
            "brief": {
                "file": brief,
                "id": report.brief,
                "title": report.title,
                "brand": report.brand,
            },
            "as_of": report.as_of,
            "signed_by": signed_by,
            "signed_on": signed_on.isoformat(),
            "verdict": report.verdict,
            **outcomes_part(report, evaluation.shipped),
            "inputs": [_input(file) for file in inputs],
        },
    }
    return sealed(statement)


def shipped_name(pack: str) -> str:
    """Return the name of a shipped pack among files, whose names have no colon there."""
    return f"pack:{pack}"


def outcomes_part(report: Report, shipped: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return what a report says, as it is recorded and compared."""
    return {
        "packs": [_pack(pack, shipped) for pack in report.packs],
        "subjects": [_subject(subject) for subject in report.subjects],
        "dropped": [_members(each, "name", "note") for each in report.dropped],
        "waivers": [waiver_part(use.waiver) for use in report.waivers if use.state == "used"],
        "changed": [_members(each, "rule", "what", "because") for each in report.changed],
    }


def sealed(statement: dict[str, Any]) -> dict[str, Any]:
    """Return the statement with a digest of itself, which shows edits that are not forgeries."""
    predicate = {k: v for k, v in statement["predicate"].items() if k != "integrity"}
    bare = {**statement, "predicate": predicate}
    seal = {"covers": _COVERS, "sha256": digest_of(bare)}
    return {**statement, "predicate": {**predicate, "integrity": seal}}


def seal_holds(statement: dict[str, Any]) -> bool:
    """Tell whether the statement's digest of itself, and what it says it covers, are right."""
    said = statement["predicate"]["integrity"]
    return bool(sealed(statement)["predicate"]["integrity"] == said)


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON, which `sha256sum` gives too."""
    return sha256(canonical(value)).hexdigest()


def waiver_part(waiver: Waiver) -> dict[str, Any]:
    """Return a waiver as it is recorded and compared."""
    names = ("rule", "subject", "status", "reason", "owner", "expires", "brief")
    return _members(waiver, *names)


def _resource(name: str, hexdigest: str) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": hexdigest}}


def _input(file: InputFile) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": file.name, "kind": file.kind}
    found = field_digests(file)
    if found is not None:
        detail, digests = found
        entry[detail] = digests
    return entry


def _pack(pack: PackUsed, shipped: frozenset[str]) -> dict[str, Any]:
    return {
        "name": pack.name,
        "version": pack.version,
        "title": pack.title,
        "sha256": pack.digest,
        "rules": pack.rules,
        "shipped": pack.digest in shipped,
    }


def _subject(subject: Subject) -> dict[str, Any]:
    about = _members(subject, "kind", "id", "name", "market", "verdict")
    return {**about, "outcomes": [_outcome(outcome) for outcome in subject.outcomes]}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    waiver = outcome.waiver
    return {
        **_members(outcome, "rule", "pack", "pack_version", "severity", "status", "reason"),
        **_filled(
            {
                "source": outcome.source.id,
                "has": _side(outcome.has),
                "needs": _side(outcome.needs),
                "waiver": waiver_part(waiver) if waiver else None,
            }
        ),
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return _filled({"text": side.text, "value": plain(side.value)})


def _members(thing: object, *names: str) -> dict[str, Any]:
    return _filled({name: getattr(thing, name) for name in names})


def _filled(members: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not there: empty texts and None, but not empty lists."""
    return {name: value for name, value in members.items() if value is not None and value != ""}
