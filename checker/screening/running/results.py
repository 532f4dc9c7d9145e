"""What comes of a screening: the table, the lines that cannot be used, the summary."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from checker.engine.verdicts import verdict_of
from checker.files import put_files
from checker.model.diagnostics import Diagnostic, RulesError
from checker.model.report import VERDICTS
from checker.model.screening import Best, BriefScreened, Lost, Screening
from checker.model.waivers import Waiver
from checker.screening.briefs import OneBrief
from checker.screening.options import Options
from checker.screening.reading.strict import Refused
from checker.screening.running.seen import Seen
from checker.screening.running.stage import Nowhere, Refusals, Stage, joined, stage_of
from checker.screening.running.work import Done, Part

_TEXT = pa.dictionary(pa.int32(), pa.string())
_PASS = VERDICTS.index("pass")


class Tally:
    """What is counted of one brief: verdicts, which rules decided, and the best that pass."""

    def __init__(self, rules: int, best: int) -> None:
        # By verdict, deciding rule (the first is none), and whether it alone decided.
        self.counts = np.zeros((len(VERDICTS), rules + 1, 2), np.int64)
        self.invalid = self.left_out = self.unclear = 0
        self.most = best
        self.best: list[tuple[float, str, str, str, int]] = []

    def add(self, part: Part, file: str) -> None:
        """Count the rows of a piece."""
        self.invalid += part.invalid
        self.left_out += part.left_out
        self.unclear += part.unclear
        where = part.verdict.astype(np.int64), part.decider + 1, (part.open == 1).astype(np.int64)
        np.add.at(self.counts, where, 1)
        rows = np.flatnonzero(part.verdict == _PASS)
        if len(rows) and self.most:
            self._rank(part, rows, file)

    def _rank(self, part: Part, rows: Any, file: str) -> None:
        fits = part.fit[rows]
        least = np.partition(fits, -self.most)[-self.most] if len(fits) > self.most else -np.inf
        if len(self.best) == self.most:
            least = max(least, -self.best[-1][0])
        rows = rows[fits >= least]
        some = part.table.select(["id", "handle", "line"]).take(pa.array(rows)).to_pydict()
        found = zip(part.fit[rows].tolist(), *some.values(), strict=True)
        new = [(-fit, id_, handle, file, line) for fit, id_, handle, line in found]
        self.best = sorted(self.best + new, key=lambda each: each[:2])[: self.most]

    def listed(self) -> tuple[Best, ...]:
        """Return the best that pass, by fit, then by id."""
        return tuple(Best(id_, handle, -fit, file, n) for fit, id_, handle, file, n in self.best)

    def lost(self, rules: Sequence[tuple[str, str]]) -> tuple[Lost, ...]:
        """Return how many each rule, given its id and title, keeps from passing."""
        found = []
        for place, (rule, title) in enumerate(rules, start=1):
            for verdict, counts in zip(VERDICTS, self.counts[:, place].tolist(), strict=True):
                if sum(counts):
                    found.append(Lost(rule, title, verdict, sum(counts), counts[1]))
        return tuple(sorted(found, key=lambda each: (-each.first, each.rule)))


class Results:
    """Pieces are added in their order; files take their places when all is there.

    Args:
        briefs: each with the schema of its rows.
        folder: where the files grow.
        options: what is asked for.
        format_: of the table; empty where none is asked for.
        stack: closes the files, however the run ends.
    """

    def __init__(
        self,
        briefs: Sequence[tuple[OneBrief, pa.Schema]],
        folder: Path,
        options: Options,
        format_: str,
        stack: ExitStack,
    ) -> None:
        self.briefs = [brief for brief, _ in briefs]
        self.folder, self.format = folder, format_
        self.lines = 0
        self.by_record: set[str] = set()
        # The accounts that waivers mean, with their ids.
        self.called: dict[tuple[int, Waiver], dict[str, str]] = {}
        self.schemas = [pa.schema([("brief", _TEXT), ("file", _TEXT), *s]) for _, s in briefs]
        self.stages = [self._stage(place, each) for place, each in enumerate(self.schemas)]
        self.tallies = [Tally(len(brief.prepared), options.best) for brief in self.briefs]
        self.refusals = Refusals(folder / "invalid.ndjson")
        # Without a condition, and in one project, who was seen is the same for all.
        apart = bool(options.where) or len({id(brief.project) for brief in self.briefs}) > 1
        count = len(self.briefs) if apart else 1
        self.seen = [Seen(folder / f"{place}.seen") for place in range(count)]
        closes = [each.close for each in self.stages]
        closes += [self.refusals.close, *(each.close for each in self.seen)]
        for close in closes:
            stack.callback(close)

    def _stage(self, place: int, schema: pa.Schema) -> Stage:
        if not self.format:
            return Nowhere()
        return stage_of(self.format, self.folder / f"{place}.{self.format}", schema)

    def add(self, done: Done, shown: str) -> None:
        """Add a piece of a file."""
        self.lines += done.lines
        self.by_record |= done.by_record
        parts, twice = self._once(done.parts, shown)
        for place, part in enumerate(parts):
            self._refuse_ambiguous(place, part)
            self.tallies[place].add(part, shown)
            if self.format:
                self.stages[place].add(self._rows(place, part.table, shown))
        refused = sorted((*done.refused, *twice), key=lambda each: each.line)
        self.refusals.add(refused, shown)

    def _refuse_ambiguous(self, place: int, part: Part) -> None:
        """Refuse a waiver that means two accounts of the files: somebody answers for one."""
        for waiver, called in zip(self.briefs[place].waivers, part.called, strict=False):
            known = self.called.setdefault((place, waiver), {})
            known.update(called)
            if len(known) > 1:
                message = f"the waiver of {waiver.rule} on {waiver.subject} may be for "
                message += f"{' or '.join(sorted(known.values()))}; nothing was written"
                hint = f"Write one of these ids, or an account: {' or '.join(sorted(known))}."
                wrong = Diagnostic("waiver-ambiguous", message, waiver.position, hint=hint)
                raise RulesError([wrong])

    def _once(self, parts: Sequence[Part], shown: str) -> tuple[list[Part], list[Refused]]:
        """Take out the rows of those who were seen before."""
        found = [
            seen.add(part.keys, part.hashes, shown, part.table["line"].to_numpy())
            for seen, part in zip(self.seen, parts, strict=False)
        ]
        again = found * len(parts) if len(found) == 1 else found
        kept: list[Part] = []
        # Each row once for all briefs; a row is known by its line, and its turn in that.
        refused: dict[tuple[int, str, int], Refused] = {}
        for part, rows in zip(parts, again, strict=True):
            if not rows:
                kept.append(part)
                continue
            kept.append(part.without(list(rows)))
            for key, one in _refusals(part, rows):
                refused.setdefault(key, one)
        return kept, list(refused.values())

    def _rows(self, place: int, table: pa.Table, shown: str) -> pa.Table:
        count = table.num_rows
        brief = self.briefs[place].campaign.brief.id
        columns = [_same(brief, count), _same(shown, count), *table.columns]
        return pa.Table.from_arrays(columns, schema=self.schemas[place])

    def finish(self, table: Path | None, invalid: Path | None) -> Screening:
        """Put the files in their places, and return the summary."""
        self.refusals.close()
        for stage in self.stages:
            stage.close()
        briefs = tuple(map(self._brief, range(len(self.briefs))))
        made: list[tuple[Path, bytes | Path]] = []
        if invalid:
            made.append((invalid, self.refusals.path))
        if table:
            made.append((table, joined(self.stages, self.format, self.folder)))
        put_files(made, lasting=True)
        return Screening(
            as_of=self.briefs[0].as_of.isoformat(),
            lines=self.lines,
            by_hand=0,
            briefs=briefs,
            first_invalid=tuple(self.refusals.first),
            table=str(table or ""),
            invalid=str(invalid or ""),
            by_record=tuple(sorted(self.by_record)),
        )

    def _brief(self, place: int) -> BriefScreened:
        brief, tally = self.briefs[place], self.tallies[place]
        counts = tally.counts.sum(axis=(1, 2)).tolist()
        verdicts = dict(zip(VERDICTS, counts, strict=True))
        own = brief.own()
        return BriefScreened(
            brief=brief.campaign.brief.id,
            title=str(brief.campaign.brief.data.get("title", brief.campaign.brief.id)),
            verdict=verdict_of(own, needs_pass=False),
            own=own,
            verdicts={
                **{name: verdicts[name] for name in ("pass", "fail", "undecided")},
                "invalid": tally.invalid,
            },
            lost=tally.lost([(each.rule.id, each.rule.title) for each in brief.prepared]),
            best=tally.listed(),
            left_out=tally.left_out,
            unclear=tally.unclear,
        )


def _refusals(
    part: Part, rows: dict[int, tuple[str, str]]
) -> list[tuple[tuple[int, str, int], Refused]]:
    """Return rows that were seen before, each by its line, its id, and its turn among like ones."""
    found = []
    turns: dict[tuple[int, str], int] = {}
    some = part.table.select(["id", "line"]).take(pa.array(list(rows))).to_pydict()
    told = zip(some["id"], some["line"], rows.values(), strict=True)
    for id_, line, (account, first) in told:
        turn = turns[line, id_] = turns.get((line, id_), 0) + 1
        message = f'the influencer "{account or id_}" is there twice; the first is at {first}'
        found.append(((line, id_, turn), Refused(line, (message,), id_)))
    return found


def _same(text: str, count: int) -> pa.DictionaryArray:
    indices = pa.repeat(pa.scalar(0, pa.int32()), count)
    return pa.DictionaryArray.from_arrays(indices, pa.array([text], pa.string()))
