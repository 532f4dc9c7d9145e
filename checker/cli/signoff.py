"""`checker signoff`: the record of a brief that passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.console import is_terminal, options_for
from checker.cli.options import FILE, as_of_option, file_option
from checker.cli.output import refuse_targets, write_files, write_stdout

if TYPE_CHECKING:
    from checker.api_signoff import Signing

_LONGEST_NAME = 200

_EXAMPLES = """\b
Examples:
  checker signoff briefs/spring --by "Jo Park"
  checker signoff briefs/spring --by "Jo Park" --key sign.pem
  checker verify briefs/spring/brief.signoff.json      later, by anyone

\b
A key, and its public half for whoever verifies:
  openssl genpkey -algorithm ed25519 -out sign.pem
  openssl pkey -in sign.pem -pubout -out sign.pub.pem

\b
Exit codes: 0 signed off; the verdict is not pass: 1 failed or a waiver
expired, 3 input missing or invalid, 4 undecided; 2 usage or rules invalid."""


def _name(ctx: click.Context, param: click.Parameter, value: str) -> str:
    name = value.strip()
    if not name or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise click.BadParameter("write the name of whoever signs")
    return name


@click.command(epilog=_EXAMPLES)
@click.argument("brief", type=FILE)
@click.option("--by", required=True, callback=_name, metavar="NAME", help="Who signs off.")
@as_of_option("The day that stands for today in rules. Waivers are judged at the real day as well.")
@file_option("--key", help="Sign with this private Ed25519 key (PEM); needs the extra [sign].")
@file_option(
    "-o",
    "--output",
    "target",
    metavar="PATH",
    help="Where the record goes; by default beside the brief, as NAME.signoff.json.",
)
@click.option("--force", is_flag=True, help="Replace a record that is there already.")
@click.pass_context
def signoff(
    ctx: click.Context,
    brief: Path,
    by: str,
    as_of: date | None,
    key: Path | None,
    target: Path | None,
    force: bool,
) -> None:
    """Record what was checked, on which bytes and with what outcome, if the verdict is pass.

    BRIEF is a file, or a folder with one brief. Without a key the record proves that nothing
    changed since, not who signed.
    """
    from checker import api_signoff

    today = date.today()
    signing = api_signoff.sign_off(
        brief, by=by, as_of=as_of or today, key=key, today=today, ask_password=_ask_password
    )
    if signing.code:
        _refuse(signing)
        ctx.exit(signing.code)
    path = target or signing.path
    refuse_targets([("-o", path)], inputs=signing.inputs)
    try:
        write_files([(path, signing.text.encode("utf-8"))], new=not force, lasting=True)
    except FileExistsError:
        message = f"{path} is there already; --force replaces it, -o names another"
        raise click.UsageError(message) from None
    _say(signing, path, by=by, signed=key is not None)


def _ask_password() -> str | None:
    if not is_terminal("stderr"):
        return None
    password: str = click.prompt("Password of the key", hide_input=True, err=True)
    return password


def _refuse(signing: Signing) -> None:
    """Show a report that does not pass, as `check` does, and say why there is no record."""
    from checker.reporting.closing import ready
    from checker.reporting.formats import FORMATS
    from checker.reporting.safe import one_line

    if not ready(signing.report):
        # Where only a waiver has ended meanwhile, the report would call the brief ready.
        options = replace(options_for("stdout"), exit_code=signing.code)
        write_stdout(FORMATS["text"]([signing.report], options))
    for refusal in signing.refusals:
        click.echo(f"Not signed off: {one_line(refusal)}", err=True)


def _say(signing: Signing, path: Path, *, by: str, signed: bool) -> None:
    from checker.reporting.safe import inert, one_line
    from checker.reporting.words import plural

    report = signing.report
    proof = "signed with your key"
    if not signed:
        proof = "integrity, not identity: it has no signature"
    counted = plural(len(report.of_kind("influencer")), "influencer")
    dropped = f", {plural(len(report.dropped), 'deal')} dropped" if report.dropped else ""
    waivers = [use.waiver for use in report.waivers if use.state == "used"]
    lines = [
        f"Signed off by {by}: {one_line(report.title)}, as of {report.as_of}",
        f"  {report.verdict}: {counted}{dropped}",
        *(
            "  "
            + one_line(f"waived: {each.rule} on {each.subject}, {each.owner}, until {each.expires}")
            for each in waivers
        ),
        f"  {plural(len(signing.inputs), 'file')}, {plural(len(report.packs), 'rule pack')}",
        f"  wrote {inert(str(path))} ({proof})",
        f"Check it: checker verify {inert(str(path))}{_options(signing, path, signed=signed)}",
    ]
    write_stdout("\n".join(lines) + "\n")


def _options(signing: Signing, path: Path, *, signed: bool) -> str:
    """Return what `verify` must be told of a record at `path`."""
    from shlex import quote

    from checker.loading.project import project_folders
    from checker.loading.source import shown_path
    from checker.reporting.safe import inert

    key = " --public-key FILE" if signed else ""
    if project_folders(path.parent) == [signing.root]:
        return key
    return f"{key} --project {inert(quote(shown_path(signing.root)))}"
