"""All that examples say of rules: how they come out, what they show, and what they would notice."""

from __future__ import annotations

from collections.abc import Callable, Collection

from checker.engine.coverage import Coverage, coverage
from checker.engine.examples import ExampleResult, run_examples
from checker.engine.mutation.testing import MutationResult, try_mutants
from checker.engine.ruleset import RuleSet
from checker.model.frozen import dataclass
from checker.model.rules import Example


@dataclass(frozen=True, slots=True, eq=False)
class RulesTested:
    """The examples' results, what they cover, and what became of mutants, if any were made."""

    examples: tuple[ExampleResult, ...]
    coverage: Coverage
    mutation: MutationResult | None

    @property
    def failed(self) -> tuple[ExampleResult, ...]:
        """The examples that came out otherwise than expected."""
        return tuple(result for result in self.examples if not result.ok)

    @property
    def ok(self) -> bool:
        """Whether every example came out as expected, and every mutant was noticed."""
        return not self.failed and (self.mutation is None or self.mutation.ok)


def run_rule_tests(
    rules: RuleSet,
    packs: Collection[str],
    *,
    valid: Callable[[Example], bool],
    mutate: bool,
    progress: Callable[[int, int], None] | None = None,
) -> RulesTested:
    """Run the examples of rules, and see what those of the packs with these names are worth.

    No mutants are made while an example comes out otherwise than expected: each would be killed.
    """
    results = tuple(run_examples(rules))
    shown = coverage(rules, packs, valid=valid)
    mutation = None
    if mutate and results and all(result.ok for result in results):
        mutation = try_mutants(rules, packs, valid=valid, progress=progress)
    return RulesTested(results, shown, mutation)
