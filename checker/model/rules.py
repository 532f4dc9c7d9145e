"""Rule packs as written: texts with their places, not yet checked by type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any, Literal

from checker.model.diagnostics import Position
from checker.model.frozen import dataclass

Scope = Literal["brief", "influencer", "shortlist", "post"]
Severity = Literal["error", "warning", "note"]
Strength = Literal["law", "code", "platform", "vendor", "guidance", "ours"]

SCOPES: tuple[Scope, ...] = ("brief", "influencer", "shortlist", "post")
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True, eq=False)
class SourceText:
    """A condition or a template of a rule file.

    `locate` turns a character offset in `text` into a place in the file;
    `source_line` gives the text of a line of that file (from 1), for excerpts.
    """

    text: str
    locate: Callable[[int], Position]
    source_line: Callable[[int], str]


def _nowhere(path: tuple[str | int, ...]) -> Position:
    return Position("")


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where the parts of a pack or of a rule stand, by their paths in its data.

    `of` gives the place of a value, `of_key` that of its name: ("params", "minimum").
    """

    of: Callable[[tuple[str | int, ...]], Position] = _nowhere
    of_key: Callable[[tuple[str | int, ...]], Position] = _nowhere


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule or a threshold comes from. The source "ours" needs no entry in a pack."""

    id: str
    title: str
    section: str = ""
    date: str = ""
    url: str = ""
    strength: Strength = "ours"


@dataclass(frozen=True, slots=True, eq=False)
class Param:
    """A threshold of a rule: its value in force, whose it is and where it was set.

    `value` is plain JSON, `unit` what the pack says that a number is. `because` is the reason that
    the configuration gives; `default` is then what the pack has, and `default_source` whose it is.
    """

    name: str
    value: Any
    source: Source
    position: Position
    because: str = ""
    default: Any = None
    default_source: Source | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A label of a vocabulary, and what is known of it.

    `words` mean the same, `languages` has those of other languages, `broader` are labels that
    cover it, `related` others beside it, and `ids` what it is in schemes of the trade.
    """

    label: str
    words: tuple[str, ...]
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Data of a pack. `rows` are plain mappings; `columns` declares types where given.

    A vocabulary has `terms`, and rows {"label": word, "synonyms": [word, ...]} of them; `either`
    has words that mean one of several labels.
    """

    name: str
    kind: Literal["bands", "vocabulary", "lookup"]
    rows: tuple[Mapping[str, Any], ...]
    position: Position
    locate: Callable[[int, str], Position]
    keys: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = None
    terms: tuple[Term, ...] = ()
    either: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """A named expression with arguments."""

    name: str
    arguments: tuple[str, ...]
    body: SourceText
    position: Position


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A case of a rule: partial records (brief, brand, influencer, deal, shortlist, post).

    `expect` is the status that the rule must give on it.
    """

    expect: Literal["pass", "fail", "unknown", "skipped"]
    why: str
    records: Mapping[str, Any]
    as_of: str
    position: Position
    locate: Callable[[tuple[str | int, ...]], Position]


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A slip (`old -> new`) that changes no outcome, so that no example can tell, and why."""

    mutant: str
    because: str
    position: Position


@dataclass(frozen=True, slots=True, eq=False)
class Applies:
    """Where a pack or rule holds; an empty tuple means everywhere."""

    markets: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deprecated:
    """Since when a rule is not to be used any more, why, and the id of the rule to use instead."""

    since: str
    because: str
    use: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule as written, with the configuration's params, severity and switch applied.

    `off` has the lint diagnostics that are switched off for it, each with the reason.
    `formerly` has the ids that it had before.
    """

    id: str
    title: str
    scope: Scope
    severity: Severity
    source: Source
    require: SourceText
    position: Position
    when: SourceText | None = None
    let: Mapping[str, SourceText] = field(default_factory=dict)
    params: Mapping[str, Param] = field(default_factory=dict)
    pass_text: SourceText | None = None
    fail_text: SourceText | None = None
    fix: str = ""
    applies: Applies = field(default_factory=Applies)
    examples: tuple[Example, ...] = ()
    equivalents: tuple[Equivalent, ...] = ()
    enabled: bool = True
    off: Mapping[str, str] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    formerly: tuple[str, ...] = ()
    deprecated: Deprecated | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FactColumn:
    """A fact that reports show for each influencer (tier, followers, cost)."""

    name: str
    title: str
    value: SourceText
    position: Position


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A rule pack. `uses` names the packs whose tables and definitions it reads.

    `origin` tells a shipped pack from a copy of one that was changed and from any other;
    `distribution` is what brought an installed one ("acme-rules 1.2.0").
    `off` has the lint diagnostics that are switched off for all of it, each with the reason.
    `extra` has fields of records that it declares, by kind and name.
    `translations` gives packs with the words of other languages, which are read when asked for.
    """

    name: str
    version: str
    title: str
    position: Position
    digest: str
    uses: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    facts: tuple[FactColumn, ...] = ()
    rules: tuple[Rule, ...] = ()
    applies: Applies = field(default_factory=Applies)
    off: Mapping[str, str] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    extra: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    origin: Literal["shipped", "changed", "own"] = "own"
    distribution: str = ""
    translations: Callable[[], Sequence[Pack]] | None = None

    @property
    def came_from(self) -> str:
        """Where the pack came from: "shipped", a distribution with its version, or a file."""
        shipped = "shipped" if self.origin == "shipped" else self.position.file
        return self.distribution or shipped


@dataclass(frozen=True, slots=True)
class Change:
    """What the configuration changed, for the section "Changed" of every report."""

    rule: str
    what: str
    because: str
    position: Position

    @property
    def text(self) -> str:
        """What is changed of what: "growth off"."""
        return self.what if self.rule in self.what else f"{self.rule} {self.what}"
