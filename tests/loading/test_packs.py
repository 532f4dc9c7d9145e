from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checker.language.text import canonical
from checker.loading import shipped
from checker.loading.data_files import rules_folder, schemas_folder
from checker.loading.pack_file import load_pack
from checker.loading.packs import PacksError, load_packs
from checker.loading.rule_meaning import parse_head
from checker.model.diagnostics import Diagnostic, Position, RulesError
from checker.model.rules import Pack

HEAD = "pack: ours\nversion: 1.0.0\ntitle: Our rules\n"
RULE = """\
  - id: {id}
    title: A rule
    scope: influencer
    severity: error
    source: ours
    require: influencer.followers > 1
"""
FULL = """\
pack: alignment
version: 1.2.3
title: Alignment with the brand
uses: [words]
sources:
  handbook: {title: "Micro, but Mighty", section: How to, strength: guidance, date: 2023}
tables:
  tiers:
    kind: bands
    source: handbook
    rows:
      - {from: 1_000, below: 10_000, tier: nano}
      - {from: 10_000, to: 1_000_000, tier: micro}
      - {above: 1_000_000, tier: mega}
  price:
    kind: lookup
    keys: [tier]
    columns: {price: money USD, since: date}
    rows:
      - {tier: nano, price: {min: 10, max: 100}, since: 2026-03-02}
      - {tier: mega, price: 10_000}
  topics:
    kind: vocabulary
    source: ours
    words:
      beauty: [cosmetics, make-up]
      hair: []
definitions:
  share_in_target_age(person): share_aged(person.audience.age, brief.target.age)
  nobody(): false
facts:
  - {name: tier, title: Tier, value: "band(influencer.followers, tables.tiers).tier"}
applies: {markets: [GB, NO], categories: [alcohol]}
rules:
  - id: audience-age
    title: The audience is the age that the brand targets
    scope: influencer
    severity: error
    source: handbook
    applies: {markets: [IE]}
    params:
      minimum: {default: 0.5, source: ours}
      cap: {default: {amount: 500, currency: GBP}, source: handbook}
    when: exists(brief.target.age)
    let:
      share: share_in_target_age(influencer)
      floor: 0.5
    require: >-
      share >= params.minimum
      and true
    pass: >-
      {share:percent} of it
    fail: only {share:percent}  # a comment
    fix: Find somebody else.
    examples:
      pass:
        - why: enough
          as_of: 2026-03-02
          brief: {target: {age: {min: 18}}}
          influencer: {audience: {age: {18-24: 0.6}}}
      unknown:
        - {why: nothing known, influencer: {}}
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    monkeypatch.chdir(tmp_path)

    def writer(text: str, name: str = "ours.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    yield writer


def refused(path: Path) -> list[Diagnostic]:
    with pytest.raises(RulesError) as error:
        load_pack(path)
    assert error.value.exit_code == 2
    return list(error.value.diagnostics)


def brief(found: list[Diagnostic]) -> list[tuple[str, str]]:
    return [(each.code, str(each.position).removeprefix("ours.yaml:")) for each in found]


# What is loaded


def at(before: str, start: str = "") -> Position:
    """Return the place of `start` in FULL, right after the only `before`."""
    assert FULL.count(before + start) == 1
    text = FULL[: FULL.index(before + start) + len(before)]
    return Position("ours.yaml", text.count("\n") + 1, len(text) - text.rfind("\n"))


@pytest.fixture
def full(write: Callable[..., Path]) -> Pack:
    return load_pack(write(FULL))


def test_a_pack_with_everything(full: Pack) -> None:
    assert (full.name, full.version, full.title) == (
        "alignment",
        "1.2.3",
        "Alignment with the brand",
    )
    assert full.position == Position("ours.yaml", 1, 7)
    assert full.digest == hashlib.sha256(FULL.encode()).hexdigest()
    assert full.uses == ("words",)
    assert (full.applies.markets, full.applies.categories) == (("GB", "NO"), ("alcohol",))
    assert full.sources["handbook"].date == "2023"
    assert full.sources["ours"].strength == "ours"


def test_its_rule(full: Pack) -> None:
    (rule,) = full.rules
    assert (rule.id, rule.scope, rule.severity) == ("audience-age", "influencer", "error")
    assert rule.position == at("", "id: audience-age")
    assert rule.source is full.sources["handbook"]
    assert rule.applies.markets == ("IE",)
    assert rule.when is not None and rule.when.text == "exists(brief.target.age)"
    assert {name: text.text for name, text in rule.let.items()} == {
        "share": "share_in_target_age(influencer)",
        "floor": "0.5",
    }
    assert rule.require.text == "share >= params.minimum and true"
    place = rule.require.locate(rule.require.text.index("and"))
    assert place == at("", "and true")
    assert rule.require.source_line(place.line) == "      and true"
    assert rule.fail_text is not None and rule.fail_text.text == "only {share:percent}"
    assert rule.fix == "Find somebody else."
    assert rule.enabled


def test_its_params_say_whose_they_are(full: Pack) -> None:
    params = full.rules[0].params
    minimum, cap = params["minimum"], params["cap"]
    assert (minimum.value, minimum.default, minimum.source.id) == (0.5, 0.5, "ours")
    assert minimum.position == at("minimum: {default: ", "0.5")
    assert cap.value == {"amount": 500, "currency": "GBP"}
    assert cap.source.id == "handbook"


def test_its_examples(full: Pack) -> None:
    passing, unknown = full.rules[0].examples
    assert (passing.expect, passing.why, passing.as_of) == ("pass", "enough", "2026-03-02")
    assert passing.records == {
        "brief": {"target": {"age": {"min": 18}}},
        "influencer": {"audience": {"age": {"18-24": 0.6}}},
    }
    assert passing.position == at("", "why: enough")
    assert passing.locate(("influencer", "audience", "age", "18-24")) == at("", "0.6}")
    assert (unknown.expect, unknown.records) == ("unknown", {"influencer": {}})


def test_its_tables(full: Pack) -> None:
    tiers, price, topics = full.tables.values()
    assert tiers.rows[0] == {"from": 1000, "below": 10_000, "tier": "nano"}
    assert tiers.source is full.sources["handbook"]
    assert tiers.locate(1, "tier") == at("tier: ", "micro")
    assert (price.keys, price.columns["price"]) == (("tier",), "money USD")
    assert price.rows[1] == {"tier": "mega", "price": 10_000}
    assert topics.rows == (
        {"label": "beauty", "synonyms": ["cosmetics", "make-up"]},
        {"label": "hair", "synonyms": []},
    )
    assert topics.locate(0, "label") == at("", "beauty:")


def test_its_definitions_and_facts(full: Pack) -> None:
    share, nobody = full.definitions.values()
    assert (share.name, share.arguments) == ("share_in_target_age", ("person",))
    assert share.body.text.startswith("share_aged(")
    assert share.body.locate(0) == at("(person): ")
    assert (nobody.arguments, nobody.body.text) == ((), "false")
    assert (full.facts[0].name, full.facts[0].title) == ("tier", "Tier")


@pytest.mark.parametrize(
    ("head", "parsed"),
    [
        ("f()", ("f", ())),
        ("f(a)", ("f", ("a",))),
        (" f ( a , b_2 ) ", ("f", ("a", "b_2"))),
        *((bad, None) for bad in ("f", "f(", "f(a,)", "f(a b)", "F(a)", "f(a)(b)", "1(a)", "f(A)")),
    ],
)
def test_heads_of_definitions(head: str, parsed: object) -> None:
    assert parse_head(head) == parsed


# What the schema refuses


@pytest.mark.parametrize(
    ("text", "code", "place", "says"),
    [
        ("", "empty-pack", "1:1", "empty"),
        ("- a\n", "bad-type", "1:1", "a rule pack is a mapping of keys to values; this is a list"),
        ("pack: x\nversion: 1.0.0\n", "missing-key", "1:1", 'a rule pack has no "title"'),
        (HEAD + "ruels: []\n", "unknown-key", "4:1", 'Did you mean "rules"?'),
        (HEAD.replace("1.0.0", "1.0"), "bad-type", "2:10", "three numbers, such as 1.0.0"),
        (HEAD.replace("1.0.0", "v1"), "bad-value", "2:10", "a version is three numbers"),
        (HEAD.replace("ours", "Our_Rules"), "bad-name", "1:7", 'Write "our-rules".'),
        (HEAD.replace("Our rules", "2026"), "bad-type", "3:8", 'Put it in quotes: "2026".'),
        (HEAD.replace("Our rules", '" "'), "empty-value", "3:8", '"title" is empty'),
        (HEAD + "uses: words\n", "bad-type", "4:7", "Write uses: [words]"),
        (HEAD + "applies: {markets: [UK]}\n", "bad-value", "4:21", 'Did you mean "GB"?'),
        (
            HEAD + "sources: {a: {title: x, strength: guidence}}\n",
            "bad-value",
            "4:35",
            'Did you mean "guidance"?',
        ),
        (HEAD + "tables: {t: {kind: bands}}\n", "missing-key", "4:13", 'table "t" has no "rows"'),
        (
            HEAD + "tables: {t: {kind: vocabulary, words: {a: []}, keys: [b]}}\n",
            "unknown-key",
            "4:48",
            'a vocabulary has no "keys"',
        ),
        (
            HEAD + "tables: {t: {kind: vocabulary, words: {a: [1]}}}\n",
            "bad-type",
            "4:44",
            'Put it in quotes: "1".',
        ),
    ],
)
def test_a_file_that_does_not_match_its_schema(
    write: Callable[..., Path], text: str, code: str, place: str, says: str
) -> None:
    (found,) = refused(write(text))
    assert (found.code, str(found.position)) == (code, f"ours.yaml:{place}")
    assert says in found.message + "\n" + found.hint


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "says"),
    [
        ("severity: error", "severity: eror", "bad-value", "8:15", 'Did you mean "error"?'),
        ("severity: error", "severity:", "empty-value", "8:5", "write one of error, warning, note"),
        ("severity: error", "severity: [error]", "bad-type", "8:15", '"severity" is a list'),
        ("scope: influencer", "scope: creator", "bad-value", "7:12", "one of brief, influencer"),
        ("    source: ours\n", "", "missing-key", "5:5", 'rule "a" has no "source"'),
        ("require:", "requires:", "unknown-key", "10:5", 'Did you mean "require"?'),
        ("id: a", "id: a_b", "bad-name", "5:9", 'Write "a-b".'),
        ("title: A rule", "title: [A]", "yaml-broke-the-text", "6:12", ">-"),
        ("influencer.followers > 1", "", "empty-value", "10:5", '"require" is empty'),
        ("influencer.followers > 1", "[x]", "yaml-broke-the-text", "10:14", ">-"),
        ("influencer.followers > 1", "#ad", "yaml-broke-the-text", "10:14", "comment"),
        ("influencer.followers > 1", "\n      a: b", "bad-type", "11:7", "write a condition"),
        (
            "require",
            "params: {x: 1}\n    require",
            "bad-type",
            "10:17",
            "{default: 1, source: ours}",
        ),
        (
            "require",
            "params: {x: {default: 1}}\n    require",
            "missing-key",
            "10:17",
            'param "x" has no "source"',
        ),
        (
            "require",
            "let: {Big Share: 1}\n    require",
            "bad-name",
            "10:11",
            'Write "big_share".',
        ),
        (
            "require",
            "examples: {failed: []}\n    require",
            "unknown-key",
            "10:16",
            'Did you mean "fail"?',
        ),
        (
            "require",
            "examples: {fail: [{brief: {}}]}\n    require",
            "missing-key",
            "10:23",
            'this example has no "why"',
        ),
    ],
)
def test_a_rule_that_does_not_match_its_schema(
    write: Callable[..., Path], old: str, new: str, code: str, place: str, says: str
) -> None:
    text = HEAD + "rules:\n" + RULE.format(id="a").replace(old, new, 1)
    (found,) = refused(write(text))
    assert (found.code, str(found.position)) == (code, f"ours.yaml:{place}")
    assert says in found.message + "\n" + found.hint


def test_all_errors_of_a_file_come_at_once_in_its_order(write: Callable[..., Path]) -> None:
    rule = RULE.format(id="a")
    text = (
        HEAD
        + "tables: {t: {kind: lookup, keys: [k], rows: [{k: a}, {k: A}]}}\nrules:\n"
        + rule.replace("error", "eror")
        + rule.replace("source: ours", "source: handbok")
        + rule
    )
    assert brief(refused(write(text))) == [
        ("key-twice", "4:58"),
        ("bad-value", "9:15"),
        ("unknown-source", "16:13"),
        ("rule-twice", "18:9"),
    ]


def test_a_refusal_without_a_listed_error_is_a_refusal(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Never:
        def is_valid(self, data: object) -> bool:
            return False

    monkeypatch.setattr("checker.loading.rule_schema._gate", Never)
    (found,) = refused(write(HEAD))
    assert (found.code, found.position.file) == ("schema", "ours.yaml")


def test_yaml_that_cannot_be_read_is_a_rules_error(write: Callable[..., Path]) -> None:
    text = HEAD + "rules:\n" + RULE.format(id="a").replace("influencer.f", '"a" in influencer.f')
    assert brief(refused(write(text))) == [("yaml-broke-the-text", "10:14")]
    assert brief(refused(write("a: 1\na: 2\n"))) == [("duplicate-key", "2:1")]
    assert refused(Path("missing.yaml"))[0].code == "no-such-file"


# What the meaning refuses


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("*x > 1", "*x > 1"),
        ("> influencer.followers > 1", "influencer.followers > 1"),
        (">influencer.followers > 1", "influencer.followers > 1"),
        ("| influencer.followers > 1", "influencer.followers > 1"),
        (">- influencer.followers > 1", "influencer.followers > 1"),
        ("> 1 < influencer.followers", "1 < influencer.followers"),
        (">= 1", ">= 1"),
    ],
)
def test_the_mended_lines_leave_out_the_mark_of_a_block(
    write: Callable[..., Path], written: str, mended: str
) -> None:
    rule = RULE.format(id="one").replace("influencer.followers > 1", written)
    text = HEAD + "rules:\n" + rule
    (found,) = refused(write(text))
    assert (found.code, str(found.position)) == ("yaml-broke-the-text", "ours.yaml:10:14")
    assert found.hint.splitlines()[-1].partition("|")[2].strip() == mended


def table(text: str) -> str:
    return HEAD + "tables:\n  t:\n" + "\n".join("    " + line for line in text.splitlines()) + "\n"


@pytest.mark.parametrize(
    ("rows", "code", "place", "says"),
    [
        ("{below: 10, a: x}|{from: 20, a: y}", "band-gap", "9:16", "between 10 and 20"),
        ("{below: 10, a: x}|{from: 5, a: y}", "band-overlap", "9:16", "runs to 10"),
        ("{below: 10, a: x}|{above: 10, a: y}", "band-gap", "9:17", "exactly 10"),
        ("{to: 10, a: x}|{from: 10, a: y}", "band-overlap", "9:16", "below: 10"),
        ("{to: 9, a: x}|{from: 10, a: y}", "band-gap", "9:16", "below: 10"),
        ("{from: 5, below: 5, a: x}", "band-reversed", "8:26", "ends at 5"),
        ("{from: 5, to: 4, a: x}", "band-reversed", "8:23", "ends at 4"),
        ("{from: 0, a: x}|{from: 10, a: y}", "band-edge", "8:9", "no end"),
        ("{to: 9, a: x}|{to: 10, a: y}", "band-edge", "9:9", "no start"),
        ("{from: 0, above: 0, a: x}", "band-edge", "8:19", "not both"),
        ("{from: a, a: x}", "band-edge", "8:16", "must be a number"),
        ("{from: 0, below: 10, a: x}|{from: 10, b: y, a: z}", "unknown-column", "9:20", '"b"'),
        ("{from: 0, below: 10, tier: x}|{from: 10, teir: y, tier: x}", "unknown-column", "9:20",
         'Did you mean "tier"?'),
        ("{from: 0, below: 10, a: x}|{from: 10}", "missing-cell", "9:9", 'row 2 has no "a"'),
        ("{from: 0, below: 10, a: x}|{from: 10, a: 1}", "bad-cell", "9:23", "a number here"),
    ],
)  # fmt: skip
def test_bands(write: Callable[..., Path], rows: str, code: str, place: str, says: str) -> None:
    lines = "\n".join("  - " + row for row in rows.split("|"))
    (found,) = refused(write(table("kind: bands\nrows:\n" + lines)))
    assert (found.code, str(found.position)) == (code, f"ours.yaml:{place}")
    assert says in found.message + "\n" + found.hint


@pytest.mark.parametrize(
    "rows",
    [
        "{a: everything}",
        "{below: 1, a: x}|{from: 1, a: y}",
        "{to: 1, a: x}|{above: 1, a: y}",
        "{from: 1, to: 1, a: x}|{above: 1, below: 2.5, a: y}|{from: 2.5, to: 3, a: z}",
    ],
)
def test_bands_that_are_right(write: Callable[..., Path], rows: str) -> None:
    lines = "\n".join("  - " + row for row in rows.split("|"))
    load_pack(write(table("kind: bands\nrows:\n" + lines)))


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("number", ["1", "-2.5", "{min: 1}", "{min: 1, max: 2}"],
         ["x", "true", "[1]", "{}", "{low: 1}", "{min: 2, max: 1}"]),
        ("share", ["0", "0.32", '"32%"', '{min: "10%", max: 0.2}'], ["32", "-0.1", "x%", '"120%"']),
        ("count", ["0", "12", "1.0", "{min: 1, max: 2}"], ["1.5", "-1", "x"]),
        ("flag", ["true", "false"], ["yes", "1"]),
        ("label", ["nano", "NO"], ["1", "true", "[a]", '""']),
        ("code", ["GB"], ["1"]),
        ("text", ["a b"], ["1"]),
        ("date", ["2026-03-02"], ["2026-02-30", "2026", "02/03/2026"]),
        ("ages", ["{min: 18}", "{min: 18, max: 34}"], ["18", "{min: 34, max: 18}", "{min: 1.5}"]),
        ("money USD", ["10", "0.5", "{min: 10, max: 20}"], ["-1", "10 USD", "{amount: 3}"]),
    ],
)  # fmt: skip
def test_cells_fit_the_type_of_their_column(
    write: Callable[..., Path], kind: str, good: list[str], bad: list[str]
) -> None:
    for number, cell in enumerate([*good, *bad]):
        text = f"kind: lookup\nkeys: [k]\ncolumns: {{c: {kind}}}\nrows: [{{k: x, c: {cell}}}]"
        path = write(table(text))
        if number < len(good):
            load_pack(path)
        else:
            assert brief(refused(path)) == [("bad-cell", "9:22")], cell


def test_a_bare_percent_says_what_to_write(write: Callable[..., Path]) -> None:
    text = "kind: lookup\nkeys: [k]\ncolumns: {c: share}\nrows: [{k: x, c: 32}]"
    (found,) = refused(write(table(text)))
    assert found.message == '"c" is a share; shares run 0 to 1; write 0.32 or "32%"'


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("[{k: nano, c: 1}, {k: Nano, c: 2}]", [("key-twice", "8:33")]),
        ("[{k: make up, c: 1}, {k: Make-Up, c: 2}]", [("key-twice", "8:36")]),
        ("[{c: 1}]", [("missing-cell", "8:12")]),
        ("[{k: null, c: 1}]", [("missing-cell", "8:12")]),
        ("[{k: a, c: 1}, {k: b}]", [("missing-cell", "8:26")]),
        ("[{k: a, c: [1]}]", [("bad-cell", "8:22")]),
        ("[{k: a, class: 1}]", [("bad-name", "8:19")]),
        ("[{k: a, Big One: 1}]", [("bad-name", "8:19")]),
    ],
)
def test_lookups(write: Callable[..., Path], rows: str, found: list[tuple[str, str]]) -> None:
    assert brief(refused(write(table(f"kind: lookup\nkeys: [k]\nrows: {rows}")))) == found


def test_codes_meet_exactly_and_several_keys_make_one(write: Callable[..., Path]) -> None:
    rows = "[{k: a, m: GB}, {k: a, m: gb}, {k: b, m: GB}]"
    load_pack(write(table(f"kind: lookup\nkeys: [k, m]\ncolumns: {{m: code}}\nrows: {rows}")))


def test_a_word_has_one_place(write: Callable[..., Path]) -> None:
    words = "words: {beauty: [make-up, Hair], hair: [Make Up, hair], '--': []}"
    found = refused(write(table(f"kind: vocabulary\n{words}")))
    assert [each.code for each in found] == ["word-twice", "word-twice", "empty-word"]
    assert '"Make Up" stands under "beauty" and under "hair"' in found[1].message


@pytest.mark.parametrize(
    ("addition", "code", "place", "says"),
    [
        ("tables: {params: {kind: bands, rows: [{a: x}]}}", "name-taken", "4:10", "params"),
        ("definitions: {min(a): a}", "name-taken", "4:15", "a function"),
        ("definitions: {f(brief): 1}", "name-taken", "4:15", 'the argument "brief"'),
        ("definitions: {'f(a, a)': 1}", "argument-twice", "4:15", "twice"),
        ("definitions: {f(a): 1, 'f(b)': 2}", "definition-twice", "4:24", "twice"),
        ("definitions: {tierOf(Some One): 1}", "bad-definition", "4:15", "tier_of(some_one)"),
        ("definitions: {class(a): 1}", "name-taken", "4:15", "a word of the condition language"),
        ("uses: [ours]", "uses-itself", "4:8", "itself"),
        (
            "facts: [{name: a, title: A, value: 1}, {name: a, title: A, value: 1}]",
            "fact-twice",
            "4:47",
            "twice",
        ),
        (
            "tables: {a: {kind: bands, source: handbok, rows: [{a: x}]}}\n"
            "sources: {handbook: {title: x, strength: law}}",
            "unknown-source",
            "4:35",
            'Did you mean "handbook"?',
        ),
    ],
)
def test_a_pack_that_does_not_make_sense(
    write: Callable[..., Path], addition: str, code: str, place: str, says: str
) -> None:
    (found,) = refused(write(HEAD + addition + "\n"))
    assert (found.code, str(found.position)) == (code, f"ours.yaml:{place}")
    assert says in found.message + "\n" + found.hint


@pytest.mark.parametrize(
    ("addition", "code", "place"),
    [
        ("let: {today: 1}", "name-taken", "10:11"),
        ("let: {not: 1}", "name-taken", "10:11"),
        ("params: {share: {default: 1, source: ours}}", "name-taken", "10:14"),
        ("params: {x: {default: 1, source: our}}", "unknown-source", "10:38"),
        ("params: {x: {default: {min: 2, max: 1}, source: ours}}", "bad-default", "10:27"),
        ("params: {x: {default: {amount: 2}, source: ours}}", "bad-default", "10:27"),
        ("params: {x: {default: [1, a], source: ours}}", "bad-default", "10:27"),
        ("params: {x: {default: [], source: ours}}", "bad-default", "10:27"),
        ("fail: write #ad first", "yaml-broke-the-text", "10:17"),
        ("fail: write\n      the tag #ad first", "yaml-broke-the-text", "11:15"),
        ("when: x == 'a # b'", "yaml-broke-the-text", "10:19"),
        ("pass: it is {a # b}", "yaml-broke-the-text", "10:20"),
    ],
)
def test_a_rule_that_does_not_make_sense(
    write: Callable[..., Path], addition: str, code: str, place: str
) -> None:
    text = HEAD + "rules:\n" + RULE.format(id="a").replace("require", addition + "\n    require")
    assert brief(refused(write(text))) == [(code, place)]


def test_a_let_hides_no_definition(write: Callable[..., Path]) -> None:
    rule = RULE.format(id="a").replace("require", "let: {near: 1, share: 2}\n    require")
    (found,) = refused(write(HEAD + "definitions: {near(a): a}\nrules:\n" + rule))
    assert (found.code, str(found.position)) == ("name-taken", "ours.yaml:11:11")
    assert found.message == 'the let "near" hides the definition "near"; choose another'


def test_a_let_hides_no_definition_of_a_used_pack(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    rule = RULE.format(id="a").replace("require", "let: {near: 1, share: 2}\n    require")
    write(other("one", "definitions: {near(a): a}\n"), "one.yaml")
    write(other("two", "uses: [one]\nrules:\n" + rule), "two.yaml")
    (found,) = across("two.yaml", root=tmp_path)
    assert (found.code, str(found.position)) == ("name-taken", "two.yaml:11:11")
    assert found.message == (
        'the let "near" hides the definition "near" of the pack "one"; choose another'
    )
    # A pack that is not used has names of its own.
    write(other("three", "rules:\n" + rule), "three.yaml")
    load_packs([("one.yaml", None), ("three.yaml", None)], root=tmp_path)


def test_comments_are_left_alone(write: Callable[..., Path]) -> None:
    lines = "when: true # why\n    pass: isn't it # 'so\n    fix: do it ## now\n    require"
    load_pack(write(HEAD + "rules:\n" + RULE.format(id="a").replace("require", lines)))


# Several packs


def other(name: str, more: str = "") -> str:
    return HEAD.replace("ours", name) + more


def across(*names: str, root: Path = Path(), place: Position | None = None) -> list[Diagnostic]:
    with pytest.raises(RulesError) as error:
        load_packs([(name, place) for name in names], root=root)
    assert error.value.exit_code == 2
    return list(error.value.diagnostics)


def test_packs_by_name_file_and_folder(write: Callable[..., Path], tmp_path: Path) -> None:
    write(other("one"), "rules/one.yaml")
    write(other("two"), "rules/two.yml")
    write(other("three"), "house/three.yaml")
    write("no rules", "rules/readme.txt")
    found = load_packs(
        [("rules", None), ("house/three.yaml", None), ("words", None)], root=tmp_path
    )
    assert [pack.name for pack in found] == ["one", "two", "three", "words"]
    assert found[0].position.file == "rules/one.yaml"


def test_used_packs_give_tables_and_no_rules(write: Callable[..., Path], tmp_path: Path) -> None:
    write(other("one", "uses: [two]\n"), "rules/one.yaml")
    write(other("two", "uses: [words, one]\nrules:\n" + RULE.format(id="a")), "rules/two.yaml")
    found = load_packs([("rules/one.yaml", None)], root=tmp_path)
    assert [(pack.name, len(pack.rules)) for pack in found] == [
        ("one", 0),
        ("two", 0),
        ("words", 0),
    ]
    assert "topics" in found[2].tables
    found = load_packs([("rules/one.yaml", None), ("rules/two.yaml", None)], root=tmp_path)
    assert [(pack.name, len(pack.rules)) for pack in found] == [
        ("one", 0),
        ("two", 1),
        ("words", 0),
    ]


def test_a_file_beside_its_user_comes_before_a_shipped_pack(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    write(other("one", "uses: [words]\n"), "rules/one.yaml")
    write(other("words"), "rules/words.yaml")
    found = load_packs([("rules/one.yaml", None)], root=tmp_path)
    assert found[1].position.file == "rules/words.yaml" and not found[1].tables


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("wrods", "no-such-pack", 'Did you mean "words"?'),
        ("rules/onee.yaml", "no-such-pack", 'Did you mean "rules/one.yaml"?'),
        ("nothing-like-it", "no-such-pack", "Sets: handbook, law, trade"),
        ("a" * 300, "no-such-pack", "Sets: handbook, law, trade"),
        ("a" * 300 + ".yaml", "no-such-pack", "no rule file or folder"),
        ("empty", "no-rules", 'no rule pack in the folder "empty"'),
        ("../secret.yaml", "no-such-pack", "no rule file or folder"),
    ],
)
def test_a_pack_that_is_not_there(
    write: Callable[..., Path], tmp_path: Path, name: str, code: str, says: str
) -> None:
    write(other("one"), "rules/one.yaml")
    (tmp_path / "empty").mkdir()
    (found,) = across(name, root=tmp_path)
    assert (found.code, str(found.position)) == (code, name)
    assert says in found.message + "\n" + found.hint


def test_the_place_is_where_the_configuration_names_it(tmp_path: Path) -> None:
    place = Position("checker.yaml", 3, 5)
    with pytest.raises(RulesError) as error:
        load_packs([("wrods", place)], root=tmp_path)
    assert error.value.diagnostics[0].position == place


@pytest.mark.parametrize("name", ["link.yaml", "../secret.yaml", "rules/../../missing.yaml"])
def test_a_configuration_names_nothing_outside_the_project(
    write: Callable[..., Path], tmp_path: Path, name: str
) -> None:
    write(other("secret"), "secret.yaml")
    root = tmp_path / "project"
    root.mkdir()
    (root / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    place = Position("checker.yaml", 1, 9)
    (found,) = across(name, root=root, place=place)
    assert (found.code, found.position) == ("outside", place)


def test_a_configuration_below_the_root_names_rules_of_the_whole_project(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    write(other("one"), "shared/one.yaml")
    (tmp_path / "spring").mkdir()
    named = [("../shared/one.yaml", Position("spring/checker.yaml", 1, 9))]
    assert load_packs(named, root=tmp_path / "spring", within=tmp_path)[0].name == "one"


def test_the_command_line_names_rules_anywhere(write: Callable[..., Path], tmp_path: Path) -> None:
    write(other("two"), "house/two.yaml")
    write(other("one", "uses: [two]\n"), "house/one.yaml")
    (tmp_path / "project").mkdir()
    for name in ("../house/one.yaml", str(tmp_path / "house" / "one.yaml")):
        found = load_packs([(name, None)], root=tmp_path / "project")
        assert [pack.name for pack in found] == ["one", "two"]


def test_what_is_wrong_over_several_packs(write: Callable[..., Path], tmp_path: Path) -> None:
    rule = "rules:\n" + RULE.format(id="a")
    words = "tables: {topics: {kind: vocabulary, words: {%s}}}\n"
    one = other("one", "definitions: {f(a): a}\n" + words % "beauty: [hair]" + rule)
    write(one, "one.yaml")
    write(
        other("two", "uses: [one]\ndefinitions: {f(a): a}\n" + words % "hair: []" + rule),
        "two.yaml",
    )
    found = across("one.yaml", "two.yaml", root=tmp_path)
    assert [(each.code, str(each.position)) for each in found] == [
        ("word-twice", "two.yaml:6:45"),
        ("name-taken", "two.yaml:5:15"),
    ]


def test_a_pack_is_loaded_once(write: Callable[..., Path], tmp_path: Path) -> None:
    write(other("one"), "one.yaml")
    write(other("one"), "copy.yaml")
    assert across("one.yaml", "copy.yaml", root=tmp_path)[0].code == "pack-twice"
    assert across("one.yaml", "one.yaml", root=tmp_path)[0].hint == "Name it once."
    assert across("words", "words", root=tmp_path)[0].code == "pack-twice"


def test_an_unknown_pack_under_uses(write: Callable[..., Path], tmp_path: Path) -> None:
    write(other("one", "uses: [wrods]\n"), "one.yaml")
    (found,) = across("one.yaml", root=tmp_path)
    assert (found.code, str(found.position)) == ("no-such-pack", "one.yaml:4:8")
    assert found.hint == 'Did you mean "words"?'


def test_a_used_file_must_hold_its_pack(write: Callable[..., Path], tmp_path: Path) -> None:
    write(other("one", "uses: [two]\n"), "one.yaml")
    write(other("three"), "two.yaml")
    assert across("one.yaml", root=tmp_path)[0].code == "pack-name"


def test_errors_of_all_packs_come_at_once(write: Callable[..., Path], tmp_path: Path) -> None:
    write("", "rules/a.yaml")
    write(HEAD + "x: 1\n", "rules/b.yaml")
    found = across("rules", "wrods", root=tmp_path)
    assert [each.code for each in found] == ["empty-pack", "unknown-key", "no-such-pack"]


# What is kept of packs with mistakes, to be checked by type


def kept(*names: str, root: Path) -> tuple[Pack, ...]:
    with pytest.raises(PacksError) as error:
        load_packs([(name, None) for name in names], root=root)
    return error.value.packs


def rule(name: str, *lines: str, require: str = "1 == 1") -> str:
    given = ["scope: brief", "severity: error", "source: ours", "title: A rule", *lines]
    return "".join(
        f"    {line}\n" for line in [f"- id: {name}", *(f"  {each}" for each in given)]
    ) + (f"      require: {require}\n")


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ("source: handbok", ["a", "b"]),
        ("severty: error", ["a", "b"]),
        ("fix: 3", ["a", "b"]),
        ("let: {brief: 3}", ["b"]),
        ("let: [3]", ["b"]),
        ("let: 3", ["b"]),
        ("params: {x: {source: ours}}", ["b"]),
        ("params: {x: {default: [1, a], source: ours}}", ["b"]),
        ("params: 3", ["b"]),
    ],
)
def test_a_rule_with_a_mistake_is_kept_where_its_conditions_can_be_checked(
    write: Callable[..., Path], tmp_path: Path, given: str, rules: list[str]
) -> None:
    first = rule("a", given)
    if given.startswith("source"):
        first = first.replace("source: ours", "", 1)
    write(other("one", "rules:\n" + first + rule("b")), "one.yaml")
    (pack,) = kept("one.yaml", root=tmp_path)
    assert [each.id for each in pack.rules] == rules


def test_what_names_something_lost_is_left_out(write: Callable[..., Path], tmp_path: Path) -> None:
    text = """\
tables:
  sizes: {kind: bands, rows: [{from: 1, below: 5, size: s}, {from: 6, size: m}]}
  words: {kind: vocabulary, words: {beauty: [make-up]}}
definitions:
  broken(: "1"
  direct(x): band(x, tables.sizes).size
  indirect(x): direct(x)
  fine(x): x
facts:
  - {name: lost, title: Lost, value: indirect(1)}
  - {name: kept, title: Kept, value: fine(1)}
rules:
"""
    rules = [
        rule("table", require="count(tables.sizes) == 1"),
        rule("definition", require="indirect(3) == 's'"),
        rule("head", require="broken(3) == 1"),
        rule("template", "fail: '{direct(3)} is small'"),
        rule("fine", require="fine(3) == 3"),
    ]
    write(other("one", text + "".join(rules)), "one.yaml")
    write(
        other("two", "uses: [one]\nrules:\n" + rules[1].replace("definition", "other")), "two.yaml"
    )
    one, two = kept("one.yaml", "two.yaml", root=tmp_path)
    assert [each.id for each in one.rules] == ["fine"]
    assert ([*one.tables], [*one.definitions], [fact.name for fact in one.facts]) == (
        ["words"],
        ["fine"],
        ["kept"],
    )
    assert two.rules == ()


@pytest.mark.parametrize("section", ["tables: 3", "definitions: 3", "uses: 3", "uses: [nowhere]"])
def test_where_nobody_knows_what_is_lost_no_rule_is_kept(
    write: Callable[..., Path], tmp_path: Path, section: str
) -> None:
    write(other("one", f"{section}\nrules:\n{rule('a')}"), "one.yaml")
    (pack,) = kept("one.yaml", root=tmp_path)
    assert pack.rules == ()


@pytest.mark.parametrize("text", ["", "3", "[]", "pack: 3", "pack: [", "rules: 3", "x: 1"])
def test_nothing_is_made_of_nothing(write: Callable[..., Path], tmp_path: Path, text: str) -> None:
    write(text, "one.yaml")
    assert all(pack.rules == () for pack in kept("one.yaml", root=tmp_path))


def test_no_shipped_rules_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "rules_folder", lambda: tmp_path)
    with pytest.raises(RulesError):
        load_packs(None, root=tmp_path)


# What is shipped


def test_all_shipped_packs_load_in_the_order_of_their_names(tmp_path: Path) -> None:
    found = load_packs(None, root=tmp_path)
    names = [pack.name for pack in found]
    folder = rules_folder()
    paths = [
        path for below in ("", "law", "trade") for path in sorted((folder / below).glob("*.yaml"))
    ]
    assert names == [path.stem for path in paths]
    shown = [f"rules/{path.relative_to(folder).as_posix()}" for path in paths]
    assert [pack.position.file for pack in found] == shown


def schema() -> Any:
    return json.loads((schemas_folder() / "rules.schema.json").read_text(encoding="utf-8"))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def parts(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        if "properties" in node:
            yield path, node
        for key, value in node.items():
            if key not in ("examples", "allOf"):
                yield from parts(value, f"{path}/{key}")


def test_every_key_has_a_description_and_an_example_that_fits() -> None:
    whole = schema()
    for path, part in parts(whole):
        assert part["additionalProperties"] is False, path
        for key, value in part["properties"].items():
            assert value.get("description") and value.get("examples"), f"{path}/{key}"
            validator = jsonschema.Draft202012Validator({**value, "$defs": whole["$defs"]})
            for example in value["examples"]:
                validator.validate(example)


# Labels


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Skin Care", "skin_care"),
        ("skin-care", " skin  care "),
        ("STRASSE", "straße"),
        ("ﬁtness", "Fitness"),
        ("cafe\u0301", "CAFÉ"),
        ("a\u2011b", "a b"),
        ("\uff21", "a"),
    ],
)
def test_labels_with_one_canonical_form(one: str, two: str) -> None:
    assert canonical(one) == canonical(two)
    assert canonical(canonical(one)) == canonical(one)


def test_labels_that_differ() -> None:
    assert len({canonical(text) for text in ("makeup", "make over", "café", "💄", "")}) == 5
