"""Packs made of parts: a rule that is in order, with some of it replaced."""

from __future__ import annotations

import json
from typing import Any

from checker.engine.lint import lint_rules
from checker.engine.ruleset import build_rules
from checker.loading.data_files import rules_folder
from checker.loading.pack_file import load_pack, parse_pack
from checker.loading.source import SourceFile
from checker.loading.validation import SHIPPED
from checker.loading.yaml_text import read_yaml
from checker.model.diagnostics import Diagnostic

RULE: dict[str, Any] = {
    "id": "lively",
    "title": "Followers react",
    "scope": "influencer",
    "severity": "error",
    "source": "ours",
    "require": "influencer.engagement.rate >= 0.02",
    "fix": "Shortlist somebody whose followers react.",
    "examples": {
        "pass": [{"why": "3% react", "influencer": {"engagement": {"rate": 0.03}}}],
        "fail": [{"why": "1% react", "influencer": {"engagement": {"rate": 0.01}}}],
        "unknown": [{"why": "nobody counted", "influencer": {"country": "GB"}}],
    },
}
BLOG = {"blog": {"title": "A blog's figures", "strength": "vendor"}}


def read(text: str) -> dict[str, Any]:
    """Read a part of a pack or of a rule."""
    data: dict[str, Any] = read_yaml(SourceFile("part.yaml", text)).data
    return data


def pack_of(part: dict[str, Any]) -> dict[str, Any]:
    """Return a pack with one rule, in which a part replaces what is in order."""
    of_pack = {"tables", "definitions", "sources", "rules"} & set(part)
    given = part if of_pack else {"rules": [part]}
    rules = [{**RULE, **rule} for rule in given.get("rules", [{}])]
    kept = [{key: value for key, value in rule.items() if value is not None} for rule in rules]
    pack: dict[str, Any] = {
        "pack": "made",
        "version": "1.0.0",
        "title": "A pack",
        "uses": ["words"],
    }
    if "blog" in json.dumps(part):
        pack["sources"] = BLOG
    return {**pack, **given, "rules": kept}


def pack_text(part: dict[str, Any]) -> str:
    """Return a pack that is in order but for a part, as a file's text."""
    return json.dumps(pack_of(part), ensure_ascii=False, indent=1)


def lint_of(part: str | dict[str, Any]) -> list[Diagnostic]:
    """Lint a pack that is in order but for a part."""
    text = pack_text(read(part) if isinstance(part, str) else part)
    packs = [parse_pack(SourceFile("made.yaml", text)), load_pack(rules_folder() / "words.yaml")]
    return lint_rules(build_rules(packs, SHIPPED.types))


def codes_of(part: str | dict[str, Any]) -> list[str]:
    """Return the codes that lint reports of a pack that is in order but for a part."""
    return [diagnostic.code for diagnostic in lint_of(part)]
