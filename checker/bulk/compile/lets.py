"""Names for what a loop shares: no column can hold it, so lambdas over lists of one struct do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_NAME = re.compile(r"\b_m[0-9]+\b")
# A part that is short is written wherever it is read: DuckDB sets a lambda up anew for each batch
# of rows, which costs more than to compute a few of these again.
_SHORT = 100


class Lets:
    """The names of one loop; `number` counts all names that there are."""

    def __init__(self, number: Iterator[int]) -> None:
        self._number = number
        self._sql: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def share(self, alike: str, sql: str) -> str:
        """Return the name of an expression; `alike` is the same for equal ones."""
        name = self._names.get(alike)
        if name is None:
            name = self._names[alike] = f"_m{next(self._number)}"
            self._sql[name] = sql
        return name

    def wrap(self, body: str, variable: str) -> str:
        """Return an expression with all the names that it reads bound.

        `variable` starts the names of the lambdas' variables.
        """
        body, needed = self._inlined(body)
        if not needed:
            return body
        levels = _levels(needed)
        for level in range(max(levels.values()), 0, -1):
            mine = {name: needed[name] for name in needed if levels[name] == level}
            struct = ", ".join(f"'{name}': {sql}" for name, sql in mine.items())
            holder = f"{variable}_{level}"
            members = {name: f"{holder}.{name}" for name in mine}
            body = _written(body, members)
            body = f"list_extract(list_transform([{{{struct}}}], lambda {holder}: {body}), 1)"
        return body

    def _inlined(self, body: str) -> tuple[str, dict[str, str]]:
        """Return the body and what it needs, with all that is read once written in place."""
        uses: dict[str, int] = {}
        waiting = [name for name in _NAME.findall(body) if name in self._sql]
        while waiting:
            name = waiting.pop()
            uses[name] = uses.get(name, 0) + 1
            if uses[name] == 1:
                found = _NAME.findall(self._sql[name])
                waiting.extend(each for each in found if each in self._sql)
        kept: dict[str, str] = {}
        plain: dict[str, str] = {}
        for name in sorted(uses, key=lambda each: int(each[2:])):
            sql = _written(self._sql[name], plain)
            if uses[name] == 1 or (len(sql) < _SHORT and "lambda" not in sql):
                plain[name] = sql
            else:
                kept[name] = sql
        return _written(body, plain), kept


def _written(sql: str, names: Mapping[str, str]) -> str:
    return _NAME.sub(lambda match: names.get(match[0], match[0]), sql)


def _levels(needed: dict[str, str]) -> dict[str, int]:
    levels: dict[str, int] = {}
    for name, sql in needed.items():
        read = (levels.get(each, 0) for each in _NAME.findall(sql))
        levels[name] = 1 + max(read, default=0)
    return levels
