"""Twelve plain rules on influencers in Parquet, beside zen-engine, cel-expr-python, the evaluator.

    python -m tests.bench.plain

`checker screen` reads the file, asks the rules of `tests.bench.plain_rules`, which every engine can
express, and gives the summary: how many pass, what the others are lost to, the best; or it writes
the table too, with outcomes and reasons. It runs on all cores, on a file and on one of twice the
length: what the second takes more is the cost of its influencers, without the start. The others are
given the first influencers as data in memory, their conditions compiled; they run on one core and
write nothing. All must give each rule the same status for each influencer.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench.plain_rules import RULES, read_first, write_project
from tests.bench.process import Cost, machine, markdown, middle, run

AS_OF = date(2026, 3, 2)
SELF = "checker screen"
# What screening is asked for: the summary alone, or the table too.
SUMMARY, TABLE = "summary", "table"

Statuses = tuple[str, ...]
# Judges some influencers, each with a status for each rule.
Engine = Callable[[Sequence[Mapping[str, Any]]], list[Statuses]]


@dataclass
class Files:
    """A brief, rosters by their length, and where tables go."""

    folder: Path
    brief: Path
    rosters: dict[int, Path] = field(default_factory=dict)

    def table(self, rows: int) -> Path:
        """Return where the table of a roster goes."""
        return self.folder / f"{rows}.screened.parquet"


def main() -> int:
    """Measure, compare every status, and print the table."""
    options = _options()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        files = Files(folder, write_project(folder))
        for rows in (options.rows, 2 * options.rows):
            files.rosters[rows] = folder / f"{rows}.parquet"
            code = [sys.executable, "-m", "tests.bench.plain_rules"]
            run([*code, str(files.rosters[rows]), str(rows)])
        people = read_first(files.rosters[options.rows], options.sample)
        others = engines(files.brief)
        screened: dict[tuple[str, int], list[Cost]] = {
            (asked, rows): [] for asked in (SUMMARY, TABLE) for rows in files.rosters
        }
        spent: dict[str, list[Cost]] = {name: [] for name in others}
        for number in range(options.rounds):
            for asked, rows in screened if number % 2 == 0 else reversed(screened):
                screened[asked, rows].append(screen(files, rows, asked))
            for name, engine in others.items():
                spent[name].append(time_engine(engine, people))
        wrong = compare_statuses(files.table(options.rows), people, others)
    print(
        f"{machine()}; rounds: {options.rounds}; {len(RULES)} rules, {len(people):,} influencers\n"
    )
    print(table(screened, spent))
    for problem in wrong:
        print(problem, file=sys.stderr)
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=250_000, help="influencers of the shorter file")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each; the median counts")
    parser.add_argument(
        "--sample", type=int, default=2_000, help="influencers the others are given"
    )
    return parser.parse_args()


def screen(files: Files, rows: int, asked: str) -> Cost:
    """Screen a roster in a process of its own."""
    command = [sys.executable, "-m", "checker", "screen", str(files.brief)]
    command += [str(files.rosters[rows]), "--as-of", str(AS_OF)]
    if asked == TABLE:
        command += ["-o", str(files.table(rows))]
    print(f"screening {rows:,} for the {asked}", file=sys.stderr, flush=True)
    return run(command)


def engines(brief: Path) -> dict[str, Engine]:
    """Return what screening is compared with, loaded and compiled."""
    return {
        "zen-engine, one list of all conditions": zen(),
        "zen-engine, each condition by itself": zen_one_by_one(),
        "cel-expr-python": cel(),
        "the evaluator": evaluator(brief),
    }


def cel() -> Engine:
    """Return cel-expr-python: a record is converted once, for all conditions."""
    from cel_expr_python import cel as library

    env = library.NewEnv(variables={"influencer": library.Type.DYN})
    compiled = [env.compile(rule.cel) for rule in RULES.values()]

    def one(person: Mapping[str, Any]) -> Statuses:
        activation = env.Activation({"influencer": person})
        return tuple(_status(condition.eval(activation).value()) for condition in compiled)

    return lambda people: [one(person) for person in people]


def zen() -> Engine:
    """Return zen-engine: all conditions are one list, so that a record is converted once."""
    import zen as library

    written = ", ".join(rule.zen for rule in RULES.values())
    compiled = library.compile_expression(f"[{written}]")

    def one(person: Mapping[str, Any]) -> Statuses:
        return tuple(_status(value) for value in compiled.evaluate({"influencer": person}))

    return lambda people: [one(person) for person in people]


def zen_one_by_one() -> Engine:
    """Return zen-engine as separate rules ask it: the record is converted for each condition."""
    import zen as library

    compiled = [library.compile_expression(rule.zen) for rule in RULES.values()]

    def one(person: Mapping[str, Any]) -> Statuses:
        context = {"influencer": person}
        return tuple(_status(condition.evaluate(context)) for condition in compiled)

    return lambda people: [one(person) for person in people]


def _status(value: object) -> str:
    """Return a status; what is neither true nor false is shown, and will differ."""
    if value is True:
        return "pass"
    return "fail" if value is False else repr(value)


def evaluator(brief: Path) -> Engine:
    """Return the program's own evaluator, in Python."""
    from checker import api
    from checker.engine.prepared import PreparedRule, make_desk
    from checker.loading.campaigns import load_campaign
    from checker.loading.project import Projects

    project = Projects().of(brief)
    rules = api.load_rules(project=project)
    campaign = load_campaign(brief, project)
    desk = make_desk(rules, campaign.brief, campaign.brand, AS_OF)
    by_id = {rule.rule.id: PreparedRule(rule, desk) for rule in rules.rules}
    prepared = [by_id[name] for name in RULES]

    def one(person: Mapping[str, Any]) -> Statuses:
        bound = desk.binders.record(person, desk.rules.types["influencer"])
        values = {"influencer": bound, "deal": {"influencer": bound}}
        return tuple(rule.status(values) for rule in prepared)

    return lambda people: [one(person) for person in people]


def statuses_in(table: Path, count: int) -> list[Statuses]:
    """Return the statuses of the first influencers of a screened table."""
    import pyarrow.parquet as pq

    (batch,) = pq.read_table(table, columns=["outcomes"]).slice(0, count).to_pydict().values()
    found = [{each["rule"]: each["status"] for each in outcomes} for outcomes in batch]
    return [tuple(one[name] for name in RULES) for one in found]


def compare_statuses(
    table: Path, people: Sequence[Mapping[str, Any]], others: Mapping[str, Engine]
) -> list[str]:
    """Say where an engine gives another status than screening, of each the first."""
    wanted = statuses_in(table, len(people))
    problems = []
    for name, engine in others.items():
        found = engine(people)
        differ = [n for n, (a, b) in enumerate(zip(wanted, found, strict=True)) if a != b]
        if differ:
            one = differ[0]
            problems.append(
                f"{name} differs on {len(differ):,} influencers, first on {people[one]['id']}:"
                f" {dict(zip(RULES, found[one], strict=True))}"
            )
    never_both = [
        name for n, name in enumerate(RULES) if {row[n] for row in wanted} != {"pass", "fail"}
    ]
    if never_both:
        problems.append(f"these do not both pass and fail: {', '.join(never_both)}")
    return problems


def time_engine(engine: Engine, people: Sequence[Mapping[str, Any]]) -> Cost:
    """Return what an engine takes for one influencer."""
    wall, cpu = time.perf_counter(), time.process_time()
    engine(people)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Cost(wall / len(people), cpu / len(people), 0.0)


def table(
    screened: Mapping[tuple[str, int], Sequence[Cost]], spent: Mapping[str, Sequence[Cost]]
) -> str:
    """Return what each takes for one influencer, as a multiple of what screening does."""
    costs, rows = {}, []
    for asked in (SUMMARY, TABLE):
        (few, less), (many, more) = (
            (count, middle(runs)) for (which, count), runs in screened.items() if which == asked
        )
        new = many - few
        costs[asked] = Cost((more.wall - less.wall) / new, (more.cpu - less.cpu) / new, more.memory)
        whole = Cost(more.wall / many, more.cpu / many, more.memory)
        rows.append([f"{SELF}, {asked}: {new:,} more", *_microseconds(costs[asked]), "", "", ""])
        name = f"{SELF}, {asked}: {many:,} with the start"
        rows.append([name, *_microseconds(whole), "", "", ""])
    one, other = costs[SUMMARY], costs[TABLE]
    for name, runs in spent.items():
        cost = middle(runs)
        pairs = ((cost.wall, one.wall), (cost.cpu, one.cpu), (cost.wall, other.wall))
        rows.append([name, *_microseconds(cost), *(_times(*pair) for pair in pairs)])
    heads = ("", "clock µs", "CPU µs", "times the summary", "by CPU", "times the table")
    return markdown(heads, rows)


def _times(theirs: float, ours: float) -> str:
    """Return a multiple; a longer file that took no longer says nothing."""
    return f"{theirs / ours:.1f}" if ours > 0 else "file too short"


def _microseconds(cost: Cost) -> list[str]:
    return [f"{cost.wall * 1e6:.2f}", f"{cost.cpu * 1e6:.2f}"]


if __name__ == "__main__":
    sys.exit(main())
