"""A rule file with one more rule at its end, checked before anybody writes it."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from checker.files import exists
from checker.loading.pack_file import LIMIT, parse_pack
from checker.loading.source import SourceFile, read_source, shown_path
from checker.model.diagnostics import RulesError

_HEAD = "pack: {pack}\nversion: 0.1.0\ntitle: Our own rules\n\nrules:\n"
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST = 64


def with_rule(path: Path, rule_id: str, starter: str, *, taken: Collection[str]) -> str:
    """Return the text of a rule file with a rule added; of a new file where there is none.

    Args:
        path: the rule file, which need not exist.
        rule_id: the new rule's id, which stands for `{id}` in `starter`.
        starter: one member of the list `rules`, indented by two spaces.
        taken: ids of rules that are in force.

    Raises:
        RulesError: the id is none or is taken, or the file cannot take the rule.
    """
    shown = shown_path(path)
    if not _ID.fullmatch(rule_id) or len(rule_id) > _LONGEST:
        message = f'"{rule_id}" is no name for a rule'
        hint = "A name has small letters, digits and hyphens, such as big-enough."
        raise RulesError.of("rule-id", message, shown, hint)
    before = ""
    if exists(path):
        source = read_source(path, shown_as=shown, limit=LIMIT, refuse=RulesError)
        if any(rule.id == rule_id for rule in parse_pack(source).rules):
            raise RulesError.of("rule-twice", f'there is a rule "{rule_id}" already', shown)
        before = source.text
    if rule_id in taken:
        message = f'there is a rule "{rule_id}" already'
        raise RulesError.of("rule-twice", message, shown, f"See it: checker explain {rule_id}")
    rule = starter.replace("{id}", rule_id)
    head = f"{before.rstrip()}\n\n" if before else _HEAD.format(pack=_pack_name(path))
    try:
        parse_pack(SourceFile(shown, head + rule))
    except RulesError:
        message = "the list of rules does not end this file, so none can be added to it"
        hint = "Write the rule into a file of its own: --in FILE"
        raise RulesError.of("rule-file", message, shown, hint) from None
    return head + rule


def _pack_name(path: Path) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    return plain if plain[:1].isalpha() else f"pack-{plain}".rstrip("-")
