"""Rule packs as the model has them, from data that was found right.

Of a file with mistakes, `checker.loading.rule_partial` makes what can be made; it uses the same
functions for the parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checker.loading.rule_meaning import OURS, parse_head
from checker.loading.rule_tables import listed
from checker.loading.yaml_text import YamlDocument
from checker.model.diagnostics import Position
from checker.model.records import DataPath
from checker.model.rules import (
    Applies,
    Definition,
    Deprecated,
    Equivalent,
    Example,
    FactColumn,
    Pack,
    Param,
    Places,
    Rule,
    Source,
    SourceText,
    Table,
    Term,
)

OUR_OWN = Source(OURS, "our own choice")
_RECORDS = ("brief", "brand", "influencer", "deal", "shortlist", "post")

Data = Mapping[str, Any]


def build_pack(document: YamlDocument, *, digest: str) -> Pack:
    """Return the pack of a rule file without mistakes."""
    data: Data = document.data
    sources = build_sources(data)
    return Pack(
        name=data["pack"],
        version=data["version"],
        title=data["title"],
        position=document.locate(("pack",)),
        digest=digest,
        uses=tuple(data.get("uses", ())),
        sources=sources,
        tables={name: build_table(document, name, sources) for name in data.get("tables", {})},
        definitions=build_definitions(document, data.get("definitions", {})),
        facts=tuple(build_fact(document, number) for number in range(len(data.get("facts", ())))),
        rules=tuple(build_rule(document, n, sources) for n in range(len(data.get("rules", ())))),
        applies=applies_from(data),
        off=data.get("lint", {}).get("off", {}),
        extra=data.get("extra", {}),
        places=_places(document, ()),
    )


def _places(document: YamlDocument, path: DataPath) -> Places:
    return Places(
        lambda inside: document.locate((*path, *inside)),
        lambda inside: document.locate_key((*path, *inside)),
    )


def build_sources(data: Data) -> Mapping[str, Source]:
    """Return the sources of a pack, and "ours"."""
    given = data.get("sources", {})
    return {OURS: OUR_OWN, **{name: Source(name, **_texts(each)) for name, each in given.items()}}


def _texts(data: Data) -> dict[str, Any]:
    """Return members as texts: a bare year is a number to YAML."""
    return {key: str(value) for key, value in data.items()}


def applies_from(data: Data) -> Applies:
    """Return where a pack or a rule holds, from its data."""
    applies = data.get("applies", {})
    return Applies(tuple(applies.get("markets", ())), tuple(applies.get("categories", ())))


def _term(label: str, given: Any) -> Term:
    if not isinstance(given, dict):
        return Term(label, listed(given))
    parts = {name: listed(given.get(name, ())) for name in ("words", "broader", "related")}
    ids = tuple(f"iab:{each}" for each in listed(given.get("iab", ())))
    languages = {name: listed(words) for name, words in given.items() if len(name) == 2}
    return Term(label, **parts, ids=ids, languages=languages)


def every_word(term: Term) -> Iterator[str]:
    """Give the words of a term, in every language, but its label."""
    yield from term.words
    for words in term.languages.values():
        yield from words


def build_table(document: YamlDocument, name: str, sources: Mapping[str, Source]) -> Table:
    """Return one table of a pack."""
    data = document.data["tables"][name]
    path: DataPath = ("tables", name)
    source = sources.get(data["source"], OUR_OWN) if "source" in data else None
    if data["kind"] == "vocabulary":
        terms = tuple(_term(label, given) for label, given in data["words"].items())

        def word(row: int, column: str) -> Position:
            place = (*path, "words", terms[row].label)
            return document.locate(place) if column == "synonyms" else document.locate_key(place)

        rows = tuple({"label": term.label, "synonyms": [*every_word(term)]} for term in terms)
        return Table(
            name,
            "vocabulary",
            rows,
            document.locate_key(path),
            word,
            source=source,
            terms=terms,
            either=data.get("either", {}),
        )
    return Table(
        name,
        data["kind"],
        tuple({k: v for k, v in row.items() if v is not None} for row in data["rows"]),
        document.locate_key(path),
        lambda row, column: document.locate((*path, "rows", row, column)),
        keys=tuple(data.get("keys", ())),
        columns=data.get("columns", {}),
        source=source,
    )


def build_definitions(document: YamlDocument, heads: Iterable[str]) -> dict[str, Definition]:
    """Return the definitions with these heads, by name."""
    found = {}
    for head in heads:
        parsed = parse_head(head)
        if parsed is not None:
            name, arguments = parsed
            path = ("definitions", head)
            body, position = document.text(path), document.locate_key(path)
            found[name] = Definition(name, arguments, body, position)
    return found


def build_fact(document: YamlDocument, number: int) -> FactColumn:
    """Return one fact of a pack."""
    path = ("facts", number)
    fact = document.data["facts"][number]
    value = document.text((*path, "value"))
    return FactColumn(fact["name"], fact["title"], value, document.locate(path))


def build_rule(document: YamlDocument, number: int, sources: Mapping[str, Source]) -> Rule:
    """Return one rule of a pack; a source that is not known is "ours"."""
    path: DataPath = ("rules", number)
    data: Data = document.data["rules"][number]

    def text(key: str) -> SourceText | None:
        return document.text((*path, key)) if key in data else None

    return Rule(
        id=data["id"],
        title=data["title"],
        scope=data["scope"],
        severity=data["severity"],
        source=sources.get(data["source"], OUR_OWN),
        require=document.text((*path, "require")),
        position=document.locate(path),
        when=text("when"),
        let={name: document.text((*path, "let", name)) for name in data.get("let", {})},
        params={
            name: build_param(document, (*path, "params", name), param, sources)
            for name, param in data.get("params", {}).items()
        },
        pass_text=text("pass"),
        fail_text=text("fail"),
        fix=data.get("fix", ""),
        applies=applies_from(data),
        examples=tuple(
            _example(document, (*path, "examples", expect, number), expect, example)
            for expect, cases in data.get("examples", {}).items()
            for number, example in enumerate(cases)
        ),
        equivalents=tuple(
            _equivalent(each, document.locate((*path, "equivalents", index)))
            for index, each in enumerate(data.get("equivalents", ()))
        ),
        off=data.get("lint", {}).get("off", {}),
        places=_places(document, path),
        formerly=tuple(data.get("formerly", ())),
        deprecated=Deprecated(**_texts(data["deprecated"])) if "deprecated" in data else None,
    )


def build_param(
    document: YamlDocument, path: DataPath, param: Data, sources: Mapping[str, Source]
) -> Param:
    """Return one param of a rule."""
    value = param["default"]
    source = sources.get(param.get("source", OURS), OUR_OWN)
    position = document.locate((*path, "default"))
    unit = param.get("unit", "")
    return Param(str(path[-1]), value, source, position, default=value, unit=unit)


def _equivalent(data: Data, position: Position) -> Equivalent:
    # A folded text is one line, however it was broken.
    return Equivalent(" ".join(data["mutant"].split()), data["because"], position)


def _example(document: YamlDocument, path: DataPath, expect: Any, example: Data) -> Example:
    return Example(
        expect,
        example["why"],
        {name: example[name] for name in _RECORDS if name in example},
        example.get("as_of", ""),
        document.locate(path),
        lambda inside: document.locate((*path, *inside)),
    )
