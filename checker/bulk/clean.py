"""Which lines of JSON DuckDB may decide: those that it can prove to be valid records.

DuckDB reads JSON leniently: it coerces texts to numbers and true to 1, passes over unknown and
doubled names, takes trailing commas, NaN, and a number where an object should stand. So a line is
read once into the columns of the layout, and then proved from two sides:

- what was read is within the schema's bounds and the rules of meaning;
- there is nothing in the line but what was read: each name and each text that was read has two
  quotes, and the line has exactly so many. An unknown, doubled, null or mistyped member has
  quotes of its own and only adds to them, so nothing makes up for it. What has no quotes
  (numbers, true, false, brackets) could only have been coerced into a text or a number, which
  shows in the value; such a value is looked up in the line itself.

A line that is not proved is not wrong: the evaluator reads it, and its word is final.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checker.bulk.layout import Layout, keys_of
from checker.bulk.proving import (
    NoPlaceError,
    Part,
    check_bounds,
    date_part,
    enum_of,
    flag_part,
    may_be_bare,
    no_code,
    only_words,
    out_of_bounds,
    perhaps_flags,
    plain_start,
    struct_part,
    unusable_text,
)
from checker.bulk.quote import name_of, number_of, text_of
from checker.model.types import (
    DateType,
    DistributionType,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
)

Schema = Mapping[str, Any]

# Words of a schema that ask nothing of a value.
_NOTES = frozenset(
    ("$ref", "title", "description", "examples", "default", "$schema", "$comment", "$defs")
)
# What no count of quotes can reach: in a list, one bad member spoils the sum.
_SPOILT = -1_000_000_000


@dataclass(frozen=True)
class Proof:
    """SQL over a column `line` and its number of `quotes`.

    `forms` are the columns that read the line, by name; `proved` and `row` are over those.
    """

    forms: Mapping[str, str]
    proved: str
    row: str

    def select(self, source: str, *, carry: Iterable[str] = (), column: str = "influencer") -> str:
        """Return a SELECT of `carry`, of `proved` and of the record, void where not proved."""
        kept = "".join(f"{name}, " for name in carry)
        reads = ", ".join(f"{sql} AS {name}" for name, sql in self.forms.items())
        return (
            f"SELECT {kept}{self.proved} AS proved, {self.row} AS {name_of(column)} "
            f"FROM (SELECT {kept}line, quotes, {reads} FROM {source})"
        )


def proof(schema: Schema, layout: Layout, *, keep: Sequence[str] = ()) -> Proof:
    """Return how lines are read into a layout, and proved.

    Args:
        schema: the self-contained JSON Schema of the layout's record.
        layout: with `ranges`, lines may hold ranges.
        keep: members that a line may have beyond the schema.
    """
    part = _Prover(schema.get("$defs", {}), layout).record(schema, layout.record, "a", "b", "$")
    for name in keep:
        if name not in schema["properties"]:
            _kept(part, name)
    forms = {"a": _reading(part.structure)}
    if part.ranges:
        forms["b"] = _reading(part.ranges)
    usable = _none_of([*part.bad, *out_of_bounds(part.numbers), r"contains(line, '\')"])
    letters = f"CASE WHEN strlen(line) = length(line) THEN true ELSE {_none_of(part.letters)} END"
    part.suspect.extend(perhaps_flags(part.numbers))
    flags = " + ".join(part.flags) or "0"
    literals = f"len(regexp_extract_all(line, ':\\s*(?:true|false)')) = {flags}"
    exact = " AND ".join(f"coalesce({each}, false)" for each in [literals, *part.exact])
    coerced = f"CASE WHEN {_any_of(part.suspect)} THEN {exact} ELSE true END"
    counted = f"quotes = {_sum(part.quotes)}"
    proved = f"coalesce(a IS NOT NULL AND {counted}, false) AND {usable} AND {letters}"
    return Proof(forms, f"({proved} AND {coerced})", part.row)


def _reading(structure: Any) -> str:
    # A vector with a broken line would be read anew, line by line: broken ones are taken out.
    line = "CASE WHEN json_valid(line) THEN line END"
    return f"TRY(from_json({line}, {text_of(json.dumps(structure))}))"


def _kept(part: Part, name: str) -> None:
    """Count the quotes of a member that is carried through, whatever it is."""
    value = f"a.{name_of(name)}"
    part.structure[name] = "JSON"
    part.quotes.append(
        f"coalesce(2 + strlen({value}) - strlen(replace({value}::VARCHAR, '\"', '')), 0)"
    )


def _any_of(conditions: list[str]) -> str:
    return f"(({' OR '.join(conditions) or 'false'}) IS TRUE)"


def _none_of(conditions: list[str]) -> str:
    return f"(({' OR '.join(conditions) or 'false'}) IS NOT TRUE)"


def _sum(counts: list[str]) -> str:
    return f"({' + '.join(counts) or '0'})"


class _Prover:
    def __init__(self, definitions: Mapping[str, Schema], layout: Layout) -> None:
        self.definitions = definitions
        self.layout = layout

    def part(self, schema: Schema, type_: Type, a: str, b: str, path: str) -> Part:
        """Return how the value at `a` is proved; `b` is the same place where ranges are read."""
        known = {key: each for key, each in schema.items() if key not in _NOTES}
        known = {key: each for key, each in known.items() if not key.startswith("x-")}
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name:
            inner = self.definitions[name]
            known = {**{k: v for k, v in inner.items() if k not in _NOTES}, **known}
        match type_:
            case RecordType():
                return self.record(schema, type_, a, b, path)
            case ListType():
                return self.list(known, type_, a, b, path)
            case DistributionType():
                return self.distribution(known, type_, a, path)
            case NumberType() | MoneyType():
                return self.number(known, type_, a, b)
            case FlagType():
                return flag_part(a)
            case DateType():
                return date_part(a)
            case TextType():
                return self.text(known, type_, a, path)
        raise NoPlaceError

    def record(self, schema: Schema, type_: RecordType, a: str, b: str, path: str) -> Part:
        made = Part({}, ranges={})
        rows, required = [], set(schema.get("required", ()))
        for name, member in self.layout.members(type_).items():
            own, other = f"{a}.{name_of(name)}", f"{b}.{name_of(name)}"
            inner = self._member(schema["properties"][name], member, own, other, f"{path}.{name}")
            if inner is None:
                rows.append(f"{name_of(name)} := NULL::{self.layout.sql_type(member)}")
                made.bad.extend(["true"] if name in required else [])
                continue
            present = inner.present or f"{own} IS NOT NULL"
            made.structure[name] = inner.structure
            if inner.ranges:
                made.ranges[name] = inner.ranges
            # Not every value has a fixed number of quotes, so the name's are counted apart.
            made.quotes.append(f"2 * ({present})::INTEGER")
            made.take(inner)
            if name in required:
                made.bad.append(f"NOT ({present})")
            rows.append(f"{name_of(name)} := {inner.row}")
        if path != "$":
            # DuckDB reads any number as an object without members.
            empty = " AND ".join(
                f"{a}.{name_of(name)} IS NULL" for name in made.structure if name not in made.ranges
            )
            ranged = " AND ".join(f"{b}.{name_of(name)} IS NULL" for name in made.ranges)
            also = " AND ".join(f"{a}.{name_of(name)} IS NULL" for name in made.ranges)
            nothing = " AND ".join(each for each in (empty, also, ranged) if each)
            made.bad.append(f"({a} IS NOT NULL AND {nothing})")
        if {"from", "until"} <= made.structure.keys():
            made.bad.append(f'{a}."from" > {a}."until"')
        whole = f"struct_pack({', '.join(rows)})"
        made.row = whole if path == "$" else f"CASE WHEN {a} IS NOT NULL THEN {whole} END"
        return made

    def _member(self, schema: Schema, type_: Type, a: str, b: str, path: str) -> Part | None:
        """Return how a member is proved; None where any line that has it goes to the evaluator."""
        try:
            return self.part(schema, type_, a, b, path)
        except NoPlaceError:
            return None

    def number(self, schema: dict[str, Any], type_: NumberType | MoneyType, a: str, b: str) -> Part:
        only_words(
            schema, "type minimum maximum pattern minProperties properties additionalProperties"
        )
        whole = "integer" in schema["type"]
        made = Part("DOUBLE", row=a)
        check_bounds(made, schema, a, whole)
        if not self.layout.is_range(type_):
            return made
        made.ranges = {"min": "DOUBLE", "max": "DOUBLE"}
        low, high = f"{b}.min", f"{b}.max"
        for end in (low, high):
            check_bounds(made, schema, end, whole)
            made.quotes.append(f"2 * ({end} IS NOT NULL)::INTEGER")
        made.bad.append(f"{low} > {high}")
        made.bad.append(f"({a} IS NOT NULL AND ({low} IS NOT NULL OR {high} IS NOT NULL))")
        made.present = f"({a} IS NOT NULL OR {low} IS NOT NULL OR {high} IS NOT NULL)"
        ends = [number_of(end) for end in self._open_ends(type_)]
        made.row = (
            f"CASE WHEN {a} IS NOT NULL THEN {{'low': {a}, 'high': {a}}} "
            f"WHEN {low} IS NOT NULL OR {high} IS NOT NULL "
            f"THEN {{'low': coalesce({low}, {ends[0]}), 'high': coalesce({high}, {ends[1]})}} END"
        )
        return made

    def _open_ends(self, type_: NumberType | MoneyType) -> tuple[float, float]:
        from checker.bulk.layout import open_ends

        return open_ends(type_)

    def text(self, schema: dict[str, Any], type_: TextType, a: str, path: str) -> Part:
        only_words(schema, "type enum maxLength pattern")
        made = Part("VARCHAR", [f"2 * ({a} IS NOT NULL)::INTEGER"], row=a)
        if type_.choices:
            made.bad.append(f"({a} IS NOT NULL AND {no_code(a, type_.choices)})")
            return made
        unusable = " OR ".join(unusable_text(schema, a))
        plain = f"strlen({a}) BETWEEN 9 AND {int(schema['maxLength'])} AND {plain_start(a)}"
        # Most texts are seen to be texts by their first letter.
        made.bad.append(f"CASE WHEN {plain} THEN false ELSE {unusable} END")
        made.suspect.append(f"CASE WHEN {plain} THEN false ELSE {may_be_bare(a)} END")
        where = ".".join(f'"{step}"' for step in path.split(".")[1:])
        made.exact.append(f"({a} IS NULL OR json_type(line, {text_of('$.' + where)}) = 'VARCHAR')")
        if type_.kind == "label":
            made.letters.append(f"strlen({a}) <> length({a})")
        else:
            made.letters.append(f"nfc_normalize({a}) <> {a}")
        return made

    def list(self, schema: dict[str, Any], type_: ListType, a: str, b: str, path: str) -> Part:
        only_words(schema, "type items maxItems uniqueItems")
        made = Part(None)
        depth = path.count("[")
        item, other = f"x{depth}", f"y{depth}"
        inner = self.part(schema["items"], type_.item, item, other, f"{path}[]")
        made.structure = [inner.structure]
        made.present = f"{a} IS NOT NULL"
        each = a
        if inner.ranges:
            # The members of both readings side by side.
            made.ranges = [inner.ranges]
            each = f"list_zip({a}, {b})"
            pair = f"z{depth}"
            inner = self.part(schema["items"], type_.item, f"{pair}[1]", f"{pair}[2]", f"{path}[]")
            item = pair
        member = f"{item}[1]" if made.ranges else item
        spoilt = [f"{member} IS NULL", *inner.bad, *inner.suspect]
        spoilt += [*out_of_bounds(inner.numbers), *perhaps_flags(inner.numbers)]
        if schema.get("uniqueItems"):
            made.bad.append(
                f"CASE WHEN len({a}) < 2 THEN false WHEN len({a}) = 2 THEN {a}[1] = {a}[2] "
                f"ELSE list_unique({a}) <> len({a}) END"
            )
        index = ""
        if path == "$.history":
            index = ", i"
            spoilt.append(f"(i > 1 AND {member}.date <= {a}[i - 1].date)")
        if inner.flags:
            made.flags.append(
                f"coalesce(list_sum(list_transform({each}, lambda {item}: {_sum(inner.flags)})), 0)"
            )
        made.quotes.append(
            f"coalesce(list_sum(list_transform({each}, lambda {item}{index}: "
            f"CASE WHEN {_any_of(spoilt)} THEN {_SPOILT} ELSE {_sum(inner.quotes)} END)), 0)"
        )
        if inner.letters:
            made.letters.append(
                f"len(list_filter({each}, lambda {item}: {_any_of(inner.letters)})) > 0"
            )
        made.bad.append(f"len({a}) > {int(schema['maxItems'])}")
        made.row = a
        if inner.row != item:
            listed = f"list_transform({each}, lambda {item}: {inner.row})"
            # list_zip makes an empty list of two that are missing.
            made.row = f"CASE WHEN {a} IS NOT NULL THEN {listed} END" if made.ranges else listed
        return made

    def distribution(
        self, schema: dict[str, Any], type_: DistributionType, a: str, path: str
    ) -> Part:
        only_words(schema, "type propertyNames additionalProperties minProperties")
        share = self.definitions[schema["additionalProperties"]["$ref"].rpartition("/")[2]]
        if (share["minimum"], share["maximum"]) != (0, 1):
            raise NoPlaceError
        keys = keys_of(type_)
        if keys:
            return struct_part(type_, keys, a)
        made = Part("MAP(VARCHAR, DOUBLE)", row=a)
        values, names = f"map_values({a})", f"map_keys({a})"
        made.quotes.append(f"2 * coalesce(cardinality({a}), 0)::INTEGER")
        made.bad.append(f"cardinality({a}) = 0 OR list_count({values}) <> cardinality({a})")
        made.bad.append(f"list_min({values}) < 0 OR list_sum({values}) > 1.02::DOUBLE")
        made.bad.append(f"list_max({values}) > 1")
        made.suspect.append(f"list_min({values}) = 0 OR list_max({values}) = 1")
        if type_.keys.choices:
            found = f"TRY_CAST({names} AS {enum_of(type_.keys.choices)}[])"
            made.bad.append(f"list_count({found}) <> cardinality({a})")
        elif type_.keys.kind == "label":
            name = schema["propertyNames"]["$ref"].rpartition("/")[2]
            unusable = _any_of(unusable_text(dict(self.definitions[name]), "k"))
            made.bad.append(f"len(list_filter({names}, lambda k: {unusable})) > 0")
            letters = "strlen(k) <> length(k)"
            made.letters.append(f"len(list_filter({names}, lambda k: {letters})) > 0")
        else:
            raise NoPlaceError
        return made
