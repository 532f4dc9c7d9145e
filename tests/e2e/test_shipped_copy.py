"""A copy of a shipped pack says so wherever it is not as it is shipped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.world import AS_OF, JO, ROOT, brief, run, write

POTENTIAL = (ROOT / "rules/potential.yaml").read_text(encoding="utf-8")
TIERS = (ROOT / "rules/tiers.yaml").read_text(encoding="utf-8")


def said_of(folder: Path, packs: str) -> dict[str, str]:
    """Return what "Changed" says of each pack, and hold it against the packs' own marks."""
    write(folder, {"brief.json": brief(shortlist=[JO]), "checker.yaml": f"packs: [{packs}]\n"})
    report = run("check", "--as-of", AS_OF, "-o", "json").report()
    changed = {each["rule"]: each["what"] for each in report["changed"] if each["rule"] != "packs"}
    assert changed.keys() == {pack["name"] for pack in report["packs"] if pack["changed"]}
    text = " ".join(run("check", "--as-of", AS_OF).out.split())
    for name, what in changed.items():
        assert f"Changed {what}" in text
        assert re.search(rf"\b{name} [0-9.]+ \(changed\)", text)
    return changed


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("days: {default: 90,", "days: {default: 30,", ": it edits growth"),
        ("severity: warning", "severity: note", ": it edits growth"),
        ("id: growth", "id: growing", ": it adds growing, drops growth"),
        ("  - id: growth", "  # Ours.\n  - id: growth", "; its rules decide as there"),
    ],
)
def test_a_copy_with_a_change(folder: Path, old: str, new: str, what: str) -> None:
    assert POTENTIAL.count(old) == 1
    write(folder, {"rules/potential.yaml": POTENTIAL.replace(old, new)})
    said = said_of(folder, "alignment, rules/potential.yaml")
    (version,) = re.findall(r"^version: (.+)", POTENTIAL, re.MULTILINE)
    start = f"potential is a changed copy of the shipped pack (shipped: {version})"
    assert said == {"potential": start + what}


def test_a_copy_that_another_pack_uses(folder: Path) -> None:
    budget = (ROOT / "rules/budget.yaml").read_text(encoding="utf-8")
    write(folder, {"rules/budget.yaml": budget, "rules/tiers.yaml": TIERS})
    assert not said_of(folder, "rules/budget.yaml")
    write(folder, {"rules/tiers.yaml": TIERS.replace("100_000", "200_000")})
    assert said_of(folder, "rules/budget.yaml").keys() == {"tiers"}


def test_an_exact_copy_is_as_it_is_shipped(folder: Path) -> None:
    for text in (POTENTIAL, POTENTIAL.replace("\n", "\r\n")):
        write(folder, {"rules/potential.yaml": text.encode()})
        assert not said_of(folder, "alignment, rules/potential.yaml")
