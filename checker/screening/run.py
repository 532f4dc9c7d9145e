"""A screening from the first line to the last."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

from checker.bulk.columns import Columns
from checker.bulk.lines import BLOCK, Lines
from checker.bulk.screener import Screened
from checker.bulk.session import session
from checker.bulk.sources import Opened, Source
from checker.bulk.stage import Folder
from checker.loading.vocabulary import Blanks
from checker.model.screening import Screening
from checker.screening.briefs import OneBrief
from checker.screening.keeping import refuse_kept
from checker.screening.options import Options
from checker.screening.results import Results
from checker.screening.rows import find_mapping, lines_of_source
from checker.screening.work import Lane, make_lanes

_MOST_LANES = 4
# What all lanes have in hand at a time, in bytes of the file; memory takes some fifteen times that.
_IN_HAND = 2 * BLOCK
_LEAST_FOR_A_LANE = BLOCK // 4
Progress = Callable[[int, int, int], None]


def screen(
    briefs: Sequence[OneBrief],
    sources: Sequence[Source],
    *,
    options: Options,
    table: Path | None = None,
    format_: str = "parquet",
    invalid: Path | None = None,
    progress: Progress | None = None,
) -> Screening:
    """Screen influencers by briefs, in one read of the files.

    Files are written when all is done, whole or not at all. Raises CheckerError; OSError where
    something cannot be written.
    """
    for brief in briefs:
        refuse_kept(options.keep, brief.rules.types["influencer"].fields)
    with ExitStack() as stack:
        folder = stack.enter_context(Folder(table or invalid))
        threads = options.threads or os.cpu_count() or 1
        lanes = _lanes(sources, threads)
        opened = session(folder=folder, memory=options.memory, threads=max(1, threads // lanes))
        connection = stack.enter_context(opened)
        cursors = [stack.enter_context(closing(connection.cursor())) for _ in range(lanes)]
        run = _Run(briefs, make_lanes(briefs, options, cursors), folder, options, stack)
        run.read(sources, progress)
        done = run.results.finish(connection, table, format_, invalid)
        return replace(done, blank_cells=run.blanks.said())


def _lanes(sources: Sequence[Source], threads: int) -> int:
    """Return how many pieces are judged at the same time: each takes memory and a start."""
    size = sum(source.size for source in sources)
    return min(threads, _MOST_LANES, 1 + size // _LEAST_FOR_A_LANE)


class _Run:
    """One screening from the first line to the last."""

    def __init__(
        self,
        briefs: Sequence[OneBrief],
        lanes: Sequence[Lane],
        folder: Path,
        options: Options,
        stack: ExitStack,
    ) -> None:
        self.briefs = briefs
        self.lanes = lanes
        self.free: SimpleQueue[Lane] = SimpleQueue()
        for lane in lanes:
            self.free.put(lane)
        self.options = options
        self.mapping = find_mapping(options, briefs[0].project)
        self.blanks = Blanks()
        schemas = [work.screener.schema for work in lanes[0].works]
        parts = list(zip(briefs, schemas, strict=True))
        self.results = Results(parts, folder, options, stack)
        # Beside the lanes one piece is read, and one is written.
        self.pool = ThreadPoolExecutor(len(lanes) + 2)
        stack.callback(self.pool.shutdown, cancel_futures=True)
        self.judged: deque[tuple[Future[list[Screened]], Source]] = deque()
        self.writing: Future[None] | None = None

    def read(self, sources: Sequence[Source], progress: Progress | None) -> None:
        total = sum(source.size for source in sources)
        before = 0
        block = min(BLOCK, _IN_HAND // len(self.lanes))
        for source in sources:
            with closing(Opened(source, block)) as opened:
                for lines in self._ahead(self._lines(opened)):
                    kept = self._limited(lines)
                    if kept is None:
                        break
                    self._collect(len(self.lanes) - 1)
                    self.judged.append((self.pool.submit(self._screen, kept, source), source))
                    if progress:
                        progress(before + opened.done, total, self.results.lines)
            before += source.size
        self._collect(0)
        self._wait()
        if progress:
            progress(total, total, self.results.lines)

    def _ahead(self, pieces: Iterator[Lines | Columns]) -> Iterator[Lines | Columns]:
        """Read the next piece while others are judged."""
        ready = self.pool.submit(next, pieces, None)
        while True:
            lines = ready.result()
            if lines is None:
                return
            ready = self.pool.submit(next, pieces, None)
            yield lines

    def _lines(self, opened: Opened) -> Iterator[Lines | Columns]:
        schemas, part = self.briefs[0].project.schemas, self.lanes[0].part
        return lines_of_source(opened, self.options, self.mapping, schemas, part, self.blanks)

    def _limited(self, lines: Lines | Columns) -> Lines | Columns | None:
        if self.options.limit is None:
            return lines
        # How many are left to read is known when all before are judged.
        self._collect(0)
        left = self.options.limit - self.results.lines
        return lines.sliced(left) if left > 0 else None

    def _screen(self, lines: Lines | Columns, source: Source) -> list[Screened]:
        as_is = source.kind == "ndjson" and self.mapping is None
        lane = self.free.get()
        try:
            return lane.screen(lines, source.shown, by_column=as_is)
        finally:
            self.free.put(lane)

    def _collect(self, most: int) -> None:
        """Take what is judged, in the order of the files, until at most so many pieces are left."""
        while len(self.judged) > most:
            judged, source = self.judged.popleft()
            found = judged.result()
            for tally, one in zip(self.results.tallies, found, strict=True):
                tally.add(one)
            self.results.lines += found[0].lines
            self._wait()
            self.writing = self.pool.submit(self._write, found, source.shown)

    def _write(self, found: Sequence[Screened], shown: str) -> None:
        self.results.add([screened.table for screened in found], found[0].refused, shown)

    def _wait(self) -> None:
        if self.writing:
            self.writing.result()
            self.writing = None
