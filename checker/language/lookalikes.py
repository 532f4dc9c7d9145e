# ruff: noqa: RUF001, RUF002 (letters that look alike are what this file is about)
"""Letters that people cannot tell from the plain Latin ones, such as the Cyrillic "а".

They are what Unicode's list of confusables (UTS 39) has for the letters a to z, as far as
keyboards and the fancy fonts of apps write them. Upper and lower case differ: the Greek capital
nu looks like an N, and the small one like a v.
"""

from __future__ import annotations

_PAIRS = (
    # Cyrillic
    ("аԁеіјкорԛѕтухһԝѵԍӏгс", "adeijkopqstyxhwvglrc"),
    ("АВЕІЈКМНОРСТУХЅԚԜӀԌ", "ABEIJKMHOPCTYXSQWIG"),
    # Greek
    ("αεικνορτυχγ", "aeikvoptuxy"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    # Armenian, Cherokee
    ("օսհոցյ", "ouhngj"),
    ("ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃ", "ABCDEGHIJKLMPRSTVWZ"),
    # Latin letters of another shape: script, dotless, small capitals
    ("ɑɡıȷ", "agij"),
    ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),
)
_LOOKALIKES = {ord(strange): plain for pair in _PAIRS for strange, plain in zip(*pair, strict=True)}
# Letters as emoji, in a black circle or square, which have no plain form in Unicode.
_FRAMED = {
    first + index: chr(ord("a") + index) for first in (0x1F150, 0x1F170) for index in range(26)
}


def unframed(text: str) -> str:
    """Return a text with the letters in circles and squares as plain ones."""
    return text.translate(_FRAMED)


def plain_letters(text: str) -> str:
    """Return a text with the letters that look like Latin ones as those."""
    return text.translate(_LOOKALIKES)
