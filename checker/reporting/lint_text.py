"""What a diagnostic of `checker lint` means, with a wrong and a right example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.reporting.options import Options
from checker.reporting.page import Page

if TYPE_CHECKING:
    from checker.engine.lint_codes import Code


def code_text(code: Code, options: Options) -> str:
    """Return the explanation of a diagnostic."""
    page = Page(options)
    page.ends(code.code, code.severity, painted=page.paint(code.code, "bold"))
    page.hang("", page.text(code.title))
    page.blank()
    page.hang("", page.text(code.why))
    for lead, example in (("Wrong:", code.wrong), ("Right:", code.right)):
        page.blank()
        page.add(page.paint(lead, "bad" if lead == "Wrong:" else "good"))
        for line in example.splitlines():
            page.add(f"    {page.writable(line)}")
    page.blank()
    page.hang("", "To switch it off in a rule, or in a whole pack, say why:")
    page.add("    lint:")
    page.add("      off:")
    page.add(f"        {code.code}: because ...")
    return page.render()
