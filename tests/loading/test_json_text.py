"""JSON is read strictly, and refused in plain words at the right place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.loading.json_text import MAX_DEPTH, read_json, read_ndjson
from checker.loading.source import SourceFile
from checker.model.diagnostics import InputError


def refusals(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(InputError) as caught:
        read_json(SourceFile("f.json", text))
    assert caught.value.exit_code == 3
    return [(str(d.position), d.code, d.message) for d in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('{"a": 1,}', "f.json:1:8", "there is a comma after the last value"),
        ("[1,]", "f.json:1:3", "there is a comma after the last value"),
        ('{"a": 1 "b": 2}', "f.json:1:9", "a comma is missing"),
        ('{"a" 1}', "f.json:1:6", "a colon is missing between name and value"),
        ("{'a': 1}", "f.json:1:2", 'names and texts stand in straight double quotes, "like this"'),
        ("{a: 1}", "f.json:1:2", 'a name in double quotes should stand here, not "a"'),
        ('{"a": True}', "f.json:1:7", "True is written true"),
        ('{"a": None}', "f.json:1:7", "None is written null"),
        ('{"a": "x}', "f.json:1:7", "this text has no closing quote"),
        ('{"a": "x\n"}', "f.json:1:9", "a line break or a tab stands inside a text"),
        ('{"a":\n', "f.json:2:1", "the file ends too early"),
        ('{"a": 1}\n{"a": 2}', "f.json:2:1", "there is more text after the end of the record"),
        ("// a brief\n{}", "f.json:1:1", "JSON has no comments"),
        ('{"a": many}', "f.json:1:7", '"many" is not a value'),
        ('{"a": NaN}', "f.json:1:7", "NaN is not a number"),
        ('{"a": -Infinity}', "f.json:1:7", "-Infinity is not a number"),
        ('{"a": 1e999}', "f.json:1:7", "numbers beyond 1,000,000,000,000,000 are refused"),
        ('{"a": 1' + "0" * 5000 + "}", "f.json:1:7", "numbers beyond 1,000,000,000,000,000 are"),
        ('{"a": "\\ud83d"}', "f.json:1:8", r"\ud83d is half of a character"),
        ('{"a": "x\\ude00"}', "f.json:1:9", r"\ude00 is half of a character"),
        ("", "f.json", "the file is empty"),
        (" \n", "f.json", "the file is empty"),
        ("null", "f.json:1:1", "there is nothing here but null"),
    ],
)
def test_refused_in_plain_words(text: str, place: str, message: str) -> None:
    [(where, _, said)] = refusals(text)
    assert where == place
    assert said.startswith(message)


def test_every_duplicate_key_is_named() -> None:
    text = '{"a": 1,\n "b": {"c": 1, "c": 2},\n "a": 2}'
    assert refusals(text) == [
        ("f.json:2:16", "duplicate-field", '"c" is given twice'),
        ("f.json:3:2", "duplicate-field", '"a" is given twice'),
    ]


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    [(where, code, _)] = refusals("[[],\n" + "[" * depth + "]" * depth + "]")
    assert (where, code) == ("f.json:2:64", "too-deep")


@pytest.mark.parametrize(
    ("text", "place", "number"),
    [
        ('{"a": 03000}', "f.json:1:7", "3000"),
        ('{"a": -03.5}', "f.json:1:7", "-3.5"),
        ("[1, 007]", "f.json:1:5", "7"),
        ("012", "f.json:1:1", "12"),
    ],
)
def test_a_number_that_starts_with_0(text: str, place: str, number: str) -> None:
    with pytest.raises(InputError) as caught:
        read_json(SourceFile("f.json", text))
    [found] = caught.value.diagnostics
    assert (str(found.position), found.message) == (place, "a number does not start with 0")
    assert found.hint == f"Write {number}; put it in quotes if it is no number."


def test_nesting_within_the_limit_is_read() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert read_json(SourceFile("f.json", text)).data == json.loads(text)


def test_null_is_missing() -> None:
    data = read_json(SourceFile("f.json", '{"a": null, "b": {"c": null}}')).data
    assert data == {"b": {}}


def test_a_character_in_two_halves_is_read() -> None:
    assert read_json(SourceFile("f.json", r'["\ud83d\ude00"]')).data == ["\U0001f600"]


def test_places_of_values_and_names() -> None:
    text = '{\n  "a": {"q\\"": [1, {"c": 2}]},\n  "e": "}"\n}'
    document = read_json(SourceFile("f.json", text))
    assert str(document.locate(())) == "f.json:1:1"
    assert str(document.locate(("a", 'q"', 1, "c"))) == "f.json:2:26"
    assert str(document.locate_key(("a", 'q"', 1, "c"))) == "f.json:2:21"
    assert str(document.locate(("e",))) == "f.json:3:8"
    # What is missing stands where its parent does.
    assert str(document.locate(("a", "missing", 3))) == "f.json:2:8"


def test_ndjson_keeps_the_lines_of_the_file() -> None:
    lines = '{"a": 1}\n\n{"a": 2,\n{"a":\t3}\n'
    first, broken, last = read_ndjson(SourceFile("f.ndjson", lines))
    assert not isinstance(first, InputError)
    assert isinstance(broken, InputError)
    assert broken.diagnostics[0].position.line == 3
    assert not isinstance(last, InputError)
    assert last.data == {"a": 3}
    assert str(last.locate(("a",))) == "f.ndjson:4:7"


PLAIN = st.recursive(
    st.booleans() | st.integers(-(10**14), 10**14) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


def every_path(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path]
    if isinstance(data, dict):
        for key, value in data.items():
            found += every_path(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            found += every_path(value, (*path, index))
    return found


@settings(deadline=None)
@given(PLAIN, st.sampled_from([None, 1, 3]), st.booleans())
def test_the_value_stands_at_its_place(data: object, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    source = SourceFile("f.json", text)
    document = read_json(source)
    assert document.data == data
    decoder = json.JSONDecoder()
    lines = source.lines()
    for path in every_path(data):
        position = document.locate(path)
        rest = "\n".join(lines[position.line - 1 :])[position.column - 1 :]
        value: object = data
        for step in path:
            value = value[step]  # type: ignore[index]
        assert decoder.raw_decode(rest)[0] == value


@settings(deadline=None)
@given(st.text(alphabet='{}[]",:0aeE-+.\\ntrul \n', max_size=40))
def test_no_text_is_a_crash(text: str) -> None:
    try:
        data = read_json(SourceFile("f.json", text)).data
    except InputError as error:
        assert error.diagnostics
    else:
        assert data is not None
