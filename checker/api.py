"""The Python API: load rules, check a brief, get a report.

    from datetime import date
    from pathlib import Path
    from checker import api

    for report in api.check_briefs([Path("briefs/spring")], as_of=date(2026, 3, 2)):
        print(report.title, report.verdict)

Everything raises `checker.model.diagnostics.CheckerError` where the rules, the configuration
(`exit_code` 2) or the input (`exit_code` 3) cannot be used; it carries every diagnostic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from checker.engine.configure import configure
from checker.engine.reach import Reach
from checker.engine.ruleset import RuleSet, TypedRule, build_rules
from checker.loading.packs import PacksError, load_packs
from checker.loading.project import Project, Projects, find_briefs
from checker.loading.shipped import DEFAULT_SETS
from checker.loading.source import recording
from checker.loading.validation import SHIPPED
from checker.model.diagnostics import Diagnostic, InputError, Position, RulesError
from checker.model.report import Report
from checker.model.rules import Change

if TYPE_CHECKING:
    from checker.engine.baseline import Key
    from checker.engine.examples import ExampleResult
    from checker.engine.explaining import Explained, Explanation
    from checker.engine.rule_tests import RulesTested
    from checker.model.comparison import Comparison
    from checker.model.config import Config
    from checker.model.imports import ImportResult
    from checker.model.rules import Pack
    from checker.model.screening import Screening
    from checker.model.unknown_words import WordReport

__all__ = [
    "ExampleResult",
    "Explained",
    "Explanation",
    "RulesTested",
    "catalogue",
    "check_briefs",
    "check_without_brief",
    "diff",
    "exit_code",
    "explain",
    "explain_on",
    "import_files",
    "lint",
    "load_rules",
    "new_rule",
    "rules_for",
    "run_examples",
    "screen",
    "test_rules",
    "unknown_words",
]

_DEFAULT = [(name, None) for name in DEFAULT_SETS]


def load_rules(
    paths: Sequence[Path] = (), *, project: Project | None = None, reach: Reach | None = None
) -> RuleSet:
    """Load and type-check rules.

    Args:
        paths: pack files or folders; none means those in force in the project.
        project: the project whose configuration holds; None means the current folder's.
        reach: where a campaign runs (`checker.engine.reach.reach_of`): packs that cannot hold
            there are left out. None leaves none out.

    Raises:
        RulesError: with every error of every pack and of the configuration.
    """
    return _load(paths, project or Projects().of(Path()), reach=reach)


def _load(
    paths: Sequence[Path],
    project: Project,
    *,
    examples: bool = False,
    reach: Reach | None = None,
) -> RuleSet:
    """Load and type-check rules, and check the records of their examples if asked to.

    Raises:
        RulesError: with all that is wrong, sorted by file and place.
    """
    packs, changes, wrong = _configured(paths, project, reach)
    if examples:
        wrong += _check_examples(packs, project)
    waivers = () if paths else project.config.waivers
    try:
        rules = build_rules(packs, project.schemas.types, changes=changes, waivers=waivers)
    except RulesError as error:
        raise RulesError(sorted([*wrong, *error.diagnostics], key=_place)) from None
    if wrong:
        raise RulesError(sorted(wrong, key=_place))
    return rules


def _configured(
    paths: Sequence[Path], project: Project, reach: Reach | None
) -> tuple[tuple[Pack, ...], tuple[Change, ...], list[Diagnostic]]:
    """Return packs with the configuration applied, what it changed, and what is wrong.

    Where something is wrong, the packs are what can still be checked by type.
    """
    base = project.config_path.parent if project.config_path else project.root
    try:
        if paths:
            return load_packs([(str(path), None) for path in paths], root=Path.cwd()), (), []
        names = project.config.packs or _DEFAULT
        packs = load_packs(names, root=base, within=project.root, reach=reach)
        if reach is not None and not _has_rules(packs, project.config):
            # What the configuration says of a rule for other markets is no mistake.
            packs = load_packs(names, root=base, within=project.root)
    except PacksError as error:
        return error.packs, (), list(error.diagnostics)
    try:
        configured, changes = configure(packs, project.config)
    except RulesError as error:
        return packs, (), list(error.diagnostics)
    return configured, (*_left_out(packs, project, reach), *changes), []


def _has_rules(packs: Iterable[Pack], config: Config) -> bool:
    """Tell whether packs have every rule that a configuration speaks of."""
    ids = {rule.id for pack in packs for rule in pack.rules}
    return ids.issuperset((*config.rules, *(waiver.rule for waiver in config.waivers)))


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


def _place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    position = diagnostic.position
    return position.file, position.line, position.column


def check_briefs(
    paths: Sequence[Path],
    *,
    as_of: date,
    explain_all: bool = True,
    baseline: Path | None = None,
    changed_since: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> list[Report]:
    """Check briefs, one report each.

    Args:
        paths: brief files, or folders that are searched for them.
        as_of: the date that `today` means in rules.
        explain_all: also give reasons and evidence for what decides nothing; False is faster.
        baseline: an earlier JSON report; what it has already fails nothing.
        changed_since: a git revision; only briefs that what changed since then touches, through
            any record, rule, configuration or waiver. There may be none.
        progress: called with how many briefs are done, and how many there are.

    Where there are several briefs, one that cannot be used is reported as invalid and the others
    are checked all the same.

    Raises:
        RulesError: rules or a configuration cannot be used.
        InputError: no brief was found, or the only one cannot be used.
    """
    from checker.checking import Run
    from checker.engine.waivers import forget_used_elsewhere

    known = _known(baseline)
    projects = Projects()
    with recording() as reads:
        briefs = find_briefs(paths, projects)
        run = Run(projects, load_rules, reads, as_of, explain_all, changed_since)
        reports = list(run.check_all(briefs, progress))
    return forget_used_elsewhere([_compare(report, known) for report in reports])


def _known(baseline: Path | None) -> frozenset[Key] | None:
    if baseline is None:
        return None
    from checker.loading.baseline import read_baseline

    return read_baseline(baseline)


def _compare(report: Report, known: frozenset[Key] | None) -> Report:
    if known is None:
        return report
    from checker.engine.baseline import apply_baseline

    return apply_baseline(report, known)


def check_without_brief(
    brand: Path, influencers: Sequence[Path], *, as_of: date, explain_all: bool = True
) -> Report:
    """Check influencers against a brand's own target and budget.

    Raises:
        CheckerError: a record cannot be used.
    """
    from checker.checking import in_force
    from checker.engine.judge import judge
    from checker.loading.campaigns import campaign_without_brief

    project = Projects().of(brand)
    rules = in_force(load_rules(project=project), project)
    campaign = campaign_without_brief(brand, influencers, project)
    return judge(campaign, rules, as_of=as_of, explain_all=explain_all)


def exit_code(reports: Iterable[Report], *, fail_on: str = "undecided") -> int:
    """Return the exit code of some reports: 0 clean, 1 failed, 3 invalid, 4 undecided.

    `fail_on` is "undecided", "error" (4 becomes 0), "warning" (a warning that fails is 1) or
    "never" (only 3 is left).
    """
    kept = list(reports)
    verdicts = {report.verdict for report in kept}
    if "invalid" in verdicts:
        return 3
    if fail_on == "never":
        return 0
    if "fail" in verdicts or (fail_on == "warning" and any(map(_warns, kept))):
        return 1
    return 4 if "undecided" in verdicts and fail_on != "error" else 0


def _warns(report: Report) -> bool:
    return any(
        outcome.severity == "warning" and outcome.status == "fail" and not outcome.excused
        for subject in report.subjects
        for outcome in subject.outcomes
    )


def import_files(
    paths: Sequence[Path], *, format: str, mapping: Path | None = None, as_of: date | None = None
) -> ImportResult:
    """Turn other tools' exports into valid influencer records.

    Args:
        paths: the files that were exported.
        format: a shipped format ("modash"), or "csv" or "json" with a mapping of one's own.
        mapping: the mapping's file; for "csv" and "json" alone.
        as_of: the day of the figures, for files that do not say it.

    What is wrong with single records and files is in the result, with its place.

    Raises:
        RulesError: there is no such format, or the mapping is wrong.
    """
    from checker.loading.importing.mapping_file import mapping_for
    from checker.loading.importing.run import run_import

    schemas = Projects().of(Path()).schemas
    found = mapping_for(format, mapping, schemas=schemas)
    day = as_of.isoformat() if as_of is not None else ""
    return run_import(found, paths, as_of=day, schemas=schemas)


def unknown_words(paths: Sequence[Path]) -> WordReport:
    """Return the topics, values, categories and roles of records that no vocabulary knows.

    Args:
        paths: brief files, or folders that are searched for them.

    A record that cannot be used is in the report's `wrong`, and the others are looked at.

    Raises:
        RulesError: rules or a configuration cannot be used, or no pack has a vocabulary.
        InputError: no brief was found, or none can be used.
    """
    from checker.engine.unknown_words import WordSearch
    from checker.loading.campaigns import load_campaign

    projects, search = Projects(), WordSearch()
    loaded: dict[int, RuleSet] = {}
    wrong: list[Diagnostic] = []
    usable = False
    for brief in find_briefs(paths, projects):
        project = projects.of(brief)
        if id(project) not in loaded:
            loaded[id(project)] = _with_vocabularies(load_rules(project=project), project)
        try:
            campaign = load_campaign(brief, project)
        except InputError as error:
            wrong += error.diagnostics
            continue
        usable = True
        search.add(campaign, loaded[id(project)])
        for entry in campaign.shortlist:
            wrong += () if entry.dropped else entry.diagnostics
        for draft in campaign.posts:
            wrong += draft.diagnostics
    if not usable:
        raise InputError(wrong)
    return search.report(dict.fromkeys(wrong))


def _with_vocabularies(rules: RuleSet, project: Project) -> RuleSet:
    if rules.vocabularies:
        return rules
    position = project.config.position or Position("checker.yaml")
    message = "no pack in force has a vocabulary; every word would be unknown"
    hint = "Name the pack words under packs."
    raise RulesError([Diagnostic("no-vocabulary", message, position, hint=hint)])


def lint(paths: Sequence[Path] = ()) -> list[Diagnostic]:
    """Return what is wrong with rule packs, their examples included; see `load_rules`."""
    from checker.engine.lint import lint_rules
    from checker.loading.rule_users import users_of_packs

    try:
        rules = _load(paths, Projects().of(Path()), examples=True)
    except RulesError as error:
        return list(error.diagnostics)
    return sorted(lint_rules(rules, users_of_packs(paths)), key=_place)


def run_examples(paths: Sequence[Path] = ()) -> Iterator[ExampleResult]:
    """Run the examples of every rule; see `load_rules`.

    Raises:
        RulesError: a pack is invalid, or an example's record is.
    """
    from checker.engine.examples import run_examples as run

    yield from run(_load(paths, Projects().of(Path()), examples=True))


def test_rules(
    paths: Sequence[Path] = (),
    *,
    mutate: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> RulesTested:
    """Run the examples of every rule, and say what they show and what they would notice.

    Args:
        paths: pack files or folders, see `load_rules`; of what they only use nothing is asked.
        mutate: also change the rules a little, one change at a time, and keep the changes that no
            example notices.
        progress: called with how many changes were tried, and how many there are.

    Raises:
        RulesError: a pack is invalid, or an example's record is.
    """
    from checker.engine.rule_tests import run_rule_tests
    from checker.loading.examples import check_example

    project = Projects().of(Path())
    rules = _load(paths, project, examples=True)
    return run_rule_tests(
        rules,
        _own_packs(rules, paths, project),
        valid=lambda example: not check_example(example, project.schemas),
        mutate=mutate,
        progress=progress,
    )


def _own_packs(rules: RuleSet, paths: Sequence[Path], project: Project) -> set[str]:
    """Return the names of the packs that were asked for, without those that they only use."""
    everything = not paths and not project.config.packs
    return {
        pack.name
        for pack in rules.packs
        if everything or pack.rules or any(_holds(path, pack.position.file) for path in paths)
    }


def _holds(path: Path, file: str) -> bool:
    return Path(file).resolve().is_relative_to(path.resolve())


def _check_examples(packs: Iterable[Pack], project: Project) -> list[Diagnostic]:
    from checker.loading.examples import check_example

    return [
        diagnostic
        for pack in packs
        for rule in pack.rules
        if rule.enabled
        for example in rule.examples
        for diagnostic in check_example(example, project.schemas)
    ]


def rules_for(brief: Path, *, as_of: date | None = None) -> list[tuple[str, str, str]]:
    """Return, for each rule: its id, whether it applies ("yes", "no", "unknown"), and why."""
    from checker.engine.applying import applying
    from checker.loading.campaigns import load_campaign

    projects = Projects()
    path = find_briefs([brief], projects)[0]
    project = projects.of(path)
    rules = load_rules(project=project)
    campaign = load_campaign(path, project)
    return applying(campaign, rules, as_of or date.today())


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

    return compare(old, new, records, load_rules, as_of=as_of, progress=progress)


def explain(rule_id: str) -> Explanation:
    """Return one rule in words: what it asks, reads and says.

    Raises:
        RulesError: no rule has this id.
    """
    from checker.engine.explaining import explain_rule

    rules = load_rules()
    if rules.find(rule_id) is None:
        # A set that is not in force here is shipped all the same.
        shipped = build_rules(load_packs(None, root=Path()), Projects().of(Path()).schemas.types)
        rules = shipped if shipped.find(rule_id) else rules
    return explain_rule(_find(rules, rule_id))


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

    projects = Projects()
    path = find_briefs([brief], projects)[0]
    project = projects.of(path)
    rules = load_rules(project=project)
    typed = _find(rules, rule_id)
    campaign = load_campaign(path, project)
    day = as_of or date.today()
    found = explain_rule_on(typed, rules, campaign, day, subject)
    if found and (subject or len(found) == 1):
        return found
    raise InputError([_not_one(subject, subject_names(typed, rules, campaign, day), project, path)])


def _not_one(subject: str, names: list[str], project: Project, brief: Path) -> Diagnostic:
    from checker.language.suggest import did_you_mean

    place = Position(project.shown(brief))
    if not names:
        return Diagnostic("no-subject", "the rule has nobody to look at in this brief", place)
    listed = f"{', '.join(names[:8])}{' and others' if len(names) > 8 else ''}"
    if not subject:
        message = f"the rule looks at {len(names):,} subjects; say at which one"
        return Diagnostic("which-subject", message, place, hint=f"One of: {listed}")
    near = did_you_mean(subject, names)
    message = f'nobody here is called "{subject}"'
    hint = near[:1].upper() + near[1:] if near else f"One of: {listed}"
    return Diagnostic("no-subject", message, place, hint=hint)


def _find(rules: RuleSet, rule_id: str) -> TypedRule:
    """Return a rule of a set. Raises RulesError where there is none of that name."""
    from checker.language.suggest import did_you_mean

    found = rules.find(rule_id)
    if found is not None:
        return found
    hint = did_you_mean(rule_id, (typed.rule.id for typed in rules.rules))
    suggestion = f"{hint[:1].upper()}{hint[1:]} " if hint else ""
    message = f'no rule is called "{rule_id}"'
    hint = f"{suggestion}List them: checker rules"
    raise RulesError([Diagnostic("unknown-rule", message, Position(rule_id), hint=hint)])


def screen(
    briefs: Sequence[Path],
    influencers: Sequence[Path],
    *,
    as_of: date,
    table: Path | None = None,
    invalid: Path | None = None,
    keep: Sequence[str] = (),
    mapping: str = "",
    where: str = "",
    limit: int | None = None,
    all_reasons: bool = False,
    best: int = 10,
    memory: str = "1GB",
    threads: int = 0,
    progress: Callable[[int, int, int], None] | None = None,
) -> Screening:
    """Screen files of influencers by briefs, on DuckDB (the extra `bulk`).

    Args:
        briefs: brief files, or folders that are searched for them.
        influencers: .ndjson, .json, .csv or .parquet files, or globs, also packed.
        as_of: the date that `today` means in rules.
        table: the .parquet, .ndjson or .csv file for one row an influencer and brief.
        invalid: the file for the lines that cannot be used.
        keep: members of the lines that are carried through.
        mapping: how other people's columns become fields, as for an import.
        where: a condition on an influencer; those of whom it is not true are left out.
        limit: read only so many.
        all_reasons: give every outcome its reason, not only the one that decided.
        best: how many of the best that pass are listed.
        memory: what DuckDB may use before it spills to disk.
        threads: how many cores it may use; 0 is all.
        progress: called with the bytes that are read, all bytes, and the lines.

    Raises:
        RulesError: rules, a configuration or the condition cannot be used.
        InputError: a brief cannot be used, or a file cannot be read.
        OSError: a file cannot be written.
    """
    from checker import screening
    from checker.bulk.sources import find_sources
    from checker.bulk.stage import FORMATS

    found = find_briefs(briefs)
    loaded = screening.load_briefs(found, load_rules=load_rules, as_of=as_of)
    options = screening.Options(
        where=where,
        limit=limit,
        keep=keep,
        mapping=mapping,
        reasons=all_reasons,
        best=best,
        memory=memory,
        threads=threads,
    )
    return screening.screen(
        loaded,
        find_sources(influencers),
        options=options,
        table=table,
        format_=FORMATS[table.suffix.lower()] if table else "parquet",
        invalid=invalid,
        progress=progress,
    )
