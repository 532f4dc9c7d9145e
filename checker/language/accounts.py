"""Which account a handle names, however somebody wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import unquote

from checker.language.text import folded, visible

_T = TypeVar("_T")

# Platforms whose handles are the same in capitals and small letters.
CASELESS = frozenset(("instagram", "tiktok", "youtube", "x"))
# A handle that is as its platform has it, with or without "@": nothing in it is to be cleaned.
PLAIN = r"@?[A-Za-z0-9._-]+"

_HOSTS = {
    "instagram.com": "instagram",
    "instagr.am": "instagram",
    "tiktok.com": "tiktok",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "x.com": "x",
    "twitter.com": "x",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "fb.me": "facebook",
    "threads.net": "threads",
    "threads.com": "threads",
    "bsky.app": "bluesky",
    "snapchat.com": "snapchat",
    "pinterest.com": "pinterest",
    "linkedin.com": "linkedin",
    "twitch.tv": "twitch",
    "reddit.com": "reddit",
}
# What stands before the name in the address of a profile; elsewhere nothing has to.
_LEADS = {
    "tiktok": "@",
    "threads": "@",
    "bluesky": "profile/",
    "snapchat": "(?:add/|@)",
    "linkedin": "(?:in|company|school)/",
    "reddit": "(?:u|user)/",
}
# What stands before the name in the address that leads to it, where one is sure to.
_ADDRESSES = {
    "instagram": "https://www.instagram.com/",
    "tiktok": "https://www.tiktok.com/@",
    "youtube": "https://www.youtube.com/@",
    "x": "https://x.com/",
    "threads": "https://www.threads.net/@",
    "twitch": "https://www.twitch.tv/",
    "pinterest": "https://www.pinterest.com/",
}
# What stands where a name would, in addresses of posts, searches and pages without a handle.
_NO_NAME = re.compile(
    r"p|reels?|tv|stories|explore|accounts|direct|watch|shorts|playlist|channel|c|user|embed|live|"
    r"feed|results|hashtag|videos?|i|home|search|intent|share|status|groups|people|pages|pin|ideas|"
    r"events|discover|directory|\w+\.php",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(https?://)?([\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:/([^?#]*))?(?:[?#].*)?", re.I)
_AS_FORMULA = re.compile(r'=\s*"(.*)"')
_LONGEST = 1000


class NoHandleError(ValueError):
    """What stands where a handle should names no account of the platform; `hint` says what does."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def bare_handle(platform: str, written: str) -> str:
    """Return a handle without "@", and without what spreadsheets and pasting put around it.

    The address of a profile is its handle. Raises NoHandleError where it is of another platform,
    or no profile's, and where nothing is left.
    """
    text = visible(written[:_LONGEST]).strip()
    formula = _AS_FORMULA.fullmatch(text)
    text = (formula[1] if formula else text).lstrip("'\u2018\u2019` ")
    address = _ADDRESS.fullmatch(text)
    if address is not None:
        text = _of_address(platform, text, address)
    text = text.lstrip("@ ").rstrip("/ ")
    if not text:
        raise NoHandleError("the handle is empty", "Write the name on the platform.")
    return text


def _of_address(platform: str, text: str, address: re.Match[str]) -> str:
    """Return the handle in an address; the text itself where that is no address of a profile."""
    scheme, host, path = address[1], address[2].casefold(), address[3]
    stands_for = _platform_of(host)
    if not scheme and path is None:
        return text  # A handle may have dots.
    if stands_for is None and platform not in _HOSTS.values():
        return text  # A blog is called by its address.
    if stands_for != platform:
        what = f"an address on {stands_for}" if stands_for else f"an address on {host}"
        message = f"the handle is {what}, and the platform is {platform}"
        raise NoHandleError(message, "Write the handle on that platform, or mend the platform.")
    found = re.match(rf"{_LEADS.get(platform, '@?')}([^/]+)", unquote(path or ""))
    if found is None or _NO_NAME.fullmatch(found[1]):
        message = f"the handle is an address on {platform} that names no profile"
        raise NoHandleError(message, "Write the name on the platform, such as @name.")
    return found[1]


def _platform_of(host: str) -> str | None:
    """Return whose address a host has: "m.youtube.com" and "pinterest.co.uk" too."""
    names = host.split(".")
    if "pinterest" in names[:2]:
        return "pinterest"
    ends = (".".join(names[start:]) for start in range(len(names)))
    return next((_HOSTS[end] for end in ends if end in _HOSTS), None)


def profile_address(platform: str, handle: str) -> str:
    """Return where the profile is that a valid record's handle names, "" where that is not sure."""
    sure = platform in _ADDRESSES and re.fullmatch(PLAIN, handle)
    return _ADDRESSES[platform] + handle.lstrip("@") if sure else ""


def clean_handle(platform: str, written: str) -> str:
    """Return a valid record's handle as it is shown: as it is written, if that is plain."""
    bare = bare_handle(platform, written)
    return written if written in (bare, f"@{bare}") else f"@{bare}"


def account_key(platform: str, written: str) -> str:
    """Return what an account is compared by: "instagram/maisie.braids".

    Where a handle names none it is what is written, so that nothing else has it.
    """
    try:
        bare = bare_handle(platform, written)
    except NoHandleError:
        bare = written
    return f"{platform}/{folded(bare) if platform in CASELESS else bare}"


def account_of(influencer: Mapping[str, Any]) -> str:
    """Return the key of the account of a valid record."""
    return account_key(influencer["platform"], influencer["handle"])


def id_key(id_: str) -> str:
    """Return what a record's id is compared by: an id that is platform/handle is an account."""
    platform, slash, handle = id_.partition("/")
    return account_key(platform, handle) if slash and platform in CASELESS else id_


def find_again(
    seen: dict[str, _T], influencer: Mapping[str, Any], this: _T
) -> tuple[str, _T] | None:
    """Return the id or account that an earlier record has too, and what was seen of that.

    `seen` keeps what there is to know of each, such as its place.
    """
    id_, account = influencer["id"], account_of(influencer)
    keys = ((id_, id_key(id_)), (account, account))
    firsts = [(shown, seen.setdefault(key, this)) for shown, key in keys]
    return next((each for each in firsts if each[1] is not this), None)


def key_on(platform: str, written: str) -> str:
    """Return the key of the account that a name means on a platform; "platform/name" is a name."""
    before, slash, after = written.strip().partition("/")
    return account_key(platform, after if slash and before.casefold() == platform else written)


def is_called(written: str, id_: str, account: str = "") -> bool:
    """Tell whether a name that somebody wrote, an id or a handle, is that of a record.

    `account` is the key of an influencer's account, and empty for a post.
    """
    if plain_name(written) == plain_name(id_):
        return True
    platform, slash, _ = account.partition("/")
    return bool(slash) and key_on(platform, written) == account


def plain_name(name: str) -> str:
    """Return what ids that somebody wrote are compared by."""
    return folded(name).strip().lstrip("@")
