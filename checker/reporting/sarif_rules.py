"""The rules of a report as SARIF describes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from checker.model.report import Outcome, Report
from checker.model.rules import Severity, Source
from checker.reporting.findings import OWN_RULES, Finding
from checker.reporting.safe import one_line
from checker.reporting.sarif_text import message
from checker.reporting.words import source_line

LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "note"}
# The word that code scanning on GitHub reads for how grave a rule is.
_PROBLEMS: dict[Severity, str] = {
    "error": "error",
    "warning": "warning",
    "note": "recommendation",
}


def descriptors(reports: Sequence[Report], found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return each rule that ran, by its id, and then those of the program that found something."""
    outcomes: dict[str, list[Outcome]] = {}
    for subject in (subject for report in reports for subject in report.subjects):
        for outcome in subject.outcomes:
            outcomes.setdefault(one_line(outcome.rule), []).append(outcome)
    own = {item.rule for item in found if item.outcome is None}
    rules = [_of_pack(rule, outcomes[rule]) for rule in sorted(outcomes)]
    return rules + [_own(rule) for rule in OWN_RULES if rule in own and rule not in outcomes]


def _of_pack(rule: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    first = outcomes[0]
    fix = next((outcome.fix for outcome in outcomes if outcome.fix), "")
    source = source_line(first.source)
    about = f"{first.title}. A rule of {first.scope} scope, of {first.severity} severity, from "
    about += f"pack {first.pack} {first.pack_version}; its source: {source}."
    descriptor: dict[str, Any] = {
        "id": rule,
        "name": pascal(rule),
        "shortDescription": {"text": message(first.title or rule)},
        "fullDescription": {"text": message(about)},
        "help": {"text": message(f"{fix} Source: {source}.".strip())},
        "defaultConfiguration": {"level": LEVELS[first.severity]},
        "properties": {
            "scope": first.scope,
            "severity": first.severity,
            "problem.severity": _PROBLEMS[first.severity],
            "source": _source(first.source),
            "strength": first.source.strength,
            "pack": one_line(first.pack),
            "version": one_line(first.pack_version),
            "tags": list(dict.fromkeys((one_line(first.pack), first.scope))),
        },
    }
    if first.source.url.startswith("https://"):
        descriptor["helpUri"] = _address(first.source.url)
    return descriptor


def _own(rule: str) -> dict[str, Any]:
    title, severity = OWN_RULES[rule]
    return {
        "id": rule,
        "name": pascal(rule),
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{title}. The program asks this itself, whatever the packs."},
        "help": {"text": f"{title}."},
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {
            "severity": severity,
            "problem.severity": _PROBLEMS[severity],
            "source": {"id": "checker", "strength": "ours"},
            "strength": "ours",
            "tags": ["checker"],
        },
    }


def _source(source: Source) -> dict[str, str]:
    parts = {
        "id": source.id,
        "title": source.title,
        "section": source.section,
        "date": source.date,
        "url": source.url,
        "strength": source.strength,
    }
    return {name: one_line(text) for name, text in parts.items() if text}


def _address(url: str) -> str:
    from urllib.parse import quote

    return quote(url, safe="/:?#[]@!$&'()*+,;=%~", errors="surrogatepass")


def pascal(rule: str) -> str:
    """Return "AudienceAge" for "audience-age"; the name of one word is told from the id."""
    words = re.findall(r"[^\W_]+", rule)
    name = "".join(word[:1].upper() + word[1:] for word in words) or "Rule"
    return f"{name}Rule" if name.casefold() == rule.casefold() else name
