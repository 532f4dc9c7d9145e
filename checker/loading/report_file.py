"""An earlier report, read back: what `checker check -o json` or `-o baseline` wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from checker.engine.baseline import Baseline, Key, keys_of
from checker.files import is_file, open_input
from checker.language.accounts import id_key
from checker.loading.documents import parse_document
from checker.loading.source import MEBIBYTE, read_source, shown_path
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.model.report import (
    Budget,
    Dropped,
    Evidence,
    Fact,
    Outcome,
    Report,
    Side,
    Subject,
    Terms,
)
from checker.model.rules import Source
from checker.model.waivers import Waiver

# Reports of many briefs with all evidence are larger than any record.
_LONGEST = 512 * MEBIBYTE


def read_baseline(path: Path) -> Baseline:
    """Return what an earlier run found: from its JSON report, or the compact file of it.

    Raises InputError: the file is missing, or is neither.
    """
    data = _data(path)
    try:
        if "checker_baseline" in data:
            return _compact(data)
        reports = _reports(data)
        return Baseline(
            {report.brief: frozenset(keys_of(report)) for report in reports},
            {report.position.file: report.brief for report in reports},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        hint = "Write one with: checker check BRIEF -o baseline=baseline.json"
        raise _no_report(path, hint) from None


def is_report(path: Path) -> bool:
    """Tell whether a file is a report by how it begins, and not a brief."""
    if path.suffix.lower() != ".json" or not is_file(path):
        return False
    with open_input(path) as file:
        start = file.read(200)
    return start.lstrip().startswith(b"{") and b'"schema_version"' in start


def read_reports(path: Path) -> list[Report]:
    """Return the reports of a JSON report, with what is needed to compare them.

    Raises InputError: the file is missing, or is no report.
    """
    try:
        return _reports(_data(path))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _no_report(path, "Write one with: checker check BRIEF -o json=report.json") from None


def _data(path: Path) -> Any:
    shown = shown_path(path)
    return parse_document(read_source(path, shown_as=shown, limit=_LONGEST), ".json").data


def _no_report(path: Path, hint: str) -> InputError:
    message = "this is no report to compare with"
    return InputError([Diagnostic("not-a-report", message, Position(shown_path(path)), hint=hint)])


def _compact(data: Any) -> Baseline:
    if data["checker_baseline"] != 1:
        raise ValueError
    briefs = {each["brief"]: frozenset(_keys(each["known"])) for each in data["briefs"]}
    return Baseline(briefs, {each["file"]: each["brief"] for each in data["briefs"]})


def _keys(known: Any) -> Iterator[Key]:
    for rule, status, kind, paths, subjects in known:
        for subject in subjects:
            id_, market = (subject, "") if isinstance(subject, str) else subject
            yield kind, id_key(id_), market, rule, status, tuple(paths)


def _reports(data: Any) -> list[Report]:
    if data["schema_version"].split(".")[0] not in ("1", "2"):
        raise ValueError
    return [_report(each) for each in data["reports"]]


def _report(data: Any) -> Report:
    budget = data.get("budget")
    return Report(
        brief=data["brief"],
        title=data["title"],
        brand=data["brand"],
        position=_position(data["position"]),
        as_of=data["as_of"],
        verdict=data["verdict"],
        subjects=tuple(_subject(each) for each in data["subjects"]),
        dropped=tuple(
            Dropped(each["name"], each.get("note", ""), _position(each["position"]))
            for each in data["dropped"]
        ),
        redacted=data.get("redacted", False),
        budget=Budget(budget["currency"], budget.get("total")) if budget else None,
    )


def _subject(data: Any) -> Subject:
    deal = data.get("deal")
    return Subject(
        kind=data["kind"],
        id=data["id"],
        name=data["name"],
        verdict=data["verdict"],
        position=_position(data["position"]),
        outcomes=tuple(_outcome(each) for each in data["outcomes"]),
        facts={
            name: Fact(fact["title"], fact["text"], fact.get("value"))
            for name, fact in data["facts"].items()
        },
        market=data.get("market", ""),
        account=id_key(data["id"]),
        terms=_terms(deal) if deal else None,
    )


def _terms(deal: Mapping[str, Any]) -> Terms:
    texts = ("currency", "deliverables", "note")
    return Terms(
        platform=deal["platform"],
        handle=deal["handle"],
        address="",
        state=deal["state"],
        fee=deal.get("fee"),
        gift_value=deal.get("gift_value"),
        **{name: deal.get(name, "") for name in texts},
    )


def _outcome(data: Any) -> Outcome:
    evidence = tuple(_evidence(each) for each in data.get("evidence", ()))
    has = data.get("has")
    return Outcome(
        rule=data["rule"],
        title="",
        pack="",
        pack_version="",
        scope="influencer",
        severity=data["severity"],
        status=data["status"],
        reason=data.get("reason", ""),
        source=Source("ours", ""),
        position=Position(""),
        has=_side(has, evidence) if has else None,
        evidence=evidence,
        waiver=_waiver(data["waiver"]) if data.get("waiver") else None,
        known=data.get("known", False),
    )


def _side(has: Any, evidence: tuple[Evidence, ...]) -> Side:
    if "paths" not in has:  # Version 1 repeats what each side rests on.
        return Side(has["text"], has.get("value"), tuple(map(_evidence, has["evidence"])))
    rests = tuple(each for each in evidence if each.path in has["paths"])
    return Side(has["text"], has.get("value"), rests)


def _evidence(data: Any) -> Evidence:
    return Evidence(data["path"], data["text"], data.get("value"))


def _waiver(data: Any) -> Waiver:
    names = ("rule", "subject", "status", "reason", "owner", "expires")
    return Waiver(**{name: data[name] for name in names}, position=Position(""))


def _position(data: Any) -> Position:
    return Position(data["file"], data.get("line", 0), data.get("column", 0), data.get("cell", ""))
