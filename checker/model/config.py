"""The project's configuration (`checker.yaml`) as written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from checker.model.diagnostics import Position
from checker.model.frozen import dataclass
from checker.model.rules import Change, Pack, Rule, Severity
from checker.model.waivers import Waiver

# Which versions are asked for, as pip writes it, and where that is written.
Requirement = tuple[str, Position]


@dataclass(frozen=True, slots=True, eq=False)
class RuleOverride:
    """What the configuration changes of one rule, and why.

    `locate` gives the place of a member: ("params", "minimum"), ("severity",), ("enabled",).
    """

    rule: str
    because: str
    position: Position
    locate: Callable[[tuple[str | int, ...]], Position]
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Config:
    """The configuration in force; the empty one where a project has no `checker.yaml`.

    `packs` are names of shipped packs or paths from the configuration's folder; None means
    the shipped ones. `briefs` are globs for briefs with names of their own. `extra` maps a
    record kind to schemas of fields under its `extra`. `requires` are versions by name.
    """

    position: Position | None = None
    packs: tuple[tuple[str, Position], ...] | None = None
    rules: Mapping[str, RuleOverride] = field(default_factory=dict)
    briefs: tuple[str, ...] = ()
    extra: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    requires: Mapping[str, Requirement] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """The rules that one configuration puts in force, each with its pack, and what it changed.

    `configuration` is its path for messages; "" where there is none, and the shipped packs hold.
    `packs` are the digests of all packs that were loaded, also of those without rules.
    `usable` is False where the configuration or one of its packs is wrong.
    """

    configuration: str
    packs: frozenset[str] = frozenset()
    rules: tuple[tuple[Rule, Pack], ...] = ()
    changes: tuple[Change, ...] = ()
    usable: bool = True
