"""One influencer through all shipped packs, beside the bare conditions in other engines.

Run it with `make bench`. Everything is loaded, parsed and compiled before the clock starts. Each
round binds the records of one influencer anew and asks every rule; the others get the same data
with shares as numbers, which this program reads as they are written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from checker import api
from checker.engine.outcomes import bare_outcome
from checker.engine.prepared import PreparedRule, make_desk
from checker.loading.campaigns import load_campaign
from checker.loading.project import Projects
from checker.model.records import Campaign, Entry
from tests.bench.conditions import CONDITIONS
from tests.bench.harness import Work, compare, table

ROOT = Path(__file__).parents[2]
BRIEF = ROOT / "samples/bramble/spring/brief.yaml"
AS_OF = date(2026, 3, 2)
# So many influencers make one measurement, which a clock can take.
BATCH = 100

Statuses = dict[str, str]


class Subject:
    """The spring brief and its first influencer, loaded; and the rules, prepared for them."""

    def __init__(self) -> None:
        project = Projects().of(BRIEF)
        rules = api.load_rules(project=project)
        self.campaign: Campaign = load_campaign(BRIEF, project)
        self.entry: Entry = self.campaign.shortlist[0]
        self.desk = make_desk(rules, self.campaign.brief, self.campaign.brand, AS_OF)
        typed = [rule for rule in rules.rules if rule.rule.scope == "influencer"]
        self.all = [PreparedRule(rule, self.desk) for rule in typed]
        self.same = [prepared for prepared in self.all if prepared.rule.id in CONDITIONS]

    def judge(self, rules: list[PreparedRule]) -> Statuses:
        """Bind the records, and ask the rules as `judge` does for whatever passes."""
        entry, desk = self.entry, self.desk
        assert entry.influencer is not None
        types = desk.rules.types
        influencer = desk.binders.record(entry.influencer.data, types["influencer"])
        terms = desk.binders.record(entry.deal.data, types["deal"])
        values = {"influencer": influencer, "deal": {**terms, "influencer": influencer}}
        found: Statuses = {}
        for prepared in rules:
            outcome = bare_outcome(prepared, prepared.status(values))
            found[outcome.rule] = outcome.status
        return found

    def plain(self) -> dict[str, Any]:
        """Return the records for other engines, with shares as numbers."""
        assert self.entry.influencer is not None
        records = {
            "influencer": self.entry.influencer.data,
            "deal": self.entry.deal.data,
            "brief": self.campaign.brief.data,
            "brand": self.campaign.brand.data,
        }
        plain: dict[str, Any] = json.loads(json.dumps(_with_numbers(records)))
        return plain


def _with_numbers(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _with_numbers(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_with_numbers(each) for each in value]
    if isinstance(value, str) and value.endswith("%"):
        return float(value[:-1]) / 100
    return value


def cel(records: Mapping[str, Any]) -> Callable[[], Statuses]:
    """Return the conditions in cel-expr-python, compiled; records are converted in each call."""
    from cel_expr_python import cel as library

    env = library.NewEnv(variables=dict.fromkeys(records, library.Type.DYN))
    compiled = {rule: env.compile(written) for rule, (written, _) in CONDITIONS.items()}

    def work() -> Statuses:
        activation = env.Activation(records)
        return {
            rule: "pass" if condition.eval(activation).value() is True else "fail"
            for rule, condition in compiled.items()
        }

    return work


def zen(records: Mapping[str, Any]) -> Callable[[], Statuses]:
    """Return the conditions in zen-engine as one list, so that records are converted once."""
    import zen as library

    written = ", ".join(condition for _, condition in CONDITIONS.values())
    compiled = library.compile_expression(f"[{written}]")
    context = dict(records)

    def work() -> Statuses:
        results = compiled.evaluate(context)
        return {
            rule: "pass" if result is True else "fail"
            for rule, result in zip(CONDITIONS, results, strict=True)
        }

    return work


def _batch(work: Callable[[], Statuses]) -> Work:
    def batch() -> None:
        for _ in range(BATCH):
            work()

    return batch


def main() -> None:
    """Check that all agree, time them, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    arguments = parser.parse_args()
    subject = Subject()
    records = subject.plain()
    count = len(CONDITIONS)
    contenders: dict[str, Callable[[], Statuses]] = {
        f"checker, all {len(subject.all)} rules": lambda: subject.judge(subject.all),
        f"checker, the same {count} rules": lambda: subject.judge(subject.same),
        f"cel-expr-python, {count} bare conditions": cel(records),
        f"zen-engine, {count} bare conditions": zen(records),
    }
    for name, work in contenders.items():
        wrong = {rule for rule, status in work().items() if rule in CONDITIONS and status != "pass"}
        if wrong:
            raise SystemExit(f"{name}: {', '.join(sorted(wrong))} should pass")
    timings = compare(
        {name: _batch(work) for name, work in contenders.items()}, rounds=arguments.rounds
    )
    asked = [status for status in subject.judge(subject.all).values() if status != "skipped"]
    print(f"one influencer, {arguments.rounds} rounds, Python {sys.version.split()[0]}")
    print(
        f"{len(asked)} of {len(subject.all)} rules apply; {count} of them can be written in the "
        "others' languages, without unknown values, ranges, currencies and synonyms"
    )
    print(table(timings, per=BATCH))


if __name__ == "__main__":
    main()
