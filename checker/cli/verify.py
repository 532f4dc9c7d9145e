"""`checker verify`: whether everything is still as it was signed off."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checker.cli.console import options_for
from checker.cli.options import FILE, file_option, form_option
from checker.cli.output import write_stdout

if TYPE_CHECKING:
    from checker.signoff.differences import Verification

SCHEMA_VERSION = "1.0"

# Titles of the parts, in text.
_TITLES = {
    "record": "The record",
    "tool": "The program",
    "packs": "Rules",
    "files": "Files",
    "outcomes": "Outcomes",
    "waivers": "Waivers",
    "configuration": "Settings",
}
_SIGNATURES = {
    "verified": "the signature is of the key that was given",
    "none": "integrity, not identity: the record has no signature",
    "unchecked": "signed, signature not checked",
    "refused": "the signature does not hold",
}
# A text report shows this many differences of one part; JSON has them all.
_SHOWN = 20

_EXAMPLES = """\b
Examples:
  checker verify briefs/spring/brief.signoff.json
  checker verify briefs/spring/brief.signoff.json --public-key sign.pub.pem
  checker verify briefs/spring/brief.signoff.json -o json

\b
Exit codes: 0 all as signed; 1 something differs, or a signature was not
checked; 2 usage or key invalid; 3 the record cannot be read, a path in it
leaves the project, or --project must say where that is."""


@click.command(epilog=_EXAMPLES)
@click.argument("signoff", type=FILE)
@file_option(
    "--public-key",
    help="The public Ed25519 key (PEM) that must have signed; needs the extra [sign].",
)
@click.option(
    "--no-signature-check",
    "may_skip",
    is_flag=True,
    help="Do without the signature of a signed record: who signed stays unknown.",
)
@click.option(
    "--project",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="The folder that the record's paths start from; without it, that of the repository that "
    "the record lies in, or else of the checker.yaml above it.",
)
@form_option("text", "json", help="How the answer is written to standard output.")
@click.pass_context
def verify(
    ctx: click.Context,
    signoff: Path,
    public_key: Path | None,
    may_skip: bool,
    project: Path | None,
    form: str,
) -> None:
    """Run everything that was signed off again, and say exactly what changed since.

    SIGNOFF is a record of `checker signoff`. Waivers are judged at its date and today.
    """
    if public_key is not None and may_skip:
        raise click.UsageError("give --public-key or --no-signature-check, but not both")
    from checker import api_signoff

    found = api_signoff.verify(signoff, public_key=public_key, may_skip=may_skip, project=project)
    if found.diagnostics and form == "text":
        from checker.model.diagnostics import first_of
        from checker.reporting.diagnostics import diagnostics_text

        shown = first_of(found.diagnostics)
        click.echo(diagnostics_text(shown, options_for("stderr")), nl=False, err=True)
    if form == "json":
        write_stdout(_json(found), machine=True)
    else:
        write_stdout(_text(found))
    ctx.exit(0 if found.as_signed else 1)


def _json(found: Verification) -> str:
    from checker import __version__
    from checker.signoff.canonical import plain, render

    predicate = found.statement["predicate"]
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "checker", "version": __version__},
        "signoff": found.shown,
        "project": found.root.as_posix(),
        "as_signed": found.as_signed,
        "signature": found.signature,
        "brief": predicate["brief"],
        "as_of": predicate["as_of"],
        "signed_by": predicate["signed_by"],
        "signed_on": predicate["signed_on"],
        "today": found.today,
        "differences": [
            {"code": each.code, "part": each.part, "message": each.message, **plain(each.details)}
            for each in found.differences
        ],
        "diagnostics": [
            {"code": each.code, "message": each.message, "place": str(each.position)}
            for each in found.diagnostics
        ],
        "notes": list(found.notes),
    }
    return render(document)


def _text(found: Verification) -> str:
    from checker.reporting.page import Page
    from checker.reporting.words import plural

    page = Page(options_for("stdout"))
    predicate = found.statement["predicate"]
    by = f"signed off by {predicate['signed_by']} on {predicate['signed_on']}"
    page.hang("", page.text(f"{predicate['brief']['title']}, {by}, as of {predicate['as_of']}"))
    page.hang("", f"with the files in {page.text(str(found.root))}")
    if found.as_signed:
        page.add(page.paint("AS SIGNED", "good") + f"  {_SIGNATURES[found.signature]}")
    else:
        count = plural(len(found.differences), "difference")
        page.add(page.paint("DIFFERS", "bad") + f"  {count}; {_SIGNATURES[found.signature]}")
    for part, group in groupby(found.differences, key=lambda each: each.part):
        every = list(group)
        page.add("")
        page.add(page.paint(_TITLES[part], "bold"))
        for each in every[:_SHOWN]:
            page.hang(f"  {each.code}: ", page.text(each.message), indent=4)
        if len(every) > _SHOWN:
            page.add(f"  and {len(every) - _SHOWN:,} more; all of them: -o json")
    for note in found.notes:
        page.hang("note: ", page.text(note))
    return page.render()
