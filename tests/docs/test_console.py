from __future__ import annotations

import pytest

from tests.docs import console


def test_output_is_put_under_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "output_of", lambda command: f"ran {command.strip()}\n")
    text = "a\n```console\n$ checker a\nold\n\n$ checker b\n...\n```\nb\n```text\n$ x\n```\n"
    new = console.renewed(text)
    assert new == text.replace("old", "ran checker a")
    assert console.renewed(new) == new


def test_only_our_own_command_is_run() -> None:
    with pytest.raises(SystemExit):
        console.output_of("rm -rf .")


def test_runs_the_command() -> None:
    assert console.output_of("checker --version").startswith("checker ")
