"""The project's configuration, `checker.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from checker.loading.source import read_source
from checker.loading.validation import validate_file
from checker.loading.waivers import read_waivers
from checker.model.config import Config, RuleOverride
from checker.model.diagnostics import CheckerError, Diagnostic, RulesError
from checker.model.records import DataPath

if TYPE_CHECKING:
    from checker.loading.yaml_text import YamlDocument

CONFIG_NAME = "checker.yaml"


def load_config(path: Path, *, shown_as: str = "") -> Config:
    """Read and check a configuration. Raises RulesError with everything that is wrong.

    That its packs, rules and params exist is for whoever loads the packs to say.
    """
    from checker.loading.yaml_text import read_yaml

    try:
        source = read_source(path, shown_as=shown_as or path.as_posix())
        document = read_yaml(source)
    except CheckerError as error:
        raise RulesError(error.diagnostics) from None
    if document.raw is None:
        document.raw = {}  # All of it is commented out: nothing is changed.
    document.leave_out_nulls()
    data, locate = document.data, document.locate
    asked = data.get("requires", {}) if isinstance(data, dict) else {}
    if asked:
        from checker.loading.requires import of_program

        if unmet := list(of_program(asked, locate)):
            raise RulesError(unmet)
    wrong = validate_file("config", document)
    wrong = wrong or [*_params(data.get("rules", {}), document)]
    if "extra" in data and not wrong:
        from checker.loading.own_fields import wrong_fields

        wrong = list(wrong_fields(data["extra"], locate))
    if wrong:
        raise RulesError(wrong)
    packs, rules = data.get("packs"), data.get("rules", {})
    named = None
    if packs is not None:
        named = tuple((name, locate(("packs", index))) for index, name in enumerate(packs))
    return Config(
        position=locate(()),
        packs=named,
        rules={rule: _override(rule, change, document) for rule, change in rules.items()},
        briefs=tuple(data.get("briefs", ())),
        extra=data.get("extra", {}),
        waivers=read_waivers(data, document, path.parent),
        requires={name: (text, locate(("requires", name))) for name, text in asked.items()},
    )


def _params(rules: Mapping[str, dict[str, Any]], document: YamlDocument) -> Iterator[Diagnostic]:
    """Yield what is wrong with new values that have parts."""
    for rule, change in rules.items():
        for name, value in change.get("params", {}).items():
            if isinstance(value, list | dict):
                from checker.loading.rule_meaning import check_param

                yield from check_param(document, ("rules", rule, "params", name), value)


def _override(rule: str, change: dict[str, Any], document: Any) -> RuleOverride:
    place = ("rules", rule)
    return RuleOverride(
        rule=rule,
        because=change["because"],
        position=document.locate_key(place),
        locate=lambda path: document.locate(cast(DataPath, (*place, *path))),
        params=change.get("params", {}),
        severity=change.get("severity"),
        enabled=change.get("enabled"),
    )
