"""Small phrases that several parts of the text report share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from checker.model.diagnostics import Diagnostic, Position
from checker.model.report import VERDICTS, Evidence, Outcome, PackUsed, Subject, Verdict
from checker.model.rules import Source
from checker.reporting.diagnostics import place

VERDICT_STYLES: dict[Verdict, str] = {
    "pass": "good",
    "undecided": "open",
    "fail": "bad",
    "invalid": "bad",
}

# Roots that say nothing new beside an influencer's name; "brief" shows by its file.
_SILENT_ROOTS = ("influencer.", "deal.", "brief.", "brand.", "post.", "params.")
# A member of a list of records: "shortlist[2].fee".
_MEMBER = re.compile(r"(\w+)\[(\d+)\]\.(.+)")
_MEMBERS = {"shortlist": ("deal", "deals"), "posts": ("post", "posts")}
_KINDS = {"brief": "Brief", "shortlist": "Shortlist"}
# What the engine puts before a reason, where the place of the reason says it already.
_LEADS = ("does not apply: ", "cannot tell: ")
_LONG_TITLE = 40
_MOST_PLACES = 3


def without_lead(reason: str) -> str:
    """Return a reason without "does not apply: " or "cannot tell: "."""
    for lead in _LEADS:
        reason = reason.removeprefix(lead)
    return reason


def plural(number: int, noun: str, many: str = "") -> str:
    """Return "1 rule", "2 rules", "1,200 rules"."""
    word = noun if number == 1 else many or noun + "s"
    return f"{number:,} {word}"


def pack_name(pack: PackUsed) -> str:
    """Return "tiers 1.0.0", and whether it is as it is shipped."""
    return f"{pack.name} {pack.version}{' (changed)' if pack.changed else ''}"


def verdict_counts(subjects: Iterable[Subject]) -> str:
    """Return "3 pass, 1 undecided, 2 fail", from best to worst, without zeros."""
    counts = Counter(subject.verdict for subject in subjects)
    return ", ".join(f"{counts[verdict]:,} {verdict}" for verdict in VERDICTS if counts[verdict])


def deciding(subject: Subject) -> list[Outcome]:
    """Return the outcomes behind a verdict that is no pass: the fails, else the unknowns."""
    decisive = [o for o in subject.outcomes if o.decides]
    return [o for o in decisive if o.status == "fail"] or decisive


def subject_name(subject: Subject) -> str:
    """Return what to call a subject: its handle, "Brief", "Post maisie-reel-1 in GB"."""
    if subject.kind in _KINDS:
        return _KINDS[subject.kind]
    if subject.kind == "post":
        return (
            f"Post {subject.name} in {subject.market}" if subject.market else f"Post {subject.name}"
        )
    return subject.name


def remarks(subject: Subject) -> list[Outcome]:
    """Return the warnings and notes that failed: worth reading, not in the way of a pass."""
    return [o for o in _unexcused(subject) if o.severity != "error" and o.status == "fail"]


def unknown_remarks(subject: Subject) -> list[Outcome]:
    """Return the warnings and notes that could not be settled."""
    return [o for o in _unexcused(subject) if o.severity != "error" and o.status == "unknown"]


def _unexcused(subject: Subject) -> list[Outcome]:
    return [outcome for outcome in subject.outcomes if not outcome.excused]


def excused_counts(subject: Subject) -> list[str]:
    """Return "1 waived" and "2 known" for what a waiver or the baseline covers."""
    excused = [o for o in subject.outcomes if o.excused and o.status in ("fail", "unknown")]
    waived = sum(outcome.waiver is not None for outcome in excused)
    counts = ((waived, "waived"), (len(excused) - waived, "known"))
    return [f"{count:,} {word}" for count, word in counts if count]


def short_path(path: str) -> str:
    """Return a condition's path in the record's own terms: "deal.fee" is "fee".

    So is "shortlist[2].fee"; which deal it is, its place says.
    """
    member = _MEMBER.fullmatch(path)
    if member is not None and member[1] in _MEMBERS:
        return member[3]
    for root in _SILENT_ROOTS:
        if path.startswith(root):
            return path[len(root) :]
    return path


def with_hint(diagnostic: Diagnostic) -> str:
    """Return what is wrong, and what to write instead, as one text."""
    if not diagnostic.hint:
        return diagnostic.message
    return f"{diagnostic.message.rstrip('.')}. {diagnostic.hint}"


def source_name(source: Source) -> str:
    """Return what to call a source in a line: its title, its id where that is long, "ours"."""
    if source.id == "ours":
        return "ours"
    title = source.title if source.title and len(source.title) <= _LONG_TITLE else source.id
    return f"{title}, {source.section}" if source.section else title


def source_line(source: Source) -> str:
    """Return a source with how much it weighs: "handbook, Tiers (guidance)"."""
    name = source_name(source)
    return name if source.id == "ours" else f"{name} ({source.strength})"


def whence(evidence: Evidence, *, value: bool) -> str:
    """Return where a value comes from in words: its path, its origin, and whose threshold it is.

    With `value` the value itself stands behind the path.
    """
    parts: list[str] = []
    if not evidence.path.startswith("params."):
        path = short_path(evidence.path)
        parts.append(f"{path} {evidence.text}" if value and evidence.text else path)
    if evidence.origin:
        parts.append(evidence.origin)
    source = evidence.source
    if source is not None and source.id != "ours":
        parts.append(source_line(source))
    elif source is not None and not evidence.origin:
        parts.append("our own threshold")
    return ", ".join(part for part in parts if part)


def of_several(evidence: Sequence[Evidence]) -> str:
    """Return "fee and gift_value of 12 deals" for values of several list members, else ""."""
    found = [_MEMBER.fullmatch(item.path) for item in evidence]
    members = [match for match in found if match is not None and match[1] in _MEMBERS]
    roots = {match[1] for match in members}
    numbers = {match[2] for match in members}
    if len(members) < len(evidence) or len(roots) != 1 or len(numbers) < 2:
        return ""
    fields = list(dict.fromkeys(match[3] for match in members))
    many = plural(len(numbers), *_MEMBERS[roots.pop()])
    return f"{' and '.join(fields)} of {many}"


class Places:
    """Writes places as short as they stay clear: relative to the brief's own folder."""

    def __init__(self, brief: Position) -> None:
        folder, slash, _ = brief.file.rpartition("/")
        self._folder = folder + slash

    def file(self, name: str) -> str:
        """Return a file name without the brief's folder; a shipped pack by its own name."""
        if self._folder and name.startswith(self._folder):
            return name[len(self._folder) :]
        absolute = name.startswith("/") or name[1:3] in (":/", ":\\")
        return name.replace("\\", "/").rpartition("/")[2] if absolute else name

    def one(self, position: Position) -> str:
        """Return one place, with its cell if it is in a table."""
        short = Position(self.file(position.file), position.line, position.column, position.cell)
        return f"{place(short)} {position.cell}" if position.cell else place(short)

    def several(self, evidence: Iterable[Evidence]) -> str:
        """Return where values stand, in one phrase: one row once, the first few of many.

        A cell is named only where its name is not the path that stands beside the value.
        """
        rows: dict[str, list[str]] = {}
        for item in evidence:
            position = item.position
            if position is None:
                continue
            cells = rows.setdefault(place(position), [])
            if position.cell not in ("", short_path(item.path), *cells):
                cells.append(position.cell)
        shown = [self._row(where, cells) for where, cells in rows.items()]
        more = len(shown) - _MOST_PLACES
        return ", ".join(shown[:_MOST_PLACES]) + (f" and {more} more" if more > 0 else "")

    def _row(self, where: str, cells: Sequence[str]) -> str:
        short = self.file(where)
        return f"{short} {', '.join(cells)}" if cells else short
