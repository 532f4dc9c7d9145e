"""Two versions of rules on one body of briefs: what comes out otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from checker.engine.comparing import by_rule, compare_reports, compare_rules
from checker.engine.judge import judge
from checker.engine.reach import Reach, reach_of
from checker.files import exists, real_path
from checker.in_force import RuleSets, load_rules, schemas_for
from checker.loading.campaigns import load_campaign
from checker.loading.installed import installed, offered_in
from checker.loading.project import Project, Projects, find_briefs
from checker.loading.revisions import Checkout, checkout
from checker.loading.shipped import rule_files
from checker.model.comparison import Comparison, Flip, Turn
from checker.model.diagnostics import Diagnostic, InputError

if TYPE_CHECKING:
    from checker.engine.ruleset import RuleSet


class _Side:
    """The rules of one version: named files, or what was in force for a brief at a revision."""

    def __init__(self, paths: Sequence[Path], past: Checkout | None) -> None:
        self.paths = paths
        self.past = past
        self.projects = Projects()
        self.rule_sets = RuleSets()

    def rules_for(self, brief: Path, reach: Reach | None) -> RuleSet:
        """Return the rules that judge a brief, loaded once for each project and reach.

        Without a reach they are all, also those that cannot hold for the brief.
        """
        if self.paths:
            return self._named
        place = self.past.place_of(brief) if self.past else brief
        return self.rule_sets.of(self.projects.of(place), reach)

    @cached_property
    def _named(self) -> RuleSet:
        return load_rules(self.paths)


@contextmanager
def _side(name: str, near: Path) -> Iterator[_Side]:
    """Give the rules of a path, of an installed set, or of a revision ("main", "main:rules").

    A folder that distributions were installed into stands for the sets that they bring.
    """
    if not name:
        yield _Side((), None)
        return
    if exists(Path(name)) or installed(name):
        offered = [] if rule_files(Path(name)) else offered_in(Path(name))
        yield _Side([each.folder for each in offered if each.folder] or [Path(name)], None)
        return
    revision, _, inside = name.partition(":")
    with checkout(revision, near) as past:
        paths = [past.path_of(inside)] if inside else []
        yield _Side(paths, None if inside else past)


def compare(
    old: str,
    new: str,
    records: Sequence[Path],
    *,
    as_of: date,
    progress: Callable[[int, int], None] | None,
) -> Comparison:
    """Judge every brief twice, once by each version; see `checker.api_rules.diff`."""
    projects = Projects()
    briefs = find_briefs(records, projects)
    work = _Work(projects, as_of)
    near = real_path(briefs[0])
    with ExitStack() as stack:
        sides = [stack.enter_context(_side(name, near)) for name in (old, new)]
        for done, brief in enumerate(briefs):
            if progress:
                progress(done, len(briefs))
            work.compare(brief, *sides)
    if progress:
        progress(len(briefs), len(briefs))
    return work.result(old, new, len(briefs))


class _Work:
    """Collects what differs, brief by brief."""

    def __init__(self, projects: Projects, as_of: date) -> None:
        self.projects = projects
        self.as_of = as_of
        self.flips: list[Flip] = []
        self.turns: list[Turn] = []
        self.invalid: list[Diagnostic] = []
        self.subjects = 0
        self.order: dict[str, None] = {}
        self.rules: tuple[dict[str, None], ...] = ({}, {}, {})

    def compare(self, brief: Path, old: _Side, new: _Side) -> None:
        """Judge one brief by both versions."""
        try:
            campaign = load_campaign(brief, self.project(brief, old, new))
        except InputError as error:
            self.invalid += error.diagnostics
            return
        # Of named rules none is left out. What is left out of the others would look removed.
        reach = None if old.paths or new.paths else reach_of(campaign)
        before, after = old.rules_for(brief, reach), new.rules_for(brief, reach)
        self.order.update(dict.fromkeys(typed.rule.id for typed in after.rules))
        for kept, found in zip(self.rules, compare_rules(before, after), strict=True):
            kept.update(dict.fromkeys(found))
        first = judge(campaign, before, as_of=self.as_of)
        second = judge(campaign, after, as_of=self.as_of)
        flips, turns = compare_reports(first, second)
        self.flips += flips
        self.turns += turns
        self.subjects += len(second.subjects)
        self.invalid += [each for subject in second.subjects for each in subject.diagnostics]

    def project(self, brief: Path, *sides: _Side) -> Project:
        """Return a brief's project, with the fields that packs declare which it does not name."""
        project = self.projects.of(brief)
        packs = [pack for side in sides if side.paths for pack in side.rules_for(brief, None).packs]
        schemas = schemas_for(packs, project)
        if schemas is project.schemas:
            return project
        return Project(project.root, project.config, project.config_path, schemas, project.hidden)

    def result(self, old: str, new: str, briefs: int) -> Comparison:
        added, removed, edited = (tuple(each) for each in self.rules)
        return Comparison(
            old=old,
            new=new or "what is in force now",
            briefs=briefs,
            subjects=self.subjects,
            added=added,
            removed=removed,
            edited=edited,
            flips=tuple(self.flips),
            turns=by_rule(self.turns, self.order),
            invalid=tuple(self.invalid),
        )
