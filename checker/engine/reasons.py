"""The words of an outcome that no template gives: why it is unknown, skipped, or failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.engine.places import (
    Records,
    ask_for,
    money_field,
    node_field,
    raw_at,
    value_text,
)
from checker.language.evaluate import MOST_WORK
from checker.language.format import default_format, write_alike
from checker.language.mentions import MOST_PLACES
from checker.language.nodes import (
    Arithmetic,
    Bind,
    Call,
    Compare,
    Comprehension,
    Exists,
    Logic,
    Node,
    Path,
    Variable,
    subtree,
)
from checker.language.operators.comparisons import COMPARISONS
from checker.language.show import show
from checker.language.trace import Cause, Place, TracedFrame
from checker.language.vocabulary import Key
from checker.language.words import Speaker
from checker.model.types import MoneyType, TableType
from checker.model.values import UNKNOWN, Label, Range, Value

# So many reasons, and names of those who lack something, are told.
_MOST_TOLD = 10
_RATE = "the exchange rate"
_CURRENCY = "the budget's currency"
WHOSE = {
    "influencer": "the influencer's record",
    "deal": "the deal",
    "brief": "the brief",
    "brand": "the brand",
    "post": "the post",
    "shortlist": "the shortlist",
}


def unknown_reason(causes: Iterable[Cause], records: Records, currency: str) -> str:
    """Say why a rule is unknown: what is missing, what straddles, what has no answer."""
    found = list(causes)
    said = [_missing([cause for cause in found if cause.kind == "missing"], records)]
    said += [_no_rate(cause, records, currency) for cause in found if cause.kind == "money"]
    said += _unknown_words([cause for cause in found if cause.kind == "word"])
    said += [_straddle(cause, currency) for cause in found if cause.kind == "straddle"]
    said += [_undefined(cause, currency) for cause in found if cause.kind == "undefined"]
    kept = list(dict.fromkeys(text for text in said if text))
    if len(kept) > _MOST_TOLD:
        kept[_MOST_TOLD:] = [f"and {len(kept) - _MOST_TOLD:,} reasons more"]
    return "cannot tell: " + "; ".join(kept) if kept else "cannot tell"


def asked_for(causes: Iterable[Cause], records: Records, currency: str) -> tuple[str, ...]:
    """Return what to ask for, each once, in the order in which it was missed."""
    asks = [_ask(cause, records, currency) for cause in causes]
    return tuple(dict.fromkeys(ask for ask in asks if ask))


def _ask(cause: Cause, records: Records, currency: str) -> str:
    if cause.kind == "missing":
        return ask_for(node_field(cause.node))
    if cause.kind == "word":
        return f'what is meant by "{_doubtful(cause).text}"'
    if isinstance(cause.node, Call) and cause.node.function == "known_word" and cause.values:
        return f'what is meant by "{cause.values[0].text}"'
    if cause.kind != "money":
        return ""
    own = _own_currency(cause, records)
    if not own:
        field = money_field(cause.node)
        return f"the currency of the {field.title if field else 'amount'}"
    return f"{_RATE} from {own} to {currency}" if currency else _CURRENCY


def for_the_brand(ask: str) -> bool:
    """Tell whether nobody but the brand can answer, of whomever it is asked."""
    return ask == _CURRENCY or ask.startswith(_RATE)


def _missing(causes: list[Cause], records: Records) -> str:
    by_root: dict[str, list[str]] = {}
    for cause in causes:
        root = str(cause.place[0]) if cause.place else ""
        words = _field_words(cause)
        listed = by_root.setdefault(_owner(root, cause.place, records), [])
        if words not in listed:
            listed.append(words)
    said = [f"{owner} has no {_listing(names)}" for owner, names in by_root.items()]
    if len(said) > _MOST_TOLD:
        said[_MOST_TOLD:] = [f"{len(said) - _MOST_TOLD:,} others lack something too"]
    return " and ".join(said)


def _owner(root: str, place: Place | None, records: Records) -> str:
    if root == "shortlist" and place and len(place) > 2 and isinstance(place[1], int):
        return records.entries[place[1]].name
    return WHOSE.get(root, "the record")


def _field_words(cause: Cause) -> str:
    field = node_field(cause.node)
    if field is not None and field.title:
        return field.title
    if cause.place:
        return str(cause.place[-1]).replace("_", " ")
    return _said(cause.node)


def _listing(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _no_rate(cause: Cause, records: Records, currency: str) -> str:
    field = money_field(cause.node)
    title = field.title if field and field.title else _said(cause.node)
    own = _own_currency(cause, records)
    if not own:
        return f"the {title} has no currency"
    if not currency:
        return "the brief's budget has no currency"
    return f"the brief has no exchange rate from {own} to {currency}"


def _doubtful(cause: Cause) -> Label:
    """Return which of two words is the one that leaves open whether they are the same."""
    asked, wanted = cause.values
    settled = len(asked.key.senses) == 1 and len(wanted.key.senses) != 1
    found: Label = wanted if settled else asked
    return found


def _unknown_words(causes: list[Cause]) -> Iterator[str]:
    """Say of each word what it may be, and why nobody can tell."""
    by_word: dict[str, list[Cause]] = {}
    for cause in causes:
        by_word.setdefault(_doubtful(cause).text, []).append(cause)
    for word, some in by_word.items():
        key, others = _key(_doubtful(some[0])), [_other(cause) for cause in some]
        if not key.senses:
            near = [each.text for each in others if _near(key, each)]
            means = f", which may be {_either(near)}" if near else ""
            yield f'no vocabulary of {key.vocabulary.name} knows "{word}"{means}'
        elif len(key.senses) > 1:
            labels = key.vocabulary.labels
            meant = [labels.get(label, label) for label, _ in key.senses]
            yield f'"{word}" may mean {_either(meant)}'
        else:
            yield f'"{word}" may or may not be {_either([each.text for each in others])}'


def _other(cause: Cause) -> Label:
    asked, wanted = cause.values
    found: Label = asked if _doubtful(cause) is wanted else wanted
    return found


def _near(key: Key, other: Label) -> bool:
    return any(label in key.near for label, _ in _key(other).senses)


def _key(label: Label) -> Key:
    assert isinstance(label.key, Key)
    return label.key


def _either(words: list[str]) -> str:
    *first, last = [f'"{word}"' for word in dict.fromkeys(words)][:_MOST_TOLD]
    return f"{', '.join(first)} or {last}" if first else last


def _own_currency(cause: Cause, records: Records) -> str:
    """Return the currency that an amount is given in, or an empty text."""
    field = money_field(cause.node)
    if field is None or not field.currency:
        return ""
    if cause.place is None or cause.place[0] == "params":
        return field.currency[0]  # A table's column and a param name the code itself.
    found = records.find(cause.place)
    return str(raw_at(found[0].data, field.currency) or "") if found else ""


def _straddle(cause: Cause, currency: str) -> str:
    node = cause.node
    if not isinstance(node, Compare):
        return f"nobody can say whether {Speaker({}).clause(node)}"
    left, right = write_sides(node, cause.values, currency)
    return f"{left} may or may not be {COMPARISONS[node.operator].needed} {right}"


def write_sides(node: Compare, values: tuple[object, ...], currency: str) -> tuple[str, str]:
    """Write the two sides of a comparison so that they can be told apart."""
    sides = (node.left, node.right)
    formats = side_formats(node)
    if formats[0] == formats[1] and formats[0] in ("percent", "number", "money"):
        left, right = write_alike(list(zip(values, formats, strict=True)), currency=currency)
        return left, right
    left, right = (
        value_text(v, side.type, currency) for v, side in zip(values, sides, strict=True)
    )
    return left, right


def side_formats(node: Compare) -> tuple[str, str]:
    """Return the formats of the two sides of a comparison; numbers are written alike."""
    sides = (node.left, node.right)
    if any(isinstance(side.type, MoneyType) for side in sides):
        return "money", "money"
    left, right = (default_format(side.type) for side in sides)
    return ("percent", "percent") if {left, right} == {"percent", "number"} else (left, right)


def _undefined(cause: Cause, currency: str) -> str:
    node = cause.node
    match node:
        case Arithmetic(operator="/"):
            return f"{_said(node.right)} may be 0, and something is divided by it"
        case Arithmetic():
            return f"{_said(node)} is more than can be computed"
        case Call(function="band" | "lookup"):
            return _no_row(node, cause.values, currency)
        case Call(function="share_aged" | "share_of_known_ages"):
            return (
                "the youngest ages are not in the record, "
                "and are never inferred from the others adding up"
            )
        case Call(function="known_word") if cause.values:
            key = _key(cause.values[0])
            near = key.vocabulary.near_words(key)[:2]
            hint = f"; did you mean {_either([*near])}?" if near else ""
            return f'no vocabulary of {key.vocabulary.name} knows "{key.text}"{hint}'
        case Call(function="money"):
            return f"the brief has no exchange rate for {_said(node)}"
        case Comprehension():
            return (
                f"going through {_what(node.source)} looks at more than {MOST_WORK:,} members, "
                "with the loops in it"
            )
        case Call(function="mentions"):
            return (
                f"{_said(node.arguments[0])} has words of {_said(node.arguments[1])} in more than "
                f"{MOST_PLACES:,} places"
            )
        case Call(function="last" | "min" | "max" | "mean"):
            return f"nothing of {_what(node)} is sure to be what the rule looks for"
    return f"there is no answer to what {_what(node)} is"


def _said(node: Node) -> str:
    return Speaker({}).say(node)


def _what(node: Node) -> str:
    """Name what a part of a rule is about: the first field in it that a record holds."""
    for part in subtree(node):
        if not isinstance(part, Path) or not isinstance(part.root, Variable):
            continue
        if part.root.name in WHOSE:
            return _said(part)
    return _said(node)


def _no_row(node: Call, values: tuple[Value, ...], currency: str) -> str:
    table = node.arguments[-1].type
    assert isinstance(table, TableType)
    keys = zip(node.arguments[:-1], values, strict=False)
    written = " and ".join(
        f"{_name(key)} {value_text(value, key.type, currency)}" for key, value in keys
    )
    if values and isinstance(values[0], Range):
        return f"{written} lies across rows of the table {table.name}"
    return f"the table {table.name} has no row for {written}"


def skipped_reason(node: Node, frame: TracedFrame) -> str:
    """Say which part of `when` was false."""
    part = _false_part(node, frame)
    if isinstance(part, Exists):
        owner = WHOSE.get(show(part.path).split(".")[0], "the record")
        title = part.path.field.title or part.path.names[-1].replace("_", " ")
        return f"does not apply: {owner} has no {title}"
    return f"does not apply: {Speaker({}).clause(part, holds=False)}"


def _false_part(node: Node, frame: TracedFrame) -> Node:
    values = {id(step.node): step.value for step in frame.steps}
    while True:
        parts = node.operands if isinstance(node, Logic) else ()
        if isinstance(node, Bind):
            parts = (node.body,)
        false = next((part for part in parts if values.get(id(part), UNKNOWN) is False), None)
        if false is None:
            return node
        node = false


def compared_reason(node: Node, values: tuple[object, ...], currency: str, *, passed: bool) -> str:
    """Make a reason from the comparison that decided, for a rule without templates."""
    if isinstance(node, Compare):
        left, right = write_sides(node, values, currency)
        operator = node.operator if passed else COMPARISONS[node.operator].opposite
        text = f"{_name(node.left)} is {left}"
        return (
            f"{text}, {COMPARISONS[operator].needed} {right}"
            if passed
            else f"{text}; {_needs(node, right)}"
        )
    return Speaker({}).clause(node, holds=passed)


def _name(node: Node) -> str:
    field = node_field(node)
    return field.title if field and field.title else _said(node)


def _needs(node: Compare, right: str) -> str:
    return f"needs to be {COMPARISONS[node.operator].needed} {right}"
