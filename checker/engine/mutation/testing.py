"""Every mutant against the examples: which are killed, and which survive."""

from __future__ import annotations

from collections.abc import Callable, Collection

from checker.engine.mutation.mutants import Mutant, mutants
from checker.engine.mutation.search import Search, Suggestion
from checker.engine.mutation.trial import Workbench, status_on
from checker.engine.ruleset import RuleSet
from checker.model.frozen import dataclass
from checker.model.rules import Example


@dataclass(frozen=True, slots=True, eq=False)
class Survivor:
    """A mutant that no example notices, and an example that would; None where none was found."""

    mutant: Mutant
    suggestion: Suggestion | None


@dataclass(frozen=True, slots=True, eq=False)
class MutationResult:
    """What became of the mutants: how many were made, and those that survived, in order."""

    made: int
    survivors: tuple[Survivor, ...]


def try_mutants(
    rules: RuleSet,
    packs: Collection[str],
    *,
    valid: Callable[[Example], bool],
    progress: Callable[[int, int], None] | None = None,
) -> MutationResult:
    """Try every mutant of the packs with these names on the examples of the rules that it is in.

    `valid` tells whether the records of an example are such as the schemas allow.
    """
    bench = Workbench(rules.packs, rules.types)
    killers, search = _Killers(), Search(valid)
    found = list(mutants(rules, packs))
    made, survivors = 0, []
    for number, mutant in enumerate(found):
        if progress is not None:
            progress(number, len(found))
        built = bench.build(mutant.rules, mutant)
        if built is None:
            continue
        made += 1
        if not killers.kill(mutant, built):
            right = bench.build(mutant.rules)
            assert right is not None  # It was typed before.
            survivors.append(Survivor(mutant, search.find(mutant, right, built)))
    return MutationResult(made, tuple(survivors))


class _Killers:
    """Tries examples, those first that killed before."""

    def __init__(self) -> None:
        self._order: dict[str, list[Example]] = {}

    def kill(self, mutant: Mutant, built: RuleSet) -> bool:
        """Tell whether an example comes out otherwise than it expects."""
        for typed in built.rules:
            order = self._order.setdefault(typed.rule.id, list(typed.rule.examples))
            for index, example in enumerate(order):
                if status_on(built, typed, example) != example.expect:
                    order.insert(0, order.pop(index))
                    return True
        return False
