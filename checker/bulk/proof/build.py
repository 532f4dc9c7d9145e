"""A record's proof, made from its schema."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa

from checker.bulk.layout import Layout, keys_of, label_parts, open_ends
from checker.bulk.proof.nested import SHARES, Listed, Part, Record, Shares, SharesByKey
from checker.bulk.proof.values import FEW_TEXTS, Day, Flag, Labels, Number, Ranged, Text, Words
from checker.bulk.scan import MARK
from checker.language.labels import is_one, says_nothing
from checker.language.text import label_form
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
# A path of names, from the record's own fields inwards.
Path = tuple[str, ...]

# As many as a list may hold where its schema does not say.
_ANY = 1_000_000
# Words of a schema that ask nothing of a value.
_NOTES = frozenset(
    ("$ref", "title", "description", "examples", "default", "$schema", "$comment", "$defs")
)


class NoPlaceError(Exception):
    """The schema asks something that is not proved here."""


class Builder:
    """Builds what proves a record; `reads` are the paths that are asked for."""

    def __init__(self, schema: Schema, layout: Layout, reads: Collection[Path]) -> None:
        self.definitions: Schema = schema.get("$defs", {})
        self.layout = layout
        self.reads = reads

    def record(self, schema: Schema, type_: RecordType, path: Path) -> Record:
        """Return what proves a record at a path."""
        fields = self.layout.members(type_)
        asked = self._known(schema)
        members: dict[str, Part | Ranged | None] = {}
        for name, member in fields.items():
            try:
                members[name] = self.part(asked["properties"][name], member, (*path, name))
            except (NoPlaceError, KeyError):
                members[name] = None
        _without_clashes(members)
        marks = {name: mark_of(name) for name, each in members.items() if isinstance(each, Ranged)}
        return Record(
            members,
            marks,
            {name: arrow_type(self.layout, member) for name, member in fields.items()},
            frozenset(asked.get("required", ())),
            whole=not path,
            reads=frozenset(name for name in fields if self._is_read((*path, name))),
        )

    def _is_read(self, path: Path) -> bool:
        size = len(path)
        return any(path == each[:size] or each == path[: len(each)] for each in self.reads)

    def part(self, schema: Schema, type_: Type, path: Path) -> Part | Ranged:
        """Return what proves a value at a path."""
        known = self._known(schema)
        match type_:
            case RecordType():
                return self.record(schema, type_, path)
            case ListType():
                return self._list(known, type_, path)
            case DistributionType():
                return self._distribution(known, type_)
            case NumberType() | MoneyType():
                return self._number(known, type_)
            case FlagType():
                return Flag()
            case DateType():
                return Day()
            case TextType():
                return self._text(known, type_, path)
        raise NoPlaceError

    def _known(self, schema: Schema) -> dict[str, Any]:
        """Return what a schema asks, its reference's words among it."""
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        whole = {**(self.definitions[name] if name else {}), **schema}
        return {k: v for k, v in whole.items() if k not in _NOTES and not k.startswith("x-")}

    def _number(self, schema: Schema, type_: NumberType | MoneyType) -> Part | Ranged:
        _only(schema, "type minimum maximum pattern minProperties properties additionalProperties")
        low, high = float(schema["minimum"]), float(schema["maximum"])
        number = Number(low, high, "integer" in schema["type"])
        return Ranged(number, *open_ends(type_)) if self.layout.is_range(type_) else number

    def _text(self, schema: Schema, type_: TextType, path: Path) -> Part:
        _only(schema, "type enum maxLength pattern")
        if type_.choices and type_.kind != "label":
            return Words(frozenset(type_.choices).__contains__, closed=True)
        longest, pattern = int(schema["maxLength"]), str(schema.get("pattern", ""))
        if type_.kind == "label":
            return self._labels(longest, pattern, type_, path)
        # Texts that begin with a letter are not looked at: the pattern must not mind them.
        if pattern not in ("", "[^ ]"):
            raise NoPlaceError
        return Text(path, longest, pattern)

    def _list(self, schema: Schema, type_: ListType, path: Path) -> Part:
        _only(schema, "type items maxItems uniqueItems")
        item = self.part(schema["items"], type_.item, path)
        once = bool(schema.get("uniqueItems"))
        if isinstance(item, Ranged) or (once and not isinstance(item, Words)):
            raise NoPlaceError
        return Listed(item, int(schema.get("maxItems", _ANY)), once, by_day=path == ("history",))

    def _distribution(self, schema: Schema, type_: DistributionType) -> Part:
        _only(schema, "type propertyNames additionalProperties minProperties")
        share = self._known(schema["additionalProperties"])
        number = Number(float(share["minimum"]), float(share["maximum"]), whole=False)
        keys = keys_of(type_)
        if keys:
            return Shares(keys, _overlapping(keys) if type_.ages else (), number)
        if type_.keys.choices:
            return SharesByKey(Words(frozenset(type_.keys.choices).__contains__, True), number)
        if type_.keys.kind != "label":
            raise NoPlaceError
        name = self._known(schema["propertyNames"])
        labels = self._labels(int(name["maxLength"]), name["pattern"], type_.keys, None)
        return SharesByKey(labels, number)

    def _labels(self, longest: int, pattern: str, type_: TextType, path: Path | None) -> Labels:
        """Return what proves labels; those without a path are names."""
        words = dict(self.layout.words(type_))
        return Labels(
            _Label(longest, pattern, type_.vocabulary, words),
            closed=path is None,
            path=path or (),
            words=words,
            vocabulary=type_.vocabulary,
            parts=label_parts(type_),
        )


def _without_clashes(members: dict[str, Part | Ranged | None]) -> None:
    """Leave unproved what has the mark of another member, or its mark for a name."""
    taken = Counter([*members, *(mark_of(n) for n, each in members.items() if _ranged(each))])
    for name, member in members.items():
        if _ranged(member) and taken[mark_of(name)] > 1:
            members[name] = None


def _ranged(member: Part | Ranged | None) -> bool:
    return isinstance(member, Ranged)


def mark_of(name: str) -> str:
    """Return the name that a member has where its value is a range: as long as its own."""
    return f"{name[:-1]}{MARK}"


def _only(schema: Schema, words: str) -> None:
    """Refuse what the schema may ask beyond these words."""
    if schema.keys() - set(words.split()):
        raise NoPlaceError


class _Label:
    """Tells whether a text is surely one label; can be pickled."""

    def __init__(
        self, longest: int, pattern: str, vocabulary: str, words: Mapping[str, str]
    ) -> None:
        self.longest = longest
        self.pattern = re.compile(pattern)
        self.vocabulary = vocabulary
        self.words = words

    def __call__(self, text: str) -> bool:
        if len(text) > self.longest or self.pattern.search(text) is None:
            return False
        known = label_form(text, self.vocabulary) in self.words and not says_nothing(text)
        return known or is_one(text)


def _overlapping(bands: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    def span(band: str) -> tuple[int, int]:
        low, _, high = band.removesuffix("+").partition("-")
        return int(low), int(high) if high else 1000

    return tuple(
        (one, two)
        for index, one in enumerate(bands)
        for two in bands[index + 1 :]
        if span(one)[0] <= span(two)[1] and span(two)[0] <= span(one)[1]
    )


def arrow_type(layout: Layout, type_: Type) -> pa.DataType:
    """Return the type of a value in Arrow."""
    match type_:
        case NumberType() | MoneyType():
            number = pa.float64()
            both = pa.struct([("low", number), ("high", number)])
            return both if layout.is_range(type_) else number
        case FlagType():
            return pa.bool_()
        case DateType():
            return pa.date32()
        case ListType():
            return pa.list_(arrow_type(layout, type_.item))
        case DistributionType() if keys := keys_of(type_):
            return pa.struct([(key, pa.float64()) for key in keys])
        case DistributionType():
            return SHARES
        case TextType(kind="label"):
            parts = label_parts(type_)
            return pa.struct([(p, pa.string() if p == "w" else FEW_TEXTS) for p in parts])
        case RecordType():
            members = layout.members(type_).items()
            return pa.struct([(name, arrow_type(layout, each)) for name, each in members])
    return pa.string()
