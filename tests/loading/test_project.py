"""Where a project begins, what it is configured to, and which briefs are in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.loading.config_file import load_config
from checker.loading.project import Projects, find_briefs
from checker.model.diagnostics import InputError, RulesError

# Longer than a file system lets a name be.
LONG = Path("a" * 300)


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_briefs_are_found_by_their_names(root: Path) -> None:
    write(
        root,
        {
            "a/brief.json": "{}",
            "a/spring.brief.yaml": "{}",
            "b/brief.yaml": "{}",
            "b/other.json": '{"id": "b", "title": "t", "brand": "x"}',
            ".hidden/brief.json": "{}",
            "node_modules/x/brief.json": "{}",
        },
    )
    found = [path.as_posix() for path in find_briefs([Path()])]
    assert found == ["a/brief.json", "a/spring.brief.yaml", "b/brief.yaml"]
    assert find_briefs([Path("b/other.json")]) == [Path("b/other.json")]
    assert len(find_briefs([Path("a"), Path("a/brief.json")])) == 2


def test_the_configuration_names_further_briefs(root: Path) -> None:
    write(
        root,
        {
            "checker.yaml": 'briefs: ["campaigns/*/plan.yaml", "deep/**/p.json"]\n',
            "campaigns/spring/plan.yaml": "{}",
            "campaigns/plan.yaml": "{}",
            "deep/p.json": "{}",
            "deep/er/still/p.json": "{}",
        },
    )
    found = [path.as_posix() for path in find_briefs([Path()])]
    assert found == ["campaigns/spring/plan.yaml", "deep/p.json", "deep/er/still/p.json"]


def test_no_brief_is_an_error_that_looks_around(root: Path) -> None:
    write(root, {"briefs/spring.xlsx": "", "briefs/a/x.json": "{}", "briefs/b/brief.yml": ""})
    with pytest.raises(InputError) as caught:
        find_briefs([Path("briefs")])
    [found] = caught.value.diagnostics
    assert caught.value.exit_code == 3
    assert str(found.position) == "briefs/"
    assert found.message == "no brief found; nothing was checked"
    assert found.hint.splitlines() == [
        "Looked for brief.yaml, brief.json, *.brief.yaml, *.brief.json in 3 folders.",
        "Saw brief.yml: name it brief.yaml.",
        'Saw spring.xlsx: save the sheet as CSV and name it under "shortlist".',
    ]


@pytest.mark.parametrize(
    "paths", [[], [Path("nowhere")], [Path("nowhere/brief.json")], [LONG], [LONG / "brief.json"]]
)
def test_nothing_named_is_an_error(root: Path, paths: list[Path]) -> None:
    with pytest.raises(InputError, match="nothing was checked"):
        find_briefs(paths)


def test_the_root_is_the_git_folder(root: Path) -> None:
    write(root, {"checker.yaml": "", "a/checker.yaml": "", "a/b/brief.json": "{}"})
    project = Projects().of(root / "a/b/brief.json")
    assert project.root == root.resolve()
    assert project.config_path == root / "a/checker.yaml"
    assert project.hidden == (root / "checker.yaml",)
    assert project.shown(root / "a/b/brief.json") == "a/b/brief.json"


def test_without_git_the_root_is_the_configuration_or_what_was_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a/checker.yaml": "", "a/b/brief.json": "{}", "c/d/brief.json": "{}"})
    assert Projects().of(tmp_path / "a/b/brief.json").root == (tmp_path / "a").resolve()
    assert Projects().of(tmp_path / "c/d/brief.json").root == (tmp_path / "c/d").resolve()
    projects = Projects()
    [brief] = find_briefs([tmp_path / "c"], projects)
    assert projects.of(brief).root == (tmp_path / "c").resolve()
    monkeypatch.chdir(tmp_path / "a")
    assert Projects().of(Path("b/brief.json")).shown(Path("../c/x")).endswith("c/x")


def test_a_configuration(root: Path) -> None:
    write(
        root,
        {
            "checker.yaml": """\
packs: [handbook, rules/ours.yaml]
rules:
  audience-age:
    params: {minimum: 0.6}
    severity: warning
    because: the board asked for it
  usual-price: {enabled: false, because: 2025 price list}
extra:
  influencer:
    agency_rating: {type: share, title: agency rating}
"""
        },
    )
    config = load_config(Path("checker.yaml"))
    assert config.packs is not None
    assert [(name, str(place)) for name, place in config.packs] == [
        ("handbook", "checker.yaml:1:9"),
        ("rules/ours.yaml", "checker.yaml:1:19"),
    ]
    age, price = config.rules["audience-age"], config.rules["usual-price"]
    assert age.params == {"minimum": 0.6}
    assert (age.severity, age.because, age.enabled) == ("warning", "the board asked for it", None)
    assert str(age.position) == "checker.yaml:3:3"
    assert str(age.locate(("params", "minimum"))) == "checker.yaml:4:23"
    assert price.enabled is False
    assert "agency_rating" in config.extra["influencer"]


def test_a_configuration_of_comments_changes_nothing(root: Path) -> None:
    write(root, {"checker.yaml": "# packs: [handbook]\n"})
    config = load_config(Path("checker.yaml"))
    assert (config.packs, config.rules, config.briefs) == (None, {}, ())


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("pack: [a]", "checker.yaml:1:1", 'the configuration has the unknown field "pack"'),
        ("rules: {a: {enabled: false}}", "checker.yaml:1:12", 'rules.a has no "because"'),
        ("rules: {a: {because: x}}", "checker.yaml:1:12", "rules.a changes nothing"),
        ("waiver: []", "checker.yaml:1:1", 'the configuration has the unknown field "waiver"'),
        ("packs: handbook", "checker.yaml:1:8", 'packs is "handbook"; it must be a list'),
        (
            "extra: {influencer: {rating: {type: shar}}}",
            "checker.yaml:1:37",
            'extra.influencer.rating.type is "shar", which is no type',
        ),
        ("a: [", "checker.yaml:1:5", "not valid YAML"),
    ],
)
def test_a_wrong_configuration_is_an_error_of_the_rules(
    root: Path, text: str, place: str, message: str
) -> None:
    write(root, {"checker.yaml": text})
    with pytest.raises(RulesError) as caught:
        Projects().of(root / "brief.json")
    found = caught.value.diagnostics[0]
    assert caught.value.exit_code == 2
    assert str(found.position).startswith(place.rpartition(":")[0])
    assert found.message.startswith(message)
    if "not valid" not in message:
        assert str(found.position) == place
