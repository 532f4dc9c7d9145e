"""What comes of a screening, from whichever engine: the table, the invalid lines, the summary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from checker.bulk.lines import Refused
from checker.bulk.screener import Screened
from checker.bulk.stage import Refusals, Stage, Staged
from checker.engine.verdicts import verdict_of
from checker.files import put_files
from checker.model.screening import BriefScreened, Lost, Screening
from checker.screening.briefs import OneBrief
from checker.screening.options import Options


@dataclass
class Tally:
    """Lines that are not in a brief's table, and those that the evaluator judged."""

    invalid: int = 0
    left_out: int = 0
    unclear: int = 0
    by_hand: int = 0

    def add(self, screened: Screened) -> None:
        """Count what became of some lines."""
        self.invalid += len(screened.refused)
        self.left_out += screened.left_out
        self.unclear += screened.unclear
        self.by_hand += screened.by_hand


class Results:
    """Rows are added piece by piece; files take their places when all is there.

    Args:
        parts: each brief, and the type of its rows.
        folder: where the files grow.
        options: what is asked for.
        stack: closes the files, however the run ends.
    """

    def __init__(
        self,
        parts: Sequence[tuple[OneBrief, pa.Schema]],
        folder: Path,
        options: Options,
        stack: ExitStack,
    ) -> None:
        self.briefs = [brief for brief, _ in parts]
        self.folder = folder
        self.options = options
        self.lines = 0
        self.tallies = [Tally() for _ in parts]
        self.stages = [
            Stage(folder / f"{index}.parquet", brief.campaign.brief.id, schema, options.keep)
            for index, (brief, schema) in enumerate(parts)
        ]
        for stage in self.stages:
            stack.callback(stage.close)
        self.refusals = Refusals(folder / "invalid.ndjson")
        stack.callback(self.refusals.close)

    def add(self, tables: Iterable[pa.Table], refused: Iterable[Refused], shown: str) -> None:
        """Add lines of a file: each brief's rows, and the lines that no brief can use."""
        for stage, table in zip(self.stages, tables, strict=True):
            stage.add(table, shown)
        self.refusals.add(sorted(refused, key=lambda each: each.line), shown)

    def finish(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: Path | None,
        format_: str,
        invalid: Path | None,
    ) -> Screening:
        """Put the files in their places, and return the summary."""
        for stage in self.stages:
            stage.close()
        staged = Staged(connection, self.stages)
        for file, refused in staged.drop_twice():
            self.refusals.add([refused], file)
        self.refusals.close()
        briefs = tuple(self._brief(place, staged) for place in range(len(self.briefs)))
        made: list[tuple[Path, bytes | Path]] = []
        if invalid:
            made.append((invalid, self.refusals.path))
        if table:
            made.append((table, staged.finish(table, format_, self.folder)))
        put_files(made, lasting=True)
        return Screening(
            as_of=self.briefs[0].as_of.isoformat(),
            lines=self.lines,
            by_hand=self.tallies[0].by_hand,
            briefs=briefs,
            first_invalid=tuple(self.refusals.first),
            table=str(table or ""),
            invalid=str(invalid or ""),
        )

    def _brief(self, place: int, staged: Staged) -> BriefScreened:
        brief, tally = self.briefs[place], self.tallies[place]
        groups = staged.lost(place)
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
            verdicts={**verdicts, "invalid": tally.invalid + staged.dropped[place]},
            lost=lost,
            best=tuple(staged.best(place, self.options.best)),
            left_out=tally.left_out,
            unclear=tally.unclear,
        )
