"""One brief while lines go through it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import duckdb

from checker.bulk.columns import Columns
from checker.bulk.compile import CannotCompileError, Kernel, compile_rules
from checker.bulk.judged import Judge
from checker.bulk.layout import Layout
from checker.bulk.lines import Lines, Refused
from checker.bulk.proof import Path, Proof, proof
from checker.bulk.proof.nested import Record
from checker.bulk.reading import Found, Reading
from checker.bulk.screener import Judged, Query, Screened, Screener, rows_of
from checker.engine.prepared import Desk
from checker.language.evaluate import Evaluator
from checker.language.nodes import Node
from checker.model.diagnostics import Diagnostic, RulesError
from checker.model.values import Value
from checker.screening.briefs import OneBrief
from checker.screening.options import Options
from checker.screening.reader import Reader


@dataclass(frozen=True)
class Compiled:
    """A brief's rules as SQL, for rows without and with ranges.

    `reading` is the place of the proofs by which its rows are read. `fitted` are the rules that
    count for `fit`.
    """

    queries: tuple[Query, Query]
    reading: int
    rules: tuple[str, ...]
    fitted: tuple[str, ...]


def compile_briefs(
    briefs: Sequence[OneBrief], options: Options
) -> tuple[list[Compiled], list[tuple[Proof, Proof]]]:
    """Compile briefs, each for a screener of its place's name; and how their rows are proved.

    Briefs of one project and the same vocabularies share the reading of lines. Raises RulesError
    where a rule has no SQL.
    """
    made: list[Compiled] = []
    # The first brief of each reading, and the paths that are read there.
    firsts: list[OneBrief] = []
    reads: list[set[Path]] = []
    for place, brief in enumerate(briefs):
        reading = _reading(brief, firsts)
        if reading == len(firsts):
            firsts.append(brief)
            reads.append(set())
        exact, ranged = (_kernel(brief, layout, options) for layout in _layouts(brief))
        reads[reading].update(exact.reads | ranged.reads)
        told = options.reasons != "none"
        queries = (
            Query(exact.select(rows_of(str(place), 0), outcomes=told), exact.fixed),
            Query(ranged.select(rows_of(str(place), 1), outcomes=told), ranged.fixed),
        )
        made.append(Compiled(queries, reading, ranged.rules, ranged.fitted))
    return made, [_proofs(*each, options) for each in zip(firsts, reads, strict=True)]


def _reading(brief: OneBrief, firsts: Sequence[OneBrief]) -> int:
    """Return the place of the brief that lines are read alike for; the next one if there is none.

    What is read holds the keys of labels, which the vocabularies give.
    """
    words = brief.desk.context.vocabularies
    for place, each in enumerate(firsts):
        if each.project is brief.project and each.desk.context.vocabularies == words:
            return place
    return len(firsts)


def _layouts(brief: OneBrief) -> list[Layout]:
    type_, words = brief.rules.types["influencer"], brief.desk.context.vocabularies
    return [Layout(type_, ranges=each, vocabularies=words) for each in (False, True)]


def _proofs(brief: OneBrief, reads: Collection[Path], options: Options) -> tuple[Proof, Proof]:
    schema = brief.project.schemas.schema("influencer")
    exact, ranged = (
        proof(schema, layout, keep=options.members, reads=reads) for layout in _layouts(brief)
    )
    return exact, ranged


def reader_of(brief: OneBrief, options: Options, fitted: Sequence[str]) -> Reader:
    """Return what judges by hand the lines that SQL leaves."""
    judge = Judge(
        brief.prepared,
        brief.campaign.brief,
        brief.campaign.brand,
        waivers=brief.waivers,
        fitted=fitted,
        where=_where(brief.desk, brief.condition(options.where)),
        reasons=options.reasons == "all",
    )
    return Reader(brief, judge, options.members)


class Work:
    """One brief while lines go through it; `place` is the one among all.

    What it shares with others (the rules of the evaluator) is used by one at a time: `lock`.
    """

    def __init__(
        self,
        brief: OneBrief,
        place: int,
        options: Options,
        connection: duckdb.DuckDBPyConnection,
        compiled: Compiled,
        reading: Reading,
        lock: Lock,
    ) -> None:
        self.reading = reading
        self.lock = lock
        self.reader = reader_of(brief, options, compiled.fitted)
        self.screener = Screener(
            connection,
            str(place),
            compiled.queries,
            reading.empty(),
            self._by_hand,
            compiled.rules,
            keep=options.keep,
            where=bool(options.where),
            reasons=options.reasons,
        )

    def _by_hand(self, number: int, text: str | None) -> Judged | Refused | None:
        with self.lock:
            return self.reader(number, text)

    def screen(
        self, lines: Lines | Columns, found: Found, shown: str, *, by_column: bool
    ) -> Screened:
        """Judge what was read of a file's lines; `by_column`: they stand in it as they are."""
        self.reader.take(lines, shown, by_column=by_column)
        return self.screener.screen(found, lines.refused)


class Lane:
    """A way through all briefs for pieces of files, beside others: a connection of its own."""

    def __init__(self, works: Sequence[Work]) -> None:
        self.works = works

    @property
    def part(self) -> Record:
        """Return what proves columns that are typed already."""
        return self.works[0].reading.proofs[1].record

    def screen(self, lines: Lines | Columns, shown: str, *, by_column: bool) -> list[Screened]:
        """Judge lines of a file by each brief."""
        readings = dict.fromkeys(work.reading for work in self.works)
        read = {reading: reading.read(lines) for reading in readings}
        return [
            work.screen(lines, read[work.reading], shown, by_column=by_column)
            for work in self.works
        ]


def make_lanes(
    briefs: Sequence[OneBrief],
    options: Options,
    connections: Sequence[duckdb.DuckDBPyConnection],
) -> list[Lane]:
    """Make briefs ready on each connection. Raises RulesError where a rule has no SQL."""
    compiled, proofs = compile_briefs(briefs, options)
    lock = Lock()
    lanes = []
    for connection in connections:
        readings = [
            Reading(connection, str(place), each, members=options.members)
            for place, each in enumerate(proofs)
        ]
        works = [
            Work(brief, place, options, connection, each, readings[each.reading], lock)
            for place, (brief, each) in enumerate(zip(briefs, compiled, strict=True))
        ]
        lanes.append(Lane(works))
    return lanes


def _kernel(brief: OneBrief, layout: Layout, options: Options) -> Kernel:
    condition = brief.condition(options.where)
    try:
        return compile_rules(
            brief.prepared,
            layout,
            waivers=brief.waivers,
            reasons=options.reasons,
            where=condition[0] if condition else None,
        )
    except CannotCompileError as error:
        position = brief.campaign.brief.position()
        hint = "Nothing was screened. checker check judges such a rule, one influencer at a time."
        raise RulesError([Diagnostic("cannot-compile", str(error), position, hint=hint)]) from None


def _where(
    desk: Desk, condition: tuple[Node, int] | None
) -> Callable[[Mapping[str, Value]], Value] | None:
    if condition is None:
        return None
    node, slots = condition
    run = Evaluator(desk.context).build(node)
    return lambda values: run(desk.frame(slots, values))
