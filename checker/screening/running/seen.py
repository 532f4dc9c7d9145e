"""Who was seen before, over all files: the first record of an influencer counts.

Ids and accounts are known by hashes of 64 bits, in sorted runs that are merged as they grow. Where
a hash was seen, the texts are compared: they wait in a file.
"""

from __future__ import annotations

import pickle
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from checker.screening.reading.blocks import Hashes

Keys = tuple[Sequence[str], Sequence[str]]
# Blocks whose texts are kept at hand.
_AT_HAND = 16


class Seen:
    """The rows of all blocks so far; `path` is a file that it may use."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b")
        self._runs: list[tuple[Hashes, Any]] = []
        # Of each block: the number of its first row, where its texts stand, its file and lines.
        self._starts: list[int] = []
        self._offsets: list[int] = []
        self._places: list[tuple[str, Any]] = []
        self._count = 0
        self._at_hand: dict[int, Keys] = {}
        # Texts whose hash another text has.
        self._odd: dict[str, int] = {}

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def add(
        self, keys: Keys, hashes: tuple[Hashes, Hashes], file: str, lines: Any
    ) -> dict[int, tuple[str, str]]:
        """Add the rows of a block; return those that were there before.

        Args:
            keys: what ids, and accounts, are compared by.
            hashes: of these.
            file: where the rows are from.
            lines: the line of each.

        Returns:
            Of each such row its place, the account if its id is new, and where that was first.
        """
        start, size = self._count, len(lines)
        self._keep(keys, file, lines)
        both = np.concatenate(hashes)
        rows = np.tile(np.arange(start, start + size), 2)
        first = self._first(both, rows)
        found: dict[int, tuple[str, str]] = {}
        # Ids come before accounts.
        for place in np.flatnonzero(first != rows).tolist():
            kind, row = divmod(place, size)
            if row in found:
                continue
            text = keys[kind][row]
            before = self._really(text, int(first[place]), start + row)
            if before is not None:
                found[row] = text if kind else "", self._where(before)
        return found

    def _keep(self, keys: Keys, file: str, lines: Any) -> None:
        self._starts.append(self._count)
        self._count += len(lines)
        self._places.append((file, lines))
        self._offsets.append(self._file.seek(0, 2))
        ids, accounts = keys
        pickle.dump((ids, None if ids == accounts else accounts), self._file, 5)

    def _first(self, hashes: Hashes, rows: Any) -> Any:
        """Return the first row that has each hash, and remember the new ones."""
        order = np.lexsort((rows, hashes))
        ranked = hashes[order]
        fresh = np.ones(len(ranked), np.bool_)
        fresh[1:] = ranked[1:] != ranked[:-1]
        different, firsts = ranked[fresh], rows[order][fresh]
        known = np.zeros(len(different), np.bool_)
        for run, whose in self._runs:
            places = np.minimum(np.searchsorted(run, different), len(run) - 1)
            here = run[places] == different
            firsts[here] = whose[places[here]]
            known |= here
        if not known.all():
            self._runs.append((different[~known], firsts[~known]))
            self._merge()
        found = np.empty(len(rows), np.int64)
        found[order] = firsts[np.cumsum(fresh) - 1]
        return found

    def _merge(self) -> None:
        while len(self._runs) > 1 and 2 * len(self._runs[-1][0]) > len(self._runs[-2][0]):
            (one, its), (other, theirs) = self._runs[-2:]
            hashes = np.concatenate((one, other))
            order = np.argsort(hashes, kind="stable")
            self._runs[-2:] = [(hashes[order], np.concatenate((its, theirs))[order])]

    def _really(self, text: str, first: int, row: int) -> int | None:
        """Return the row that had the text before; None where only its hash is another's."""
        block = bisect_right(self._starts, first) - 1
        place = first - self._starts[block]
        if any(each[place] == text for each in self._texts(block)):
            return None if first == row else first
        before = self._odd.setdefault(text, row)
        return None if before == row else before

    def _texts(self, block: int) -> Keys:
        found = self._at_hand.get(block)
        if found is None:
            if len(self._at_hand) == _AT_HAND:
                del self._at_hand[next(iter(self._at_hand))]
            self._file.seek(self._offsets[block])
            ids, accounts = pickle.load(self._file)
            found = self._at_hand[block] = ids, ids if accounts is None else accounts
        return found

    def _where(self, row: int) -> str:
        block = bisect_right(self._starts, row) - 1
        file, lines = self._places[block]
        return f"{file}:{lines[row - self._starts[block]]}"
