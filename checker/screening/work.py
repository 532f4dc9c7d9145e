"""One brief while lines go through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from checker.bulk.clean import proof
from checker.bulk.compile import CannotCompileError, Kernel, compile_rules
from checker.bulk.judged import Judge
from checker.bulk.layout import Layout
from checker.bulk.lines import Lines
from checker.bulk.screener import Screened, Screener, statements
from checker.engine.prepared import Desk
from checker.language.evaluate import Evaluator
from checker.language.nodes import Node
from checker.model.diagnostics import Diagnostic, RulesError
from checker.model.values import Value
from checker.screening.briefs import OneBrief
from checker.screening.options import Options
from checker.screening.reader import Reader
from checker.screening.results import Tally


@dataclass(frozen=True)
class Compiled:
    """A brief's rules as SQL, and which rules count for `fit` (None: found by their conditions)."""

    statements: tuple[str, str]
    rules: tuple[str, ...]
    fitted: tuple[str, ...] | None


def compiled(brief: OneBrief, options: Options, name: str) -> Compiled:
    """Compile a brief for a screener of a name. Raises RulesError where a rule has no SQL."""
    condition = brief.condition(options.where)
    node = condition[0] if condition else None
    schema = brief.project.schemas.schema("influencer")
    forms = []
    for ranges in (False, True):
        layout = Layout(brief.rules.types["influencer"], ranges=ranges)
        kernel = _kernel(brief, layout, options, node)
        forms.append((proof(schema, layout, keep=options.members), kernel))
    sql = statements(
        name, forms, keep=options.keep, members=options.members, where=node is not None
    )
    kernel = forms[1][1]
    return Compiled(sql, kernel.rules, getattr(kernel, "fitted", None))


def reader_of(brief: OneBrief, options: Options, fitted: Sequence[str] | None) -> Reader:
    """Return what judges by hand the lines that SQL leaves."""
    judge = Judge(
        brief.prepared,
        brief.campaign.brief,
        brief.campaign.brand,
        waivers=brief.waivers,
        fitted=fitted,
        where=_where(brief.desk, brief.condition(options.where)),
        reasons=options.reasons,
    )
    return Reader(brief, judge, options.members)


class Work:
    """One brief while lines go through it."""

    def __init__(
        self, brief: OneBrief, options: Options, connection: duckdb.DuckDBPyConnection, name: str
    ) -> None:
        self.brief = brief
        self.compiled = compiled(brief, options, name)
        self.reader = reader_of(brief, options, self.compiled.fitted)
        self.screener = Screener(
            connection,
            name,
            self.compiled.statements,
            self.reader,
            self.compiled.rules,
            keep=options.keep,
            where=bool(options.where),
            reasons=options.reasons,
        )
        self.tally = Tally()

    def screen(self, lines: Lines, shown: str, *, by_column: bool) -> Screened:
        """Judge lines of a file; `by_column` says that they stand in it as they are."""
        self.reader.take(lines, shown, by_column=by_column)
        screened = self.screener.screen(lines)
        self.tally.invalid += len(screened.refused)
        self.tally.left_out += screened.left_out
        self.tally.unclear += screened.unclear
        self.tally.by_hand += screened.by_hand
        return screened


def _kernel(brief: OneBrief, layout: Layout, options: Options, where: Node | None) -> Kernel:
    try:
        return compile_rules(
            brief.prepared,
            layout,
            waivers=brief.waivers,
            reasons="all" if options.reasons else "deciding",
            where=where,
        )
    except CannotCompileError as error:
        position = brief.campaign.brief.position()
        hint = "Nothing was screened. checker check judges such a rule, one influencer at a time."
        raise RulesError([Diagnostic("cannot-compile", str(error), position, hint=hint)]) from None


def _where(
    desk: Desk, condition: tuple[Node, int] | None
) -> Callable[[Mapping[str, Value]], Value] | None:
    if condition is None:
        return None
    node, slots = condition
    run = Evaluator(desk.context).build(node)
    return lambda values: run(desk.frame(slots, values))
