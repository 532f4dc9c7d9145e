"""Random rules that have types, for single records and columns to agree on."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Mapping
from typing import Any

from checker.engine.prepared import PreparedRule, make_desk
from checker.engine.ruleset import RuleSet, build_rules
from checker.loading.pack_file import parse_pack
from checker.loading.source import SourceFile
from checker.loading.validation import SHIPPED
from checker.model.diagnostics import Position, RulesError
from checker.model.records import Record
from tests.language.generate import DEFINITIONS, PARAMS, TABLES, TODAY, Maker, coarsened, records

# Words as people write them, with the spaces and signs that fold away.
_ODD = (
    *("Hair ", " cars", "skin_care", "Make-Up", "a--b", "it's", 'say "so"', "%", "x\\y"),
    *(
        "\uff28air",
        "hair\u200b",
        "Skin\u00a0\u2003care",
        "Stra\u00dfe",
        "STRASSE",
        "cre\u0301me",
        "\u0130",
    ),
)
_PLATFORMS = ("instagram", "tiktok", "youtube")
_BRANDS = ("Acme", "acme ", "Bramble & Co")
# What the count of one day must have.
_COUNT = ("date", "followers")


def _record(kind: Any, data: Mapping[str, Any]) -> Record:
    return Record(kind, kind, data, lambda path: Position(kind))


def rule(made: random.Random, number: int) -> dict[str, Any]:
    """Make a rule; most of them have types."""
    maker = Maker(made)
    found: dict[str, Any] = {
        "id": f"r{number}",
        "title": "A rule",
        "scope": "influencer",
        "severity": made.choice(("error", "error", "warning", "note")),
        "source": "ours",
        "params": {name: {"default": value, "source": "ours"} for name, value in PARAMS.items()},
        "require": maker.flag(made.randrange(1, 4)),
    }
    if made.random() < 0.4:
        found["when"] = maker.flag(made.randrange(1, 3))
    if made.random() < 0.5:
        found["let"] = {"value": maker.number(2), "words": maker.labels(2)}
        found["require"] = f"({found['require']}) {made.choice(('and', 'or'))} value > 1"
        found["pass"] = "{value:number} against {params.minimum:number}, {words:list}"
        found["fail"] = f"{{value:number}} of {{{maker.money(1)}:money}}; {{{maker.date(1)}:date}}"
    elif made.random() < 0.5:
        found["fail"] = f"{{{maker.share(1)}:percent}} is not {{params.minimum:percent}}"
        found["pass"] = f"{{{maker.label(1)}:text}} and {{{maker.flag(1)}:text}}"
    return found


def rule_set(made: random.Random, count: int) -> RuleSet | None:
    """Make rules, those that have types."""
    rules = [each for each in (rule(made, number) for number in range(count)) if _typed([each])]
    return _typed(rules) if rules else None


def _typed(rules: list[dict[str, Any]]) -> RuleSet | None:
    pack = {
        "pack": "random",
        "version": "1.0.0",
        "title": "Random rules",
        "tables": {name: {**table, "source": "ours"} for name, table in TABLES.items()},
        "definitions": DEFINITIONS,
        "rules": rules,
    }
    try:
        return build_rules([parse_pack(SourceFile("r.yaml", json.dumps(pack)))], SHIPPED.types)
    except RulesError:
        return None


def person(made: random.Random) -> dict[str, Any]:
    """Make an influencer with holes and ranges, and with all that the schema requires."""
    whole = records(made)
    data = coarsened(made, whole, made.choice((0.0, 0.1, 0.3)))["influencer"]
    found: dict[str, Any] = {"id": "x", "handle": "@x", "platform": made.choice(_PLATFORMS), **data}
    found.setdefault("followers", whole["influencer"]["followers"])
    if "history" in found:
        found["history"] = [each for each in found["history"] if len(each) == len(_COUNT)]
    for each in found.get("sponsorships", ()):
        each["brand"] = made.choice(_BRANDS)
    if "topics" in found and made.random() < 0.2:
        found["topics"] = [*found["topics"], made.choice(_ODD)]
    return found


def prepared(made: random.Random, count: int) -> tuple[list[PreparedRule], Record, Record]:
    """Make rules for a random brief; none where no rule has types."""
    brief = _record("brief", coarsened(made, records(made), made.choice((0.0, 0.2)))["brief"])
    brand = _record("brand", {})
    rules = rule_set(made, count)
    if rules is None:
        return [], brief, brand
    desk = make_desk(rules, brief, brand, datetime.date.fromisoformat(TODAY))
    found = [PreparedRule(each, desk) for each in rules.rules]
    kept = [each for each in found if each.never_applies or not each.unknown_by_brief]
    return kept, brief, brand
