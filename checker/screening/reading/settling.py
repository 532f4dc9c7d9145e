"""Columns of rows, until nothing is wrong with any of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pyarrow as pa

from checker.language.columns.stored import Whole
from checker.screening.reading.stores import Rows
from checker.screening.reading.strict import Refused

Made = TypeVar("Made")


def settle(
    batch: pa.RecordBatch,
    places: Whole,
    make: Callable[[pa.RecordBatch, Rows], Made],
    refuse: Callable[[int], Refused | None],
) -> tuple[Made, pa.RecordBatch, Whole, list[Refused]]:
    """Make columns of rows, without those that are seen to be wrong.

    Args:
        batch: the rows.
        places: of each row, its place among all that were read.
        make: makes the columns, and notes which rows are wrong.
        refuse: asks the strict reader what is wrong with a row, whose word is final.
    """
    refused: list[Refused] = []
    taken: set[int] = set()
    while True:
        rows = Rows(batch.num_rows)
        made = make(batch, rows)
        good = np.ones(batch.num_rows, np.bool_)
        for row in np.flatnonzero(rows.bad).tolist():
            place = int(places[row])
            if place not in taken:
                wrong = refuse(place)
                if wrong is None:
                    taken.add(place)
                else:
                    good[row] = False
                    refused.append(wrong)
        if good.all():
            return made, batch, places, refused
        batch, places = batch.filter(pa.array(good)), places[good]
