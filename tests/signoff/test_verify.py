"""What differs is told apart: files, fields, outcomes, packs, the program, waivers."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import checker
from checker import api_signoff
from checker.loading import data_files, shipped
from checker.model.diagnostics import InputError
from tests.signoff.conftest import AS_OF, RECORD, TODAY, codes, edit, sign, verify


def differences(code: str, **options: Any) -> list[dict[str, Any]]:
    return [dict(each.details) for each in verify(**options).differences if each.code == code]


def test_an_untouched_tree_is_as_signed(campaign: Path) -> None:
    sign()
    found = verify()
    assert found.as_signed
    assert found.signature == "none"
    assert found.differences == () and found.notes == ()


def test_a_field_is_named_with_the_outcome_that_changes(campaign: Path) -> None:
    sign()
    edit("spring/influencers/tinyknots.json", '"18-24": 0.41', '"18-24": 0.11')
    [file] = differences("file-changed")
    assert file["file"] == "spring/influencers/tinyknots.json"
    assert file["fields"] == [{"path": "audience.age.18-24", "kind": "changed"}]
    [outcome] = [each for each in differences("outcome-changed") if each["rule"] == "audience-age"]
    assert outcome["subject"] == "tiktok/tinyknots"
    assert (outcome["from"], outcome["to"]) == ("pass (error)", "fail (error)")
    assert "verdict-changed" in codes(verify())


def test_fields_that_are_new_or_gone_say_so(campaign: Path) -> None:
    sign()
    edit("brand.json", '"environment"]', '"environment", "wit"]')
    edit("spring/brief.yaml", "exchange_rates: {USD: 0.79}\n", "")
    fields = {each["file"]: each["fields"] for each in differences("file-changed")}
    assert fields["brand.json"] == [{"path": "values[3]", "kind": "added"}]
    assert fields["spring/brief.yaml"] == [{"path": "exchange_rates.USD", "kind": "removed"}]


def test_a_row_of_a_table_is_named_by_its_handle(campaign: Path) -> None:
    sign()
    edit("spring/shortlist.csv", "@gadgetgav,youtube,23700", "@gadgetgav,youtube,23701")
    [file] = differences("file-changed")
    assert file["fields"] == [{"path": "@gadgetgav: followers", "kind": "changed"}]
    assert codes(verify()) == ["file-changed"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("spring/brief.yaml", "compensation: fee", "compensation:  fee"),
        ("spring/brief.yaml", "# Works for", "# Worked for"),
        ("brand.json", '"id": "bramble"', '"id":"bramble"'),
        ("brand.json", '"min": 18', '"min": 18.0'),
    ],
)
def test_bytes_without_a_field_still_differ(campaign: Path, name: str, old: str, new: str) -> None:
    sign()
    edit(name, old, new)
    found = verify()
    assert codes(found) == ["file-changed"]
    assert found.differences[0].details["fields"] == []
    assert found.differences[0].message == f"{name} changed: its bytes, but no field"


def test_swapped_files_are_told_from_changed_ones(campaign: Path) -> None:
    sign()
    first = Path("spring/influencers/maisie.braids.json")
    second = Path("spring/influencers/thecurledit.json")
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    swapped = {each["file"]: each["same_as"] for each in differences("file-swapped")}
    assert swapped == {first.as_posix(): second.as_posix(), second.as_posix(): first.as_posix()}
    assert "file-changed" not in codes(verify())


def test_a_missing_file(campaign: Path) -> None:
    sign()
    Path("spring/influencers/tinyknots.json").unlink()
    assert [each["file"] for each in differences("file-missing")] == [
        "spring/influencers/tinyknots.json"
    ]


def test_a_missing_brief(campaign: Path) -> None:
    sign()
    Path("spring/brief.yaml").unlink()
    found = verify()
    assert codes(found) == ["file-missing", "cannot-check"]
    assert found.diagnostics


def test_a_file_that_a_glob_finds_since(campaign: Path) -> None:
    edit("spring/brief.yaml", "  - shortlist.csv", "  - shortlist.csv\n  - more/*.json")
    Path("spring/more").mkdir()
    person = json.loads(Path("spring/influencers/maisie.braids.json").read_text(encoding="utf-8"))
    deal = {"influencer": person, "fee": 90, "gift_value": 10, "currency": "GBP"}
    text = json.dumps(deal)
    one = text.replace("maisie.braids", "second")
    Path("spring/more/one.json").write_text(one, encoding="utf-8")
    Path("spring/more/old.signoff.json").write_text("no record of an influencer")
    sign()
    assert verify().as_signed
    Path("spring/more/two.json").write_text(one.replace("second", "third"), encoding="utf-8")
    assert [each["file"] for each in differences("file-added")] == ["spring/more/two.json"]
    assert "subject-added" in codes(verify())


def test_a_file_that_nothing_names_any_more(campaign: Path) -> None:
    sign()
    edit("spring/brief.yaml", "  - shortlist.csv\n", "")
    assert [each["file"] for each in differences("file-unused")] == ["spring/shortlist.csv"]
    assert len(differences("dropped-changed")) == 5


def test_a_changed_configuration(campaign: Path) -> None:
    sign()
    edit("checker.yaml", "    enabled: false", "    severity: note")
    found = codes(verify())
    assert "file-changed" in found and "configuration-changed" in found
    [file] = differences("file-changed")
    assert [each["path"] for each in file["fields"]] == [
        "rules.usual-price.severity",
        "rules.usual-price.enabled",
    ]


def test_what_cannot_be_checked_again_is_no_crash(campaign: Path) -> None:
    sign()
    Path("checker.yaml").write_bytes(b"rules: [\xff")
    found = verify()
    assert codes(found) == ["file-unreadable", "cannot-check"]


# The program and its rules


def test_a_newer_or_older_program(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign()
    for version, code in (("99.0.0", "tool-newer"), ("0.0.1", "tool-older")):
        monkeypatch.setattr(checker, "__version__", version)
        found = verify()
        assert codes(found) == [code]
        assert found.differences[0].details == {
            "from": found.statement["predicate"]["tool"]["version"],
            "to": version,
        }


@pytest.fixture
def own_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped rules that stands in for them."""
    folder = tmp_path / "shipped"
    shutil.copytree(data_files.rules_folder(), folder)
    monkeypatch.setattr(shipped, "rules_folder", lambda: folder)
    return folder


@pytest.mark.parametrize(
    ("version", "code"),
    [("9.0.0", "pack-newer"), ("0.9.0", "pack-older"), ("", "pack-edited")],
)
def test_another_pack(campaign: Path, own_rules: Path, version: str, code: str) -> None:
    sign()
    assert verify().as_signed
    path = own_rules / "alignment.yaml"
    text = path.read_text(encoding="utf-8")
    (shipped_one,) = re.findall(r"^version: (.+)$", text, re.MULTILINE)
    version = version or shipped_one
    path.write_text(
        text.replace(f"version: {shipped_one}", f"version: {version}", 1) + "# later\n",
        encoding="utf-8",
    )
    found = verify()
    assert codes(found) == [code]
    details = found.differences[0].details
    assert (details["pack"], details["from"], details["to"]) == ("alignment", shipped_one, version)
    assert details["from_sha256"] != details["to_sha256"]


def test_a_pack_of_the_project_is_a_file_too(campaign: Path) -> None:
    Path("rules").mkdir()
    shutil.copy(data_files.rules_folder() / "promotion.yaml", "rules/ours.yaml")
    edit("rules/ours.yaml", "pack: promotion", "pack: ours")
    listed = ", ".join(
        each.stem
        for each in sorted(data_files.rules_folder().glob("*.yaml"))
        if each.stem != "promotion"
    )
    text = Path("checker.yaml").read_text(encoding="utf-8")
    Path("checker.yaml").write_text(f"packs: [{listed}, rules/ours.yaml]\n{text}")
    record = sign()
    assert "rules/ours.yaml" in record.read_text(encoding="utf-8")
    edit("rules/ours.yaml", "version: 2.0.0", "version: 2.2.0")
    found = verify()
    assert codes(found) == ["pack-newer", "file-changed"]
    assert found.differences[1].details["fields"] == [{"path": "version", "kind": "changed"}]


# Waivers


WAIVER = """
waivers_file: waivers.yaml
"""
WAIVERS = """
waivers:
  - rule: audience-age
    subject: "@northradio"
    status: unknown
    reason: the station has no such numbers
    owner: legal
    expires: "2026-04-30"
"""


@pytest.fixture
def waived(campaign: Path) -> Path:
    """The campaign with one deal, undecided by one rule, waived instead of dropped."""
    path = Path("spring/shortlist.csv")
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [row.replace(",dropped,", ",agreed,") if row[:6] == "@north" else row for row in rows]
    path.write_text("".join(rows), encoding="utf-8")
    text = Path("checker.yaml").read_text(encoding="utf-8")
    Path("checker.yaml").write_text(text + WAIVER, encoding="utf-8")
    Path("waivers.yaml").write_text(WAIVERS, encoding="utf-8")
    return campaign


def test_a_waiver_is_recorded_with_owner_and_expiry(waived: Path) -> None:
    sign()
    found = verify()
    assert found.as_signed
    [waiver] = found.statement["predicate"]["waivers"]
    assert (waiver["owner"], waiver["expires"]) == ("legal", "2026-04-30")
    kinds = {each["name"]: each["kind"] for each in found.statement["predicate"]["inputs"]}
    assert kinds["waivers.yaml"] == "waivers"


def test_a_waiver_that_expired_since_is_told_apart(waived: Path) -> None:
    sign()
    assert verify(today=date(2026, 4, 30)).as_signed
    late = verify(today=date(2026, 5, 1))
    assert codes(late) == ["waiver-expired"]
    assert "legal" in late.differences[0].message
    assert "2026-04-30" in late.differences[0].message


def test_a_waiver_that_ends_soon_is_a_note(waived: Path) -> None:
    sign()
    assert verify(today=TODAY).notes == ()
    soon = verify(today=date(2026, 4, 20))
    assert soon.as_signed
    assert "2026-04-30" in soon.notes[0]


def test_a_longer_waiver_is_a_changed_one(waived: Path) -> None:
    sign()
    edit("waivers.yaml", "2026-04-30", "2027-04-30")
    found = codes(verify())
    assert "waiver-changed" in found
    [file] = differences("file-changed")
    assert file["file"] == "waivers.yaml"
    assert file["fields"] == [{"path": "waivers[0].expires", "kind": "changed"}]


def test_waiving_an_unknown_does_not_hide_a_later_fail(waived: Path) -> None:
    sign()
    rows = Path("spring/shortlist.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [
        row.replace(",,,,,,,,97%", ",50%,10%,10%,10%,10%,5%,5%,97%") if row[:6] == "@north" else row
        for row in rows
    ]
    Path("spring/shortlist.csv").write_text("".join(rows), encoding="utf-8")
    [outcome] = [each for each in differences("outcome-changed") if each["rule"] == "audience-age"]
    assert outcome["from"].startswith("unknown (error, waived by legal")
    assert outcome["to"].startswith("fail")


# Where the project is


def test_a_record_that_stands_elsewhere(campaign: Path, tmp_path: Path) -> None:
    record = sign()
    moved = tmp_path / "elsewhere.json"
    shutil.move(record, moved)
    assert api_signoff.verify(moved, today=TODAY).as_signed  # The current folder has the files.
    found = api_signoff.verify(moved, project=campaign, today=TODAY)
    assert found.as_signed


def test_the_project_is_found_from_any_folder(
    campaign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = sign().resolve()
    monkeypatch.chdir(tmp_path)
    assert api_signoff.verify(record, today=TODAY).as_signed
    monkeypatch.chdir(campaign / "spring")
    assert api_signoff.verify(Path(RECORD.name), today=TODAY).as_signed


def test_a_project_without_landmarks(campaign: Path) -> None:
    (campaign / ".git").rmdir()
    Path("checker.yaml").unlink()
    for other in ("autumn", "gifting"):
        shutil.rmtree(other)
    signing = api_signoff.sign_off(Path(), by="Jo", as_of=AS_OF, today=TODAY)
    assert signing.code == 0, signing.refusals
    RECORD.write_text(signing.text, encoding="utf-8")
    with pytest.raises(InputError, match="no repository and below no checker"):
        verify()
    assert verify(project=campaign).as_signed


def copied(folder: Path) -> Path:
    """Copy the project into a folder of its own, and the record to where it lies in it."""
    shutil.copytree(".", folder, ignore=shutil.ignore_patterns(".git", folder.name))
    return Path(shutil.copy(RECORD, folder / "spring/brief.signoff.json"))


@pytest.mark.parametrize("removed", [(), ("checker.yaml",), ("brand.json",)])
def test_a_copy_further_in_is_not_what_was_signed(
    campaign: Path, removed: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign()
    inner = copied(Path("archive/2026")).resolve()
    for name in removed:
        Path("archive/2026", name).unlink()
    edit("spring/brief.yaml", "fee: 400", "fee: 410")
    for folder in (Path(), Path("archive/2026"), Path("archive/2026/spring")):
        monkeypatch.chdir(campaign / folder)
        found = api_signoff.verify(inner, today=TODAY)
        assert "file-changed" in codes(found)
        assert found.root == campaign.resolve()


@pytest.mark.parametrize("landmark", [".git", "checker.yaml"])
def test_where_two_folders_fit_it_asks(campaign: Path, landmark: str) -> None:
    if landmark == "checker.yaml":
        (campaign / ".git").rmdir()
    sign()
    inner = copied(Path("archive"))
    if landmark == ".git":
        Path("archive/.git").mkdir()
    with pytest.raises(InputError, match="may lie in more than one folder") as caught:
        api_signoff.verify(inner, today=TODAY)
    [asked] = caught.value.diagnostics
    assert caught.value.exit_code == 3
    assert str(campaign.resolve() / "archive") in asked.hint and "--project" in asked.hint
    asked_for = api_signoff.verify(inner, project=Path("archive"), today=TODAY)
    assert asked_for.root == (campaign / "archive").resolve()
    # The inner one alone holds the brief: it is a project of its own.
    Path("spring/brief.yaml").unlink()
    assert api_signoff.verify(inner, today=TODAY).root == (campaign / "archive").resolve()


def test_nothing_of_the_record_is_there(campaign: Path, tmp_path: Path) -> None:
    record = sign()
    other = tmp_path / "other"
    (other / ".git").mkdir(parents=True)
    shutil.move(record, other / "r.json")
    # The current folder has the files, but the record lies in another repository.
    with pytest.raises(InputError, match="nothing of what was signed is here"):
        api_signoff.verify(other / "r.json", today=TODAY)
    assert api_signoff.verify(other / "r.json", project=campaign, today=TODAY).as_signed
