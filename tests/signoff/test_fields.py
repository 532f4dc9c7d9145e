"""Digests of fields, for every format, and the kinds of files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker import api_signoff
from checker.loading.data_files import rules_folder
from checker.loading.inputs import read_input
from checker.model.inputs import InputFile
from checker.signoff import fields
from tests.signoff.conftest import AS_OF, TODAY, edit, sign, verify

ONE = '{"id": "a", "followers": 10, "topics": ["hair", "art"], "none": null}'
TWO = '{"id": "b", "followers": 20, "audience": {"age": {"18-24": 0.5, "65+": 0.1}}}'
FILES = {
    "list.json": f"[{ONE}, {TWO}]",
    "lines.ndjson": f"{ONE}\n\n{TWO}\n",
    "list.yaml": f"- {ONE}\n- {TWO}\n",
    "table.csv": "\ufeffid;followers;audience.age.18-24;\na;10;;\nb;20;50%;loose\n",
}
PATHS = {
    "a: id": "a",
    "a: followers": 10,
    "a: topics[0]": "hair",
    "a: topics[1]": "art",
    "b: id": "b",
    "b: followers": 20,
    "b: audience.age.18-24": 0.5,
    "b: audience.age.65+": 0.1,
}

POST_RULES = """
pack: posts
version: 1.0.0
title: Posts
rules:
  - id: post-caption
    title: A post has a caption
    scope: post
    severity: error
    source: ours
    require: exists(post.caption)
"""


def read(folder: Path, name: str, text: str) -> InputFile:
    (folder / name).write_text(text, encoding="utf-8")
    file = read_input(folder / name, root=folder)
    assert file is not None and file.name == name
    return file


@pytest.mark.parametrize("name", ["list.json", "lines.ndjson", "list.yaml"])
def test_paths_of_fields(tmp_path: Path, name: str) -> None:
    found = fields.field_digests(read(tmp_path, name, FILES[name]))
    assert found is not None
    assert found[0] == "fields"
    assert list(found[1]) == list(PATHS)


def test_paths_of_cells(tmp_path: Path) -> None:
    found = fields.field_digests(read(tmp_path, "table.csv", FILES["table.csv"]))
    assert found is not None
    assert list(found[1]) == [
        "a: id",
        "a: followers",
        "b: id",
        "b: followers",
        "b: audience.age.18-24",
        'b: "column 4"',
    ]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("most", [fields.MOST_FIELDS, 2])
def test_one_change_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(fields, "MOST_FIELDS", most)
    before = read(tmp_path, name, FILES[name])
    found = fields.field_digests(before)
    assert found is not None
    detail, digests = found
    after = read(tmp_path, name, FILES[name].replace("20", "21"))
    changes = fields.changed_fields(detail, digests, after, signed_as=before.sha256)
    assert changes is not None
    assert [(each.path, each.kind) for each in changes] == [
        ("b: followers" if most > 2 else "b", "changed")
    ]
    same = fields.changed_fields(detail, digests, before, signed_as=before.sha256)
    assert same == []


def test_equal_values_do_not_look_alike(tmp_path: Path) -> None:
    file = read(tmp_path, "a.json", '{"a": 1, "b": 1, "c": [1, 1]}')
    other = read(tmp_path, "b.json", '{"a": 1, "b": 1, "c": [1, 1] }')
    digests = [fields.field_digests(each) for each in (file, other)]
    values = [value for each in digests if each for value in each[1].values()]
    assert len(set(values)) == len(values) == 8


def test_names_that_look_like_paths(tmp_path: Path) -> None:
    file = read(tmp_path, "a.json", '{"a.b": 1, "a": {"b": 1}, "c[0]": 1, "c": [1], "": 2}')
    found = fields.field_digests(file)
    assert found is not None
    assert list(found[1]) == ['"a.b"', "a.b", '"c[0]"', "c[0]", '""']


@pytest.mark.parametrize("content", [b"\xff", b"", b"{", b"[1,", b'{"a": 1, "a": 2}'])
def test_what_cannot_be_read_has_no_fields(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    file = read_input(tmp_path / "a.json", root=tmp_path)
    assert file is None or fields.field_digests(file) is None


def test_every_file_of_a_campaign_has_its_kind(campaign: Path) -> None:
    """Posts, NDJSON and a brand in YAML are inputs like the others."""
    edit("spring/brief.yaml", "../brand.json", "../brand.yaml")
    Path("brand.json").rename("brand.yaml")
    post: dict[str, Any] = {
        "id": "one",
        "influencer": "youtube/maisie.braids",
        "platform": "youtube",
        "market": "GB",
        "language": "en",
        "caption": "Ribbons",
    }
    Path("spring/posts").mkdir()
    Path("spring/posts/one.json").write_text(json.dumps(post), encoding="utf-8")
    edit("spring/brief.yaml", "shortlist:\n", "posts: posts/*.json\nshortlist:\n")
    Path("rules").mkdir()
    Path("rules/posts.yaml").write_text(POST_RULES, encoding="utf-8")
    shipped = sorted(path.stem for path in rules_folder().glob("*.yaml"))
    config = Path("checker.yaml").read_text(encoding="utf-8")
    packs = ", ".join([*shipped, "rules/posts.yaml"])
    Path("checker.yaml").write_text(f"packs: [{packs}]\n{config}", encoding="utf-8")
    signing = api_signoff.sign_off(Path("spring"), by="Jo", as_of=AS_OF, today=TODAY)
    kinds = {path.name for path in signing.inputs}
    assert {"one.json", "brand.yaml"} <= kinds
    assert signing.code == 0, signing.refusals
    sign()
    said = verify().statement["predicate"]["inputs"]
    found = {each["name"]: each["kind"] for each in said}
    assert found["spring/posts/one.json"] == "post"
    assert found["rules/posts.yaml"] == "pack"
    assert found["brand.yaml"] == "brand"
    assert found["spring/influencers/tinyknots.json"] == "shortlist"
    assert found["checker.yaml"] == "configuration"
