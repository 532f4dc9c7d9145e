"""All that examples say of rules: how they come out, what they show, and what they would notice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from checker.engine.configure import with_own_params
from checker.engine.coverage import Coverage, coverage
from checker.engine.examples import ExampleResult, run_examples
from checker.engine.mutation.testing import MutationResult, try_mutants
from checker.engine.ruleset import RuleSet, build_rules
from checker.model.frozen import dataclass
from checker.model.rules import Change, Example


@dataclass(frozen=True, slots=True, eq=False)
class RulesTested:
    """The examples' results, what they cover, and what became of mutants, if any were made.

    `changed` is what the configuration changes of rules: examples run on the packs' own params.
    `otherwise` are those that come out otherwise than expected on the configured ones.
    """

    examples: tuple[ExampleResult, ...]
    coverage: Coverage
    mutation: MutationResult | None
    changed: tuple[Change, ...] = ()
    otherwise: tuple[ExampleResult, ...] = ()

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
    """Run the examples of the packs with these names, and see what they are worth.

    No mutants are made while an example comes out otherwise than expected: each would be killed.
    """
    own = as_packed(rules)
    results = tuple(run_examples(own, packs))
    shown = coverage(own, packs, valid=valid)
    mutation = None
    if mutate and results and all(result.ok for result in results):
        mutation = try_mutants(own, packs, valid=valid, progress=progress)
    otherwise = () if own is rules else tuple(each for each in run_examples(rules) if not each.ok)
    ids = {rule.id for pack in rules.packs for rule in pack.rules}
    changed = tuple(change for change in rules.changes if change.rule in ids)
    return RulesTested(results, shown, mutation, changed, otherwise)


def as_packed(rules: RuleSet) -> RuleSet:
    """Return configured rules with the params that their packs have."""
    if not any(param.because for typed in rules.rules for param in typed.rule.params.values()):
        return rules
    return build_rules(with_own_params(rules.packs), rules.types, changes=rules.changes)


def together(tested: Sequence[RulesTested]) -> RulesTested:
    """Return what was found of several rule sets, of which no two have the same packs, as one."""
    mutations = [each.mutation for each in tested if each.mutation is not None]
    mutation = None
    if mutations:
        mutation = MutationResult(
            sum(each.made for each in mutations),
            sum(each.excused for each in mutations),
            tuple(one for each in mutations for one in each.survivors),
            tuple(one for each in mutations for one in each.unmatched),
        )
    parts = sum(each.coverage.parts for each in tested)
    gaps = tuple(gap for each in tested for gap in each.coverage.gaps)
    examples = tuple(example for each in tested for example in each.examples)
    changed = tuple(change for each in tested for change in each.changed)
    otherwise = tuple(example for each in tested for example in each.otherwise)
    return RulesTested(examples, Coverage(parts, gaps), mutation, changed, otherwise)
