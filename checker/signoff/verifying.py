"""A sign-off checked: everything is run again, and what differs is told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from checker.model.inputs import Evaluation
from checker.signoff.claims import compare_brief, compare_rest
from checker.signoff.compare_files import ReadInput, compare_files, compare_packs, compare_tool
from checker.signoff.compare_outcomes import (
    compare_outcomes,
    compare_settings,
    compare_waivers,
    ending_soon,
    expired_waivers,
)
from checker.signoff.differences import PARTS, Difference, Verification, difference
from checker.signoff.record import SignOff, place_of
from checker.signoff.signatures import check_signature
from checker.signoff.statement import outcomes_part

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# Checks a brief: (its place, the folder that names start from, the date). Never raises
# CheckerError; what went wrong is in the evaluation.
Evaluate = Callable[[Path, Path, date], Evaluation]


def verify_signoff(
    record: SignOff,
    *,
    root: Path,
    evaluate: Evaluate,
    read: ReadInput,
    verifier: Ed25519PublicKey | None,
    may_skip: bool,
    today: date,
) -> Verification:
    """Run everything again at the record's own date, and return what differs.

    `root` is the folder that the record's paths start from. Waivers are also judged at `today`.
    Raises InputError where a recorded path leads out of the project.
    """
    state, found = check_signature(record, verifier, may_skip=may_skip)
    brief = place_of(record.predicate["brief"]["file"], root, record.shown)
    as_of = date.fromisoformat(record.predicate["as_of"])
    now = evaluate(brief, root, as_of)
    last = max(today, as_of)
    found += compare_tool(record)
    found += _compare(record, now, root=root, read=read)
    if not found and now.report is not None:
        found += compare_rest(record, now, now.report)
    found += expired_waivers(record, now.report, last)
    return Verification(
        shown=record.shown,
        statement=record.statement,
        signature=state,
        differences=tuple(sorted(found, key=lambda each: PARTS.index(each.part))),
        today=today.isoformat(),
        root=root,
        diagnostics=now.diagnostics,
        notes=tuple(ending_soon(record, now.report, last)),
    )


def _compare(
    record: SignOff, now: Evaluation, *, root: Path, read: ReadInput
) -> Iterator[Difference]:
    files = list(compare_files(record, now, root=root, read=read))
    if now.report is None:
        yield from files
        message = "the brief cannot be checked again; the messages above say why"
        codes = [each.code for each in now.diagnostics]
        yield difference("outcomes", "cannot-check", message, codes=codes)
        return
    yield from compare_brief(record, now.report)
    part = outcomes_part(now.report, now.shipped)
    yield from compare_packs(record, part["packs"])
    yield from files
    yield from compare_outcomes(record, part, now.report.verdict, now.report.renamed)
    yield from compare_waivers(record, part)
    yield from compare_settings(record, part)
