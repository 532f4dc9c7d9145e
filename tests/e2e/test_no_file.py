"""Inputs that are no files, have names that no system takes, or hold what no reader is made for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.e2e.test_outputs import CHECK, FILES, IMPORT, SCREEN, SIGN
from tests.e2e.world import AS_OF, run, write

RING = "ring"
MAPPED = ["screen", "brief.json", "theirs.ndjson", "--as-of", AS_OF, "--map"]


@pytest.fixture
def project(folder: Path) -> Path:
    write(folder, FILES)
    return folder


# Which file is another thing, the command that reads it, and the exit code.
READ = [
    ("brief.json", CHECK, 3),
    ("brief.json", ["check"], 3),
    ("brand.json", CHECK, 3),
    ("s.csv", CHECK, 3),
    ("ours.yaml", CHECK, 2),
    ("checker.yaml", CHECK, 2),
    ("waivers.yaml", CHECK, 2),
    ("base.json", [*CHECK, "--baseline", "base.json"], 3),
    ("salt", [*CHECK, "--redact", "--redact-salt-file", "salt"], 2),
    ("jo.json", ["check", "--brand", "brand.json", "--influencer", "jo.json"], 3),
    ("roster.ndjson", SCREEN, 3),
    ("roster.csv", ["screen", "brief.json", "roster.csv"], 3),
    ("roster.json.gz", ["screen", "brief.json", "roster.json.gz"], 3),
    ("roster.parquet", ["screen", "brief.json", "roster.parquet"], 3),
    ("mine.yaml", [*MAPPED, "mine.yaml"], 2),
    ("export.json", IMPORT, 3),
    ("mine.yaml", ["import", "json", "--map", "mine.yaml", "theirs.ndjson"], 2),
    ("key", [*SIGN, "--key", "key"], 2),
    ("r.signoff.json", ["verify", "r.signoff.json"], 3),
    ("ours.yaml", ["lint", "ours.yaml"], 2),
    ("ours.yaml", ["test", "ours.yaml"], 2),
    ("ours.yaml", ["new", "rule", "big-enough", "--in", "ours.yaml"], 2),
]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize(("name", "args", "code"), READ, ids=str)
def test_no_pipe_and_no_ring_of_links_is_waited_for(
    project: Path, name: str, args: list[str], code: int
) -> None:
    """The suite would hang, and end by the time that CI gives it, where one is."""
    for kind in ("pipe", RING):
        path = project / name
        path.unlink(missing_ok=True)
        if kind == RING:
            path.symlink_to(name)
        else:
            os.mkfifo(path)
        done = run(*args)
        assert done.code == code, done.said
        assert name in done.said
        assert "internal error" not in done.said
        if kind == "pipe":
            assert "this is a pipe" in " ".join(done.said.split())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_what_a_glob_finds_is_not_passed_over(project: Path) -> None:
    write(project, {"brief.json": FILES["brief.json"] | {"shortlist": ["in/*.json"]}})  # type: ignore[operator]
    write(project, {"in/jo.json": {"id": "jo", "handle": "@jo", "platform": "tiktok"}})
    os.mkfifo(project / "in/pipe.json")
    done = run(*CHECK)
    assert done.code == 3
    assert "in/pipe.json" in done.said
    (project / "in/pipe.json").unlink()
    (project / "in/gone.json").symlink_to("nowhere")
    done = run(*CHECK)
    assert done.code == 3
    assert "in/gone.json" in done.said


LONG = "n" * 300


@pytest.mark.parametrize(
    "args",
    [
        ["check", LONG],
        ["check", "--brand", LONG, "--influencer", LONG],
        [*CHECK, "--baseline", f"{LONG}.json"],
        [*CHECK, "-o", f"json={LONG}"],
        ["screen", LONG, "roster.ndjson"],
        ["screen", "brief.json", f"{LONG}.ndjson"],
        [*SCREEN, "-o", f"{LONG}.csv"],
        [*MAPPED, f"{LONG}.yaml"],
        ["import", "tiktok", f"{LONG}.json"],
        [*IMPORT, "--out-dir", LONG],
        ["signoff", LONG, "--by", "Jo"],
        [*SIGN, "--key", LONG],
        ["verify", LONG],
        ["lint", LONG],
        ["test", LONG],
        ["rules", LONG],
        ["words", LONG],
        ["diff", LONG, "brief.json"],
        ["init", LONG],
        ["new", "rule", "abc", "--in", f"{LONG}.yaml"],
    ],
    ids=lambda args: " ".join(args).replace(LONG, "LONG"),
)
def test_a_name_that_no_system_takes(project: Path, args: list[str]) -> None:
    done = run(*args)
    assert done.code in (2, 3), done.said
    assert "internal error" not in done.said


@pytest.mark.parametrize("name", ["roster.ndjson", "roster.json", "roster.csv", "roster.parquet"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00\x80" * 50,
        b"[" * 200_000,
        b'{"id": "a", "followers": ' + b"1" * 5000 + b"}",
        b"handle,platform,followers\n" + b"a" * 200_000 + b",instagram,5\n",
        b'handle,platform,followers\n"' + b"a\n" * 200_000 + b'",instagram,5\n',
        b"PAR1" + b"\x00" * 40 + b"PAR1",
    ],
    ids=["empty", "no text", "deep", "digits", "long cell", "open quote", "parquet"],
)
def test_hostile_rosters_with_and_without_a_mapping(
    project: Path, name: str, content: bytes
) -> None:
    write(project, {name: content})
    for args in (
        ["screen", "brief.json", name],
        ["screen", "brief.json", name, "--map", "mine.yaml"],
    ):
        done = run(*args)
        assert done.code == 3, done.said
        assert name in done.said or "No influencers" in done.said or "0 influencers" in done.said
        assert "internal error" not in done.said


@pytest.mark.parametrize("size", ["", "lots", "-1", "80%", "4", "1e9GB", "4 giga", "9" * 5000])
def test_what_is_no_size_of_memory(project: Path, size: str) -> None:
    done = run(*SCREEN, "--memory", size)
    assert done.code == 2
    assert "is no size of memory" in done.err
    assert len(done.err) < 300


@pytest.mark.parametrize("day", ["0000-01-01", "0000-00-00", "2026-02-30", "9999-12-31"])
def test_a_record_of_a_day_that_no_calendar_has(project: Path, day: str) -> None:
    assert run(*SIGN, "-o", "r.json").code == 0
    for field in ("as_of", "signed_on"):
        text = (project / "r.json").read_text()
        start = text.index(f'"{field}": "') + len(f'"{field}": "')
        (project / "r2.json").write_text(text[:start] + day + text[start + 10 :])
        done = run("verify", "r2.json")
        assert done.code in (1, 3), done.said
        assert "internal error" not in done.said


def test_a_place_that_may_not_be_written(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for a read-only file system: whoever is root may write to any folder."""
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    for args in ([*CHECK, "-o", "json=r.json"], [*SCREEN, "-o", "t.csv"], [*IMPORT, "--out", "i"]):
        done = run(*args)
        assert done.code == 2, done.said
        assert "may not be written" in done.err
