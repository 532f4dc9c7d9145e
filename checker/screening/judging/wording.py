"""The reasons of a rule's outcomes: each is worded once, by the functions of `checker check`.

Rows share a text where they agree in all that it prints. What a template or a comparison prints is
known beforehand; why something is unknown is asked of one row, and says what else to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from checker.engine.outcomes import Case, reason_of
from checker.engine.places import money_field
from checker.engine.prepared import words_read
from checker.engine.reasons import compared_reason, side_formats
from checker.language.columns.domain import COLUMNS
from checker.language.columns.evaluate import ColumnEvaluator
from checker.language.columns.kinds import Column, DistributionColumn, NumberColumn
from checker.language.columns.level import Level
from checker.language.columns.lifting import value_at
from checker.language.columns.stored import StoredRecords, StoredTexts
from checker.language.format import default_format
from checker.language.nodes import Bind, Call, Choose, Compare, Logic, Node, Path
from checker.language.scope import FIRST_FREE
from checker.language.specialise import free_slots
from checker.language.templates import Placeholder, render
from checker.language.trace import Cause
from checker.model.values import Range
from checker.screening.judging.keys import Ids, Keys, grouped, printed
from checker.screening.judging.rules import OPEN, PASS, SKIPPED, STATUSES, ColumnRule
from checker.screening.judging.signature import Signatures

Cases = Callable[[int], Case]


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a block, while their words are made.

    Attributes:
        level: the records, bound to the brief.
        stored: the records as they were read, by the name of the root.
        case: gives the subject of a row as `checker check` sees it.
        signatures: why conditions are unknown.
    """

    level: Level
    stored: dict[str, StoredRecords | None]
    case: Cases
    signatures: Signatures


class RuleWording:
    """Words the outcomes of one rule, for all blocks."""

    def __init__(self, rule: ColumnRule, work: ColumnEvaluator, ids: Ids) -> None:
        self.rule = rule
        self.work = work
        self.ids = ids
        self.prepared = rule.prepared
        self.currency = rule.prepared.desk.context.currency
        self.texts: dict[Any, str] = {}
        self._causes: dict[int, Sequence[Cause]] = {}
        typed = self.prepared.typed
        self.words_read = [node for node, _ in words_read(typed) if isinstance(node, Path)]
        self.when = [] if typed.when is None else list(_parts_of(typed.when))

    def word(self, rows: Rows, status: int, decided: Any, wanted: Any) -> tuple[Any, list[str]]:
        """Return for each of some rows the place of its reason, and the reasons.

        Args:
            rows: the block.
            status: of the rule in these rows.
            decided: which comparison decided, of all rows of the block.
            wanted: the places of the rows.
        """
        if status == OPEN:
            return self._word_unknown(rows, wanted)
        if status == SKIPPED:
            tests = [self.work.column(self.rule.nodes.node(each), rows.level) for each in self.when]
            keys = [np.broadcast_to(COLUMNS.sides(each)[1], rows.level.size) for each in tests]
            return self._word(
                rows, status, keys, wanted, lambda row: self._said(rows, SKIPPED, row)
            )
        template = (
            self.prepared.typed.pass_text if status == PASS else self.prepared.typed.fail_text
        )
        if template is None:
            return self._word_compared(rows, status, decided, wanted)
        parts = [part for part in template if isinstance(part, Placeholder)]
        columns = [self.work.column(self.rule.nodes.node(each.node), rows.level) for each in parts]
        written = [(c, part.format) for c, part in zip(columns, parts, strict=True)]
        keys = printed(written, rows.level.size, self.currency, self.ids)

        def write(row: int) -> str:
            values = [value_at(column, row) for column in columns]
            return render(template, values, currency=self.currency)

        return self._word(rows, status, keys, wanted, write)

    def _said(self, rows: Rows, status: int, row: int) -> str:
        return reason_of(self.prepared, STATUSES[status], rows.case(row))

    def _word(
        self, rows: Rows, status: int, keys: Keys, wanted: Any, write: Callable[[int], str]
    ) -> tuple[Any, list[str]]:
        """Word one row of each group of rows that agree in the keys."""
        some = [np.broadcast_to(key, rows.level.size)[wanted] for key in keys]
        groups, first = grouped(some, len(wanted))
        columns = [each[first].tolist() for each in some]
        texts = []
        for place, key in enumerate(zip(*columns, strict=True) if columns else [()]):
            known = status, *key
            text = self.texts.get(known)
            if text is None:
                text = self.texts[known] = write(int(wanted[first[place]]))
            texts.append(text)
        return groups, texts

    def _word_compared(
        self, rows: Rows, status: int, decided: Any, wanted: Any
    ) -> tuple[Any, list[str]]:
        """Word rows by the comparisons that decided, of a rule without a template."""
        passed = status == PASS
        chosen = np.full(len(wanted), -1) if decided is None else decided[wanted]
        codes = np.zeros(len(wanted), np.int64)
        texts: list[str] = []
        for place in np.unique(chosen).tolist():
            here = np.flatnonzero(chosen == place)
            groups, some = self._word_by(rows, status, place, wanted[here], passed)
            codes[here] = groups + len(texts)
            texts += some
        return codes, texts

    def _word_by(
        self, rows: Rows, status: int, place: int, wanted: Any, passed: bool
    ) -> tuple[Any, list[str]]:
        if place < 0:
            text = compared_reason(self.prepared.typed.require, (), self.currency, passed=passed)
            return np.zeros(len(wanted), np.int64), [text]
        found = self.rule.deciding[place]
        sides = [self.work.column(each, rows.level) for each in (found.left, found.right)]
        size = rows.level.size
        keys = [_every(place, size), *self._sides(found.node, sides, size)]

        def write(row: int) -> str:
            values = tuple(value_at(each, row) for each in sides)
            return compared_reason(found.node, values, self.currency, passed=passed)

        return self._word(rows, status, keys, wanted, write)

    def _sides(self, node: Compare, sides: Sequence[Any], size: int) -> Keys:
        written = list(zip(sides, side_formats(node), strict=True))
        return printed(written, size, self.currency, self.ids)

    # Why it is unknown

    def _word_unknown(self, rows: Rows, wanted: Any) -> tuple[Any, list[str]]:
        whole = np.zeros(rows.level.size, bool)
        whole[wanted] = True
        typed, nodes = self.prepared.typed, self.rule.nodes
        asked = [each for each in (typed.applies, typed.when, typed.require) if each is not None]
        keys = [rows.signatures.of(each, nodes, rows.level, whole) for each in asked]
        codes = np.zeros(len(wanted), np.int64)
        texts: list[str] = []
        groups, first = grouped([key[wanted] for key in keys], len(wanted))
        for group, place in enumerate(first.tolist()):
            here = np.flatnonzero(groups == group)
            way = id(rows.signatures.work)
            signature = self.ids(("causes", way, *(int(key[wanted[place]]) for key in keys)))
            some, found = self._word_alike(rows, signature, wanted[here])
            codes[here] = some + len(texts)
            texts += found
        return codes, texts

    def _word_alike(self, rows: Rows, signature: int, wanted: Any) -> tuple[Any, list[str]]:
        """Word rows that are unknown for the same causes."""
        causes = self._causes.get(signature)
        if causes is None:
            traced = self.prepared.trace(rows.case(int(wanted[0])).values)
            causes = self._causes[signature] = tuple(traced.frame.causes)

        def say(row: int) -> str:
            return self._said(rows, OPEN, row)

        keys: Keys = [_every(signature, rows.level.size)]
        for cause in causes:
            some = self._printed(rows, cause)
            if some is None:
                return np.arange(len(wanted)), [say(int(row)) for row in wanted]
            keys += some
        return self._word(rows, OPEN, keys, wanted, say)

    def _printed(self, rows: Rows, cause: Cause) -> Keys | None:
        """Return keys of what is printed of a cause; None where each row is by itself."""
        node = cause.node
        match cause.kind:
            case "straddle" if isinstance(node, Compare):
                sides = self._columns(rows, (node.left, node.right))
                return None if sides is None else self._sides(node, sides, rows.level.size)
            case "undefined" if isinstance(node, Call) and node.function in ("band", "lookup"):
                keys = self._columns(rows, node.arguments[:-1])
                if keys is None:
                    return None
                formats = [default_format(each.type) for each in node.arguments]
                written = list(zip(keys, formats, strict=False))
                spans = [_is_span(each, rows.level.size) for each in keys]
                return [*printed(written, rows.level.size, self.currency, self.ids), *spans]
            case "money":
                return self._own_currency(rows, cause)
            case "word":
                return self._words(rows)
        return []

    def _columns(self, rows: Rows, nodes: Sequence[Node]) -> list[Any] | None:
        """Return the columns of nodes that stand outside loops."""
        shared = [self.rule.nodes.node(each) for each in nodes]
        if any(max(free_slots(each, {}), default=0) >= FIRST_FREE for each in shared):
            return None
        return [rows.signatures.work.column(each, rows.level) for each in shared]

    def _words(self, rows: Rows) -> Keys | None:
        """Return keys of all words that the rule reads; None where it reads them in loops."""
        columns = self._columns(rows, self.words_read)
        if columns is None:
            return None
        keys: Keys = []
        for column in columns:
            if isinstance(column, DistributionColumn):
                return None
            keys += printed([(column, "list")], rows.level.size, self.currency, self.ids)
        return keys

    def _own_currency(self, rows: Rows, cause: Cause) -> Keys | None:
        field = money_field(cause.node) if isinstance(cause.node, Path | Choose) else None
        place = cause.place
        if field is None or not field.currency or not place or place[0] not in rows.stored:
            return []
        root, names = str(place[0]), field.currency
        if root == "deal" and place[1:2] == ("influencer",):
            root = "influencer"
        found: Any = rows.stored[root]
        for name in names:
            found = found.fields.get(name) if isinstance(found, StoredRecords) else None
        if not isinstance(found, StoredTexts):
            return []
        codes = [self.ids(("text", each)) for each in found.texts]
        return [np.array([*codes, -1], np.int64)[found.codes]]


def _every(value: int, size: int) -> Any:
    return np.broadcast_to(np.int64(value), size)


def _is_span(column: Column, size: int) -> Any:
    if not isinstance(column, NumberColumn | float | Range):
        return _every(0, size)
    _, low, high = COLUMNS.ends(column)
    return np.broadcast_to(np.not_equal(low, high), size)


def _parts_of(node: Node) -> Iterator[Node]:
    """Give the parts of a condition of which one may be false: see `reasons.skipped_reason`."""
    yield node
    if isinstance(node, Logic):
        for part in node.operands:
            yield from _parts_of(part)
    elif isinstance(node, Bind):
        yield from _parts_of(node.body)
