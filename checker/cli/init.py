"""`checker init`: the files of a first project."""

from __future__ import annotations

from datetime import date, timedelta
from os.path import relpath
from pathlib import Path
from shlex import quote

import click

from checker import __version__

STARTER = Path(__file__).parent / "starter"
# What is written, and what it is made from; here a brief must not look like one to be checked.
FILES = {
    "brief.yaml": "brief-starter.yaml",
    "brand.yaml": "brand.yaml",
    "shortlist.csv": "shortlist.csv",
}
CONFIGURATION = "checker.yaml"
WORKFLOW = Path(".github/workflows/checker.yml")
OWNERS = Path(".github/CODEOWNERS")

_EXAMPLES = """\b
Examples:
  checker init               in this folder
  checker init briefs/spring in a folder, made if it is missing
  checker init --owner @acme/compliance    who reviews rules and waivers"""


@click.command(epilog=_EXAMPLES)
@click.argument(
    "folder", default=".", type=click.Path(path_type=Path, file_okay=False), metavar="[FOLDER]"
)
@click.option(
    "--owner",
    default="",
    metavar="NAME",
    help="Who must review changes of rules, configuration and waivers (for .github/CODEOWNERS).",
)
def init(folder: Path, owner: str) -> None:
    """Start a project: a brief with a CSV shortlist, its brand, a configuration, a CI workflow.

    The brief is an example to change: of its three influencers one passes, one fails, and of one
    a fact is missing. The configuration goes to the root of the git repository, where every brief
    finds it; so do the workflow and the code owners of rules, configuration and waivers.
    Files that are there already are kept as they are.
    """
    from checker.cli.output import cannot_write, write_stdout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        said = [write_new(folder / name, _starter(source)) for name, source in FILES.items()]
        configuration, root = _shared(folder)
        said.append(write_new(configuration, _starter(CONFIGURATION)))
        said.append(write_new(root / WORKFLOW, _starter("workflow.yml")))
        said.append(write_new(root / OWNERS, _owners(owner)))
    except OSError as error:
        raise cannot_write(str(error.filename or folder), error) from error
    where = "" if folder == Path() else f" {quote(str(folder))}"
    write_stdout("\n".join([*said, "", f"Next: checker check{where}", ""]))


def _shared(folder: Path) -> tuple[Path, Path]:
    """Return the configuration of the project that a folder is in, there or to be written, and
    the project's folder, which is the git repository's where there is one.
    """
    from checker.loading.project import landmarks

    found = landmarks(folder)
    root = folder if found.repository is None else Path(relpath(found.repository))
    configurations = [Path(relpath(path)) for path in found.configurations]
    return next(iter(configurations), root / CONFIGURATION), root


def _owners(owner: str) -> str:
    """Return the lines that say who owns rules, configuration and waivers."""
    text = (STARTER / "CODEOWNERS").read_text(encoding="utf-8")
    if not owner:
        return text
    return text.replace("# /", "/").replace("@your-org/compliance", owner)


def _starter(name: str) -> str:
    """Return a file's text, with a campaign that starts in two months and runs for six weeks."""
    start = date.today() + timedelta(days=60)
    end = start + timedelta(days=42)
    return filled(name, start=start.isoformat(), end=end.isoformat())


def filled(source: str, **words: str) -> str:
    """Return the text of a file to start from, with words in the place of their names."""
    text = (STARTER / source).read_text(encoding="utf-8")
    for word, value in {"checker": __version__, **words}.items():
        text = text.replace(f"{{{word}}}", value)
    return text


def write_new(path: Path, text: str) -> str:
    """Write a new file and say so; one that is there already is kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return f"kept    {path} (it was there already)"
    return f"wrote   {path}"
