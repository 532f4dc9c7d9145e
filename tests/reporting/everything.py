"""A report with every status and verdict, and the same report full of hostile text."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from checker.model.diagnostics import Diagnostic, Excerpt, Position
from checker.model.report import Evidence, Outcome, Report, Side, Subject, Verdict
from checker.model.rules import Scope
from checker.model.waivers import Waiver, WaiverUse
from tests.reporting.fakes import (
    BRIEF,
    SHEET,
    cell,
    good_age,
    influencer,
    no_ages,
    outcome,
    spring,
    too_dear,
    too_old,
)

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"


def waiver(subject: str, **more: Any) -> Waiver:
    values: dict[str, Any] = {
        "rule": "values",
        "subject": subject,
        "status": "fail",
        "reason": "new maker, agreed",
        "owner": "legal",
        "expires": "2026-04-30",
        "position": Position("checker.yaml", 12, 5),
    }
    return Waiver(**{**values, **more})


def waived() -> Outcome:
    return outcome("values", "fail", "shares no value", waiver=waiver("@tinyknots"))


def waived_unknown() -> Outcome:
    return replace(no_ages(), waiver=waiver("@northradio", rule="audience-age", status="unknown"))


def _subject(
    kind: Scope, name: str, verdict: Verdict, *found: Outcome, market: str = ""
) -> Subject:
    position = Position(BRIEF, 30, 3)
    return Subject(kind, name, name, verdict, position, found, market=market)


def everything() -> Report:
    """Return every status, severity, verdict and scope, and waivers in every state."""
    off = outcome("exclusivity", "skipped", "the record names no exclusivity")
    growth = outcome("growth", "fail", "followers fell", severity="warning")
    note = outcome("usual-price", "fail", "dearer than usual", severity="note")
    maybe = outcome("price", "unknown", "no usual price", severity="warning")
    unsure = outcome("niche", "unknown", "no topics", severity="note")
    known = replace(too_old(), known=True)
    broken = Diagnostic(
        "not-a-number",
        'column "followers" has "12.4k"',
        cell(9, "followers"),
        hint="Write the whole number, 12400.",
        excerpt=Excerpt(9, "@holes,12.4k", 7, 5),
    )
    subjects = (
        _subject(
            "brief", "spring", "pass", outcome("has-target", "pass", "it names a target"), off
        ),
        _subject(
            "shortlist", "spring/shortlist", "fail", outcome("cost-total", "fail", "too dear")
        ),
        influencer("@maisie.braids", "pass", good_age(), off, growth, note, maybe, unsure),
        influencer("@tinyknots", "pass", good_age(), waived(), line=3),
        influencer("@oldhand", "pass", replace(good_age(), rule="adults"), known, line=4),
        influencer("@northradio", "undecided", waived_unknown(), replace(no_ages(), rule="adults")),
        influencer("@glamorously", "fail", too_dear(), line=6),
        influencer("@gadgetgav", "fail", too_old(), too_dear(), line=7),
        influencer("@gadgetgav", "fail", too_old(), line=8),
        influencer("@holes", "invalid", facts={}, diagnostics=(broken,), line=9),
        influencer("@quiet", "undecided", off, line=10),
        _subject("post", "reel-1", "fail", outcome("ad-label", "fail", "no label"), market="GB"),
        _subject("post", "reel-1", "pass", outcome("ad-label", "pass", "labelled"), market="IE"),
    )
    return replace(
        spring(),
        verdict="invalid",
        subjects=subjects,
        warnings=(Diagnostic("odd-file", "odd", Position(SHEET, 2), "warning", hint="mend it"),),
        waivers=(
            WaiverUse(waiver("@tinyknots"), "used", 59),
            WaiverUse(waiver("@northradio", rule="audience-age", status="unknown"), "used", 3),
            WaiverUse(waiver("@nobody", rule="growth"), "unused", 59),
            WaiverUse(waiver("@gadgetgav", expires="2026-02-01", owner="Ana"), "expired", -29),
        ),
    )


def lines_moved(report: Report) -> Report:
    """Return the report as it is after lines were put above everything in every file."""
    moved: Report = _walk(report, move=True)
    return moved


def poisoned(evil: str) -> Report:
    """Return the report with a hostile text in place of every text from a file."""
    changed: Report = _walk(everything(), evil=evil)
    return changed


# Not from a record: closed sets of words, and dates that the loader checks.
_CLOSED = frozenset(
    ("as_of", "expires", "kind", "scope", "severity", "state", "status", "strength", "verdict")
)


def _walk(value: Any, *, evil: str = "", move: bool = False) -> Any:
    if move and isinstance(value, Position):
        return (
            replace(value, line=value.line + 40, column=value.column + 2) if value.line else value
        )
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: _walk(getattr(value, field.name), evil=evil, move=move)
            for field in fields(value)
            if field.name not in _CLOSED
        }
        return replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(_walk(member, evil=evil, move=move) for member in value)
    if isinstance(value, dict):
        return {evil or key: _walk(member, evil=evil, move=move) for key, member in value.items()}
    if isinstance(value, str) and evil:
        return evil
    return value


# Each tries to act in some format, or to break out of it.
PAYLOADS = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt; </summary></details>",
    "cdata": "]]><x/><!-- --><![CDATA[ &amp; &#x41; ]]>",
    "ansi": "\x1b[2J\x1b]0;owned\x07\x9b31m\x1b]8;;https://evil.example\x07x",
    "command": "x\n::error file=a,line=1::owned\n::stop-commands::pwned\n##[error]x ##vso[task]y",
    "encoded": "%0A::error::x%3A%2C ,title=x::",
    "formula": '=cmd|"/c calc"!A1\t+1-1@SUM(1)',
    "bidi": "a\u202egnp\u2066b\u200f\u061c",
    "null": "a\x00\x01\x08\x0b\x0c\x1f\x7f\x85\u2028\ufeff\ufffe\uffff\ud800b",
    "markdown": "| x | `c` **b** _i_ [a](http://evil.example) ![i](x) # h\n- l\n\n> q ~~s~~ $x$ \\",
    "ping": "@octocat @org/team #12 GH-1 a@b.example www.evil.example https://evil.example !7",
    "placeholder": "{0} {{1}} [link](1) {x}",
    "path": "../../etc/passwd?x#y%00 z:\\w",
    "separators": "\r\nx\r\n.\r\n",
    "long": "word " * 20_000,
    "unbroken": "<&|" * 20_000,
    "blank": " ",
}


def wide(count: int) -> Report:
    """Return a report of many influencers that fail."""
    many = tuple(influencer(f"@f{n}", "fail", too_old(), too_dear()) for n in range(count))
    return replace(spring(), subjects=many)


def told(path: str, value: Any, **more: Any) -> Evidence:
    return Evidence(path, str(value), value, more.pop("position", Position(BRIEF, 3)), **more)


def side(*items: Evidence) -> Side:
    return Side(items[0].text, items[0].value, items)
