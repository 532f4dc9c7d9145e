"""What captions come to in each market: the packs on disclosure, held against tables of drafts."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from checker.engine.outcomes import Case, bare_outcome, explained_outcome
from checker.engine.places import Records
from checker.engine.prepared import PreparedRule, make_desk
from checker.engine.ruleset import RuleSet, build_rules
from checker.engine.verdicts import verdict_of
from checker.loading.packs import load_packs
from checker.loading.source import SourceFile
from checker.loading.validation import SHIPPED, validate
from checker.loading.yaml_text import read_yaml
from checker.model.diagnostics import Position
from checker.model.records import Record
from checker.model.report import Outcome
from checker.model.types import TextType

FOLDER = Path(__file__).parent / "captions"
MARKETS = ("GB", "US", "DE", "FR", "IE", "CA", "AU")
USUAL = {"compensation": "fee", "platform": "facebook", "format": "post", "platform_label": False}


@dataclass(frozen=True)
class Row:
    """A draft for a market, and what it must come to.

    `says` stands in the reasons of what keeps it from passing, or warns; `warns` are warnings.
    """

    market: str
    caption: str
    verdict: str
    post: dict[str, Any] = field(default_factory=dict)
    says: str = ""
    warns: frozenset[str] = frozenset()

    @property
    def record(self) -> dict[str, Any]:
        given = {"caption": self.caption, **self.post}
        return {"id": "draft", "market": self.market, **USUAL, **given}


def _read(path: Path) -> Any:
    return read_yaml(SourceFile(path.name, path.read_text(encoding="utf-8"))).data


def rows() -> Iterator[Row]:
    """Give every row of every table, one for each market."""
    for path in sorted(FOLDER.glob("*.yaml")):
        table = _read(path)
        for each in table["captions"]:
            gives = each["gives"] if "gives" in each else [each["verdict"]]
            for market, verdict in zip(table["markets"], gives, strict=True):
                warns = frozenset(each["warns"].split()) if "warns" in each else frozenset()
                post, says = each.get("post", {}), each.get("says", "")
                yield Row(market, each["caption"], verdict, post, says, warns)


ROWS = list(rows())


@cache
def rules() -> RuleSet:
    """Return the rules on disclosure."""
    names = ("shared", "elsewhere", *map(str.lower, MARKETS))
    wanted = [(f"disclosure-{name}", None) for name in names]
    return build_rules(load_packs(wanted, root=Path()), SHIPPED.types)


def _record(kind: Any, data: dict[str, Any]) -> Record:
    return Record(kind, data["id"], data, lambda _: Position("captions"))


BRIEF = _record("brief", {"id": "spring", "title": "Spring"})
BRAND = _record("brand", {"id": "bramble", "name": "Bramble & Co"})


@cache
def prepared() -> list[PreparedRule]:
    """Return the rules, made ready for a brief that says nothing of its posts."""
    desk = make_desk(rules(), BRIEF, BRAND, datetime.date(2026, 3, 2))
    return [PreparedRule(typed, desk) for typed in rules().rules]


def outcomes(row: Row) -> list[Outcome]:
    """Run every rule on a draft."""
    first = prepared()[0].desk
    record = _record("post", row.record)
    bound = first.binders.record(record.data, SHIPPED.types["post"])
    values: dict[str, Any] = {"influencer": {}, "deal": {}, "post": bound}
    case = Case(values, Records({"brief": BRIEF, "brand": BRAND, "post": record}))
    return [_outcome(each, case) for each in prepared()]


def _outcome(rule: PreparedRule, case: Case) -> Outcome:
    status = rule.status(case.values)
    skipped = status == "skipped"
    return bare_outcome(rule, status) if skipped else explained_outcome(rule, status, case)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.market} {row.caption[:40]}")
def test_a_caption_comes_to_what_the_table_says(row: Row) -> None:
    assert not validate("post", row.record, lambda _: Position("captions"))
    found = outcomes(row)
    why = {each.rule: (each.status, each.reason) for each in found if each.status != "skipped"}
    assert verdict_of(found) == row.verdict, why
    said = " | ".join(each.reason for each in found if each.status in ("fail", "unknown"))
    assert row.says in said
    warned = {e.rule for e in found if e.severity == "warning" and e.status == "fail"}
    assert row.warns <= warned, why


@pytest.mark.parametrize("market", MARKETS)
def test_each_market_has_its_captions(market: str) -> None:
    own = {(row.caption, str(row.post)) for row in ROWS if row.market == market}
    verdicts = Counter(row.verdict for row in ROWS if row.market == market)
    assert len(own) >= 40
    assert min(verdicts[verdict] for verdict in ("pass", "fail", "undecided")) >= 3


def _verdict(market: str, caption: str, **post: Any) -> str:
    return verdict_of(outcomes(Row(market, caption, "", post)))


def test_a_caption_passes_in_ireland_and_fails_in_great_britain() -> None:
    caption = "In collaboration with @bramble: three ways to wear the new ribbons"
    assert _verdict("IE", caption, platform_label=True) == "pass"
    assert _verdict("GB", caption, platform_label=True) == "fail"


def test_a_gift_that_is_called_one_passes_in_ireland_and_is_risky_in_great_britain() -> None:
    caption = "#gifted Three ways to wear the new ribbons"
    assert _verdict("IE", caption, compensation="gift") == "pass"
    british = outcomes(Row("GB", caption, "", {"compensation": "gift"}))
    assert verdict_of(british) == "undecided"
    (warning,) = [each for each in british if each.rule == "label-wording-gb"]
    assert (warning.status, warning.reason.partition(";")[0]) == ("fail", "#gifted is risky in GB")


def test_the_outcome_points_at_the_place_in_the_caption() -> None:
    found = {each.rule: each for each in outcomes(Row("GB", "Ribbons #hair #ad #braids", ""))}
    place = found["label-place-gb"]
    assert (
        "the label ends at character 17 of the caption (Ribbons #hair #ad #braids)" in place.reason
    )
    (evidence,) = [each for each in place.evidence if each.path == "post.caption"]
    assert evidence.text == '"#ad" at character 15, in: Ribbons #hair #ad #braids'


@pytest.mark.parametrize(
    ("market", "caption", "kind"),
    [
        ("GB", "Werbung: neu", "a German label: Werbung"),
        ("US", "Publicité : nouveau", "a French label: Publicité"),
        ("DE", "#sponsored new", "an English label: #sponsored"),
        ("FR", "#spon new", "an English label: #spon"),
        ("CA", "#Werbung neu", "a German label: #Werbung"),
        ("AU", "#publicidad nuevo", "a label in another language: #publicidad"),
    ],
)
def test_a_label_in_another_language_is_named(market: str, caption: str, kind: str) -> None:
    (label,) = [
        each
        for each in outcomes(Row(market, caption, ""))
        if each.rule == f"label-{market.lower()}"
    ]
    assert label.status == "fail"
    assert f"; found {kind}" in label.reason


def test_a_market_without_a_pack_says_who_must_look() -> None:
    found = outcomes(Row("JP", "#PR three ways", ""))
    assert verdict_of(found) == "undecided"
    (one,) = [each for each in found if each.status == "unknown"]
    assert (one.rule, one.reason) == (
        "label-elsewhere",
        "cannot tell: the post has no clearance of the label",
    )
    assert one.ask_for == ("whether somebody who knows the market's law accepts the label",)
    assert _verdict("JP", "#PR three ways", label_cleared=True) == "pass"


def test_every_part_of_a_country_has_its_rules() -> None:
    market = SHIPPED.types["post"].fields["market"].type
    assert isinstance(market, TextType)
    for code in market.choices:
        ruled = code.partition("-")[0] in MARKETS
        statuses = {each.rule: each.status for each in outcomes(Row(code, "new", "fail"))}
        assert (statuses["label-elsewhere"] == "skipped") is ruled, code
        own = statuses.get(f"label-{code.partition('-')[0].lower()}")
        assert own == ("fail" if ruled else None), code
