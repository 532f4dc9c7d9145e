from __future__ import annotations

import re
from dataclasses import replace

import pytest

from checker.model.diagnostics import Diagnostic, Excerpt, Position
from checker.model.report import Remedy, Report, Subject
from checker.model.waivers import WaiverUse
from checker.reporting.formats import FORMATS
from checker.reporting.options import Options
from checker.reporting.redact import redact
from checker.reporting.redact_terms import folded, pattern
from tests.reporting.books import texts_of
from tests.reporting.everything import everything, side, told, waiver
from tests.reporting.fakes import BRIEF, influencer, outcome, spring, too_old

SALT = b"a salt of the tests"
CAPTION = "Three ways with ribbons, by Maisie's mother Ann"
OWN = "briefs/spring/influencers/maisie.json"


def telling() -> Report:
    """Return a report that names one influencer in every way there is."""
    at = Position(OWN, 4, 3)
    twice = outcome(
        "once",
        "fail",
        "@Maisie.Braids is listed twice, in influencers/maisie.json and as MAISIE.BRAIDS2",
        has=side(told("influencer.handle", "@maisie.braids", position=at)),
        evidence=(
            told("influencer.person", "ann-smith", position=at),
            told("deal.note", "her mother, Ann Smith, signs"),
            told("shortlist[0].influencer.id", "youtube/maisie.braids", position=at),
        ),
        remedies=(Remedy("take ann-smith out"),),
        ask_for=("a word from @maisie.braids",),
        waiver=waiver("youtube/maisie.braids", reason="maisie.braids is new"),
    )
    label = outcome(
        "ad-label",
        "fail",
        f'no label in "{CAPTION}"',
        has=side(told("post.caption", CAPTION, position=Position("posts/maisie-reel.json", 2))),
    )
    broken = Diagnostic(
        "bad-handle",
        'handle is "mai sie"; write it without spaces',
        Position("briefs/spring/influencers/lottie.json", 2, 3, "handle"),
        excerpt=Excerpt(2, '"handle": "mai sie"', 3, 2),
    )
    post = Subject(
        "post", "maisie-reel", "maisie-reel", "fail", Position(BRIEF, 40), (label,), market="GB"
    )
    person = influencer("@maisie.braids", "fail", twice, too_old())
    person = replace(person, id="youtube/maisie.braids", position=Position(BRIEF, 27, 3))
    invalid = influencer("lottie.json", "invalid", facts={}, diagnostics=(broken,))
    invalid = replace(invalid, position=Position("briefs/spring/influencers/lottie.json"))
    return replace(
        spring(),
        title="Spring with @maisie.braids",
        subjects=(person, invalid, post),
        warnings=(Diagnostic("odd", f"{OWN} is odd", at, "warning"),),
        waivers=(
            WaiverUse(waiver("@maisie.braids"), "used", 3),
            WaiverUse(waiver("jo"), "unused", 3),
        ),
    )


NAMES = re.compile(
    r"maisie|ann.smith|lottie|mai sie|oldflame|a year of|mother|\bjo\b", re.IGNORECASE
)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "html"])
def test_nobody_is_named_in_any_format(name: str) -> None:
    options = Options(show_all=True, width=120)

    def render(report: Report) -> str:
        content = FORMATS[name]([report], options)
        return content if isinstance(content, str) else texts_of(content)

    assert NAMES.search(render(telling())) is not None or name == "questions"
    shown = render(redact(telling(), SALT))
    assert NAMES.search(shown) is None
    if name not in ("github", "gitlab", "csv"):
        assert re.search("redacted", shown, re.IGNORECASE)


def test_ids_are_salted_and_stable() -> None:
    first, again = redact(telling(), SALT), redact(telling(), SALT)
    other = redact(telling(), b"another salt of tests")
    assert re.fullmatch("influencer-[0-9a-f]{6}", first.subjects[0].id)
    assert re.fullmatch("post-[0-9a-f]{6}", first.subjects[2].id)
    assert first.subjects[0].id == first.subjects[0].name == again.subjects[0].id
    assert first.subjects[0].id != other.subjects[0].id
    assert len({subject.id for subject in first.subjects}) == 3
    assert first.redacted


def test_one_person_has_one_id_everywhere() -> None:
    report = redact(telling(), SALT)
    person = report.subjects[0]
    found = person.outcomes[0]
    assert found.reason == (
        f"{person.id} is listed twice, in influencers/{person.id}.json and as {person.id}2"
    )
    assert found.waiver is not None
    assert found.waiver.subject == report.waivers[0].waiver.subject == person.id
    assert found.waiver.reason == f"{person.id} is new"
    assert found.has is not None
    assert found.has.evidence[0].value == person.id
    assert report.title == f"Spring with {person.id}"


def test_own_files_are_renamed_and_shared_ones_are_not() -> None:
    report = redact(telling(), SALT)
    person, invalid, post = report.subjects
    assert person.position.file == BRIEF
    assert person.outcomes[0].evidence[0].position == Position(
        f"briefs/spring/influencers/{person.id}.json", 4, 3
    )
    assert invalid.position.file == f"briefs/spring/influencers/{invalid.id}.json"
    caption = post.outcomes[0].has
    assert caption is not None and caption.evidence[0].position is not None
    assert caption.evidence[0].position.file == f"{post.id}.json"
    assert person.outcomes[1].has is not None
    assert person.outcomes[1].has.evidence[0].position == Position(
        "briefs/spring/shortlist.csv", 7, 0, "audience.age"
    )


def test_what_is_nobodys_stays() -> None:
    before, after = everything(), redact(everything(), SALT)
    assert after.packs == before.packs
    assert after.verdict == before.verdict
    assert after.brand == before.brand
    for old, new in zip(before.subjects, after.subjects, strict=True):
        assert (new.kind, new.verdict, new.market) == (old.kind, old.verdict, old.market)
        assert dict(new.facts) == dict(old.facts)
        for was, now in zip(old.outcomes, new.outcomes, strict=True):
            assert (now.rule, now.status, now.reason) == (was.rule, was.status, was.reason)
    assert redact(after, SALT).redacted


def test_lines_of_files_are_left_out_of_diagnostics() -> None:
    diagnostic = redact(telling(), SALT).subjects[1].diagnostics[0]
    assert diagnostic.excerpt is None
    assert diagnostic.message == 'handle is "…"; write it without spaces'


@pytest.mark.parametrize(
    ("terms", "text", "shown"),
    [
        (["maisie", "maisie.braids"], "@maisie.braids, maisie", "X, X"),
        (["al"], "al @al @alto real", "al X @alto real"),
        (["jo.k"], "jo.k jo.kx xjo.k _jo.k_", "X jo.kx xjo.k _X_"),
        (["gadgetgav"], "mygadgetgav2", "myX2"),
        (["Zoë B"], "zoë  b ZOË B", "X X"),
        (["a.b*c(d"], "A.B*C(D aXbbc", "X aXbbc"),
        ([], "maisie", "maisie"),
    ],
)
def test_names_are_found_however_they_are_written(terms: list[str], text: str, shown: str) -> None:
    assert pattern(terms).sub("X", text) == shown
    assert folded("@Zoë  B") == folded("zoë b")


def test_thousands_of_names_are_quick() -> None:
    names = [f"handle.{n}.{n * 7919 % 10007}" for n in range(20_000)]
    found = pattern(names)
    text = "only 32% of the audience is 18–34; at least 50% is needed, says handle.77.1 to us"
    for _ in range(2000):
        found.sub("X", text)
