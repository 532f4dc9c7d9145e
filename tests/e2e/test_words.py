"""`checker words`: which words of the records no vocabulary knows, and what to do about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import BRAND, JO, ROOT, Done, brief, process, run, write

KNOWN_BRAND = {**BRAND, "category": "gin"}


def found(folder: Path, files: dict[str, Any], *args: str) -> Any:
    """Write files, run the command, and return what it gives as JSON."""
    write(folder, files)
    done = run("words", *args, "-o", "json")
    assert done.code == 0, done.said
    return json.loads(done.out)


def words_of(report: Any) -> dict[str, dict[str, Any]]:
    return {each["word"]: each for each in report["unknown"]}


def one(folder: Path, **more: Any) -> Any:
    return found(folder, {"brief.json": brief(brand=KNOWN_BRAND, shortlist=[{**JO, **more}])})


def test_help_shows_the_command_among_the_briefs() -> None:
    listed = run("--help").out
    assert "\n  words" in listed
    assert listed.index("\nBriefs") < listed.index("\n  words") < listed.index("\nRules")
    for part in ("checker words briefs -o pack > rules/our-words.yaml", "--fail-on", "no vocab"):
        assert part in run("words", "--help").out


def test_what_is_known_under_any_word_is_not_listed(folder: Path) -> None:
    report = one(folder, topics=["Skin_Care", "SOCCER", "make-up"], roles=["Actress"])
    assert report["unknown"] == [] and report["pack"] == ""
    assert report["looked_at"] == 5
    done = run("words")
    assert (done.code, done.out, done.err) == (0, "5 words in the records, 5 known\n", "")
    assert run("words", "-o", "pack").out == ""


@pytest.mark.parametrize(
    ("kind", "more", "vocabulary", "field"),
    [
        ("influencer", {"topics": ["Zorbing"]}, "topics", "influencer.topics"),
        ("influencer", {"values": ["Zorbing"]}, "values", "influencer.values"),
        ("influencer", {"roles": ["Zorbing"]}, "roles", "influencer.roles"),
        ("influencer", {"observed": {"Zorbing": 0.1}}, "topics", "influencer.observed"),
        (
            "influencer",
            {"sponsorships": [{"brand": "Unheard of", "category": "Zorbing"}]},
            "categories",
            "influencer.sponsorships.category",
        ),
        (
            "influencer",
            {"exclusivity": [{"brand": "Unheard of", "category": "Zorbing"}]},
            "categories",
            "influencer.exclusivity.category",
        ),
        ("brief", {"campaign": {"category": "Zorbing"}}, "categories", "brief.campaign.category"),
        ("brief", {"campaign": {"topics": ["Zorbing"]}}, "topics", "brief.campaign.topics"),
        ("brief", {"avoid": {"topics": ["Zorbing"]}}, "topics", "brief.avoid.topics"),
        ("brief", {"avoid": {"values": ["Zorbing"]}}, "values", "brief.avoid.values"),
        ("brand", {"category": "Zorbing"}, "categories", "brand.category"),
        ("brand", {"values": ["Zorbing"]}, "values", "brand.values"),
        ("brand", {"avoid": {"topics": ["Zorbing"]}}, "topics", "brand.avoid.topics"),
        ("brand", {"avoid": {"values": ["Zorbing"]}}, "values", "brand.avoid.values"),
        ("post", {"featured": [{"roles": ["Zorbing"]}]}, "roles", "post.featured.roles"),
    ],
)
def test_every_field_with_a_vocabulary_is_looked_at(
    folder: Path, kind: str, more: dict[str, Any], vocabulary: str, field: str
) -> None:
    parts: dict[str, dict[str, Any]] = {
        "brief": {},
        "brand": KNOWN_BRAND,
        "influencer": JO,
        "post": {"id": "draft", "influencer": "jo", "platform": "instagram", "caption": "Hello"},
    }
    parts[kind] = {**parts[kind], **more}
    whole = brief(brand=parts["brand"], shortlist=[parts["influencer"]], posts=[parts["post"]])
    (unknown,) = found(folder, {"brief.json": {**whole, **parts["brief"]}})["unknown"]
    assert (unknown["vocabulary"], unknown["word"]) == (vocabulary, "Zorbing")
    assert (unknown["times"], unknown["fields"]) == (1, [field])
    place = unknown["first"]
    assert (place["file"], place["line"]) == ("brief.json", 1)
    # The place is where the word stands, or the share that it names.
    text = (folder / "brief.json").read_text("utf-8")
    assert text[place["column"] - 1 :].startswith(('"Zorbing"', "0.1"))


def test_every_way_to_write_a_word_is_one_and_the_first_is_shown(folder: Path) -> None:
    table = "handle,platform,followers,topics\n@a,x,1000,cars;Zor bing\n@b,x,1000,zor-bing\n"
    (unknown,) = found(
        folder,
        {
            "brief.json": brief(brand=KNOWN_BRAND, shortlist=["a.csv", {**JO, "topics": []}]),
            "a.csv": table,
        },
    )["unknown"]
    assert (unknown["word"], unknown["times"]) == ("Zor bing", 2)
    first = unknown["first"]
    assert (first["file"], first["line"], first["cell"]) == ("a.csv", 2, "topics")
    assert "2 times, first in a.csv:2 topics (influencer.topics)" in " ".join(
        run("words").out.split()
    )


def test_a_brand_of_several_briefs_counts_once_and_so_does_what_a_brief_takes_from_it(
    folder: Path,
) -> None:
    brand = {**KNOWN_BRAND, "avoid": {"topics": ["Zorbing"]}}
    spring = brief(brand="brand.json", avoid={"topics": ["gambling"]})
    files = {"brand.json": brand, "a.brief.json": spring, "b.brief.json": {**spring, "id": "b"}}
    (unknown,) = found(folder, files)["unknown"]
    assert (unknown["times"], unknown["fields"]) == (1, ["brand.avoid.topics"])
    assert unknown["first"]["file"] == "brand.json"


def test_a_dropped_deal_is_not_looked_at(folder: Path) -> None:
    deal = {"influencer": {**JO, "topics": ["Zorbing"]}, "state": "dropped"}
    report = found(folder, {"brief.json": brief(brand=KNOWN_BRAND, shortlist=[deal])})
    assert report["unknown"] == []


def test_a_category_that_topics_know_is_known(folder: Path) -> None:
    files = {"brief.json": brief(brand={**BRAND, "category": "gardening"})}
    assert found(folder, files)["unknown"] == []


@pytest.mark.parametrize(
    ("word", "near", "misspelt"),
    [
        ("Skncare", ["skin care"], True),
        ("footbal", ["football"], True),
        ("politicss", ["politics"], True),
        ("football boots", ["football"], False),
        ("quartz beauty", ["beauty"], False),
        ("zorbing", [], False),
        ("日本語", [], False),
    ],
)
def test_the_nearest_words(folder: Path, word: str, near: list[str], misspelt: bool) -> None:
    (unknown,) = one(folder, topics=[word])["unknown"]
    assert [each["label"] for each in unknown["near"]][: len(near)] == near
    assert bool(unknown["near"]) is bool(near)
    assert unknown["misspelt"] is misspelt


def test_the_pack_makes_every_word_known(folder: Path) -> None:
    odd = [
        "false",
        "true: yes",
        "# nope",
        "Café Kultur",
        "x\u001b[31m ::error::",
        "日本語",
        "12",
        "- a",
    ]
    report = one(folder, topics=["Skncare", "skncare!", *odd], values=["hones ty", "Zorbing"])
    assert len(report["unknown"]) == 10
    done = run("words", "-o", "pack")
    assert (done.code, done.err) == (0, "")
    assert done.out == report["pack"]
    write(folder, {"rules/our-words.yaml": done.out})
    write(folder, {"checker.yaml": "packs: [handbook, law, rules/our-words.yaml]\n"})
    linted = run("lint", "rules/our-words.yaml")
    assert (linted.code, linted.out) == (0, "1 pack, 0 rules: no error\n")
    after = json.loads(run("words", "-o", "json").out)
    assert (after["unknown"], after["looked_at"]) == ([], report["looked_at"])


def test_what_is_misspelt_joins_the_line_of_what_is_meant(folder: Path) -> None:
    pack = one(folder, topics=["Skncare", "skincaer", "Zorbing"])["pack"]
    assert "      skin care: [skincaer, Skncare]  # if it is not misspelt\n" in pack
    assert "      Zorbing: []\n" in pack


def test_a_second_pack_has_a_name_of_its_own(folder: Path) -> None:
    own = "pack: our-words\nversion: 1.0.0\ntitle: Ours\ntables:\n  topics:\n"
    own += "    kind: vocabulary\n    source: ours\n    words: {zorbing: []}\n"
    write(folder, {"ours.yaml": own, "checker.yaml": "packs: [handbook, ours.yaml]\n"})
    report = one(folder, topics=["Zorbing", "Bossaball"])
    assert list(words_of(report)) == ["Bossaball"]
    assert report["pack"].startswith("pack: our-words-2\n")


def test_hostile_words_are_harmless_on_the_screen(folder: Path) -> None:
    one(folder, topics=["\u001b[2Jx", "::error::y", "a\u202eb", "z" * 200])
    done = run("words")
    assert done.code == 0
    for raw in ("\u001b", "\u202e", "::error::"):
        assert raw not in done.out
    listed = done.out[: done.out.index("\nSuch a word")]
    assert max(map(len, listed.splitlines())) <= 80


@pytest.mark.parametrize(("choice", "code"), [("warning", 1), ("never", 0)])
def test_the_exit_code_is_asked_for(folder: Path, choice: str, code: int) -> None:
    one(folder, topics=["Zorbing"])
    assert run("words", "--fail-on", choice).code == code
    one(folder, topics=["cars"])
    assert run("words", "--fail-on", choice).code == 0


def test_a_record_that_cannot_be_used_is_named_and_the_others_are_looked_at(folder: Path) -> None:
    bad = {**JO, "id": "bad", "handle": "@bad", "followers": "many"}
    write(
        folder,
        {"brief.json": brief(brand=KNOWN_BRAND, shortlist=[bad, {**JO, "topics": ["Zorbing"]}])},
    )
    done = run("words", "--fail-on", "warning")
    assert done.code == 3
    assert "Zorbing" in done.out and "followers" in done.err
    data = json.loads(run("words", "-o", "json").out)
    assert [each["position"]["file"] for each in data["refused"]] == ["brief.json"]
    # One that is dropped is none of them.
    dropped = {"influencer": bad, "state": "dropped"}
    write(folder, {"brief.json": brief(brand=KNOWN_BRAND, shortlist=[dropped, JO])})
    assert run("words").code == 0


@pytest.mark.parametrize(
    ("files", "code", "says"),
    [
        ({}, 3, "no brief found"),
        ({"brief.json": "{"}, 3, "brief.json:1"),
        ({"brief.json": brief(), "checker.yaml": "packs: [ours.yaml]\n"}, 2, "no rule file"),
    ],
)
def test_what_cannot_be_looked_at_is_said_once(
    folder: Path, files: dict[str, Any], code: int, says: str
) -> None:
    write(folder, files)
    done = run("words")
    assert (done.code, done.out) == (code, "")
    assert done.err.count(says) == 1


OWN_RULE = (
    "pack: ours\nversion: 1.0.0\ntitle: Ours\nrules:\n"
    "  - {id: a, title: A, scope: brief, severity: error, source: ours,"
    " require: exists(brief.budget)}\n"
)


def test_without_a_vocabulary_nobody_can_tell(folder: Path) -> None:
    write(folder, {"brief.json": brief(), "ours.yaml": OWN_RULE})
    write(folder, {"checker.yaml": "packs: [ours.yaml]\n"})
    done = run("words")
    assert done.code == 2
    assert "checker.yaml:1:1: error: no pack in force has a vocabulary" in done.err


def test_a_vocabulary_that_is_missing_is_named(folder: Path) -> None:
    own = OWN_RULE + "tables:\n  topics: {kind: vocabulary, source: ours, words: {cars: [autos]}}\n"
    write(folder, {"ours.yaml": own, "checker.yaml": "packs: [ours.yaml]\n"})
    write(folder, {"brief.json": brief(shortlist=[{**JO, "topics": ["Autos"], "values": ["odd"]}])})
    done = run("words")
    assert done.code == 0
    assert done.out == (
        "1 word in the records, 1 known\n"
        "not looked at: categories; no pack in force has this vocabulary\n"
        "not looked at: values; no pack in force has this vocabulary\n"
    )


def test_fields_of_ones_own_are_looked_at(folder: Path) -> None:
    extra = "extra: {influencer: {subjects: {type: topic, list: true}}}\n"
    write(folder, {"checker.yaml": extra})
    (unknown,) = one(folder, extra={"subjects": ["cars", "Zorbing"]})["unknown"]
    assert unknown["fields"] == ["influencer.extra.subjects"]


def test_the_samples_as_a_process() -> None:
    done: Done = process("words", "samples/bramble", "-o", "json", folder=ROOT)
    assert (done.code, done.err) == (0, "")
    assert list(words_of(json.loads(done.out))) == []
