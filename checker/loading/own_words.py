"""A project's own words: they are written into a pack of its own, and nothing else is changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from checker.files import exists, put_files
from checker.loading.pack_file import parse_pack
from checker.loading.project import Project
from checker.loading.source import SourceFile, read_source, shown_path
from checker.model.diagnostics import Diagnostic, Position, RulesError

OWN = "our-words.yaml"
_CONFIGURATION = "checker.yaml"
_HEAD = "pack: our-words\nversion: 1.0.0\ntitle: Words of our own\n\ntables:\n"
_TABLE = "  {name}:\n    kind: vocabulary\n    source: ours\n    words:\n"
_PLAIN = re.compile(r"[^\W\d_](?:[\w&'’-]| (?=[\w&]))*")
# What YAML reads as something else than text.
_SPECIAL = frozenset(("true", "false", "null"))

# A word, its vocabulary, and the label that it belongs under; its own label where that is empty.
Choice = tuple[str, str, str]


def add_words(project: Project, choices: Iterable[Choice]) -> list[Path]:
    """Write words into the project's own pack, which is named in its configuration.

    Returns the files that were written, all of them or none. Raises RulesError where one of them
    is written so that a word cannot be put in without changing what stands there.
    """
    base = project.config_path.parent if project.config_path else project.root
    pack, configuration = base / OWN, project.config_path or base / _CONFIGURATION
    before = _read(pack) if exists(pack) else _HEAD
    text = before
    for word, vocabulary, label in choices:
        text = _with_word(text, word, vocabulary, label, pack)
    parse_pack(SourceFile(str(pack), text))
    files = [(pack, text.encode("utf-8"))] if text != before else []
    named = {(base / name).resolve() for name, _ in project.config.packs or ()}
    if pack.resolve() not in named:
        old = _read(configuration) if exists(configuration) else ""
        files.append((configuration, _with_pack(old, configuration).encode("utf-8")))
    put_files(files)
    return [path for path, _ in files]


def _read(path: Path) -> str:
    return read_source(path, shown_as=shown_path(path), refuse=RulesError).text


def _with_word(text: str, word: str, vocabulary: str, label: str, path: Path) -> str:
    """Return the text of a pack with one word more."""
    node = _at(yaml.compose(text, Loader=yaml.CSafeLoader), "tables", vocabulary, "words")
    label = label or word
    line = f"      {_quoted(label)}: {_quoted(word) if word != label else '[]'}\n"
    if node is None:
        return f"{_ended(text)}{_TABLE.format(name=vocabulary)}{line}"
    entry = _at(node, label)
    if entry is None:
        return _inserted(text, _end_of(text, node), line, node)
    if isinstance(entry, yaml.MappingNode):
        entry = _at(entry, "words")
    return text if word == label else _listed(text, entry, word, path)


def _listed(text: str, entry: Any, word: str, path: Path) -> str:
    """Return a text with a word at the end of a list, or of a text with commas."""
    if isinstance(entry, yaml.SequenceNode) and entry.flow_style:
        comma = ", " if entry.value else ""
        at = entry.end_mark.index - 1
        return f"{text[:at].rstrip()}{comma}{_quoted(word)}{text[at:]}"
    if isinstance(entry, yaml.ScalarNode) and entry.style in (None, '"') and "," not in word:
        at = entry.end_mark.index - (entry.style == '"')
        inside = json.dumps(word, ensure_ascii=False)[1:-1]
        if entry.style == '"' or _PLAIN.fullmatch(word):
            return f"{text[:at]}, {inside}{text[at:]}"
    line = entry.start_mark.line + 1 if entry is not None else 1
    message = f'"{word}" cannot be put in here without changing what stands there'
    raise RulesError.of("own-words", message, Position(str(path), line), "Write it in by hand.")


def _with_pack(text: str, path: Path) -> str:
    """Return the text of a configuration that names the pack of own words too."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader) if text.strip() else None
    node = _at(root, "packs")
    if node is None:
        made = f"{_ended(text)}packs: [handbook, law, {OWN}]\n"
    elif isinstance(node, yaml.SequenceNode) and node.flow_style:
        at = node.end_mark.index - 1
        made = f"{text[:at].rstrip()}, {OWN}{text[at:]}"
    else:
        last = node.value[-1]
        indent = " " * (last.start_mark.column - 2)
        at = text.find("\n", last.end_mark.index) + 1 or len(text)
        made = f"{_ended(text[:at])}{indent}- {OWN}\n{text[at:]}"
    old, new = (yaml.load(each, Loader=yaml.CSafeLoader) or {} for each in (text, made))
    packs = old.pop("packs", ["handbook", "law"])
    if new.pop("packs", None) != [*packs, OWN] or old != new:
        message = f"{OWN} cannot be named here without changing what stands there"
        raise RulesError.of("own-words", message, Position(str(path)), f"Write {OWN} under packs.")
    return made


def _at(node: Any, *names: str) -> Any:
    """Return the node below some keys of mappings, or None."""
    for name in names:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((value for key, value in pairs if key.value == name), None)
    return node


def _end_of(text: str, node: Any) -> int:
    """Return where the line ends on which the last entry of a mapping stands."""
    last = node.value[-1][1] if node.value else node
    end = last.end_mark.index
    while end and text[end - 1] in " \n":
        end -= 1  # A block ends where the next one begins.
    found = text.find("\n", end)
    return len(text) if found < 0 else found + 1


def _inserted(text: str, at: int, line: str, node: Any) -> str:
    indent = " " * node.value[0][0].start_mark.column if node.value else "      "
    if node.flow_style:
        end = node.end_mark.index - 1
        comma = ", " if node.value else ""
        return f"{text[:end].rstrip()}{comma}{line.strip()}{text[end:]}"
    return f"{_ended(text[:at])}{indent}{line.lstrip()}{text[at:]}"


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word) and word.casefold() not in _SPECIAL:
        return word
    return json.dumps(word, ensure_ascii=not word.isprintable())


def choices_from(given: Mapping[str, str], unknown: Iterable[tuple[str, str]]) -> list[Choice]:
    """Return the choices for words that are unknown, given by what they are written as.

    Raises RulesError for a word that is not among them.
    """
    from checker.language.suggest import did_you_mean
    from checker.language.text import canonical

    found: list[Choice] = []
    known: dict[str, list[tuple[str, str]]] = {}
    for word, vocabulary in unknown:
        known.setdefault(canonical(word) or word, []).append((word, vocabulary))
    for word, label in given.items():
        places = known.get(canonical(word) or word)
        if places is None:
            near = did_you_mean(word, [each for some in known.values() for each, _ in some])
            message = f'"{word}" is no word of these records that nobody knows'
            raise RulesError([Diagnostic("own-words", message, Position("--as"), hint=near)])
        found += [(each, vocabulary, label) for each, vocabulary in places]
    return found
