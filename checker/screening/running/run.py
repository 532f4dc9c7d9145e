"""A screening from the first line to the last."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from checker.loading.importing.mapping_file import formats, load_mapping, mapping_for
from checker.loading.project import Project
from checker.loading.vocabulary import Blanks
from checker.model.diagnostics import Diagnostic, RulesError
from checker.model.mappings import ImportMapping
from checker.model.screening import Screening
from checker.screening.briefs import OneBrief
from checker.screening.keeping import refuse_kept
from checker.screening.options import Options
from checker.screening.reading.files import pieces_of
from checker.screening.reading.pieces import BLOCK, Piece
from checker.screening.reading.sources import Opened, Source
from checker.screening.running.processes import Job, Processes
from checker.screening.running.results import Results
from checker.screening.running.stage import Folder
from checker.screening.running.work import Done, Work

Progress = Callable[[int, int, int], None]
# How much a file holds, as lines, for each of its bytes.
_GROWN = {"gzip": 8, "zstd": 8, "bz2": 8, "parquet": 6}
# So many bytes of lines take longer than the start of a process.
_FOR_A_PROCESS = 24 << 20
# What a process takes of the memory.
_EACH = 250 << 20


def screen(
    briefs: Sequence[OneBrief],
    sources: Sequence[Source],
    *,
    options: Options,
    table: Path | None = None,
    format_: str = "parquet",
    invalid: Path | None = None,
    progress: Progress | None = None,
    start: Job | None = None,
) -> Screening:
    """Screen influencers by briefs, in one read of the files.

    Files are written when all is done, whole or not at all. Raises CheckerError; OSError where
    something cannot be written; EndedError where a process was ended.

    Args:
        briefs: ready to screen by.
        sources: the files of influencers.
        options: what is asked for.
        table, format_: the file for the table, and its format.
        invalid: the file for the lines that cannot be used.
        progress: called with the bytes that are read, all bytes, and the lines.
        start: what other processes are started with, where they pay; None for this one alone.
    """
    for brief in briefs:
        refuse_kept(options.keep, brief.rules.types["influencer"].fields)
    with ExitStack() as stack:
        folder = stack.enter_context(Folder(table or invalid))
        work = Work(briefs, options)
        parts = list(zip(briefs, (judge.schema for judge in work.judges), strict=True))
        results = Results(parts, folder, options, format_ if table else "", stack)
        reading = _Reading(sources, briefs[0], options, results)
        count = _count(sources, options) if start is not None else 1
        judged: Iterator[tuple[Done, str]]
        if start is None or count == 1:
            judged = ((work.screen(*each), each[1]) for each in reading.pieces())
        else:
            processes = stack.enter_context(Processes(start, count))
            judged = processes.screen(reading.pieces())
        for done, shown in judged:
            results.add(done, shown)
            if progress:
                progress(reading.done, reading.total, results.lines)
        return replace(results.finish(table, invalid), blank_cells=reading.blanks.said())


class _Reading:
    """The files while they are read, piece by piece."""

    def __init__(
        self, sources: Sequence[Source], brief: OneBrief, options: Options, results: Results
    ) -> None:
        self.sources = sources
        self.schemas = brief.project.schemas
        self.blanks = Blanks()
        self.mapping = find_mapping(options, brief.project)
        self.options = options
        self.results = results
        self.total = sum(source.size for source in sources)
        self.done = 0

    def pieces(self) -> Iterator[tuple[Piece, str]]:
        """Give the pieces of all files, each with the name of its file."""
        before = 0
        for source in self.sources:
            with Opened(source) as opened:
                for piece in pieces_of(
                    opened,
                    self.schemas,
                    keep=self.options.keep,
                    mapping=self.mapping,
                    blanks=self.blanks,
                    block=BLOCK,
                    limit=self.options.limit,
                ):
                    self.done = before + opened.done
                    if self.options.limit is None:
                        yield piece, source.shown
                        continue
                    # How many are left is known, as those before are judged already.
                    left = self.options.limit - self.results.lines
                    if left <= 0:
                        return
                    yield piece.first(left), source.shown
            before += source.size
        self.done = self.total


def _count(sources: Sequence[Source], options: Options) -> int:
    """Return how many processes pay: each takes a start, and memory."""
    if options.limit is not None:
        return 1
    size = sum(source.size * _GROWN.get(source.packed or source.kind, 1) for source in sources)
    room = max(1, options.memory_in_bytes // _EACH)
    return min(options.threads or os.cpu_count() or 1, room, 1 + size // _FOR_A_PROCESS)


def find_mapping(options: Options, project: Project) -> ImportMapping | None:
    """Return the mapping that is asked for: a file, or a shipped one by name. Raises RulesError."""
    if not options.mapping:
        return None
    if options.mapping in formats(project):
        mapping = mapping_for(options.mapping, schemas=project.schemas, project=project)
    else:
        mapping = load_mapping(Path(options.mapping), schemas=project.schemas)
    if mapping.records:
        message = "this mapping finds several records in a document; screening takes one a line"
        hint = "Run checker import first, and screen what it writes."
        raise RulesError([Diagnostic("several-records", message, mapping.position, hint=hint)])
    return mapping
