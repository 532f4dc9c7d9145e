"""What `checker test` found, as JSON."""

from __future__ import annotations

import json
from typing import Any

from checker.engine.coverage import Gap
from checker.engine.examples import ExampleResult
from checker.engine.mutation.search import Suggestion
from checker.engine.mutation.testing import MutationResult, Survivor
from checker.engine.rule_tests import RulesTested
from checker.model.diagnostics import Position
from checker.reporting.example_yaml import example_lines


def rule_tests_json(tested: RulesTested) -> str:
    """Return everything that was found; what was not asked for is null."""
    whole = {
        "ok": tested.ok,
        "examples": {
            "run": len(tested.examples),
            "failed": [_result(result) for result in tested.failed],
        },
        "changed": [
            {
                "rule": change.rule,
                "what": change.what,
                "because": change.because,
                "position": _position(change.position),
            }
            for change in tested.changed
        ],
        "otherwise": [_result(result) for result in tested.otherwise],
        "coverage": {
            "parts": tested.coverage.parts,
            "missing": [_gap(gap) for gap in tested.coverage.gaps],
        },
        "mutation": None if tested.mutation is None else _mutation(tested.mutation),
    }
    return json.dumps(whole, indent=2) + "\n"


def _result(result: ExampleResult) -> dict[str, Any]:
    return {
        "rule": result.rule,
        "expect": result.expect,
        "got": result.got,
        "why": result.why,
        "reason": result.reason,
        "position": _position(result.position),
    }


def _position(position: Position) -> dict[str, Any]:
    return {"file": position.file, "line": position.line, "column": position.column}


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "owner": gap.owner,
        "never": gap.side,
        "part": gap.part or None,
        "position": _position(gap.position),
        "suggestion": _suggestion(gap.suggestion),
    }


def _mutation(mutation: MutationResult) -> dict[str, Any]:
    return {
        "tried": mutation.made,
        "equivalents": mutation.excused,
        "survivors": [_survivor(each) for each in mutation.survivors],
        "unmatched": [
            {
                "rule": each.rule,
                "mutant": each.equivalent.mutant,
                "position": _position(each.equivalent.position),
            }
            for each in mutation.unmatched
        ],
    }


def _survivor(survivor: Survivor) -> dict[str, Any]:
    mutant = survivor.mutant
    return {
        "owner": mutant.owner,
        "old": mutant.old,
        "new": mutant.new,
        "mutant": mutant.text,
        "position": _position(mutant.position),
        "suggestion": _suggestion(survivor.suggestion),
    }


def _suggestion(suggestion: Suggestion | None) -> dict[str, Any] | None:
    if suggestion is None:
        return None
    example = suggestion.example
    return {
        "rule": suggestion.rule,
        "expect": example.expect,
        "why": example.why,
        "as_of": example.as_of or None,
        "records": example.records,
        "yaml": "\n".join(example_lines(example)) + "\n",
    }
