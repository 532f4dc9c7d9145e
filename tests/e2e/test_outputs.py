"""What is written never takes the place of what is read, of a link, a pipe or a device."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import files as checker_files
from tests.e2e.world import AS_OF, BRAND, JO, ROOT, brief, pack, rule, run, write

PEOPLE = {"handle_name": "jo", "followers_count": 1200, "engagement_rate": 0.04}
MAPPING = """\
mapping: mine
title: My sheet
version: "1"
input: json
constants: {platform: instagram}
fields:
  handle: {from: name}
  followers: {from: followers, unit: count}
"""
FILES = {
    "brief.json": brief(brand="brand.json", shortlist=["s.csv"]),
    "brand.json": BRAND,
    "s.csv": "handle,platform,followers,fee,currency\n@jo,instagram,12000,100,GBP\n",
    "checker.yaml": "packs: [ours.yaml]\nwaivers_file: waivers.yaml\n",
    "waivers.yaml": "waivers: []\n",
    "ours.yaml": pack(rule("some", "influencer.followers >= 1_000")),
    "base.json": {"schema_version": "1.0", "reports": []},
    "roster.ndjson": json.dumps(JO) + "\n",
    "theirs.ndjson": json.dumps({"name": "jo", "followers": 1200}) + "\n",
    "mine.yaml": MAPPING,
    "export.json": PEOPLE,
    "people/tiktok-jo.json": PEOPLE,
    "salt": "sixteen bytes or more",
}
CHECK = ["check", "brief.json", "--as-of", AS_OF]
SCREEN = ["screen", "brief.json", "roster.ndjson", "--as-of", AS_OF]
SIGN = ["signoff", "brief.json", "--by", "Jo Park", "--as-of", AS_OF]
IMPORT = ["import", "tiktok", "export.json"]


@pytest.fixture
def project(folder: Path) -> Path:
    write(folder, FILES)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


OVER_INPUTS = [
    *([*CHECK, "-o", f"json={name}"] for name in FILES if name.endswith((".yaml", ".csv"))
      and name != "mine.yaml"),
    [*CHECK, "-o", "json=brand.json"],
    [*CHECK, "-o", "text=good.txt", "-o", "html=ours.yaml"],
    [*CHECK, "--baseline", "base.json", "-o", "json=base.json"],
    [*CHECK, "--redact", "--redact-salt-file", "salt", "-o", "json=salt"],
    [*CHECK, "-o", "json=people/../s.csv"],
    [*CHECK, "-o", "json=link.csv"],
    [*CHECK, "-o", "json=hard.csv"],
    ["check", "--brand", "brand.json", "--influencer", "roster.ndjson", "-o", "json=ours.yaml"],
    [*SCREEN, "-o", "s.csv"],
    [*SCREEN, "-o", "roster.ndjson"],
    [*SCREEN, "-o", "link.csv"],
    [*SCREEN, "-o", "t.csv", "--invalid", "brand.json"],
    [*SCREEN, "-o", "roster.ndjson", "--engine", "spark"],
    [*SCREEN, "-o", "t.csv", "--invalid", "ours.yaml"],
    [*SCREEN, "-o", "t.csv", "--invalid", "checker.yaml"],
    ["screen", "brief.json", "theirs.ndjson", "--map", "mine.yaml", "--invalid", "mine.yaml"],
    ["screen", "brief.json", "*.ndjson", "--limit", "1", "-o", "theirs.ndjson"],
    [*IMPORT, "--out", "export.json"],
    [*IMPORT, "--out", "checker.yaml"],
    [*IMPORT, "--report", "ours.ndjson", "--out", "checker.yaml"],
    ["import", "tiktok", "people/tiktok-jo.json", "--out-dir", "people"],
    ["import", "json", "--map", "mine.yaml", "theirs.ndjson", "--report", "mine.yaml"],
    *([*SIGN, "--force", "-o", name] for name in ("s.csv", "brand.json", "ours.yaml", "link.csv")),
]  # fmt: skip


@pytest.mark.parametrize("args", OVER_INPUTS, ids=" ".join)
def test_no_output_goes_over_an_input(project: Path, args: list[str]) -> None:
    (project / "link.csv").symlink_to("s.csv")
    (project / "hard.csv").hardlink_to(project / "s.csv")
    before = tree(project)
    done = run(*args)
    assert done.code == 2, done.said
    assert "is an input" in " ".join(done.err.split())
    assert tree(project) == before


def test_no_file_is_written_twice(project: Path) -> None:
    (project / "link.json").symlink_to("people/tiktok-jo.json")
    (project / "people/tiktok-jo.json").unlink()
    for report in ("people/tiktok-jo.json", "link.json"):
        done = run(*IMPORT, "--out-dir", "people", "--report", report)
        assert done.code == 2, done.said
        assert "written twice" in done.err
        assert not list((project / "people").iterdir())
    for other in ("people/../t.csv", "t.csv"):
        assert run(*SCREEN, "-o", "t.csv", "--invalid", other).code == 2


def test_a_step_summary_is_not_added_to_an_input(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "s.csv")
    before = tree(project)
    assert run(*CHECK, "-o", "github").code == 2
    assert tree(project) == before


def test_a_key_is_not_overwritten_by_the_record_that_it_signs(project: Path) -> None:
    pytest.importorskip("cryptography")
    from tests.signoff.conftest import make_keys

    keys = make_keys(project)
    before = tree(project)
    done = run(*SIGN, "--key", str(keys.private), "--force", "-o", keys.private.name)
    assert done.code == 2, done.said
    assert tree(project) == before


WRITES: dict[str, Callable[[str], list[str]]] = {
    "check": lambda name: [*CHECK, "-o", f"json={name}"],
    "screen": lambda name: [*SCREEN, "-o", name, "--invalid", "i.ndjson"],
    "invalid": lambda name: [*SCREEN, "-o", "t.csv", "--invalid", name],
    "import": lambda name: [*IMPORT, "--out", name],
    "signoff": lambda name: [*SIGN, "--force", "-o", name],
}


@pytest.mark.parametrize("command", WRITES)
def test_what_a_link_points_to_is_written(project: Path, command: str) -> None:
    elsewhere = project / "else/where"
    elsewhere.mkdir(parents=True)
    (elsewhere / "real.csv").write_text("old")
    (elsewhere / "real.csv").chmod(0o640)
    (project / "out.csv").symlink_to("else/where/real.csv")
    (project / "new.csv").symlink_to("else/where/new.csv")
    for name, real in (("out.csv", "real.csv"), ("new.csv", "new.csv")):
        done = run(*WRITES[command](name))
        assert done.code == 0, done.said
        assert (project / name).is_symlink()
        assert (elsewhere / real).read_text() != "old"
    assert stat.S_IMODE((elsewhere / "real.csv").stat().st_mode) == 0o640
    assert sorted(path.name for path in elsewhere.iterdir()) == ["new.csv", "real.csv"]


@pytest.mark.parametrize("command", WRITES)
def test_what_cannot_be_written_is_said_and_leaves_nothing(project: Path, command: str) -> None:
    (project / "ring.csv").symlink_to("ring2.csv")
    (project / "ring2.csv").symlink_to("ring.csv")
    before = tree(project)
    for name in ("ring.csv", "nowhere/x.csv", "people.csv/x.csv", "n" * 300 + ".csv"):
        done = run(*WRITES[command](name))
        assert done.code == 2, done.said
        assert name[:4] in done.err
    assert tree(project) == before
    assert (project / "ring.csv").is_symlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("command", WRITES)
def test_a_pipe_is_written_and_stays_one(project: Path, command: str) -> None:
    pipe = project / "pipe.csv"
    os.mkfifo(pipe)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_bytes()), daemon=True)
    reader.start()
    done = run(*WRITES[command]("pipe.csv"))
    assert done.code == 0, done.said
    reader.join(60)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    if command != "invalid":  # No line is.
        assert found and found[0]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals of its own here")
def test_a_device_is_written_and_stays_one(project: Path) -> None:
    ours, theirs = os.openpty()
    try:
        name = os.ttyname(theirs)
        assert run(*IMPORT, "--out", name).code == 0
        assert b"tiktok/jo" in os.read(ours, 10_000)
        assert stat.S_ISCHR(Path(name).stat().st_mode)
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no /dev/stdout here")
def test_the_name_of_standard_output_is_standard_output(project: Path) -> None:
    command = [sys.executable, "-m", "checker", *IMPORT, "--out", "/dev/stdout"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    piped = subprocess.run(command, cwd=project, env=env, capture_output=True, check=True)
    assert b"tiktok/jo" in piped.stdout
    with (project / "all.txt").open("wb") as file:
        file.write(b"before\n")
        file.flush()
        subprocess.run(command, cwd=project, env=env, stdout=file, check=True)
        file.write(b"after\n")
    assert (project / "all.txt").read_bytes() == b"before\n" + piped.stdout + b"after\n"


def test_files_are_ready_before_the_first_takes_its_place(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("old")
    with pytest.raises(OSError, match="no") as raised:
        checker_files.put_files([(tmp_path / "one", b"new"), (tmp_path / "no/two", b"new")])
    assert raised.value.filename == str(tmp_path / "no/two")
    assert tree(tmp_path) == {"one": b"old"}


def test_a_file_is_moved_or_copied_to_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else tmp_path
    made = other / f"made-{os.getpid()}"
    try:
        made.write_bytes(b"x" * 3_000_000)
        checker_files.put_files([(tmp_path / "out", made)], lasting=True)
        assert tree(tmp_path) == {"out": b"x" * 3_000_000}
    finally:
        made.unlink(missing_ok=True)
