"""Paths into a provider's record: a small part of JMESPath, or the name of a column.

Allowed are names, indexes, `[]`, `[*]`, filters (`[?code=='GB']`) and `||`. There are no functions:
what a value means is said by the mapping's own words. What a path reads is worked out from the
path alone, so that everything else in a file can be listed.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from checker.model.mappings import NamePath, SourcePath

LONGEST_PATH = 300
# Every entry of a list.
EACH = "[]"
# A path that spreads lists in lists may mean many places; more than these is no path to data.
_MOST_PLACES = 256
_SPREADING = ("flatten", "projection", "filter_projection")


class PathError(Exception):
    """A path cannot be used; the message says why, in plain words."""


def column_path(name: str) -> SourcePath:
    """Return the path of a table's column."""
    return SourcePath(name, (name,), frozenset([(name,)]))


def record_path(text: str) -> SourcePath:
    """Return the path that a text says, relative to a record. Raises PathError."""
    if len(text) > LONGEST_PATH:
        raise PathError(f"a path has at most {LONGEST_PATH} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PendingDeprecationWarning)
            tree = jmespath.compile(text).parsed
    except PendingDeprecationWarning:
        raise PathError("texts in a path stand in single quotes, [?code=='GB']") from None
    except (JMESPathError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise PathError(f"not a path: {reason}") from None
    except RecursionError:
        raise PathError("brackets are nested too deep") from None
    found, reads = _places(tree, ())
    gives, looked_at = frozenset(found), frozenset(reads - found)
    return SourcePath(text, _steps(tree), gives, looked_at, _choices(tree))


def _choices(tree: Any) -> tuple[SourcePath, ...]:
    """Return the plain paths that a path chooses between; none where it is no such choice."""
    if tree["type"] != "or_expression":
        return ()
    choices: list[SourcePath] = []
    for child in tree["children"]:
        steps = _steps(child)
        deeper = _choices(child)
        if steps is not None:
            text = ".".join(map(str, steps))
            choices.append(SourcePath(text, steps, frozenset(_places(child, ())[0])))
        elif deeper:
            choices.extend(deeper)
        else:
            return ()
    return tuple(choices)


def find(path: SourcePath, data: Any) -> Any:
    """Return what stands at a path; None where there is nothing."""
    if path.choices:
        found = (find(choice, data) for choice in path.choices)
        return next((each for each in found if is_there(each)), None)
    if path.steps is None:
        return _compiled(path.text).search(data)
    for step in path.steps:
        if isinstance(step, str):
            data = data.get(step) if isinstance(data, dict) else None
        elif isinstance(data, list) and -len(data) <= step < len(data):
            data = data[step]
        else:
            return None
    return data


def is_there(value: Any) -> bool:
    """Say whether a choice takes a value; as in JMESPath, 0 is one."""
    return value is not None and value is not False and value not in ("", [], {})


@lru_cache(maxsize=512)
def _compiled(text: str) -> Any:
    return jmespath.compile(text)


def names_of(path: SourcePath) -> Iterator[str]:
    """Yield the names of fields that a path reads."""
    for place in path.gives | path.reads:
        yield from (name for name in place if name != EACH)


def below(base: SourcePath, path: SourcePath) -> set[NamePath]:
    """Return what a path reads that starts at each entry of what `base` finds."""
    rows = {place if place[-1:] == (EACH,) else (*place, EACH) for place in base.gives}
    return {(*row, *read) for row in rows for read in path.gives | path.reads}


def _steps(tree: Any) -> tuple[str | int, ...] | None:
    """Return the names and indexes of a path that leads to one value; else None."""
    kind, children = tree["type"], tree["children"]
    if kind == "field" or kind == "index":
        return (tree["value"],)
    if kind in ("current", "identity"):
        return ()
    if kind not in ("subexpression", "index_expression"):
        return None
    steps: tuple[str | int, ...] = ()
    for child in children:
        more = _steps(child)
        if more is None:
            return None
        steps += more
    return steps


def _places(tree: Any, base: NamePath) -> tuple[set[NamePath], set[NamePath]]:
    """Return the places of what a path gives, from `base`, and other places that it reads."""
    kind, children = tree["type"], tree["children"]
    match kind:
        case "field":
            return {(*base, tree["value"])}, set()
        case "index":
            return {(*base, EACH)}, set()
        case "current" | "identity":
            return {base}, set()
        case "literal":
            return set(), set()
        case "subexpression" | "index_expression":
            return _chain(children, base)
        case "or_expression":
            return _both(children, base)
        case "comparator" | "and_expression" | "not_expression":
            found, reads = _both(children, base)
            return set(), found | reads
        case "flatten":
            found, reads = _places(children[0], base)
            # What is spread twice may have been single values at some places.
            kept = found if children[0]["type"] in _SPREADING else set()
            if len(found) > _MOST_PLACES:
                raise PathError("the path spreads too many lists")
            return {(*place, EACH) for place in found} | kept, reads
        case "projection" | "filter_projection":
            return _spread(tree, base)
    words = {"function_expression": "functions", "slice": "slices", "pipe": "|", "expref": "&"}
    raise PathError(f"paths of a mapping have no {words.get(kind, kind.replace('_', ' '))}")


def _chain(children: list[Any], base: NamePath) -> tuple[set[NamePath], set[NamePath]]:
    found, reads = {base}, set[NamePath]()
    for child in children:
        after = set[NamePath]()
        for place in found:
            more, other = _places(child, place)
            after |= more
            reads |= other
        found = after
    return found, reads


def _both(children: list[Any], base: NamePath) -> tuple[set[NamePath], set[NamePath]]:
    found, reads = set[NamePath](), set[NamePath]()
    for child in children:
        more, other = _places(child, base)
        found |= more
        reads |= other
    return found, reads


def _spread(tree: Any, base: NamePath) -> tuple[set[NamePath], set[NamePath]]:
    left, right = tree["children"][0], tree["children"][1]
    listed, reads = _places(left, base)
    if left["type"] != "flatten":
        listed = {(*place, EACH) for place in listed}
    found = set[NamePath]()
    for entry in listed:
        more, other = _places(right, entry)
        found |= more
        reads |= other
        if tree["type"] == "filter_projection":
            asked, deeper = _places(tree["children"][2], entry)
            reads |= asked | deeper
    return found, reads
