"""The nearest right word for a wrong one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

# Countries by names that are no ISO 3166-1 codes, but are written as if they were.
OTHER_NAMES = {
    "uk": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "united kingdom": "GB",
    "great britain": "GB",
    "usa": "US",
    "united states": "US",
    "america": "US",
    "germany": "DE",
    "france": "FR",
    "ireland": "IE",
    "spain": "ES",
    "italy": "IT",
    "canada": "CA",
    "australia": "AU",
    "netherlands": "NL",
    "uae": "AE",
    "ksa": "SA",
    "el": "GR",
}


# No name of ours is longer; to compare two words takes as long as their lengths multiplied.
_LONGEST = 100
_MOST_COMPARED = 1000


@lru_cache(maxsize=4096)
def distance(a: str, b: str) -> int:
    """Count the letters to add, drop, exchange or swap with a neighbour to turn `a` into `b`."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        before, above, row = row, before, [i]
        for j, other in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]


def nearest(word: str, choices: Iterable[str]) -> tuple[str, ...]:
    """Return the choices that are nearest to `word`, sorted; none where all are too far.

    A country's other name has its code among the choices: GB for UK, at whatever distance.
    Nothing is near to a word of more than 100 characters, and 1,000 words are compared at most.
    """
    if len(word) > _LONGEST:
        return ()
    folded = word.casefold()
    known = set(choices)
    code = OTHER_NAMES.get(folded)
    if code in known and word not in known:
        return (code,)
    # What is longer or shorter by more than may differ is not looked at.
    most = max(1, len(word) // 3)
    near = [(choice.casefold(), choice) for choice in sorted(known)]
    near = [each for each in near if abs(len(each[0]) - len(folded)) <= most]
    ranked = sorted((distance(folded, like), choice) for like, choice in near[:_MOST_COMPARED])
    if not ranked or ranked[0][0] > most:
        return ()
    return tuple(choice for far, choice in ranked if far == ranked[0][0])[:3]


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return 'did you mean "x"?', or an empty text where nothing is near."""
    words = nearest(word, choices)
    return "did you mean " + " or ".join(f'"{each}"' for each in words) + "?" if words else ""


def suggestion(word: str, choices: Iterable[str], otherwise: str = "") -> str:
    """Return 'Did you mean "x"?' as a sentence of its own, or another where nothing is near."""
    found = did_you_mean(word, choices)
    return found[:1].upper() + found[1:] if found else otherwise
