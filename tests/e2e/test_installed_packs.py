"""Packs that are installed: found by name, held to versions, and read as no file of the project."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from checker.loading import installed
from tests.e2e.test_nested_configuration import BRIEF, OURS
from tests.e2e.world import run, write

HANDBOOK = "packs: [handbook, acme-rules]\n"


@pytest.fixture(autouse=True)
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A client's repository, and beside it a folder that distributions are installed into."""
    place = tmp_path / "client"
    write(place, {".git/HEAD": "", "brief.yaml": BRIEF, "checker.yaml": HANDBOOK})
    monkeypatch.chdir(place)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    installed.installed.cache_clear()
    return place


def install(
    place: Path, *, name: str = "acme-rules", version: str = "1.2.0", value: str = "", **files: str
) -> None:
    """Lay out a distribution as pip does."""
    module = name.replace("-", "_")
    point = f"[checker.packs]\nacme-rules = {value or module}\n"
    info = f"{module}-{version}.dist-info"
    write(
        place,
        {
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            f"{info}/entry_points.txt": point,
            # Whoever imports it is found out.
            f"{module}/__init__.py": "raise SystemExit(99)\n",
            **{f"{module}/{file}.yaml": text for file, text in files.items()},
        },
    )
    installed.installed.cache_clear()


def test_an_installed_pack_judges_and_is_named(client: Path) -> None:
    install(client.parent / "site", ours=OURS)
    done = run("check", "-o", "json")
    assert done.code == 1
    (ours,) = [pack for pack in done.report()["packs"] if pack["name"] == "ours"]
    assert ours["origin"] == "acme-rules 1.2.0"
    assert {pack["origin"] for pack in done.report()["packs"]} == {"shipped", "acme-rules 1.2.0"}
    assert done.report()["rules"]["not-tiny"]["position"]["file"] == "acme-rules/ours.yaml"
    assert "acme-rules 1.2.0" in run("check", "--all").out
    assert run("lint", "acme-rules").code == 0
    assert run("test", "acme-rules").code == 0


def test_a_package_in_a_package_and_one_that_is_installed_to_be_edited(client: Path) -> None:
    write(client.parent, {"site/acme_rules/packs/ours.yaml": OURS})
    install(client.parent / "site", value="acme_rules.packs")
    assert run("rules").code == 0
    # The metadata stands in one folder of the path, the package in another.
    write(client.parent, {"edited/acme_src/ours.yaml": OURS})
    install(client.parent / "site", value="acme_src")
    sys.path.append(str(client.parent / "edited"))
    assert "not-tiny" in run("rules").out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value": "acme_rules.no_such"}, "without any rule pack"),
        ({"value": "../client"}, "without any rule pack"),
        ({"value": "acme_rules"}, "without any rule pack"),
        ({"name": "other", "value": "no_such_module"}, "without any rule pack"),
    ],
)
def test_what_holds_no_packs_is_refused(client: Path, given: dict[str, str], said: str) -> None:
    install(client.parent / "site", **given)
    done = run("check")
    assert done.code == 2
    assert said in done.said


def test_two_distributions_with_one_name_are_refused(client: Path) -> None:
    install(client.parent / "site", ours=OURS)
    install(client.parent / "site", name="other-rules", version="3.0.0", ours=OURS)
    done = run("check")
    assert done.code == 2
    assert "acme-rules 1.2.0" in done.said
    assert "other-rules 3.0.0" in done.said


def test_a_file_of_the_project_is_never_hidden(client: Path) -> None:
    install(client.parent / "site", ours=OURS)
    write(client, {"acme-rules/mine.yaml": OURS.replace("not-tiny", "my-own")})
    listed = run("rules").out
    assert "my-own" in listed
    assert "not-tiny" not in listed


def test_a_name_that_nothing_has_is_answered_with_the_nearest(client: Path) -> None:
    install(client.parent / "site", ours=OURS)
    write(client, {"checker.yaml": "packs: [acme-rule]\n"})
    done = run("check")
    assert done.code == 2
    assert 'Did you mean "acme-rules"?' in done.said


@pytest.mark.parametrize(
    ("requires", "said"),
    [
        ('checker: ">=99"', 'checker >=99; this is 0.1.0 Install it: python -m pip install "camp'),
        ('campaign-checker: "<0.1"', "requires checker <0.1"),
        ('acme-rules: "~=1.3"', "requires acme-rules ~=1.3; this is 1.2.0"),
        ('ours: ">=2"', "requires ours >=2; this is 1.0.0 Take that version of its file"),
        ('tiers: ">=99"', "requires tiers >=99"),
        ('acme-rule: ">=1"', 'it is not here Did you mean "acme-rules"? Install it'),
        ('acme-rules: "newest"', '"newest" says no versions'),
        ('acme-rules: ""', "requires"),
        ('checker: [">=1"]', "requires.checker"),
        ('checker: ">=0.1", acme-rules: ">=1,<2", ours: "==1.0.0", tiers: ">=1"', ""),
        ('contracts-fr: ">=1"', ""),
    ],
)
def test_versions_are_held(client: Path, requires: str, said: str) -> None:
    install(client.parent / "site", ours=OURS)
    write(client, {"checker.yaml": f"{HANDBOOK}requires: {{{requires}}}\n"})
    done = run("check")
    assert done.code == (2 if said else 1), done.said
    assert said in " ".join(done.said.split())


def test_another_program_is_asked_for_before_its_keys_are_refused(client: Path) -> None:
    write(client, {"checker.yaml": 'requires: {checker: ">=99"}\nwords_to_come: true\n'})
    done = run("check")
    assert done.code == 2
    assert "requires checker >=99" in done.said
    assert "words_to_come" not in done.said


def test_two_versions_in_folders_are_compared(client: Path) -> None:
    install(client.parent / "site", ours=OURS)
    install(client.parent / "new", version="2.0.0", ours=OURS.replace("50_000", "10_000"))
    for old in ("acme-rules", str(client.parent / "site")):
        done = run("diff", old, str(client.parent / "new"), "-o", "json")
        assert done.code == 0, done.said
        assert json.loads(done.out)["edited"] == ["not-tiny"]


def test_a_sign_off_tells_another_version(client: Path) -> None:
    easy = OURS.replace("50_000", "10_000").replace("49_999", "9_999")
    install(client.parent / "site", ours=easy)
    write(client, {"checker.yaml": "packs: [acme-rules]\n"})
    done = run("signoff", "brief.yaml", "--by", "Jo", "--as-of", "2026-03-02")
    assert done.code == 0, done.said
    (record,) = client.glob("*.signoff.json")
    assert "site" not in record.read_text(encoding="utf-8")
    assert run("verify", str(record)).code == 0
    install(client.parent / "site", ours=easy.replace("version: 1.0.0", "version: 1.1.0"))
    after = run("verify", str(record))
    assert after.code == 1
    assert "ours was 1.0.0 and is 1.1.0" in after.said
