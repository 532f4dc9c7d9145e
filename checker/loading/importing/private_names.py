"""Names of what no record has a place for: contact details, and what is nobody's business.

They are told by the words of a field's name, in whatever spelling: `contactDetails`,
`contact_details`, `Contact details`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

PrivateKind = Literal["contact", "private"]

_CONTACT = frozenset(
    (
        "address",
        "addresses",
        "contact",
        "contacts",
        "email",
        "emails",
        "mail",
        "mails",
        "mobile",
        "phone",
        "phones",
        "phonenumber",
        "postcode",
        "telephone",
        "tel",
        "whatsapp",
        "zip",
        "zipcode",
    )
)
_PRIVATE = frozenset(
    (
        "birth",
        "birthday",
        "birthdate",
        "dob",
        "ethnic",
        "ethnicity",
        "ethnicities",
        "race",
        "races",
        "racial",
        "income",
        "incomes",
        "salary",
        "wealth",
        "marital",
        "married",
        "religion",
        "religious",
        "faith",
        "politics",
        "political",
        "sexual",
        "sexuality",
        "disability",
        "disabilities",
        "pregnancy",
        "parental",
    )
)
# Words that speak of a person only where they are the whole name.
_PRIVATE_ALONE = frozenset(("health", "orientation"))
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@lru_cache(maxsize=4096)
def private_kind(name: str) -> PrivateKind | None:
    """Say whether a field's name speaks of contact details or of what must not be recorded."""
    words = {word.lower() for word in _WORD.findall(name[:200])}
    if words & _CONTACT:
        return "contact"
    private = words & _PRIVATE or words <= _PRIVATE_ALONE
    return "private" if words and private else None


def holds_contact(text: str) -> bool:
    """Say whether a text holds what looks like an e-mail address."""
    for word in text.split():
        local, at, domain = word.rpartition("@")
        # "@jo@example.social" is a handle.
        if at and local.strip("<(") and local[0] != "@" and "." in domain.strip("."):
            return True
    return False
