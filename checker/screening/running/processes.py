"""Pieces judged side by side, in processes of their own.

A process is started anew and given the bytes of the briefs, then pieces of files; it gives back
arrays. When one ends, or the one that started them, all end.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import IO, Any

from checker.model.screening import EndedError
from checker.screening.carried import Carried, unpacked
from checker.screening.options import Options
from checker.screening.reading.pieces import Piece
from checker.screening.running.work import Done, Work

_START = "from checker.screening.running.processes import serve; serve()"


@dataclass(frozen=True)
class Job:
    """What a process needs to judge: the briefs as bytes, and what is asked for."""

    carried: Carried
    options: Options


class Processes:
    """Some processes that judge pieces; leaving it ends them all."""

    def __init__(self, job: Job, count: int) -> None:
        self._job = pickle.dumps(job, 5)
        self._count = count
        self._running: list[_Process] = []
        self._free: SimpleQueue[_Process] = SimpleQueue()
        self._threads = ThreadPoolExecutor(count)

    def __enter__(self) -> Processes:
        try:
            for _ in range(self._count):
                self._running.append(_Process(self._job))
        except BaseException:
            self.__exit__()
            raise
        for each in self._running:
            self._free.put(each)
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._running:
            each.end()
        # Whoever waits for a process learns that it ended.
        self._threads.shutdown(cancel_futures=True)

    def screen(self, pieces: Iterable[tuple[Piece, str]]) -> Iterator[tuple[Done, str]]:
        """Judge pieces of files, given with the file's name; give them in their order."""
        waiting: deque[tuple[Future[Done], str]] = deque()
        for piece, shown in pieces:
            waiting.append((self._threads.submit(self._screen, piece, shown), shown))
            # One more than there are processes is read ahead.
            while len(waiting) > self._count or (waiting and waiting[0][0].done()):
                done, name = waiting.popleft()
                yield done.result(), name
        while waiting:
            done, name = waiting.popleft()
            yield done.result(), name

    def _screen(self, piece: Piece, shown: str) -> Done:
        process = self._free.get()
        try:
            return process.screen(piece, shown)
        finally:
            self._free.put(process)


class _Process:
    """One process that judges."""

    def __init__(self, job: bytes) -> None:
        self._job: bytes | None = job
        # Of a session of its own, so that Ctrl-C reaches only the one that can clean up.
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )

    def screen(self, piece: Piece, shown: str) -> Done:
        """Judge a piece."""
        tube, back = self._process.stdin, self._process.stdout
        assert tube is not None and back is not None
        try:
            if self._job is not None:
                _send(tube, self._job)
                self._job = None
            _send(tube, pickle.dumps((piece, shown), 5))
            found = _receive(back)
        except (OSError, EOFError, ValueError):
            raise EndedError(self._process.poll()) from None
        if isinstance(found, BaseException):
            raise found
        assert isinstance(found, Done)
        return found

    def end(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.wait()
        for tube in (self._process.stdin, self._process.stdout):
            if tube is not None:
                with suppress(OSError):  # What was to be written is wanted no more.
                    tube.close()


def _send(tube: IO[bytes], data: bytes) -> None:
    tube.write(len(data).to_bytes(8, "little"))
    tube.write(data)
    tube.flush()


def _receive(tube: IO[bytes]) -> Any:
    """Return what was sent. Raises EOFError at the end."""
    size = int.from_bytes(_exactly(tube, 8), "little")
    return pickle.loads(_exactly(tube, size))


def _exactly(tube: IO[bytes], size: int) -> bytes:
    data = tube.read(size)
    if len(data) < size:
        raise EOFError
    return data


def serve() -> None:
    """Judge what comes in, until nothing more does or nobody takes it: run in the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inward, outward = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What is printed by accident must not come between.
    os.dup2(2, 1)
    try:
        job = _receive(inward)
        work: Work | None = None
        while True:
            piece, shown = _receive(inward)
            found: Any
            try:
                if work is None:
                    briefs = unpacked(job.carried)
                    work = Work(briefs, job.options)
                found = work.screen(piece, shown)
            except Exception as error:
                found = error
            _send(outward, pickle.dumps(found, 5))
    except (EOFError, OSError):
        os._exit(0)
