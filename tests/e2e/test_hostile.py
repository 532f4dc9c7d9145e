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
