"""Rules on records by screening, on columns, and by `checker check`: what differs.

    python -m tests.screening.pairs 1000000

compares that many pairs of a random rule and a random record, and ends with 1 at a difference.
"""

from __future__ import annotations

import io
import json
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from checker.engine.outcomes import Case, explained_outcome
from checker.engine.places import Records
from checker.engine.prepared import PreparedRule
from checker.engine.verdicts import verdict_of
from checker.engine.waivers import covering
from checker.loading.validation import SHIPPED, RecordSchemas
from checker.model.records import Record
from checker.model.report import Outcome, Side
from checker.model.waivers import Waiver
from checker.screening.judging.block import NOTHING_DECIDED, BlockJudge
from checker.screening.reading.blocks import Block
from checker.screening.reading.pieces import read_lines
from checker.screening.reading.reader import Reader
from tests.bulk.random_rules import person, prepared

RULES, PEOPLE = 3, 150


def blocks(
    texts: Iterable[str], schemas: RecordSchemas = SHIPPED, *, size: int = 1 << 20
) -> Iterator[Block]:
    """Read lines in blocks of so many bytes."""
    data = "".join(f"{text}\n" for text in texts).encode()
    reader = Reader(schemas)
    for piece in read_lines(io.BytesIO(data), size=size):
        yield reader.read(piece, "people.ndjson")


def differences(
    judge: BlockJudge,
    rules: Sequence[PreparedRule],
    common: Mapping[str, Record],
    read: Iterable[Block],
    waivers: Sequence[Waiver] = (),
) -> Iterator[str | None]:
    """Give for each pair of a rule and a record None, or how the two differ."""
    for block in read:
        rows = judge.screen(block).table.to_pylist()
        for place, row in enumerate(rows):
            record, deal = block.record(place), block.deal(place)
            outcomes = _outcomes(rules, common, record, deal)
            yield from _compared(outcomes, record, row, waivers)


def _outcomes(
    rules: Sequence[PreparedRule], common: Mapping[str, Record], record: Record, deal: Record
) -> list[Outcome]:
    desk = rules[0].desk
    bound = desk.binders.record(record.data, desk.rules.types["influencer"])
    terms = desk.binders.record(deal.data, desk.rules.types["deal"])
    values = {"influencer": bound, "deal": {**terms, "influencer": bound}}
    case = Case(values, Records({**common, "influencer": record, "deal": deal}))
    return [explained_outcome(each, each.status(values), case) for each in rules]


def _compared(
    outcomes: Sequence[Outcome], record: Record, row: Mapping[str, Any], waivers: Sequence[Waiver]
) -> Iterator[str | None]:
    told = json.dumps(record.data, ensure_ascii=False)
    names = (record.id, record.data["handle"])
    mine = [each for each in waivers if each.subject in names]
    errors = [each for each in outcomes if each.severity == "error"]
    kept = [each for each in errors if not covering(mine, each.rule, each.status)]
    for outcome, found in zip(outcomes, row["outcomes"], strict=True):
        wanted = _expected(outcome)
        wrong = {name: (found[name], each) for name, each in wanted.items() if found[name] != each}
        yield f"{outcome.rule}: {wrong}\n  {told}" if wrong else None
    passed = [each for each in errors if each.status == "pass"]
    verdict = verdict_of([*kept, *passed])
    status = {"fail": "fail", "undecided": "unknown"}.get(verdict)
    deciding = [each for each in kept if each.status == status]
    first = deciding[0] if deciding else None
    reason = first.reason if first else NOTHING_DECIDED if verdict == "undecided" else None
    whole = (verdict, first.rule if first else None, len(deciding), reason)
    made = tuple(row[name] for name in ("verdict", "decided_by", "open", "reason"))
    yield None if made == whole else f"{made} for {whole}\n  {told}"


def _expected(outcome: Outcome) -> dict[str, Any]:
    low, high = _ends(outcome.has)
    least, most = _ends(outcome.needs)
    wanted = {"status": outcome.status, "low": low, "high": high, "reason": outcome.reason}
    return {**wanted, "needed": least} if least == most else wanted


def _ends(side: Side | None) -> tuple[float | None, float | None]:
    if side is None or isinstance(side.value, bool | str | list) or side.value is None:
        return None, None
    if isinstance(side.value, dict):
        return side.value.get("min", float("-inf")), side.value.get("max", float("inf"))
    return side.value, side.value


def compare(seed: int, *, rules: int = RULES, people: int = PEOPLE) -> Iterator[str | None]:
    """Compare random rules on random records; a seed repeats them."""
    made = random.Random(seed)
    found, brief, brand = prepared(made, rules)
    if not found:
        return
    judge = BlockJudge(found, brief, brand, reasons="all")
    texts = [json.dumps(person(made), ensure_ascii=made.random() < 0.5) for _ in range(people)]
    # Blocks of no more than a record or two, too.
    read = blocks(texts, size=1000 if seed % 4 == 0 else 1 << 20)
    yield from differences(judge, found, {"brief": brief, "brand": brand}, read)


def main(pairs: int, seed: int = 0) -> int:
    """Compare until that many pairs are done."""
    done = wrong = 0
    while done < pairs and wrong < 10:
        for found in compare(seed):
            done += 1
            if found:
                wrong += 1
                print(f"seed {seed}: {found}", flush=True)
                break
        seed += 1
    print(f"compared {done:,} pairs of a rule and a record, to seed {seed}; differences: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    numbers = [int(each.replace("_", "")) for each in sys.argv[1:]]
    raise SystemExit(main(*(numbers or [1_000_000])))
