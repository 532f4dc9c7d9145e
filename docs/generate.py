"""Writes what the docs have from the program's own data, or checks it: --check.

The tables of fields come from the schemas, the functions of the language and the diagnostics of
lint from their tables.

A table stands between `<!-- fields: SCHEMA -->` and `<!-- end of fields -->`. SCHEMA is the name
of a schema ("brief", "config"), or of one of its `$defs` ("rules#rule"); "types" lists the types.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
CATALOGUE = DOCS / "catalogue"
_TABLE = re.compile(
    r"(?P<start><!-- fields: (?P<name>[a-z#_]+) -->\n).*?(?P<end><!-- end of fields -->\n)",
    re.DOTALL,
)
_DIAGNOSTICS = re.compile(
    r"(?P<start><!-- diagnostics of lint -->\n).*?(?P<end><!-- end of diagnostics -->\n)",
    re.DOTALL,
)
_FUNCTIONS = re.compile(
    r"(?P<start><!-- functions -->\n).*?(?P<end><!-- end of functions -->\n)", re.DOTALL
)
_LONGEST_CHOICES = 6
# The pages on packs and on the configuration have whole examples of their own.
_RECORDS = ("brand", "brief", "influencer", "deal", "post")

Schema = dict[str, Any]


@cache
def read(name: str) -> Schema:
    """Return a schema by its name."""
    text = (ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    schema: Schema = json.loads(text)
    return schema


def table(name: str) -> str:
    """Return the Markdown table of what a marker names."""
    if name == "types":
        return "\n".join(_types()) + "\n"
    file, _, part = name.partition("#")
    schema = read(file)["$defs"][part] if part else read(file)
    head = ["| field | type | what it says |", "|---|---|---|"]
    return "\n".join([*head, *_rows(schema, "", file)]) + "\n"


def _types() -> Iterator[str]:
    yield "| type | what it is | examples |"
    yield "|---|---|---|"
    for name, schema in read("types")["$defs"].items():
        written = "<br>".join(map(_code, schema.get("examples", ())))
        if not written:
            choices = [_code(choice) for choice in schema["enum"]]
            written = ", ".join(choices) if len(choices) < 20 else f"{choices[0]}, {choices[1]}, …"
        yield f"| `{name}` | {_cell(schema['description'])} | {written} |"


def _rows(schema: Schema, prefix: str, file: str) -> Iterator[str]:
    """Yield a row for each field, and for each field of a part below it."""
    for name, member in schema.get("properties", {}).items():
        if name == "$schema":
            continue
        path = f"{prefix}{name}"
        member = _resolved(member, file)
        needed = ", **required**" if name in schema.get("required", ()) else ""
        example = "".join(f" Such as {_code(each)}." for each in member.get("examples", ())[:1])
        plain = member.get("reference") in ("flag", "count") or "properties" in member
        if plain or file not in _RECORDS:
            example = ""
        text = f"{_cell(member.get('description', ''))}{_cell(example)}"
        yield f"| `{path}` | {_type(member, file)}{needed} | {text} |"
        yield from _below(path, member, file)


def _below(path: str, member: Schema, file: str) -> Iterator[str]:
    """Yield the rows of the parts of a field, unless its type is described elsewhere."""
    if "x-part" in member or member.get("named"):
        return
    items = _resolved(member.get("items", {}), file)
    others = member.get("additionalProperties", {})
    if "properties" in member:
        yield from _one_for_all(path, member) or _rows(member, f"{path}.", file)
    elif "properties" in items and not items.get("named"):
        yield from _rows(items, f"{path}[].", file)
    elif isinstance(others, dict) and others and "enum" not in others:
        other = _resolved(others, file)
        if "properties" in other and not other.get("named"):
            yield from _rows(other, f"{path}.NAME.", file)


def _one_for_all(path: str, member: Schema) -> list[str]:
    """Return one row for many fields of one type, such as the fees of twelve formats."""
    members = list(member["properties"].values())
    types = {each.get("$ref") for each in members}
    if len(members) < 8 or len(types) > 1 or None in types:
        return []
    names = ", ".join(f"`{name}`" for name in member["properties"])
    return [f"| `{path}.NAME` | {_name(types.pop())} | One of {names}. |"]


def _resolved(schema: Schema, file: str) -> Schema:
    """Follow a reference; what stands beside it wins. `named` says that it is a shared type."""
    reference = schema.get("$ref", "")
    if not reference:
        return schema
    place, _, name = reference.rpartition("#/$defs/")
    target = read("types" if place else file)["$defs"][name]
    own = {key: value for key, value in schema.items() if key != "$ref"}
    return {**target, **own, "named": True, "reference": name}


def _name(reference: str) -> str:
    return reference.rpartition("/")[2].replace("_", " ").replace("ranged ", "") + (
        " or range" if "/ranged_" in reference else ""
    )


def _type(member: Schema, file: str) -> str:
    if "reference" in member:
        return _name("/" + member["reference"])
    if "enum" in member:
        choices = member["enum"]
        shown = ", ".join(_code(choice) for choice in choices[:_LONGEST_CHOICES])
        return f"one of {shown}" + (", …" if len(choices) > _LONGEST_CHOICES else "")
    kind = member.get("type", "")
    if kind == "array":
        item = _resolved(member["items"], file)
        return "list" if item.get("type") == "object" else f"list of {_type(item, file)}"
    words = {"object": "record", "boolean": "flag", "string": "text", "integer": "count"}
    kinds = kind if isinstance(kind, list) else [kind]
    return " or ".join(words.get(each, "list" if each == "array" else each) for each in kinds)


def _code(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{text}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def diagnostics() -> str:
    """Return the explanations of what lint reports: a table, and a section for each."""
    sys.path.insert(0, str(ROOT))
    from checker.engine.lint_codes import CODES

    lines = ["| code | severity | what it is |", "|---|---|---|"]
    for code in CODES.values():
        lines.append(f"| [`{code.code}`](#{code.code}) | {code.severity} | {_cell(code.title)} |")
    for code in CODES.values():
        lines += ["", f"### {code.code}", "", f"{code.title} ({code.severity}). {code.why}"]
        for lead, example in (("Wrong:", code.wrong), ("Right:", code.right)):
            lines += ["", lead, "", "```yaml", example, "```"]
    return "\n".join(lines) + "\n"


def functions() -> str:
    """Return the table of the language's functions, by their declarations."""
    sys.path.insert(0, str(ROOT))
    from checker.language.functions import FUNCTIONS

    lines = ["| function | what it gives | example |", "|---|---|---|"]
    for function in FUNCTIONS.values():
        usage = ", ".join(map(_code, function.usage))
        expression, result = function.example
        lines.append(f"| {usage} | {function.documentation} | {_code(expression)} → {result} |")
    return "\n".join(lines) + "\n"


def renewed(text: str) -> str:
    """Return a document with its tables as the schemas and the program have them."""
    text = _TABLE.sub(lambda found: found["start"] + table(found["name"]) + found["end"], text)
    text = _FUNCTIONS.sub(lambda found: found["start"] + functions() + found["end"], text)
    return _DIAGNOSTICS.sub(lambda found: found["start"] + diagnostics() + found["end"], text)


def catalogue() -> dict[Path, str]:
    """Return the pages of the rule catalogue: one for each shipped pack, and the list of them."""
    sys.path.insert(0, str(ROOT))
    from checker import api_rules
    from checker.reporting.catalogue_markdown import index_page, pack_page

    packs = api_rules.catalogue()
    pages = {CATALOGUE / f"{pack.name}.md": pack_page(pack, rules) for pack, rules in packs}
    pages[CATALOGUE / "README.md"] = index_page(packs)
    return pages


def pages() -> dict[Path, tuple[str, str]]:
    """Return each page that is not what it should be: as it is, and as it should be."""
    found = {}
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        found[path] = (text, renewed(text))
    made = catalogue()
    for path in {*made, *CATALOGUE.glob("*.md")}:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        found[path] = (text, made.get(path, ""))
    return {path: (old, new) for path, (old, new) in sorted(found.items()) if old != new}


def main(args: list[str]) -> int:
    """Write the pages; with --check only compare them, and return 1 where one is not true."""
    drifted = 0
    for path, (text, new) in pages().items():
        drifted += 1
        name = path.relative_to(ROOT).as_posix()
        if "--check" in args:
            lines = difflib.unified_diff(text.splitlines(), new.splitlines(), name, name, n=0)
            print("\n".join(lines))
        elif new:
            path.parent.mkdir(exist_ok=True)
            path.write_text(new, encoding="utf-8", newline="\n")
            print(f"wrote {name}")
        else:
            path.unlink()  # A page of a pack that is no more.
            print(f"removed {name}")
    if drifted and "--check" in args:
        print(f"{drifted} not true any more; write them anew: python docs/generate.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
