"""Words of a rule that no vocabulary knows."""

from __future__ import annotations

from collections.abc import Iterator

from checker.engine.lint.work import Found, Part, Work, at, mark
from checker.language.nodes import Call, Convert, ListOf, Literal, Node, Path, TableName, param_of
from checker.language.suggest import did_you_mean
from checker.language.text import label_form
from checker.model.types import ListType, TableType, TextType, Type


def unknown_labels(work: Work) -> Iterator[Found]:
    """Find labels of a vocabulary's kind, in conditions, params and tables, that it lacks.

    Where no pack gives the vocabulary, nobody can tell.
    """
    for part in work.parts:
        node = part.node
        if isinstance(node, Convert):
            yield from _written(work, part, vocabulary_of(node.type))
        elif isinstance(node, Call) and node.function == "lookup":
            yield from _keys(work, node)


def vocabulary_of(type_: Type) -> str:
    """Return the vocabulary of a label or of a list's labels, or ""."""
    if isinstance(type_, ListType):
        return vocabulary_of(type_.item)
    return type_.vocabulary if isinstance(type_, TextType) and type_.kind == "label" else ""


def _written(work: Work, part: Part, vocabulary: str) -> Iterator[Found]:
    known = work.library.rules.vocabularies.get(vocabulary)
    if known is None:
        return
    for literal in _literals(part.node):
        if isinstance(literal, Path):
            yield from _param(work, literal, vocabulary)
        elif isinstance(literal, Literal) and label_form(literal.value, vocabulary) not in known:
            message, note = _message(work, literal.value, vocabulary)
            yield work.found(mark("unknown-label", message, literal, part.source, note), part.pack)


def _literals(node: Node) -> Iterator[Node]:
    """Give the texts of a rule, and the params, that are taken as labels."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if (isinstance(one, Literal) and isinstance(one.value, str)) or (
            isinstance(one, Path) and _is_param(one)
        ):
            yield one
        elif isinstance(one, Convert):
            waiting.append(one.source)
        elif isinstance(one, ListOf):
            waiting += one.members


def _is_param(node: Path) -> bool:
    return param_of(node) is not None and len(node.names) == 1


def _param(work: Work, node: Path, vocabulary: str) -> Iterator[Found]:
    param = work.rule.params.get(node.names[0])
    if param is None:
        return
    known = work.library.rules.vocabularies[vocabulary]
    words = param.value if isinstance(param.value, list) else [param.value]
    for word in words:
        if isinstance(word, str) and label_form(word, vocabulary) not in known:
            message, note = _message(work, word, vocabulary)
            hint = note[:1].upper() + note[1:]
            yield work.found(at("unknown-label", message, param.position, hint))


def _keys(work: Work, node: Call) -> Iterator[Found]:
    """Find rows of a lookup whose keys no word of the vocabulary that it is looked up by means."""
    *keys, table_node = node.arguments
    assert isinstance(table_node, TableName) and isinstance(table_node.type, TableType)
    table = work.library.rules.tables[table_node.type]
    for key, column in zip(keys, table.keys, strict=True):
        vocabulary = vocabulary_of(key.type)
        known = work.library.rules.vocabularies.get(vocabulary)
        owner = next(
            (each for each in work.library.packs.values() if each.tables.get(table.name) is table),
            work.pack,
        )
        for number, row in enumerate(table.rows):
            word = str(row[column])
            if known is not None and label_form(word, vocabulary) not in known:
                message, note = _message(work, word, vocabulary)
                place = table.locate(number, column)
                hint = note[:1].upper() + note[1:]
                yield work.found(at("unknown-label", message, place, hint), owner)


def _message(work: Work, word: str, vocabulary: str) -> tuple[str, str]:
    known = work.library.rules.vocabularies[vocabulary]
    near = did_you_mean(label_form(word, vocabulary), known)
    note = near or f"add it to the vocabulary {vocabulary}, or take one of its words"
    return f'the vocabulary "{vocabulary}" has no word "{word}"', note
