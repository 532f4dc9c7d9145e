"""The configuration applied to packs: params, severities, switches, and what that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from checker.engine.params import same_type
from checker.language.suggest import did_you_mean, nearest
from checker.model.config import Config, RuleOverride
from checker.model.diagnostics import Diagnostic, Position, RulesError
from checker.model.rules import SEVERITIES, Change, Pack, Param, Rule, Source

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


def _unknown_rules(packs: tuple[Pack, ...], config: Config) -> list[Diagnostic]:
    home = {rule.id: pack.name for pack in packs for rule in pack.rules}
    named = [(override.rule, override.position) for override in config.rules.values()]
    named += [(waiver.rule, waiver.position) for waiver in config.waivers]
    return [_unknown_rule(rule, position, home) for rule, position in named if rule not in home]


def _unknown_rule(rule: str, position: Position, home: Mapping[str, str]) -> Diagnostic:
    near = nearest(rule, home)
    hint = f'Did you mean "{near[0]}" (pack {home[near[0]]})? ' if near else ""
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
    for name, value in override.params.items():
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
    message = f"{name} of {rule.id} is {value!r}; it is written like its default, {default!r}"
    return Diagnostic("param-type", message, position)
