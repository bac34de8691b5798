"""Keyboard layouts: which keys type a text. As X.Org (xkeyboard-config) and, for these characters, Windows have them.

A layout is a few rows of characters over the same rows of physical keys. Only what keyboards have printed on them and
all systems agree on is there: what else could be typed on one of them is refused, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from innkeeper.guest.screen.key_codes import CODES

__all__ = ["LAYOUTS", "keystrokes", "layouts_for", "table", "untypable"]

_KEYS = {
    "digits": (41, *range(2, 14)),
    "upper": (*range(16, 28),),
    "home": (*range(30, 41), 43),
    "lower": (86, *range(44, 54)),
}
"""Row → Linux' numbers of its keys, left to right; the key beside Enter (43) ends the home row, as on European ones."""
_SHIFT, _ALTGR, _SPACE = CODES["KEY_LEFTSHIFT"], CODES["KEY_RIGHTALT"], CODES["KEY_SPACE"]
_BLANK = "\N{NO-BREAK SPACE}"
"""stands for a key that types nothing of use"""

Stroke = tuple[int, ...]
"""Keys that are pressed together."""


class _Layout(NamedTuple):
    plain: dict[str, str]
    shift: dict[str, str]
    altgr: dict[str, int]
    """character → key"""
    dead: dict[str, str] = {}
    """accent on a dead key → the letters it goes with, then the same with the accent"""


_US = _Layout(
    {
        "digits": "`1234567890-=",
        "upper": "qwertyuiop[]",
        "home": "asdfghjkl;'\\",
        "lower": f"{_BLANK}zxcvbnm,./",
    },
    {
        "digits": "~!@#$%^&*()_+",
        "upper": "QWERTYUIOP{}",
        "home": 'ASDFGHJKL:"|',
        "lower": f"{_BLANK}ZXCVBNM<>?",
    },
    {},
)
_GB = _Layout(
    {"digits": "`1234567890-=", "upper": "qwertyuiop[]", "home": "asdfghjkl;'#", "lower": "\\zxcvbnm,./"},
    {"digits": '¬!"£$%^&*()_+', "upper": "QWERTYUIOP{}", "home": "ASDFGHJKL:@~", "lower": "|ZXCVBNM<>?"},
    {"€": 5},
)
_DE = _Layout(
    {"digits": "^1234567890ß´", "upper": "qwertzuiopü+", "home": "asdfghjklöä#", "lower": "<yxcvbnm,.-"},
    {"digits": '°!"§$%&/()=?`', "upper": "QWERTZUIOPÜ*", "home": "ASDFGHJKLÖÄ'", "lower": ">YXCVBNM;:_"},
    {"²": 3, "³": 4, "{": 8, "[": 9, "]": 10, "}": 11, "\\": 12, "@": 16, "€": 18, "~": 27, "|": 86, "µ": 50},
    {"^": "aeiouAEIOUâêîôûÂÊÎÔÛ", "´": "aeiouyAEIOUYáéíóúýÁÉÍÓÚÝ", "`": "aeiouAEIOUàèìòùÀÈÌÒÙ"},
)
_FR = _Layout(
    {"digits": "²&é\"'(-è_çà)=", "upper": "azertyuiop^$", "home": "qsdfghjklmù*", "lower": "<wxcvbn,;:!"},
    {"digits": f"{_BLANK}1234567890°+", "upper": "AZERTYUIOP¨£", "home": "QSDFGHJKLM%µ", "lower": ">WXCVBN?./§"},
    {
        "~": 3, "#": 4, "{": 5, "[": 6, "|": 7, "`": 8, "\\": 9, "^": 10, "@": 11, "]": 12, "}": 13,
        "€": 18, "¤": 27,
    },
    {"^": "aeiouAEIOUâêîôûÂÊÎÔÛ", "¨": "aeiouyAEIOUäëïöüÿÄËÏÖÜ"},
)  # fmt: skip  # rows as on a keyboard

LAYOUTS = {"us": _US, "gb": _GB, "de": _DE, "de-nodeadkeys": _DE._replace(dead={}), "fr": _FR}
"""name, as xkeyboard-config has it → layout"""
_ALONE = {"de": "^`", "fr": ""}
"""Dead accents that every system types by the dead key and space. Of others some make an apostrophe or a quote."""


@cache
def table(layout: str) -> dict[str, tuple[Stroke, ...]]:
    """Character → what is pressed for it, one after the other."""
    rows = LAYOUTS[layout]
    found: dict[str, tuple[Stroke, ...]] = {
        " ": ((_SPACE,),),
        "\n": ((CODES["KEY_ENTER"],),),
        "\t": ((CODES["KEY_TAB"],),),
    }
    dead: dict[str, Stroke] = {}
    for held, characters in (((), rows.plain), ((_SHIFT,), rows.shift)):
        for row, keys in _KEYS.items():
            for key, character in zip(keys, characters[row], strict=True):
                pressed = (*held, key)
                if character in rows.dead:
                    dead[character] = pressed
                elif character != _BLANK:
                    found[character] = (pressed,)
    found |= {character: ((_ALTGR, key),) for character, key in rows.altgr.items()}
    for accent, letters in rows.dead.items():
        half = len(letters) // 2
        for letter, made in zip(letters[:half], letters[half:], strict=False):
            found.setdefault(made, (dead[accent], *found[letter]))
        if accent in _ALONE.get(layout, ""):
            found[accent] = (dead[accent], (_SPACE,))
    return found


def untypable(text: str, layout: str) -> list[str]:
    """The characters that this layout cannot type, each once."""
    known = table(layout)
    return [character for character in dict.fromkeys(_unified(text)) if character not in known]


def keystrokes(text: str, layout: str) -> Iterable[tuple[str, tuple[Stroke, ...]]]:
    """Each character with what is pressed for it. The text must be typable."""
    known = table(layout)
    return ((character, known[character]) for character in _unified(text))


def layouts_for(text: str) -> list[str]:
    """The layouts that can type all of it."""
    return [layout for layout in LAYOUTS if not untypable(text, layout)]


def _unified(text: str) -> str:
    """One way to end a line, and letters with their accents in one."""
    from unicodedata import normalize

    return normalize("NFC", text.replace("\r\n", "\n"))
