"""From a place that a condition read to the record, the position and the words for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import inf
from typing import Any

from checker.language.bind import plain_number
from checker.language.format import default_format, write, write_text
from checker.language.nodes import Choose, Node, Path
from checker.language.trace import Place, Step
from checker.model.frozen import dataclass
from checker.model.records import DataPath, Entry, Record
from checker.model.report import Evidence
from checker.model.rules import Rule
from checker.model.types import (
    DistributionType,
    Field,
    ListType,
    MoneyType,
    RecordType,
    Type,
)
from checker.model.values import UNKNOWN, Distribution, Items, Value

# A distribution is shown by its largest shares only, and a text by the first words found in it.
_MOST_KEYS = 6
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """The records behind one subject: by root name, and the shortlist's entries in order."""

    by_root: Mapping[str, Record]
    entries: Sequence[Entry] = ()

    def find(self, place: Place) -> tuple[Record, DataPath] | None:
        """Return the record that a place lies in and the path inside it, or None."""
        root, rest = place[0], place[1:]
        if root == "shortlist" and rest and isinstance(rest[0], int):
            return self._in_deal(
                self.entries[rest[0]].deal, self.entries[rest[0]].influencer, rest[1:]
            )
        if root == "deal" and "deal" in self.by_root:
            return self._in_deal(self.by_root["deal"], self.by_root.get("influencer"), rest)
        record = self.by_root.get(str(root))
        return None if record is None else (record, rest)

    def whose(self, place: Place) -> str:
        """Return the name of the shortlist's entry that a place lies in, or an empty text."""
        if place[0] != "shortlist" or len(place) < 2 or not isinstance(place[1], int):
            return ""
        return self.entries[place[1]].name

    @staticmethod
    def _in_deal(
        deal: Record, influencer: Record | None, rest: DataPath
    ) -> tuple[Record, DataPath]:
        if rest[:1] == ("influencer",) and influencer is not None:
            return influencer, rest[1:]
        return deal, rest


def path_text(place: Place) -> str:
    """Write a place as in a rule: "influencer.audience.age", "shortlist[2].fee"."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def raw_at(data: Any, path: DataPath) -> Any:
    """Return the plain value at a path, or None."""
    for part in path:
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list | tuple) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def evidence_of(
    step: Step,
    records: Records,
    rule: Rule,
    currency: str,
    keys: Collection[str] = (),
    found: Collection[Mapping[str, Any]] = (),
) -> Evidence | None:
    """Return what a step read, or None where it read nothing worth showing.

    Args:
        step: what was evaluated.
        records: the records behind the subject.
        rule: the rule, whose params say where they come from.
        currency: the brief's.
        keys: those that count, where the step read a distribution.
        found: what `mentions` found, where the step read a text that was searched.
    """
    if step.place is None or not isinstance(step.node, Path | Choose):
        return None
    if step.place[0] == "params":
        return _of_param(step, rule, currency)
    held = records.find(step.place)
    if held is None or (isinstance(step.node.type, RecordType) and not _shown(step)):
        return None
    record, path = held
    raw = raw_at(record.data, path)
    field = step.node.field if isinstance(step.node, Path) else None
    origin = records.whose(step.place)
    if record.origin(path) is not record:
        origin = f"from the {record.origin(path).kind}"
    elif step.assumed and raw is None and step.place[0] in ("influencer", "post"):
        origin = "assumed"
    return Evidence(
        path_text(step.place),
        "nothing"
        if raw is None
        else _found_text(found)
        if found
        else _text(step, raw, record, path, field, currency, keys),
        raw,
        record.position(path),
        origin,
        ask=ask_for(field) if raw is None else "",
    )


def _found_text(found: Collection[Mapping[str, Any]]) -> str:
    """Say which words a text was found to hold, where, and what stands around the first."""
    by_start = sorted({each["start"]: each for each in found}.items())
    words = [f'"{each["text"]}" at character {start + 1:.0f}' for start, each in by_start]
    more = [f"{len(words) - _MOST_WORDS} more"] if len(words) > _MOST_WORDS else []
    return f"{', '.join([*words[:_MOST_WORDS], *more])}, in: {by_start[0][1]['excerpt']}"


def _shown(step: Step) -> bool:
    assert isinstance(step.node.type, RecordType)
    return step.node.type.name == "ages" or not step.present


def _of_param(step: Step, rule: Rule, currency: str) -> Evidence:
    assert step.place is not None
    param = rule.params[str(step.place[1])]
    origin = "set in the configuration" if param.because else ""
    if not origin and param.source.strength == "ours":
        origin = "our default"
    text = write(step.value, default_format(step.node.type), currency=currency)
    return Evidence(path_text(step.place), text, param.value, param.position, origin, param.source)


def ask_for(field: Field | None) -> str:
    """Say what to ask for where a field is missing."""
    if field is None:
        return ""
    return field.ask or (f"the {field.title}" if field.title else "")


def _text(
    step: Step,
    raw: Any,
    record: Record,
    path: DataPath,
    field: Field | None,
    currency: str,
    keys: Collection[str],
) -> str:
    if isinstance(step.node.type, MoneyType):
        return _money_text(step, raw, record, path, field, currency)
    if isinstance(step.value, Distribution):
        return _distribution_text(step.value, keys)
    if isinstance(step.value, tuple | Items) and _holds_records(step.node.type):
        return f"{len(raw)} entr{'y' if len(raw) == 1 else 'ies'}"
    if step.value is UNKNOWN and isinstance(raw, str):
        return raw  # A word that may be a slip.
    return value_text(step.value, step.node.type, currency)


def _money_text(
    step: Step, raw: Any, record: Record, path: DataPath, field: Field | None, currency: str
) -> str:
    amount_field = money_field(step.node) or field
    where = amount_field.currency if amount_field else ()
    own = raw_at(record.data, where) or ""
    amount = plain_number(raw, -inf, inf)
    written = write(amount, "money", currency=str(own))
    if step.value is UNKNOWN or own == currency:
        return written
    return f"{written} = {write(step.value, 'money', currency=currency)}"


def _holds_records(type_: Type) -> bool:
    return isinstance(type_, ListType) and isinstance(type_.item, RecordType)


def _distribution_text(value: Distribution, keys: Collection[str]) -> str:
    shares = [(key, part) for key, part in value.shares.items() if not keys or key in keys]
    largest = sorted(shares, key=lambda each: -each[1])[:_MOST_KEYS]
    text = ", ".join(
        f"{key} {write(part, 'percent')}" for key, part in shares if (key, part) in largest
    )
    return text if len(shares) <= _MOST_KEYS else f"{text} and {len(shares) - _MOST_KEYS} more"


def value_text(value: Value, type_: Type, currency: str) -> str:
    """Write a value in the format of its type."""
    if isinstance(type_, DistributionType) or isinstance(value, bool):
        return write_text(value)
    if isinstance(type_, RecordType) and type_.name != "ages":
        return write_text(value)
    return write(value, default_format(type_), currency=currency)


def plain_value(value: Value) -> Any:
    """Return a value as plain JSON: ranges as {"min", "max"} with open ends left out."""
    match value:
        case float() | bool() | str():
            return value
        case tuple():
            return [plain_value(each) for each in value]
        case Items():
            return [plain_value(each) for each in value.values]
        case dict():
            return {key: plain_value(each) for key, each in value.items()}
    if value is UNKNOWN:
        return None
    if hasattr(value, "low"):
        ends = {"min": value.low, "max": value.high}
        return {key: end for key, end in ends.items() if abs(end) != float("inf")}
    return write_text(value)


def node_field(node: Node) -> Field | None:
    """Return the declaration of the field that a node reads, or None."""
    return node.field if isinstance(node, Path) else None


def money_field(node: Node) -> Field | None:
    """Return the declaration of the amount that a node reads, also where a code picks it."""
    if isinstance(node, Choose) and isinstance(node.source.type, RecordType):
        return next(iter(node.source.type.fields.values()))
    return node_field(node)
