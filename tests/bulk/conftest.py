"""A project to screen in: a brief, its brand, and the handbook's packs."""

from __future__ import annotations

from pathlib import Path

import pytest

_PACKS = ("alignment", "budget", "content", "likelihood", "potential", "tiers")

BRAND = """\
id: bramble
name: Bramble & Co
category: hair accessories
values: [handmade, honesty, family, humour, creativity, inclusion, tradition]
avoid: {values: [luxury], topics: [gambling]}
competitors: [Curlwell]
markets: [GB]
target: {age: {min: 18, max: 34}, countries: [GB, IE]}
"""
BRIEF = """\
id: spring
title: Spring ribbons
brand: brand.yaml
campaign: {start: 2026-03-15, end: 2026-04-30, product: Ribbons, category: hair accessories,
  objective: launch, topics: [hair, beauty, fashion, food, music, home]}
target: {minimum_share: {age: 0.2, country: 0.05}}
tiers: [nano, micro, macro]
budget: {currency: GBP, total: 40000, per_influencer: 900}
compensation: fee
deliverables: [{type: reel, count: 1}, {type: story, count: 2}]
exchange_rates: {USD: 0.79}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "brand.yaml").write_text(BRAND)
    (tmp_path / "brief.yaml").write_text(BRIEF)
    packs = "".join(f"  - {name}\n" for name in _PACKS)
    (tmp_path / "checker.yaml").write_text(f"packs:\n{packs}")
    return tmp_path
