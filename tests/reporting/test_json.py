from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.reporting.formats import BINARY, FORMATS
from checker.reporting.json_report import SCHEMA_VERSION, plain, render
from checker.reporting.options import Options
from tests.reporting.everything import PAYLOADS, everything, poisoned
from tests.reporting.fakes import hostile, influencer, outcome, spring

SCHEMA = Path(__file__).parents[2] / "schemas" / "report.schema.json"


def validate(text: str) -> Any:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    document = json.loads(text)
    Draft202012Validator(schema).validate(document)
    return document


def test_matches_its_schema() -> None:
    document = validate(render([spring(), hostile()], Options()))
    assert document["schema_version"] == SCHEMA_VERSION
    assert document["verdict"] == "fail"
    assert document["reports"][0]["counts"] == {
        "influencers": 6,
        "pass": 3,
        "undecided": 1,
        "fail": 2,
        "invalid": 0,
        "dropped": 1,
    }


def test_no_report_is_never_a_pass() -> None:
    assert validate(render([], Options()))["verdict"] == "undecided"


def test_says_everything_and_not_only_what_text_shows() -> None:
    report = validate(render([spring()], Options()))["reports"][0]
    statuses = {o["status"] for s in report["subjects"] for o in s["outcomes"]}
    assert statuses == {"pass", "fail", "unknown", "skipped"}
    missing = report["subjects"][4]["outcomes"][0]["evidence"][0]
    assert missing["value"] is None
    assert missing["position"] == {
        "file": "briefs/spring/shortlist.csv",
        "line": 5,
        "cell": "audience.age",
    }


def test_options_for_people_change_no_byte() -> None:
    options = Options(width=20, colour=True, encoding="ascii", exit_code=4)
    assert render([spring()], options) == render([spring()], Options())


def test_passes_have_evidence_only_where_all_is_asked_for() -> None:
    short, whole = (
        validate(render([spring()], Options(show_all=all_)))["reports"][0]["subjects"]
        for all_ in (False, True)
    )
    for few, every in zip(short, whole, strict=True):
        for one, other in zip(few["outcomes"], every["outcomes"], strict=True):
            assert one.items() <= other.items()
            passed = one["status"] in ("pass", "skipped")
            assert one == other or passed
            assert not passed or set(one) == {"rule", "severity", "status"}


def test_texts_survive_and_do_not_act() -> None:
    text = render([hostile()], Options())
    assert not any(character in text for character in "\x1b\x07\x9b\u202e")
    assert json.loads(text)["reports"][0]["title"] == hostile().title
    text = render([replace(spring(), title="Zoë \ud800")], Options())
    assert "Zoë \\ud800" in text
    text.encode("utf-8")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (math.inf, None),
        (math.nan, None),
        (2.0, 2),
        (-0.0, 0),
        (0.1, 0.1),
        (1e300, 1e300),
        (True, True),
        ({"min": 1.0, "max": math.inf}, {"min": 1, "max": None}),
        (("a", 1.5), ["a", 1.5]),
    ],
)
def test_values_are_plain(value: Any, shown: Any) -> None:
    assert plain(value) == shown
    assert type(plain(value)) is type(shown)


def test_a_value_without_an_end_is_valid_json() -> None:
    odd = outcome("x", "pass", "x")
    subject = influencer("@a", "pass", odd, facts={})
    document = validate(render([replace(spring(), subjects=(subject,))], Options()))
    assert document["reports"][0]["subjects"][0]["facts"] == {}


def test_every_format_renders() -> None:
    for name, render_as in FORMATS.items():
        if name == "html":
            continue
        content = render_as([everything()], Options())
        assert isinstance(content, bytes) if name in BINARY else str(content).endswith("\n")
        assert content == render_as([everything()], Options())


def test_waivers_are_told() -> None:
    report = validate(render([everything()], Options()))["reports"][0]
    assert [use["state"] for use in report["waivers"]] == ["used", "used", "unused", "expired"]
    assert report["waivers"][3]["days_left"] == -29
    waived = report["subjects"][3]["outcomes"][1]
    assert (waived["status"], waived["waiver"]["owner"]) == ("fail", "legal")
    assert report["subjects"][4]["outcomes"][1]["known"] is True


@pytest.mark.parametrize("evil", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_text_is_inert(evil: str) -> None:
    text = render([poisoned(evil[:5000])], Options())
    validate(text)
    assert "<" not in text
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None
    assert re.search(r"(?m)^\s*::", text) is None


def test_several_reports_stand_in_lines_of_their_own() -> None:
    text = render([spring(), spring(), everything()], Options())
    assert len(text.splitlines()) == 4
    lines = text.removesuffix("]}\n").splitlines()[1:]
    assert all(json.loads(line.removesuffix(","))["brief"] for line in lines)
