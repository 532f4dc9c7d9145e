"""Fields of one's own, which a configuration and packs declare under `extra`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from checker.language.suggest import nearest, suggestion
from checker.loading.schemas import Extra, record_types
from checker.model.diagnostics import Diagnostic, Position
from checker.model.rules import Pack
from checker.model.types import RecordType, TextType, Type

# What of a declaration decides what a value may be and means; the rest is words.
_DECIDES = ("type", "list", "values", "currency")
_Locate = Callable[[tuple[str | int, ...]], Position]


def united(own: Extra, packs: Iterable[Pack]) -> Extra:
    """Return the fields of a configuration and of packs; the first words of each field count."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {k: dict(v) for k, v in own.items()}
    for pack in packs:
        for kind, fields in pack.extra.items():
            mine = found.setdefault(kind, {})
            mine.update({name: field for name, field in fields.items() if name not in mine})
    return found


def conflicts(own: Extra, packs: Iterable[Pack]) -> Iterator[Diagnostic]:
    """Yield fields that are declared twice and mean two things."""
    first = {
        (kind, n): ("checker.yaml", f) for kind, fields in own.items() for n, f in fields.items()
    }
    for pack in packs:
        for kind, fields in pack.extra.items():
            for name, field in fields.items():
                owner, known = first.setdefault((kind, name), (f"the pack {pack.name}", field))
                if any(known.get(part) != field.get(part) for part in _DECIDES):
                    message = (
                        f"{kind}.extra.{name} is {_shown(field)} here and {_shown(known)} in "
                        f"{owner}; one field has one meaning"
                    )
                    place = pack.places.of_key(("extra", kind, name))
                    yield Diagnostic("field-twice", message, place, hint="Rename one of them.")


def _shown(field: Mapping[str, Any]) -> str:
    """Return what decides of a field: "a list of code (values: gold, silver)"."""
    more = [f"values: {', '.join(field['values'])}"] if "values" in field else []
    more += [f"currency: {field['currency']}"] if "currency" in field else []
    listed = "a list of " if field.get("list") else ""
    return f"{listed}{field['type']}" + (f" ({'; '.join(more)})" if more else "")


def wrong_fields(extra: Extra, locate: _Locate) -> Iterator[Diagnostic]:
    """Yield parts of declarations that do not go together, or name no field."""
    types = record_types(extra) if any(extra.values()) else {}
    for kind, fields in extra.items():
        for name, field in fields.items():
            for part, message, hint in _wrong(field, types[kind]):
                place = locate(
                    ("extra", kind, name, part) if part in field else ("extra", kind, name)
                )
                yield Diagnostic("own-field", f"{name}: {message}", place, hint=hint)


def _wrong(field: Mapping[str, Any], record: RecordType) -> Iterator[tuple[str, str, str]]:
    money = field["type"].removeprefix("ranged_") == "money"
    currency, known = field.get("currency", ""), _currencies(record, ())
    if (field["type"] == "code") != ("values" in field):
        yield "values", 'a code has "values", and nothing else has', "values: [gold, silver]"
    if currency and not money:
        yield "currency", 'only money has a "currency"', ""
    elif money and not currency:
        hint = f"Such as {', '.join(known)}." if known else ""
        yield "currency", 'money says under "currency" which field names it', hint
    elif money and currency not in known:
        hint = suggestion(currency, known, f"One of: {', '.join(known)}")
        yield "currency", f'"{currency}" is no field that names a currency', hint


def _currencies(type_: Type, path: tuple[str, ...]) -> list[str]:
    """Return the paths below a record at which a currency is named, outside of lists."""
    if isinstance(type_, TextType):
        return [".".join(path)] if {"USD", "EUR"} <= set(type_.choices) else []
    if not isinstance(type_, RecordType) or len(path) > 2:
        return []
    fields = {name: field for name, field in type_.fields.items() if name != "influencer"}
    return [
        each for name, field in fields.items() for each in _currencies(field.type, (*path, name))
    ]


def misspelt(names: Iterable[str], declared: Iterable[str]) -> dict[str, str]:
    """Return the names that nobody declared and that are nearly one that is missing, each with it.

    Under `extra` anything may stand; a slip in a field that rules read is no field of its own.
    """
    given = set(names)
    missing = [name for name in declared if name not in given]
    strange = given.difference(declared) if missing else ()
    near = {name: nearest(name, missing) for name in sorted(strange)}
    return {name: found[0] for name, found in near.items() if found}
