"""What a record says besides bytes and outcomes: anybody may have written it, so it is compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from checker.model.inputs import Evaluation
from checker.model.report import Report
from checker.signoff.canonical import canonical, plain
from checker.signoff.differences import Difference, Part, difference
from checker.signoff.record import SignOff
from checker.signoff.statement import SIGNED, make_statement

# A message quotes so much of a value; the JSON output has all of it.
_QUOTED = 60


def claim(part: Part, what: str, said: Any, found: Any, **about: Any) -> Difference:
    """Return that a record says `said` of what is `found` to be otherwise."""
    message = f"the record says that {what} is {_quoted(said)}; it is {_quoted(found)}"
    return difference(part, "record-says-other", message, before=said, after=found, **about)


def compare_brief(record: SignOff, report: Report) -> Iterator[Difference]:
    """Yield where the record calls the brief or its brand otherwise than they are called."""
    said = record.predicate["brief"]
    for name, found in (("id", report.brief), ("title", report.title), ("brand", report.brand)):
        if said[name] != found:
            what = "the brand" if name == "brand" else f"the brief's {name}"
            yield claim("record", what, said[name], found, path=f"brief.{name}")


def compare_rest(record: SignOff, now: Evaluation, report: Report) -> Iterator[Difference]:
    """Yield where the record differs from the one that would be written now, and nothing else does.

    Who signed, and when, is taken from the record: that is what a signature is for.
    """
    said = record.predicate
    made = make_statement(
        now,
        report,
        signed_by=said["signed_by"],
        signed_on=date.fromisoformat(said["signed_on"]),
        signed=said["assurance"] == SIGNED,
    )
    for path, one, other in _differing(plain(record.statement), plain(made), ""):
        if not path.startswith("predicate.integrity"):
            yield claim("record", path, one, other, path=path)


def _differing(said: Any, found: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield the places at which two values differ, as far down as they have the same shape."""
    if isinstance(said, Mapping) and isinstance(found, Mapping):
        for name in {**said, **found}:
            place = f"{path}.{name}" if path else name
            yield from _differing(said.get(name), found.get(name), place)
    elif isinstance(said, list) and isinstance(found, list) and len(said) == len(found):
        for index, (one, other) in enumerate(zip(said, found, strict=True)):
            yield from _differing(one, other, f"{path}[{index}]")
    elif canonical(said) != canonical(found):
        yield path, said, found


def _quoted(value: Any) -> str:
    if value is None:
        return "not there"
    text = f'"{value}"' if isinstance(value, str) else canonical(value).decode("ascii")
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"
