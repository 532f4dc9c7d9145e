"""A mapping applied to one record: the influencer record, and everything worth saying of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeGuard

from checker.language.accounts import account_key
from checker.language.labels import says_nothing
from checker.loading.importing import convert
from checker.loading.importing.doubled import doubled
from checker.loading.importing.mapping_file import put
from checker.loading.importing.paths import find
from checker.loading.importing.private_names import holds_contact
from checker.loading.importing.targets import codes_of
from checker.loading.meaning import BAND
from checker.loading.validation import RecordSchemas
from checker.model.imports import LeftKind
from checker.model.mappings import (
    Entries,
    ImportMapping,
    MappedField,
    MappedUnit,
    OneValue,
    Parts,
    SourcePath,
)
from checker.model.types import DistributionType, ListType, NumberType, RecordType, TextType, Type

_WHOLE = (Decimal("0.98"), Decimal("1.02"))
# Shares may add up to a little more than 1, where a person counts for two languages; such a
# record is wrong for itself. No shares add up to this: they are percents.
_NO_SHARES = Decimal(2)
_SHARES: tuple[MappedUnit, ...] = ("share", "percent")


class Wrong:
    """A value that cannot be used: the field, where it came from, and why."""

    __slots__ = ("field", "hint", "message", "other_unit", "path", "scalar")

    def __init__(
        self,
        field: str,
        path: SourcePath | None,
        message: str,
        hint: str = "",
        other_unit: MappedUnit | None = None,
        scalar: bool = False,
    ) -> None:
        self.field = field
        self.path = path
        self.message = message
        self.hint = hint
        # The unit that the value proves the file not to be written in; `scalar` where only one
        # number says so, which may be an outlier.
        self.other_unit = other_unit
        self.scalar = scalar


class Applied:
    """What became of one record.

    `proved` are the units that whole distributions add up in; `left` are values without a place,
    as (kind, field, why). `blank` are the fields and texts of labels that say nothing.
    """

    __slots__ = ("blank", "data", "left", "proved", "wrong")

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.wrong: list[Wrong] = []
        self.blank: list[tuple[str, str]] = []
        self.proved: set[MappedUnit] = set()
        self.left: set[tuple[LeftKind, str, str]] = set()


def apply_mapping(mapping: ImportMapping, record: Any, schemas: RecordSchemas) -> Applied:
    """Return the influencer record that a provider's record gives, not yet validated."""
    return _Applying(mapping, schemas).run(record)


class _Applying:
    def __init__(self, mapping: ImportMapping, schemas: RecordSchemas) -> None:
        self.mapping = mapping
        self.influencer = schemas.types["influencer"]
        self.words = schemas.words
        self.result = Applied()
        # Shares that a table gives key by key: the distribution, its values and their unit.
        self.columns: dict[tuple[str, ...], list[tuple[Decimal, OneValue]]] = {}

    def run(self, record: Any) -> Applied:
        result = self.result
        for case in self.mapping.refused:
            value = find(case.path, record)
            if value is not None and (value in case.values) != case.unless:
                result.wrong.append(Wrong("", case.path, case.because))
        found: dict[str, Any] = {}
        for field in self.mapping.fields:
            value = self.value(field, record)
            if value is not None:
                put(found, field.target, value)
        for steps, constant in self.mapping.constants.items():
            put(found, steps, constant)
        for steps, shares in self.columns.items():
            for unit in _SHARES:
                ours = [read for read, source in shares if source.unit == unit]
                self.check_sum(".".join(steps), shares[0][1].path, unit, ours)
        _default_id(found)
        result.data = _ordered(found, self.influencer)
        return result

    def value(self, field: MappedField, record: Any) -> Any:
        source = field.source
        if isinstance(source, Entries):
            return self.entries(field, source, record)
        try:
            if isinstance(source, OneValue):
                return self.one(field, source, record)
            assert isinstance(field.type, DistributionType)
            return self.parts(field, source, field.type, record)
        except convert.NotReadableError as error:
            parts = isinstance(source, Parts)
            path = source.rows if isinstance(source, Parts) else source.path or source.low
            other = source.unit if isinstance(error, convert.OtherUnitError) else None
            scalar = not parts and not field.keyed
            wrong = Wrong(field.name, path, error.message, error.hint, other, scalar)
            self.result.wrong.append(wrong)
            return None

    def one(self, field: MappedField, source: OneValue, record: Any) -> Any:
        if source.unless is not None and find(source.unless, record) in (True, "true"):
            self.leave("missing", field.name, f"{source.unless.text} is true")
            return None
        if source.path is None:
            return self.ends(field, source, record)
        raw = find(source.path, record)
        if isinstance(field.type, ListType):
            return self.items(field, source, field.type.item, raw)
        if _blank(raw):
            return None
        return self.single(field, source, field.type, raw)

    def ends(self, field: MappedField, source: OneValue, record: Any) -> Any:
        ends: dict[str, Any] = {}
        for name, path in (("min", source.low), ("max", source.high)):
            raw = find(path, record) if path is not None else None
            if not _blank(raw):
                ends[name] = self.single(field, source, field.type, raw)
        return ends or None

    def single(self, field: MappedField, source: OneValue, kind: Type, raw: Any) -> Any:
        if isinstance(kind, TextType):
            return self.text(field, source, kind, raw)
        if source.rounded_down:
            return convert.cut_range(convert.single(raw, "count"), source.rounded_down)
        if isinstance(kind, NumberType) and source.unit in _SHARES:
            read = convert.share(raw, source.unit)
            if field.keyed:
                self.columns.setdefault(field.target[:-1], []).append((read, source))
            return float(read)
        return convert.single(raw, source.unit)

    def text(self, field: MappedField, source: OneValue | Parts, kind: Type, raw: Any) -> Any:
        if isinstance(raw, str) and holds_contact(raw):
            self.leave("contact", field.name, "a value that looks like an e-mail address")
            return None
        try:
            found = convert.word(raw, source, codes_of(kind))
        except convert.UnknownWordError as error:
            why = f"{convert.shown(str(error))} is none of its words"
            self.leave("value", field.name, why)
            return None
        if found and _is_label(kind) and says_nothing(found):
            self.leave("value", field.name, f"{convert.shown(found)} says nothing")
            self.result.blank.append((field.name, found))
            return None
        return found or None

    def items(self, field: MappedField, source: OneValue, kind: Type, raw: Any) -> Any:
        if _blank(raw):
            return None
        if isinstance(raw, str) and source.split:
            raw = [item.strip() for item in raw.split(source.split)]
        elif isinstance(raw, str) and raw.strip() not in source.codes and _is_label(kind):
            # What looks like a list and is not clear is refused with its record.
            raw = self.words.items(raw, kind) or raw
        values = raw if isinstance(raw, (list, tuple)) else [raw]
        found: list[Any] = []
        for each in values:
            value = None if _blank(each) else self.single(field, source, kind, each)
            if value is not None and value not in found:
                found.append(value)
        empty = [
            each
            for each in values
            if isinstance(each, str) and each.strip() not in ("", *source.codes)
            if says_nothing(each)
        ]
        if found and empty and _is_label(kind):
            message = f"has {convert.shown(empty[0])} among other words, which says nothing"
            self.result.wrong.append(Wrong(field.name, source.path, message))
        return found or None

    def parts(
        self, field: MappedField, source: Parts, kind: DistributionType, record: Any
    ) -> dict[str, float] | None:
        rows = find(source.rows, record)
        if _blank(rows):
            return None
        if not isinstance(rows, list):
            raise convert.NotReadableError(f"is {convert.shown(rows)}; it must be a list")
        sources = (each.source for each in self.mapping.fields)
        keys = [s.key for s in sources if isinstance(s, Parts) and s.rows == source.rows]
        if doubled(record, rows, source, keys):
            self.leave("value", field.name, "a row is there twice; which one is right is not told")
            return None
        shares: list[tuple[str | None, Decimal]] = []
        for row in rows:
            raw = find(source.value, row)
            key = find(source.key, row)
            if _blank(raw) or _blank(key):
                self.leave("value", field.name, "a row without a key or a value")
                continue
            shares.append((self.key(field, source, kind, key), self.part(source, raw)))
        return self.shares(field, source, shares, record)

    def key(
        self, field: MappedField, source: Parts, kind: DistributionType, raw: Any
    ) -> str | None:
        key: str | None = self.text(field, source, kind.keys, raw)
        if key is not None and kind.ages and not BAND.fullmatch(key):
            self.leave("value", field.name, f"{convert.shown(key)} is no age band")
            return None
        return key

    def part(self, source: Parts, raw: Any) -> Decimal:
        if source.unit == "count":
            return convert.number(raw, whole=True)
        return convert.share(raw, source.unit)

    def shares(
        self,
        field: MappedField,
        source: Parts,
        found: list[tuple[str | None, Decimal]],
        record: Any,
    ) -> dict[str, float] | None:
        if source.unit == "count":
            whole = self.whole(field, source, found, record)
            if whole is None:
                return None
            found = [(key, count / whole) for key, count in found]
        else:
            self.check_sum(field.name, source.rows, source.unit, [part for _, part in found])
        added: dict[str, Decimal] = {}
        for key, part in found:
            if key is not None:
                added[key] = added.get(key, Decimal(0)) + part
        return {key: float(part) for key, part in added.items()} or None

    def whole(
        self,
        field: MappedField,
        source: Parts,
        found: list[tuple[str | None, Decimal]],
        record: Any,
    ) -> Decimal | None:
        total = sum((count for _, count in found), Decimal(0))
        if source.of_known:
            return total or None
        assert source.of is not None
        raw = find(source.of, record)
        whole = Decimal(0) if _blank(raw) else convert.number(raw, whole=True)
        if whole <= 0:
            why = f"there is no {source.of.text} that the counts are a share of"
            self.leave("missing", field.name, why)
            return None
        return whole

    def check_sum(
        self,
        name: str,
        path: SourcePath | None,
        unit: MappedUnit,
        shares: list[Decimal],
    ) -> None:
        """See in which unit a distribution adds up to a whole, if it does."""
        total = sum(shares, Decimal(0))
        low, high = _WHOLE
        if low <= total <= high:
            self.result.proved.add(unit)
        elif unit == "share" and total >= _NO_SHARES:
            message = f"adds up to {convert.plain(round(total, 4))}; shares add up to 1"
            self.result.wrong.append(Wrong(name, path, message, other_unit=unit))
        elif unit == "percent" and len(shares) > 1 and low <= total * 100 <= high:
            written = convert.plain(round(total * 100, 4))
            message = f"adds up to {written}; percents add up to 100"
            self.result.wrong.append(Wrong(name, path, message, other_unit=unit))

    def entries(self, field: MappedField, source: Entries, record: Any) -> list[Any] | None:
        rows = find(source.rows, record)
        if _blank(rows):
            return None
        if not isinstance(rows, list):
            message = f"is {convert.shown(rows)}; it must be a list"
            self.result.wrong.append(Wrong(field.name, source.rows, message))
            return None
        found = [entry for row in rows if (entry := self.entry(field, source, row))]
        if found and all("date" in entry for entry in found):
            found = self.one_a_day(field, found)
        return found or None

    def entry(self, field: MappedField, source: Entries, row: Any) -> dict[str, Any] | None:
        entry: dict[str, Any] = {}
        for inner in source.fields:
            assert isinstance(inner.source, OneValue)
            assert inner.source.path is not None
            raw = find(inner.source.path, row)
            if _blank(raw):
                continue
            try:
                value = self.single(inner, inner.source, inner.type, raw)
            except convert.NotReadableError as error:
                message = f"{inner.name} {error.message}"
                self.result.wrong.append(Wrong(field.name, source.rows, message, error.hint))
                return None
            if value is not None:
                put(entry, inner.target, value)
        kind = field.type
        assert isinstance(kind, ListType)
        assert isinstance(kind.item, RecordType)
        needed = [name for name, each in kind.item.fields.items() if each.required]
        lacking = [name for name in needed if name not in entry]
        if lacking:
            self.leave("value", field.name, f"an entry without {' and '.join(lacking)}")
            return None
        return entry

    def one_a_day(self, field: MappedField, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Put the earliest date first; of several entries of one day the last stays."""
        if field.name != "history":
            return found
        days = {entry["date"]: entry for entry in found}
        if len(days) < len(found):
            self.leave("value", field.name, "several entries of one day; the last one was taken")
        return [days[date] for date in sorted(days)]

    def leave(self, kind: LeftKind, field: str, why: str) -> None:
        self.result.left.add((kind, field, why))


def _blank(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _is_label(kind: Type) -> TypeGuard[TextType]:
    return isinstance(kind, TextType) and kind.kind == "label"


def _first_age(band: str) -> tuple[int, str]:
    digits = band.partition("-")[0].rstrip("+")
    return (int(digits) if digits.isdigit() else 0, band)


def _default_id(record: dict[str, Any]) -> None:
    platform, handle = record.get("platform"), record.get("handle")
    if "id" not in record and isinstance(platform, str) and isinstance(handle, str):
        record["id"] = account_key(platform, handle)


def _ordered(data: dict[str, Any], record: RecordType) -> dict[str, Any]:
    """Put fields in the schema's order, so that the order of a mapping makes no difference."""
    ordered: dict[str, Any] = {}
    for name, field in record.fields.items():
        if name in data:
            value = data[name]
            if isinstance(field.type, RecordType) and isinstance(value, dict):
                value = _ordered(value, field.type)
            elif isinstance(field.type, DistributionType) and field.type.ages:
                value = {band: value[band] for band in sorted(value, key=_first_age)}
            ordered[name] = value
    return ordered
