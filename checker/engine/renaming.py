"""Rules that have another name now, or are to go: what still names them holds, with a warning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from checker.model.config import Config
from checker.model.diagnostics import Diagnostic, Position, RulesError
from checker.model.rules import Pack


def former_names(packs: Iterable[Pack]) -> Mapping[str, str]:
    """Return the ids that rules have now, by those that they had before, and by "pack/rule".

    What is the id of a rule today names that rule. What two packs had names the rule of the one
    that is not shipped, and no rule where that is not one.
    """
    found: dict[str, list[tuple[bool, str]]] = {}
    today = set()
    for pack in packs:
        for rule in pack.rules:
            today.add(rule.id)
            for old in rule.formerly:
                found.setdefault(old, []).append((pack.origin != "shipped", rule.id))
            for name in (plain_id(rule.id), *rule.formerly):
                found.setdefault(f"{pack.name}/{name}", []).append((True, rule.id))
    return {
        old: max(those)[1]
        for old, those in found.items()
        if old not in today and (len(those) == 1 or sum(own for own, _ in those) == 1)
    }


def plain_id(rule: str) -> str:
    """Return the id of a rule without its pack: "pack/rule" is written where two packs have it."""
    return rule.rpartition("/")[2]


def which_of(rule: str, ids: Iterable[str]) -> str:
    """Return a hint where several packs have a rule of a plain name, else an empty text."""
    several = [each for each in ids if plain_id(each) == rule]
    return f"Several packs have one. Write {' or '.join(several)}. " if several else ""


def with_new_names(config: Config, packs: Iterable[Pack]) -> tuple[Config, tuple[Diagnostic, ...]]:
    """Return a configuration with today's names of rules, and what there is to change in it.

    Raises:
        RulesError: a rule is changed twice, by its old name and by its new one.
    """
    names = former_names(packs)
    if not names:
        return config, ()
    said = [
        _renamed(rule, names[rule], at)
        for rule, at in _named(config)
        if rule in names and rule.partition("/")[2] != plain_id(names[rule])
    ]
    now = {rule: names.get(rule, rule) for rule in config.rules}
    twice = [rule for rule, new in now.items() if list(now.values()).count(new) > 1 and rule != new]
    if twice:
        raise RulesError([_twice(rule, now[rule], config.rules[rule].position) for rule in twice])
    rules = {now[rule]: replace(each, rule=now[rule]) for rule, each in config.rules.items()}
    waivers = tuple(replace(each, rule=names.get(each.rule, each.rule)) for each in config.waivers)
    return replace(config, rules=rules, waivers=waivers), tuple(said)


def deprecations(packs: Iterable[Pack], config: Config) -> Iterator[Diagnostic]:
    """Yield a warning of each rule in force that is to go, where the configuration names it."""
    for rule in (rule for pack in packs for rule in pack.rules):
        if rule.deprecated is None or not rule.enabled:
            continue
        old = rule.deprecated
        message = f'the rule "{rule.id}" is deprecated since {old.since}: {old.because}'
        hint = (
            f'Use "{old.use}" instead.' if old.use else "It will go, and nothing is in its place."
        )
        for at in [at for named, at in _named(config) if named == rule.id] or [rule.position]:
            yield Diagnostic("deprecated-rule", message, at, "warning", hint=hint)


def _named(config: Config) -> Iterator[tuple[str, Position]]:
    """Give the rules that a configuration names, and where."""
    yield from ((each.rule, each.position) for each in config.rules.values())
    yield from ((each.rule, each.position) for each in config.waivers)


def _renamed(old: str, new: str, position: Position) -> Diagnostic:
    message = f'the rule "{old}" is called "{new}" now; it holds by its old name, too'
    if old == plain_id(new):
        message = f'several packs have a rule "{old}"; this is about {new}'
    return Diagnostic("renamed-rule", message, position, "warning", hint=f"Write {new} there.")


def _twice(old: str, new: str, position: Position) -> Diagnostic:
    message = f'the rule "{old}" is called "{new}" now, and that is changed in this file already'
    return Diagnostic("rule-twice", message, position, hint="Take one of the two out.")
