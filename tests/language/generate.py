"""Random expressions that have types, and random records with holes.

Everything comes from a `random.Random`, so a seed repeats it and no test framework is needed.
`Maker(rng).flag()` is a condition on an influencer; `records(rng)` are whole records, and
`coarsened(rng, records)` the same with less known: fields dropped, numbers widened to ranges,
keys taken out of distributions.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.conformance.engines import Case

TODAY = "2026-03-02"
TOPICS = ("hair", "beauty", "cosmetics", "cars", "Food")
COUNTRIES = ("GB", "IE", "FR", "US")
FORMATS = ("post", "reel", "story")
GENDERS = ("female", "male", "other")
BANDS = ("13-17", "18-24", "25-34", "35-44", "45+")

TABLES: Mapping[str, Any] = {
    "tiers": {
        "kind": "bands",
        "rows": [
            {"from": 0, "below": 1000, "tier": "small", "points": 1},
            {"from": 1000, "to": 10000, "tier": "middle", "points": 2},
            {"above": 10000, "tier": "large", "points": 3},
        ],
    },
    "limits": {
        "kind": "lookup",
        "keys": ["country"],
        "columns": {"country": "code", "least": "share"},
        "rows": [{"country": "GB", "least": 0.4}, {"country": "IE", "least": 0.2}],
    },
    "topics": {"kind": "vocabulary", "words": {"beauty": ["cosmetics"], "hair": []}},
}
DEFINITIONS: Mapping[str, str] = {
    "twice(x)": "x + x",
    "larger(a, b)": "a if a > b else b",
    "pieces(items)": "sum(item.count for item in items)",
    "card(agreement)": (
        "sum(item.count * agreement.influencer.rates.fees[item.type]"
        " for item in agreement.deliverables)"
    ),
    "tier_of(person)": "band(person.followers, tables.tiers).tier",
    "shares_topic(a, b)": "any(topic in b.topics for topic in a.topics)",
}
PARAMS: Mapping[str, Any] = {
    "minimum": 0.5,
    "young": {"min": 18, "max": 34},
    "teen": {"max": 15},
    "adult": {"min": 18},
    "odd": {"min": 20, "max": 39},
    "topics": ["hair", "cars"],
    "most": {"amount": 500, "currency": "GBP"},
}
GIVEN: Mapping[str, Any] = {"tables": TABLES, "definitions": DEFINITIONS, "params": PARAMS}

Make = Callable[[int], str]


def case(expression: str, data: Mapping[str, Any]) -> Case:
    """Return the case of an expression on some records, for the engines."""
    return Case(expression, expression, False, GIVEN, {}, today=TODAY, records=data)


class Maker:
    """Makes expressions of one type each. `asks` allows exists and default.

    A depth of 0 makes a leaf. Loop variables get names of their own, so nothing is shadowed.
    """

    def __init__(self, rng: random.Random, *, asks: bool = True) -> None:
        self.rng = rng
        self.asks = asks
        self.loops = 0
        # What the loops around allow to read: leaves by type.
        self.near: dict[str, list[str]] = {}

    def make(self, type_: str, depth: int = 3) -> str:
        """Make an expression of a type: flag, number, money, date, label, code or a list."""
        maker: Make = getattr(self, type_)
        return maker(depth)

    def pick(self, *choices: str) -> str:
        """Return one of some texts."""
        return self.rng.choice(choices)

    def leaf(self, type_: str, *choices: str) -> str:
        """Return a leaf, rather one that belongs to a loop."""
        near = self.near.get(type_, ())
        return self.rng.choice(near) if near and self.rng.random() < 0.6 else self.pick(*choices)

    def one_of(self, *makers: Callable[[], str]) -> str:
        """Return what one of some makers makes."""
        return self.rng.choice(makers)()

    def condition_of(self, depth: int) -> str:
        """Make a condition between brackets."""
        return f"({self.flag(depth)})"

    def flag(self, depth: int = 3) -> str:
        """Make a condition."""
        if depth <= 0:
            return self.leaf(
                "flag",
                "influencer.accepts_gifts",
                "deal.contract.written",
                "influencer.guidelines.acknowledged",
                "last(influencer.sponsorships).disclosed",
                "brief.disclosure.platform_label",
                "true",
            )
        less = depth - 1
        makers = [
            lambda: self.comparison(less),
            lambda: self.comparison(less),
            lambda: f"({self.flag(less)} {self.pick('and', 'or')} {self.flag(less)})",
            lambda: f"(not {self.flag(less)})",
            lambda: f"({self.label(less)} {self.pick('in', 'not in')} {self.labels(less)})",
            lambda: f"({self.code(less)} {self.pick('in', 'not in')} {self.codes(less)})",
            lambda: f"({self.number(less)} in [{self.number(less)}, {self.number(less)}])",
            lambda: f"({self.flag(less)} if {self.flag(less)} else {self.flag(less)})",
            lambda: f"{self.pick('any', 'all')}({self.loop('flag', less)})",
            lambda: f"({self.number(0)} <= {self.number(less)} < {self.number(0)})",
            lambda: "shares_topic(influencer, brief.campaign)",
            lambda: f"(tier_of(influencer) == '{self.pick('small', 'middle', 'large')}')",
        ]
        if self.asks:
            makers.append(lambda: f"exists({self.path()})")
        return self.one_of(*makers)

    def comparison(self, depth: int) -> str:
        """Make a comparison of two of one type."""
        ordered = self.pick("<", "<=", ">", ">=", "==", "!=")
        equal = self.pick("==", "!=")
        return self.one_of(
            lambda: f"({self.number(depth)} {ordered} {self.number(depth)})",
            lambda: f"({self.number(depth)} {ordered} {self.number(depth)})",
            lambda: f"({self.money(depth)} {ordered} {self.money(depth)})",
            lambda: f"({self.date(depth)} {ordered} {self.date(0)})",
            lambda: f"({self.label(depth)} {equal} {self.label(0)})",
            lambda: f"({self.code(depth)} {equal} {self.code(0)})",
            lambda: f"({self.flag(0)} {equal} {self.flag(depth)})",
        )

    def number(self, depth: int = 3) -> str:
        """Make a number."""
        if depth <= 0:
            return self.leaf(
                "number",
                "influencer.followers",
                "influencer.average_monthly_views",
                "influencer.engagement.rate",
                "influencer.sponsored_share",
                "brief.target.minimum_share.age",
                "params.minimum",
                *("0", "1", "2", "0.5", "1_000", "10_000", "0.3", "-1"),
            )
        less = depth - 1
        operator = self.pick("+", "-", "*", "/")
        makers = [
            lambda: self.operation(operator, less),
            lambda: self.operation(operator, less),
            lambda: f"(-{self.number(less)})",
            lambda: f"abs({self.number(less)})",
            lambda: f"{self.pick('min', 'max')}({self.number(less)}, {self.number(less)})",
            lambda: f"({self.number(less)} if {self.flag(less)} else {self.number(less)})",
            lambda: f"count({self.one_of(lambda: self.labels(less), lambda: self.codes(less))})",
            lambda: f"{self.pick('sum', 'mean', 'min', 'max', 'last')}({self.numbers(less)})",
            lambda: f"days_between({self.date(less)}, {self.date(0)})",
            lambda: "last(influencer.history).followers",
            lambda: f"({self.money(less)} / {self.money(less)})",
            lambda: self.share(less),
            lambda: self.share(less),
            lambda: f"twice({self.number(less)})",
            lambda: f"larger({self.number(less)}, {self.number(less)})",
            lambda: f"pieces({self.pick('deal.deliverables', 'brief.deliverables')})",
            lambda: f"band({self.number(less)}, tables.tiers).points",
            lambda: f"lookup({self.code(0)}, tables.limits).least",
        ]
        if self.asks:
            path = self.pick("influencer.followers", "influencer.engagement.rate")
            makers.append(lambda: f"default({path}, {self.number(less)})")
        return self.one_of(*makers)

    def operation(self, operator: str, depth: int) -> str:
        """Make a sum or the like; shares of one distribution are not added."""
        left, right = self.number(depth), self.number(depth)
        both = {_whose_share(left), _whose_share(right)}
        if operator == "+" and len(both) == 1 and both != {""}:
            operator = "-"
        return f"({left} {operator} {right})"

    def share(self, depth: int) -> str:
        """Make a share of a distribution."""
        spans = ("young", "teen", "adult", "odd")
        age = f"params.{self.pick(*spans)}" if self.rng.random() < 0.8 else "brief.target.age"
        return self.one_of(
            lambda: f"share_aged(influencer.audience.age, {age})",
            lambda: f"share_of_known_ages(influencer.audience.age, {age})",
            lambda: f"share(influencer.audience.country, {self.codes(depth)})",
            lambda: f"influencer.audience.country[{self.code(0)}]",
            lambda: f"influencer.audience.gender['{self.pick(*GENDERS)}']",
            lambda: f"share(influencer.audience.gender, ['{self.pick(*GENDERS)}', 'other'])",
            lambda: f"share(influencer.observed, {self.labels(depth)})",
            lambda: f"influencer.observed['{self.pick(*TOPICS)}']",
        )

    def money(self, depth: int = 3) -> str:
        """Make an amount."""
        if depth <= 0:
            return self.leaf(
                "money",
                "deal.fee",
                "deal.gift_value",
                "brief.budget.total",
                "brief.budget.per_influencer",
                "influencer.rates.fees.post",
                "params.most",
                *("money(300, 'GBP')", "money(500, 'USD')"),
            )
        less = depth - 1
        makers = [
            lambda: f"({self.money(less)} {self.pick('+', '-')} {self.money(less)})",
            lambda: f"({self.money(less)} {self.pick('*', '/')} {self.number(less)})",
            lambda: f"({self.number(less)} * {self.money(less)})",
            lambda: f"(-{self.money(less)})",
            lambda: f"abs({self.money(less)})",
            lambda: f"{self.pick('min', 'max')}({self.money(less)}, 0, {self.money(less)})",
            lambda: f"({self.money(less)} if {self.flag(less)} else {self.money(less)})",
            lambda: f"{self.pick('sum', 'mean', 'min', 'max', 'last')}({self.loop('money', less)})",
            lambda: "card(deal)",
            lambda: f"twice({self.money(less)})",
        ]
        if self.asks:
            makers.append(lambda: f"default(deal.fee, {self.money(less)})")
        return self.one_of(*makers)

    def date(self, depth: int = 3) -> str:
        """Make a date."""
        leaf = self.leaf(
            "date",
            "today",
            "influencer.as_of",
            "last(influencer.history).date",
            "brief.campaign.start",
            "brief.campaign.end",
            "deal.contract.date",
        )
        if depth <= 0:
            return leaf
        less = depth - 1
        return self.one_of(
            lambda: leaf,
            lambda: f"({self.date(less)} if {self.flag(less)} else {self.date(less)})",
            lambda: f"{self.pick('min', 'max')}({self.date(less)}, {self.date(less)})",
            lambda: f"max({self.loop('date', less)})",
        )

    def label(self, depth: int = 3) -> str:
        """Make a label."""
        leaf = self.leaf("label", "brief.campaign.category", "last(influencer.topics)")
        if depth <= 0:
            return leaf
        less = depth - 1
        text = f"'{self.pick(*TOPICS)}'"
        return self.one_of(
            lambda: leaf,
            lambda: f"({self.label(less)} if {self.flag(less)} else {text})",
            lambda: f"last({self.labels(less)})",
        )

    def code(self, depth: int = 3) -> str:
        """Make a country."""
        leaf = self.leaf("code", "influencer.country", "last(brief.target.countries)")
        if depth <= 0:
            return leaf
        less = depth - 1
        text = f"'{self.pick(*COUNTRIES)}'"
        return self.one_of(
            lambda: leaf,
            lambda: f"({self.code(less)} if {self.flag(less)} else {text})",
            lambda: f"last({self.codes(less)})",
        )

    def labels(self, depth: int = 3) -> str:
        """Make a list of labels."""
        leaf = self.pick("influencer.topics", "brief.campaign.topics", "brief.avoid.topics")
        if depth <= 0:
            return leaf
        less = depth - 1
        return self.one_of(
            lambda: leaf,
            lambda: f"['{self.pick(*TOPICS)}', {self.label(less)}]",
            lambda: f"overlap({self.labels(less)}, {self.labels(less)})",
            lambda: f"overlap({self.labels(less)}, params.topics)",
            lambda: f"duplicates({self.labels(less)})",
            lambda: f"[{self.loop('label', less)}]",
            lambda: f"({self.labels(less)} if {self.flag(less)} else {self.labels(less)})",
        )

    def codes(self, depth: int = 3) -> str:
        """Make a list of countries."""
        if depth <= 0:
            return "brief.target.countries"
        less = depth - 1
        one, other = self.pick(*COUNTRIES), self.pick(*COUNTRIES)
        return self.one_of(
            lambda: "brief.target.countries",
            lambda: f"[{self.code(less)}, '{one}']",
            lambda: f"overlap({self.codes(less)}, ['{one}', '{other}'])",
            lambda: f"[{self.loop('code', less)}]",
        )

    def numbers(self, depth: int) -> str:
        """Make a list of numbers."""
        return self.one_of(
            lambda: f"[{self.number(depth)}, {self.number(depth)}]",
            lambda: self.loop("number", depth),
            lambda: self.loop("number", depth),
        )

    def path(self) -> str:
        """Make a path that exists may ask about."""
        return self.pick(
            "influencer.followers",
            "influencer.audience.age",
            "deal.fee",
            "brief.budget",
            "brief.target.countries",
            *self.near.get("path", ()),
        )

    def loop(self, type_: str, depth: int) -> str:
        """Make the inside of a comprehension whose members have a type."""
        name = f"x{self.loops}"
        self.loops += 1
        source, leaves = self.source(name)
        before = self.near
        self.near = {
            key: [*before.get(key, ()), *leaves.get(key, ())] for key in {*before, *leaves}
        }
        element = self.make(type_, depth)
        kept = f" if {self.flag(depth)}" if self.rng.random() < 0.6 else ""
        self.near = before
        return f"{element} for {name} in {source}{kept}"

    def source(self, name: str) -> tuple[str, dict[str, list[str]]]:
        """Choose a list to loop over, and what its members offer."""
        items = {
            "number": [f"{name}.count", f"{name}.usage_days"],
            "money": [f"influencer.rates.fees[{name}.type]"],
            "flag": [f"({name}.type == 'post')", f"({name}.count > 1)"],
            "path": [f"{name}.count"],
        }
        # Members of a made list have no place in a record, so exists does not ask about them.
        possible = {key: value for key, value in items.items() if key != "path"}
        history = {"number": [f"{name}.followers"], "date": [f"{name}.date"]}
        topics = {"label": [name]}
        countries = {"code": [name], "number": [f"influencer.audience.country[{name}]"]}
        tiers = {"number": [f"{name}.points"], "label": [f"{name}.tier"]}
        sponsors = {"flag": [f"{name}.disclosed"], "date": [f"{name}.date"]}
        return self.rng.choice(
            [
                ("deal.deliverables", items),
                ("brief.deliverables", items),
                (f"[y{name} for y{name} in deal.deliverables if y{name}.count > 1]", possible),
                ("influencer.history", history),
                ("influencer.topics", topics),
                ("brief.target.countries", countries),
                ("tables.tiers", tiers),
                ("influencer.sponsorships", sponsors),
            ]
        )


# Records


def records(rng: random.Random) -> dict[str, Any]:
    """Make a brief, an influencer and a deal in which everything is known exactly."""
    return {"brief": _brief(rng), "influencer": _influencer(rng), "deal": _deal(rng)}


def _brief(rng: random.Random) -> dict[str, Any]:
    return {
        "campaign": {
            "start": _date(rng),
            "end": _date(rng),
            "category": rng.choice(TOPICS),
            "topics": _some(rng, TOPICS),
        },
        "target": {
            "age": {"min": rng.choice([13, 18, 21]), "max": rng.choice([24, 34, 40])},
            "countries": _some(rng, COUNTRIES),
            "minimum_share": {"age": _share(rng)},
        },
        "budget": {"currency": "GBP", "total": _count(rng), "per_influencer": _count(rng)},
        "avoid": {"topics": _some(rng, TOPICS)},
        "exchange_rates": {"USD": 0.8, "EUR": 0.5},
        "disclosure": {"platform_label": rng.random() < 0.5},
        "deliverables": _deliverables(rng),
    }


def _influencer(rng: random.Random) -> dict[str, Any]:
    return {
        "followers": _count(rng),
        "average_monthly_views": _count(rng),
        "country": rng.choice(COUNTRIES),
        "as_of": _date(rng),
        "engagement": {"rate": _share(rng)},
        "sponsored_share": _share(rng),
        "accepts_gifts": rng.random() < 0.5,
        "guidelines": {"acknowledged": rng.random() < 0.5},
        "topics": _some(rng, TOPICS),
        "rates": {
            "currency": rng.choice(["GBP", "USD"]),
            "fees": {name: rng.randrange(0, 600) for name in FORMATS},
        },
        "history": [
            {"date": _date(rng), "followers": _count(rng)} for _ in range(rng.randrange(3))
        ],
        "sponsorships": [
            {"date": _date(rng), "disclosed": rng.random() < 0.5} for _ in range(rng.randrange(3))
        ],
        "audience": {
            "age": _distribution(rng, BANDS),
            "gender": _distribution(rng, GENDERS),
            "country": _distribution(rng, COUNTRIES),
        },
        "observed": _distribution(rng, ("hair", "cars", "beauty")),
    }


def _deal(rng: random.Random) -> dict[str, Any]:
    return {
        "fee": rng.randrange(0, 1000),
        "gift_value": rng.randrange(0, 200),
        "currency": rng.choice(["GBP", "USD", "EUR"]),
        "contract": {"written": rng.random() < 0.5, "date": _date(rng)},
        "deliverables": _deliverables(rng),
    }


def _deliverables(rng: random.Random) -> list[dict[str, Any]]:
    return [
        {"type": rng.choice(FORMATS), "count": rng.randrange(4), "usage_days": rng.randrange(90)}
        for _ in range(rng.randrange(4))
    ]


def _date(rng: random.Random) -> str:
    return f"2026-{rng.randrange(1, 5):02}-{rng.randrange(1, 28):02}"


def _count(rng: random.Random) -> int:
    return rng.choice([0, 1, 2, 3, 500, 999, 1000, 9_999, 10_000, 10_001, 250_000])


def _whose_share(expression: str) -> str:
    """Return the distribution that an expression is a share of, or an empty text."""
    found = re.fullmatch(r"share\(([\w.]+), .*\)|([\w.]+)\[[^\]]*\]", expression)
    return (found[1] or found[2]) if found else ""


def _share(rng: random.Random) -> float:
    return rng.choice([0, 0.1, 0.3, 0.5, 0.7, 1])


def _some(rng: random.Random, words: tuple[str, ...]) -> list[str]:
    return rng.sample(words, rng.randrange(len(words)))


def _distribution(rng: random.Random, keys: tuple[str, ...]) -> dict[str, float]:
    """Share out one hundred parts, all of them or some, over some keys."""
    chosen = rng.sample(keys, rng.randrange(1, len(keys) + 1))
    left, shares = 100, {}
    for key in chosen:
        part = rng.randrange(left + 1)
        shares[key] = part / 100
        left -= part
    # Shares of every key that there is leave nothing: what they lack would lie nowhere.
    if len(chosen) == len(keys) or rng.random() < 0.7:
        shares[chosen[0]] = (round(shares[chosen[0]] * 100) + left) / 100
    return shares


# The fields that may be ranges: how far to widen them, and the most that they can be.
_SHARES, _COUNTS = (0, 0.1, 0.2), (0, 1, 500)
RANGED: Mapping[tuple[str, ...], tuple[tuple[float, ...], float]] = {
    ("influencer", "followers"): (_COUNTS, 1e15),
    ("influencer", "average_monthly_views"): (_COUNTS, 1e15),
    ("influencer", "engagement", "rate"): (_SHARES, 1),
    ("influencer", "sponsored_share"): (_SHARES, 1),
    ("deal", "fee"): (_COUNTS, 1e15),
    ("deal", "gift_value"): (_COUNTS, 1e15),
    ("influencer", "rates", "fees", "post"): (_COUNTS, 1e15),
}


def coarsened(rng: random.Random, data: Mapping[str, Any], chance: float = 0.15) -> dict[str, Any]:
    """Return the same records with less known: the original is one way to fill them in."""
    made: dict[str, Any] = copy.deepcopy(dict(data))
    for path, (steps, most) in RANGED.items():
        holder: Any = made
        for name in path[:-1]:
            holder = holder.get(name, {})
        if path[-1] in holder and rng.random() < chance:
            holder[path[-1]] = _widened(holder[path[-1]], rng.choice(steps), most, rng)
    for part in made.values():
        _drop(rng, part, chance)
    return made


def _widened(value: Any, step: float, most: float, rng: random.Random) -> dict[str, float]:
    low, high = (
        (value.get("min", 0), value.get("max")) if isinstance(value, dict) else (value, value)
    )
    ends = {"min": max(0, low - step)}
    if high is not None and rng.random() < 0.9:
        ends["max"] = min(most, high + step)
    return ends


def _drop(rng: random.Random, data: Any, chance: float) -> None:
    if isinstance(data, list):
        for each in data:
            _drop(rng, each, chance)
        return
    # A span or a range is whole or missing: a span without an end is another span.
    if not isinstance(data, dict) or set(data) <= {"min", "max"}:
        return
    for key in list(data):
        if len(data) > 1 and rng.random() < chance:
            del data[key]
        else:
            _drop(rng, data[key], chance)
