"""The configuration applied to packs: params, severities, switches, and what that changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from checker.engine.params import same_type
from checker.engine.renaming import which_of
from checker.language.bind import plain_number
from checker.language.suggest import did_you_mean, nearest
from checker.model.config import Config, RuleOverride
from checker.model.diagnostics import MOST_DIAGNOSTICS, Diagnostic, Position, RulesError
from checker.model.rules import SEVERITIES, Change, Pack, Param, Rule, Source

# As in records.
_PERCENT = re.compile(r"(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?)%")
_CONFIGURATION = Source("configuration", "checker.yaml", strength="ours")


def configure(packs: Iterable[Pack], config: Config) -> tuple[tuple[Pack, ...], tuple[Change, ...]]:
    """Apply a configuration to packs.

    Raises:
        RulesError: it names a rule or a param that does not exist, or a value of another type.
    """
    packs = tuple(packs)
    wrong = _unknown_rules(packs, config)
    changes: list[Change] = []
    made = tuple(
        replace(pack, rules=tuple(_apply(rule, config, changes, wrong) for rule in pack.rules))
        for pack in packs
    )
    if wrong:
        raise RulesError(wrong)
    return made, tuple(changes)


def with_own_params(packs: Iterable[Pack]) -> tuple[Pack, ...]:
    """Return configured packs with the params that they have themselves: examples are about those.

    Severities and switches stay as they are configured.
    """
    return tuple(
        replace(pack, rules=tuple(_with_own_params(rule) for rule in pack.rules)) for pack in packs
    )


def _with_own_params(rule: Rule) -> Rule:
    if not any(param.because for param in rule.params.values()):
        return rule
    own = {
        name: replace(param, value=param.default, because="") for name, param in rule.params.items()
    }
    return replace(rule, params=own)


def _unknown_rules(packs: tuple[Pack, ...], config: Config) -> list[Diagnostic]:
    home = {rule.id: pack.name for pack in packs for rule in pack.rules}
    named = [(override.rule, override.position) for override in config.rules.values()]
    named += [(waiver.rule, waiver.position) for waiver in config.waivers]
    strange = [(rule, position) for rule, position in named if rule not in home]
    return [
        _unknown_rule(rule, position, home if number < MOST_DIAGNOSTICS else {})
        for number, (rule, position) in enumerate(strange)
    ]


def _unknown_rule(rule: str, position: Position, home: Mapping[str, str]) -> Diagnostic:
    near = nearest(rule, home)
    hint = f'Did you mean "{near[0]}" (pack {home[near[0]]})? ' if near else ""
    hint = which_of(rule, home) or hint
    message = f'no rule is called "{rule}"; nothing was checked'
    return Diagnostic("unknown-rule", message, position, hint=f"{hint}List them: checker rules")


def _apply(rule: Rule, config: Config, changes: list[Change], wrong: list[Diagnostic]) -> Rule:
    override = config.rules.get(rule.id)
    if override is None:
        return rule
    if override.enabled is not None and override.enabled != rule.enabled:
        changes.append(_change(override, "on" if override.enabled else "off", "enabled"))
        rule = replace(rule, enabled=override.enabled)
    if override.severity is not None and override.severity != rule.severity:
        lower = SEVERITIES.index(override.severity) > SEVERITIES.index(rule.severity)
        word = "lowered" if lower else "raised"
        what = f"severity {word} from {rule.severity} to {override.severity}"
        changes.append(_change(override, what, "severity"))
        rule = replace(rule, severity=override.severity)
    params = dict(rule.params)
    for name, given in override.params.items():
        value = _shares(given, rule.params[name].value) if name in rule.params else given
        problem = _check_param(rule, name, value, override)
        if problem:
            wrong.append(problem)
        elif value != params[name].value:
            what = f"{name} is {value} instead of {params[name].value}"
            changes.append(_change(override, what, "params", name))
            params[name] = _set(params[name], value, override)
    return replace(rule, params=params)


def _change(override: RuleOverride, what: str, *path: str) -> Change:
    return Change(override.rule, what, override.because, override.locate(path))


def _set(param: Param, value: object, override: RuleOverride) -> Param:
    return replace(
        param,
        value=value,
        source=_CONFIGURATION,
        default_source=param.source,
        position=override.locate(("params", param.name)),
        because=override.because,
    )


def _check_param(rule: Rule, name: str, value: object, override: RuleOverride) -> Diagnostic | None:
    position = override.locate(("params", name))
    if name not in rule.params:
        hint = did_you_mean(name, rule.params)
        if not hint:
            hint = f"it has {', '.join(rule.params)}" if rule.params else "it has none"
        message = f'the rule {rule.id} has no param "{name}"'
        return Diagnostic("unknown-param", message, position, hint=hint[:1].upper() + hint[1:])
    default = rule.params[name].value
    if same_type(default, value):
        return None
    shown = _shown(value)
    message = f"{name} of {rule.id} is {shown}; it is written like its default, {_shown(default)}"
    hint = ""
    if isinstance(default, int | float) and isinstance(value, str):
        hint = "A number has no quotes and no comma; decimals stand behind a dot."
    return Diagnostic("param-type", message, position, hint=hint)


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _shares(value: Any, default: object) -> Any:
    """Return a param's value with shares that have a percent sign as numbers: "60%" is 0.6.

    What the pack has is then a share too: no number above 1 is.
    """
    if isinstance(value, list) and isinstance(default, list) and default:
        return [_shares(member, default[0]) for member in value]
    share = type(default) in (int, float) and 0 <= cast(float, default) <= 1
    if share and isinstance(value, str) and _PERCENT.fullmatch(value):
        return plain_number(value, 0, 1)
    return value
