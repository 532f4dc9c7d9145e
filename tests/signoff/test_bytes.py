"""Every single-byte change of any input is found, and its file is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checker import api_signoff
from checker.api import load_rules as load
from checker.engine.reach import Reach
from checker.engine.ruleset import RuleSet
from checker.loading.project import Project
from tests.signoff.conftest import sign, verify

INPUTS = (
    "brand.json",
    "checker.yaml",
    "spring/brief.yaml",
    "spring/shortlist.csv",
    "spring/influencers/maisie.braids.json",
    "spring/influencers/thecurledit.json",
    "spring/influencers/tinyknots.json",
)
SAMPLED = 200


def positions(size: int) -> Iterator[int]:
    """Yield every position of a small file, else one of each of `SAMPLED` equal stretches."""
    count = size if size <= SAMPLED else SAMPLED
    for index in range(count):
        first, last = index * size // count, (index + 1) * size // count
        yield first + (index * 7919) % (last - first)


def changed(data: bytes, position: int) -> bytes:
    """Replace one byte: by a near one, by one of the other case, or by one that is not UTF-8."""
    mask = (0x01, 0x20, 0x80)[position % 3]
    return data[:position] + bytes([data[position] ^ mask]) + data[position + 1 :]


@pytest.fixture
def rules_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules depend on the configuration alone; while it is as it was, so are they."""
    known: dict[tuple[bytes, Reach | None], RuleSet] = {}

    def load_rules(*, project: Project, reach: Reach | None = None) -> RuleSet:
        assert project.config_path is not None
        key = (project.config_path.read_bytes(), reach)
        if key not in known:
            known[key] = load(project=project, reach=reach)
        return known[key]

    monkeypatch.setattr(api_signoff, "load_rules", load_rules)


def test_the_list_of_inputs_is_complete(campaign: Path) -> None:
    sign()
    found = verify()
    assert found.as_signed
    names = [each["name"] for each in found.statement["predicate"]["inputs"]]
    assert sorted(names) == sorted(INPUTS)


@pytest.mark.usefixtures("rules_read_once")
@pytest.mark.parametrize("name", INPUTS)
def test_a_changed_byte_is_found_and_its_file_named(campaign: Path, name: str) -> None:
    sign()
    path = Path(name)
    data = path.read_bytes()
    tried = list(positions(len(data)))
    assert len(tried) == len(set(tried)) >= min(SAMPLED, len(data))
    for position in tried:
        path.write_bytes(changed(data, position))
        files = {each.details["file"] for each in verify().differences if each.part == "files"}
        assert name in files, f"byte {position} of {name}"
    path.write_bytes(data)
    assert verify().as_signed


@pytest.mark.usefixtures("rules_read_once")
@pytest.mark.parametrize("name", INPUTS)
def test_a_byte_more_or_less_is_found(campaign: Path, name: str) -> None:
    sign()
    path = Path(name)
    data = path.read_bytes()
    for position in (0, len(data) // 2, len(data) - 1):
        for other in (
            data[:position] + data[position + 1 :],
            data[:position] + b" " + data[position:],
        ):
            path.write_bytes(other)
            files = [each.details["file"] for each in verify().differences if each.part == "files"]
            assert name in files
