"""One account has one key in rosters too, for doubles and for waivers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker import api
from checker.model.diagnostics import RulesError
from tests.bulk.test_screen import AS_OF, invalid, screen, table, write

HANDLES = (
    *(
        "@Oda.Braids",
        "oda.braids",
        "https://www.instagram.com/oda.braids/?igsh=1",
        "\uff20oda.braids",
    ),
    *("@oda_braids", "https://www.tiktok.com/@oda", "ODA.BRAIDS", "@Uma", "="),
)


def of(id_: str, handle: str, platform: str = "instagram") -> dict[str, Any]:
    return {"id": id_, "handle": handle, "platform": platform, "followers": 5000}


def roster(project: Path, people: list[dict[str, Any]]) -> Path:
    return write(project / "r.ndjson", map(json.dumps, people))


def test_doubles_are_those_of_check(project: Path) -> None:
    people = [of(f"a{n}", handle) for n, handle in enumerate(HANDLES)]
    people += [of("b1", "@oda.braids", "tiktok"), of("b2", "@Pod", "podcast")]
    people += [of("b3", "@pod", "podcast"), of("instagram/ivy", "@ivy"), of("instagram/IVY", "@iv")]
    screen(project, roster(project, people))
    brief = project / "brief.yaml"
    brief.write_text(brief.read_text() + "shortlist: [r.ndjson]\n")
    (report,) = api.check_briefs([brief], as_of=AS_OF)
    kinds = report.of_kind("influencer")
    valid = [subject for subject in kinds if subject.verdict != "invalid"]
    assert [row["id"] for row in table(project)] == [subject.id for subject in valid]
    wrong = {
        subject.position.line: subject.diagnostics[0].message
        for subject in kinds
        if subject.verdict == "invalid"
    }
    assert {row["line"] for row in invalid(project)} == set(wrong)
    twice = {row["line"]: row["reasons"][0] for row in invalid(project)}
    for line, message in wrong.items():
        name = message.partition('"')[2].partition('"')[0]
        assert not name or f'the influencer "{name}" is there twice' in twice[line], message


WAIVER = """
waivers:
  - {rule: influencer-tier, subject: %s, status: fail, reason: r, owner: o, expires: 2026-06-30}
"""


@pytest.mark.parametrize(
    "subject", ["@ODA", "oda", "instagram/Oda", "https://instagram.com/oda", "Line-1", "'@oda"]
)
def test_a_waiver_means_whom_it_means_in_check(project: Path, subject: str) -> None:
    config = project / "checker.yaml"
    rules = config.read_text()
    for handle in ("@Oda", "\uff20oda"):  # Plain, and in full width.
        people = [{**of("line-1", handle), "followers": 50_000_000}, of("line-2", "@uma")]
        (project / "r.ndjson").unlink(missing_ok=True)
        config.write_text(rules)
        screen(project, roster(project, people))
        assert table(project)[0]["decided_by"] == "influencer-tier"
        config.write_text(rules + WAIVER % json.dumps(subject))
        screen(project, project / "r.ndjson")
        assert table(project)[0]["decided_by"] != "influencer-tier", handle


def test_a_waiver_for_two_accounts_is_refused_and_nothing_written(project: Path) -> None:
    config = project / "checker.yaml"
    people = [of("i1", "@oda"), of("t1", "Oda", "tiktok"), of("@uma", "@x"), of("z", "@uma")]
    config.write_text(config.read_text() + WAIVER % '"@oda"')
    with pytest.raises(RulesError, match="may be for i1 or t1"):
        screen(project, roster(project, people))
    assert not (project / "out.parquet").exists()
    config.write_text(config.read_text().replace('"@oda"', '"tiktok/oda"'))
    screen(project, project / "r.ndjson")
    assert (project / "out.parquet").exists()
