"""The same bytes for the same run, whatever the streams and the environment are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.world import AS_OF, ROOT, process, run

SPRING = ("check", "samples/bramble/spring", "--as-of", AS_OF)


@pytest.mark.parametrize("options", [(), ("--all",), ("-o", "json")])
def test_the_same_run_gives_the_same_bytes(options: tuple[str, ...]) -> None:
    seen = {
        process(*SPRING, *options, folder=ROOT, env={"PYTHONHASHSEED": seed}).out
        for seed in ("0", "1", "4242")
    }
    assert len(seen) == 1
    (text,) = seen
    assert text.startswith("{" if "json" in options else "Spring ribbons")


@pytest.mark.parametrize("command", ["rules", "lint", "test", "explain"])
def test_other_commands_give_the_same_bytes(command: str) -> None:
    args = (command, "cost-per-influencer") if command == "explain" else (command,)
    folder = ROOT / "samples" / "bramble"
    seen = {process(*args, folder=folder, env={"PYTHONHASHSEED": each}).out for each in ("0", "42")}
    assert len(seen) == 1
    assert "" not in seen


def test_a_process_writes_what_the_command_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert run(*SPRING).out == process(*SPRING, folder=ROOT).out


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_a_stdout_that_is_not_utf8(env: dict[str, str]) -> None:
    done = process(*SPRING, "--all", folder=ROOT, env=env)
    assert done.code == 1, done.err
    assert "is 18-34" in done.out or "is 18–34" in done.out
    assert "@willowandwool" in done.out
    if "PYTHONUTF8" in env or "PYTHONIOENCODING" in env:
        assert done.out.isascii()
    said = process("check", "samples/broken/rounded-followers", folder=ROOT, env=env)
    assert said.code == 3
    assert "12.4k" in said.said
    machine = process(*SPRING, "-o", "json", folder=ROOT, env=env)
    assert json.loads(machine.out) == json.loads(process(*SPRING, "-o", "json", folder=ROOT).out)


@pytest.mark.parametrize(
    "env", [{"COLUMNS": "40"}, {"COLUMNS": "0"}, {"NO_COLOR": "1"}, {"TERM": "dumb"},
            {"FORCE_COLOR": "1", "TERM": "xterm-256color"}],
)  # fmt: skip
def test_without_a_terminal_nothing_of_the_environment_counts(env: dict[str, str]) -> None:
    assert process(*SPRING, folder=ROOT, env=env).out == process(*SPRING, folder=ROOT).out


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_narrow_terminal(tmp_path: Path, no_color: str, coloured: bool) -> None:
    shown = on_terminal(40, {"NO_COLOR": no_color, "TERM": "xterm", "PYTHONUTF8": "1"})
    assert ("\x1b[" in shown) is coloured
    assert "@willowandwool" in shown
    if not coloured:
        wide = [line for line in shown.splitlines() if len(line.rstrip()) > 40]
        # The command stays on one line, to be copied whole.
        assert [line.split()[:2] for line in wide] == [["checker", "check"]]


def on_terminal(columns: int, env: dict[str, str]) -> str:
    """Run the command on a terminal of this width and return what it shows."""
    import fcntl
    import os
    import pty
    import struct
    import subprocess
    import sys
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "checker", *SPRING],
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
    return shown.decode("utf-8")
