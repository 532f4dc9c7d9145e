"""A screening: briefs' rules on files of influencers, however many, each line with its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from checker.bulk.clean import proof
from checker.bulk.compile import CannotCompileError, compile_rules
from checker.bulk.judged import Judge
from checker.bulk.layout import Layout
from checker.bulk.lines import Lines
from checker.bulk.screener import Judged, Refused, Screened, Screener
from checker.bulk.session import session
from checker.bulk.sources import Opened, Source
from checker.bulk.stage import Folder, Refusals, Stage, Staged, put
from checker.checking import LoadRules, in_force
from checker.engine.judge import judge
from checker.engine.outcomes import Case, brief_outcome
from checker.engine.places import Records
from checker.engine.prepared import Desk, PreparedRule, make_desk
from checker.engine.ruleset import RuleSet
from checker.engine.texts import diagnose
from checker.engine.verdicts import verdict_of
from checker.language.check import check_expression
from checker.language.errors import LanguageError
from checker.language.evaluate import Evaluator
from checker.language.nodes import Node
from checker.language.scope import ROOTS, Scope, Slots
from checker.loading.campaigns import load_campaign
from checker.loading.json_text import read_json
from checker.loading.project import Project, Projects
from checker.loading.source import SourceFile
from checker.loading.validation import validate
from checker.model.diagnostics import Diagnostic, InputError, Position, RulesError
from checker.model.records import Campaign, Record
from checker.model.report import Outcome
from checker.model.rules import SourceText
from checker.model.screening import BriefScreened, Lost, Screening
from checker.model.types import FlagType, RecordType
from checker.model.values import Value

Progress = Callable[[int, int, int], None]


class Options:
    """What is asked of a screening beside its briefs and files; all of it may be left out.

    `where` is a condition on an influencer, in the language of rules; `limit` the most lines
    that are read; `keep` names of the lines' members that are carried through; `reasons` gives
    every outcome its reason; `best` is how many of those that pass are listed.
    """

    def __init__(
        self,
        *,
        where: str = "",
        limit: int | None = None,
        keep: Sequence[str] = (),
        mapping: str = "",
        reasons: bool = False,
        best: int = 10,
        memory: str = "1GB",
        threads: int = 0,
    ) -> None:
        self.where = where
        self.limit = limit
        self.keep = tuple(keep)
        self.mapping = mapping
        self.reasons = reasons
        self.best = best
        self.memory = memory
        self.threads = threads


class OneBrief:
    """A brief whose rules are ready to screen by."""

    def __init__(self, campaign: Campaign, rules: RuleSet, project: Project, as_of: date) -> None:
        self.campaign = campaign
        self.rules = rules
        self.project = project
        self.as_of = as_of
        desk = make_desk(rules, campaign.brief, campaign.brand, as_of)
        ready = [
            PreparedRule(each, desk) for each in rules.rules if each.rule.scope == "influencer"
        ]
        self.desk = desk
        self.lifted = [each for each in ready if each.unknown_by_brief and not each.never_applies]
        self.prepared = [each for each in ready if each not in self.lifted]
        if not self.prepared:
            message = "no rule looks at an influencer; nothing was screened"
            raise InputError([Diagnostic("no-rules", message, campaign.brief.position())])

    @property
    def waivers(self) -> list[Any]:
        """Return the waivers that hold for this brief on this day."""
        return [
            waiver
            for waiver in self.rules.waivers
            if waiver.brief in ("", self.campaign.brief.id)
            and date.fromisoformat(waiver.expires) >= self.as_of
        ]

    def own(self) -> tuple[Outcome, ...]:
        """Return the outcomes on the brief itself, with what it leaves unknown for everyone."""
        alone = replace(self.campaign, shortlist=(), posts=())
        report = judge(alone, self.rules, as_of=self.as_of, explain_all=False)
        common = {"brief": self.campaign.brief, "brand": self.campaign.brand}
        lifted = [brief_outcome(each, Case({}, Records(common))) for each in self.lifted]
        return (*(o for s in report.of_kind("brief") for o in s.outcomes), *lifted)

    def condition(self, text: str) -> tuple[Node, int] | None:
        """Return a condition on an influencer, typed, and the size of its frame.

        Raises RulesError where it is no condition.
        """
        if not text:
            return None
        source = SourceText(text, lambda at: Position("--where", 1, at + 1), lambda line: text)
        scope = Scope(self.rules.types, ROOTS["influencer"], RecordType("params"), {}, {})
        slots = Slots()
        try:
            node = check_expression(text, scope, slots)
            if not isinstance(node.type, FlagType):
                message = "a condition is true or false"
                raise LanguageError(message, node.start, node.end, note="compare it with something")
        except LanguageError as error:
            raise RulesError([diagnose(error, source)]) from None
        return node, slots.next


class _Reader:
    """Reads and judges the lines that DuckDB leaves: full validation, then the evaluator."""

    def __init__(self, brief: OneBrief, judge_: Judge, keep: Sequence[str]) -> None:
        self.brief = brief
        self.judge = judge_
        self.keep = keep
        self.shown = ""
        self.strange = set(keep) - set(brief.rules.types["influencer"].fields)

    def __call__(self, number: int, text: str | None) -> Judged | Refused | None:
        if text is None:
            return Refused(number, ("the text is not UTF-8",))
        if not text.strip():
            return None
        try:
            document = read_json(SourceFile(self.shown, text.rstrip("\n")), first_line=number)
        except InputError as error:
            return Refused(number, _reasons(error.diagnostics))
        data = document.data
        kept: list[str | None] = [None] * len(self.keep)
        if isinstance(data, dict):
            kept = [_kept(data.get(name)) for name in self.keep]
            data = {name: value for name, value in data.items() if name not in self.strange}
        found = validate(
            "influencer",
            data,
            document.locate,
            locate_key=document.locate_key,
            schemas=self.brief.project.schemas,
        )
        if found:
            return Refused(number, _reasons(found), _id(data))
        person = {name: value for name, value in data.items() if name != "$schema"}
        record = Record("influencer", person["id"], person, document.locate)
        return self.judge.judge(record, Record("deal", record.id, {}, document.locate), kept)


def _reasons(found: Sequence[Diagnostic]) -> tuple[str, ...]:
    return tuple(
        f"column {each.position.column}: {each.message}" if each.position.column else each.message
        for each in found
    )


def _id(data: Any) -> str:
    found = data.get("id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""


def _kept(value: Any) -> str | None:
    import json

    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


class _Work:
    """One brief while lines go through it."""

    def __init__(self, brief: OneBrief, options: Options, connection: Any, name: str) -> None:
        self.brief = brief
        condition = brief.condition(options.where)
        node = condition[0] if condition else None
        schema = brief.project.schemas.schema("influencer")
        forms = []
        for ranges in (False, True):
            layout = Layout(brief.rules.types["influencer"], ranges=ranges)
            kernel = _compiled(brief, layout, options, node)
            forms.append((proof(schema, layout, keep=options.keep), kernel))
        judge_ = Judge(
            brief.prepared,
            brief.campaign.brief,
            brief.campaign.brand,
            waivers=brief.waivers,
            fitted=getattr(forms[1][1], "fitted", None),
            where=_where(brief.desk, condition),
            reasons=options.reasons,
        )
        self.reader = _Reader(brief, judge_, options.keep)
        self.screener = Screener(
            connection,
            name,
            forms[0],
            forms[1],
            self.reader,
            keep=options.keep,
            where=node is not None,
            reasons=options.reasons,
        )
        self.invalid = self.left_out = self.unclear = self.by_hand = 0

    def screen(self, lines: Lines, shown: str) -> Screened:
        self.reader.shown = shown
        screened = self.screener.screen(lines)
        self.invalid += len(screened.refused)
        self.left_out += screened.left_out
        self.unclear += screened.unclear
        self.by_hand += screened.by_hand
        return screened


def _compiled(brief: OneBrief, layout: Layout, options: Options, where: Node | None) -> Any:
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


def load_briefs(paths: Sequence[Path], *, load_rules: LoadRules, as_of: date) -> list[OneBrief]:
    """Load briefs and the rules in force for each. Raises CheckerError."""
    projects = Projects()
    rules: dict[int, RuleSet] = {}
    found = []
    for path in paths:
        project = projects.of(path)
        if id(project) not in rules:
            rules[id(project)] = in_force(load_rules(project=project), project)
        found.append(OneBrief(load_campaign(path, project), rules[id(project)], project, as_of))
    return found


def screen(
    briefs: Sequence[OneBrief],
    sources: Sequence[Source],
    *,
    options: Options,
    table: Path | None = None,
    format_: str = "parquet",
    invalid: Path | None = None,
    progress: Progress | None = None,
) -> Screening:
    """Screen influencers by briefs, in one read of the files.

    Files are written when all is done, whole or not at all. Raises CheckerError; OSError where
    something cannot be written.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(Folder(table or invalid))
        opened = session(folder=folder, memory=options.memory, threads=options.threads)
        connection = stack.enter_context(opened)
        works = [
            _Work(brief, options, connection, str(index)) for index, brief in enumerate(briefs)
        ]
        run = _Run(works, folder, options, stack)
        run.read(sources, progress)
        return run.finish(connection, table, format_, invalid)


class _Run:
    """One screening from the first line to the last."""

    def __init__(
        self, works: Sequence[_Work], folder: Path, options: Options, stack: ExitStack
    ) -> None:
        self.works = works
        self.folder = folder
        self.options = options
        self.lines = 0
        self.stages = [
            Stage(
                folder / f"{index}.parquet",
                work.brief.campaign.brief.id,
                work.screener.schema,
                options.keep,
            )
            for index, work in enumerate(works)
        ]
        self.refusals = Refusals(folder / "invalid.ndjson")
        self.pool = stack.enter_context(ThreadPoolExecutor(2))
        self.writing: Future[None] | None = None

    def read(self, sources: Sequence[Source], progress: Progress | None) -> None:
        total = sum(source.size for source in sources)
        before = 0
        for source in sources:
            with closing(Opened(source)) as opened:
                for lines in self._ahead(opened.lines()):
                    kept = self._limited(lines)
                    if kept is None:
                        return
                    self._screen(kept, source.shown)
                    if progress:
                        progress(before + opened.done, total, self.lines)
            before += source.size

    def _ahead(self, pieces: Iterator[Lines]) -> Iterator[Lines]:
        """Read the next piece while this one is judged."""
        ready = self.pool.submit(next, pieces, None)
        while True:
            lines = ready.result()
            if lines is None:
                return
            ready = self.pool.submit(next, pieces, None)
            yield lines

    def _limited(self, lines: Lines) -> Lines | None:
        if self.options.limit is None:
            return lines
        left = self.options.limit - self.lines
        if left <= 0:
            return None
        return Lines(lines.table.slice(0, left), lines.end, lines.unreadable)

    def _screen(self, lines: Lines, shown: str) -> None:
        found = [work.screen(lines, shown) for work in self.works]
        read = found[0].table.num_rows + found[0].left_out + len(found[0].refused)
        self.lines += read
        self._wait()
        self.writing = self.pool.submit(self._write, found, shown)

    def _write(self, found: Sequence[Screened], shown: str) -> None:
        for stage, screened in zip(self.stages, found, strict=True):
            stage.add(screened.table, shown)
        self.refusals.add(found[0].refused, shown)

    def _wait(self) -> None:
        if self.writing:
            self.writing.result()
            self.writing = None

    def finish(
        self, connection: Any, table: Path | None, format_: str, invalid: Path | None
    ) -> Screening:
        self._wait()
        for stage in self.stages:
            stage.close()
        staged = Staged(connection, self.stages)
        twice = staged.find_twice()
        for file, refused in twice:
            self.refusals.add([refused], file)
        self.refusals.close()
        briefs = tuple(
            self._brief(work, stage, staged, len(twice))
            for work, stage in zip(self.works, self.stages, strict=True)
        )
        if table:
            made = staged.finish(table, format_, self.folder, bool(twice))
        if invalid:
            put(self.refusals.path, invalid)
        if table:
            put(made, table)
        return Screening(
            as_of=self.works[0].brief.as_of.isoformat(),
            lines=self.lines,
            by_hand=self.works[0].by_hand,
            briefs=briefs,
            first_invalid=tuple(self.refusals.first),
            table=str(table or ""),
            invalid=str(invalid or ""),
        )

    def _brief(self, work: _Work, stage: Stage, staged: Staged, twice: int) -> BriefScreened:
        brief = work.brief
        groups = staged.lost(stage)
        verdicts = dict.fromkeys(("pass", "fail", "undecided"), 0)
        for verdict, _, count, _ in groups:
            verdicts[verdict] += count
        titles = {each.rule.id: each.rule.title for each in brief.prepared}
        lost = tuple(
            Lost(rule, titles[rule], verdict, first, alone)
            for verdict, rule, first, alone in groups
            if rule is not None
        )
        own = brief.own()
        return BriefScreened(
            brief=brief.campaign.brief.id,
            title=str(brief.campaign.brief.data.get("title", brief.campaign.brief.id)),
            verdict=verdict_of(own, needs_pass=False),
            own=own,
            verdicts={**verdicts, "invalid": work.invalid + twice},
            lost=lost,
            best=tuple(staged.best(stage, self.options.best)),
            left_out=work.left_out,
            unclear=work.unclear,
        )
