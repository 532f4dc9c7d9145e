"""A cold `checker check` beside `check-jsonschema` on the same brief, and beside bare imports.

Run it with `make bench`. Each run is a process of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.harness import Work, compare, table

ROOT = Path(__file__).parents[2]
BRIEF = "samples/bramble/spring/brief.yaml"

# What each command must end with and say, so that a crash never counts as a fast run.
EXPECTED = {
    "checker check": (1, b"Not ready to sign"),
    "check-jsonschema": (0, b"ok"),
    "bare imports": (0, b""),
}


def commands() -> dict[str, list[str]]:
    """Return the contenders, all of the same Python and its installed commands."""
    scripts = Path(sys.executable).parent
    return {
        "checker check": [
            str(scripts / "checker"), "check", BRIEF, "--as-of", "2026-03-02",
        ],
        "check-jsonschema": [
            str(scripts / "check-jsonschema"), "--schemafile", "schemas/brief.schema.json", BRIEF,
        ],
        "bare imports": [sys.executable, "-c", "import yaml, click, jsonschema"],
    }  # fmt: skip


def process(name: str, command: Sequence[str]) -> Work:
    """Return the work of running a command to its end."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}

    def work() -> None:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        code, words = EXPECTED[name]
        if done.returncode != code or words not in done.stdout:
            message = (done.stderr or done.stdout).decode(errors="replace")
            raise SystemExit(f"{name} ended with {done.returncode}:\n{message}")

    return work


def main() -> None:
    """Time the commands and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    arguments = parser.parse_args()
    contenders = commands()
    # Once with bytecode written, so that every timed run finds it.
    for command in contenders.values():
        subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    work = {name: process(name, command) for name, command in contenders.items()}
    print(f"cold start, {arguments.rounds} rounds, Python {sys.version.split()[0]}")
    print(table(compare(work, rounds=arguments.rounds)))


if __name__ == "__main__":
    main()
