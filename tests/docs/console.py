"""Keeps what the docs show true: every command of every document is run, in a clean folder.

What is shown below a command is compared with what it writes; `--write` puts the real output in
its place, and writes the tables of fields anew. How blocks are marked stands in `blocks.py`.
"""

from __future__ import annotations

import difflib
import importlib.util
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.docs.blocks import ROOT, Block, blocks_of, documents
from tests.docs.stage import Done, Stage, matches, promised_code

_COMMAND = re.compile(r"^\$ (.*)\n", re.MULTILINE)
_ASKS_CODE = "echo $?"


class Player:
    """Runs the blocks of one document in order; `wrong` says which are not true."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.wrong: list[str] = []

    def play(self, path: Path, text: str) -> str:
        """Run a document and return it with the real output under each command."""
        made, at = [], 0
        printed: str | None = None
        for block in blocks_of(path, text):
            new = block.text
            if block.language == "console":
                new = self._console(block)
            elif block.language == "sh" and "run" in block.options:
                self._shell(block)
            elif block.language == "python" and "run" in block.options:
                printed = self._python(block)
            elif block.language == "text" and "output" in block.options:
                new = printed if printed is not None else new
            if block.option("file"):
                self.stage.write(block)
            made += [text[at : block.start], new]
            at = block.end
        return "".join([*made, text[at:]])

    def _console(self, block: Block) -> str:
        before, *parts = _COMMAND.split(block.text)
        made = [before]
        # The code of the command before, until "echo $?" has shown it.
        done: Done | None = None
        for command, shown in zip(parts[::2], parts[1::2], strict=True):
            made.append(f"$ {command}\n")
            # An empty line between two commands belongs to neither.
            gap = "\n" if shown.endswith("\n\n") else ""
            if command == _ASKS_CODE and done is not None:
                made.append(f"{done.code}\n{gap}")
                done = None
                continue
            self._settle(block, done)
            done = self.stage.shell(command)
            shown = shown.removesuffix("\n") if gap else shown
            made += [shown if matches(shown, done.output) else done.output, gap]
        self._settle(block, done)
        return "".join(made)

    def _settle(self, block: Block, done: Done | None) -> None:
        """Note a code that neither the output nor "echo $?" told."""
        if done is not None and done.code != promised_code(done.output):
            self.wrong.append(f"{block}: exits with {done.code}\n{done.output}")

    def _shell(self, block: Block) -> None:
        module = block.option("needs")
        if module and importlib.util.find_spec(module) is None:
            return
        done = self.stage.shell(block.text)
        if done.code != int(block.option("exit") or 0):
            self.wrong.append(f"{block}: exits with {done.code}\n{done.output}")

    def _python(self, block: Block) -> str:
        done = self.stage.run(sys.executable, "-c", block.text)
        if done.code:
            self.wrong.append(f"{block}: exits with {done.code}\n{done.output}")
        return done.output


def play(path: Path) -> tuple[str, list[str]]:
    """Run a document in a clean folder; return it as it should be, and what is wrong besides."""
    text = path.read_text(encoding="utf-8")
    if not any(True for _ in blocks_of(path, text)):
        return text, []
    with tempfile.TemporaryDirectory(prefix="docs-") as folder:
        player = Player(Stage(Path(folder)))
        return player.play(path, text), player.wrong


def difference(path: Path, new: str) -> Iterator[str]:
    """Yield the lines in which a document is not true."""
    name = path.relative_to(ROOT).as_posix()
    old = path.read_text(encoding="utf-8")
    labels = (f"{name} (as it is)", f"{name} (as it runs)")
    yield from difflib.unified_diff(old.splitlines(), new.splitlines(), *labels, n=2, lineterm="")


def tables(args: list[str]) -> int:
    """Write the tables of fields, or check them; 1 where one is not true."""
    command = [sys.executable, str(ROOT / "docs" / "generate.py")]
    if "--write" not in args:
        command.append("--check")
    return subprocess.run(command, check=False).returncode


def main(args: list[str]) -> int:
    """Compare all documents, or write them; 1 where one is not true."""
    drifted = tables(args)
    for path in documents():
        new, wrong = play(path)
        drifted += len(wrong)
        print("".join(wrong), end="")
        if new == path.read_text(encoding="utf-8"):
            continue
        # What a command did unasked for is nothing to show.
        if "--write" in args and not wrong:
            path.write_text(new, encoding="utf-8", newline="\n")
            print(f"wrote {path.relative_to(ROOT).as_posix()}")
            continue
        drifted += 1
        print("\n".join(difference(path, new)))
    if drifted:
        hint = "" if "--write" in args else "; write them anew: make docs"
        print(f"\n{drifted} not true any more{hint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
