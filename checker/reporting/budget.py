"""What the deals of a report cost together: agreed ones are committed, the others proposed.

What a deal costs is the fact that packs call "cost"; without one there is nothing to add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from checker.model.frozen import dataclass
from checker.model.report import Budget, Report, Subject

_COST, _TIER = "cost", "tier"


@dataclass(frozen=True, slots=True)
class Sum:
    """Costs added up, from `low` to `high`; `unknown` is how many are not known."""

    low: float
    high: float
    deals: int
    unknown: int

    def text(self, currency: str) -> str:
        """Return the sum as "GBP 1,845", "GBP 400-600" or "GBP 300 and 2 not known"."""
        low, high = amount(self.low), amount(self.high)
        shown = f"{currency} {low}" if low == high else f"{currency} {low}\u2013{high}"
        return f"{shown} and {self.unknown:,} not known" if self.unknown else shown


@dataclass(frozen=True, slots=True)
class Spending:
    """What is committed, what is proposed beside it, and both by tier."""

    budget: Budget
    committed: Sum
    proposed: Sum
    tiers: tuple[tuple[str, Sum, Sum], ...]

    def left(self, *, all_: bool = False) -> tuple[float, float] | None:
        """Return what of the total is left, least and most, with all that is proposed or not."""
        total = ends(self.budget.total)
        if total is None:
            return None
        spent = [self.committed, *([self.proposed] if all_ else [])]
        return total[0] - sum(s.high for s in spent), total[1] - sum(s.low for s in spent)

    def line(self) -> str:
        """Return it in a line: "GBP 465 committed, GBP 300 proposed, of GBP 2,000"."""
        currency = self.budget.currency
        words = f"{self.committed.text(currency)} committed"
        if self.proposed.deals:
            words += f", {self.proposed.text(currency)} proposed"
        total = ends(self.budget.total)
        return words if total is None else f"{words}, of {Sum(*total, 0, 0).text(currency)}"

    def all_of_total(self) -> str:
        """Return what all deals cost, and the total: "GBP 765 of GBP 2,000"."""
        currency = self.budget.currency
        sums = (self.committed, self.proposed)
        low, high, deals, unknown = (
            sum(getattr(each, name) for each in sums)
            for name in ("low", "high", "deals", "unknown")
        )
        words = Sum(low, high, int(deals), int(unknown)).text(currency)
        total = ends(self.budget.total)
        return words if total is None else f"{words} of {Sum(*total, 0, 0).text(currency)}"


def spending(report: Report) -> Spending | None:
    """Return what a report's deals cost, None where that or the currency is not known."""
    people = [s for s in report.of_kind("influencer") if s.terms is not None]
    if report.budget is None or not any(_COST in subject.facts for subject in people):
        return None
    tiers: dict[str, list[Subject]] = {}
    for subject in people:
        fact = subject.facts.get(_TIER)
        tiers.setdefault(fact.text if fact is not None and fact.text else "not known", []).append(
            subject
        )
    return Spending(
        report.budget,
        *_split(people),
        tuple((name, *_split(members)) for name, members in tiers.items()),
    )


def _split(people: Sequence[Subject]) -> tuple[Sum, Sum]:
    agreed = [s for s in people if s.terms is not None and s.terms.state == "agreed"]
    return _sum(agreed), _sum(s for s in people if s not in agreed)


def _sum(people: Iterable[Subject]) -> Sum:
    values = [s.facts[_COST].value if _COST in s.facts else None for s in people]
    found = [each for each in map(ends, values) if each is not None]
    low, high = (sum(each[place] for each in found) for place in (0, 1))
    return Sum(low, high, len(values), len(values) - len(found))


def ends(value: Any) -> tuple[float, float] | None:
    """Return the ends of a number or a closed range, None of anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value, value
    if isinstance(value, dict) and {"min", "max"} <= set(value):
        return value["min"], value["max"]
    return None


def amount(value: float) -> str:
    """Return an amount with thousands apart, and its pence where it has some."""
    return f"{value:,.2f}".removesuffix(".00")
