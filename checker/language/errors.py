"""What the language says of an expression that it cannot take."""

from __future__ import annotations


class LanguageError(Exception):
    """An expression is wrong between the characters `start` and `end` of its text.

    `note` stands at the marked characters ("did you mean ..."), `code` is a stable name.
    """

    def __init__(
        self, message: str, start: int, end: int, *, note: str = "", code: str = "condition"
    ) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = max(end, start + 1)
        self.note = note
        self.code = code
