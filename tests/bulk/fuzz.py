"""Random rules on random records by the evaluator and by DuckDB, for as long as it is asked to.

    python -m tests.bulk.fuzz 1000000

It prints how many pairs of a rule and a record it compared, and ends with 1 at a difference.
"""

from __future__ import annotations

import sys
import time

from tests.bulk.pairs import Tally
from tests.bulk.random_rules import compare

RULES, PEOPLE = 3, 150


def main(pairs: int, seed: int = 0) -> int:
    """Compare until that many pairs are done."""
    tally, started, told = Tally(), time.monotonic(), 0.0
    wrong = 0
    while tally.pairs < pairs:
        for difference in compare(seed, rules=RULES, people=PEOPLE, tally=tally):
            wrong += 1
            print(f"seed {seed}: {difference}", flush=True)
            break
        if wrong >= 10:
            break
        seed += 1
        if time.monotonic() - told > 10:
            told = time.monotonic()
            print(f"{tally.pairs:,} pairs, seed {seed}", flush=True)
    spent = time.monotonic() - started
    print(
        f"compared {tally.pairs:,} pairs of a rule and a record in {spent:.0f} s, on"
        f" {tally.rows:,} rows; {tally.by_hand:,} rows were left to the evaluator for their words,"
        f" {tally.unfit:,} have no place in columns; differences: {wrong}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    numbers = [int(each.replace("_", "")) for each in sys.argv[1:]]
    raise SystemExit(main(*(numbers or [1_000_000])))
