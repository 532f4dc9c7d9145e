"""The group of commands: their help, and what happens when one fails."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from checker import __version__

INTERRUPTED = 130
USAGE = 2
INTERNAL = 70

# Sections of the help, each with its commands and what they do.
SECTIONS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Briefs",
        (
            ("init", "Start a project: a brief with a shortlist, a configuration, a CI workflow."),
            ("check", "Check briefs: who may be signed, and why."),
            ("compare", "Say what changed between two runs: who came, went, passes or fails now."),
            ("words", "List words of the records that no vocabulary knows."),
            ("import", "Turn other tools' exports into influencer records."),
            ("screen", "Screen files of any number of influencers by briefs."),
            ("signoff", "Record what was checked, on which bytes, if the verdict is pass."),
            ("verify", "Say exactly what changed since a sign-off."),
        ),
    ),
    (
        "Rules",
        (
            ("rules", "List the rules, or say which apply to a brief."),
            ("explain", "Show one rule: what it asks, where it comes from, its cases."),
            ("lint", "Look for mistakes in rule packs."),
            ("test", "Run the examples of every rule."),
            ("diff", "Say what a change of rules changes, on a body of briefs."),
            ("new", "Write a rule to start from, with examples that hold."),
        ),
    ),
)

EXIT_CODES = """\b
Exit codes:
  0  clean            3  input missing or invalid, or nothing evaluated
  1  failed           4  undecided: a fact is missing
  2  usage, configuration or rules invalid"""


class Commands(click.Group):
    """Finds commands by name and imports only the one that runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        return [name for _, commands in SECTIONS for name, _ in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None where there is none of that name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        # "import" is a word of Python's.
        name = "import_" if cmd_name == "import" else cmd_name
        command: click.Command = getattr(import_module(f"checker.cli.{name}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a name that is nearly one is answered with it."""
        name = args[0]
        if name not in self.list_commands(ctx) and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, self.list_commands(ctx), n=1)
            hint = f' Did you mean "{near[0]}"?' if near else " List them: checker --help"
            ctx.fail(f'No command is called "{name}".{hint}')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in sections, without importing them."""
        for title, commands in SECTIONS:
            with formatter.section(title):
                formatter.write_dl(commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. What goes wrong ends as a message and an exit code."""
        from checker.files import noting_inputs

        try:
            with noting_inputs():
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            from checker.cli.failure import report_failure

            ctx.exit(report_failure(error, debug=bool(ctx.params.get("debug"))))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
@click.version_option(__version__, message="checker %(version)s")
@click.option("--debug", is_flag=True, help="Show where an internal error happened.")
def checker(debug: bool) -> None:
    """Decide whether an influencer may be signed for a campaign, and say why.

    Rules are YAML, briefs are YAML or JSON, shortlists may be CSV. Nothing leaves this machine.
    """


def run(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; never raises, never prints a traceback."""
    try:
        result = checker.main(
            args=list(args) if args is not None else None,
            prog_name="checker",
            standalone_mode=False,
        )
        code = result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        code = USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        code = INTERRUPTED
    except Exception as error:
        # Not even the failure could be worded; a traceback would end as 1, which means "failed".
        click.echo(f"checker: internal error: {error!r}. Please report it.", err=True)
        code = INTERNAL
    from checker.cli.output import flush

    flush()
    return code
