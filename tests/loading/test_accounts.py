"""One account has one key, however its handle is written; two accounts stay two."""

from __future__ import annotations

from typing import Any

import pytest

from checker.language.accounts import account_key, id_key, is_called
from checker.model.records import Entry
from tests.loading.test_campaigns import JO, load, root, shortlist, write

__all__ = ["root"]

ONE = {
    "instagram": (
        *("@Oda.Braids", "oda.braids", "@ODA.BRAIDS", " @ oda.braids ", "@@oda.braids"),
        *(
            "\uff20oda.braids",
            "\ufe6boda.braids",
            "\u200b@oda\u200d.braids\ufeff",
            "\uff4fda.braids",
        ),
        *(
            "'@oda.braids",
            "\u2019@oda.braids",
            '="oda.braids"',
            '="@oda.braids"',
            "\u00a0@oda.braids",
        ),
        *("https://www.instagram.com/oda.braids/?igsh=x1", "instagram.com/Oda.Braids"),
        *("http://m.instagram.com/oda.braids#top", "https://instagram.com/oda.braids/reel/C1/"),
    ),
    "tiktok": ("@odabraids", "OdaBraids", "https://www.tiktok.com/@OdaBraids?lang=en&is=1"),
    "youtube": ("@Oda", "https://www.youtube.com/@oda/videos", "m.youtube.com/@oda"),
    "x": ("@oda", "ODA", "https://twitter.com/oda", "x.com/Oda/status/12"),
    "bluesky": ("oda.bsky.social", "https://bsky.app/profile/oda.bsky.social"),
    "linkedin": ("oda-braids", "https://www.linkedin.com/in/oda-braids/"),
    "pinterest": ("oda", "https://www.pinterest.co.uk/oda/"),
    "blog": ("https://oda.example/", "https://oda.example"),
}
TWO = (
    ("instagram", "@oda.braids", "@oda_braids"),
    ("instagram", "@odabraids", "@oda.braids"),
    ("podcast", "Oda", "oda"),
    ("blog", "oda.example/Hair", "oda.example/hair"),
)
NO_ACCOUNT = (
    ("instagram", "https://www.tiktok.com/@oda", "on tiktok, and the platform is instagram"),
    ("tiktok", "instagram.com/oda", "on instagram, and the platform is tiktok"),
    ("podcast", "https://youtube.com/@oda", "on youtube, and the platform is podcast"),
    ("instagram", "https://linktr.ee/oda", "on linktr.ee, and the platform is instagram"),
    ("instagram", "https://www.instagram.com/p/C1x/", "names no profile"),
    ("instagram", "https://www.instagram.com/", "names no profile"),
    ("youtube", "https://www.youtube.com/channel/UC1x", "names no profile"),
    ("tiktok", "https://vm.tiktok.com/ZM1x/", "names no profile"),
    ("instagram", "@", "the handle is empty"),
    ("x", "\u200b", "the handle is empty"),
)


def of(platform: str, handle: str, id_: str) -> dict[str, Any]:
    return {"id": id_, "handle": handle, "platform": platform, "followers": 9000}


def said(entry: Entry) -> str:
    return " ".join(each.message for each in entry.diagnostics)


@pytest.mark.parametrize("platform", ONE)
def test_one_account_has_one_key_and_is_on_a_shortlist_once(root: Any, platform: str) -> None:
    written = ONE[platform]
    assert len({account_key(platform, each) for each in written}) == 1
    first, *others = shortlist(*(of(platform, each, f"r{n}") for n, each in enumerate(written)))
    assert first.influencer is not None
    for entry in others:
        assert "is on the shortlist twice" in said(entry), entry.name


def test_two_accounts_stay_two(root: Any) -> None:
    for platform, one, other in TWO:
        assert account_key(platform, one) != account_key(platform, other)
        assert not any(map(said, shortlist(of(platform, one, "a"), of(platform, other, "b"))))


@pytest.mark.parametrize(("platform", "handle", "why"), NO_ACCOUNT)
def test_what_names_no_account_is_refused(root: Any, platform: str, handle: str, why: str) -> None:
    [entry] = shortlist(of(platform, handle, "a"))
    assert entry.influencer is None
    assert why in said(entry)
    assert entry.diagnostics[0].position.line > 1
    assert entry.diagnostics[0].hint


def test_a_row_without_an_id_is_called_by_its_account(root: Any) -> None:
    rows = '@Oda.Braids,instagram,1\nhttps://instagram.com/uma,instagram,2\n"\'@ivy",x,3\n'
    write("s.csv", f"handle,platform,followers\n{rows}@oda.braids,instagram,4\n")
    *entries, again = load(shortlist="s.csv").shortlist
    assert [entry.influencer and entry.influencer.id for entry in entries] == [
        *("instagram/oda.braids", "instagram/uma", "x/ivy")
    ]
    assert [entry.name for entry in entries] == ["@Oda.Braids", "@uma", "@ivy"]
    assert said(again) == 'the influencer "instagram/oda.braids" is on the shortlist twice'


def test_one_handle_on_two_platforms_is_told_apart(root: Any) -> None:
    jos = (of("instagram", "@jo", "a"), of("tiktok", "Jo", "b"), of("tiktok", "@al", "c"))
    assert [each.name for each in shortlist(*jos)] == ["@jo (instagram)", "Jo (tiktok)", "@al"]


def test_a_dropped_deal_is_nobodys_double(root: Any) -> None:
    dropped = {"influencer": {**JO, "id": "x"}, "state": "dropped"}
    assert not any(map(said, shortlist(dropped, JO)))


POSTS = (
    ({"influencer": "@JO"}, ""),
    ({"influencer": "Instagram/Jo"}, ""),
    ({"influencer": "https://www.instagram.com/jo/"}, ""),
    ({"influencer": "@sam", "platform": "tiktok"}, ""),
    ({"influencer": "@sam"}, "may be i2 or t2"),
    ({"influencer": "i2"}, ""),
    ({"influencer": "@nobody"}, "is not on the shortlist"),
)


@pytest.mark.parametrize(("post", "why"), POSTS)
def test_a_post_is_its_influencers(root: Any, post: dict[str, Any], why: str) -> None:
    people = [of("instagram", "jo", "j"), of("instagram", "@sam", "i2"), of("tiktok", "@sam", "t2")]
    found = load(shortlist=people, posts=[{"id": "p", "caption": "c", **post}]).warnings
    assert [why in each.message for each in found] == [True] * bool(why)


def test_a_name_means_an_account() -> None:
    for name in ("@Jo", "jo", "instagram/JO", "Instagram/@jo", "instagram.com/jo", "R1", "@r1"):
        assert is_called(name, "r1", "instagram/jo"), name
    for name in ("jo2", "tiktok/jo", "https://tiktok.com/@jo", ""):
        assert not is_called(name, "r1", "instagram/jo"), name
    assert id_key("instagram/Oda") == id_key("instagram/oda")
    assert id_key("podcast/Oda") != id_key("podcast/oda")
