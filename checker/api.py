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

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from checker.files import exists, noting_inputs, refuse_inputs
from checker.in_force import RuleSets, load_rules
from checker.loading.project import Project, Projects, find_briefs
from checker.loading.source import recording, refuse_missing, shown_path
from checker.model.diagnostics import Diagnostic, InputError, Position, RulesError
from checker.model.report import Explain, Report

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from checker.engine.ruleset import RuleSet
    from checker.engine.since import BriefSince
    from checker.model.imports import ImportResult
    from checker.model.screening import Screening
    from checker.model.unknown_words import WordReport
    from checker.screening.options import Options

__all__ = [
    "check_briefs",
    "check_without_brief",
    "compare",
    "exit_code",
    "import_files",
    "load_rules",
    "screen",
    "screen_frame",
    "unknown_words",
]


def check_briefs(
    paths: Sequence[Path],
    *,
    as_of: date,
    explain_all: Explain = True,
    baseline: Path | None = None,
    changed_since: str = "",
    files: Sequence[Path] | None = None,
    ended: list[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Report]:
    """Check briefs, one report each.

    Args:
        paths: brief files, or folders that are searched for them.
        as_of: the date that `today` means in rules.
        explain_all: also give reasons and evidence for what decides nothing; False is faster, and
            "open" gives those of what is unknown.
        baseline: an earlier JSON report, or a baseline; what it has already fails nothing.
        changed_since: a git revision; only briefs that what changed since then touches, through
            any record, rule, configuration or waiver. There may be none.
        files: records, rules, configurations or files of waivers; only briefs that rest on one
            of them, or are touched by what changed, are checked. There may be none.
        ended: where a list is given, briefs that a folder holds with others and whose campaign is
            over are left out, and their names are added to it.
        progress: called with how many briefs are done, and how many there are.

    Where there are several briefs, one that cannot be used is reported as invalid and the others
    are checked all the same.

    Raises:
        RulesError: rules or a configuration cannot be used.
        InputError: no brief was found, the only one cannot be used, or one of the files is none.
    """
    from checker.checking import Run
    from checker.engine.waivers import settle_across

    known = None
    if baseline:
        from checker.loading.report_file import read_baseline

        known = read_baseline(baseline)
    # A baseline tells outcomes apart by what they rest on.
    explain_all = explain_all or ("open" if known else False)
    refuse_missing(files or ())
    projects = Projects()
    with recording() as reads:
        briefs = find_briefs(paths, projects)
        run = Run(projects, reads, as_of, explain_all, changed_since, files, ended)
        reports = list(run.check_all(briefs, frozenset(paths), progress))
    if baseline and known is not None:
        from checker.engine.baseline import apply_baseline

        place = Position(shown_path(baseline))
        reports = [apply_baseline(report, known, place) for report in reports]
    return settle_across(reports)


def check_without_brief(
    brand: Path, influencers: Sequence[Path], *, as_of: date, explain_all: Explain = True
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


def compare(old: str, new: str = ".", *, as_of: date) -> list[BriefSince]:
    """Compare two runs: who came, went, now passes or fails, and because of which fact.

    Args:
        old, new: each a JSON report, a brief or a folder of briefs, or a git revision, with the
            folder that is meant as "main:briefs".
        as_of: the date that `today` means in what is checked anew.

    Raises:
        RulesError: rules cannot be used, or there is no such revision.
        InputError: a report cannot be read, or there is no brief.
    """
    from checker.engine.since import compare_runs

    return compare_runs(_run_of(old, as_of), _run_of(new, as_of))


def _run_of(side: str, as_of: date) -> list[Report]:
    from checker.loading.report_file import is_report, read_reports

    path = Path(side)
    if is_report(path):
        return read_reports(path)
    if exists(path):
        return check_briefs([path], as_of=as_of, explain_all=True)
    from checker.loading.revisions import ALL_SUFFIXES, checkout

    revision, colon, inside = side.partition(":")
    with checkout(revision, Path(), ALL_SUFFIXES) as past:
        place = past.path_of(inside) if colon else past.place_of(Path())
        return check_briefs([place], as_of=as_of, explain_all=True)


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
        format: a format that is shipped ("modash") or that a pack of the current folder's project
            brings, or "csv" or "json" with a mapping of one's own.
        mapping: the mapping's file; for "csv" and "json" alone.
        as_of: the day of the figures, for files that do not say it.

    What is wrong with single records and files is in the result, with its place.

    Raises:
        RulesError: there is no such format, or the mapping is wrong.
    """
    from checker.loading.importing.mapping_file import mapping_for
    from checker.loading.importing.run import run_import

    project = Projects().of(Path())
    schemas = project.schemas
    found = mapping_for(format, mapping, schemas=schemas, project=project)
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
    rule_sets = RuleSets()
    wrong: list[Diagnostic] = []
    usable = False
    for brief in find_briefs(paths, projects):
        project = projects.of(brief)
        rules = _with_vocabularies(rule_sets.of(project), project)
        try:
            campaign = load_campaign(brief, project)
        except InputError as error:
            wrong += error.diagnostics
            continue
        usable = True
        search.add(campaign, rules)
        for entry in campaign.shortlist:
            wrong += () if entry.dropped else entry.diagnostics
        for draft in campaign.posts:
            wrong += draft.diagnostics
    if not usable:
        raise InputError(wrong)
    return search.report(dict.fromkeys(wrong))


def add_words(
    paths: Sequence[Path], report: WordReport, chosen: Mapping[str, str]
) -> tuple[Path, ...]:
    """Make words known that a report names: they are written into the project's own pack.

    Args:
        paths: what was searched for briefs; all must be of one project.
        report: what `unknown_words` gave.
        chosen: for each word the label that it belongs under, "" where it is one of its own.

    Returns the files that were written. Raises RulesError where a label or a word is not known, or
    a file is written so that nothing can be put in; then nothing is written.
    """
    from checker.loading.own_words import add_words as add
    from checker.loading.own_words import choices_from

    projects = Projects()
    own = {id(project): project for project in map(projects.of, find_briefs(paths, projects))}
    if len(own) > 1:
        message = "these briefs belong to several projects; add words to one at a time"
        raise RulesError.of("own-words", message, Position(str(paths[0])))
    (project,) = own.values()
    choices = choices_from(chosen, [(each.word, each.vocabulary) for each in report.unknown])
    known = load_rules(project=project).vocabularies
    for word, vocabulary, label in choices:
        if label and label not in known[vocabulary].labels.values():
            key = known[vocabulary].key(label)
            near = [*known[vocabulary].near_words(key), *known[vocabulary].written(key)][:2]
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            message = f'{vocabulary} has no label "{label}" for "{word}" to belong under'
            hint += f"{word}= makes it a label of its own."
            raise RulesError.of("own-words", message, Position("--as"), hint)
    return tuple(add(project, choices)) if choices else ()


def _with_vocabularies(rules: RuleSet, project: Project) -> RuleSet:
    if rules.vocabularies:
        return rules
    position = project.config.position or Position("checker.yaml")
    message = "no pack in force has a vocabulary; every word would be unknown"
    hint = "Name the pack words under packs."
    raise RulesError.of("no-vocabulary", message, position, hint)


@noting_inputs()
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
    engine: str = "local",
    master: str = "",
    remote: str = "",
) -> Screening:
    """Screen files of influencers by briefs, on this machine (the extra `bulk`) or Spark (`spark`).

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
        memory: about how much its processes may take together.
        threads: how many cores it may use; 0 is all.
        progress: called with the bytes that are read, all bytes, and the lines.
        engine: "local", or "spark", which reads .ndjson and .parquet files; workers must see
            them, and the table's folder, under the same paths.
        master, remote: on Spark, a cluster's address, or that of a Connect server.

    Raises:
        RulesError: rules, a configuration or the condition cannot be used.
        InputError: a brief cannot be used, or a file cannot be read.
        OSError: a file cannot be written.
    """
    from checker import screening
    from checker.screening.carried import load_carried
    from checker.screening.reading.sources import find_sources
    from checker.screening.running.stage import FORMATS

    found = find_briefs(briefs)
    options = screening.Options(
        where=where,
        limit=limit,
        keep=keep,
        mapping=mapping,
        reasons="all" if all_reasons else "deciding" if table or engine == "spark" else "none",
        best=best,
        memory=memory,
        threads=threads,
    )
    format_ = FORMATS[table.suffix.lower()] if table else "parquet"
    if engine == "spark":
        return _screen_on_spark(
            found, influencers, as_of, options, table, format_, invalid, (master, remote)
        )
    sources = find_sources(influencers)
    loaded, carried = load_carried(found, as_of=as_of)
    _refuse_outputs(table, invalid, [each.path for each in sources], mapping)
    return screening.screen(
        loaded,
        sources,
        options=options,
        table=table,
        format_=format_,
        invalid=invalid,
        progress=progress,
        start=screening.Job(carried, options),
    )


def _refuse_outputs(
    table: Path | None, invalid: Path | None, files: Sequence[Path], mapping: str
) -> None:
    """Refuse outputs that are inputs; those that are not read yet are the files and the mapping."""
    also = [*files, *([Path(mapping)] if mapping else [])]
    refuse_inputs([path for path in (table, invalid) if path], also=also)


def _screen_on_spark(
    briefs: Sequence[Path],
    influencers: Sequence[Path],
    as_of: date,
    options: Options,
    table: Path | None,
    format_: str,
    invalid: Path | None,
    where: tuple[str, str],
) -> Screening:
    from checker.screening.reading.sources import find_sources
    from checker.screening.spark_files import refuse, screen_files
    from checker.screening.spark_session import spark_session

    sources = find_sources(influencers)
    refuse(sources, options, table, invalid)
    _refuse_outputs(table, None, [each.path for each in sources], "")
    with spark_session(*where) as spark:
        return screen_files(
            spark,
            briefs,
            sources,
            as_of=as_of,
            options=options,
            table=table,
            format_=format_,
        )


def screen_frame(
    frame: DataFrame,
    briefs: Sequence[Path],
    *,
    as_of: date,
    json: str = "",
    keep: Sequence[str] = (),
    place: tuple[str, str] | None = None,
    unique: bool = True,
    where: str = "",
    all_reasons: bool = False,
) -> DataFrame:
    """Screen the influencers of a Spark DataFrame by briefs (the extra `spark`).

    Args:
        frame: of a classic session or of Spark Connect, one influencer in each row.
        briefs: brief files, or folders that are searched for them.
        as_of: the date that `today` means in rules.
        json: the column that holds each record as JSON. Without it the columns are the fields of
            the record: structs, arrays and maps, NULL where it lacks one.
        keep: columns that are carried through as they are.
        place: the columns that name the file of each row and the number of its line.
        unique: look for influencers that are there twice, which takes a shuffle. The first by
            `place` counts; without places none of them does.
        where: a condition on an influencer; those of whom it is not true are left out.
        all_reasons: give every outcome its reason, not only the one that decided.

    Returns:
        One row for each influencer and brief: brief, file, line, id, handle, verdict (`invalid`
        too), fit, decided_by, open, reason, outcomes, and what is kept.

    Raises:
        RulesError: rules, a configuration or the condition cannot be used.
        InputError: a brief cannot be used, or a column is unknown.
    """
    from checker import screening
    from checker.screening import frames

    found, _ = frames.judged_frame(
        frame,
        find_briefs(briefs),
        as_of=as_of,
        options=screening.Options(
            where=where, keep=keep, reasons="all" if all_reasons else "deciding"
        ),
        json=json,
        place=place,
        unique=unique,
    )
    return found
