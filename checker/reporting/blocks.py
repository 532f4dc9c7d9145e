"""What is the same for many people of a shortlist, said once with their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from checker.model.report import Outcome, Subject
from checker.reporting.evidence import side_row
from checker.reporting.outcomes import (
    add_advice,
    add_labelled,
    add_rows,
    label_of,
    matters,
)
from checker.reporting.page import Page
from checker.reporting.words import Places, deciding, plural, subject_name, unknown_remarks

# Up to so many influencers each has a section of their own.
FEW = 6
# Names and reasons of one block.
_MOST = 20

# Those to whom one rule says the same, each with its outcome.
Block = list[tuple[Subject, Outcome]]


def by_reason(subjects: Sequence[Subject]) -> tuple[list[Block], list[Subject]]:
    """Return what several influencers share, and the subjects with what is left of each.

    A waiver is somebody's own and stays with its subject.
    """
    found: dict[tuple[str, str], Block] = {}
    people = [subject for subject in subjects if subject.kind == "influencer"]
    for subject in people:
        for outcome in subject.outcomes:
            if matters(outcome) and outcome.waiver is None:
                key = (outcome.rule, label_of(outcome)[0])
                found.setdefault(key, []).append((subject, outcome))
    blocks = [block for block in found.values() if len(block) > 1]
    said = {id(outcome) for block in blocks for _, outcome in block}
    said |= {id(outcome) for subject in people for outcome in unknown_remarks(subject)}
    left = []
    for subject in subjects:
        own = tuple(outcome for outcome in subject.outcomes if id(outcome) not in said)
        unsaid = subject.verdict in ("undecided", "invalid") and not deciding(subject)
        if subject.kind != "influencer":
            left.append(subject)
        elif unsaid or subject.diagnostics or any(map(matters, own)):
            left.append(replace(subject, outcomes=own))
    return sorted(blocks, key=_rank), left


def _rank(block: Block) -> tuple[int, int]:
    labels = ("FAIL", "????", "warn", "note", "knwn")
    return labels.index(label_of(block[0][1])[0]), -len(block)


def add_block(page: Page, block: Block, places: Places) -> None:
    """Add what a rule says of several people: the reason, who they are, and what to do."""
    first = block[0][1]
    label, style = label_of(first)
    reasons: dict[str, list[str]] = {}
    for subject, outcome in block:
        remedy = f"; to pass: {', or '.join(outcome.to_pass)}" if outcome.to_pass else ""
        reasons.setdefault(f"{outcome.reason}{remedy}", []).append(subject_name(subject))
    alike = len({outcome.reason for _, outcome in block}) == 1
    said = first.reason if alike else plural(len(block), "influencer")
    page.blank()
    page.hang(f"{label} ", page.text(f"{first.rule}: {said}"), style=style, indent=5)
    if alike:
        add_labelled(page, "who", page.text(_names([subject_name(s) for s, _ in block])))
    else:
        for reason, names in list(reasons.items())[:_MOST]:
            page.hang("    ", page.text(f"{_names(names)}: {reason}"), indent=6)
        if len(reasons) > _MOST:
            page.add(f"    and {len(reasons) - _MOST:,} more reasons: --all, or -o json")
    if not first.decides:
        return
    rows = []
    if alike and first.has is not None:
        items = [item for _, o in block if o.has is not None for item in o.has.evidence]
        rows.append((*side_row("has", first.has, places)[:3], places.several(items)))
    if first.needs is not None and len({o.needs and o.needs.text for _, o in block}) == 1:
        rows.append(side_row("needs", first.needs, places))
    add_rows(page, rows)
    add_advice(page, first if len(reasons) == 1 else replace(first, remedies=()))


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def add_not_known(page: Page, subjects: Sequence[Subject]) -> None:
    """Add the warnings and notes that could not be settled, each with how many wait for it."""
    counts = Counter(
        rule
        for subject in subjects
        if subject.kind == "influencer"
        for rule in dict.fromkeys(outcome.rule for outcome in unknown_remarks(subject))
    )
    if counts:
        page.blank()
        said = ", ".join(f"{rule} for {count:,}" for rule, count in counts.most_common())
        page.hang("Not known: ", f"{page.text(said)} (warnings and notes)", indent=2)
