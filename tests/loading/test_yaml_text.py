from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checker.loading.source import SourceFile, read_source, shown_path
from checker.loading.yaml_repairs import repair
from checker.loading.yaml_text import YamlDocument, read_yaml
from checker.model.diagnostics import Diagnostic, InputError, Position, RulesError


def read(text: str) -> YamlDocument:
    return read_yaml(SourceFile("x.yaml", text))


def refused(text: str, *, mend: bool = False) -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as error:
        read_yaml(SourceFile("x.yaml", text), repair=repair if mend else None)
    return error.value.diagnostics


# Files


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2")
    source = read_source(path, shown_as="a.yaml")
    assert source.text == "a: 1\r\nb: 2"
    assert [source.line(n) for n in range(4)] == ["", "a: 1", "b: 2", ""]
    assert read_yaml(source).locate(("b",)) == Position("a.yaml", 2, 4)


@pytest.mark.parametrize(
    ("name", "code", "place"),
    [
        ("missing.yaml", "no-such-file", "shown"),
        ("a.yaml/below", "no-such-file", "shown"),
        ("a" * 300 + ".yaml", "no-such-file", "shown"),
        (".", "is-a-folder", "shown"),
        ("latin.yaml", "not-utf8", "shown:2:4"),
        ("utf16.yaml", "not-utf8", "shown:1:1"),
        ("large.yaml", "too-large", "shown"),
        ("a\0b", "unreadable", "shown"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_diagnostic(
    tmp_path: Path, name: str, code: str, place: str
) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a: 1")
    (tmp_path / "latin.yaml").write_bytes("é: 1\nn: ".encode() + b"\xe9")
    (tmp_path / "utf16.yaml").write_bytes("a: 1".encode("utf-16"))
    (tmp_path / "large.yaml").write_bytes(b"a" * 101)
    with pytest.raises(InputError) as error:
        read_source(tmp_path / name, shown_as="shown", limit=100)
    (diagnostic,) = error.value.diagnostics
    assert (diagnostic.code, str(diagnostic.position)) == (code, place)


def test_rules_and_configuration_refuse_with_their_own_exit_code(tmp_path: Path) -> None:
    with pytest.raises(RulesError):
        read_source(tmp_path / "no", shown_as="no", refuse=RulesError)
    with pytest.raises(RulesError):
        read_yaml(SourceFile("x", "a: ["), refuse=RulesError)


def test_paths_are_shown_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown_path(tmp_path / "a" / "b.yaml") == "a/b.yaml"
    assert shown_path(Path("a/../b.yaml")) == "b.yaml"
    assert shown_path(tmp_path / "a" / "b.yaml", tmp_path / "a") == "b.yaml"
    assert shown_path(tmp_path.parent / "b.yaml") == (tmp_path.parent / "b.yaml").as_posix()


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    import hashlib

    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert read_source(path, shown_as="a").sha256() == digest


# Values

TEXT = [
    *("NO", "yes", "no", "on", "off", "y", "True", "FALSE", "Null", "~", "018", "0x1F", "0o7"),
    *("1__0", "_1", "1_", "+1", ".5", "1.", "1,000", ".inf", ".nan", "1e", "1.0.0", "32%", "="),
    *("2026-03-02", "12:30:00", "-x"),
]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("null", None),
        ("", None),
        ("true", True),
        ("false", False),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("1_000_000", 1_000_000),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("1_0.2_5", 10.25),
        ("1000000000000000", 10**15),
        *((text, text) for text in TEXT),
        ("'12'", "12"),
        ('"true"', "true"),
        ('""', ""),
    ],
)
def test_only_null_true_false_and_json_numbers_are_values(written: str, value: object) -> None:
    data = read(f"key: {written}\n").data
    assert data == {"key": value}
    assert type(data["key"]) is type(value)


def test_keys_are_text() -> None:
    data = read("NO: 1\n12: a\ntrue: b\nnull: c\n2026-01-01: d\n").data
    assert list(data) == ["NO", "12", "true", "null", "2026-01-01"]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "null"])
def test_an_empty_document_has_no_data(text: str) -> None:
    document = read(text)
    assert document.data is None
    assert document.locate(("a", 0)).file == "x.yaml"


def test_a_document_may_be_a_list_or_a_scalar() -> None:
    assert read("- 1\n- a\n").data == [1, "a"]
    assert read("just text").data == "just text"
    assert read("--- {a: []}\n...\n").data == {"a": []}


# Places

PLACES = (
    'é🎉: {b: "🎉", c: [NO, 018]} # 🎉\r\nlist:\r\n  - a: 1\r\n    b: 🎉\r\nempty:\r\nlast: 1\r\n'
)


@pytest.mark.parametrize(
    ("path", "place", "key"),
    [
        ((), "1:1", "1:1"),
        (("é🎉",), "1:5", "1:1"),
        (("é🎉", "b"), "1:9", "1:6"),
        (("é🎉", "c", 1), "1:22", "1:22"),
        (("list", 0), "3:5", "3:5"),
        (("list", 0, "b"), "4:8", "4:5"),
        (("empty",), "5:1", "5:1"),
        (("last",), "6:7", "6:1"),
        (("list", 0, "missing"), "3:5", "3:5"),
        (("list", 7, "a"), "3:3", "3:3"),
        (("list", "a"), "3:3", "3:3"),
        (("last", "deeper", 0), "6:7", "6:7"),
        (("nothing",), "1:1", "1:1"),
    ],
)
def test_every_value_and_key_has_its_place(
    path: tuple[str | int, ...], place: str, key: str
) -> None:
    document = read(PLACES)
    assert str(document.locate(path)) == f"x.yaml:{place}"
    assert str(document.locate_key(path)) == f"x.yaml:{key}"


def test_a_line_separator_in_a_text_is_no_line_for_an_editor() -> None:
    document = read('a: "x\u2028y"\nb: 1\n')
    assert document.locate(("b",)) == Position("x.yaml", 2, 4)


TEXTS = {
    "plain": "key: share >= needed\n",
    "plain on several lines": "key: share\n  >= 🎉\n\n  or x\n",
    "single quotes": "key: 'it''s \"here\"'\n",
    "single quotes on several lines": "key: 'one\n  two\n\n  it''s three'\n",
    "double quotes": "key: \"one 'two' 🎉\"\n",
    "double quotes on several lines": 'key: "one\n   two\n\n   three"\n',
    "double quotes with escapes": 'key: "a\\u00e9b \\"c\\" \\x41\\\\ d"\n',
    "double quotes with joined lines": 'key: "one\\\n   two\\\n   three"\n',
    "folded": "key: >-\n  one two\n  🎉 three\n\n  four\n    more\n    even more\n  less\n",
    "folded and kept": "key: >+\n  one\n\n  two\n\n\nz: 1\n",
    "folded with a comment": "key: >- # why\n  one\n  two\n",
    "literal": "key: |\n  é one\n   two\n\n  three\n",
    "literal, blank line first": "key: |-\n\n  one\n  two\n",
    "in a list": "key:\n  - x\n",
    "in braces": "{key: share >= needed, other: 1}\n",
}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("name", TEXTS)
def test_each_character_of_a_text_has_its_place(name: str, ending: str) -> None:
    text = TEXTS[name].replace("\n", ending)
    source = SourceFile("x.yaml", text)
    document = read_yaml(source)
    path: tuple[Any, ...] = ("key", 0) if name == "in a list" else ("key",)
    value = document.text(path)
    written = document.scalar(path)
    exact = 0
    for offset, character in enumerate(value.text):
        place = value.locate(offset)
        found = source.line(place.line)[place.column - 1 : place.column]
        if found == character:
            exact += 1
        else:  # Folded line ends stand after their line, escapes at their backslash.
            assert character in " \n" or found in "\\'", (offset, character, found)
    assert exact >= len(value.text.split()) > 0
    assert value.source_line(1) == source.line(1)
    assert value.locate(0).line >= source.position(written.start_mark.index).line


def test_folded_offsets_in_detail() -> None:
    value = read("key: >-\n  one two\n  three\n").text(("key",))
    assert value.text == "one two three"
    assert value.locate(4) == Position("x.yaml", 2, 7)
    assert value.locate(8) == Position("x.yaml", 3, 3)
    assert value.locate(len(value.text)) == Position("x.yaml", 3, 8)


def test_an_indentation_in_the_header_is_located_at_the_start() -> None:
    value = read("key: >2-\n   one\n  two\n").text(("key",))
    assert {str(value.locate(n)) for n in range(len(value.text))} == {"x.yaml:1:6"}


def test_numbers_and_flags_have_text_too() -> None:
    assert read("let: {floor: 1_000, on: true}").text(("let", "floor")).text == "1_000"
    with pytest.raises(KeyError):
        read("a: {b: 1}").text(("a",))


# What is refused


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", "3:1"),
        ("a: {b: 1, b: 2}\n", "duplicate-key", "1:11"),
        ("a: &x 1\n", "yaml-anchor", "1:4"),
        ("a: *x\n", "yaml-alias", "1:4"),
        ("a: !!str 1\n", "yaml-tag", "1:4"),
        ("a: !x {}\n", "yaml-tag", "1:4"),
        ("<<: {a: 1}\n", "merge-key", "1:1"),
        ("? [a]\n: 1\n", "key-not-text", "1:3"),
        ("a: 1\n---\nb: 1\n", "second-document", "2:1"),
        ("[" * 65 + "]" * 65, "too-deep", "1:65"),
        ("[" * 20_000, "too-deep", "1:65"),
        ("a: 1_000_000_000_000_001\n", "number-too-large", "1:4"),
        ("a: -1e16\n", "number-too-large", "1:4"),
        ("a: 1e999\n", "number-too-large", "1:4"),
        ("a: " + "9" * 5000, "number-too-large", "1:4"),
        ("a:\n\tb: 1\n", "tab-indentation", "2:1"),
        ("a: 1\n  \tb: 1\n", "tab-indentation", "2:3"),
        ("a: b: c\n", "yaml-syntax", "1:5"),
        ("é🎉: b: c\n", "yaml-syntax", "1:6"),
        ('a: "x" y\n', "yaml-syntax", "1:8"),
        ('a: 1\nb: "x\nc: 1\n', "yaml-syntax", "2:4"),
        ("a: [1, 2\nb: 1\n", "yaml-syntax", "1:4"),
        ("a: @x\n", "yaml-syntax", "1:4"),
        ("a: %x\n", "yaml-syntax", "1:4"),
        ("a:\n  b: 1\n c: 2\n", "yaml-syntax", "3:2"),
        ('a: "\\q"\n', "yaml-syntax", "1:5"),
        ("a: \x01\n", "yaml-character", "1:4"),
    ],
)
def test_what_is_not_allowed_is_refused_at_its_place(text: str, code: str, place: str) -> None:
    first = refused(text)[0]
    assert (first.code, str(first.position)) == (code, f"x.yaml:{place}")
    assert first.message and "yaml." not in first.message


def test_everything_refused_comes_at_once() -> None:
    codes = [each.code for each in refused("a: &x 1\nb: *x\na: 2\nc: 1e99\n")]
    assert codes == ["yaml-anchor", "yaml-alias", "duplicate-key", "number-too-large"]


def test_64_levels_are_allowed() -> None:
    read("[" * 64 + "]" * 64)


# What YAML breaks in conditions and texts


def test_the_message_for_text_after_a_closing_quote() -> None:
    (found,) = refused('rules:\n  - id: x\n    require: "beauty" in influencer.topics\n', mend=True)
    assert str(found.position) == "x.yaml:3:14"
    assert found.message == "text after a closing quote"
    assert found.excerpt is not None
    assert (found.excerpt.start, found.excerpt.note) == (
        13,
        "YAML ends the value at the second quote",
    )
    assert found.hint.splitlines() == [
        'Put the condition on the next line, after ">-":',
        "  |     require: >-",
        '  |       "beauty" in influencer.topics',
    ]


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("require: 'a' in x", "3:14"),
        ("fail: {share:percent} of the audience", "3:11"),
        ("pass: [draft] {x}", "3:11"),
        ("when: !exists(brief.target)", "3:11"),
        ("when: *x", "3:11"),
        ("when: &x y", "3:11"),
        ("fail: @{influencer.handle} is out", "3:11"),
        ("fail: %{x}", "3:11"),
        ("fail: `x`", "3:11"),
        ("fail: | x", "3:11"),
        ("require: >= 5", "3:14"),
        ("fail: costs {x}: too much", "3:20"),
        ("fix: two things:", "3:20"),
        ("let:\n      a: 'x' in y", "4:10"),
        ("let:\n      a: [x for x in y] == z", "4:10"),
    ],
)
def test_what_yaml_breaks_is_shown_mended(field: str, place: str) -> None:
    text = f"rules:\n  - id: x\n    {field}\n"
    (found,) = refused(text, mend=True)
    assert (found.code, str(found.position)) == ("yaml-broke-the-text", f"x.yaml:{place}")
    # The lines that the hint shows are YAML, and keep the text as it was meant.
    lines = [line.partition(" | ")[2] for line in found.hint.splitlines()[1:]]
    kept = text.splitlines()[: found.position.line - 1]
    data = read("\n".join([*kept, *lines])).data["rules"][0]
    key, _, meant = field.split("\n")[-1].strip().partition(": ")
    meant_key = key.rstrip(":")
    assert (data.get("let") or data)[meant_key] == (meant or "two things:")


def test_further_lines_of_a_value_are_mended_too() -> None:
    (found,) = refused('rules:\n  - require: "a" in x\n      and y\n    id: z\n', mend=True)
    assert found.hint.splitlines()[1:] == [
        "  |   - require: >-",
        '  |       "a" in x',
        "  |       and y",
    ]


@pytest.mark.parametrize(
    "text",
    [
        'examples:\n  pass: "a" b\n',  # A list of cases, not a text.
        'sources:\n  a: "b" c\n',
        "let: {a: 'x' in y}\n",
        'require: "never closed\n',
    ],
)
def test_other_errors_stay_what_they_are(text: str) -> None:
    assert refused(text, mend=True)[0].code == "yaml-syntax"
