"""Files are read whole, whatever the system says of their size."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

import pytest

from checker.loading.source import read_source
from checker.model.diagnostics import InputError


def piped(path: Path, data: bytes) -> threading.Thread:
    os.mkfifo(path)
    writer = threading.Thread(target=_write, args=(path, data))
    writer.start()
    return writer


def _write(path: Path, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):
        path.write_bytes(data)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_has_no_size_and_is_read_to_its_end(tmp_path: Path) -> None:
    text = "one line\n" * 30_000
    writer = piped(tmp_path / "pipe", text.encode())
    assert read_source(tmp_path / "pipe", shown_as="pipe").text == text
    writer.join()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_not_read_beyond_the_limit(tmp_path: Path) -> None:
    writer = piped(tmp_path / "pipe", b"x" * 300_000)
    with pytest.raises(InputError) as raised:
        read_source(tmp_path / "pipe", shown_as="pipe", limit=1000)
    assert raised.value.diagnostics[0].code == "too-large"
    writer.join()


@pytest.mark.parametrize("size", [0, 1, 999, 1000])
def test_a_file_up_to_the_limit_is_read(tmp_path: Path, size: int) -> None:
    (tmp_path / "file").write_bytes(b"x" * size)
    assert read_source(tmp_path / "file", shown_as="file", limit=1000).text == "x" * size


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 1001)
    with pytest.raises(InputError):
        read_source(tmp_path / "file", shown_as="file", limit=1000)
