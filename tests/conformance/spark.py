"""The engine that runs cases on Spark: what `screen_frame` does with a brief's rules, with cases.

A case's influencer is a line of JSON in a DataFrame. Spark hands the lines to its workers, which
prove and read them, run the compiled cases, and leave to the evaluator what they always leave.
Cases of the same rules, brief, brand and day are compiled together, as the rules of one brief
are; each is computed on its own lines alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from checker import __version__
from checker.bulk.clean import proof
from checker.bulk.compile import Kernel
from checker.bulk.compile.choices import Tools
from checker.bulk.compile.expressions import Expressions
from checker.bulk.compile.reasons import write_template
from checker.bulk.compile.records import Overlaid, Reader
from checker.bulk.compile.scopes import Env
from checker.bulk.compile.sql import FALSE, Columns, cases
from checker.bulk.compile.texts import Words
from checker.bulk.compile.values import Known, Val
from checker.bulk.compile.wording import Writer
from checker.bulk.layout import DoesNotFitError, Layout
from checker.bulk.quote import text_of
from checker.bulk.screener import VERDICTS, Judged, statements
from checker.bulk.spark import Job, judged
from checker.language.evaluate import Evaluator
from checker.language.nodes import Node
from checker.language.scope import BRIEF_SLOTS, SLOTS
from checker.language.specialise import Specialiser
from checker.loading.validation import SHIPPED
from tests.conformance.duck import Decode, deal_type, encode
from tests.conformance.engines import Case, Loaded, Plain, check, load, plain

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Members of a line beside the influencer's own: which case it is, in which form, and the deal.
_CASE, _FORM, _DEAL = _MEMBERS = ("case", "form", "deal")
# Quoted, a line's own word for a range: a line that holds it goes to the columns with ranges.
_FORMS = {False: "exact", True: "min"}
# Cases that are compiled together, at most: a statement is planned as a whole.
_MOST = 40
_RULE = "case"
_ENUM = f"ENUM({', '.join(map(text_of, VERDICTS))})"


@dataclass(frozen=True)
class Answer:
    """What a case gave: on which columns ("exact", "min"), and whether the evaluator said it."""

    value: Any
    form: str
    by_hand: bool


class Group:
    """Cases that are compiled together."""

    def __init__(self, members: Sequence[Case]) -> None:
        self.cases = {str(place): case for place, case in enumerate(members)}
        # By place and form.
        self.decoders: dict[tuple[str, bool], Decode] = {}

    def lines(self) -> list[str]:
        """Return each case as a line for each kind of columns that holds its records."""
        return [line for place, case in self.cases.items() for line in _lines(place, case)]

    def job(self) -> Job:
        """Return what workers do with the lines."""
        schema = SHIPPED.schema("influencer", partial=True)
        forms = []
        for ranges in (False, True):
            layout = Layout(SHIPPED.types["influencer"], ranges=ranges)
            forms.append((proof(schema, layout, keep=_MEMBERS), self._kernel(layout)))
        sql = statements("0", forms, keep=_MEMBERS)
        return Job(
            version=__version__,
            briefs=(("cases", sql),),
            rules=((_RULE,),),
            evaluators=partial(_evaluators, self.cases),
            members=_MEMBERS,
        )

    def _kernel(self, layout: Layout) -> Kernel:
        row = _Row(load(next(iter(self.cases.values()))), layout)
        values, hands = [], []
        for place, case in self.cases.items():
            mine = f'("keep {_CASE}" = {text_of(place)})'
            sql, hand, self.decoders[place, layout.ranges] = row.answer(case)
            values.append((mine, sql))
            hands.append((mine, hand))
        results = {
            "verdict": f"'pass'::{_ENUM}",
            "fit": "0.0::DOUBLE",
            "decided_by": f"NULL::ENUM({text_of(_RULE)})",
            "open": "0::INTEGER",
            "reason": cases(values, "NULL::VARCHAR"),
            "hand": f"coalesce({cases(hands, FALSE)}, true)",
        }
        return Kernel((_RULE,), (), row.columns, tuple(results.items()), ())

    def answers(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Answer]]:
        """Yield what came back, with the names of the cases."""
        for row in rows:
            place, form = row[f"keep {_CASE}"], row[f"keep {_FORM}"]
            case = self.cases[place]
            found = json.loads(row["reason"])
            decode = self.decoders[place, form == _FORMS[True]]
            value = found if row["by_hand"] or case.template else decode(found)
            yield case.name, Answer(value, form, row["by_hand"])


class _Row:
    """What the cases of a group read: the columns of a line, and what the brief fixes."""

    def __init__(self, loaded: Loaded, layout: Layout) -> None:
        self.loaded = loaded
        context = loaded.desk.context
        self.columns = Columns()
        self.expressions = Expressions(
            Tools(self.columns, Words(self.columns, context.vocabularies), context)
        )
        deals = Layout(deal_type(loaded.desk.rules.types), ranges=layout.ranges)
        terms = self.columns.share(deals.from_json(f'"keep {_DEAL}"'))
        person = Reader(layout, "influencer", context, self.columns).record()
        deal = Reader(deals, terms, context, self.columns).record()
        self.values: dict[int, Val] = {
            SLOTS["influencer"]: person,
            SLOTS["deal"]: Overlaid(deal, {"influencer": person}),
        }

    def answer(self, case: Case) -> tuple[str, str, Decode]:
        """Return SQL of what a case gives as JSON, whether words are left, and what reads it."""
        checked = check(case, self.loaded)
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
        return Env(evaluator, frame, frozenset(BRIEF_SLOTS), dict(self.values), reads)


def _same(found: Any) -> Any:
    return found


def _lines(place: str, case: Case) -> Iterator[str]:
    person = case.records.get("influencer", {})
    terms = {k: v for k, v in case.records.get("deal", {}).items() if k != "influencer"}
    for ranges, form in _FORMS.items():
        if not ranges and '"min"' in json.dumps(person):
            continue
        try:
            deal = Layout(deal_type(SHIPPED.types), ranges=ranges).row(terms)
        except DoesNotFitError:
            continue
        members = {_CASE: place, _FORM: form, **({_DEAL: deal} if deal else {})}
        yield json.dumps({**person, **members}, ensure_ascii=False)


def _evaluators(of: Mapping[str, Case]) -> Sequence[Callable[[int, str | None], Judged]]:
    """Make, on a worker, what gives the cases that DuckDB leaves."""
    return [partial(_by_hand, of)]


def _by_hand(of: Mapping[str, Case], number: int, text: str | None) -> Judged:
    person = json.loads(text or "")
    place, form = person.pop(_CASE), person.pop(_FORM)
    deal = person.pop(_DEAL, None)
    # The line holds the deal as columns take it; what is agreed is no part of a line.
    case = replace(of[place], records={**of[place].records, "influencer": person})
    value = Plain().text(case) if case.template else Plain().value(case)
    nothing = {"rule": _RULE, "status": "skipped", "low": None, "high": None, "needed": None}
    kept = (place, form, None if deal is None else json.dumps(deal))
    return Judged("", "", "pass", 0.0, None, 0, json.dumps(value), [nothing], kept)


def groups(found: Iterable[Case]) -> Iterator[Group]:
    """Part cases into groups of those with the same rules, brief, brand and day."""
    for _, same in groupby(sorted(found, key=_shared), key=_shared):
        members = list(same)
        for start in range(0, len(members), _MOST):
            yield Group(members[start : start + _MOST])


def _shared(case: Case) -> str:
    records = [case.records.get(kind) for kind in ("brief", "brand")]
    return json.dumps([case.given, records, case.today], sort_keys=True)


def run(spark: SparkSession, group: Group) -> Iterator[tuple[str, Answer]]:
    """Run a group as one job of Spark; raises what Spark raises."""
    frame = spark.createDataFrame([(line,) for line in group.lines()], "line STRING")
    yield from group.answers(judged(frame, "line", group.job()).toArrow().to_pylist())
