from __future__ import annotations

from checker.model.diagnostics import Diagnostic, Excerpt, Position
from checker.reporting.diagnostics import diagnostic_text, diagnostics_text
from checker.reporting.options import Options


def test_place_message_and_hint() -> None:
    diagnostic = Diagnostic(
        "not-a-share",
        'audience.age "18-24" is 45; shares run 0 to 1',
        Position("influencers/jo.json", 12, 16),
        hint='45 looks like a percent. Write 0.45 or "45%".',
    )
    assert diagnostic_text(diagnostic).splitlines() == [
        'influencers/jo.json:12:16: error: audience.age "18-24" is 45; shares run 0 to 1',
        '  45 looks like a percent. Write 0.45 or "45%".',
    ]


def test_a_cell_is_named_once() -> None:
    position = Position("shortlist.csv", 5, 0, "followers")
    named = Diagnostic("x", 'column "followers" has "12.4k"', position)
    unnamed = Diagnostic("x", 'has "12.4k"', position, "warning")
    assert diagnostic_text(named) == 'shortlist.csv:5: error: column "followers" has "12.4k"'
    assert diagnostic_text(unnamed) == 'shortlist.csv:5: warning: column "followers": has "12.4k"'


def test_excerpt_marks_the_place_and_hints_align_with_it() -> None:
    diagnostic = Diagnostic(
        "broken-quote",
        "text after a closing quote",
        Position("rules/ours.yaml", 14, 14),
        hint='Put the condition on the next line, after ">-":\n| require: >-',
        excerpt=Excerpt(14, '    require: "beauty" in x', 13, 1, "YAML ends the value here"),
    )
    assert diagnostic_text(diagnostic).splitlines() == [
        "rules/ours.yaml:14:14: error: text after a closing quote",
        '  14 |     require: "beauty" in x',
        "     |              ^ YAML ends the value here",
        '  Put the condition on the next line, after ">-":',
        "     | require: >-",
    ]


def test_the_mark_counts_columns_of_the_terminal() -> None:
    excerpt = Excerpt(3, '\trequire: "美容" in topic', 18, 5)
    lines = diagnostic_text(
        Diagnostic("x", "m", Position("f", 3, 21), excerpt=excerpt)
    ).splitlines()
    assert lines[1].index("topic") + 2 == lines[2].index("^^^^^")


def test_a_long_line_is_cut_around_its_mark() -> None:
    text = "a" * 300 + "HERE" + "b" * 300
    diagnostic = Diagnostic("x", "m", Position("f", 1), excerpt=Excerpt(1, text, 300, 4))
    lines = diagnostic_text(diagnostic).splitlines()
    assert len(lines[1]) <= 112
    assert lines[1].index("HERE") == lines[2].index("^^^^")


def test_a_mark_beyond_the_line_stands_at_its_end() -> None:
    diagnostic = Diagnostic("x", "m", Position("f", 1), excerpt=Excerpt(1, "abc", 9, 2))
    assert diagnostic_text(diagnostic).splitlines()[2] == "    |    ^"


def test_without_a_place() -> None:
    assert diagnostic_text(Diagnostic("x", "no rules", Position(""))) == "error: no rules"


def test_hostile_text_is_written_out() -> None:
    evil = "\x1b[2J\u202e\n"
    diagnostic = Diagnostic(
        "x", evil, Position(evil, 1, 1), hint=evil, excerpt=Excerpt(1, evil, 0, 3, evil)
    )
    text = diagnostic_text(diagnostic, Options(colour=False))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_colour_marks_the_severity() -> None:
    text = diagnostic_text(Diagnostic("x", "m", Position("f", 1)), Options(colour=True))
    assert "\x1b[1;31merror:\x1b[0m m" in text


def test_several_stand_apart_where_they_are_long() -> None:
    short = Diagnostic("x", "m", Position("f", 1))
    long = Diagnostic("x", "m", Position("f", 2), hint="h")
    assert diagnostics_text([short, short, long]) == (
        "f:1: error: m\nf:1: error: m\n\nf:2: error: m\n  h\n"
    )
    assert diagnostics_text([]) == ""
