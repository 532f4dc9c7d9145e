"""The commands on a stand-in for `checker.api`, so that only the command line is tested."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import checker
from checker.cli.group import checker as command
from checker.engine.coverage import Coverage
from checker.engine.rule_tests import RulesTested
from checker.model.config import InForce
from checker.model.diagnostics import Diagnostic
from checker.model.report import Report
from tests.reporting.fakes import spring


@dataclass
class FakeApi:
    """Answers what a test puts in; `called` says with what it was asked."""

    reports: list[Report] = field(default_factory=lambda: [spring()])
    code: int = 1
    error: BaseException | None = None
    found: list[Diagnostic] = field(default_factory=list)
    examples: list[Any] = field(default_factory=list)
    rules: list[Any] = field(default_factory=list)
    applies: list[tuple[str, str, str]] = field(default_factory=list)
    called: dict[str, Any] = field(default_factory=dict)

    def _ask(self, **arguments: Any) -> None:
        self.called.update(arguments)
        if self.error is not None:
            raise self.error

    def check_briefs(
        self,
        paths: Sequence[Path],
        *,
        as_of: date,
        explain_all: object = True,
        baseline: Path | None = None,
        changed_since: str = "",
        files: Sequence[Path] | None = None,
        ended: list[str] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Report]:
        narrowed: dict[str, Any] = {
            "baseline": baseline,
            "changed_since": changed_since,
            "files": files,
        }
        given = {name: value for name, value in narrowed.items() if value}
        self._ask(paths=list(paths), as_of=as_of, explain_all=explain_all, **given)
        for index in range(len(self.reports)):
            if progress is not None:
                progress(index + 1, len(self.reports))
        return self.reports

    def check_without_brief(
        self,
        brand: Path,
        influencers: Sequence[Path],
        *,
        as_of: date,
        explain_all: object = True,
    ) -> Report:
        self._ask(brand=brand, influencers=list(influencers), as_of=as_of, explain_all=explain_all)
        return self.reports[0]

    def exit_code(self, reports: Sequence[Report], *, fail_on: str) -> int:
        self._ask(fail_on=fail_on)
        return self.code

    def rules_in_force(self, paths: Sequence[Path] = ()) -> list[InForce]:
        self._ask(paths=list(paths))
        pairs = tuple((each.rule, each.pack) for each in self.rules)
        return [InForce("", frozenset(pack.digest for _, pack in pairs), pairs)]

    def lint(self, paths: Sequence[Path], *, changed_since: str) -> list[Diagnostic]:
        self._ask(paths=list(paths), changed_since=changed_since)
        return self.found

    def test_rules(
        self, paths: Sequence[Path], *, mutate: bool, progress: Callable[[int, int], None]
    ) -> RulesTested:
        self._ask(paths=list(paths), mutate=mutate)
        return RulesTested(tuple(self.examples), Coverage(6, ()), None)

    def rules_for(self, brief: Path) -> list[tuple[str, str, str]]:
        self._ask(brief=brief)
        return self.applies

    def explain(self, rule_id: str) -> Any:
        self._ask(rule=rule_id)
        return self.rules[0]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    fake = FakeApi()
    for name in ("api", "api_rules"):
        monkeypatch.setitem(sys.modules, f"checker.{name}", fake)
        monkeypatch.setattr(checker, name, fake, raising=False)
    return fake


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    def run(*args: str) -> Result:
        return runner.invoke(command, list(args))

    return run
