"""The commands: what they write, what they refuse, and their exit codes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

from checker import api_signoff
from checker.loading.schemas import read_schema
from tests.signoff.conftest import AS_OF, RECORD, SAMPLE, TODAY, Keys, drop_what_fails, edit
from tests.signoff.test_verify import WAIVER, WAIVERS

Run = Callable[..., Result]

SIGN = ("signoff", "spring", "--by", "Jo Park", "--as-of", "2026-03-02")


def test_sign_and_verify(campaign: Path, run: Run) -> None:
    result = run(*SIGN)
    assert result.exit_code == 0, result.output
    assert "integrity, not identity" in result.stdout
    assert result.stderr == ""
    said = json.loads(RECORD.read_text(encoding="utf-8"))
    Draft202012Validator(read_schema("signoff")).validate(said)
    predicate = said["predicate"]
    assert predicate["signed_by"] == "Jo Park"
    assert predicate["as_of"] == "2026-03-02"
    assert predicate["signed_on"] == date.today().isoformat()
    assert len(predicate["dropped"]) == 5
    assert [each["rule"] for each in predicate["changed"]] == ["usual-price"]
    outcome = next(
        outcome
        for subject in predicate["subjects"]
        if subject["id"] == "tiktok/tinyknots"
        for outcome in subject["outcomes"]
        if outcome["rule"] == "audience-age"
    )
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", outcome["pack_version"])
    assert outcome["has"]["value"] == pytest.approx(0.65)
    assert outcome["needs"]["value"] == 0.5
    checked = run("verify", str(RECORD))
    assert checked.exit_code == 0
    assert "AS SIGNED" in checked.stdout


def test_the_record_holds_no_field_of_a_record(campaign: Path, run: Run) -> None:
    run(*SIGN)
    text = RECORD.read_text(encoding="utf-8")
    for private in ("screenshots from", "Harbour Soap", "hosts the drive-time show in the n"):
        found = private in text
        # A note on a dropped deal is listed; nothing else of the files is.
        assert found == (private.startswith("hosts")), private


def test_a_signed_record_by_commands(campaign: Path, run: Run, keys: Keys) -> None:
    assert run(*SIGN, "--key", str(keys.private)).exit_code == 0
    schema = read_schema("signoff")
    envelope = {"$ref": "#/$defs/envelope", "$defs": schema["$defs"]}
    Draft202012Validator(envelope).validate(json.loads(RECORD.read_text(encoding="utf-8")))
    good = run("verify", str(RECORD), "--public-key", str(keys.public))
    assert good.exit_code == 0
    unchecked = run("verify", str(RECORD))
    assert unchecked.exit_code == 1
    assert "signature-not-checked" in unchecked.stdout
    assert run("verify", str(RECORD), "--no-signature-check").exit_code == 0
    both = run("verify", str(RECORD), "--no-signature-check", "--public-key", str(keys.public))
    assert both.exit_code == 2


def test_json_has_the_codes(campaign: Path, run: Run) -> None:
    run(*SIGN)
    edit("brand.json", '"max": 34', '"max": 33')
    result = run("verify", str(RECORD), "-o", "json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said["as_signed"] is False
    assert said["differences"][0]["code"] == "file-changed"
    assert said["differences"][0]["file"] == "brand.json"
    assert said["differences"][0]["fields"] == [{"path": "target.age.max", "kind": "changed"}]


# Refusals


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("spring/brief.yaml", "per_influencer: 600", "per_influencer: 300", 1),
        ("spring/influencers/tinyknots.json", '"values": ["made by hand"],', "", 4),
        ("spring/influencers/tinyknots.json", '"followers": 9400,\n  "cou', '"cou', 3),
        ("brand.json", '"id": "bramble",', "", 3),
        ("checker.yaml", "usual-price", "unusual-price", 2),
    ],
)
def test_nothing_is_signed_that_does_not_pass(
    campaign: Path, run: Run, name: str, old: str, new: str, code: int
) -> None:
    edit(name, old, new)
    result = run(*SIGN)
    assert result.exit_code == code == run("check", "spring", "--as-of", "2026-03-02").exit_code
    assert not RECORD.exists()
    assert result.stderr
    if code in (1, 4):
        assert "Not signed off: the verdict is" in result.stderr
        assert "Spring ribbons" in result.stdout


def test_the_sample_itself_is_not_signed(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "bramble"
    shutil.copytree(SAMPLE, folder)
    result = run("signoff", str(folder / "spring"), "--by", "Jo", "--as-of", "2026-03-02")
    assert result.exit_code == 1
    drop_what_fails(folder / "spring" / "shortlist.csv")
    assert (
        run("signoff", str(folder / "spring"), "--by", "Jo", "--as-of", "2026-03-02").exit_code == 0
    )


def waive(expires: str) -> None:
    path = Path("spring/shortlist.csv")
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [row.replace(",dropped,", ",agreed,") if row[:6] == "@north" else row for row in rows]
    path.write_text("".join(rows), encoding="utf-8")
    text = Path("checker.yaml").read_text(encoding="utf-8")
    Path("checker.yaml").write_text(text + WAIVER, encoding="utf-8")
    Path("waivers.yaml").write_text(WAIVERS.replace("2026-04-30", expires), encoding="utf-8")


def test_an_expired_waiver_fails_every_command(campaign: Path, run: Run) -> None:
    waive("2026-04-30")
    signing = api_signoff.sign_off(Path("spring"), by="Jo", as_of=AS_OF, today=TODAY)
    assert signing.code == 0
    RECORD.write_text(signing.text, encoding="utf-8")
    edit("waivers.yaml", "2026-04-30", "2026-03-01")
    check = run("check", "spring", "--as-of", "2026-03-02")
    assert check.exit_code == 1
    again = run(*SIGN, "--force")
    assert again.exit_code == 1
    assert "expired on 2026-03-01" in again.stderr and "legal" in again.stderr
    checked = run("verify", str(RECORD))
    assert checked.exit_code == 1
    assert "waiver-expired" in checked.stdout


def test_an_earlier_date_does_not_revive_a_waiver(campaign: Path) -> None:
    waive("2026-03-10")
    late = api_signoff.sign_off(Path("spring"), by="Jo", as_of=AS_OF, today=date(2026, 3, 11))
    assert late.report.verdict == "pass"
    assert late.code == 1 and not late.text
    assert "expired on 2026-03-10" in late.refusals[0]
    assert (
        api_signoff.sign_off(Path("spring"), by="Jo", as_of=AS_OF, today=date(2026, 3, 10)).code
        == 0
    )


# The file


def test_a_record_is_replaced_only_by_force(campaign: Path, run: Run) -> None:
    assert run(*SIGN).exit_code == 0
    first = RECORD.read_bytes()
    again = run("signoff", "spring", "--by", "Al", "--as-of", "2026-03-02")
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert RECORD.read_bytes() == first
    assert run("signoff", "spring", "--by", "Al", "--as-of", "2026-03-02", "--force").exit_code == 0
    assert RECORD.read_bytes() != first
    assert [path.name for path in RECORD.parent.glob("*.tmp")] == []
    assert [path.name for path in RECORD.parent.glob(".*")] == []


@pytest.mark.parametrize("target", ["spring/brief.yaml", "brand.json", "spring", "nowhere/x.json"])
def test_a_record_never_overwrites_an_input(campaign: Path, run: Run, target: str) -> None:
    path = Path(target)
    before = path.read_bytes() if path.is_file() else b""
    result = run(*SIGN, "-o", target, "--force")
    assert result.exit_code == 2
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_record_that_cannot_be_written_whole_is_not_written(
    campaign: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    result = run(*SIGN)
    assert result.exit_code == 2
    assert "No space left" in result.stderr
    assert sorted(path.name for path in Path("spring").iterdir()) == [
        "brief.yaml",
        "influencers",
        "shortlist.csv",
    ]


@pytest.mark.parametrize("by", ["", "  ", "a\nb", "\u202ejo", "x" * 300])
def test_whoever_signs_has_a_name(campaign: Path, run: Run, by: str) -> None:
    assert run("signoff", "spring", "--by", by).exit_code == 2
    assert run("signoff", "spring").exit_code == 2


def test_one_brief_at_a_time(campaign: Path, run: Run) -> None:
    result = run("signoff", ".", "--by", "Jo")
    assert result.exit_code == 2
    assert "3 briefs" in result.stderr


def test_without_the_library_it_says_what_to_install(
    campaign: Path, run: Run, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    result = run(*SIGN, "--key", str(keys.private))
    assert result.exit_code == 2
    assert "campaign-checker[sign]" in result.stderr
    assert run(*SIGN).exit_code == 0
    assert run("verify", str(RECORD)).exit_code == 0


def test_help_tells_how_to_make_a_key(campaign: Path, run: Run) -> None:
    text = run("signoff", "--help").stdout
    assert "openssl genpkey -algorithm ed25519 -out sign.pem" in text
    assert "openssl pkey -in sign.pem -pubout -out sign.pub.pem" in text


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_the_keys_of_the_help_work(campaign: Path, run: Run, tmp_path: Path) -> None:
    private, public = tmp_path / "sign.pem", tmp_path / "sign.pub.pem"
    make = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(private)]
    subprocess.run(make, check=True, capture_output=True)
    half = ["openssl", "pkey", "-in", str(private), "-pubout", "-out", str(public)]
    subprocess.run(half, check=True, capture_output=True)
    assert run(*SIGN, "--key", str(private)).exit_code == 0
    assert run("verify", str(RECORD), "--public-key", str(public)).exit_code == 0
