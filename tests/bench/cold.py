"""A cold `checker check` beside `check-jsonschema` on the same brief, and beside bare imports.

Run it with `make bench`. Each run is a process of its own. The program is installed as pip leaves
it, with its bytecode, into an environment of its own that sees this one's packages; every command
starts from there.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.harness import Work, compare, table

ROOT = Path(__file__).parents[2]
BRIEF = "samples/bramble/spring/brief.yaml"
OTHER = "from check_jsonschema import main; main()"

# What each command must end with and say, so that a crash never counts as a fast run.
EXPECTED = {
    "checker check": (1, b"Not ready to sign"),
    "check-jsonschema": (0, b"ok"),
    "bare imports": (0, b""),
}


def environment() -> dict[str, str]:
    """Return this environment without Python's own settings: bytecode is written and read."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def install(folder: Path) -> Path:
    """Build this repository and install it into a new environment; return its Python."""
    home = folder / "v"
    python = home / "bin/python"
    _python("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    _python("-m", "venv", "--without-pip", str(home))
    (wheel,) = folder.glob("*.whl")
    _python("-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
    packages = sysconfig.get_path("purelib", vars={"base": str(home)})
    Path(packages, "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def _python(*arguments: str) -> None:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.decode(errors="replace"))


def commands(python: Path) -> dict[str, list[str]]:
    """Return the contenders, all of the same Python and its packages."""
    schema = "schemas/brief.schema.json"
    return {
        "checker check": [
            str(python.with_name("checker")), "check", BRIEF, "--as-of", "2026-03-02",
        ],
        "check-jsonschema": [str(python), "-P", "-c", OTHER, "--schemafile", schema, BRIEF],
        "bare imports": [str(python), "-P", "-c", "import yaml, click, jsonschema"],
    }  # fmt: skip


def process(name: str, command: Sequence[str], env: Mapping[str, str]) -> Work:
    """Return the work of running a command to its end."""

    def work() -> None:
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)
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
    with tempfile.TemporaryDirectory() as folder:
        contenders = commands(install(Path(folder)))
        work = {name: process(name, command, environment()) for name, command in contenders.items()}
        timings = compare(work, rounds=arguments.rounds, warmups=3)
    print(f"cold start, {arguments.rounds} rounds, Python {sys.version.split()[0]}")
    print(table(timings))


if __name__ == "__main__":
    main()
