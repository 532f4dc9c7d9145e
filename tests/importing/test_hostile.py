"""Whatever a file holds, an import ends in valid records and named mistakes."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checker import api
from checker.loading.schemas import record_schema
from tests.importing.test_formats import leaves
from tests.importing.world import FILES, fixture

SCHEMA = Draft202012Validator(record_schema("influencer"))
ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(-1e15, 1e15),
    st.text(max_size=8),
    st.sampled_from(["", " ", "65-", "GB", "2026-02-30", "1e9", "٣", "42%", "0x10", "@", "\x00"]),
    st.just([]),
    st.just({}),
    st.lists(st.integers(0, 3), max_size=3),
    st.dictionaries(st.sampled_from(["code", "value", "[0]", "a.b"]), st.integers(), max_size=2),
)


@pytest.mark.parametrize("name", FILES)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_changed_export(tmp_path: Path, name: str, data: st.DataObject) -> None:
    """Any values at any places, and any entries twice, end in no crash and no invalid record."""
    content = copy.deepcopy(fixture(name))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(leaves(content)) or [()]))
        cut = data.draw(st.integers(0, max(len(path) - 1, 0)))
        path = path[: len(path) - cut]
        inner = content
        for step in path[:-1]:
            inner = inner[step]
        if path:
            inner[path[-1]] = data.draw(ODD)
    file = tmp_path / "x.json"
    file.write_text(json.dumps(content), "utf-8")
    result = api.import_files([file], format=name)
    for record in result.records:
        assert list(SCHEMA.iter_errors(record.data)) == []
    (counted,) = result.files
    assert counted.imported == len(result.records)
    # Who is not imported is named.
    assert len(result.records) == counted.found or result.wrong
    assert (result.exit_code == 0) == (not result.wrong and bool(result.records))


@pytest.mark.parametrize("name", FILES)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.recursive(
        ODD,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    ["profile", "audience", "user", "data", "result", "account", "channel", "code"]
                ),
                inner,
                max_size=3,
            ),
        ),
        max_leaves=12,
    )
)
def test_something_else(tmp_path: Path, name: str, content: Any) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps(content), "utf-8")
    result = api.import_files([file], format=name)
    assert result.exit_code == 3
    assert result.wrong
