"""What can be made of a rule file with mistakes, so that the rest of it can be checked by type.

All mistakes of a file are to be said at once; a misspelt source must not hide a misspelt path.
What a mistake leaves open is left out, and so is everything that names it: nothing is reported
that only follows from something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from checker.loading.own_fields import wrong_fields
from checker.loading.rule_build import (
    build_definitions,
    build_fact,
    build_param,
    build_rule,
    build_sources,
    build_table,
)
from checker.loading.rule_meaning import Parts, check_definitions, check_rules, check_tables
from checker.loading.yaml_text import YamlDocument
from checker.model.records import DataPath
from checker.model.rules import SCOPES, Pack, Rule, Source, SourceText

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

Data = Mapping[str, Any]


def partial_pack(document: YamlDocument, refused: frozenset[DataPath]) -> tuple[Pack, set[str]]:
    """Return what can be made of a file, and the names of tables and definitions that cannot.

    `refused` are the parts that the schema refused: ("rules", 3), ("tables",), () for all.
    """
    data: Data = document.data if isinstance(document.data, dict) and () not in refused else {}
    parts = Parts(data, refused)
    tables = [name for name in parts.mapping("tables") if not _wrong_table(document, data, name)]
    heads = [head for head in parts.mapping("definitions") if not _wrong_head(document, head)]
    sources = build_sources({"sources": parts.mapping("sources")})
    pack = Pack(
        name=_text(data, "pack") or document.source.name,
        version=_text(data, "version"),
        title=_text(data, "title"),
        position=document.locate(("pack",)),
        digest="",
        uses=tuple(name for _, name in parts.list("uses")),
        sources=sources,
        tables={name: build_table(document, name, sources) for name in tables},
        definitions=build_definitions(document, heads),
        facts=tuple(build_fact(document, number) for number, _ in parts.list("facts")),
        rules=tuple(_rules(document, data, refused, sources)),
    )
    lost = {*_names(data, "tables"), *_names(data, "definitions")}
    lost -= {*pack.tables, *pack.definitions}
    extra = parts.mapping("extra")
    whole = all(path[0] != "extra" for path in refused if path)
    if whole := whole and not any(wrong_fields(extra, document.locate)):
        pack = replace(pack, extra=extra)
    if not whole or refused & {("tables",), ("definitions",), ("uses",)}:
        # Names are missing, and nobody knows which.
        pack = replace(pack, rules=(), facts=(), definitions={})
    return pack, lost


def without_names(packs: Iterable[Pack], lost: set[str]) -> tuple[Pack, ...]:
    """Return packs without what reads a name that was lost, or a pack that was not loaded."""
    kept = list(packs)
    names = {pack.name for pack in kept}
    lost = set(lost)
    while True:
        more = {
            name
            for pack in kept
            for name, definition in pack.definitions.items()
            if name not in lost and _mentions([definition.body], lost)
        }
        if not more:
            break
        lost |= more
    return tuple(_without(pack, lost, complete=names.issuperset(pack.uses)) for pack in kept)


def _without(pack: Pack, lost: set[str], *, complete: bool) -> Pack:
    if not complete:
        return replace(pack, rules=(), facts=(), definitions={})
    return replace(
        pack,
        rules=tuple(rule for rule in pack.rules if not _mentions(_texts(rule), lost)),
        facts=tuple(fact for fact in pack.facts if not _mentions([fact.value], lost)),
        definitions={k: each for k, each in pack.definitions.items() if k not in lost},
    )


def _mentions(texts: Sequence[SourceText], lost: set[str]) -> bool:
    return any(not lost.isdisjoint(_WORD.findall(text.text)) for text in texts)


def _texts(rule: Rule) -> list[SourceText]:
    given = (rule.when, rule.require, rule.pass_text, rule.fail_text)
    return [*rule.let.values(), *(text for text in given if text is not None)]


def _text(data: Data, key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _names(data: Data, section: str) -> Iterator[str]:
    """Yield the names that a section gives, those of its mistakes too."""
    members = data.get(section)
    for head in members if isinstance(members, dict) else ():
        name = _WORD.search(head)
        if name:
            yield name[0]


def _wrong_table(document: YamlDocument, data: Data, name: str) -> bool:
    return any(check_tables(document, Parts({"tables": {name: data["tables"][name]}})))


def _wrong_head(document: YamlDocument, head: str) -> bool:
    return any(check_definitions(document, Parts({"definitions": {head: ""}})))


def _rules(
    document: YamlDocument, data: Data, refused: frozenset[DataPath], sources: Mapping[str, Source]
) -> Iterator[Rule]:
    rules = data.get("rules")
    if ("rules",) in refused or not isinstance(rules, list):
        return
    for number, rule in enumerate(rules):
        if ("rules", number) in refused:
            sketch = _sketch(document, number, rule, sources)
            if sketch is not None:
                yield sketch
        elif not any(check_rules(document, Parts({"rules": [rule]}))):
            yield build_rule(document, number, sources)


def _sketch(
    document: YamlDocument, number: int, rule: Any, sources: Mapping[str, Source]
) -> Rule | None:
    """Return the conditions and texts of a rule that the schema refused.

    None where they cannot be checked without what is wrong.
    """
    if not isinstance(rule, dict) or rule.get("scope") not in SCOPES:
        return None
    path: DataPath = ("rules", number)
    lets, params = rule.get("let", {}), rule.get("params", {})
    if not (_are(lets, str) and _are(params, dict) and isinstance(rule.get("require"), str)):
        return None
    if not all(isinstance(each.get("default"), str | int | float) for each in params.values()):
        return None

    def text(key: str) -> SourceText | None:
        return document.text((*path, key)) if isinstance(rule.get(key), str) else None

    return Rule(
        id=_text(rule, "id"),
        title="",
        scope=rule["scope"],
        severity="error",
        source=sources["ours"],
        require=document.text((*path, "require")),
        position=document.locate(path),
        when=text("when"),
        let={name: document.text((*path, "let", name)) for name in lets},
        params={
            name: build_param(document, (*path, "params", name), {"default": each["default"]}, {})
            for name, each in params.items()
        },
        pass_text=text("pass"),
        fail_text=text("fail"),
    )


def _are(members: Any, kind: type) -> bool:
    return isinstance(members, dict) and all(isinstance(each, kind) for each in members.values())
