"""What a schema refuses, said to people who have never seen a schema.

Loaded only when something was refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from checker.language.suggest import suggestion
from checker.loading.meaning import Finding
from checker.loading.schemas import definitions
from checker.loading.spelling import code_hint, flag_value, number_hint, share_hint, two_readings
from checker.model.records import DataPath
from checker.model.types import RecordType

if TYPE_CHECKING:
    from checker.loading.validation import RecordSchemas

# What is wrong beyond so many errors of a schema is not looked for.
MOST_ERRORS = 1000
# A record with more characters than this is large.
_LARGE = 20_000
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
# What a record is never to hold, by words in the names of fields that people try.
_PRIVATE = re.compile(
    r"e?mail|phone|mobile|whatsapp|address|postcode|birth|dob|ethnic|race$|religio|politic|"
    r"orientation|sexual|health|disab|pregnan|income|marital"
)
_JSON_TYPES = {
    "array": "a list",
    "object": "a record with named fields",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
}


def _unless_too_long(keyword: str) -> Callable[..., Iterator[ValidationError]]:
    """Return the check of a keyword for lists that `maxItems` allows: of others, that is enough."""
    check = Draft202012Validator.VALIDATORS[keyword]

    def errors(
        validator: Any, limit: Any, data: Any, schema: Mapping[str, Any]
    ) -> Iterator[ValidationError]:
        if not isinstance(data, list) or len(data) <= schema.get("maxItems", inf):
            yield from check(validator, limit, data, schema) or ()

    return errors


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {keyword: _unless_too_long(keyword) for keyword in ("items", "uniqueItems")},
)


def schema_findings(
    kind: str, data: Any, schemas: RecordSchemas, *, partial: bool
) -> Iterator[Finding]:
    """Yield everything that the schema of `kind` refuses in `data`; at least one finding."""
    schema = _narrowed(kind, data, schemas, partial=partial)
    validator = _Validator(schema, format_checker=FormatChecker(formats=("date",)))
    fields = schemas.types.get(kind)
    seen: set[tuple[str, DataPath, str]] = set()
    for error in islice(validator.iter_errors(data), MOST_ERRORS):
        for finding in _Wording(kind, error, fields).findings():
            same = (finding.code, finding.path, finding.message)
            if same not in seen:
                seen.add(same)
                yield finding
    if not seen:
        yield Finding("no-match", (), f"{record_noun(kind)} does not match its schema")


def _narrowed(kind: str, data: Any, schemas: RecordSchemas, *, partial: bool) -> Mapping[str, Any]:
    """Return a schema that asks nothing of the members in which nothing is wrong.

    `jsonschema` is slow, and most records that are refused are wrong in one place. The gate gives
    a copy of the record with each error, so it is not asked for those of a large one.
    """
    schema = schemas.schema(kind, partial=partial)
    if len(str(data)) > _LARGE:
        return schema
    try:
        errors = schemas.gate(kind, partial=partial).iter_errors(data)
        wrong = {error.instance_path[0] for error in errors if error.instance_path}
    except (ValueError, TypeError, OverflowError, RecursionError):
        return schema  # What cannot be JSON at all.
    members = {
        name: each if name in wrong else {"description": each.get("description", "")}
        for name, each in schema.get("properties", {}).items()
    }
    return {**schema, "properties": members}


def unclear_number(path: DataPath, written: str, *, whole: bool) -> Finding:
    """Say that 1.500 may be 1500 as well as 1.5."""
    thousands, decimals = two_readings(written) or (written, written)
    number = f"{float(written):g}"
    message = f"{path_text(path)} is {written}: is it {thousands} or {number}?"
    hint = f"Write {thousands} or {number if whole else decimals}."
    if whole and "." in number:
        hint = f"Write {thousands}; a count has no decimals."
    return Finding("two-readings", path, message, hint)


def path_text(path: DataPath) -> str:
    """Spell a path for people: `audience.age "18-24"`, `history entry 2: date`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f" entry {step + 1}: "
        elif not _NAME.fullmatch(step):
            text += f' "{step}"'
        else:
            text += step if not text or text.endswith(": ") else f".{step}"
    return text.removesuffix(": ").strip()


def record_noun(kind: str) -> str:
    """Return what a record as a whole is called in a sentence."""
    return "the configuration" if kind == "config" else f"the {kind}"


def shown(value: Any) -> str:
    """Spell a value as its file would, cut short."""
    if isinstance(value, dict):
        return "a record" if value else "an empty record"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + '..."'


def type_name(schema: Mapping[str, Any]) -> str:
    """Return the name of the shared definition that a field's schema is, or refers to."""
    name: str = schema.get("x-type") or schema.get("$ref", "").rpartition("/")[2]
    return name


class _Wording:
    """Words one error of `jsonschema`."""

    def __init__(self, kind: str, error: ValidationError, fields: RecordType | None) -> None:
        self.kind = kind
        self.error = error
        self.fields = fields
        self.value: Any = error.instance
        schema = error.schema
        self.schema: Mapping[str, Any] = schema if isinstance(schema, Mapping) else {}
        self.limit: Any = error.validator_value
        self.path: DataPath = tuple(error.absolute_path)
        self.type = type_name(self.schema)
        self.plain_type = self.type.removeprefix("ranged_")
        self.ranged = self.plain_type != self.type

        self.name = path_text(self.path) or record_noun(kind)

    def findings(self) -> Iterator[Finding]:
        if "propertyNames" in self.error.absolute_schema_path:
            yield self.bad_key()
            return
        match self.error.validator:
            case "additionalProperties":
                yield from self.unknown_fields()
            case "required":
                yield from self.missing()
            case "uniqueItems":
                yield from self.repeated()
            case _:
                yield self.finding()

    def finding(self) -> Finding:
        match self.error.validator:
            case "type":
                return self.wrong_type()
            case "minimum" | "exclusiveMinimum" | "maximum":
                return self.bad_share() if self.plain_type == "share" else self.beyond()
            case "pattern":
                return self.no_match()
            case "format":
                # What does not look like a date at all is refused by its pattern as well.
                return self.bad_date()
            case "enum":
                return self.not_a_code()
            case "minLength" | "minItems" | "minProperties":
                return self.empty()
            case "maxLength" | "maxItems":
                return self.too_long()
        title = self.schema.get("title") or self.name
        message = f"{self.name} is {shown(self.value)}; it is not a right {title}"
        return self.at("no-match", message)

    def at(self, code: str, message: str, hint: str | Callable[[], str] = "") -> Finding:
        if self.value == "~":
            hint = "~ is text here. Nothing is written as null, or left out."
        return Finding(code, self.path, message, hint)

    def expected(self) -> str:
        expected: str | None = definitions().get(self.plain_type, {}).get("x-expected")
        if expected:
            return expected
        wanted = self.limit
        kinds = [wanted] if isinstance(wanted, str) else list(wanted)
        names = _JSON_TYPES
        if "string" in kinds and len(kinds) == 2:  # A part of a record, or where it is.
            names = {**names, "string": "a path"}
        return " or ".join(names.get(each, each) for each in kinds)

    def wrong_type(self) -> Finding:
        if self.value is None:
            return self.at("no-value", f"{self.name} has no value", "Give it one, or leave it out.")
        message = f"{self.name} is {shown(self.value)}; it must be {self.expected()}"
        return self.at("wrong-type", message, self.type_hint())

    def type_hint(self) -> str:
        value = self.value
        wanted = self.limit
        if isinstance(value, str):
            if self.plain_type in ("count", "number", "money", "age"):
                whole = self.plain_type in ("count", "age")
                return number_hint(value, whole=whole, ranged=self.ranged)
            if wanted == "boolean":
                flag = flag_value(value)
                return f"Write {str(flag).lower()}, without quotes." if flag is not None else ""
            if wanted == "array":
                return f"Write a list: [{json.dumps(value, ensure_ascii=False)}]"
        elif wanted == "string" and isinstance(value, (int, float)):
            return f'Put it in quotes: "{json.dumps(value)}"'
        elif wanted == "string" and isinstance(value, list) and len(value) == 1:
            return f"Write one value, not a list: {shown(value[0])}"
        return ""

    def beyond(self) -> Finding:
        code, edge = "too-small", "cannot be less than"
        if self.error.validator == "exclusiveMinimum":
            edge = "must be more than"
        elif self.error.validator == "maximum":
            code, edge = "too-large", "cannot be more than"
        message = f"{self.name} is {_digits(self.value)}; it {edge} {_digits(self.limit)}"
        return self.at(code, message)

    def bad_share(self) -> Finding:
        message = f"{self.name} is {shown(self.value)}; shares run 0 to 1"
        return self.at("bad-share", message, share_hint(self.value))

    def no_match(self) -> Finding:
        if self.plain_type == "share":
            return self.bad_share()
        if self.plain_type == "date" or self.schema.get("format") == "date":
            return self.bad_date()
        if not self.value.strip():
            return self.empty()
        message = f"{self.name} is {shown(self.value)}; there is no word in it"
        return self.at("empty-value", message)

    def bad_date(self) -> Finding:
        if re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", self.value):
            return self.at("bad-date", f"{self.name} is {self.value}; there is no such day")
        message = f"{self.name} is {shown(self.value)}; it must be a date"
        return self.at("bad-date", message, "Write year, month and day: 2026-03-02.")

    def not_a_code(self) -> Finding:
        title = self.type.replace("_", " ") or self.schema.get("title", "choice")
        message = f"{self.name} is {shown(self.value)}, which is no {title}"
        written = self.value if isinstance(self.value, str) else json.dumps(self.value)
        near = partial(code_hint, written, self.limit, self.type)
        return self.at("not-a-code", message, near)

    def bad_key(self) -> Finding:
        key = str(self.error.instance)
        if self.error.validator == "enum":
            title = self.type.replace("_", " ")
            message = f'{self.name} has "{key}", no {title}'
            near = partial(code_hint, key, self.limit, self.type)
            return Finding("bad-key", self.path, message, near, key)
        if "age" in self.path[-1:]:
            message = f'{self.name} has "{key}", which is no age band'
            return Finding("bad-key", self.path, message, band_hint(key), key)
        hint = "Names are small letters, digits and underscores." if self.kind == "config" else ""
        return Finding(
            "bad-key", self.path, f'{self.name} has "{key}", which is no name', hint, key
        )

    def unknown_fields(self) -> Iterator[Finding]:
        known = [name for name in self.schema.get("properties", {}) if name != "$schema"]
        for key in self.value:
            if key not in known and key != "$schema":
                message = f'{self.name} has the unknown field "{key}"'
                near = partial(self.field_hint, key, known)
                yield Finding("unknown-field", self.path, message, near, key)

    def field_hint(self, key: str, known: list[str]) -> str:
        if self.ranged:
            return 'A range is {"min": 400, "max": 600}; either may be left out.'
        if near := suggestion(key, known):
            return near
        elsewhere = _paths_ending_in(key, self.fields) if self.fields else []
        if elsewhere:
            return f'Did you mean "{elsewhere[0]}"?'
        if _PRIVATE.search(key.casefold()):
            return "Records hold no contact details and nothing private. Take it out."
        more = ' Fields of your own go under "extra".' if "extra" in known else ""
        return "Known: " + ", ".join(known) + "." + more

    def missing(self) -> Iterator[Finding]:
        for name in self.limit:
            if name not in self.value:
                said = self.schema.get("properties", {}).get(name, {}).get("description", "")
                yield self.at("missing-field", f'{self.name} has no "{name}"', said)

    def empty(self) -> Finding:
        message, hint = f"{self.name} is empty", ""
        if self.error.validator == "minItems":
            # An empty list would still take the place of what the brand has.
            message += "; leave it out, or name at least one"
        elif self.kind == "config" and self.path[:1] == ("rules",) and len(self.path) == 2:
            message = f"{self.name} changes nothing"
            hint = 'Give it "params", "severity" or "enabled".'
        return self.at("empty-value", message, hint)

    def too_long(self) -> Finding:
        unit = "characters" if self.error.validator == "maxLength" else "entries"
        count, most = f"{len(self.value):,} {unit}", f"{self.limit:,}"
        return self.at("too-long", f"{self.name} has {count}; at most {most} are accepted")

    def repeated(self) -> Iterator[Finding]:
        seen: set[str] = set()
        for index, value in enumerate(self.value):
            written = json.dumps(value, sort_keys=True)
            if written in seen:
                place = (*self.path, index)
                yield Finding("repeated-value", place, f"{self.name} has {shown(value)} twice")
            seen.add(written)


def band_hint(key: str) -> str:
    """Say how to write an age band that somebody else writes another way."""
    ages = re.findall(r"[0-9]+", key)
    if len(ages) == 2:
        return f'Write "{ages[0]}-{ages[1]}".'
    if len(ages) == 1:
        return f'Write "{ages[0]}+" for {ages[0]} and over.'
    return 'Bands are written "18-24" and "65+".'


def _paths_ending_in(name: str, record: RecordType, prefix: str = "") -> list[str]:
    found = []
    for key, field in record.fields.items():
        if prefix and key == name:
            found.append(f"{prefix}.{key}")
        if isinstance(field.type, RecordType):
            inner = f"{prefix}.{key}" if prefix else key
            found.extend(_paths_ending_in(name, field.type, inner))
    return found


def _digits(number: Any) -> str:
    if isinstance(number, float) and not number.is_integer():
        return f"{number:,}"
    return f"{int(number):,}" if abs(number) <= 10**15 else f"{float(number):g}"
