"""A screening from the first line to the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

from checker.bulk.columns import Columns
from checker.bulk.lines import Lines
from checker.bulk.screener import Screened
from checker.bulk.session import session
from checker.bulk.sources import Opened, Source
from checker.bulk.stage import Folder
from checker.model.screening import Screening
from checker.screening.briefs import OneBrief
from checker.screening.options import Options
from checker.screening.results import Results
from checker.screening.rows import find_mapping, lines_of_source
from checker.screening.work import Work, make_works

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
    with ExitStack() as stack:
        folder = stack.enter_context(Folder(table or invalid))
        opened = session(folder=folder, memory=options.memory, threads=options.threads)
        connection = stack.enter_context(opened)
        works = make_works(briefs, options, connection)
        run = _Run(works, folder, options, stack)
        run.read(sources, progress)
        return run.results.finish(connection, table, format_, invalid)


class _Run:
    """One screening from the first line to the last."""

    def __init__(
        self, works: Sequence[Work], folder: Path, options: Options, stack: ExitStack
    ) -> None:
        self.works = works
        self.options = options
        self.mapping = find_mapping(options, works[0].brief.project)
        parts = [(work.brief, work.screener.schema) for work in works]
        self.results = Results(parts, folder, options, stack)
        for work, tally in zip(works, self.results.tallies, strict=True):
            work.tally = tally
        self.pool = stack.enter_context(ThreadPoolExecutor(2))
        self.writing: Future[None] | None = None

    def read(self, sources: Sequence[Source], progress: Progress | None) -> None:
        total = sum(source.size for source in sources)
        before = 0
        for source in sources:
            with closing(Opened(source)) as opened:
                for lines in self._ahead(self._lines(opened)):
                    kept = self._limited(lines)
                    if kept is None:
                        self._wait()
                        return
                    self._screen(kept, source)
                    if progress:
                        progress(before + opened.done, total, self.results.lines)
            before += source.size
        self._wait()

    def _ahead(self, pieces: Iterator[Lines | Columns]) -> Iterator[Lines | Columns]:
        """Read the next piece while this one is judged."""
        ready = self.pool.submit(next, pieces, None)
        while True:
            lines = ready.result()
            if lines is None:
                return
            ready = self.pool.submit(next, pieces, None)
            yield lines

    def _lines(self, opened: Opened) -> Iterator[Lines | Columns]:
        first = self.works[0].brief
        part = self.works[0].reading.proofs[1].record
        return lines_of_source(opened, self.options, self.mapping, first.rules.types, part)

    def _limited(self, lines: Lines | Columns) -> Lines | Columns | None:
        if self.options.limit is None:
            return lines
        left = self.options.limit - self.results.lines
        if left <= 0:
            return None
        return lines.sliced(left)

    def _screen(self, lines: Lines | Columns, source: Source) -> None:
        as_is = source.kind == "ndjson" and self.mapping is None
        readings = dict.fromkeys(work.reading for work in self.works)
        read = {reading: reading.read(lines) for reading in readings}
        found = [
            work.screen(lines, read[work.reading], source.shown, by_column=as_is)
            for work in self.works
        ]
        one = found[0]
        self.results.lines += one.table.num_rows + one.left_out + len(one.refused)
        self._wait()
        self.writing = self.pool.submit(self._write, found, source.shown)

    def _write(self, found: Sequence[Screened], shown: str) -> None:
        self.results.add([screened.table for screened in found], found[0].refused, shown)

    def _wait(self) -> None:
        if self.writing:
            self.writing.result()
            self.writing = None
