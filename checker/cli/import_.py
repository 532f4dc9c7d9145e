"""`checker import`: influencer records from other tools' exports."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.console import options_for
from checker.cli.options import as_of_option, file_option, files_argument
from checker.cli.output import Output, cannot_write, refuse_targets, write_outputs, write_stdout

if TYPE_CHECKING:
    from checker.model.imports import ImportedRecord

_EXAMPLES = """\b
Formats: modash, hypeauditor, phyllo, youtube, instagram, tiktok; csv and json
with a mapping of your own. None has met a real export yet: look at the records.

\b
Examples:
  checker import modash jo.json --out shortlist.ndjson
  checker import instagram *.json --as-of 2026-03-02 --out-dir influencers
  checker import csv --map ours.yaml people.csv --report import.json
  checker import modash --print-map          the mapping, to copy and change

\b
Exit codes: 0 every record imported, 2 usage or mapping invalid, 3 a record or
a file refused; the others are written all the same."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 100


@click.command(name="import", epilog=_EXAMPLES)
@click.argument("format", metavar="FORMAT")
@files_argument("files", "FILE...")
@file_option("--map", "mapping", help="For csv and json: your own mapping.")
@as_of_option("The day of the figures, for files that do not say it.")
@file_option(
    "--out",
    help="Where the records go, one on each line (.ndjson); else standard output.",
)
@click.option(
    "--out-dir",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Instead: one JSON file for each record, in this folder.",
)
@file_option("--report", help="What was refused and what was left out, as JSON.")
@click.option("--print-map", is_flag=True, help="Print the mapping of the format, and stop.")
@click.pass_context
def import_(
    ctx: click.Context,
    format: str,
    files: tuple[Path, ...],
    mapping: Path | None,
    as_of: date | None,
    out: Path | None,
    out_dir: Path | None,
    report: Path | None,
    print_map: bool,
) -> None:
    """Turn a tool's export into influencer records.

    Contact details are dropped, and so are ethnicity, income and the like; everything that is
    not taken over is listed on standard error.
    """
    if print_map:
        from checker.loading.importing.mapping_file import format_path
        from checker.loading.project import Projects

        write_stdout(
            format_path(format, Projects().of(Path())).read_text(encoding="utf-8"), machine=True
        )
        return
    if not files:
        raise click.UsageError("name the files to import")
    if out is not None and out_dir is not None:
        raise click.UsageError("give --out or --out-dir, but not both")
    named = [*files, *([mapping] if mapping else [])]
    refuse_targets([("--out", out), ("--report", report)], inputs=named)

    from checker import api
    from checker.reporting.imported import import_json, import_text

    result = api.import_files(files, format=format, mapping=mapping, as_of=as_of)
    click.echo(import_text(result, options_for("stderr")), nl=False, err=True)
    texts = [(Output("json", report), import_json(result))] if report is not None else []
    if out_dir is not None:
        texts += _files(result.records, out_dir)
    elif result.records:
        lines = "".join(_line(record) for record in result.records)
        texts.append((Output("ndjson", out), lines))
    write_outputs(texts)
    ctx.exit(result.exit_code)


def _line(record: ImportedRecord) -> str:
    # It may go to a terminal, where a handle must not do more than be read.
    return json.dumps(record.data) + "\n"


def _files(records: Sequence[ImportedRecord], folder: Path) -> list[tuple[Output, str]]:
    """Return a file for each record, named after its id."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(str(folder), error) from error
    texts: list[tuple[Output, str]] = []
    taken: set[str] = set()
    for record in records:
        name = _file_name(str(record.data["id"]), taken)
        text = json.dumps(record.data, ensure_ascii=False, indent=2) + "\n"
        texts.append((Output("json", folder / f"{name}.json"), text))
    return texts


def _file_name(key: str, taken: set[str]) -> str:
    """Return a name that is one on every system, and no other record's."""
    plain = _UNSAFE.sub("-", key)[:_LONGEST_NAME].strip("-.") or "influencer"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name.casefold())
    return name
