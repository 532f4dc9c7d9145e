"""The Python API for rules: check, test, explain, compare and start them.

    from checker import api_rules

    for diagnostic in api_rules.lint():
        print(diagnostic.position, diagnostic.message)

Everything raises `checker.model.diagnostics.CheckerError`, as `checker.api` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from checker.engine.ruleset import RuleSet, TypedRule, build_rules
from checker.files import real_path
from checker.in_force import load_rules, schemas_for
from checker.loading.config_file import CONFIG_NAME
from checker.loading.packs import load_packs
from checker.loading.project import Project, Projects, configurations_below, find_briefs
from checker.loading.source import shown_path
from checker.loading.validation import SHIPPED, RecordSchemas
from checker.model.config import InForce
from checker.model.diagnostics import Diagnostic, InputError, Position, RulesError, by_place

if TYPE_CHECKING:
    from checker.engine.examples import ExampleResult
    from checker.engine.explaining import Explained, Explanation
    from checker.engine.rule_tests import RulesTested
    from checker.model.comparison import Comparison
    from checker.model.rules import Example, Pack

__all__ = [
    "catalogue",
    "diff",
    "explain",
    "explain_on",
    "lint",
    "load_rules",
    "new_rule",
    "rules_for",
    "rules_in_force",
    "run_examples",
    "test_rules",
]


def lint(paths: Sequence[Path] = (), *, changed_since: str = "") -> list[Diagnostic]:
    """Return what is wrong with rule packs, their examples included.

    Args:
        paths: pack files or folders; none means those in force here and, each with its own
            configuration, in the folders below.
        changed_since: a git revision; packs that changed since then and kept their version are
            wrong, too.

    Raises RulesError where there is no such revision.
    """
    from checker.engine.lint import lint_rules
    from checker.loading.rule_users import users_of_packs

    found: dict[Diagnostic, None] = {}
    projects = Projects()
    seen = set[object]()
    past = None
    if changed_since:
        from checker.loading.changes import Past
        from checker.loading.versions import unraised

        past = Past(changed_since, Path())
    for place in _places(paths):
        try:
            project = projects.of(place)
            rules = load_rules(paths, project=project, examples=True)
        except RulesError as error:
            found.update(dict.fromkeys(error.diagnostics))
            continue
        found.update(dict.fromkeys(rules.warnings))
        if past is not None:
            found.update(dict.fromkeys(unraised(rules.packs, past)))
        # Most configurations below change waivers alone, and the rules are those of before.
        packs = tuple((pack.position.file, pack.digest) for pack in rules.packs)
        changes = tuple(each.text for each in rules.changes if each.rule != CONFIG_NAME)
        alike = (packs, changes, repr(project.config.extra))
        if alike not in seen:
            seen.add(alike)
            found.update(dict.fromkeys(lint_rules(rules, users_of_packs(paths))))
    return sorted(found, key=by_place)


def _places(paths: Sequence[Path]) -> list[Path]:
    """Return the current folder and, where no packs are named, every configuration below it."""
    return [Path()] if paths else [Path(), *configurations_below(Path())]


def rules_in_force(paths: Sequence[Path] = ()) -> list[InForce]:
    """Return the rules of the packs at `paths`, or those in force here and in the folders below.

    The first are those of the current folder; each configuration below has its own after them.

    Raises:
        RulesError: the rules of the current folder cannot be used.
    """
    projects = Projects()
    return [_in_force(paths, projects, place) for place in _places(paths)]


def _in_force(paths: Sequence[Path], projects: Projects, place: Path) -> InForce:
    try:
        project = projects.of(place)
        rules = load_rules(paths, project=project)
    except RulesError:
        if place == Path():
            raise
        return InForce(shown_path(place), usable=False)
    configuration = "" if project.config_path is None else project.shown(project.config_path)
    pairs = tuple((typed.rule, typed.pack) for typed in rules.rules)
    digests = frozenset(pack.digest for pack in rules.packs)
    return InForce(configuration, digests, pairs, rules.changes)


def run_examples(paths: Sequence[Path] = ()) -> Iterator[ExampleResult]:
    """Run the examples of every rule, on the packs' own params; see `lint`.

    Raises:
        RulesError: a pack is invalid, or an example's record is.
    """
    from checker.engine.examples import run_examples as run
    from checker.engine.rule_tests import as_packed

    for _, rules, packs in _to_test(paths):
        yield from run(as_packed(rules), packs)


def test_rules(
    paths: Sequence[Path] = (),
    *,
    mutate: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> RulesTested:
    """Run the examples of every rule, and say what they show and what they would notice.

    They run on the packs' own params; what the configuration changes is said beside them.

    Args:
        paths: pack files or folders, see `lint`; of what they only use nothing is asked.
        mutate: also change the rules a little, one change at a time, and keep the changes that no
            example notices.
        progress: called with how many changes were tried, and how many there are.

    Raises:
        RulesError: a pack is invalid, or an example's record is.
    """
    from checker.engine.rule_tests import run_rule_tests, together

    tested = [
        run_rule_tests(
            rules,
            packs,
            valid=partial(_valid, schemas_for(rules.packs, project)),
            mutate=mutate,
            progress=progress,
        )
        for project, rules, packs in _to_test(paths)
    ]
    return together(tested)


def _valid(schemas: RecordSchemas, example: Example) -> bool:
    from checker.loading.examples import check_example

    return not check_example(example, schemas)


def _to_test(paths: Sequence[Path]) -> Iterator[tuple[Project, RuleSet, set[str]]]:
    """Yield the rules of each configuration, with the names of the packs that are to be tested.

    A pack that several configurations have in force with the same rules is tested once.
    """
    seen = set[object]()
    projects = Projects()
    for place in _places(paths):
        project = projects.of(place)
        rules = load_rules(paths, project=project, examples=True)
        own = {
            (pack.position.file, pack.digest, _enabled(pack)): pack.name
            for pack in _own_packs(rules, paths, project)
        }
        yield project, rules, {name for key, name in own.items() if key not in seen}
        seen.update(own)


def _enabled(pack: Pack) -> tuple[str, ...]:
    return tuple(rule.id for rule in pack.rules if rule.enabled)


def _own_packs(rules: RuleSet, paths: Sequence[Path], project: Project) -> list[Pack]:
    """Return the packs that were asked for, without those that they only use."""
    everything = not paths and not project.config.packs
    return [
        pack
        for pack in rules.packs
        if everything or pack.rules or any(_holds(path, pack.position.file) for path in paths)
    ]


def _holds(path: Path, file: str) -> bool:
    return real_path(Path(file)).is_relative_to(real_path(path))


def rules_for(brief: Path, *, as_of: date | None = None) -> list[tuple[str, str, str]]:
    """Return, for each rule: its id, whether it applies ("yes", "no", "unknown"), and why."""
    from checker.engine.applying import applying
    from checker.loading.campaigns import load_campaign

    path, project = _brief(brief)
    rules = load_rules(project=project)
    campaign = load_campaign(path, project)
    return applying(campaign, rules, as_of or date.today())


def _brief(named: Path) -> tuple[Path, Project]:
    """Return the first brief of a file or folder, and its project."""
    projects = Projects()
    path = find_briefs([named], projects)[0]
    return path, projects.of(path)


def is_shipped(name: str) -> bool:
    """Return whether a pack or a set of packs that is shipped is called so."""
    from checker.loading.shipped import SETS, shipped_files

    return name in SETS or name in shipped_files()


def new_rule(path: Path, rule_id: str, starter: str) -> str:
    """Return the text of a rule file with one more rule; see `checker.loading.new_rule`.

    Raises:
        RulesError: the id is none or is taken, or the file cannot take the rule.
    """
    from checker.loading.new_rule import with_rule

    taken = {typed.rule.id for typed in load_rules().rules}
    return with_rule(path, rule_id, starter, taken=taken)


def diff(
    old: str,
    new: str,
    records: Sequence[Path],
    *,
    as_of: date,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Judge briefs by two versions of rules, and return what comes out otherwise.

    Args:
        old: a rule file or folder; a git revision, for what was in force then; or
            "REVISION:PATH".
        new: the same; empty for what is in force now.
        records: briefs, or folders that are searched for them, as they are now.
        as_of: the date that `today` means in rules.
        progress: called with how many briefs are done, and how many there are.

    A brief or influencer that cannot be used is left out and stands in `invalid`.

    Raises:
        RulesError: one of the versions does not load, or there is none of that name.
        InputError: no brief was found.
    """
    from checker.comparing import compare

    return compare(old, new, records, as_of=as_of, progress=progress)


def explain(rule_id: str) -> Explanation:
    """Return one rule in words: what it asks, reads and says.

    Raises:
        RulesError: no rule has this id.
    """
    from checker.engine.explaining import explain_rule

    rules = load_rules()
    having = (each for each in _rule_sets(rules) if each.find(rule_id))
    return explain_rule(_find(next(having, rules), rule_id))


def _rule_sets(first: RuleSet) -> Iterator[RuleSet]:
    """Yield the rules in force here, all that are shipped, and those in force below this folder."""
    yield first
    projects = Projects()
    yield build_rules(load_packs(None, root=Path()), projects.of(Path()).schemas.types)
    for place in configurations_below(Path()):
        with suppress(RulesError):
            yield load_rules(project=projects.of(place))


def catalogue(paths: Sequence[Path] = ()) -> list[tuple[Pack, list[Explanation]]]:
    """Return packs, each with its rules in words: the named ones, or all that are shipped.

    Raises:
        RulesError: a pack cannot be used.
    """
    from checker.engine.explaining import explain_rule

    if paths:
        rules = load_rules(paths)
    else:
        rules = build_rules(load_packs(None, root=Path()), SHIPPED.types)
    return [
        (pack, [explain_rule(typed) for typed in rules.rules if typed.pack is pack])
        for pack in rules.packs
    ]


def explain_on(
    rule_id: str, brief: Path, subject: str = "", *, as_of: date | None = None
) -> list[Explained]:
    """Return one rule on a subject of a brief: the outcome and every step to it.

    Args:
        rule_id: the rule.
        brief: a brief's file or folder.
        subject: a handle, an id or a post's name; it may be left out where there is but one.
        as_of: the date that `today` means; the default is today.

    Raises:
        RulesError: no rule has this id, or the rules cannot be used.
        InputError: the brief cannot be used, or nobody in it has this name.
    """
    from checker.engine.explaining import explain_on as explain_rule_on
    from checker.engine.explaining import subject_names
    from checker.loading.campaigns import load_campaign

    path, project = _brief(brief)
    rules = load_rules(project=project)
    typed = _find(rules, rule_id)
    campaign = load_campaign(path, project)
    day = as_of or date.today()
    found = explain_rule_on(typed, rules, campaign, day, subject)
    if found and (subject or len(found) == 1):
        return found
    raise InputError([_not_one(subject, subject_names(typed, rules, campaign, day), project, path)])


def _not_one(subject: str, names: list[str], project: Project, brief: Path) -> Diagnostic:
    from checker.language.suggest import suggestion

    place = Position(project.shown(brief))
    if not names:
        return Diagnostic("no-subject", "the rule has nobody to look at in this brief", place)
    listed = f"{', '.join(names[:8])}{' and others' if len(names) > 8 else ''}"
    if not subject:
        message = f"the rule looks at {len(names):,} subjects; say at which one"
        return Diagnostic("which-subject", message, place, hint=f"One of: {listed}")
    message = f'nobody here is called "{subject}"'
    hint = suggestion(subject, names, f"One of: {listed}")
    return Diagnostic("no-subject", message, place, hint=hint)


def _find(rules: RuleSet, rule_id: str) -> TypedRule:
    """Return a rule of a set. Raises RulesError where there is none of that name."""
    from checker.engine.renaming import which_of
    from checker.language.suggest import suggestion

    found = rules.find(rule_id)
    if found is not None:
        return found
    ids = [typed.rule.id for typed in rules.rules]
    near = which_of(rule_id, ids) or suggestion(rule_id, ids)
    hint = f"{near} List them: checker rules".strip()
    raise RulesError.of("unknown-rule", f'no rule is called "{rule_id}"', rule_id, hint)
