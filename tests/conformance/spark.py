"""The engine that runs cases on Spark: what `screen_frame` does with briefs, with cases.

A case's influencer is a line of JSON in a DataFrame. Spark hands the lines to its workers, which
read and prove them, ask each case's query, and leave to the evaluator what they always leave.
Some dozens of cases make one job, as several briefs do: each has a query of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from checker import __version__
from checker.bulk.compile import Kernel
from checker.bulk.compile.choices import Tools
from checker.bulk.compile.expressions import Expressions
from checker.bulk.compile.reasons import write_template
from checker.bulk.compile.records import Overlaid, Reader
from checker.bulk.compile.scopes import Env
from checker.bulk.compile.sql import FALSE, TRUE, Columns
from checker.bulk.compile.texts import Words
from checker.bulk.compile.values import Known, Val
from checker.bulk.compile.wording import Writer
from checker.bulk.layout import DoesNotFitError, Layout
from checker.bulk.proof import Path, Proof, proof
from checker.bulk.quote import text_of
from checker.bulk.reading import RECORD
from checker.bulk.screener import VERDICTS, Judged, Query, rows_of
from checker.bulk.spark import BriefRules, Job, judged
from checker.language.evaluate import Evaluator
from checker.language.nodes import Node
from checker.language.scope import BRIEF_SLOTS, SLOTS
from checker.language.specialise import Specialiser
from checker.loading.validation import SHIPPED
from checker.model.types import NumberType
from tests.conformance.duck import Decode, deal_type, encode
from tests.conformance.engines import Case, Plain, check, load, plain

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Cases in one job.
_MOST = 40
# Fields that may be ranges. One that a case does not read makes its line one with a range.
_RANGED = [
    name
    for name, field in SHIPPED.types["influencer"].fields.items()
    if isinstance(field.type, NumberType) and field.type.ranged and field.type.high > 2
]
_RULE = "case"
_ENUM = f"ENUM({', '.join(map(text_of, VERDICTS))})"


@dataclass(frozen=True)
class Answer:
    """What a case gave: on columns with ranges or without, and whether the evaluator said it."""

    value: Any
    ranges: bool
    by_hand: bool


class Compiled:
    """A case as the rules of a brief: a query for rows without and with ranges."""

    def __init__(self, case: Case, place: str) -> None:
        self.case = case
        self.place = place
        self.decoders: list[Decode] = []
        self.kernels = [self._kernel(ranges) for ranges in (False, True)]

    @property
    def reads(self) -> frozenset[Path]:
        """Return what the queries read of an influencer."""
        return self.kernels[0].reads | self.kernels[1].reads

    @property
    def vocabularies(self) -> Mapping[str, Mapping[str, str]]:
        """Return the vocabularies that give labels their keys."""
        return load(self.case).desk.context.vocabularies

    def rules(self, reading: int) -> BriefRules:
        """Return the case as workers take the rules of a brief; `reading`: how rows are read."""
        exact, ranged = (
            Query(kernel.select(rows_of(self.place, form)), kernel.fixed)
            for form, kernel in enumerate(self.kernels)
        )
        return BriefRules(self.place, (exact, ranged), reading, (_RULE,))

    def lines(self) -> Iterator[tuple[str, bool, str]]:
        """Yield the influencer as a line for columns without ranges and one for those with.

        Each has the place of its case before it, and whether columns with ranges take it.
        """
        person = self.case.records.get("influencer", {})
        has_range = '"min"' in json.dumps(person) or '"max"' in json.dumps(person)
        yield self.place, has_range, json.dumps(person, ensure_ascii=False)
        read = {path[0] for path in self.reads}
        free = next((name for name in _RANGED if name not in person and name not in read), "")
        if free and not has_range:
            person = {**person, free: {"min": 1, "max": 2}}
            yield self.place, True, json.dumps(person, ensure_ascii=False)

    def answer(self, row: Mapping[str, Any]) -> Answer:
        """Return what a row holds."""
        found = json.loads(row["reason"])
        value = found if row["by_hand"] else self.decoders[row["ranges"]](found)
        return Answer(value, row["ranges"], row["by_hand"])

    def _kernel(self, ranges: bool) -> Kernel:
        columns = Columns()
        try:
            sql, hand, decode = _Row(self.case, columns, ranges).answer()
        except DoesNotFitError:
            sql, hand, decode = "NULL::VARCHAR", TRUE, _same
        self.decoders.append(decode)
        results = {
            "verdict": f"'pass'::{_ENUM}",
            "fit": "0.0::DOUBLE",
            "decided_by": f"NULL::ENUM({text_of(_RULE)})",
            "open": "0::INTEGER",
            "reason": sql,
            "hand": hand,
        }
        return Kernel(RECORD, (_RULE,), (), columns, tuple(results.items()), (), {})


class _Row:
    """What a case reads: the columns of a line, its deal, and what the brief fixes."""

    def __init__(self, case: Case, columns: Columns, ranges: bool) -> None:
        self.case = case
        self.loaded = load(case)
        desk = self.loaded.desk
        words = Words(columns, desk.context.vocabularies)
        self.expressions = Expressions(Tools(columns, words, desk.context))
        types, spelt = desk.rules.types, desk.context.vocabularies
        people = Layout(types["influencer"], ranges=ranges, vocabularies=spelt)
        person = Reader(people, RECORD, desk.context, columns).record()
        # No frame has a column for what is agreed, so it stands in the query.
        deals = Layout(deal_type(types), ranges=ranges, vocabularies=spelt)
        terms = {k: v for k, v in case.records.get("deal", {}).items() if k != "influencer"}
        agreed = columns.share(deals.from_json(text_of(json.dumps(deals.row(terms)))))
        deal = Reader(deals, agreed, desk.context, columns).record()
        self.values: dict[int, Val] = {
            SLOTS["influencer"]: person,
            SLOTS["deal"]: Overlaid(deal, {"influencer": person}),
        }

    def answer(self) -> tuple[str, str, Decode]:
        """Return SQL of what the case gives as JSON, whether words are left, and what reads it."""
        checked = check(self.case, self.loaded)
        env = self._env()
        if not isinstance(checked, Node):
            worded = write_template(self.expressions, Writer(self.expressions.tools), checked, env)
            return f"to_json({worded.sql})::VARCHAR", worded.hand, _same
        value = self.expressions.value(checked, env)
        if isinstance(value, Known):
            return text_of(json.dumps(plain(value.value, checked.type))), FALSE, _same
        sql, decode = encode(self.expressions, value, checked.type)
        # NULL is what the case gives, not a case that gives nothing.
        return f"coalesce(to_json({sql})::VARCHAR, 'null')", FALSE, decode

    def _env(self) -> Env:
        desk = self.loaded.desk
        frame = desk.frame(max(self.loaded.slots.next, 400), {})
        frame[SLOTS["params"]] = self.loaded.params
        evaluator = Evaluator(desk.context)
        reads = Specialiser(evaluator, frame, BRIEF_SLOTS)
        return Env(evaluator, frame, frozenset(BRIEF_SLOTS), self.values, reads)


def _same(found: Any) -> Any:
    return found


def _by_hand(case: Case, number: int, text: str | None) -> Judged:
    person = json.loads(text or "")
    case = replace(case, records={**case.records, "influencer": person})
    value = Plain().text(case) if case.template else Plain().value(case)
    nothing = {"rule": _RULE, "status": "skipped", "low": None, "high": None, "needed": None}
    return Judged("", "", "pass", 0.0, None, 0, json.dumps(value), [nothing])


def _evaluators(cases: Sequence[Case]) -> Sequence[Callable[[int, str | None], Judged]]:
    """Make, on a worker, what gives the cases of lines that DuckDB leaves."""
    return [partial(_by_hand, case) for case in cases]


def parted(cases: Sequence[Case]) -> Iterator[list[Case]]:
    """Yield the cases of each job."""
    for start in range(0, len(cases), _MOST):
        yield list(cases[start : start + _MOST])


def run(spark: SparkSession, cases: Sequence[Case]) -> Iterator[tuple[str, Answer]]:
    """Run cases as one job of Spark, and yield what they gave by name; raises what Spark raises."""
    compiled = {str(place): Compiled(case, str(place)) for place, case in enumerate(cases)}
    lines = [line for each in compiled.values() for line in each.lines()]
    frame = spark.createDataFrame(lines, "place STRING, ranges BOOLEAN, line STRING")
    found = judged(frame, "line", _job(list(compiled.values())), ["place", "ranges"])
    # A line is there for its own case, as an influencer may be for one of several briefs.
    for row in found.where("brief = place").toArrow().to_pylist():
        one = compiled[row["place"]]
        yield one.case.name, one.answer(row)


def _proofs(
    vocabularies: Mapping[str, Mapping[str, str]], reads: frozenset[Path]
) -> tuple[Proof, Proof]:
    schema, type_ = SHIPPED.schema("influencer", partial=True), SHIPPED.types["influencer"]
    exact, ranged = (
        proof(schema, Layout(type_, ranges=each, vocabularies=vocabularies), reads=reads)
        for each in (False, True)
    )
    return exact, ranged


def _job(compiled: Sequence[Compiled]) -> Job:
    reads = frozenset[Path]().union(*(each.reads for each in compiled))
    spelt: list[Mapping[str, Mapping[str, str]]] = []
    for each in compiled:
        if each.vocabularies not in spelt:
            spelt.append(each.vocabularies)
    return Job(
        version=__version__,
        briefs=tuple(each.rules(spelt.index(each.vocabularies)) for each in compiled),
        proofs=tuple(_proofs(each, reads) for each in spelt),
        evaluators=partial(_evaluators, [each.case for each in compiled]),
    )
