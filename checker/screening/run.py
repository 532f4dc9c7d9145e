"""A screening from the first line to the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import duckdb

from checker.bulk.lines import Lines
from checker.bulk.screener import Screened
from checker.bulk.session import session
from checker.bulk.sources import Opened, Source
from checker.bulk.stage import Folder, Refusals, Stage, Staged, put
from checker.engine.verdicts import verdict_of
from checker.model.screening import BriefScreened, Lost, Screening
from checker.screening.briefs import OneBrief
from checker.screening.options import Options
from checker.screening.rows import find_mapping, lines_of_source
from checker.screening.work import Work

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
        works = [Work(brief, options, connection, str(index)) for index, brief in enumerate(briefs)]
        run = _Run(works, folder, options, stack)
        run.read(sources, progress)
        return run.finish(connection, table, format_, invalid)


class _Run:
    """One screening from the first line to the last."""

    def __init__(
        self, works: Sequence[Work], folder: Path, options: Options, stack: ExitStack
    ) -> None:
        self.works = works
        self.folder = folder
        self.options = options
        self.mapping = find_mapping(options, works[0].brief.project)
        self.lines = 0
        self.stages = [
            Stage(
                folder / f"{index}.parquet",
                work.brief.campaign.brief.id,
                work.screener.schema,
                options.keep,
            )
            for index, work in enumerate(works)
        ]
        for stage in self.stages:
            stack.callback(stage.close)
        self.refusals = Refusals(folder / "invalid.ndjson")
        stack.callback(self.refusals.close)
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
                        return
                    self._screen(kept, source)
                    if progress:
                        progress(before + opened.done, total, self.lines)
            before += source.size

    def _ahead(self, pieces: Iterator[Lines]) -> Iterator[Lines]:
        """Read the next piece while this one is judged."""
        ready = self.pool.submit(next, pieces, None)
        while True:
            lines = ready.result()
            if lines is None:
                return
            ready = self.pool.submit(next, pieces, None)
            yield lines

    def _lines(self, opened: Opened) -> Iterator[Lines]:
        first = self.works[0].brief
        return lines_of_source(opened, self.options, self.mapping, first.rules.types)

    def _limited(self, lines: Lines) -> Lines | None:
        if self.options.limit is None:
            return lines
        left = self.options.limit - self.lines
        if left <= 0:
            return None
        return lines.sliced(left)

    def _screen(self, lines: Lines, source: Source) -> None:
        as_is = source.kind == "ndjson" and self.mapping is None
        found = [work.screen(lines, source.shown, by_column=as_is) for work in self.works]
        read = found[0].table.num_rows + found[0].left_out + len(found[0].refused)
        self.lines += read
        self._wait()
        self.writing = self.pool.submit(self._write, found, source.shown)

    def _write(self, found: Sequence[Screened], shown: str) -> None:
        for stage, screened in zip(self.stages, found, strict=True):
            stage.add(screened.table, shown)
        self.refusals.add(found[0].refused, shown)

    def _wait(self) -> None:
        if self.writing:
            self.writing.result()
            self.writing = None

    def finish(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: Path | None,
        format_: str,
        invalid: Path | None,
    ) -> Screening:
        self._wait()
        for stage in self.stages:
            stage.close()
        staged = Staged(connection, self.stages)
        twice = staged.find_twice()
        for file, refused in twice:
            self.refusals.add([refused], file)
        self.refusals.close()
        briefs = tuple(
            self._brief(work, stage, staged, len(twice))
            for work, stage in zip(self.works, self.stages, strict=True)
        )
        if table:
            made = staged.finish(table, format_, self.folder, bool(twice))
        if invalid:
            put(self.refusals.path, invalid)
        if table:
            put(made, table)
        return Screening(
            as_of=self.works[0].brief.as_of.isoformat(),
            lines=self.lines,
            by_hand=self.works[0].by_hand,
            briefs=briefs,
            first_invalid=tuple(self.refusals.first),
            table=str(table or ""),
            invalid=str(invalid or ""),
        )

    def _brief(self, work: Work, stage: Stage, staged: Staged, twice: int) -> BriefScreened:
        brief = work.brief
        groups = staged.lost(stage)
        verdicts = dict.fromkeys(("pass", "fail", "undecided"), 0)
        for verdict, _, count, _ in groups:
            verdicts[verdict] += count
        titles = {each.rule.id: each.rule.title for each in brief.prepared}
        lost = tuple(
            Lost(rule, titles[rule], verdict, first, alone)
            for verdict, rule, first, alone in groups
            if rule is not None
        )
        own = brief.own()
        return BriefScreened(
            brief=brief.campaign.brief.id,
            title=str(brief.campaign.brief.data.get("title", brief.campaign.brief.id)),
            verdict=verdict_of(own, needs_pass=False),
            own=own,
            verdicts={**verdicts, "invalid": work.invalid + twice},
            lost=lost,
            best=tuple(staged.best(stage, self.options.best)),
            left_out=work.left_out,
            unclear=work.unclear,
        )
