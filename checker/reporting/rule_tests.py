"""What `checker test` found, as text."""

from __future__ import annotations

from collections import Counter

from checker.engine.coverage import Coverage, Gap
from checker.engine.examples import ExampleResult
from checker.engine.mutation.search import Suggestion
from checker.engine.mutation.testing import MutationResult, Survivor
from checker.engine.rule_tests import RulesTested
from checker.reporting.diagnostics import place
from checker.reporting.example_yaml import equivalent_lines, example_lines
from checker.reporting.options import Options
from checker.reporting.page import Page
from checker.reporting.safe import inert
from checker.reporting.words import plural


def rule_tests_text(tested: RulesTested, options: Options) -> str:
    """Return how examples came out, what no example shows, and what none would notice."""
    page = Page(options)
    for result in tested.failed:
        _add_failure(page, result)
    for gap in tested.coverage.gaps:
        _add_gap(page, gap)
    if tested.mutation is not None:
        _add_mutation(page, tested.mutation)
    page.blank()
    _add_counts(page, tested)
    return page.render()


def _add_counts(page: Page, tested: RulesTested) -> None:
    examples = plural(len(tested.examples), "example")
    rules = plural(len({result.rule for result in tested.examples}), "rule")
    failed = len(tested.failed)
    outcome = f"{failed:,} not as expected" if failed else "all as expected"
    page.hang("", f"{examples} of {rules}: {outcome}")
    page.hang("", _covered(tested.coverage))
    if tested.mutation is not None:
        page.hang("", _noticed(tested.mutation))
    _add_changes(page, tested)


def _add_changes(page: Page, tested: RulesTested) -> None:
    """Add what the configuration changes, and what its params would make of the examples."""
    for change in tested.changed:
        because = f': "{page.text(change.because)}"' if change.because else ""
        where = page.text(place(change.position))
        page.hang("Changed    ", f"{page.text(change.text)}{because} ({where})")
    counts = Counter(result.rule for result in tested.otherwise)
    if counts:
        listed = ", ".join(f"{page.text(rule)} {count:,}" for rule, count in counts.items())
        note = "examples run on the packs' own params; with these, some come out otherwise: "
        page.hang(" " * 11, note + listed)


def _covered(coverage: Coverage) -> str:
    whole = plural(coverage.parts, "outcome and side", "outcomes and sides")
    if not coverage.gaps:
        return f"{whole} of conditions: all shown"
    return f"{whole} of conditions: {len(coverage.gaps):,} never shown"


def _noticed(mutation: MutationResult) -> str:
    made = plural(mutation.made, "change")
    survivors = len(mutation.survivors)
    said = f"{survivors:,} that no example notices" if survivors else "all noticed"
    if mutation.excused:
        listed = plural(mutation.excused, "listed equivalent")
        said += f", {listed}" if survivors else f" but {listed}"
    return f"{made} tried: {said}"


def _add_failure(page: Page, result: ExampleResult) -> None:
    page.blank()
    where = page.text(place(result.position))
    rule, expect, got = page.text(result.rule), page.text(result.expect), page.text(result.got)
    page.hang("", f"{where}: {rule}: expected {expect}, got {got}")
    if result.why:
        page.hang("  example  ", page.text(result.why))
    if result.reason:
        page.hang("  reason   ", page.text(result.reason))


def _add_gap(page: Page, gap: Gap) -> None:
    page.blank()
    head = f"{page.text(place(gap.position))}: {page.text(gap.owner)}:"
    if gap.part:
        page.hang("", f"{head} never {gap.side} in an example")
        page.hang("  part  ", page.text(gap.part))
        return
    page.hang("", f"{head} no example of {gap.side}")
    if gap.suggestion is not None:
        _add_suggestion(page, gap.suggestion)


def _add_mutation(page: Page, mutation: MutationResult) -> None:
    for survivor in mutation.survivors:
        _add_survivor(page, survivor)
    for unmatched in mutation.unmatched:
        page.blank()
        where = page.text(place(unmatched.equivalent.position))
        message = "an example notices this equivalent, or there is no such change"
        page.hang("", f"{where}: {page.text(unmatched.rule)}: {message}")
        page.hang("  listed  ", page.text(unmatched.equivalent.mutant))


def _add_survivor(page: Page, survivor: Survivor) -> None:
    mutant = survivor.mutant
    page.blank()
    where = page.text(place(mutant.position))
    page.hang("", f"{where}: {page.text(mutant.owner)}: no example notices a change")
    page.hang("  it says   ", page.text(mutant.old))
    page.hang("  not       ", page.text(mutant.new))
    if survivor.suggestion is not None:
        _add_suggestion(page, survivor.suggestion)
        return
    page.hang("  ", "No example was found that would. If none can, say why in the rule:")
    _add_lines(page, ["      equivalents:", *equivalent_lines(mutant.text)])


def _add_suggestion(page: Page, suggestion: Suggestion) -> None:
    rule, example = page.text(suggestion.rule), suggestion.example
    page.hang("  ", f"Add to the examples of {rule}, under {example.expect}:")
    _add_lines(page, example_lines(example))


def _add_lines(page: Page, lines: list[str]) -> None:
    # These are to be copied: they are as wide as they are.
    for line in lines:
        page.add(page.writable(inert(line)))
