"""What hands write and no program would: members without a value, and numbers of two readings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.loading.campaigns import load_campaign
from checker.loading.config_file import load_config
from checker.loading.importing.mapping_file import load_mapping
from checker.loading.pack_file import load_pack
from checker.loading.project import Projects
from checker.model.diagnostics import CheckerError, Diagnostic

BRIEF = """\
id: b
title: B
brand: {id: x, name: X, budget: {currency: EUR, total: 900}}
budget: {currency: EUR, total: 5000}
exchange_rates: {USD: 0.92}
shortlist:
  - influencer: {id: a, handle: "@a", platform: x, followers: 400, rates: {fees: {post: 20}}}
    fee: 300
    deliverables: [{type: post, count: 2}]
"""
PACK = """\
pack: ours
version: 1.0.0
title: Ours
tables:
  sizes: {kind: bands, rows: [{from: 0, below: 10_000, name: few}, {from: 10_000, name: many}]}
rules:
  - id: enough
    title: Enough
    scope: influencer
    severity: error
    source: ours
    params: {least: {default: 0.5, source: ours}}
    require: influencer.followers >= params.least
    examples:
      pass: [{why: w, influencer: {followers: 2}, brief: {exchange_rates: {USD: 1.085}}}]
"""
CONFIG = """\
rules:
  enough: {because: so, params: {least: 0.6}}
waivers:
  - {rule: enough, subject: "@a", status: fail, reason: r, owner: o, expires: 2026-12-30}
"""
MAPPING = """\
mapping: ours
title: Ours
version: "1.0.0"
input: json
fields:
  handle: {from: name}
  platform: {from: site}
  followers: {from: n, unit: count}
"""
FILES = {"brief.yaml": BRIEF, "ours.yaml": PACK, "checker.yaml": CONFIG, "map.yaml": MAPPING}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def wrong(name: str, text: str) -> list[Diagnostic]:
    """Return what is wrong with a file, and with the influencers that it names."""
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    try:
        if name == "ours.yaml":
            load_pack(path)
        elif name == "checker.yaml":
            load_config(path)
        elif name == "map.yaml":
            load_mapping(path)
        else:
            campaign = load_campaign(path, Projects().of(path))
            return [found for entry in campaign.shortlist for found in entry.diagnostics]
    except CheckerError as error:
        return list(error.diagnostics)
    return []


def said(name: str, old: str, new: str) -> str:
    text = FILES[name]
    assert text.count(old) >= 1, old
    return "\n".join(f"{d.code} {d.message} {d.hint}" for d in wrong(name, text.replace(old, new)))


def test_the_files_themselves_are_right(root: Path) -> None:
    for name, text in FILES.items():
        assert wrong(name, text) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "nearest"),
    [
        ("brief.yaml", "title: B", "title: B\ntagret:", '"target"'),
        ("brief.yaml", "title: B", "title: B\ntarget: {ages: null}", '"age"'),
        ("brief.yaml", "name: X", "name: X, avoids: ", '"avoid"'),
        ("brief.yaml", "fee: 300", "fee: 300\n    gift_valeu: null", '"gift_value"'),
        ("brief.yaml", "platform: x", "platform: x, topisc: ", '"topics"'),
        ("brief.yaml", "{post: 20}", "{post: 20, sotry: }", '"story"'),
        ("brief.yaml", "platform: x", "platform: x, audience: {age: {18to24: null}}", '"18-24"'),
        ("brief.yaml", "USD: 0.92", "USD: 0.92, EUO: ", '"EUO"'),
        ("checker.yaml", "rules:", "waiver:\nrules:", '"waivers"'),
        ("checker.yaml", "least: 0.6", "leest: ", "has no value"),
        ("checker.yaml", "rules:", "rules:\n  no-such-rule:", "has no value"),
        ("checker.yaml", "owner: o", "owner: o, breif: ", '"brief"'),
        ("checker.yaml", "rules:", "extra: {influencer: {rating: }}\nrules:", "has no value"),
        ("ours.yaml", "title: Enough", "title: Enough\n    severty:", '"severity"'),
        ("ours.yaml", "title: Ours", "title: Ours\ntable:", '"tables"'),
        ("ours.yaml", "default: 0.5", "default: 0.5, soruce: ", '"source"'),
        ("map.yaml", "title: Ours", "title: Ours\nfield:", '"fields"'),
        ("map.yaml", "fields:", "fields:\n  country: ", "has no value"),
    ],
)
def test_an_unknown_member_is_refused_though_it_has_no_value(
    root: Path, name: str, old: str, new: str, nearest: str
) -> None:
    assert nearest in said(name, old, new)


def test_a_known_member_without_a_value_is_missing(root: Path) -> None:
    for name, old, new in [
        ("brief.yaml", "title: B", "title: B\ntarget:"),
        ("brief.yaml", "platform: x", "platform: x, country: null"),
        ("brief.yaml", "USD: 0.92", "USD: 0.92, GBP: "),
        ("brief.yaml", "fee: 300", "fee: 300\n    extra: {ours: null}"),
        ("checker.yaml", "rules:", "packs:\nrules:"),
        ("checker.yaml", "owner: o", "owner: o, brief: null"),
    ]:
        assert said(name, old, new) == ""


def test_json_knows_its_members_too(root: Path) -> None:
    data = {
        "id": "b",
        "title": "B",
        "brand": {"id": "x", "name": "X", "category": None},
        "target": None,
        "shortlist": [{"influencer": "jo.json", "note": None}],
    }
    jo = {"id": "jo", "handle": "@jo", "platform": "x", "followers": 12, "country": None}
    Path("jo.json").write_text(json.dumps(jo))
    assert wrong("brief.json", json.dumps(data)) == []
    Path("jo.json").write_text(json.dumps({**jo, "contry": None}))
    (found,) = wrong("brief.json", json.dumps(data))
    assert (str(found.position), found.code) == ("jo.json:1:82", "unknown-field")
    messages = [each.message for each in wrong("brief.json", json.dumps({**data, "tagret": None}))]
    assert messages == ['the brief has the unknown field "tagret"']


@pytest.mark.parametrize(
    ("name", "old", "written", "hint"),
    [
        ("brief.yaml", "total: 5000", "total: 5,000", "write 5000 or 5.00"),
        ("brief.yaml", "total: 5000", "total: 1,234,500", "Write 1234500."),
        ("brief.yaml", "total: 900", "total: 1 , 900", "write 1900 or 1.90."),
        ("brief.yaml", "total: 900", "total: 1,900.50", "Write 1900.50."),
        ("brief.yaml", "followers: 400", "followers: 12,400", "write 12400 or"),
        ("brief.yaml", "post: 20", "post: 1,200", "write 1200 or"),
        ("brief.yaml", "count: 2", "count: 2,000", "write 2000 or"),
        ("brief.yaml", "USD: 0.92", "USD: 0,92", "Write 0.92."),
        ("brief.yaml", "USD: 0.92", "USD: 0,925", "Write 0.925."),
        ("brief.yaml", "platform: x", "platform: x, sponsored_share: 12,5%", 'Write 0.125 or "12'),
        ("brief.yaml", "platform: x", "platform: x, extra: {n: 1,500}", "write 1500 or"),
        ("checker.yaml", "least: 0.6", "least: 0,6", "Write 0.6."),
        ("ours.yaml", "default: 0.5", "default: 0,5", "Write 0.5."),
        ("ours.yaml", "below: 10_000", "below: 10,000", "write 10000 or"),
        ("ours.yaml", "followers: 2}", "followers: 2,500}", "write 2500 or"),
    ],
)
def test_a_number_that_a_comma_splits_is_named(
    root: Path, name: str, old: str, written: str, hint: str
) -> None:
    (line,) = said(name, old, written).splitlines()
    number = written.rpartition(": ")[2].rstrip("}")
    assert line.startswith(f"split-number a comma splits the number {number} in two: ")
    assert hint in line


@pytest.mark.parametrize(
    ("name", "old", "written", "both"),
    [
        ("brief.yaml", "fee: 300", "fee: 1.500", "1500 or 1.5?"),
        ("brief.yaml", "fee: 300", "fee: {min: 200, max: 1.250}", "1250 or 1.25?"),
        ("brief.yaml", "total: 5000", "total: 12.000", "12000 or 12?"),
        ("brief.yaml", "total: 900", "total: 900.125", "900125 or 900.125?"),
        ("brief.yaml", "followers: 400", "followers: 12.400", "12400 or 12.4?"),
        ("brief.yaml", "followers: 400", "followers: 12.000", "12000 or 12?"),
        ("brief.yaml", "post: 20", "post: 2.000", "2000 or 2?"),
        ("brief.yaml", "count: 2", "count: 2.000", "2000 or 2?"),
        ("checker.yaml", "least: 0.6", "least: 10.000", "10000 or 10?"),
        ("ours.yaml", "default: 0.5", "default: 1.500", "1500 or 1.5?"),
        ("ours.yaml", "name: few", "name: few, price: 1.500", "1500 or 1.5?"),
        ("ours.yaml", "followers: 2}", "followers: 2.500}", "2500 or 2.5?"),
    ],
)
def test_a_number_of_two_readings_is_refused(
    root: Path, name: str, old: str, written: str, both: str
) -> None:
    found = [line for line in said(name, old, written).splitlines() if "two-readings" in line]
    assert len(found) == 1
    assert both in found[0]


def test_a_text_of_two_readings_gets_both(root: Path) -> None:
    for old, new in [
        ("    fee: 300", "    fee: 1,500"),
        ("    fee: 300", '    fee: "1.500"'),
        ("    fee: 300", "    fee: £1,500"),
        ("total: 5000", 'total: "1,500"'),
    ]:
        assert "write 1500 or 1.50." in said("brief.yaml", old, new)


def test_numbers_of_one_reading_stay(root: Path) -> None:
    for old, new in [
        ("fee: 300", "fee: 0.500"),
        ("fee: 300", "fee: 1.5"),
        ("fee: 300", "fee: 1.50"),
        ("fee: 300", "fee: 1.5000"),
        ("fee: 300", "fee: 1500.125"),
        ("fee: 300", "fee: 1_500"),
        ("USD: 0.92", "USD: 1.085"),
        ("platform: x", "platform: x, extra: {ours: 1.085}"),
        ("platform: x", "platform: x, engagement: {rate: 0.125}"),
    ]:
        assert said("brief.yaml", old, new) == ""
    data = {"id": "b", "title": "B", "brand": {"id": "x", "name": "X"}}
    text = json.dumps({**data, "budget": {"currency": "EUR", "total": 0}})
    assert wrong("brief.json", text.replace(": 0}", ": 1.500}")) == []
