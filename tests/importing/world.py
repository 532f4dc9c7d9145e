"""The importers from the command line, on fixtures in the shapes that providers document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.e2e.world import Done, run

FIXTURES = Path(__file__).parent / "fixtures"
# The fixture of each shipped format.
FILES = {
    "modash": "modash.json",
    "hypeauditor": "hypeauditor.json",
    "phyllo": "phyllo.json",
    "youtube": "youtube.ndjson",
    "instagram": "instagram.json",
    "tiktok": "tiktok.json",
}


def fixture(name: str) -> Any:
    """Return what the fixture of a format holds; of NDJSON the first line."""
    text = (FIXTURES / FILES[name]).read_text("utf-8")
    return json.loads(text.splitlines()[0] if FILES[name].endswith(".ndjson") else text)


def written(folder: Path, name: str, data: Any) -> Path:
    """Write a file as JSON, or a text as it is."""
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
    return path


def imported(*args: str | Path) -> tuple[Done, list[dict[str, Any]]]:
    """Run the import; return what it said on unbroken lines, and the records it printed."""
    done = run("import", *map(str, args))
    records = [json.loads(line) for line in done.out.splitlines()]
    return Done(done.code, done.out, " ".join(done.err.split())), records


def one(*args: str | Path) -> dict[str, Any]:
    """Import what gives exactly one record."""
    done, records = imported(*args)
    assert done.code == 0, done.err
    (record,) = records
    return record


def left(folder: Path, *args: str | Path) -> dict[str, list[str]]:
    """Import, and return the places that were left out, by kind, from the JSON report."""
    report = folder / "left.json"
    imported(*args, "--report", report)
    kinds: dict[str, list[str]] = {}
    for each in json.loads(report.read_text("utf-8"))["left"]:
        kinds.setdefault(each["kind"], []).append(each["path"])
    return kinds
