"""Lines that a careless writer, or a hostile one, may write: the same for a seed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from tests.bulk.roster import broken, influencer, odd

EXTRA: dict[str, dict[str, Any]] = {
    "influencer": {
        "rating": {"type": "ranged_share"},
        "score": {"type": "number"},
        "reply_fee": {"type": "ranged_money", "currency": "rates.currency"},
        "fans": {"type": "ages"},
        "tags": {"type": "topic", "list": True},
        "seen": {"type": "date"},
        "mix": {"type": "gender_distribution"},
    },
    "deal": {"bonus": {"type": "money", "currency": "currency"}},
}

_PIECES = (
    *("true", "false", "null", "NaN", "-inf", "1e999", "0", "1", "-1", "0.5", "1.5", '"45"', '"1"'),
    *("5.0", "1e3", "1E-7", "-0", "-0.0", "1e15",),
    *("1e16", "1000000000000001", "0.30000000000000004",),
    *("9007199254740993", "123456789012345678901234567890", "1e-400", "2.5e-310", "0.1e1"),
    *('"32%"', '"100%"', '"100.5%"', '"3.25%"', '"-1%"', '"32 %"', '"7%\\n"', '"٣%"'),
    *('{"min":1}', '{"max":0.5}', '{"min":0.1,"max":"20%"}', '{"min":5,"max":2}', '{"min":null}'),
    *('{"min":1,"min":2}', '{"mix":1}', '{"min":"1%","max":null}', '{"min":1e400}'),
    *("{}", "[]", "[5]", "[null]", '["a","a"]', '["a","\\u0061"]', '[["a"]]', "[{}]"),
    *('""', '" "', '"-"', '"_ -"', '"\\u00a0"', '"true"', '"\\u0041"', '"é"', '"e\\u0301"'),
    *('"2026-3-2"', '"2026-02-30"', '"0999-12-31"', '"3000-01-01"', '"2026-03-02"', '"2999-12-31"'),
    *('"\\ud800"', '"\\udc00x"', '"\\ud83d\\ude00"',),
    *('"\\ud83dx"', '"\\u003a"', '"a:b"', '": null"',),
    *('"a\\tb"', '"a\tb"', '"\\x"', '"\\/"', '"\x7f"', '"\u2028"', '"\ufeff"', '"\x85"'),
    *('{"18-24":0.9,"25-34":0.9}', '{"18-24":0.5,"20-30":0.1}', '{"34-18":0.5}', '{"65+":"5%"}'),
    *('{"18-24":0.51,"25-34":0.51}', '{"18-24":0.5,"18-24":0.5}', '{"18-24":null}', '{"GB":1}'),
    *('{"GB":null,"FR":0.5}', '{"uk":0.5}', '{"female":0.5,"male":{"min":0.1}}', '{" ":0.1}'),
    *('[{"date":"2026-01-01","followers":5},{"date":"2026-01-01","followers":6}]',),
    *('[{"date":"2026-01-01","followers":5},{"date":"2025-01-01","followers":6}]',),
    *('[{"date":"2026-01-01","followers":{"min":5}},{"date":"2026-02-01","followers":6.0}]',),
    *('[{"brand":"X","category":null}]', '[{"from":"2026-02-01","until":"2026-01-01"}]'),
    *('{"from":"2026-02-01","until":"2026-01-01"}', '{"from":"2026-02-01","until":"2026-02-01"}'),
    *('{"rating":"50%","other":{"a":[1,{"b":null}]}}',),
    *('{"rating":2}', '{"x":1e17}', '{"x":{"x":1,"x":2}}',),
    *('{"fans":{}}', '{"fans":{"min":30,"max":20}}', '{"fans":{"min":18}}', '{"tags":["a","a"]}'),
    *('{"seen":"0001-01-01"}', '{"reply_fee":{"min":5,"max":9}}',),
    *('{"mix":{"female":0.9,"male":0.9}}',),
    *('{"score":-1e15}', '{"score":-0.0}',),
    *('{"a":' + '[' * 61 + ']' * 61 + '}', '[' * 80 + ']' * 80,),
    *('{"a":' + '[' * 64 + ']' * 64 + '}', '{"a":' + '{"a":' * 3000 + '1' + '}' * 3000 + '}'),
)  # fmt: skip
_INSERTED = (
    *('"a":null,', '"a":1,', '"id":"x",', '"person":null,', '"person":"p","person":null,'),
    *('"GB":0.1,', '"extra":{"rating":0.5},', '"$schema":"x",', '"$schema":5,', '"crm":[1,null],'),
    *('"crm":{"a":1,"a":2},', '"crm":1e400,', '"crm":12345678901234567,', '"followers":null,'),
    *('"crm":"x","crm":"x",', '"\\u0069d":"x",',),
    *('"pers\\u006fn":"\\u003a",', '"min":1,', '"date":"2026-01-01",',),
    *(",", ":", "{", "}", "[", "]", '"', "\\", " ", "\t", "\r", "\x0b", "\x00", "\ufeff", "{}"),
)  # fmt: skip
_TOKENS = ('"', ",", ":", "{", "}", "[", "]", "0", "1", "e", "-", ".", " ")
_NAMES = (
    *("followers", "person", "country", "languages", "as_of", "provider", "engagement", "audience"),
    *(
        "history",
        "average_monthly_views",
        "topics",
        "formats",
        "rates",
        "accepts_gifts",
        "observed",
    ),
    *("sponsorships", "sponsored_share", "exclusivity", "guidelines", "age_verified_over", "extra"),
    *("observed_period", "exclusivity_group", "id", "handle", "platform", "crm"),
)


def mutated(made: random.Random, text: str) -> str:
    """Change a line in one to three places."""
    for _ in range(made.randint(1, 3)):
        at = made.randrange(len(text)) if text else 0
        choice = made.random()
        if choice < 0.3:
            text = _value_replaced(made, text, at)
        elif choice < 0.6:
            text = _member_set(made, text)
        elif choice < 0.75:
            places = [place for place, each in enumerate(text) if each in "{,"] or [0]
            at = made.choice(places) + 1
            text = text[:at] + made.choice(_INSERTED) + text[at:]
        elif choice < 0.8:
            text = text[:at] + text[at + made.randint(1, 4) :]
        elif choice < 0.85:
            text = text[:at] + made.choice(_TOKENS) + text[at + 1 :]
        elif choice < 0.92:
            text = _reordered(made, text)
        else:
            text = _escaped(made, text)
    return text.replace("\n", " ").encode("utf-8", "replace").decode()


def _value_replaced(made: random.Random, text: str, at: int) -> str:
    """Put something else in the place of the value behind the next colon."""
    start = text.find(": ", at)
    ends = [end for end in (text.find(mark, start + 2) for mark in ",}]") if end > 0]
    if start < 0 or not ends:
        return text
    return text[: start + 2] + made.choice(_PIECES) + text[min(ends) :]


def _member_set(made: random.Random, text: str) -> str:
    """Give a member of the record another value, or one that it had not."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(record, dict):
        return text
    name = made.choice(_NAMES)
    inner = record.get(name)
    if isinstance(inner, dict) and inner and made.random() < 0.6:
        inner[made.choice(list(inner))] = "@value@"
    else:
        record[name] = "@value@"
    return json.dumps(record).replace('"@value@"', made.choice(_PIECES))


def _reordered(made: random.Random, text: str) -> str:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(record, dict):
        return text
    names = list(record)
    made.shuffle(names)
    separators = made.choice(((",", ":"), (" , ", " : "), (",\t", ":  ")))
    ascii_ = made.random() < 0.5
    turned = {name: record[name] for name in names}
    return " " * made.randint(0, 2) + json.dumps(turned, ensure_ascii=ascii_, separators=separators)


def _escaped(made: random.Random, text: str) -> str:
    """Write a letter of some text as an escape."""
    letters = [place for place, each in enumerate(text) if each.isalpha() or each in ":-"]
    if not letters:
        return text
    at = made.choice(letters)
    return f"{text[:at]}\\u{ord(text[at]):04x}{text[at + 1 :]}"


def numbers(made: random.Random) -> str:
    """Write a number in one of the ways that JSON has."""
    digits = "".join(made.choices("0123456789", k=made.randint(1, 25)))
    whole = digits.lstrip("0") or "0"
    text = made.choice(("", "-")) + whole[: made.randint(1, 18)]
    if made.random() < 0.7:
        text += "." + digits
    if made.random() < 0.4:
        text += f"e{made.randint(-30, 15)}"
    return text


def lines(count: int, seed: int) -> Iterator[str]:
    """Yield lines, of which most are changed in some way."""
    made = random.Random(seed)
    for number in range(count):
        record: dict[str, Any] = influencer(made, number)
        if made.random() < 0.2:
            record["extra"] = {"rating": round(made.random(), 3), "tags": ["x", "y"], "note": "z"}
        chance = made.random()
        if chance < 0.1:
            yield json.dumps(record)
        elif chance < 0.2:
            yield odd(made, record)
        elif chance < 0.25:
            yield broken(made, record)
        elif chance < 0.3:
            record["extra"] = {"score": "@score@", "rating": "@rating@"}
            text = json.dumps(record).replace('"@score@"', numbers(made))
            yield text.replace('"@rating@"', numbers(made).lstrip("-"))
        else:
            yield mutated(made, json.dumps(record))
