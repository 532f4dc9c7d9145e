"""What is wrong over several packs: names that two of them give, and words in two places."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from checker.language.suggest import suggestion
from checker.language.text import canonical, label_form
from checker.loading.rule_meaning import let_hides_definition
from checker.loading.yaml_text import YamlDocument
from checker.model.diagnostics import Diagnostic, Position
from checker.model.rules import Definition, FactColumn, Pack, Rule, Table


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
    yield from _facts(packs)
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


def told_apart(packs: Sequence[Pack]) -> tuple[Pack, ...]:
    """Return packs whose rules and facts have different names, whatever shipped ones are called.

    A rule that several packs have is called "pack/rule". The plain name is then a former one of
    the only pack that is not shipped. A shipped fact gives way.
    """
    own = [pack for pack in packs if pack.origin != "shipped"]
    ids, mine = (Counter(r.id for pack in each for r in pack.rules) for each in (packs, own))
    facts = {fact.name for pack in own for fact in pack.facts}
    shared = {rule for rule, count in ids.items() if count > 1}
    if not shared and not facts:
        return tuple(packs)

    def renamed(pack: Pack, rule: Rule) -> Rule:
        if rule.id not in shared:
            return rule
        alone = pack.origin != "shipped" and mine[rule.id] == 1
        former = (*rule.formerly, rule.id) if alone else rule.formerly
        return replace(rule, id=f"{pack.name}/{rule.id}", formerly=former)

    def kept(pack: Pack) -> tuple[FactColumn, ...]:
        gone = facts if pack.origin == "shipped" else ()
        return tuple(fact for fact in pack.facts if fact.name not in gone)

    return tuple(
        replace(pack, rules=tuple(renamed(pack, rule) for rule in pack.rules), facts=kept(pack))
        for pack in packs
    )


def _facts(packs: Sequence[Pack]) -> Iterator[Diagnostic]:
    """Yield facts that two packs have; what is shipped gives way."""
    first: dict[str, Pack] = {}
    for pack in packs:
        for fact in pack.facts if pack.origin != "shipped" else ():
            other = first.setdefault(fact.name, pack)
            if other is not pack:
                message = f'the fact "{fact.name}" is in the pack "{other.name}" too'
                yield Diagnostic("fact-twice", message, fact.position, hint="Rename one of them.")


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
