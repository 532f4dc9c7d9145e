"""A project in a folder of its own, and the program run on it from one end to the other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from checker.cli.group import checker

ROOT = Path(__file__).parents[2]
AS_OF = "2026-03-02"

# The environment's own settings would change what a process shows.
_OWN = ("PYTHON", "LC_", "LANG", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "TERM", "GIT_")


@dataclass(frozen=True, slots=True)
class Done:
    """What a run wrote, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Data and messages together."""
        return self.out + self.err

    def report(self) -> Any:
        """Return the only report of a run with `-o json`."""
        (report,) = json.loads(self.out)["reports"]
        return report


def subjects(report: Any, kind: str = "influencer") -> dict[str, Any]:
    """Return a report's subjects of one kind, by name."""
    return {each["name"]: each for each in report["subjects"] if each["kind"] == kind}


def outcomes(subject: Any) -> dict[str, str]:
    """Return the status of every rule on a subject."""
    return {each["rule"]: each["status"] for each in subject["outcomes"]}


def write(folder: Path, files: Mapping[str, Any]) -> None:
    """Write texts, bytes, and anything else as JSON."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content)
            path.write_text(text, encoding="utf-8")


def run(*args: str) -> Done:
    """Run the command in this process, in the current folder."""
    result = CliRunner().invoke(checker, list(args))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


def process(
    *args: str, folder: Path, env: Mapping[str, str] | None = None, program: Path | None = None
) -> Done:
    """Run the command as a process of its own, from this repository or an installed one."""
    command = [str(program)] if program is not None else [sys.executable, "-m", "checker"]
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_OWN)}
    if program is None:
        kept["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [*command, *args],
        env={**kept, **(env or {})},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    out, err = (part.decode("utf-8", "surrogateescape") for part in (done.stdout, done.stderr))
    return Done(done.returncode, out, err)


BRAND: dict[str, Any] = {"id": "bramble", "name": "Bramble & Co", "category": "hair accessories"}
JO: dict[str, Any] = {"id": "jo", "handle": "@jo", "platform": "instagram", "followers": 12_000}


def brief(**more: Any) -> dict[str, Any]:
    """Return a brief that every rule for briefs passes."""
    return {
        "id": "spring",
        "title": "Spring ribbons",
        "brand": BRAND,
        "target": {"countries": ["GB"]},
        "budget": {"currency": "GBP", "total": 3000, "per_influencer": 600},
        **more,
    }


def pack(*rules: str, name: str = "ours") -> str:
    """Return a rule pack of rules that are written as YAML, without the dash and the indent."""
    lines = [f"pack: {name}", "version: 1.0.0", f"title: The pack {name}", "rules:"]
    for rule in rules:
        first, *others = rule.strip("\n").splitlines()
        lines += [f"  - {first}", *(f"    {line}" for line in others)]
    return "\n".join(lines) + "\n"


def rule(identity: str, require: str, *more: str, scope: str = "influencer") -> str:
    """Return one rule as YAML."""
    return "\n".join(
        [
            f"id: {identity}",
            f"title: The rule {identity}",
            f"scope: {scope}",
            "severity: error",
            "source: ours",
            *more,
            f"require: {require}",
        ]
    )
