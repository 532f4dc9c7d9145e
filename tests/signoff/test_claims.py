"""A record without a signature may be written by anybody: what it says is compared."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from checker.signoff.canonical import render
from checker.signoff.statement import sealed
from tests.signoff.conftest import RECORD, codes, edit, sign, verify

Predicate = dict[str, Any]


def forge(change: Callable[[Predicate], object]) -> None:
    """Edit the record, and give it the digest that it would have."""
    statement = json.loads(RECORD.read_text(encoding="utf-8"))
    change(statement["predicate"])
    RECORD.write_text(render(sealed(statement)), encoding="utf-8")


def person(predicate: Predicate) -> Any:
    return next(each for each in predicate["subjects"] if each["kind"] == "influencer")


def post_twice(predicate: Predicate) -> None:
    predicate["subjects"].append(predicate["subjects"][-1])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: p["brief"].update(title="Autumn ribbons"), "the brief's title is \"Autumn"),
        (lambda p: p["brief"].update(id="other"), 'the brief\'s id is "other"'),
        (lambda p: p["brief"].update(brand="Acme"), 'the brand is "Acme"; it is "Bramble & Co"'),
        (lambda p: p["packs"][0].update(version="9.0.0"), 'the version of the pack .* is "9.0.0"'),
        (lambda p: p["packs"][0].update(title="Law"), 'the title of the pack .* is "Law"'),
        (lambda p: person(p).update(name="@famous"), 'the name of .* is "@famous"'),
        (lambda p: person(p).pop("name"), "the name of .* is not there"),
        (lambda p: person(p).update(verdict="undecided"), "verdict"),
        (lambda p: person(p)["outcomes"][0].update(pack="law"), "pack"),
        (lambda p: person(p)["outcomes"][0].update(pack_version="9.0.0"), "pack_version"),
        (lambda p: person(p)["outcomes"][0].update(source="law"), "source"),
        (lambda p: p["inputs"][0].update(kind="post"), "kind"),
        (lambda p: p["subjects"].reverse(), "subjects"),
        (post_twice, "subjects"),
    ],
)
def test_what_a_record_says_is_compared(
    campaign: Path, change: Callable[[Predicate], object], words: str
) -> None:
    sign()
    forge(change)
    found = verify()
    assert set(codes(found)) == {"record-says-other"}
    assert any(re.search(words, each.message) for each in found.differences)
    for each in found.differences:
        assert {"from", "to"} & set(each.details)


def test_a_name_is_compared_beside_other_changes(campaign: Path) -> None:
    sign()
    forge(lambda p: p["brief"].update(title="Autumn ribbons"))
    forge(lambda p: person(p).update(name="@famous"))
    edit("spring/brief.yaml", "fee: 400", "fee: 410")
    assert {"record-says-other", "file-changed"} <= set(codes(verify()))


def test_who_signed_and_when_is_for_a_signature_to_prove(campaign: Path) -> None:
    sign()
    forge(lambda p: p.update(signed_by="Somebody else", signed_on="2026-04-01"))
    assert verify().as_signed


def test_the_folder_is_printed(campaign: Path, run: Callable[..., Result]) -> None:
    sign()
    text = " ".join(run("verify", str(RECORD)).stdout.split())
    assert "with the files in" in text
    data = json.loads(run("verify", str(RECORD), "-o", "json").stdout)
    assert data["project"] == campaign.resolve().as_posix()
