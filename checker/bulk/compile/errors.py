"""What the compiler refuses, before anything runs."""

from __future__ import annotations

from checker.language.nodes import Node
from checker.language.show import show


class CannotCompileError(ValueError):
    """A construct that has no SQL. `rule` is the rule's id, where it stands in one."""

    def __init__(self, what: str, node: Node | None = None, rule: str = "") -> None:
        self.what = what
        self.construct = show(node) if node is not None else ""
        self.rule = rule
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """Return the whole message: rule, construct and what it is."""
        where = f'rule "{self.rule}": ' if self.rule else ""
        part = f" ({self.construct})" if self.construct else ""
        return f"{where}{self.what} cannot be screened in bulk{part}"

    def of_rule(self, rule: str) -> CannotCompileError:
        """Return the same error, naming the rule."""
        made = CannotCompileError(self.what, rule=rule)
        made.construct = self.construct
        made.args = (made.message,)
        return made
