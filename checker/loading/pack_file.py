"""The rule pack of one file, read and checked by itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from checker.loading.data_files import rules_folder
from checker.loading.rule_build import build_pack
from checker.loading.rule_meaning import meaning_diagnostics
from checker.loading.rule_schema import schema_errors
from checker.loading.shipped import rule_files
from checker.loading.source import MEBIBYTE, SourceFile, read_source, shown_path
from checker.loading.yaml_text import YamlDocument, read_yaml
from checker.model.diagnostics import Diagnostic, RulesError, by_place
from checker.model.rules import Pack

LIMIT = 4 * MEBIBYTE
# The shipped pack that has the vocabularies.
WORDS = "words"


def load_pack(path: Path) -> Pack:
    """Load the rule pack of one file, without the packs that it uses.

    Raises RulesError with everything that is wrong with the file.
    """
    source = read_source(path, shown_as=shown_path(path), limit=LIMIT, refuse=RulesError)
    return parse_pack(source)


def parse_pack(source: SourceFile) -> Pack:
    """Return the rule pack of a text. Raises RulesError with everything that is wrong with it."""
    parsed = parse(source)
    if parsed.wrong:
        raise RulesError(parsed.wrong)
    return parsed.pack


class Parsed(NamedTuple):
    """The pack of a file; with mistakes, what could be made of it and the names that are lost."""

    document: YamlDocument
    pack: Pack
    wrong: list[Diagnostic]
    lost: set[str]


def _repair(source: SourceFile, line: int) -> Diagnostic | None:
    from checker.loading.yaml_repairs import repair

    return repair(source, line)


def parse(source: SourceFile, *, words: bool = True) -> Parsed:
    """Return the pack of a text. Raises RulesError where there is no data at all.

    With `words`, those of vocabularies are looked at too; shipped ones are known to be right.
    """
    document = read_yaml(source, refuse=RulesError, repair=_repair)
    refused, parts = schema_errors(document)
    wrong = [*refused, *meaning_diagnostics(document, without=parts, words=words)]
    if not wrong:
        return Parsed(document, build_pack(document, digest=source.sha256()), [], set())
    from checker.loading.rule_partial import partial_pack

    pack, lost = partial_pack(document, parts)
    return Parsed(document, pack, sorted(wrong, key=by_place), lost)


@cache
def translations() -> tuple[Pack, ...]:
    """Return the shipped packs with the words of other languages."""
    paths = rule_files(rules_folder() / WORDS)
    return tuple(load_pack(path) for path in paths)
