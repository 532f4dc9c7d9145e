"""Who wrote a draft post."""

from __future__ import annotations

from collections.abc import Iterable

from checker.language.accounts import account_of, is_called
from checker.model.records import Entry, Record


def authors_of(post: Record, entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that a post's `influencer` may be: a handle may be on two platforms.

    An id comes before a handle, and an account of the post's platform before another.
    """
    name = str(post.data.get("influencer", ""))
    people = [(each, each.influencer) for each in entries if each.influencer is not None]
    own = [entry for entry, person in people if person.id == name]
    if not name or own:
        return own
    called = [
        (entry, person.data["platform"])
        for entry, person in people
        if is_called(name, person.id, account_of(person.data))
    ]
    platform = post.data.get("platform")
    return [e for e, on in called if on == platform] or [e for e, _ in called]


def author_of(post: Record, entries: Iterable[Entry]) -> Entry | None:
    """Return the entry of a post's influencer; None where there is none, or it may be several."""
    found = authors_of(post, entries)
    return found[0] if len(found) == 1 else None
