"""Who is named in a report, and the salted id that stands for each."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable

from checker.model.report import Evidence, Report, Subject
from checker.reporting.redact_terms import folded, normal, pattern

LEFT_OUT = "(left out)"

# Fields whose text is a person's name, or a person's own words.
_NAMING = frozenset({"id", "handle", "person", "influencer"})
_PERSONAL = _NAMING | {"name", "note", "caption", "overlay_text", "spoken_text"}
_NOBODY = ("brief.", "brand.", "params.", "tables.")
# File names that say what a file is, and not whose.
_PLAIN = frozenset({"influencer", "influencers", "profile", "record", "post", "posts", "draft"})
_QUOTED = re.compile(r'"[^"]*"')
_WORDS = re.compile(r"\b(" + "|".join(sorted(_PERSONAL - {"influencer"})) + r")\b")

_DIGITS = 6


def personal(path: str) -> bool:
    """Tell whether a path or a column is of a field that names a person or holds their words."""
    if path.startswith(_NOBODY):
        return False
    return re.split(r"[.\[\] ]+", path.rstrip("]"))[-1] in _PERSONAL


def on_person(message: str) -> bool:
    """Tell whether a message is on a field that names a person or holds their words."""
    return _WORDS.search(message) is not None


def unquoted(message: str) -> str:
    """Return a message without the values that it quotes; names of fields stay."""
    return _QUOTED.sub(lambda found: found[0] if found[0][1:-1] in _PERSONAL else '"…"', message)


class Names:
    """The people and posts of a report by all that they are called."""

    def __init__(self, report: Report, salt: bytes) -> None:
        self._salt = salt
        self._taken: dict[str, str] = {}
        self._terms: dict[str, str] = {}
        self._written: dict[str, None] = {}
        self._subjects: dict[int, str] = {}
        for subject in report.subjects:
            if subject.kind in ("influencer", "post"):
                self._subjects[id(subject)] = self._identity(subject.kind, subject.id)
        for subject in report.subjects:
            if id(subject) in self._subjects:
                self._add_subject(subject, self._subjects[id(subject)])
        for dropped in report.dropped:
            self._add_name(dropped.name, self.of_name(dropped.name))
            if dropped.note:
                self._add(dropped.note, LEFT_OUT)
        for use in report.waivers:
            if use.waiver.subject not in ("brief", "shortlist"):
                self._add_name(use.waiver.subject, self.of_name(use.waiver.subject))
        for item in _evidence(report):
            self._add_evidence(item)
        self._pattern: re.Pattern[str] | None = None

    def of(self, subject: Subject) -> str:
        """Return the id that stands for a subject; its own for the brief and the shortlist."""
        return self._subjects.get(id(subject), subject.id)

    def of_name(self, name: str) -> str:
        """Return the id that stands for a name, whether or not it is a subject's."""
        return self.known(name) or self._identity("influencer", name)

    def known(self, name: str) -> str:
        """Return the id that stands for a name of this report, "" where it has none."""
        return self._terms.get(folded(name), "")

    def add_stem(self, stem: str, identity: str) -> None:
        """Make a file's name, without its ending, one more name of whose file it is."""
        if stem.casefold() not in _PLAIN:
            self._add(stem, identity)
            self._pattern = None

    def replace(self, text: str) -> str:
        """Return a text with the id for each name in it, however its letters are written."""
        if not text or not self._terms:
            return text
        if self._pattern is None:
            self._pattern = pattern(self._written)
        return self._pattern.sub(self._stand_in, normal(text))

    def _stand_in(self, found: re.Match[str]) -> str:
        return self._terms.get(folded(found[0]), LEFT_OUT)

    def _identity(self, kind: str, name: str) -> str:
        """Return "influencer-3f9a2c"; longer where two would be alike."""
        key = f"{kind}\0{folded(name)}"
        digest = hmac.new(self._salt, key.encode("utf-8", "surrogatepass"), hashlib.sha256)
        text = digest.hexdigest()
        for length in (_DIGITS, 2 * _DIGITS, len(text)):
            identity = f"{kind}-{text[:length]}"
            if self._taken.setdefault(identity, key) == key:
                return identity
        return f"{kind}-{text}"

    def _add_subject(self, subject: Subject, identity: str) -> None:
        self._add_name(subject.name, identity)
        self._add_name(subject.id, identity)
        if subject.account:
            self._add_name(subject.account, identity)

    def _add_name(self, name: str, identity: str) -> None:
        """Add a name with what it is made of: "youtube/maisie.braids" holds a handle."""
        self._add(name, identity)
        last = re.split(r"[/\\]", name)[-1]
        self._add(last, identity)
        stem, dot, ending = last.rpartition(".")
        if dot and ending.lower() in ("json", "yaml", "yml"):
            self._add(stem, identity)

    def _add_evidence(self, item: Evidence) -> None:
        if not personal(item.path):
            return
        for value in item.value if isinstance(item.value, list | tuple) else (item.value,):
            if isinstance(value, str):
                field = item.path.rpartition(".")[2]
                if field in _NAMING:
                    self._add_name(value, self.of_name(value))
                else:
                    self._add(value, LEFT_OUT)

    def _add(self, term: str, identity: str) -> None:
        bare = normal(term).strip().lstrip("@").strip()
        if bare:
            self._terms.setdefault(folded(bare), identity)
            self._written.setdefault(bare)


def _evidence(report: Report) -> Iterable[Evidence]:
    for subject in report.subjects:
        for outcome in subject.outcomes:
            yield from outcome.evidence
            for side in (outcome.has, outcome.needs):
                if side is not None:
                    yield from side.evidence
