"""A clean folder in which the commands of one document run, one after the other."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.docs.blocks import ROOT, Block

_SAID = re.compile(r"\(exit ([0-9]+)\)")
_ROLES = ("AUTHOR", "COMMITTER")
# What a reader has beside the document: the samples, and what the generated tables come from.
_COPIED = ("samples", "docs", "schemas", "Makefile")


@dataclass(frozen=True, slots=True)
class Done:
    """What a command wrote, messages after data, and its exit code."""

    output: str
    code: int


class Stage:
    """A git repository of the samples, with `checker` and `python` on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.folder.mkdir()
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, self.folder / name)
            else:
                shutil.copy(source, self.folder / name)
        programs = folder / "bin"
        programs.mkdir()
        for name, command in (("checker", "-m checker "), ("python", "")):
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {command}"$@"\n')
            program.chmod(0o755)
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
            # No configuration of the machine, and somebody to commit.
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            **{f"GIT_{role}_{part}": "docs" for role in _ROLES for part in ("NAME", "EMAIL")},
        }
        # The root of the project: no configuration above it is found. What the document writes
        # later is new since its one commit.
        for step in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "samples")):
            done = self.run("git", *step)
            assert not done.code, done.output

    def run(self, *command: str) -> Done:
        """Run a command and return what it did."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        lines = (done.stdout + done.stderr).splitlines()
        return Done("".join(line.rstrip() + "\n" for line in lines), done.returncode)

    def shell(self, command: str) -> Done:
        """Run a command of the shell."""
        return self.run("/bin/sh", "-e", "-c", command)

    def write(self, block: Block) -> None:
        """Write the file that a block shows."""
        path = self.folder / block.option("file")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8", newline="\n")


def promised_code(output: str) -> int:
    """Return the exit code that an output names; 0 where it names none."""
    said = _SAID.findall(output)
    return int(said[-1]) if said else 0


def matches(shown: str, output: str) -> bool:
    """Tell whether an output is what is shown, in which a line "..." stands for any lines."""
    parts = re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE)
    pattern = r"(?:.*\n)*?".join(re.escape(part) for part in parts)
    return re.fullmatch(pattern, output) is not None
