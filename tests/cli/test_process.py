"""The command as a process: what it imports, its streams, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# A stand-in for the work, so that only the command line is tested.
FAKE = """
import sys
import checker
from checker.cli import main
from tests.cli.conftest import FakeApi
fake = FakeApi()
sys.modules["checker.api"] = checker.api = fake
sys.modules["checker.api_rules"] = checker.api_rules = fake
"""


def python(
    *args: str, env: dict[str, str] | None = None, **more: int
) -> subprocess.CompletedProcess[bytes]:
    full = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    return subprocess.run(
        [sys.executable, *args], env=full, cwd=ROOT, capture_output=True, check=False, timeout=60
    )


def fake(code: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    return python("-c", FAKE + code, env=env)


@pytest.mark.parametrize("args", [["--help"], ["--version"]])
def test_help_imports_no_more_than_click(args: list[str]) -> None:
    done = python("-X", "importtime", "-m", "checker", *args)
    assert done.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    for heavy in ("yaml", "jsonschema", "jsonschema_rs", "hypothesis", "importlib.metadata"):
        assert heavy not in imported
    ours = {name for name in imported if name.startswith("checker.")}
    assert ours == {"checker.cli", "checker.cli.group", "checker.cli.output"} | {
        name for name in ours if name.startswith(("checker.reporting", "checker.model"))
    }


def test_help_shows_every_command_in_its_group() -> None:
    help_text = python("-m", "checker", "--help").stdout.decode()
    briefs, rules = help_text.split("Briefs:")[1].split("Rules:")
    for name in ("init", "check"):
        assert f"  {name} " in briefs
    for name in ("rules", "explain", "lint", "test"):
        assert f"  {name} " in rules


@pytest.mark.parametrize("name", ["init", "check", "rules", "explain", "lint", "test"])
def test_every_command_has_examples(name: str) -> None:
    done = python("-m", "checker", name, "--help")
    assert done.returncode == 0
    assert f"checker {name}" in done.stdout.decode().split("Examples:")[1]


def test_no_command_and_wrong_commands() -> None:
    assert python("-m", "checker").returncode == 2
    done = python("-m", "checker", "chekc")
    assert done.returncode == 2
    assert b'Did you mean "check"?' in done.stderr
    assert done.stdout == b""


def test_interrupted() -> None:
    done = fake("fake.error = KeyboardInterrupt()\nsys.exit(main(['check']))")
    assert done.returncode == 130
    assert b"Traceback" not in done.stderr


def test_internal_error() -> None:
    done = fake("fake.error = RecursionError('deep')\nsys.exit(main(['check']))")
    assert done.returncode == 70
    assert done.stderr.startswith(b"checker: internal error: RecursionError: deep.")
    assert b"Traceback" not in done.stderr


def test_a_failure_that_cannot_be_worded_is_no_verdict() -> None:
    code = "sys.modules['checker.cli.failure'] = None\nfake.error = ValueError('x')\n"
    done = fake(code + "sys.exit(main(['check']))")
    assert done.returncode == 70
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_stdout_that_is_not_utf8(encoding: str) -> None:
    env = {"PYTHONIOENCODING": encoding}
    done = fake("sys.exit(main(['check', '--all']))", env)
    assert done.returncode == 1, done.stderr
    assert b"18-34" in done.stdout or b"18\x9634" in done.stdout
    assert b"Traceback" not in done.stderr
    done = fake("sys.exit(main(['check', '-o', 'json']))", env)
    assert "18–34" in done.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_error() -> None:
    code = FAKE + "fake.reports *= 2000\nsys.exit(main(['check']))"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_said() -> None:
    code = FAKE + "sys.exit(main(['check']))"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert b"cannot write standard output" in done.stderr
    assert b"Traceback" not in done.stderr


def test_no_colour_without_a_terminal() -> None:
    done = fake("sys.exit(main(['check']))", {"FORCE_COLOR": "1", "TERM": "xterm"})
    assert b"\x1b" not in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal(no_color: str, coloured: bool) -> None:
    shown = _on_terminal(60, {"NO_COLOR": no_color, "TERM": "xterm"})
    assert (b"\x1b[" in shown) is coloured
    widths = [len(line.rstrip()) for line in shown.decode().splitlines()]
    if not coloured:
        assert 50 < max(widths) <= 60


def _on_terminal(columns: int, env: dict[str, str]) -> bytes:
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", FAKE + "sys.exit(main(['check']))"],
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        cwd=ROOT,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # The other end is closed.
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert process.wait(60) == 1
    return shown
