"""Random conditions on blocks of random records, on columns and one by one: no difference.

    python -m tests.language.columns_fuzz 1000000 --seed 7

A pair is one expression on one record. Records have holes, ranges and odd words; blocks have 0, 1,
2 and more of them. Values are compared by how they are written, so a float to its last bit.
"""

from __future__ import annotations

import argparse
import random
from typing import Any

from checker.language.columns.evaluate import ColumnEvaluator
from checker.language.columns.level import Level
from checker.language.columns.lifting import lift, value_at
from checker.language.errors import LanguageError
from checker.language.evaluate import Evaluator
from checker.language.nodes import Node
from checker.language.scope import SLOTS
from checker.model.types import ListType, Type
from tests.conformance.engines import Loaded, check, load
from tests.language.generate import Maker, case, coarsened, records

TYPES = ("flag", "number", "money", "date", "label", "code", "labels", "codes")
SIZES = (0, 1, 2, 24)
# The brief is one for a whole block.
OF_BRIEF = ("brief", "brand")


def block_of(loaded: list[Loaded], base: Loaded) -> Level:
    """Return a level with the subjects of several cases that share their brief."""
    slots: dict[int, Any] = dict(enumerate(base.frame()))
    types = base.desk.rules.types
    kinds: dict[str, Type] = {name: types[name] for name in ("influencer", "deal", "post")}
    kinds["shortlist"] = ListType(types["deal"])
    for name, type_ in kinds.items():
        slots[SLOTS[name]] = lift([each.subject[name] for each in loaded], type_)
    return Level(len(loaded), slots)


def differences(seed: int) -> tuple[int, list[str]]:
    """Return how many pairs one seed makes, and those that differ."""
    rng = random.Random(seed)
    expression = Maker(rng).make(rng.choice(TYPES), rng.choice((1, 2, 3)))
    size = rng.choice(SIZES)
    full = records(rng)
    datas = []
    for _ in range(max(size, 1)):
        data = coarsened(rng, records(rng), rng.choice((0.0, 0.2, 0.5)))
        datas.append({**data, **{name: full[name] for name in OF_BRIEF if name in full}})
    base = load(case(expression, datas[0]))
    try:
        node = check(case(expression, datas[0]), base)
    except LanguageError:
        return 0, []
    assert isinstance(node, Node)
    loaded = [load(case(expression, data)) for data in datas[:size]]
    column = ColumnEvaluator(base.desk.context, {}).column(node, block_of(loaded, base))
    run = Evaluator(base.desk.context).build(node)
    wrong = []
    for row, each in enumerate(loaded):
        frame = base.desk.frame(base.slots.next, each.subject)
        frame[SLOTS["params"]] = base.params
        alone, here = run(frame), value_at(column, row)
        if repr(alone) != repr(here) and alone != here:
            wrong.append(f"seed {seed}, record {row}: {expression}: {alone!r}, on columns {here!r}")
    return size, wrong


def main() -> int:
    """Run seeds until there are enough pairs, and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=int)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    pairs, wrong, seed = 0, 0, options.seed
    while pairs < options.pairs:
        count, differ = differences(seed)
        pairs, seed, wrong = pairs + count, seed + 1, wrong + len(differ)
        for line in differ[:1]:
            print(line, flush=True)
    print(f"{pairs} pairs of {seed - options.seed} expressions, differences: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
