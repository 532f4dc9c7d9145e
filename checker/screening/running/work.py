"""What is done with one piece of a file: it is read, and judged by every brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from checker.screening.briefs import OneBrief
from checker.screening.judging.block import BlockJudge
from checker.screening.options import Options
from checker.screening.reading.accounts import rows_called
from checker.screening.reading.blocks import Block, Hashes
from checker.screening.reading.blocks import hashes as hashes_of
from checker.screening.reading.files import kept_as
from checker.screening.reading.pieces import Piece
from checker.screening.reading.reader import Reader
from checker.screening.reading.strict import Refused
from checker.screening.running.seen import Keys


@dataclass(frozen=True, eq=False)
class Part:
    """What a brief says of a piece: a row for each record that it wants.

    Attributes:
        table: the rows.
        keys, hashes: what tells who was seen before; see `Seen`.
        verdict, decider, open, fit: of each row; see `Screened`.
        invalid: how many lines cannot be used.
        called: for each waiver of the brief, the accounts that it means, with their ids.
        left_out, unclear: how many records the condition leaves out, or is unknown of.
    """

    table: pa.Table
    keys: Keys
    hashes: tuple[Hashes, Hashes]
    verdict: Any
    decider: Any
    open: Any
    fit: Any
    invalid: int
    left_out: int
    unclear: int
    called: Sequence[Mapping[str, str]]

    def without(self, rows: Any) -> Part:
        """Return the part without some rows, which are invalid after all."""
        kept = np.ones(len(self.verdict), np.bool_)
        kept[rows] = False
        return Part(
            self.table.filter(pa.array(kept)),
            self.keys,
            self.hashes,
            self.verdict[kept],
            self.decider[kept],
            self.open[kept],
            self.fit[kept],
            self.invalid + len(rows),
            self.left_out,
            self.unclear,
            self.called,
        )


@dataclass(frozen=True, eq=False)
class Done:
    """A piece that is judged: how many lines it has, what each brief says, what is refused.

    `by_record` are the rules that have been computed record by record.
    """

    lines: int
    parts: Sequence[Part]
    refused: Sequence[Refused]
    by_record: frozenset[str]


class Work:
    """Briefs, ready to judge pieces of files."""

    def __init__(self, briefs: Sequence[OneBrief], options: Options) -> None:
        self.briefs = briefs
        self.readers = {
            id(brief.project): Reader(brief.project.schemas, options.members) for brief in briefs
        }
        self.judges = [_judge(brief, options) for brief in briefs]

    def screen(self, piece: Piece, shown: str) -> Done:
        """Judge a piece of a file; `shown` is the file's name. Raises InputError."""
        read = {key: reader.read(piece, shown) for key, reader in self.readers.items()}
        blocks = [read[id(brief.project)] for brief in self.briefs]
        each = zip(self.briefs, self.judges, blocks, strict=True)
        parts = [_part(brief, judge, block) for brief, judge, block in each]
        first = blocks[0]
        slow = frozenset(rule for judge in self.judges for rule in judge.by_record)
        return Done(len(first) + len(first.refused), parts, first.refused, slow)


def _judge(brief: OneBrief, options: Options) -> BlockJudge:
    condition = brief.condition(options.where)
    return BlockJudge(
        brief.prepared,
        brief.campaign.brief,
        brief.campaign.brand,
        waivers=brief.waivers,
        where=condition[0] if condition else None,
        reasons=options.reasons,
        keep={name: kept_as(name, mapped=bool(options.mapping)) for name in options.keep},
    )


def _part(brief: OneBrief, judge: BlockJudge, block: Block) -> Part:
    found = judge.screen(block)
    ids, accounts = block.keys() if len(block) else ([], [])
    called: list[dict[str, str]] = [
        {accounts[row]: block.texts("id")[row] for row in rows_called(each.subject, block.records)}
        for each in (brief.waivers if len(block) else ())
    ]
    hashes = hashes_of(ids), hashes_of(accounts)
    if len(found.rows) < len(block):
        rows = found.rows.tolist()
        ids, accounts = [ids[row] for row in rows], [accounts[row] for row in rows]
        hashes = hashes[0][found.rows], hashes[1][found.rows]
    return Part(
        found.table,
        (ids, accounts),
        hashes,
        found.verdict,
        found.decider,
        found.open,
        found.fit,
        len(block.refused),
        found.left_out,
        found.unclear,
        called,
    )
