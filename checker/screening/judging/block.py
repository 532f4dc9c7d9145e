"""A block of records in, its rows of the table out, by one brief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from checker.engine.outcomes import Case
from checker.engine.places import Records
from checker.engine.prepared import PreparedRule
from checker.language.nodes import Node
from checker.model.records import Record
from checker.model.report import VERDICTS
from checker.model.waivers import Waiver
from checker.screening.judging.judge import NOBODY, ColumnJudge, Judged
from checker.screening.judging.keys import Ids
from checker.screening.judging.outcomes import outcomes_of, outcomes_type
from checker.screening.judging.rules import FAIL, OPEN, STATUSES
from checker.screening.judging.signature import Signatures
from checker.screening.judging.wording import Rows, RuleWording
from checker.screening.reading.blocks import Block

Reasons = Literal["deciding", "all", "none"]
NOTHING_DECIDED = "no error rule passed, so nothing was decided"
_TEXTS = pa.dictionary(pa.int32(), pa.string())
_SMALL = pa.dictionary(pa.uint8(), pa.string())
_UNDECIDED = VERDICTS.index("undecided")


@dataclass(frozen=True, eq=False)
class Screened:
    """What became of a block by one brief.

    Attributes:
        table: a row for each record that is wanted, in their order.
        rows: the places of these records in the block.
        verdict: of each row, the place in `VERDICTS`.
        decider: of each row, the place of the rule that decided; or -1.
        open: of each row, how many rules keep it from passing.
        fit: of each row.
        left_out: how many records the condition leaves out.
        unclear: of how many of these it is unknown.
    """

    table: pa.Table
    rows: Any
    verdict: Any
    decider: Any
    open: Any
    fit: Any
    left_out: int
    unclear: int


class BlockJudge:
    """Judges blocks by one brief.

    Args:
        prepared: the rules on influencers that the brief leaves open.
        brief, brand: the records.
        waivers: those in force.
        where: a condition on an influencer.
        reasons: which outcomes are worded; with "none" there are no outcomes either.
        keep: the columns that are carried through: by its name, which of the block's it is.
    """

    def __init__(
        self,
        prepared: Sequence[PreparedRule],
        brief: Record,
        brand: Record,
        *,
        waivers: Sequence[Waiver] = (),
        where: Node | None = None,
        reasons: Reasons = "deciding",
        keep: Mapping[str, str] | None = None,
    ) -> None:
        self.judge = ColumnJudge(prepared, waivers, where)
        self.common = {"brief": brief, "brand": brand}
        self.reasons = reasons
        self.keep = dict(keep or {})
        self.rules = [rule.id for rule in self.judge.rules]
        self.ids = Ids()
        self.wordings = [RuleWording(rule, self.judge.work, self.ids) for rule in self.judge.rules]

    @property
    def by_record(self) -> list[str]:
        """Return the rules of which a part was computed record by record, so far."""
        return self.judge.by_record

    @property
    def worded(self) -> int:
        """Return how many different reasons were made."""
        return sum(len(each.texts) for each in self.wordings)

    @property
    def schema(self) -> pa.Schema:
        """Return the schema of the table."""
        told = outcomes_type(self.rules, reasons=self.reasons == "all")
        return pa.schema(
            [
                *(("line", pa.int64()), ("id", pa.string()), ("handle", pa.string())),
                *(("verdict", _SMALL), ("fit", pa.float64())),
                *(("decided_by", _TEXTS), ("open", pa.int32()), ("reason", _TEXTS)),
                *([("outcomes", told)] if self.reasons != "none" else []),
                *((name, pa.string()) for name in self.keep),
            ]
        )

    def screen(self, block: Block) -> Screened:
        """Judge the records of a block."""
        if not len(block):
            nothing = np.zeros(0, np.int64)
            fit = np.zeros(0)
            table = self.schema.empty_table()
            return Screened(table, nothing, nothing, nothing, nothing, fit, 0, 0)
        parts = self.judge.parts(block.records)
        if len(parts) > 1:
            return _joined([(start, self.screen(block.part(start, stop))) for start, stop in parts])
        level = self.judge.level(block.records, block.deals)
        wanted, possible = self.judge.wanted(level)
        rows = np.flatnonzero(wanted)
        judged = self.judge.judge(level, block.records)
        table = self._table(block, judged, rows)
        return Screened(
            table,
            rows,
            judged.verdict[rows],
            judged.decider[rows],
            judged.open[rows],
            judged.fit[rows],
            left_out=len(block) - len(rows),
            unclear=int((possible & ~wanted).sum()),
        )

    def _table(self, block: Block, judged: Judged, rows: Any) -> pa.Table:
        every = len(rows) == len(block)
        columns = [pa.array(block.numbers[rows], pa.int64())]
        for name in ("id", "handle"):
            texts = pa.array(block.texts(name), pa.string())
            columns.append(texts if every else texts.take(pa.array(rows)))
        reasons, outcomes = self._words(block, judged, rows)
        columns += [
            _named(judged.verdict[rows], VERDICTS, pa.uint8()),
            pa.array(judged.fit[rows]),
            _named(judged.decider[rows].astype(np.int32), self.rules, pa.int32()),
            pa.array(judged.open[rows], pa.int32()),
            reasons,
        ]
        if self.reasons != "none":
            columns.append(
                outcomes_of(self.rules, judged.statuses, judged.measured, rows, outcomes)
            )
        for name in self.keep.values():
            kept = pa.array(block.kept[name], pa.string())
            columns.append(kept if every else kept.take(pa.array(rows)))
        return pa.Table.from_arrays(columns, schema=self.schema)

    def _words(
        self, block: Block, judged: Judged, rows: Any
    ) -> tuple[pa.Array, pa.DictionaryArray | None]:
        """Return the reasons of the rows, and those of all their outcomes where asked for."""
        count = len(rows)
        if self.reasons == "none":
            return pa.nulls(count, _TEXTS), None
        work = self.judge.work
        words = _Words()
        stored = {"influencer": block.records, "deal": block.deals}
        case = self._case(block)
        closed = Rows(judged.level, stored, case, Signatures(work, self.ids))
        assert judged.level.opened is not None
        again = Signatures(self.judge.open_work, self.ids)
        opened = Rows(judged.level.opened, stored, case, again)
        all_ = np.zeros((count, len(self.rules)), np.int32) if self.reasons == "all" else None
        deciding = np.full(count, words(NOTHING_DECIDED), np.int32)
        decider, verdict = judged.decider[rows], judged.verdict[rows]
        for place, wording in enumerate(self.wordings):
            status = judged.statuses[place][rows]
            mine = decider == place
            for which in range(len(STATUSES)):
                here = status == which
                if all_ is None:
                    here &= mine & (which in (FAIL, OPEN))
                if not here.any():
                    continue
                for found, some in _ways(closed, opened, judged.reopened[place], rows, here):
                    codes, texts = wording.word(found, which, judged.decided[place], rows[some])
                    numbers = np.array([words(text) for text in texts], np.int32)[codes]
                    deciding[some & mine] = numbers[mine[some]]
                    if all_ is not None:
                        all_[some, place] = numbers
        told = (decider != NOBODY) | (verdict == _UNDECIDED)
        texts_ = pa.array(words.texts, pa.string())
        reason = pa.DictionaryArray.from_arrays(pa.array(deciding, mask=~told), texts_)
        if all_ is None:
            return reason, None
        return reason, pa.DictionaryArray.from_arrays(pa.array(all_.reshape(-1)), texts_)

    def _case(self, block: Block) -> Any:
        desk = self.judge.desk
        types, bind = desk.rules.types, desk.binders.record

        def case(row: int) -> Case:
            influencer, deal = block.record(row), block.deal(row)
            person, terms = (
                bind(influencer.data, types["influencer"]),
                bind(deal.data, types["deal"]),
            )
            values = {"influencer": person, "deal": {**terms, "influencer": person}}
            records = Records({**self.common, "influencer": influencer, "deal": deal})
            return Case(values, records)

        return case


def _joined(parts: Sequence[tuple[int, Screened]]) -> Screened:
    """Return what became of a block from what became of its parts; each with its first row."""
    found = [each for _, each in parts]

    def whole(name: str) -> Any:
        return np.concatenate([getattr(each, name) for each in found])

    return Screened(
        pa.concat_tables(each.table for each in found).unify_dictionaries().combine_chunks(),
        np.concatenate([each.rows + start for start, each in parts]),
        whole("verdict"),
        whole("decider"),
        whole("open"),
        whole("fit"),
        sum(each.left_out for each in found),
        sum(each.unclear for each in found),
    )


def _ways(
    closed: Rows, opened: Rows, reopened: Any, rows: Any, here: Any
) -> Iterator[tuple[Rows, Any]]:
    """Give the rows that were judged in each of the two ways to take unknown words."""
    if reopened is None:
        yield closed, here
        return
    for found, some in ((closed, here & ~reopened[rows]), (opened, here & reopened[rows])):
        if some.any():
            yield found, some


class _Words:
    """Different texts, each with its number."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return number


def _named(codes: Any, names: Sequence[str], index: pa.DataType) -> pa.DictionaryArray:
    mask = codes < 0 if codes.dtype.kind == "i" else None
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, index, mask=mask), pa.array(names, pa.string())
    )
