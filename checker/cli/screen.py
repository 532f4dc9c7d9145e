"""`checker screen`: the rules of briefs on files of any number of influencers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.console import Progress
from checker.cli.options import as_of_option, choice_option, file_option
from checker.cli.output import cannot_write, refuse_targets, write_stdout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.model.screening import Screening

_EXAMPLES = """\b
Examples:
  checker screen briefs/spring roster.ndjson -o screened.parquet
  checker screen briefs/spring briefs/summer 'export/*.ndjson.gz' -o out.parquet
  checker screen briefs/spring roster.parquet --keep crm_id --reasons all -o out.csv
  checker screen briefs/spring roster.ndjson --where "influencer.followers < 100_000"
  checker screen briefs/spring roster.ndjson --limit 1000
  checker screen briefs/spring roster.parquet -o out.parquet --engine spark

\b
One row an influencer and brief: brief, file, line, id, handle, verdict, fit,
decided_by, open, reason, outcomes. Lines that cannot be used go to another
file, FILE.invalid.ndjson, with their reasons.

\b
Exit codes: 0 everyone has a verdict, whichever it is; 1 or 4 the brief itself
fails or is undecided; 2 usage or rules invalid; 3 a line cannot be used, or
nothing was read."""


@click.command(epilog=_EXAMPLES)
@click.argument("paths", nargs=-1, required=True, metavar="BRIEF... INFLUENCERS...")
@file_option(
    "-o",
    "--output",
    "table",
    help="The table, a .parquet, .ndjson or .csv file. It is whole or not there.",
)
@file_option(
    "--invalid",
    help="Where lines that cannot be used are listed.  [default: beside the table]",
)
@click.option(
    "--keep",
    "keep",
    multiple=True,
    metavar="COLUMN",
    help="Carry a member of each line through; repeatable.",
)
@click.option(
    "--map",
    "mapping",
    default="",
    metavar="MAPPING",
    help="How other people's columns become fields: a mapping file, or a name of checker import.",
)
@click.option(
    "--where",
    default="",
    metavar="CONDITION",
    help="Only influencers of whom this is true, in the language of rules.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Read only the first N.")
@choice_option(
    "--reasons",
    choices=("deciding", "all"),
    help="Word the outcome that decided, or every outcome.",
)
@click.option(
    "--best",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help="List the best N that pass.",
)
@as_of_option("The day that stands for today, such as 2026-03-02.")
@click.option(
    "--memory",
    default="1GB",
    show_default=True,
    metavar="SIZE",
    help="About how much memory its processes may take together.",
)
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many cores it may use.  [default: all]",
)
@choice_option(
    "--engine",
    choices=("local", "spark"),
    help="What does the work; Spark reads .ndjson and .parquet files.",
)
@click.option(
    "--master",
    default="",
    metavar="URL",
    help="The Spark cluster, such as spark://host:7077.  [default: this machine]",
)
@click.option(
    "--remote", default="", metavar="URL", help="A server of Spark Connect, such as sc://host."
)
@choice_option(
    "--summary",
    choices=("text", "json"),
    help="How the summary on standard output is written.",
)
@click.option("--debug", is_flag=True, help="Name the rules that run record by record.")
@click.pass_context
def screen(
    ctx: click.Context,
    paths: tuple[str, ...],
    table: Path | None,
    invalid: Path | None,
    keep: tuple[str, ...],
    mapping: str,
    where: str,
    limit: int | None,
    reasons: str,
    best: int,
    as_of: date | None,
    memory: str,
    threads: int | None,
    engine: str,
    master: str,
    remote: str,
    summary: str,
    debug: bool,
) -> None:
    """Screen files of influencers, however many, by the rules of briefs.

    BRIEF is a brief's file or folder; INFLUENCERS are .ndjson, .json, .csv or .parquet files,
    or globs, also packed (.gz, .zst). Briefs share one read.
    """
    from checker.files import is_folder

    briefs, people = _parted(paths)
    if table and table.suffix.lower() not in (".parquet", ".ndjson", ".jsonl", ".csv"):
        raise click.UsageError("-o: the table is a .parquet, .ndjson or .csv file")
    # Spark's table is a folder, which stands there from the second run on.
    file = None if engine == "spark" and table and is_folder(table) else table
    refuse_targets([("-o", file), ("--invalid", invalid)], inputs=people)
    _refuse_engine(engine, master, remote)
    from checker import api

    with _failures(table, invalid), Progress() as progress:
        done = api.screen(
            briefs,
            people,
            as_of=as_of or date.today(),
            table=table,
            invalid=invalid or (_beside(table) if table and engine == "local" else None),
            keep=keep,
            mapping=mapping,
            where=where,
            limit=limit,
            all_reasons=reasons == "all",
            best=best,
            memory=memory,
            threads=threads or 0,
            progress=progress.screened,
            engine=engine,
            master=master,
            remote=remote,
        )
    _say(done, summary)
    if debug:
        names = ", ".join(done.by_record) or "none"
        click.echo(f"Rules that run record by record: {names}", err=True)
    ctx.exit(exit_code(done))


def exit_code(done: Screening) -> int:
    """Return the exit code: 3 for lines that cannot be used, else what the briefs say."""
    own = {brief.verdict for brief in done.briefs}
    if not done.lines or any(brief.verdicts["invalid"] for brief in done.briefs):
        return 3
    return 1 if "fail" in own else 4 if "undecided" in own else 0


def _say(done: Screening, summary: str) -> None:
    from checker.reporting.screening import screening_json, screening_text

    if summary == "json":
        write_stdout(screening_json(done), machine=True)
    else:
        write_stdout(screening_text(done))


def _parted(paths: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """Tell briefs from files of influencers, by their names."""
    briefs = [Path(each) for each in paths if _is_brief(Path(each))]
    people = [Path(each) for each in paths if Path(each) not in briefs]
    if not briefs:
        raise click.UsageError("name a brief: a folder, brief.yaml, or NAME.brief.yaml")
    if not people:
        raise click.UsageError(
            "name the influencers: .ndjson, .json, .csv or .parquet files, also .gz or .zst"
        )
    return briefs, people


def _is_brief(path: Path) -> bool:
    from checker.files import is_folder

    name = path.name.lower()
    return (
        is_folder(path) or name.endswith((".yaml", ".yml", ".brief.json")) or name == "brief.json"
    )


def _beside(table: Path) -> Path:
    return table.with_name(f"{table.stem}.invalid.ndjson")


def _refuse_engine(engine: str, master: str, remote: str) -> None:
    if (master or remote) and engine != "spark":
        raise click.UsageError("--master and --remote name a Spark: add --engine spark")
    if master and remote:
        raise click.UsageError("--master and --remote name two Sparks; give one")


@contextmanager
def _failures(*targets: Path | None) -> Iterator[None]:
    """Say in words what the machine refuses."""
    from checker.model.screening import EndedError

    names = [str(path) for path in targets if path]
    name = names[0] if names else "the temporary files"
    try:
        yield
    except ImportError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("pyspark", "grpc", "pandas", "zstandard"):
            raise click.UsageError(
                "--engine spark needs Spark: pip install 'campaign-checker[spark]'"
            ) from None
        if missing not in ("msgspec", "numpy", "pyarrow"):
            raise
        raise click.UsageError(
            "checker screen needs Arrow: pip install 'campaign-checker[bulk]'"
        ) from None
    except OSError as error:
        raise cannot_write(error.filename if error.filename in names else name, error) from None
    except EndedError:
        raise _Refused(
            "a process of the screening was ended: killed, or for want of memory; nothing was "
            "written. With less memory: --threads 1"
        ) from None


class _Refused(click.ClickException):
    """The machine does not give what the run needs; it is a matter of usage."""

    exit_code = 2
