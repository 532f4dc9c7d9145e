"""Links between documents resolve, and no document leads where it should not."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from checker.loading.packs import load_packs
from tests.docs.blocks import ROOT, documents

_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_HOST = re.compile(r"https?://([^/\s)>\"'`]+)")
_BARE_HOST = re.compile(r"(?<![\w@./-])((?:[a-z0-9-]+\.)+(?:org|com|io|net|dev))\b")
# Hosts that a document may name: what versions mean, and the source of a price list.
_HOSTS = frozenset({"semver.org", "json-schema.org", "jmespath.org", "wordontheblock.com"})
_MACHINE = re.compile(
    r"(?<![\w.~-])/(?:home|root|tmp|work|usr|opt|var|etc|mnt|private|Users|Volumes)/|\b[A-Z]:\\"
)
# Words that have no place in what people read: marketing, and how the project was made.
_UNWANTED = re.compile(
    r"\b(?:powerful|blazing|seamless\w*|effortless\w*|cutting-edge|revolutionary|simply|easily)\b",
    re.IGNORECASE,
)
_PICTOGRAM = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")

DOCUMENTS = documents()


def _anchors(path: Path) -> set[str]:
    text = _FENCED.sub("", path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for heading in _HEADING.findall(text):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = 0
        while (name := f"{slug}-{number}" if number else slug) in found:
            number += 1
        found.add(name)
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_resolve(path: Path) -> None:
    text = _FENCED.sub("", path.read_text(encoding="utf-8"))
    for link in _LINK.findall(text):
        if link.startswith("http"):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.is_relative_to(ROOT) and target.exists(), f"{path.name}: {link}"
        if anchor:
            assert anchor in _anchors(target), f"{path.name}: {link}"


def test_every_page_is_linked_from_the_readme() -> None:
    linked = {
        link.partition("#")[0] for link in _LINK.findall((ROOT / "README.md").read_text("utf-8"))
    }
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")}
    assert pages <= linked


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_host_but_the_allowed_ones(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = {*_HOST.findall(text), *_BARE_HOST.findall(text)}
    # The catalogue repeats the addresses of the packs' sources.
    allowed = _HOSTS | (_source_hosts() if path.parent.name == "catalogue" else set())
    assert named <= allowed, f"{path.name}: {named - allowed}"


@cache
def _source_hosts() -> set[str]:
    packs = load_packs(None, root=ROOT)
    urls = " ".join(source.url for pack in packs for source in pack.sources.values())
    return {*_HOST.findall(urls), *_BARE_HOST.findall(urls)}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_path_of_a_machine(path: Path) -> None:
    assert not _MACHINE.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_plain_words(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not _UNWANTED.search(text)
    assert not _PICTOGRAM.search(text)
