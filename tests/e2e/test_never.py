"""What a pack says and nobody could ever meet is an error of the pack."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.world import pack, rule, run, write

GNOMES = (
    "tables: {categories: {kind: vocabulary, source: ours, words: {garden gnomes: [gnomes]}}}\n"
)


@pytest.mark.parametrize(
    ("applies", "says"),
    [
        ("{categories: [alchohol]}", ['has "alchohol"', 'Did you mean "alcohol"?']),
        ("{categories: [gin, Gambeling]}", ['has "Gambeling"', 'Did you mean "gambling"?']),
        ("{categories: [garden gnomes]}", ['"garden gnomes"', '{"garden gnomes": []}']),
        ("{markets: [UK]}", ['"UK" is not a market', 'Did you mean "GB"?']),
        ("{markets: [GB, CA-ONT]}", ['"CA-ONT" is not a market', '"CA-ON"']),
    ],
)
def test_where_a_rule_never_holds(folder: Path, applies: str, says: list[str]) -> None:
    ours = pack(rule("big", "influencer.followers > 3"))
    of_rule = ours.replace("    require", f"    applies: {applies}\n    require")
    of_pack = ours.replace("rules:", f"applies: {applies}\nrules:")
    for text in (of_rule, of_pack):
        write(folder, {"ours.yaml": text})
        for packs in ("[ours.yaml]", "[handbook, ours.yaml]"):
            write(folder, {"checker.yaml": f"packs: {packs}\n"})
            for command in ("lint", "rules"):
                done = run(command)
                assert done.code == 2
                assert "ours.yaml:" in done.said
                for words in says:
                    assert words in done.said
        assert run("lint", "ours.yaml").code == 2


@pytest.mark.parametrize("word", ["Gin", "alcoholic-drinks", "Garden_Gnomes", "gnomes", "hiking"])
def test_a_category_that_some_vocabulary_has(folder: Path, word: str) -> None:
    applies = f"applies: {{categories: [{word}]}}"
    ours = pack(rule("big", "influencer.followers > 3", applies)).replace(
        "rules:", GNOMES + "rules:"
    )
    write(folder, {"ours.yaml": ours})
    assert run("rules", "ours.yaml").code == 0


def searching(word: str, *, table: str = "vocabulary", by: str = "post.caption") -> str:
    asks = rule("said", f"count(mentions({by}, tables.names)) > 0", scope="post")
    rows = {
        "vocabulary": f"{{kind: vocabulary, source: ours, words: {{ribbon: [], {word}: []}}}}",
        "synonym": f"{{kind: vocabulary, source: ours, words: {{ribbon: [{word}]}}}}",
        "lookup": f"{{kind: lookup, source: ours, keys: [word], rows: [{{word: {word}}}]}}",
    }
    return pack(asks).replace("rules:", f"tables: {{names: {rows[table]}}}\nrules:")


@pytest.mark.parametrize("table", ["vocabulary", "synonym", "lookup"])
@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("ribbon*", "no sign stands for other letters"),
        ("colou?r", "no sign stands for other letters"),
        ("ad|advert", "no sign stands for other letters"),
        ("with @bramble", "a handle is a word of its own"),
        ("@ bramble", "a handle is a word of its own"),
        ("jo@bramble.com", "nothing is found inside an address"),
        ("https://bramble.com", "nothing is found inside an address"),
    ],
)
def test_a_word_that_no_text_has(folder: Path, table: str, word: str, why: str) -> None:
    write(folder, {"ours.yaml": searching(f'"{word}"', table=table)})
    done = run("lint", "ours.yaml")
    assert done.code == 2
    assert "ours.yaml:4:" in done.said
    assert f'"{word}" is never found in a text: {why}' in done.said


def test_a_word_that_is_read_as_that_of_another_row(folder: Path) -> None:
    write(folder, {"ours.yaml": searching('"ribbon!"')})
    done = run("rules", "ours.yaml")
    assert done.code == 2
    assert 'it is read as "ribbon" is, which stands in another row' in done.said


@pytest.mark.parametrize("word", ["@bramble", "R&B", "#ad", "100%", "an ad?", "co-op", "Café"])
def test_a_word_that_a_text_may_have(folder: Path, word: str) -> None:
    write(folder, {"ours.yaml": searching(f'"{word}"')})
    assert run("rules", "ours.yaml").code == 0


def test_only_tables_for_texts_are_asked(folder: Path) -> None:
    text = searching('"ribbon*"').replace("count(mentions(post.caption, tables.names)) > 0", "true")
    write(folder, {"ours.yaml": text})
    assert run("rules", "ours.yaml").code == 0


def test_a_definition_leads_to_its_table(folder: Path) -> None:
    text = searching('"ribbon*"').replace(
        "mentions(post.caption, tables.names)", "at(tables.names)"
    )
    heads = "definitions: {at(words): 'mentions(post.caption, words)'}\nrules:"
    write(folder, {"ours.yaml": text.replace("rules:", heads)})
    assert run("rules", "ours.yaml").code == 2
