"""A run over briefs: rules are loaded once, a change selects, one bad brief stops no other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import checker
from checker.engine.judge import judge
from checker.engine.reach import reach_of
from checker.files import real_path
from checker.in_force import RuleSets
from checker.language.suggest import suggestion
from checker.loading.campaigns import load_campaign
from checker.loading.project import Project, Projects, brief_ids
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.model.report import Explain, Report, Subject

if TYPE_CHECKING:
    from checker.engine.ruleset import RuleSet
    from checker.loading.changes import Changes
    from checker.loading.source import SourceFile
    from checker.model.records import Campaign


class Run:
    """Checks briefs one by one.

    `reads` is where every file that is read meanwhile is kept. `revision` is a git revision, or
    empty, and `files` are files, or None: only what changed since then, or reads one of these, is
    checked. Where `ended` is a list, briefs that are not named one by one and whose campaign is
    over are left out, and their names noted in it.
    """

    def __init__(
        self,
        projects: Projects,
        reads: list[tuple[Path, SourceFile]],
        as_of: date,
        explain_all: Explain,
        revision: str,
        files: Sequence[Path] | None,
        ended: list[str] | None = None,
    ) -> None:
        self.projects = projects
        self.reads = reads
        self.as_of = as_of
        self.explain_all = explain_all
        self.revision = revision
        self.named = None if files is None else frozenset(map(real_path, files))
        self.ended = ended
        self.rule_sets = RuleSets()
        self.changes: dict[Project, Changes] = {}
        # Configurations, waivers and packs: what judges, and is not judged.
        self.judging: set[Path] = set()
        # Configurations whose waivers were looked at.
        self.looked_at: set[Path] = set()

    def check_all(
        self,
        briefs: Sequence[Path],
        named: Collection[Path],
        progress: Callable[[int, int], None] | None,
    ) -> Iterator[Report]:
        """Give the report of each brief that is to be checked, in order.

        `named` are those that somebody asked for by their files' names.
        """
        for done, brief in enumerate(briefs):
            if progress:
                progress(done, len(briefs))
            report = self._check(brief, only=len(briefs) == 1, named=brief in named)
            if report is not None:
                yield report
        if progress:
            progress(len(briefs), len(briefs))

    def _check(self, brief: Path, *, only: bool, named: bool) -> Report | None:
        project = self.projects.of(brief)
        self.judging |= self._take_reads()  # The configuration.
        campaign: Campaign | None = None
        refused: tuple[Diagnostic, ...] = ()
        try:
            campaign = load_campaign(brief, project)
        except InputError as error:
            refused = error.diagnostics
        judged = self._take_reads()
        # Where the brief cannot be used, all rules are loaded.
        reach = None if campaign is None else reach_of(campaign)
        rules = in_force(self.rule_sets.of(project, reach), project)
        self.judging |= self._take_reads()
        changes = self._changes(brief, project)
        if changes and not changes.touches(frozenset(judged | self.judging)):
            return None
        if campaign is None:
            if only:
                raise InputError(refused)
            return self._invalid(project.shown(brief), refused)
        if self.ended is not None and not (only or named) and _is_over(campaign, self.as_of):
            self.ended.append(project.shown(brief))
            return None
        report = judge(campaign, rules, as_of=self.as_of, explain_all=self.explain_all)
        lost = self._for_no_brief(project, report.brief)
        report = replace(report, warnings=(*report.warnings, *lost))
        if not changes or not changes.files & judged:
            return report
        both = sorted(map(project.shown, changes.files & self.judging))
        return replace(report, warnings=(*report.warnings, *_edited_together(report, both)))

    def _for_no_brief(self, project: Project, brief: str) -> list[Diagnostic]:
        """Warn, once for each configuration, of waivers that are for a brief that there is not."""
        waivers = [each for each in project.config.waivers if each.brief not in ("", brief)]
        path = project.config_path
        if not waivers or path is None or path in self.looked_at:
            return []
        self.looked_at.add(path)
        ids = brief_ids(path.parent, self.projects)
        self._take_reads()  # Of these briefs nothing else is wanted.
        found = []
        for waiver in waivers:
            if ids is not None and waiver.brief not in ids:
                message = f'no brief has the id "{waiver.brief}", which this waiver is for'
                hint, place = suggestion(waiver.brief, ids), waiver.position
                found.append(Diagnostic("waiver-no-brief", message, place, "warning", hint))
        return found

    def _invalid(self, name: str, refused: tuple[Diagnostic, ...]) -> Report:
        """Return the report of a brief that cannot be used."""
        position = Position(name)
        subject = Subject("brief", name, "Brief", "invalid", position, diagnostics=refused)
        return Report(
            brief=name,
            title=name,
            brand="",
            position=position,
            as_of=self.as_of.isoformat(),
            verdict="invalid",
            subjects=(subject,),
            tool_version=checker.__version__,
        )

    def _changes(self, brief: Path, project: Project) -> Changes | None:
        if not self.revision and self.named is None:
            return None
        if project not in self.changes:
            from checker.loading.changes import Changes, changes_since

            changes = changes_since(self.revision, brief) if self.revision else Changes()
            self.changes[project] = replace(changes, named=self.named or frozenset())
        return self.changes[project]

    def _take_reads(self) -> set[Path]:
        found = {real_path(path) for path, _ in self.reads}
        self.reads.clear()
        return found


def _is_over(campaign: Campaign, as_of: date) -> bool:
    end = campaign.brief.data.get("campaign", {}).get("end")
    return end is not None and str(end) < as_of.isoformat()


def in_force(rules: RuleSet, project: Project) -> RuleSet:
    """Return rules that are not none at all. Raises InputError where nothing would be checked."""
    if rules.rules:
        return rules
    position = project.config.position or Position("checker.yaml")
    message = "no rule is in force; nothing was checked"
    raise InputError.of("no-rules", message, position)


def _edited_together(report: Report, judging: Sequence[str]) -> list[Diagnostic]:
    """Say where one change edits a brief and what judges it: a reviewer should know."""
    if not judging:
        return []
    message = f"this change edits the brief and also what judges it: {', '.join(judging)}"
    return [Diagnostic("edited-together", message, report.position, "warning")]
