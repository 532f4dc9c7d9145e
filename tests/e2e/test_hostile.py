"""Names, lists and tables of any size: the program ends soon, and says little of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import BRAND, JO, process, write

_HUGE = "t" * 80_000
_MANY = range(6_000)
_SHORTLIST = {"shortlist": "s.csv"}
_ROW = "@a,instagram,1"
_HEAD = "handle,platform,followers"
_YAML = "id: b\ntitle: B\nbrand: {id: x, name: X}\n"
_PACK = "pack: ours\nversion: 1.0.0\ntitle: Ours\n"


def _brief(**fields: Any) -> str:
    return json.dumps({"id": "b", "title": "B", "brand": BRAND, **fields})


def _on_shortlist(**fields: Any) -> str:
    return _brief(shortlist=[{**JO, **fields}])


@pytest.mark.parametrize(
    ("files", "code", "says"),
    [
        ({"brief.json": _brief(**{_HUGE: 1})}, 3, "unknown field"),
        ({"brief.json": _brief(**{f"targe{i}": 1 for i in _MANY})}, 3, '"target"?'),
        ({"brief.json": _brief(**{f"targe{i}": 1 for i in _MANY})}, 3, "and 5,950 more"),
        ({"brief.json": _brief(markets=[_HUGE])}, 3, "no market code"),
        ({"brief.json": _brief(brand=_HUGE)}, 3, "no file"),
        ({"brief.yaml": f"{_YAML}? {_HUGE}\n: 1\n"}, 3, "unknown field"),
        ({"brief.json": _on_shortlist(platform=_HUGE)}, 3, "no platform"),
        ({"brief.json": _on_shortlist(handle=_HUGE)}, 1, "ttt"),
        ({"brief.json": _on_shortlist(id=_HUGE)}, 1, "@jo"),
        ({"brief.json": _on_shortlist(followers="1" * 80_000 + "k")}, 3, "Write digits only."),
        ({"brief.json": _on_shortlist(topics=["a"] * 80_000)}, 3, "at most 1,000"),
        (
            {"brief.json": _on_shortlist(audience={"country": {f"X{i}": 0.1 for i in _MANY}})},
            3,
            "more mistakes",
        ),
        (
            {
                "brief.json": _brief(**_SHORTLIST),
                "s.csv": f"{_HEAD},{','.join(f'audience.X{i}' for i in _MANY)}\n{_ROW}\n",
            },
            3,
            "and 5,950 more",
        ),
        (
            {"brief.json": _brief(**_SHORTLIST), "s.csv": f"{_HEAD},extra.{_HUGE}\n{_ROW},1\n"},
            3,
            "80,006 characters",
        ),
        (
            {
                "brief.json": _brief(**_SHORTLIST),
                "s.csv": f"{_HEAD}{',' * 6000}\n{_ROW}{',x' * 6000}\n",
            },
            3,
            "and 5,950 more",
        ),
        ({"brief.json": _brief(), "checker.yaml": f"? {_HUGE}\n: 1\n"}, 2, "unknown field"),
        (
            {
                "brief.json": _brief(),
                "checker.yaml": "rules:\n"
                + "".join(f"  growt{i}: {{because: x, enabled: false}}\n" for i in _MANY),
            },
            2,
            "and 5,950 more",
        ),
        (
            {
                "brief.json": _brief(),
                "checker.yaml": "packs: [ours.yaml]\n",
                "ours.yaml": _PACK + "".join(f"rule{i}: 1\n" for i in _MANY),
            },
            2,
            "and 5,950 more",
        ),
    ],
)
def test_huge_and_many_names(tmp_path: Path, files: dict[str, Any], code: int, says: str) -> None:
    write(tmp_path, files)
    done = process("check", ".", "--as-of", "2026-03-02", folder=tmp_path)
    flat = " ".join(done.said.split())
    assert (done.code, says in flat) == (code, True), flat[-400:]
    assert len(done.said) < 40_000
    assert "t" * 2000 not in done.said.replace("\n", "").replace(" ", "")


def _deals(count: int) -> list[dict[str, Any]]:
    who = ({**JO, "id": f"i/{i}", "handle": f"@jo{i}", "followers": 500 + i} for i in range(count))
    return [{"influencer": each, "fee": 10, "currency": "GBP"} for each in who]


def _judged(folder: Path, require: str, **fields: Any) -> str:
    scope = "post" if "posts" in fields else "shortlist"
    tables = "tables:\n  labels: {kind: vocabulary, words: {ad: [advert]}}\n"
    rule = f"rules:\n  - id: r\n    title: R\n    scope: {scope}\n    severity: error\n"
    rule += f"    source: ours\n    require: >-\n      {require}\n"
    write(
        folder,
        {
            "brief.json": _brief(budget={"currency": "GBP", "total": 9000}, **fields),
            "checker.yaml": "packs: [ours.yaml]\n",
            "ours.yaml": _PACK + tables + rule,
        },
    )
    done = process("check", ".", "--all", "--as-of", "2026-03-02", folder=folder)
    return " ".join(done.said.split())


def _explained(folder: Path) -> str:
    """Return how the rule of the last run came about."""
    told = process("explain", "r", ".", "--as-of", "2026-03-02", folder=folder)
    assert told.code == 0
    assert len(told.said) < 20_000
    return " ".join(told.said.split())


def test_loops_in_loops_have_an_end(tmp_path: Path) -> None:
    few, many = _deals(30), _deals(110)
    same = "a.fee == b.fee or a.fee == c.fee"
    every = f"all(all(all({same} for c in shortlist) for b in shortlist) for a in shortlist)"
    said = _judged(tmp_path, every, shortlist=few)
    assert "pass r:" in said
    said = _judged(tmp_path, every, shortlist=many)
    told = "going through the shortlist looks at more than 1,000,000 members"
    assert told in said
    assert told in _explained(tmp_path)
    assert "pass r:" not in said
    # What is settled without the loop is settled.
    assert "pass r:" in _judged(tmp_path, f"count(shortlist) > 1 or {every}", shortlist=many)


def test_words_in_a_thousand_places_are_not_counted(tmp_path: Path) -> None:
    require = "count(mentions(post.caption, tables.labels)) > 1"
    post = {"id": "p", "influencer": "@jo", "platform": "instagram", "market": "GB"}

    def said(caption: str) -> str:
        return _judged(tmp_path, require, shortlist=[JO], posts=[{**post, "caption": caption}])

    assert "pass r:" in said("an ad, " * 1000)
    told = said("an ad, " * 1001)
    assert "the post's caption has words of the table labels in more than 1,000 places" in told
    assert "in more than 1,000 places" in _explained(tmp_path)
    assert "pass r:" not in told
    assert "FAIL r:" in said("x" * 100_000)


def test_reasons_name_few_of_many(tmp_path: Path) -> None:
    said = _judged(tmp_path, "all(d.gift_value >= 0 for d in shortlist)", shortlist=_deals(300))
    assert "@jo9 has no value of gifts and 290 others lack something too" in said
