"""Keeps the output that the docs show true.

A fenced block marked `console` holds commands, "$ checker ...", each with its output below. Each
command is run in the root of the project and compared; `--write` puts the real output in its
place. An output of one line "..." is not compared: the command only has to run.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def documents() -> list[Path]:
    """Return every Markdown file that people read."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/**/*.md")]
    return sorted(found)


def output_of(command: str) -> str:
    """Run "checker ..." and return what it writes, messages after data."""
    program, *args = shlex.split(command)
    if program != "checker":
        raise SystemExit(f"docs show the output of checker only, not of: {command}")
    done = subprocess.run(
        [sys.executable, "-m", "checker", *args],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "80"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    if done.returncode == 70:
        raise SystemExit(f"{command}: {done.stderr}")
    lines = (done.stdout + done.stderr).splitlines()
    return "".join(line.rstrip() + "\n" for line in lines)


def renewed(text: str) -> str:
    """Return a document with the real output under each command."""
    return _BLOCK.sub(lambda block: f"```console\n{_renewed_block(block[1])}```", text)


def _renewed_block(block: str) -> str:
    parts = re.split(r"^(\$ .*\n)", block, flags=re.MULTILINE)
    new = [parts[0]]
    for command, shown in zip(parts[1::2], parts[2::2], strict=True):
        # An empty line between two commands belongs to neither.
        gap = "\n" if shown.endswith("\n\n") else ""
        output = output_of(command[2:])
        new += [command, shown if shown.strip() == "..." else output + gap]
    return "".join(new)


def main(args: list[str]) -> int:
    """Compare all documents, or write them; 1 where one is not true."""
    drifted = 0
    for path in documents():
        text = path.read_text(encoding="utf-8")
        new = renewed(text)
        if new == text:
            continue
        drifted += 1
        name = path.relative_to(ROOT).as_posix()
        if "--write" in args:
            path.write_text(new, encoding="utf-8", newline="\n")
            print(f"wrote {name}")
            continue
        diff = difflib.unified_diff(
            text.splitlines(),
            new.splitlines(),
            f"{name} (as it is)",
            f"{name} (as it runs)",
            "",
            "",
            2,
            "",
        )
        print("\n".join(diff))
    if drifted and "--write" not in args:
        print(f"\n{drifted} not true any more; write them anew: make docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
