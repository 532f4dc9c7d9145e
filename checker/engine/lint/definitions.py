"""Definitions that no rule calls: what can be said of them without the types of arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checker.engine.lint.work import Found, Library
from checker.engine.texts import diagnose
from checker.language.check import DefinitionError, check_expression
from checker.language.errors import LanguageError
from checker.language.functions import FUNCTIONS
from checker.language.parse import Parsed, parse
from checker.language.scope import ROOTS, DefinitionText, Scope, Slots
from checker.language.suggest import did_you_mean
from checker.model.rules import Definition, Pack
from checker.model.types import RecordType

_ROOTS = tuple(dict.fromkeys(name for roots in ROOTS.values() for name in roots))


def unchecked(pack: Pack, library: Library, called: set[str]) -> Iterator[Found]:
    """Find what is wrong with definitions that are called nowhere, and so were not checked.

    Without arguments the types are known; with some, only the names in it are.
    """
    for name, definition in pack.definitions.items():
        if name in called:
            continue
        try:
            scope = _scope(pack, library)
            if definition.arguments:
                _check_names(definition, scope)
            else:
                check_expression(definition.body.text, scope, Slots())
        except DefinitionError:
            continue  # Said of the definition that it stands in.
        except LanguageError as error:
            yield Found(diagnose(error, definition.body), pack)


def _scope(pack: Pack, library: Library) -> Scope:
    packs = list(library.visible(pack))
    types = {id(table): type_ for type_, table in library.rules.tables.items()}
    return Scope(
        library.rules.types,
        _ROOTS,
        RecordType("params"),
        {
            name: types[id(table)]
            for each in packs
            for name, table in each.tables.items()
            if id(table) in types
        },
        {
            name: DefinitionText(name, definition.arguments, definition.body.text)
            for each in packs
            for name, definition in each.definitions.items()
        },
    )


def _check_names(definition: Definition, scope: Scope) -> None:
    """Refuse a name that means nothing here.

    Raises:
        LanguageError: at the first such name.
    """
    parsed = parse(definition.body.text)
    loops = {
        each.target.id
        for each in ast.walk(parsed.tree)
        if isinstance(each, ast.comprehension) and isinstance(each.target, ast.Name)
    }
    names = (*scope.names(), *definition.arguments, *sorted(loops))
    functions = (*FUNCTIONS, *scope.definitions)
    for node in ast.walk(parsed.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            _known(parsed, node.func, functions, "no function is called")
        elif isinstance(node, ast.Name) and node.id not in functions:
            _known(parsed, node, names, "nothing here is called")


def _known(parsed: Parsed, node: ast.Name, names: tuple[str, ...], words: str) -> None:
    if node.id not in names:
        start, end = parsed.span(node)
        note = did_you_mean(node.id, names)
        raise LanguageError(f'{words} "{node.id}"', start, end, note=note, code="unknown-name")
