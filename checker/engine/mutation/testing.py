"""Every mutant against the examples: which are killed, and which survive."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import groupby

from checker.engine.mutation.mutants import Mutant, mutants
from checker.engine.mutation.search import Search, Suggestion
from checker.engine.mutation.trial import Trial, Workbench
from checker.engine.ruleset import RuleSet, TypedRule
from checker.model.frozen import dataclass
from checker.model.rules import Equivalent, Example


@dataclass(frozen=True, slots=True, eq=False)
class Survivor:
    """A mutant that no example notices, and an example that would; None where none was found."""

    mutant: Mutant
    suggestion: Suggestion | None


@dataclass(frozen=True, slots=True, eq=False)
class Unmatched:
    """An equivalent that a rule lists, and that no surviving mutant is."""

    rule: str
    equivalent: Equivalent


@dataclass(frozen=True, slots=True, eq=False)
class MutationResult:
    """What became of the mutants: how many were made, and those that survived, in order.

    `excused` counts those that survived and are listed as equivalents.
    """

    made: int
    excused: int
    survivors: tuple[Survivor, ...]
    unmatched: tuple[Unmatched, ...]

    @property
    def ok(self) -> bool:
        """Whether every mutant was killed or is listed, and nothing else is."""
        return not (self.survivors or self.unmatched)


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
    killers, search, listed = _Killers(bench), Search(bench, valid), _Listed(rules, packs)
    found = list(mutants(rules, packs))
    made = excused = 0
    survivors = []
    for number, mutant in enumerate(found):
        if progress is not None:
            progress(number, len(found))
        noticed = killers.notice(mutant)
        if noticed is None:
            continue  # No rule any more: an author would have been told.
        made += 1
        if noticed:
            continue
        if listed.excuse(mutant):
            excused += 1
        else:
            survivors.append(Survivor(mutant, search.find(mutant)))
    return MutationResult(made, excused, tuple(survivors), listed.unmatched())


class _Listed:
    """The equivalents that rules list, and which of them were met."""

    def __init__(self, rules: RuleSet, packs: Collection[str]) -> None:
        self.entries = [
            Unmatched(typed.rule.id, equivalent)
            for typed in rules.rules
            if typed.pack.name in packs
            for equivalent in typed.rule.equivalents
        ]
        self.met: set[int] = set()

    def excuse(self, mutant: Mutant) -> bool:
        """Tell whether a rule that reads a mutant lists it."""
        readers = {typed.rule.id for typed in mutant.rules}
        found = {
            id(entry)
            for entry in self.entries
            if entry.rule in readers and entry.equivalent.mutant == mutant.text
        }
        self.met |= found
        return bool(found)

    def unmatched(self) -> tuple[Unmatched, ...]:
        """Return those that no survivor was."""
        return tuple(entry for entry in self.entries if id(entry) not in self.met)


class _Killers:
    """Tries examples, those first that killed before."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self._order: dict[str, list[Example]] = {}

    def notice(self, mutant: Mutant) -> bool | None:
        """Tell whether an example notices a mutant; None where its rules do not load any more.

        Of a definition that many packs read, those of its own pack are asked first.
        """
        for _, group in groupby(mutant.rules, lambda typed: typed.pack.name):
            built = self.bench.build(list(group), mutant)
            if built is None:
                return None
            if any(self._kills(built, typed) for typed in built.rules):
                return True
        return False

    def _kills(self, built: RuleSet, typed: TypedRule) -> bool:
        """Tell whether an example comes out otherwise than it expects."""
        trial = Trial(built, typed)
        order = self._order.setdefault(typed.rule.id, list(typed.rule.examples))
        for index, example in enumerate(order):
            if trial.status(example) != example.expect:
                order.insert(0, order.pop(index))
                return True
        return False
