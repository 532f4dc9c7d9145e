from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import console
from tests.docs.blocks import ROOT, Block, all_blocks, blocks_of, documents
from tests.docs.stage import Stage, matches, promised_code

BLOCKS = all_blocks()


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_every_command_of_a_document_does_what_it_says(path: Path) -> None:
    new, wrong = console.play(path)
    assert not wrong, "\n".join(wrong)
    assert not list(console.difference(path, new)), "\n".join(console.difference(path, new))


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.language in ("sh", "python")], ids=str)
def test_every_command_is_run_or_says_that_it_is_not(block: Block) -> None:
    assert {"run", "by-hand"} & set(block.options), f"{block}: mark it run or by-hand"


@pytest.mark.parametrize("block", [b for b in BLOCKS if "by-hand" in b.options], ids=str)
def test_commands_by_hand_name_targets_that_exist(block: Block) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in block.text.splitlines():
        words = line.split("#")[0].split()
        if words[:1] == ["make"]:
            assert f"\n{words[1]}:" in makefile, f"{block}: no target {words[1]}"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_output_is_put_under_its_command(stage: Stage) -> None:
    text = "a\n```console\n$ echo new\nold\n\n$ checker --version\n...\n```\nb\n```text\n$ x\n```\n"
    player = console.Player(stage)
    new = player.play(ROOT / "README.md", text)
    assert new == text.replace("old", "new")
    assert not player.wrong


def test_a_code_must_be_told(stage: Stage) -> None:
    path = ROOT / "README.md"
    silent, told = console.Player(stage), console.Player(stage)
    silent.play(path, "```console\n$ exit 3\n```\n")
    assert silent.wrong
    assert "\n3\n```" in told.play(path, "```console\n$ exit 3\n$ echo $?\n9\n```\n")
    assert not told.wrong
    run = console.Player(stage)
    run.play(path, "```sh run exit=4\nexit 4\n```\n```sh run\nexit 1\n```\n")
    assert len(run.wrong) == 1


def test_files_are_there_for_later_commands(stage: Stage) -> None:
    text = "```yaml file=a/b.yaml\nx: 1\n```\n```console\n$ cat a/b.yaml\n```\n"
    assert "$ cat a/b.yaml\nx: 1\n" in console.Player(stage).play(ROOT / "README.md", text)


def test_a_line_of_dots_stands_for_any_lines() -> None:
    assert matches("a\n...\nd\n", "a\nb\nc\nd\n")
    assert matches("...\n", "")
    assert not matches("a\n...\nd\n", "a\nb\n")
    assert not matches("a\nd\n", "a\nb\nd\n")


def test_the_code_that_an_output_names() -> None:
    assert promised_code("Not ready to sign. (exit 1)\n") == 1
    assert promised_code("fine\n") == 0


def test_blocks_have_a_place() -> None:
    (block,) = blocks_of(ROOT / "README.md", "one\n\n```sh run exit=2\nls\n```\n")
    assert (block.line, block.language, block.options) == (3, "sh", ("run", "exit=2"))
    assert (block.option("exit"), block.option("file"), block.text) == ("2", "", "ls\n")
