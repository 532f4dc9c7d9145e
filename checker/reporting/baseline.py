"""What a baseline keeps of reports: no more than tells outcomes apart, an entry a line."""

from __future__ import annotations

from collections.abc import Sequence

from checker.engine.baseline import keys_of
from checker.model.report import Report
from checker.reporting.json_report import one_line_json
from checker.reporting.options import Options


def render(reports: Sequence[Report], options: Options) -> str:
    """Return the baseline of reports, for `--baseline` of a later run."""
    briefs = ",\n".join(_brief(report) for report in reports)
    return f'{{"checker_baseline":1,"briefs":[\n{briefs}\n]}}\n'


def _brief(report: Report) -> str:
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[object]] = {}
    for kind, id_, market, rule, status, paths in sorted(set(keys_of(report))):
        alike = groups.setdefault((rule, status, kind, paths), [])
        alike.append([id_, market] if market else id_)
    entries = ",\n".join(one_line_json([*key, ids]) for key, ids in sorted(groups.items()))
    redacted = {"redacted": True} if report.redacted else {}
    head = one_line_json({"brief": report.brief, "file": report.position.file, **redacted})
    return f'{head[:-1]},"known":[\n{entries}\n]}}'
