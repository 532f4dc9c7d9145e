"""Words that no vocabulary knows, for people, as JSON, and as a pack to paste."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from checker.model.diagnostics import Position
from checker.model.unknown_words import UnknownWord, WordReport
from checker.reporting.diagnostics import place
from checker.reporting.options import Options
from checker.reporting.page import Page
from checker.reporting.safe import cells, inert, pad, short
from checker.reporting.words import plural

# A word as long as this has its line to itself.
_WIDEST_WORD = 28
_LONGEST_WORD = 60
# What YAML takes as text without quotes.
_PLAIN = re.compile(r"[^\W\d_](?:[\w&'’-]| (?=[\w&]))*")
_SPECIAL = frozenset(("true", "false", "null"))
_HEAD = """\
pack: {name}
version: 1.0.0
title: Words of our own
tables:"""
_TABLE = """\
  {name}:
    kind: vocabulary
    source: ours
    words:"""


def words_text(report: WordReport, options: Options, *, again: str = "") -> str:
    """Return the words by vocabulary, each with its first place and what is near.

    `again` is the command that makes them known.
    """
    page = Page(options)
    known = report.looked_at - sum(each.times for each in report.unknown)
    page.hang("", f"{plural(report.looked_at, 'word')} in the records, {known:,} known")
    for name in report.missing:
        page.hang("", f"not looked at: {page.text(name)}; no pack in force has this vocabulary")
    for vocabulary, unknown in _by_vocabulary(report):
        page.blank()
        page.add(page.paint(f"{vocabulary}: {plural(len(unknown), 'unknown word')}", "bold"))
        _add_words(page, unknown)
    if report.unknown:
        _add_way_out(page, again)
    return page.render()


def _by_vocabulary(report: WordReport) -> Iterator[tuple[str, list[UnknownWord]]]:
    for vocabulary in dict.fromkeys(each.vocabulary for each in report.unknown):
        yield vocabulary, [each for each in report.unknown if each.vocabulary == vocabulary]


def _add_words(page: Page, unknown: list[UnknownWord]) -> None:
    names = [page.writable(short(each.word, _LONGEST_WORD, page.ellipsis)) for each in unknown]
    width = max((cells(name) for name in names if cells(name) <= _WIDEST_WORD), default=0)
    for name, each in zip(names, unknown, strict=True):
        often = "once" if each.times == 1 else f"{each.times:,} times, first"
        text = f"{often} in {_where(page, each.first)} ({', '.join(each.fields)})"
        lead = f"  {pad(name, width)}  "
        if cells(name) > width:
            page.add(lead)
            lead = " " * (width + 4)
        page.hang(lead, text)
        if each.near:
            near = ", ".join(_near(page, one.word, one.label) for one in each.near)
            ask = "misspelt?" if each.misspelt else "nearest:"
            page.hang(" " * (width + 4) + f"{ask} ", near)


def _where(page: Page, position: Position) -> str:
    cell = f" {position.cell}" if position.cell else ""
    return page.text(f"{place(position)}{cell}")


def _near(page: Page, word: str, label: str) -> str:
    same = word == label.casefold().replace("-", " ")
    return page.text(f'"{label}"' if same else f'"{word}" (which means {label})')


def _add_way_out(page: Page, again: str) -> None:
    page.blank()
    how = f": {page.text(again)}" if again else ""
    page.hang(
        "",
        "Such a word fails nobody, and meets only itself. Mend in its record what is misspelt. "
        f"What is meant becomes known in a pack of your own{how}",
    )


def pack_text(report: WordReport) -> str:
    """Return a pack that knows every word, or an empty text where none is unknown."""
    if not report.unknown:
        return ""
    lines = [_HEAD.format(name=_pack_name(report))]
    for vocabulary, unknown in _by_vocabulary(report):
        lines.append(_TABLE.format(name=vocabulary))
        for label, (words, note) in _rows(unknown).items():
            after = f"  # {note}" if note else ""
            lines.append(f"      {_yaml(label)}: [{', '.join(map(_yaml, words))}]{after}")
    return "\n".join(lines) + "\n"


def _rows(unknown: list[UnknownWord]) -> dict[str, tuple[list[str], str]]:
    """Return the lines of a vocabulary: what is misspelt joins the line of what is meant."""
    rows: dict[str, tuple[list[str], str]] = {}
    for each in unknown:
        if each.misspelt:
            rows.setdefault(each.near[0].label, ([], _unless(each)))[0].append(each.word)
        else:
            near = ", ".join(dict.fromkeys(one.label for one in each.near))
            rows[each.word] = ([], inert(f"or on the line of: {near}") if near else "")
    return rows


def _unless(each: UnknownWord) -> str:
    """Say when a misspelt word is to stand on another line than that of what is meant."""
    note = "if it is not misspelt"
    if each.vocabulary != "categories":
        return note
    # Rules may hold for the category that is near, and for no other.
    return inert(f"{note}; a category of its own has its own line, {_yaml(each.word)}: []")


def _yaml(word: str) -> str:
    if _PLAIN.fullmatch(word) and word.casefold() not in _SPECIAL:
        return word
    return json.dumps(word, ensure_ascii=not word.isprintable())


def _pack_name(report: WordReport) -> str:
    name, number = "our-words", 1
    while name in report.packs:
        number += 1
        name = f"our-words-{number}"
    return name


def words_json(report: WordReport) -> str:
    """Return the whole report as JSON."""
    data = {
        "looked_at": report.looked_at,
        "unknown": [
            {
                "vocabulary": each.vocabulary,
                "word": each.word,
                "times": each.times,
                "fields": list(each.fields),
                "first": _position(each.first),
                "near": [{"word": one.word, "label": one.label} for one in each.near],
                "misspelt": each.misspelt,
            }
            for each in report.unknown
        ],
        "missing_vocabularies": list(report.missing),
        "refused": [
            {"code": each.code, "message": each.message, "position": _position(each.position)}
            for each in report.wrong
        ],
        "pack": pack_text(report),
    }
    return json.dumps(data, ensure_ascii=True, indent=2) + "\n"


def _position(position: Position) -> dict[str, str | int]:
    return {
        "file": position.file,
        "line": position.line,
        "column": position.column,
        "cell": position.cell,
    }
