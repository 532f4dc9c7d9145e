"""Files are read whole, up to a limit, and pipes are not read at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checker.loading.source import read_source
from checker.model.diagnostics import InputError


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError) as raised:
        read_source(tmp_path / "pipe", shown_as="pipe")
    assert raised.value.diagnostics[0].code == "not-a-file"


@pytest.mark.parametrize("size", [0, 1, 999, 1000])
def test_a_file_up_to_the_limit_is_read(tmp_path: Path, size: int) -> None:
    (tmp_path / "file").write_bytes(b"x" * size)
    assert read_source(tmp_path / "file", shown_as="file", limit=1000).text == "x" * size


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 1001)
    with pytest.raises(InputError):
        read_source(tmp_path / "file", shown_as="file", limit=1000)
