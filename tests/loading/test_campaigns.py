"""A brief with its brand, shortlist and posts, from files of every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.loading.campaigns import campaign_without_brief, load_campaign
from checker.loading.project import Projects
from checker.model.diagnostics import InputError
from checker.model.records import Campaign, Entry

JO: dict[str, Any] = {"id": "jo", "handle": "@jo", "platform": "tiktok", "followers": 12400}
AL: dict[str, Any] = {"id": "al", "handle": "@al", "platform": "x", "followers": 5000}
BRAND: dict[str, Any] = {"id": "bramble", "name": "Bramble & Co"}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    monkeypatch.chdir(root)
    return root


def write(name: str, content: Any) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content, indent=1)
    path.write_text(text, encoding="utf-8")


def named(name: str) -> dict[str, Any]:
    """Return an influencer of another account."""
    return {**JO, "id": name, "handle": f"@{name}"}


def load(**fields: Any) -> Campaign:
    write("brief.json", {"id": "b", "title": "T", "brand": BRAND, **fields})
    path = Path("brief.json")
    return load_campaign(path, Projects().of(path))


def shortlist(*entries: Any) -> tuple[Entry, ...]:
    return load(shortlist=list(entries)).shortlist


def only_wrong(entry: Entry) -> tuple[str, str, str]:
    assert entry.influencer is None
    [found] = entry.diagnostics
    return (found.code, str(found.position), found.message)


class TestBrand:
    def test_inline_or_a_path(self, root: Path) -> None:
        write("brands/b.yaml", "id: bramble\nname: Bramble & Co\n")
        for brand in (BRAND, "brands/b.yaml"):
            campaign = load(brand=brand)
            assert campaign.brand.data == BRAND
            assert campaign.brand.id == "bramble"
        assert str(campaign.brand.position(("name",))) == "brands/b.yaml:2:7"

    def test_supplies_what_the_brief_leaves_out(self, root: Path) -> None:
        write(
            "brand.json",
            {
                **BRAND,
                "markets": ["GB", "IE"],
                "target": {"age": {"min": 18}, "countries": ["GB"], "gender": "female"},
                "budget": {"currency": "EUR", "total": 9, "per_influencer": 3},
                "avoid": {"values": ["greed"], "topics": ["gambling", "politics"]},
            },
        )
        brief = load(
            brand="brand.json",
            target={"age": {"max": 30}, "minimum_share": {"age": 0.6}},
            budget={"currency": "GBP", "total": 100},
            avoid={"topics": ["politics", "crypto"]},
        ).brief
        assert brief.data["markets"] == ["GB", "IE"]
        # An age span is one member; an amount never meets another record's currency.
        assert brief.data["target"] == {
            "age": {"max": 30},
            "minimum_share": {"age": 0.6},
            "countries": ["GB"],
            "gender": "female",
        }
        assert brief.data["budget"] == {"currency": "GBP", "total": 100}
        assert brief.data["avoid"] == {
            "values": ["greed"],
            "topics": ["politics", "crypto", "gambling"],
        }
        assert brief.origin(("target", "countries")).kind == "brand"
        assert brief.origin(("target", "age", "max")).kind == "brief"
        assert brief.origin(("avoid", "topics", 1)).kind == "brief"
        assert brief.origin(("avoid", "topics", 2)).kind == "brand"
        lines = Path("brand.json").read_text().splitlines()
        gambling = brief.position(("avoid", "topics", 2))
        assert gambling.file == "brand.json"
        assert "gambling" in lines[gambling.line - 1]
        assert "greed" in lines[brief.position(("avoid", "values", 0)).line - 1]
        assert brief.position(("budget", "total")).file == "brief.json"

    def test_a_name_that_is_too_long_is_no_file(self, root: Path) -> None:
        with pytest.raises(InputError, match="there is no file"):
            load(brand="a" * 300 + ".json")

    def test_supplies_each_minimum_share_that_the_brief_leaves_out(self, root: Path) -> None:
        shares = {"age": 0.6, "gender": 0.7, "country": "50%"}
        write("brand.json", {**BRAND, "target": {"gender": "female", "minimum_share": shares}})
        brief = load(brand="brand.json", target={"minimum_share": {"age": 0.4}}).brief
        assert brief.data["target"] == {
            "gender": "female",
            "minimum_share": {"age": 0.4, "gender": 0.7, "country": "50%"},
        }
        of = ("target", "minimum_share")
        assert brief.origin(of).kind == "brief"
        assert brief.origin((*of, "age")).kind == "brief"
        assert brief.position((*of, "age")).file == "brief.json"
        for name in ("gender", "country"):
            assert brief.origin((*of, name)).kind == "brand"
            position = brief.position((*of, name))
            assert position.file == "brand.json"
            assert name in Path("brand.json").read_text().splitlines()[position.line - 1]

    def test_supplies_all_minimum_shares_where_the_brief_has_none(self, root: Path) -> None:
        write("brand.json", {**BRAND, "target": {"minimum_share": {"age": 0.6}}})
        brief = load(brand="brand.json", target={"gender": "male"}).brief
        assert brief.data["target"] == {"gender": "male", "minimum_share": {"age": 0.6}}
        assert brief.origin(("target", "minimum_share", "age")).kind == "brand"
        assert brief.position(("target", "minimum_share", "age")).file == "brand.json"

    def test_parts_are_not_in_the_data_of_the_brief(self, root: Path) -> None:
        assert load(shortlist=[JO]).brief.data == {"id": "b", "title": "T"}

    def test_what_is_wrong_with_brief_and_brand_comes_at_once(self, root: Path) -> None:
        with pytest.raises(InputError) as caught:
            load(brand={"id": "x", "nam": "X"}, budgit={})
        assert {each.message for each in caught.value.diagnostics} == {
            'the brief has the unknown field "budgit"',
            'the brand has the unknown field "nam"',
            'the brand has no "name"',
        }


class TestShortlist:
    def test_entries_of_every_kind(self, root: Path) -> None:
        write("people/jo.json", JO)
        write("people/al.yaml", "id: al\nhandle: '@al'\nplatform: x\nfollowers: 5_000\n")
        lines = [{**JO, "id": f"n{i}", "handle": f"n{i}"} for i in range(2)]
        write("many.ndjson", "\n".join(map(json.dumps, lines)) + "\n")
        write("sheet.csv", "\ufeffhandle,platform,followers,fee\n@sam,x,100,400-600\n")
        write("list.json", [named("l1"), {"influencer": named("l2"), "fee": 3}])
        entries = shortlist(
            {"influencer": "people/jo.json", "fee": 450, "currency": "GBP"},
            "people/*.yaml",
            "many.ndjson",
            "sheet.csv",
            "list.json",
            named("inline"),
        )
        assert all(entry.diagnostics == () for entry in entries)
        ids = [entry.influencer.id for entry in entries if entry.influencer]
        assert ids == ["jo", "al", "n0", "n1", "x/sam", "l1", "l2", "inline"]
        assert [str(entry.position) for entry in entries][1:6] == [
            "people/al.yaml:1:1",
            "many.ndjson:1:1",
            "many.ndjson:2:1",
            "sheet.csv:2",
            "list.json:2:2",
        ]
        jo, al, _, _, sam, *_ = entries
        assert jo.deal.data == {"fee": 450, "currency": "GBP"}
        assert jo.deal.id == "jo"
        assert str(jo.deal.position(("fee",))) == "brief.json:11:11"
        assert al.deal.data == {}
        assert sam.deal.data == {"fee": {"min": 400, "max": 600}}
        assert str(sam.deal.position(("fee",))) == "sheet.csv:2 fee"

    def test_may_be_one_path(self, root: Path) -> None:
        write("sheet.csv", "handle,platform,followers\n@sam,x,100\n")
        assert [entry.name for entry in load(shortlist="sheet.csv").shortlist] == ["@sam"]

    def test_paths_start_from_the_file_that_names_them(self, root: Path) -> None:
        write("people/jo.json", JO)
        write("deals/one.json", {"influencer": "../people/jo.json", "fee": 3})
        [entry] = shortlist("deals/*.json")
        assert entry.influencer is not None
        assert entry.deal.data == {"fee": 3}

    def test_an_invalid_influencer_does_not_stop_the_others(self, root: Path) -> None:
        bad, good = shortlist({**JO, "followers": -1}, AL)
        assert only_wrong(bad)[0] == "too-small"
        assert bad.name == "@jo"
        assert good.influencer is not None

    def test_what_is_wrong_with_an_inline_influencer_is_said_once(self, root: Path) -> None:
        shares = {"observed": {"a": 0.9, "b": 0.5}, "audience": {"age": {"40-35": 0.2}}}
        [entry] = shortlist({"influencer": {**JO, **shares}, "fee": {"min": 9, "max": 3}})
        assert sorted(each.message.partition(";")[0] for each in entry.diagnostics) == [
            'audience.age has the band "40-35", which runs backwards',
            "fee runs from 9 down to 3",
            "observed adds up to 140%",
        ]

    def test_an_invalid_deal_makes_its_entry_invalid(self, root: Path) -> None:
        [entry] = shortlist({"influencer": JO, "fee": -1, "state": "dropped", "note": "why"})
        assert only_wrong(entry)[0] == "too-small"
        assert entry.dropped
        assert entry.deal.data == {"state": "dropped", "note": "why"}

    def test_a_dropped_deal_is_still_listed(self, root: Path) -> None:
        [entry] = shortlist({"influencer": {"id": "x"}, "state": "dropped"})
        assert entry.dropped
        assert entry.influencer is None

    def test_the_same_influencer_twice(self, root: Path) -> None:
        _, second = shortlist(JO, {"influencer": JO})
        code, place, message = only_wrong(second)
        assert (code, message) == (
            "duplicate-id",
            'the influencer "jo" is on the shortlist twice',
        )
        assert place == str(second.position)
        # A deal that was dropped may be tried again.
        again = shortlist({"influencer": JO, "state": "dropped"}, {"influencer": JO})
        assert [entry.diagnostics for entry in again] == [(), ()]

    @pytest.mark.parametrize(
        ("entry", "code", "message"),
        [
            ("people/jon.json", "no-such-file", 'there is no file "people/jon.json"'),
            ("a" * 300 + ".json", "no-such-file", f'there is no file "{"a" * 300}.json"'),
            ("a" * 300 + "*.json", "no-such-file", f'"{"a" * 300}*.json" matches no file'),
            ("people/*.yaml", "no-such-file", '"people/*.yaml" matches no file'),
            ("people", "is-a-folder", '"people" is a folder'),
            (
                "../outside.json",
                "outside-project",
                '"../outside.json" leaves the project\'s folder',
            ),
            ("link.json", "outside-project", '"link.json" leaves the project\'s folder'),
            ("../*.json", "outside-project", '"../*.json" leaves the project\'s folder'),
            ("/etc/passwd", "absolute-path", '"/etc/passwd" is an absolute path'),
            ("C:/jo.json", "absolute-path", '"C:/jo.json" is an absolute path'),
            ("people\\jo.json", "not-a-path", '"people\\jo.json" has backslashes'),
            (
                "https://example.org/jo.json",
                "not-a-path",
                '"https://example.org/jo.json" is an address; records are read from files only',
            ),
            ({"influencer": "nobody.json"}, "no-such-file", 'there is no file "nobody.json"'),
        ],
    )
    def test_a_path_that_cannot_be_followed(
        self, root: Path, entry: Any, code: str, message: str
    ) -> None:
        write("people/jo.json", JO)
        write("../outside.json", AL)
        Path("link.json").symlink_to(root.parent / "outside.json")
        bad, good = shortlist(entry, JO)
        place = "brief.json:10:18" if isinstance(entry, dict) else "brief.json:9:3"
        assert only_wrong(bad) == (code, place, message)
        assert good.influencer is not None

    @pytest.mark.parametrize(
        ("name", "text", "code"),
        [
            ("e.json", "", "empty-file"),
            ("e.yaml", "# nothing\n", "empty-file"),
            ("e.ndjson", "\n", "empty-file"),
            ("e.json", "[]", "empty-file"),
            ("e.csv", "", "empty-file"),
            ("e.csv", "handle,platform,followers\n", "no-rows"),
            ("e.json", "{", "json-syntax"),
            ("e.ndjson", "{\n", "json-syntax"),
            ("e.xlsx", "", "unknown-format"),
            ("e.txt", "", "unknown-format"),
            ("e.json", "3", "wrong-type"),
        ],
    )
    def test_a_file_with_nothing_to_use(self, root: Path, name: str, text: str, code: str) -> None:
        write(name, text)
        [entry] = shortlist(name)
        found, place, _ = only_wrong(entry)
        assert found == code
        assert place.startswith(name)

    def test_a_cell_that_cannot_be_read_is_said_once(self, root: Path) -> None:
        write("s.csv", "handle,platform,followers,age_verified_over\n@jo,x,12.4k,25\n@al,x,5,\n")
        bad, good = shortlist("s.csv")
        assert only_wrong(bad) == ("bad-cell", "s.csv:2", 'column "followers" has "12.4k"')
        assert good.influencer is not None

    def test_what_the_schema_refuses_names_row_and_column(self, root: Path) -> None:
        write("s.csv", "handle,platform,followers,country\n@jo,x,-3,UK\n")
        [entry] = shortlist("s.csv")
        assert [(str(each.position), each.message) for each in entry.diagnostics] == [
            ("s.csv:2 followers", "followers is -3; it cannot be less than 0"),
            ("s.csv:2 country", 'country is "UK", which is no country code'),
        ]

    def test_none_is_a_warning(self, root: Path) -> None:
        assert [each.code for each in load().warnings] == ["no-shortlist"]
        assert [each.code for each in load(shortlist=[]).warnings] == ["no-shortlist"]


class TestPosts:
    def test_inline_and_from_files(self, root: Path) -> None:
        write("posts/a.json", {"id": "p1", "influencer": "@jo"})
        write("posts/b.ndjson", '{"id": "p2", "influencer": "jo"}\n{"id": "p3", "capt": ""}\n')
        campaign = load(shortlist=[JO], posts=["posts/*", {"id": "p4", "influencer": "zed"}, "no"])
        names = [(draft.name, draft.record is not None) for draft in campaign.posts]
        assert names == [
            ("p1", True),
            ("p2", True),
            ("b.ndjson", False),
            ("p4", True),
            ("no", False),
        ]
        assert [each.message for each in campaign.warnings] == [
            '"zed", whose post this is, is not on the shortlist'
        ]

    def test_two_posts_with_one_id(self, root: Path) -> None:
        _, second = load(posts=[{"id": "p"}, {"id": "p"}]).posts
        assert second.record is None
        assert [each.code for each in second.diagnostics] == ["duplicate-id"]


class TestWithoutBrief:
    def test_brand_and_influencers(self, root: Path) -> None:
        budget = {"currency": "GBP", "per_influencer": 5}
        write("brand.json", {**BRAND, "budget": budget})
        write("jo.json", JO)
        write("s.csv", "handle,platform,followers\n@sam,x,100\n")
        project = Projects().of(Path("brand.json"))
        campaign = campaign_without_brief(
            Path("brand.json"), [Path("jo.json"), Path("s.csv")], project
        )
        assert campaign.brief.data["budget"] == budget
        assert campaign.brief.data["title"] == "Influencers for Bramble & Co"
        assert campaign.brief.origin(("budget",)).kind == "brand"
        assert [entry.name for entry in campaign.shortlist] == ["@jo", "@sam"]

    def test_files_that_cannot_be_read(self, root: Path) -> None:
        write("brand.json", BRAND)
        project = Projects().of(Path("brand.json"))
        with pytest.raises(InputError) as caught:
            campaign_without_brief(Path("brand.json"), [Path("a.json"), Path("b.csv")], project)
        assert [str(each.position) for each in caught.value.diagnostics] == ["a.json", "b.csv"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("brief.json", ""),
        ("brief.json", "[]"),
        ("brief.json", "null"),
        ("brief.yaml", ""),
        ("brief.json", "{"),
        ("brief.txt", "{}"),
    ],
)
def test_a_brief_that_cannot_be_used(root: Path, name: str, text: str) -> None:
    write(name, text)
    with pytest.raises(InputError) as caught:
        load_campaign(Path(name), Projects().of(Path(name)))
    assert caught.value.exit_code == 3
    assert [each.position.file for each in caught.value.diagnostics] == [name]


def test_extra_fields_of_the_configuration(root: Path) -> None:
    write(
        "checker.yaml", "extra: {influencer: {rating: {type: share}}, deal: {round: {type: count}}}"
    )
    good, bad = shortlist(
        {"influencer": {**JO, "extra": {"rating": "5%"}}, "extra": {"round": 2}},
        {**AL, "extra": {"rating": 5}},
    )
    assert good.diagnostics == ()
    assert only_wrong(bad)[0] == "bad-share"
    write("s.csv", "handle,platform,followers,extra.rating,extra.round\n@sam,x,1,50%,2\n")
    [sam] = shortlist("s.csv")
    assert sam.influencer is not None
    assert sam.influencer.data["extra"] == {"rating": "50%"}
    assert sam.deal.data == {"extra": {"round": 2}}
