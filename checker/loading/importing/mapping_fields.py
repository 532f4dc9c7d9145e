"""The fields of a mapping: what each is made from, and whether that suits the field's type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from checker.language.suggest import nearest
from checker.loading.importing.paths import PathError, column_path, names_of, record_path
from checker.loading.importing.private_names import private_kind
from checker.loading.importing.targets import (
    TargetError,
    codes_of,
    entry_type,
    noun,
    target,
)
from checker.model.mappings import Entries, MappedField, MappedUnit, OneValue, Parts, SourcePath
from checker.model.records import DataPath
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

_ONE = ("from", "min", "max", "rounded_down", "unless", "split")
_ENDS = ("from", "min", "max", "unless")
_PARTS = ("key", "value", "of", "of_known")
_WORDS = ("codes", "unknown", "case")
_WHY_PRIVATE = {
    "contact": "contact details have no place in a record",
    "private": "that has no place in a record: it is nobody's business",
}


class Refuse(Protocol):
    """Notes that something at a path of the mapping is wrong."""

    def __call__(self, path: DataPath, code: str, message: str, hint: str = "") -> None:
        """Note it; `hint` is the mend."""


class FieldBuilder:
    """Builds fields; what is wrong goes to `refuse`, and the field is left out."""

    def __init__(self, input_kind: str, refuse: Refuse) -> None:
        self.table = input_kind == "csv"
        self.refuse = refuse

    def build(
        self, place: DataPath, name: str, spec: dict[str, Any], record: RecordType
    ) -> MappedField | None:
        """Return one field of a record; None where something is wrong with it."""
        try:
            steps, kind, keyed = target(name, record)
        except TargetError as error:
            if not self._private(place, name, name):
                self.refuse(place, "unknown-field", error.message, error.hint)
            return None
        if steps[0] == "extra" and self._private(place, name, steps[-1]):
            return None
        # Topics of content are not facts about a person.
        free = steps[0] in ("observed", "topics")
        source: OneValue | Parts | Entries | None
        if (entry := entry_type(kind)) is not None:
            source = self._entries(place, spec, entry)
        elif isinstance(kind, DistributionType):
            source = self._parts(place, spec, kind, free)
        else:
            source = self._value(place, spec, kind, free)
        return MappedField(steps, kind, source, keyed) if source is not None else None

    def path(self, place: DataPath, text: str, *, free: bool = False) -> SourcePath | None:
        """Return a path; None, and a refusal, where it is none or names what is private."""
        try:
            path = column_path(text) if self.table else record_path(text)
        except PathError as error:
            self.refuse(place, "bad-path", str(error), "Paths are names, [0], [], [?a=='b'], ||.")
            return None
        for name in () if free else names_of(path):
            if self._private(place, name, name):
                return None
        return path

    def _private(self, place: DataPath, name: str, words: str) -> bool:
        """Refuse what its words say to be private; tell whether they do."""
        kind = private_kind(words)
        if kind is not None:
            message = f'"{name}": {_WHY_PRIVATE[kind]}'
            self.refuse(place, "private-field", message, "Take it out of the mapping.")
        return kind is not None

    def _optional(
        self, place: DataPath, spec: dict[str, Any], key: str, free: bool = False
    ) -> SourcePath | None:
        return self.path((*place, key), spec[key], free=free) if key in spec else None

    def _entries(self, place: DataPath, spec: dict[str, Any], entry: RecordType) -> Entries | None:
        if self.table or not self._only(place, spec, ("rows", "fields"), "a list of entries"):
            if self.table:
                self.refuse(place, "bad-field", "a list of entries does not fit into a table")
            return None
        rows = self._optional(place, spec, "rows")
        fields = [
            self.build((*place, "fields", name), name, inner, entry)
            for name, inner in spec["fields"].items()
        ]
        needed = [name for name, field in entry.fields.items() if field.required]
        for name in needed:
            if name not in spec["fields"]:
                self.refuse(place, "missing-field", f'{noun(entry)} needs "{name}"')
        if rows is None or None in fields:
            return None
        return Entries(rows, tuple(field for field in fields if field is not None))

    def _parts(
        self, place: DataPath, spec: dict[str, Any], kind: DistributionType, free: bool
    ) -> Parts | None:
        allowed = ("rows", "unit", *_PARTS, *_WORDS)
        if not self._only(place, spec, allowed, "a distribution", ("rows", "key", "value")):
            return None
        unit = self._unit(place, spec, ("share", "percent", "count"))
        of = self._optional(place, spec, "of")
        known = spec.get("of_known", False)
        if unit is not None and (unit == "count") != (known or "of" in spec):
            message = "counts need to know what they are a share of"
            hint = 'Say "of", the place of the whole, or "of_known: true".'
            if unit != "count":
                message, hint = f'"of" is for counts; these are written as {unit}', ""
            self.refuse(place, "bad-unit", message, hint)
            return None
        self._check_codes(place, spec, kind)
        rows, key, value = (
            self._optional(place, spec, name, free) for name in ("rows", "key", "value")
        )
        if unit is None or rows is None or key is None or value is None:
            return None
        case = spec.get("case", "")
        return Parts(rows, key, value, unit, _codes(spec), case, of, known)

    def _value(
        self, place: DataPath, spec: dict[str, Any], kind: Type, free: bool
    ) -> OneValue | None:
        if not self._only(place, spec, (*_ONE, "unit", *_WORDS), "one value"):
            return None
        ends = "min" in spec or "max" in spec
        if ends == ("from" in spec):
            self.refuse(
                place, "bad-field", 'a value comes "from" one place, or has "min" and "max"'
            )
            return None
        ranged = isinstance(kind, (NumberType, MoneyType)) and kind.ranged
        if (ends or "rounded_down" in spec) and not ranged:
            self.refuse(place, "bad-field", "this field takes one value, not a range")
            return None
        unit = self._unit(place, spec, _units(kind))
        if "rounded_down" in spec and unit != "count":
            self.refuse((*place, "rounded_down"), "bad-unit", '"rounded_down" is for counts')
            return None
        if "split" in spec and not isinstance(kind, ListType):
            self.refuse((*place, "split"), "bad-field", '"split" is for lists')
            return None
        self._check_codes(place, spec, kind)
        path, low, high, unless = (self._optional(place, spec, key, free) for key in _ENDS)
        found = (path, low, high, unless)
        lost = any(each is None and key in spec for each, key in zip(found, _ENDS, strict=True))
        if unit is None or lost:
            return None
        return OneValue(
            unit,
            path=path,
            low=low,
            high=high,
            codes=_codes(spec),
            case=spec.get("case", ""),
            rounded_down=spec.get("rounded_down", 0),
            unless=unless,
            split=spec.get("split", ""),
        )

    def _only(
        self,
        place: DataPath,
        spec: dict[str, Any],
        allowed: Iterable[str],
        what: str,
        needed: Iterable[str] = (),
    ) -> bool:
        known = tuple(allowed)
        for key in spec:
            if key not in known:
                message = f'"{key}" is not for {what}'
                self.refuse((*place, key), "bad-field", message, f"It has {', '.join(known)}.")
                return False
        missing = [key for key in (*needed, *(known if len(known) == 2 else ())) if key not in spec]
        if missing:
            words = " and ".join(f'"{key}"' for key in missing)
            self.refuse(place, "missing-field", f"{what} needs {words}")
        return not missing

    def _unit(
        self, place: DataPath, spec: dict[str, Any], allowed: tuple[MappedUnit, ...]
    ) -> MappedUnit | None:
        written: MappedUnit | None = spec.get("unit")
        if written in allowed:
            return written
        words = " or ".join(allowed)
        if written is not None:
            message = f'"{written}" is no unit of this field'
            self.refuse((*place, "unit"), "bad-unit", message, f"Write {words}.")
        elif allowed[0] in ("text", "flag"):
            return allowed[0]
        else:
            message = "the unit is missing; it is never guessed"
            self.refuse(place, "bad-unit", message, f"Write unit: {words}.")
        return None

    def _check_codes(self, place: DataPath, spec: dict[str, Any], kind: Type) -> None:
        choices = codes_of(kind)
        for word, code in spec.get("codes", {}).items():
            if choices and code not in choices:
                near = nearest(code, choices)
                hint = f'Did you mean "{near[0]}"?' if near else ""
                message = f'"{code}" is none of the field\'s words'
                self.refuse((*place, "codes", word), "not-a-code", message, hint)


def _codes(spec: dict[str, Any]) -> dict[str, str | None]:
    return {**spec.get("codes", {}), **dict.fromkeys(spec.get("unknown", ()))}


def _units(kind: Type) -> tuple[MappedUnit, ...]:
    """Return the units that a value of a type may be written in; the first is the plainest."""
    match kind:
        case ListType(item=item):
            return _units(item)
        case MoneyType():
            return ("money",)
        case FlagType():
            return ("flag",)
        case DateType():
            return ("date", "datetime", "month", "unix-seconds")
        case NumberType(unit="share"):
            return ("share", "percent")
        case NumberType(unit="count"):
            return ("count",)
        case NumberType():
            return ("number",)
        case TextType():
            return ("text", "web-host")
    raise AssertionError(kind)
