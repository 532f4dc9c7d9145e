"""The rules in force in a project: its packs, as its configuration changes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from checker.engine.configure import configure
from checker.engine.reach import Reach
from checker.engine.renaming import deprecations, former_names, with_new_names
from checker.engine.ruleset import RuleSet, build_rules
from checker.loading.config_file import CONFIG_NAME
from checker.loading.pack_file import load_pack
from checker.loading.packs import PacksError, load_packs
from checker.loading.project import Project, Projects
from checker.loading.shipped import DEFAULT_SETS, shipped_files
from checker.loading.validation import RecordSchemas
from checker.model.config import Config
from checker.model.diagnostics import Diagnostic, RulesError, by_place
from checker.model.rules import Change

if TYPE_CHECKING:
    from checker.model.rules import Pack

_DEFAULT = [(name, None) for name in DEFAULT_SETS]


def load_rules(
    paths: Sequence[Path] = (),
    *,
    project: Project | None = None,
    reach: Reach | None = None,
    examples: bool = False,
) -> RuleSet:
    """Load and type-check rules.

    Args:
        paths: pack files or folders; none means those in force in the project.
        project: the project whose configuration holds; None means the current folder's.
        reach: where a campaign runs (`checker.engine.reach.reach_of`): packs that cannot hold
            there are left out. None leaves none out.
        examples: also check the records of the rules' examples.

    Raises:
        RulesError: with every error of every pack and of the configuration, by file and place.
    """
    project = project or Projects().of(Path())
    packs, changes, config, warnings, wrong = _configured(paths, project, reach)
    schemas = schemas_for(packs, project)
    if schemas.extra:
        from checker.loading.own_fields import conflicts

        wrong += conflicts(project.config.extra, packs)
    if examples:
        wrong += _check_examples(packs, schemas)
    waivers = () if paths else config.waivers
    try:
        rules = build_rules(
            packs, schemas.types, changes=changes, waivers=waivers, warnings=warnings
        )
    except RulesError as error:
        raise RulesError(sorted([*wrong, *error.diagnostics], key=by_place)) from None
    if wrong:
        raise RulesError(sorted(wrong, key=by_place))
    return rules


class RuleSets:
    """The rules in force, loaded once for each project and reach."""

    def __init__(self) -> None:
        self._loaded: dict[tuple[Project, Reach | None], RuleSet] = {}

    def of(self, project: Project, reach: Reach | None = None) -> RuleSet:
        """Return the rules of a project; see `load_rules`."""
        key = (project, reach)
        if key not in self._loaded:
            self._loaded[key] = load_rules(project=project, reach=reach)
        return self._loaded[key]


class _Configured(NamedTuple):
    """Packs with the configuration applied, what it changed, what to change, and what is wrong.

    Where something is wrong, the packs are what can still be checked by type.
    """

    packs: tuple[Pack, ...]
    changes: tuple[Change, ...]
    config: Config
    warnings: tuple[Diagnostic, ...]
    wrong: list[Diagnostic]


def _configured(paths: Sequence[Path], project: Project, reach: Reach | None) -> _Configured:
    config = project.config
    try:
        if paths:
            packs = load_packs([(str(path), None) for path in paths], root=Path.cwd())
            return _Configured(packs, (), config, tuple(deprecations(packs, Config())), [])
        names = config.packs or _DEFAULT
        packs = load_packs(names, root=project.folder, within=project.root, reach=reach)
        if reach is not None and not _has_rules(packs, config):
            # What the configuration says of a rule for other markets is no mistake.
            packs = load_packs(names, root=project.folder, within=project.root)
    except PacksError as error:
        return _Configured(
            error.packs, (), config, (), [*_unmet(project, error.packs), *error.diagnostics]
        )
    if unmet := _unmet(project, packs):
        return _Configured(packs, (), config, (), unmet)
    try:
        config, renamed = with_new_names(config, packs)
        configured, changes = configure(packs, config)
    except RulesError as error:
        return _Configured(packs, (), config, (), list(error.diagnostics))
    left_out = _left_out(packs, project, reach)
    said = (*_hidden(project), *left_out, *_changed_copies(packs), *changes)
    warnings = (*renamed, *deprecations(configured, config))
    return _Configured(configured, said, config, warnings, [])


def _unmet(project: Project, packs: Sequence[Pack]) -> list[Diagnostic]:
    """Say which packs are of another version than the configuration asks for."""
    config = project.config
    if not config.requires:
        return []
    from checker.loading.requires import of_packs

    return list(of_packs(config.requires, packs, [name for name, _ in config.packs or _DEFAULT]))


def _has_rules(packs: Iterable[Pack], config: Config) -> bool:
    """Tell whether packs have every rule that a configuration speaks of."""
    packs = tuple(packs)
    ids = {*former_names(packs), *(rule.id for pack in packs for rule in pack.rules)}
    return ids.issuperset((*config.rules, *(waiver.rule for waiver in config.waivers)))


def _hidden(project: Project) -> tuple[Change, ...]:
    """Say which configurations further up count for nothing because a nearer one is in force."""
    if not project.hidden or project.config_path is None or project.config.position is None:
        return ()
    from checker.loading.inputs import name_from

    # Names start from the project's folder: a record of a sign-off is the same wherever it runs.
    nearest, *others = (name_from(project.root, p) for p in (project.config_path, *project.hidden))
    what = f"{nearest} is in force; it hides {' and '.join(others)}, of which nothing counts here"
    return (Change(CONFIG_NAME, what, "", project.config.position),)


def _left_out(packs: Sequence[Pack], project: Project, reach: Reach | None) -> tuple[Change, ...]:
    """Say which packs that are in force by default the configuration leaves out."""
    if not project.config.packs:
        return ()
    judging = [pack for pack in packs if pack.rules]
    others = load_packs(_DEFAULT, root=project.root, reach=reach, known=judging)
    missing = [pack.name for pack in others if pack.rules]
    if not missing:
        return ()
    what = f"leaves out {', '.join(missing)}"
    return (Change("packs", what, "", project.config.packs[0][1]),)


def _changed_copies(packs: Iterable[Pack]) -> Iterator[Change]:
    """Say which packs have the name of a shipped one and are not as it is shipped."""
    for pack in packs:
        if pack.origin != "changed":
            continue
        from checker.engine.comparing import compare_packs

        shipped = load_pack(shipped_files()[pack.name])
        words = zip(("adds", "drops", "edits"), compare_packs(shipped, pack), strict=True)
        rules = [f"{verb} {', '.join(found)}" for verb, found in words if found]
        what = f"{pack.name} is a changed copy of the shipped pack (shipped: {shipped.version})"
        if pack.rules:
            what += f": it {', '.join(rules)}" if rules else "; its rules decide as there"
        yield Change(pack.name, what, "", pack.position)


def schemas_for(packs: Iterable[Pack], project: Project) -> RecordSchemas:
    """Return the schemas of a project with the fields of packs, which it need not name."""
    packs = tuple(packs)
    if not any(pack.extra for pack in packs):
        return project.schemas
    from checker.loading.own_fields import united

    extra = united(project.schemas.extra, packs)
    known = extra == project.schemas.extra
    return project.schemas if known else RecordSchemas(extra, project.schemas.words)


def _check_examples(packs: Iterable[Pack], known: RecordSchemas) -> list[Diagnostic]:
    from checker.loading.examples import check_example
    from checker.loading.vocabulary import KnownWords

    kept = tuple(packs)
    # Examples are of the packs that are looked at, which need not be those in force.
    schemas = RecordSchemas(known.extra, KnownWords(lambda: kept))
    return [
        diagnostic
        for pack in kept
        for rule in pack.rules
        if rule.enabled
        for example in rule.examples
        for diagnostic in check_example(example, schemas)
    ]
