"""Functions of dates, distributions, tables and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import inf

from checker.language import possible as p
from checker.language.coerce import fail, is_text_of_rule, join_all, take_kind, to_type
from checker.language.functions.declare import (
    Arguments,
    Function,
    item_of,
    listing,
    refuse,
    table_of,
)
from checker.language.mentions import mentions
from checker.language.nodes import Call, Node
from checker.language.operators import numbers, shares
from checker.language.operators.domain import Domain, Flag, Operand, Real
from checker.language.operators.scalars import SCALARS, key_of, members
from checker.language.vocabulary import Key
from checker.model.types import (
    DateType,
    DistributionType,
    Field,
    FlagType,
    ListType,
    NumberType,
    RecordType,
    TextType,
    Type,
)
from checker.model.values import UNKNOWN, Label, Value

_PLACE = NumberType("count", 0, inf)
# The record that `mentions` gives for each place where a text names a word of a table.
_MENTION = {
    "text": Field(TextType("plain"), "words found"),
    "excerpt": Field(TextType("plain"), "words around what was found"),
    "start": Field(_PLACE, "start"),
    "end": Field(_PLACE, "end"),
    "words": Field(_PLACE, "number of words"),
    "hashtag": Field(FlagType(), "hashtag"),
    "apart": Field(FlagType(), "set off from a sentence"),
    "lookalike": Field(FlagType(), "letters of another alphabet"),
    "named": Field(FlagType(), "name before it"),
    "place": Field(_PLACE, "place in the run of hashtags"),
    "run": Field(_PLACE, "length of the run of hashtags"),
}
_SHARE = NumberType("share", 0.0, 1.0, True)


def _dates(arguments: Arguments) -> tuple[Arguments, Type]:
    dates = tuple(
        take_kind(node, DateType()) if is_text_of_rule(node.type) else node for node in arguments
    )
    for node in dates:
        if not isinstance(node.type, DateType):
            refuse(node, "a date")
    return dates, NumberType("days")


def _days(on: Domain, call: Call, first: Operand, second: Operand) -> Operand:
    (known, start), (also, end) = on.days(first), on.days(second)
    return on.number(known & also, (end - start) * 1.0, (end - start) * 1.0)


def _distribution(node: Node) -> DistributionType:
    if not isinstance(node.type, DistributionType):
        refuse(node, "a distribution")
    return node.type


def _keys(arguments: Arguments) -> tuple[Arguments, Type]:
    type_ = _distribution(arguments[0])
    if type_.ages:
        fail(arguments[1], "ages are not keys", "use share_aged(d, ages)")
    keys = arguments[1]
    if not isinstance(item_of(keys), TextType):
        refuse(keys, "a list of keys")
    wanted = ListType(type_.keys)
    if is_text_of_rule(keys.type):
        return (arguments[0], take_kind(keys, wanted)), _SHARE
    (_, keys), _ = join_all((replace(keys, type=wanted), keys), what="a key that is")
    return (arguments[0], to_type(keys, wanted)), _SHARE


def _share(on: Domain, call: Call, distribution: Operand, keys: Operand) -> Operand:
    choices = _distribution(call.arguments[0]).keys.choices
    return shares.share(on, *on.share_parts(distribution, keys, choices))


def _ages(arguments: Arguments) -> tuple[Arguments, Type]:
    if not _distribution(arguments[0]).ages:
        fail(arguments[0], "this distribution is not by age", "use share(d, keys)")
    if not (isinstance(arguments[1].type, RecordType) and arguments[1].type.name == "ages"):
        refuse(arguments[1], "an age span", "such as brief.target.age, or a param {min: 18}")
    return arguments, _SHARE


def _share_aged(on: Domain, call: Call, distribution: Operand, ages: Operand) -> Operand:
    type_, span = _distribution(call.arguments[0]), on.span(ages)
    if span is None:
        return UNKNOWN
    of_known = call.function == "share_of_known_ages"
    asked = type_.lowest_age, type_.lowest_to, of_known
    return on.share_aged(distribution, lambda keys: shares.age_plan(keys, *span, *asked))


def counted_keys(distribution: Value, asked: Value) -> list[str]:
    """Return the keys present that a share of `asked`, keys or an age span, counts."""
    if isinstance(asked, Mapping):
        span = SCALARS.span(asked)
        if span is None:
            return []
        bands = {key: shares.band_ages(key) for key in distribution.shares}
        return [key for key, (start, end) in bands.items() if start <= span[1] and span[0] < end]
    wanted = {key_of(value) for value, _ in members(asked) if value is not UNKNOWN}
    return [key for key in distribution.shares if SCALARS.is_asked(key, wanted) is not False]


def _banded(arguments: Arguments) -> tuple[Arguments, Type]:
    if not isinstance(arguments[0].type, NumberType):
        refuse(arguments[0], "a number")
    return arguments, table_of(arguments[1], "bands").row


def _band(on: Domain, call: Call, value: Operand, table: Operand) -> Operand:
    known, low, high = on.ends(value)
    place: Real = -1
    for number, row in reversed(list(enumerate(table.rows))):
        whole = on.where(_holds(on, row, high), number, -1)
        place = on.where(_holds(on, row, low), whole, place)
    return on.row(table, on.where(known, place, -1))


def _holds(on: Domain, row: Mapping[str, Value], value: Real) -> Flag:
    """Tell whether the band of a row holds a float."""
    inside = on.invert(numbers.below(on, value, row.get("from", -inf)))
    inside = inside & on.invert(numbers.below(on, row.get("to", inf), value))
    if "above" in row:
        inside = inside & numbers.below(on, row["above"], value)
    return inside & numbers.below(on, value, row["below"]) if "below" in row else inside


def _looked_up(arguments: Arguments) -> tuple[Arguments, Type]:
    *keys, last = arguments
    table = table_of(last, "lookup")
    if len(keys) != len(table.keys):
        fail(last, f"this table is looked up by {', '.join(table.keys)}", code="arguments")
    checked = []
    for node, name in zip(keys, table.keys, strict=True):
        column = table.row.fields[name].type
        (_, node), common = join_all((replace(last, type=column), node), what="a key that is")
        checked.append(to_type(node, common))
    return (*checked, last), table.row


def _lookup(on: Domain, call: Call, *values: Operand) -> Operand:
    *keys, table = values
    index = table.rows_by(tuple(each.type for each in call.arguments[:-1]))
    return on.lookup(index, tuple(keys), call.type)


def _searched(arguments: Arguments) -> tuple[Arguments, Type]:
    if not (isinstance(arguments[0].type, TextType) and arguments[0].type.kind == "plain"):
        refuse(arguments[0], "plain text")
    table = table_of(arguments[1], "vocabulary", "lookup")
    if len(arguments) > 2:
        table_of(arguments[2], "vocabulary", "lookup")
    if len(arguments) == 4 and not isinstance(arguments[3].type, TextType):
        refuse(arguments[3], "a name", "such as brand.name")
    fields = {"row": Field(table.row, "row"), **_MENTION}
    return arguments, ListType(RecordType("mention", fields))


def _mentions(
    on: Domain, call: Call, text: str, table: Value, others: Value = None, name: Value = ""
) -> Operand:
    return mentions(text, table, others, name.text if isinstance(name, Label) else name)


def _word(arguments: Arguments) -> tuple[Arguments, Type]:
    type_ = arguments[0].type
    if not (isinstance(type_, TextType) and type_.kind == "label" and type_.vocabulary):
        refuse(arguments[0], "a word of a vocabulary", "such as brief.campaign.category")
    return arguments, FlagType()


def _known(on: Domain, call: Call, word: Value) -> Operand:
    # Whether a word is right that nobody knows, nobody can say.
    return on.truth(not isinstance(word.key, Key) or bool(word.key.senses), False)


DAYS_BETWEEN = Function(
    ("days_between(from, to)",), 2, 2, _dates, _days,
    lambda a: f"the days from {a[0]} to {a[1]}",
    "days; negative where the second is earlier",
    ("days_between(today, brief.campaign.start)", "30"),
    lambda node, parts, member: p.arithmetic("-", parts[1], parts[0]),
)  # fmt: skip
KNOWN = Function(
    ("known_word(label)",), 1, 1, _word, _known,
    lambda a: f"{a[0]} is a word that is known",
    "whether a vocabulary has the word; unknown where none has it",
    ("known_word(brief.campaign.category)", "unknown"),
    lambda node, parts, member: p.truths(true=True, false=False, unknown=True),
    by_record=True,
)  # fmt: skip
SHARE = Function(
    ("share(distribution, keys)",), 2, 2, _keys, _share,
    lambda a: f"the share of {a[0]} that is {a[1]}",
    "the share of keys, a set",
    ("share(influencer.audience.country, brief.target.countries)", "64–80%"),
)  # fmt: skip
SHARE_AGED = Function(
    ("share_aged(distribution, ages)",), 2, 2, _ages, _share_aged,
    lambda a: f"the share of {a[0]} that is within {a[1]}",
    "the share of an age span, both ends included, of the whole audience: what law asks",
    ("share_aged(influencer.audience.age, brief.target.age)", "69%"),
)  # fmt: skip
SHARE_OF_KNOWN_AGES = Function(
    ("share_of_known_ages(distribution, ages)",), 2, 2, _ages, _share_aged,
    lambda a: f"the share of {a[0]}, of those whose age is known, that is within {a[1]}",
    "the share of an age span of those whose age is known: what targeting asks",
    ("share_of_known_ages(influencer.audience.age, brief.target.age)", "69%"),
)  # fmt: skip
BAND = Function(
    ("band(number, tables.name)",), 2, 2, _banded, _band,
    lambda a: f"the row of {a[1]} that {a[0]} falls in",
    "the row of the band; unknown outside all of them, or across an edge",
    ("band(influencer.followers, tables.tiers).tier", "micro"),
)  # fmt: skip
LOOKUP = Function(
    ("lookup(key, tables.name)",), 2, 6, _looked_up, _lookup,
    lambda a: f"the row of {a[-1]} for {listing(a[:-1])}",
    "the row with the key, or keys; unknown where there is none",
    ("lookup('micro', tables.paces).posts_a_week", "3"),
)  # fmt: skip
MENTIONS = Function(
    (
        "mentions(text, tables.name)",
        "mentions(text, tables.name, tables.others)",
        "mentions(text, tables.name, tables.others, name)",
    ), 2, 4, _searched, _mentions,
    lambda a: f"the words of {a[1]} in {a[0]}",
    "where a text names words of a table, outside what it names of another",
    ("count(mentions(post.caption, tables.disclosure))", "1"),
    by_record=True,
)  # fmt: skip
