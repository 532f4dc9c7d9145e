"""The catalogue of one's own rules: what a pack says is text, whoever wrote it."""

from __future__ import annotations

from pathlib import Path

from markdown_it import MarkdownIt

from tests.e2e.world import run

HOSTILE = r"""pack: hostile
version: 1.0.0
title: "Titles \e[31m\u202e <script>alert(1)</script>"
rules:
  - id: hostile
    title: "A | B `code` <img src=x onerror=1> &lt;b&gt; [a](javascript:1)"
    scope: influencer
    severity: warning
    source: ours
    require: >-
      influencer.handle != "```"
    fail: "is {influencer.handle:text}"
    fix: "See <b>this</b>."
    examples:
      pass: [{why: "<i>another</i>", influencer: {handle: "@a"}}]
      fail: [{why: the mark, influencer: {handle: "```"}}]
"""


def test_hostile_texts_of_a_pack_stay_text(tmp_path: Path) -> None:
    pack = tmp_path / "hostile.yaml"
    pack.write_text(HOSTILE, encoding="utf-8")
    done = run("rules", str(pack), "-o", "markdown")
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    page = MarkdownIt("commonmark").render(done.out)
    for markup in ("<script", "<img", "<b>", "<i>", 'javascript:1"', "<code>code"):
        assert markup not in page
    assert "&amp;lt;b&amp;gt;" in page
    # Nothing of a condition or an example ends the code that it stands in.
    assert page.count("<pre>") == 3
    assert "To mend it" in page.rsplit("</pre>", 1)[1]
