"""What is wrong over several packs: names that two of them give, and words in two places."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from checker.language.suggest import suggestion
from checker.language.text import canonical, label_form
from checker.loading.rule_meaning import let_hides_definition
from checker.loading.yaml_text import YamlDocument
from checker.model.diagnostics import Diagnostic, Position
from checker.model.rules import Definition, Pack, Rule, Table


class LoadedPack:
    """A pack, its file's document and the folder that it stands in.

    A pack that is `confined` reads no file outside the project's folder.
    """

    __slots__ = ("confined", "document", "folder", "pack")

    def __init__(self, pack: Pack, document: YamlDocument, folder: Path, *, confined: bool) -> None:
        self.pack = pack
        self.document = document
        self.folder = folder
        self.confined = confined

    def place_of_use(self, name: str) -> Position:
        """Return where the pack says that it uses another."""
        return self.document.locate(("uses", self.pack.uses.index(name)))


def across_packs(loaded: Sequence[LoadedPack]) -> Iterator[Diagnostic]:
    """Yield what is wrong with packs that are each right on their own."""
    packs = [each.pack for each in loaded]
    yield from _twice(
        "rule", ((pack, rule.id, rule.position) for pack in packs for rule in pack.rules)
    )
    yield from _twice(
        "former rule",
        (
            (pack, former, rule.places.of(("formerly", number)))
            for pack in packs
            for rule in pack.rules
            for number, former in enumerate(rule.formerly)
        ),
    )
    yield from _twice(
        "fact", ((pack, fact.name, fact.position) for pack in packs for fact in pack.facts)
    )
    yield from _vocabularies(packs)
    named = {pack.name: pack for pack in packs}
    for user in loaded:
        used = [named[name] for name in user.pack.uses]
        yield from _seen_twice(user, used)
        yield from _hidden(user, used)


def unknown_categories(
    packs: Iterable[Pack], known: Callable[[], Mapping[str, str]]
) -> Iterator[Diagnostic]:
    """Yield the categories that packs and rules hold for and that no vocabulary has.

    `known` gives the words that there are, canonical; shipped packs are not asked again.
    """
    own = [pack for pack in packs if pack.origin != "shipped"]
    parts: list[Pack | Rule] = [*own, *(rule for pack in own for rule in pack.rules)]
    asked = [
        (word, part.places.of(("applies", "categories", number)))
        for part in parts
        for number, word in enumerate(part.applies.categories)
    ]
    words = known() if asked else {}
    for word, place in asked:
        if canonical(word) not in words:
            near = suggestion(canonical(word), words)
            table = f"{{kind: vocabulary, source: ours, words: {{{json.dumps(word)}: []}}}}"
            hint = f"{near}\n" if near else ""
            hint += f"If it is right, make it known under tables: {{categories: {table}}}"
            message = f'no vocabulary of categories has "{word}"'
            yield Diagnostic("unknown-category", message, place, hint=hint)


def _twice(what: str, things: Iterable[tuple[Pack, str, Position]]) -> Iterator[Diagnostic]:
    first: dict[str, Pack] = {}
    for pack, name, position in things:
        other = first.setdefault(name, pack)
        if other is not pack:
            message = f'the {what} "{name}" is in the pack "{other.name}" too'
            yield Diagnostic(f"{what}-twice", message, position, hint="Rename one of them.")


def _vocabularies(packs: Sequence[Pack]) -> Iterator[Diagnostic]:
    """Yield words that same-named vocabularies of several packs, which unite, put apart."""
    named: dict[str, list[tuple[Pack, Table]]] = {}
    for pack in packs:
        for table in pack.tables.values():
            if table.kind == "vocabulary":
                named.setdefault(table.name, []).append((pack, table))
    for same in named.values():
        seen: dict[str, tuple[str, Pack]] = {}
        for pack, table in same if len(same) > 1 else ():
            yield from _unite(pack, table, seen)


def _unite(pack: Pack, table: Table, seen: dict[str, tuple[str, Pack]]) -> Iterator[Diagnostic]:
    form = partial(label_form, vocabulary=table.name)
    for number, row in enumerate(table.rows):
        label: str = row["label"]
        for word in (label, *row["synonyms"]):
            first, owner = seen.setdefault(form(word), (label, pack))
            if owner is not pack and form(first) != form(label):
                message = (
                    f'"{word}" stands under "{label}" here and under "{first}"'
                    f' in the pack "{owner.name}"; a word has one place'
                )
                yield Diagnostic("word-twice", message, table.locate(number, "label"))


def _seen_twice(user: LoadedPack, used: Sequence[Pack]) -> Iterator[Diagnostic]:
    """Yield tables and definitions that a pack would read under one name from two packs."""
    first: dict[tuple[str, str], Pack] = {}
    for owner in (*used, user.pack):
        things: list[tuple[str, Table | Definition]] = [
            *(("table", table) for table in owner.tables.values()),
            *(("definition", definition) for definition in owner.definitions.values()),
        ]
        for what, thing in things:
            other = first.setdefault((what, thing.name), owner)
            united = isinstance(thing, Table) and thing.kind == "vocabulary"
            if other is not owner and not united:
                own = owner is user.pack
                position = thing.position if own else user.place_of_use(owner.name)
                message = f'the {what} "{thing.name}" is in the pack "{other.name}" too'
                hint = f'Rename one of them, or do not use "{other.name}".'
                yield Diagnostic("name-taken", message, position, hint=hint)


def _hidden(user: LoadedPack, used: Sequence[Pack]) -> Iterator[Diagnostic]:
    """Yield lets that have the name of a definition of a used pack."""
    for number, rule in enumerate(user.pack.rules):
        for name in rule.let:
            for owner in used:
                if name in owner.definitions:
                    path = ("rules", number, "let", name)
                    yield let_hides_definition(user.document, path, owner.name)
