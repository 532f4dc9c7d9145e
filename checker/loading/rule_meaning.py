"""What a rule file means, as far as it can be told without types.

Called on data that matches the schema. Everything that is wrong with a file is found at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from keyword import iskeyword
from typing import Any

from checker.language.functions import FUNCTIONS
from checker.language.suggest import suggestion
from checker.loading.rule_schema import kind_of
from checker.loading.rule_tables import table_diagnostics
from checker.loading.yaml_text import YamlDocument
from checker.model.diagnostics import Diagnostic, by_place
from checker.model.records import DataPath

OURS = "ours"

ROOTS = frozenset(
    {"brief", "brand", "influencer", "deal", "shortlist", "post", "params", "tables", "today"}
)
_CONSTANTS = frozenset({"true", "false", "null", "none", "unknown"})
# A # after something on its line; what it cuts off is looked at closely then.
_HASH = re.compile(r"^ *[^\s#].* #", re.MULTILINE)
# name(argument, argument)
HEAD = re.compile(r"\s*([a-z][a-z0-9_]*)\s*\(\s*([^()]*?)\s*\)\s*$")
_NAME = re.compile(r"[a-z][a-z0-9_]*")

Data = Mapping[str, Any]


def meaning_diagnostics(
    document: YamlDocument, *, without: frozenset[DataPath] = frozenset(), words: bool = True
) -> list[Diagnostic]:
    """Return what is wrong with a rule file beyond its schema, in the file's order.

    `without` are the parts that the schema refused; they are passed over. With `words`, those of
    vocabularies are looked at.
    """
    if () in without:
        return []
    data = Parts(document.data, without)
    found = [
        *_sources(document, data),
        *check_definitions(document, data),
        *check_tables(document, data, words=words),
        *_uses(document, data),
        *_facts(document, data),
        *_fields(document, data),
        *check_rules(document, data),
        *_unclear_numbers(document),
    ]
    if _HASH.search(document.source.text):
        from checker.loading.yaml_repairs import swallowed

        found += filter(None, (swallowed(document, path) for path in _texts(data)))
    return sorted(found, key=by_place)


def _fields(document: YamlDocument, data: Parts) -> Iterator[Diagnostic]:
    if extra := data.mapping("extra"):
        from checker.loading.own_fields import wrong_fields

        yield from wrong_fields(extra, document.locate)


def _unclear_numbers(document: YamlDocument) -> Iterator[Diagnostic]:
    """Yield the numbers that may be a thousand more; rates of exchange have as many digits."""
    for path, written in document.unclear_numbers():
        if "exchange_rates" not in path:
            from checker.loading.wording import unclear_number

            found = unclear_number(path, written, whole=False)
            yield Diagnostic(found.code, found.message, document.locate(path), hint=str(found.hint))


class Parts:
    """The sections of a rule file, without the parts that the schema refused."""

    def __init__(self, data: Data, without: frozenset[DataPath] = frozenset()) -> None:
        self.data = data
        self.without = without

    def mapping(self, section: str) -> Data:
        """Return a section of named members."""
        if (section,) in self.without:
            return {}
        members: Data = self.data.get(section, {})
        return {k: v for k, v in members.items() if (section, k) not in self.without}

    def list(self, section: str) -> Iterator[tuple[int, Any]]:
        """Yield the members of a section with their indexes."""
        if (section,) not in self.without:
            for number, member in enumerate(self.data.get(section, ())):
                if (section, number) not in self.without:
                    yield number, member


def parse_head(head: str) -> tuple[str, tuple[str, ...]] | None:
    """Return name and arguments of a definition's head, `name(a, b)`; None if it is not one."""
    match = HEAD.match(head)
    if match is None:
        return None
    arguments = tuple(part.strip() for part in match[2].split(",")) if match[2] else ()
    return (match[1], arguments) if all(map(_NAME.fullmatch, arguments)) else None


def _sources(document: YamlDocument, data: Parts) -> Iterator[Diagnostic]:
    if ("sources",) in data.without:
        return
    # One that is itself refused is known all the same.
    known = {OURS, *data.data.get("sources", {})}
    given: dict[DataPath, Data] = {}
    for name, table in data.mapping("tables").items():
        given["tables", name] = table
    for number, rule in data.list("rules"):
        given["rules", number] = rule
        for name, param in rule.get("params", {}).items():
            given["rules", number, "params", name] = param
    for path, thing in given.items():
        source = thing.get("source", OURS)
        if source not in known:
            hint = suggestion(source, known, "Known here: " + ", ".join(sorted(known)))
            message = f'no source is called "{source}"'
            position = document.locate((*path, "source"))
            yield Diagnostic("unknown-source", message, position, hint=hint)


def check_definitions(document: YamlDocument, data: Parts) -> Iterator[Diagnostic]:
    """Yield what is wrong with definitions that match the schema."""
    seen: dict[str, int] = {}
    for head in data.mapping("definitions"):
        path = ("definitions", head)
        position = document.locate_key(path)
        parsed = parse_head(head)
        if parsed is None:
            message = f'"{head}" is not a definition\'s head; write name(argument, argument)'
            yield Diagnostic("bad-definition", message, position, hint=_head_hint(head))
            continue
        name, arguments = parsed
        if name in seen:
            message = f'the definition "{name}" is given twice; the first is on line {seen[name]}'
            yield Diagnostic("definition-twice", message, position)
        seen.setdefault(name, position.line)
        yield from _taken(document, path, "definition", name)
        for number, argument in enumerate(arguments):
            if argument in arguments[:number]:
                message = f'the argument "{argument}" of "{name}" is given twice'
                yield Diagnostic("argument-twice", message, position)
            yield from _taken(document, path, "argument", argument)


def _head_hint(head: str) -> str:
    head = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", head)
    name = re.sub(r"[^a-z0-9]+", "_", head.partition("(")[0].strip().casefold()).strip("_")
    inner = [part.strip() for part in head.partition("(")[2].rstrip(") ").split(",")]
    parts = [re.sub(r"[^a-z0-9]+", "_", part.casefold()).strip("_") for part in inner]
    return f"Write {name}({', '.join(filter(None, parts))})." if name[:1].isalpha() else ""


def _taken(
    document: YamlDocument, path: DataPath, what: str, name: str, *, called: bool = True
) -> Iterator[Diagnostic]:
    """Yield a diagnostic where a name means something already; `called`, also a function."""
    if name in ROOTS:
        meaning = "hides what rules read by that name"
    elif called and name in FUNCTIONS:
        meaning = "has the name of a function"
    elif iskeyword(name) or name in _CONSTANTS:
        meaning = "is a word of the condition language"
    else:
        return
    message = f'the {what} "{name}" {meaning}; choose another'
    yield Diagnostic("name-taken", message, document.locate_key(path), hint=f"Such as my_{name}.")


def check_tables(
    document: YamlDocument, data: Parts, *, words: bool = True
) -> Iterator[Diagnostic]:
    """Yield what is wrong with tables that match the schema."""
    for name, table in data.mapping("tables").items():
        yield from _taken(document, ("tables", name), "table", name)
        if words or table["kind"] != "vocabulary":
            yield from table_diagnostics(document, name, table)
        for number, row in enumerate(table.get("rows", ())):
            for column in row:
                if column == "from" and table["kind"] == "bands":
                    continue
                if not _NAME.fullmatch(column) or iskeyword(column):
                    path = ("tables", name, "rows", number, column)
                    message = f'the column "{column}" cannot be read in a condition'
                    hint = "A column has small letters, digits and underscores."
                    yield Diagnostic("bad-name", message, document.locate_key(path), hint=hint)


def _uses(document: YamlDocument, data: Parts) -> Iterator[Diagnostic]:
    for number, name in data.list("uses"):
        if name == data.data.get("pack"):
            position = document.locate(("uses", number))
            yield Diagnostic("uses-itself", "a pack cannot use itself", position)


def _facts(document: YamlDocument, data: Parts) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for number, fact in data.list("facts"):
        if fact["name"] in seen:
            message = f'the fact "{fact["name"]}" is given twice'
            yield Diagnostic("fact-twice", message, document.locate(("facts", number, "name")))
        seen.add(fact["name"])


def check_rules(document: YamlDocument, data: Parts) -> Iterator[Diagnostic]:
    """Yield what is wrong with rules that match the schema."""
    seen: dict[str, int] = {}
    defined = {parsed[0] for head in data.mapping("definitions") if (parsed := parse_head(head))}
    for number, rule in data.list("rules"):
        path: DataPath = ("rules", number)
        identity = rule["id"]
        first = seen.setdefault(identity, number)
        if first != number:
            line = document.locate(("rules", first, "id")).line
            message = f'the rule "{identity}" is given twice; the first is on line {line}'
            yield Diagnostic("rule-twice", message, document.locate((*path, "id")))
        for index, former in enumerate(rule.get("formerly", ())):
            if any(former == other["id"] for _, other in data.list("rules")):
                message = f'"{former}" is the id of a rule of this pack; it names that one'
                yield Diagnostic("name-taken", message, document.locate((*path, "formerly", index)))
        for name in rule.get("let", {}):
            # A let is never called, so "share" may be one beside the function share(...).
            yield from _taken(document, (*path, "let", name), "let", name, called=False)
            if name in defined:
                yield let_hides_definition(document, (*path, "let", name))
        for name, param in rule.get("params", {}).items():
            yield from _taken(document, (*path, "params", name), "param", name)
            yield from check_param(document, (*path, "params", name, "default"), param["default"])


def let_hides_definition(document: YamlDocument, path: DataPath, pack: str = "") -> Diagnostic:
    """Return the diagnostic of a let that has the name of a definition, here or in `pack`."""
    name = path[-1]
    whose = f' of the pack "{pack}"' if pack else ""
    message = f'the let "{name}" hides the definition "{name}"{whose}; choose another'
    return Diagnostic("name-taken", message, document.locate_key(path), hint=f"Such as my_{name}.")


def check_param(document: YamlDocument, path: DataPath, value: Any) -> Iterator[Diagnostic]:
    """Yield what is wrong with the parts of a param's value, in a pack or a configuration."""
    wrong = ""
    if isinstance(value, list) and not value:
        wrong = "the list is empty"
    elif isinstance(value, list) and len(set(map(kind_of, value))) > 1:
        wrong = "the members of a list are all numbers or all text"
    elif isinstance(value, dict):
        wrong = _parts(value)
    if wrong:
        yield Diagnostic("bad-default", wrong, document.locate(path))


def _parts(value: Data) -> str:
    keys = set(value)
    if keys & {"amount", "currency"}:
        return "" if keys == {"amount", "currency"} else "money is {amount: ..., currency: ...}"
    if not keys:
        return "the default is empty"
    if any(kind_of(part) != "a number" for part in value.values()):
        return "min and max must be numbers"
    return "min is above max" if len(keys) == 2 and value["min"] > value["max"] else ""


def _texts(data: Parts) -> Iterator[DataPath]:
    """Yield the paths of all conditions and texts."""
    for head in data.mapping("definitions"):
        yield ("definitions", head)
    for number, _fact in data.list("facts"):
        yield from (("facts", number, key) for key in ("title", "value"))
    for number, rule in data.list("rules"):
        for key in ("title", "when", "require", "pass", "fail", "fix"):
            if key in rule:
                yield ("rules", number, key)
        for name in rule.get("let", {}):
            yield ("rules", number, "let", name)
