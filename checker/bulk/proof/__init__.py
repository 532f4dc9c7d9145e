"""Which records DuckDB may decide: those that are proved, in columns, to be valid.

Records come in columns: from Parquet as they are, from JSON as DuckDB's `from_json` reads it, which
is lenient: it coerces texts to numbers and true to 1, passes over unknown and doubled names, takes
NaN, and a number where an object should stand. So a line of JSON is proved from two sides:

- what was read is within the schema's bounds and the rules of meaning;
- there is nothing in the line but what was read: each name and each text that was read has two
  quotes, and the line has exactly so many. An unknown, doubled, null or mistyped member has
  quotes of its own and only adds to them, so nothing makes up for it. What has no quotes
  (numbers, true, false, brackets) could only have been coerced into a text or a number, which
  shows in the value; such a value is looked up in the line itself.

A record that is not proved is not wrong: the evaluator reads it, and its word is final.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from checker.bulk.layout import Layout
from checker.bulk.proof.build import Builder, Path
from checker.bulk.proof.nested import Record
from checker.bulk.proof.rows import Rows, there
from checker.bulk.quote import text_of

__all__ = ["Path", "Proof", "proof"]

_LITERAL = re.compile(r":\s*(?:true|false)")


@dataclass(frozen=True)
class Proof:
    """How records of a layout are read from JSON, and proved.

    `ranges` says that records may hold ranges; in lines the names of those are marked, see
    `checker.bulk.scan`. `keep` are members that a line may have beyond the schema, whatever they
    are.
    """

    record: Record
    ranges: bool
    keep: tuple[str, ...]

    @cached_property
    def ranged(self) -> frozenset[str]:
        """Return the names of members that may be ranges."""
        return self.record.ranged

    @cached_property
    def _structure(self) -> str:
        structure = {**self.record.structure, **dict.fromkeys(self.keep, "JSON")}
        return text_of(json.dumps(structure))

    def reading(self, line: str, *, strictly: bool) -> str:
        """Return SQL that reads a line; an error if one is broken, or NULL for it if not strictly.

        The latter reads each line twice.
        """
        if strictly:
            return f"from_json({line}, {self._structure})"
        return f"TRY(from_json(CASE WHEN json_valid({line}) THEN {line} END, {self._structure}))"

    def prove(self, columns: pa.StructArray) -> tuple[Any, pa.StructArray]:
        """Prove typed columns: return which rows are sound, and the rows as the layout has them."""
        rows = Rows(len(columns), written=False)
        made = self.record.prove(columns, rows)
        return rows.good, made

    def prove_lines(
        self, read: pa.StructArray, lines: pa.Array, quotes: Any
    ) -> tuple[Any, pa.StructArray]:
        """Prove what was read from lines with so many quotes: return as `prove` does."""
        rows = Rows(len(read), written=True)
        made = self.record.prove(read, rows)
        self._count_kept(read, rows)
        rows.need(rows.quotes == quotes)
        for at in np.flatnonzero(rows.good & rows.doubtful).tolist():
            found = len(_LITERAL.findall(lines[at].as_py()))
            rows.good[at] = found == rows.flags[at]
        for path, mask in rows.bare.items():
            for at in np.flatnonzero(rows.good & mask).tolist():
                rows.good[at] = _is_text(lines[at].as_py(), path)
        return rows.good, made

    def _count_kept(self, read: pa.StructArray, rows: Rows) -> None:
        """Count the quotes of members that are carried through, whatever they are."""
        fields = [each.name for each in read.type]
        for name in self.keep:
            column = read.flatten()[fields.index(name)]
            rows.quoted(there(column))
            rows.quotes += np.array(
                [0 if text is None else text.count('"') for text in column.to_pylist()], np.int32
            )


def _is_text(line: str, path: Path) -> bool:
    """Tell whether a text stands at a path of a line of JSON."""
    if len(path) == 1 and re.match(rf'\s*\{{\s*"{re.escape(path[0])}"\s*:\s*"', line):
        return True
    try:
        value = json.loads(line)
        for name in path:
            value = value[name]
    except (ValueError, LookupError, TypeError, RecursionError):
        return False
    return isinstance(value, str)


def proof(
    schema: Mapping[str, Any],
    layout: Layout,
    *,
    keep: Sequence[str] = (),
    reads: Collection[Path] | None = None,
) -> Proof:
    """Return how records of a layout are proved.

    Args:
        schema: the self-contained JSON Schema of the layout's record.
        layout: with `ranges`, records may hold ranges.
        keep: members that a line may have beyond the schema.
        reads: the paths that are asked for; others are proved and left out. None asks for all.
    """
    builder = Builder(schema, layout, [()] if reads is None else reads)
    record = builder.record(schema, layout.record, ())
    kept = tuple(name for name in keep if name not in schema["properties"])
    return Proof(record, layout.ranges, kept)
