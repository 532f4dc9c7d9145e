"""All rules of a brief as one query: verdict, fit, the deciding reason and every outcome."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from checker.bulk.compile.choices import Tools
from checker.bulk.compile.errors import CannotCompileError
from checker.bulk.compile.expressions import Expressions
from checker.bulk.compile.reasons import NOTHING_DECIDED, Wording
from checker.bulk.compile.records import Overlaid, Reader
from checker.bulk.compile.rules import CompiledRule, start
from checker.bulk.compile.sql import (
    FALSE,
    NO_NUMBER,
    NO_TEXT,
    TRUE,
    Columns,
    both,
    cases,
    either,
    fixed_number,
    negated,
    surely,
    unknown,
)
from checker.bulk.compile.texts import Words
from checker.bulk.compile.values import Record
from checker.bulk.compile.wording import Worded
from checker.bulk.layout import Layout
from checker.bulk.outcomes import REASONS, column
from checker.bulk.quote import name_of, number_of, text_of
from checker.engine.prepared import PreparedRule
from checker.language.nodes import Node
from checker.model.waivers import Waiver

Reasons = Literal["deciding", "all", "none"]
_MEMBER = r'(?:[A-Za-z_]\w*|"(?:[^"]|"")*")'
_VERDICTS = ("pass", "fail", "undecided")


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """A query over rows of a layout.

    `root` is the column of the record as SQL. `rules` are the ids of the rules, in order; they
    are the values of the ENUM in which `decided_by` is given. `fitted` are those that `fit` is
    drawn from. `outcomes` are the last columns: what `checker.bulk.outcomes` makes the list of
    outcomes of; `fixed` are those of them that are one number whatever the row is.
    """

    root: str
    rules: tuple[str, ...]
    fitted: tuple[str, ...]
    columns: Columns
    results: tuple[tuple[str, str], ...]
    outcomes: tuple[tuple[str, str], ...]
    fixed: Mapping[str, float]

    def select(self, source: str, carry: Sequence[str] = (), *, outcomes: bool = True) -> str:
        """Return the query over a table or subquery that has the layout's column.

        `carry` names columns of the source that stand first in the result, as they are.
        """
        made = [name_of(name) for name in carry]
        asked = (*self.results, *(self.outcomes if outcomes else ()))
        made += [f"{sql} AS {name_of(name)}" for name, sql in asked]
        return f"SELECT {', '.join(made)} FROM {self.columns.select(source)}"

    @property
    def reads(self) -> frozenset[tuple[str, ...]]:
        """Return the paths of the record that the query reads; some more may be among them."""
        member = re.compile(rf"{re.escape(self.root)}((?:\.{_MEMBER})+)")
        found = {match[1] for match in member.finditer(self.select(""))}
        return frozenset(
            tuple(name.strip('"').replace('""', '"') for name in re.findall(_MEMBER, path))
            for path in found
        )


def compile_rules(
    prepared: Sequence[PreparedRule],
    layout: Layout,
    *,
    waivers: Iterable[Waiver] = (),
    reasons: Reasons = "deciding",
    where: Node | None = None,
    column: str = "influencer",
) -> Kernel:
    """Compile the influencer rules of one brief.

    Args:
        prepared: the rules in order, of scope influencer; without those that the brief alone
            leaves unknown, which are said once, on the brief.
        layout: how the rows lie in columns.
        waivers: those in force for this brief, on this date.
        reasons: worded for the outcome that decides, for every outcome, or not at all.
        where: a condition on an influencer, given as the column `wanted`.
        column: the name of the struct column.

    Raises:
        CannotCompileError: a rule has a construct that has no SQL.
    """
    return _Work(prepared, layout, tuple(waivers), reasons, column).kernel(where)


class _Work:
    def __init__(
        self,
        prepared: Sequence[PreparedRule],
        layout: Layout,
        waivers: tuple[Waiver, ...],
        reasons: Reasons,
        root: str,
    ) -> None:
        if not prepared:
            raise CannotCompileError("a brief without rules for influencers")
        self.desk = prepared[0].desk
        self.prepared, self.waivers, self.reasons = prepared, waivers, reasons
        self.columns = Columns()
        self.root = name_of(root)
        words = Words(self.columns, self.desk.context.vocabularies)
        tools = Tools(self.columns, words, self.desk.context)
        self.expressions = Expressions(tools)
        person = Reader(layout, self.root, self.desk.context, self.columns).record()
        # Nobody has agreed on anything yet: the deal holds its influencer alone.
        self.roots: dict[str, Record] = {
            "influencer": person,
            "deal": Overlaid(None, {"influencer": person}),
        }
        self.rules = [CompiledRule(each, self.expressions, self.roots) for each in prepared]

    def kernel(self, where: Node | None) -> Kernel:
        share = self.columns.share
        errors = [
            rule
            for rule in self.rules
            if rule.typed.rule.severity == "error" and rule.applies != FALSE
        ]
        clear = [share(self.excused(rule, rule.clear)) for rule in errors]
        passed = either(*(rule.passes for rule in errors))
        all_clear = share(both(*clear))
        passes, fails_, open_ = (_enum(each, _VERDICTS) for each in _VERDICTS)
        verdict = cases([(negated(all_clear), fails_), (both(all_clear, passed), passes)], open_)
        fails = [(negated(each), str(place)) for place, each in enumerate(clear)]
        opens = [(unknown(each), str(place)) for place, each in enumerate(clear)]
        decider = share(cases([*fails, *opens], "NULL::SMALLINT"))
        none_fails = share(negated(surely(negated(all_clear))))
        results = {
            "verdict": share(verdict),
            "fit": share(self.fit(errors)),
            "decided_by": self.named(decider, errors),
            "open": _open(clear, none_fails),
        }
        outcomes = [
            (column(what, place), sql)
            for place, rule in enumerate(self.rules)
            for what, sql in self.outcome(rule)
        ]
        fixed = {name: fixed_number(sql) for name, sql in outcomes}
        outcomes = [each for each in outcomes if fixed[each[0]] is None]
        if where is not None:
            work = start(self.prepared[0], self.roots)
            results["wanted"] = share(self.expressions.truth(where, work).sql)
        words = self.words(errors, decider, none_fails, passed, all_clear)
        results["reason"] = share(words.sql)
        hands = [words.hand]
        if self.reasons == "all":
            worded = [Wording(rule).every() for rule in self.rules]
            outcomes.append((REASONS, f"[{', '.join(share(each.sql) for each in worded)}]"))
            hands += [each.hand for each in worded]
        results["hand"] = either(*(share(each) for each in hands))
        made = tuple(results.items())
        numbers = {name: value for name, value in fixed.items() if value is not None}
        return Kernel(
            self.root, self.ids, tuple(self.fitted), self.columns, made, tuple(outcomes), numbers
        )

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(rule.typed.rule.id for rule in self.rules)

    def excused(self, rule: CompiledRule, clear: str) -> str:
        """Return what counts for the verdict: what a waiver covers keeps nobody from passing."""
        branches = []
        for waiver in self.waivers:
            if waiver.rule == rule.typed.rule.id:
                subject = text_of(waiver.subject)
                mine = f"({self.root}.id = {subject} OR {self.root}.handle = {subject})"
                status = negated(clear) if waiver.status == "fail" else unknown(clear)
                branches.append((both(surely(mine), surely(status)), TRUE))
        return cases(branches, clear)

    def named(self, decider: str, errors: list[CompiledRule]) -> str:
        ids = self.ids
        listed = [
            (f"({decider} = {at})", _enum(rule.typed.rule.id, ids))
            for at, rule in enumerate(errors)
        ]
        return cases(listed, f"NULL::{_enum_type(ids)}")

    def fit(self, errors: list[CompiledRule]) -> str:
        """Return the mean over error rules of how far inside the threshold the value lies.

        Rules that compare nothing by order, or do not apply, are left out; an unknown counts 0.
        """
        total, count = [], []
        self.fitted: list[str] = []
        for rule in errors:
            _, _, _, inside = rule.sides()
            if inside.startswith("NULL"):
                continue
            self.fitted.append(rule.typed.rule.id)
            counts = surely(rule.applies)
            total.append(cases([(counts, f"coalesce({inside}, 0)")], number_of(0.0)))
            count.append(f"({counts})::INTEGER")
        if not total:
            return number_of(0.0)
        whole = f"(({' + '.join(total)}) / nullif({' + '.join(count)}, 0))"
        return f"round(coalesce({whole}, 0), 6)"

    # Outcomes and words

    def outcome(self, rule: CompiledRule) -> Iterator[tuple[str, str]]:
        """Return what is to be known of a rule's outcome, but for its reason; see `column`."""
        if rule.applies == FALSE:
            return
        yield "holds", rule.holds
        if rule.applies != TRUE:
            yield "applies", rule.applies
        low, high, needed, _ = rule.sides()
        if low != NO_NUMBER:
            yield "low", low
        if high != low:
            yield "high", high
        if needed != NO_NUMBER:
            yield "needed", needed

    def words(
        self, errors: list[CompiledRule], decider: str, none_fails: str, passed: str, all_clear: str
    ) -> Worded:
        """Return the reason of what decided."""
        if self.reasons == "none":
            return Worded(NO_TEXT)
        undecided = both(surely(all_clear), negated(passed))
        # One number for each reason that there is: of a rule that fails, and that is unknown.
        fails, opens = f"({decider} * 2)", f"({decider} * 2 + 1)"
        which = self.columns.share(cases([(undecided, "-1"), (negated(none_fails), fails)], opens))
        found = [(f"({which} = -1)", Worded(text_of(NOTHING_DECIDED)))]
        for place, rule in enumerate(errors):
            wording = Wording(rule)
            for number, make in ((2 * place, wording.fail), (2 * place + 1, wording.unknown)):
                here = f"({which} = {number})"
                with self.columns.guarded(here):
                    found.append((here, make()))
        text = cases([(when, worded.sql) for when, worded in found], NO_TEXT)
        return Worded(text, cases([(when, worded.hand) for when, worded in found], FALSE))


def _open(clear: list[str], none_fails: str) -> str:
    fails = " + ".join(f"({surely(negated(each))})::INTEGER" for each in clear) or "0"
    opens = " + ".join(f"({unknown(each)})::INTEGER" for each in clear) or "0"
    return f"(CASE WHEN {negated(none_fails)} THEN {fails} ELSE {opens} END)"


def _enum(value: str, values: Iterable[str]) -> str:
    return f"{text_of(value)}::{_enum_type(values)}"


def _enum_type(values: Iterable[str]) -> str:
    return f"ENUM({', '.join(map(text_of, dict.fromkeys(values)))})"
