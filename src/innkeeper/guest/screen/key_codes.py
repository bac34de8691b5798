"""Keys by name: Linux' own names and numbers (include/uapi/linux/input-event-codes.h), and what people call them."""

from __future__ import annotations

from difflib import get_close_matches

from innkeeper.errors import Invalid

__all__ = ["CODES", "MOST_AT_ONCE", "NAMES", "canonical", "chord", "names"]

MOST_AT_ONCE = 16
"""VIR_DOMAIN_SEND_KEY_MAX_KEYS"""

_RUNS: dict[int, str] = {
    1: "ESC 1 2 3 4 5 6 7 8 9 0 MINUS EQUAL BACKSPACE TAB",
    16: "Q W E R T Y U I O P LEFTBRACE RIGHTBRACE ENTER LEFTCTRL",
    30: "A S D F G H J K L SEMICOLON APOSTROPHE GRAVE LEFTSHIFT BACKSLASH",
    44: "Z X C V B N M COMMA DOT SLASH RIGHTSHIFT KPASTERISK LEFTALT SPACE CAPSLOCK",
    59: "F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NUMLOCK SCROLLLOCK",
    71: "KP7 KP8 KP9 KPMINUS KP4 KP5 KP6 KPPLUS KP1 KP2 KP3 KP0 KPDOT",
    85: "ZENKAKUHANKAKU 102ND F11 F12 RO KATAKANA HIRAGANA HENKAN KATAKANAHIRAGANA MUHENKAN KPJPCOMMA",
    96: "KPENTER RIGHTCTRL KPSLASH SYSRQ RIGHTALT LINEFEED HOME UP PAGEUP LEFT RIGHT END DOWN PAGEDOWN",
    110: "INSERT DELETE",
    113: "MUTE VOLUMEDOWN VOLUMEUP POWER KPEQUAL",
    119: "PAUSE",
    121: "KPCOMMA HANGEUL HANJA YEN LEFTMETA RIGHTMETA COMPOSE STOP AGAIN PROPS UNDO FRONT COPY OPEN PASTE",
    136: "FIND CUT HELP MENU CALC",
    142: "SLEEP WAKEUP",
    155: "MAIL BOOKMARKS COMPUTER BACK FORWARD",
    163: "NEXTSONG PLAYPAUSE PREVIOUSSONG STOPCD",
    172: "HOMEPAGE REFRESH",
    183: "F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24",
}

CODES = {
    f"KEY_{name}": first + place for first, run in _RUNS.items() for place, name in enumerate(run.split())
}
"""Linux' name → Linux' number"""

NAMES = {code: name for name, code in CODES.items()}

_CALLED = {
    "CTRL": "LEFTCTRL",
    "CONTROL": "LEFTCTRL",
    "LCTRL": "LEFTCTRL",
    "RCTRL": "RIGHTCTRL",
    "ALT": "LEFTALT",
    "LALT": "LEFTALT",
    "ALTGR": "RIGHTALT",
    "RALT": "RIGHTALT",
    "SHIFT": "LEFTSHIFT",
    "LSHIFT": "LEFTSHIFT",
    "RSHIFT": "RIGHTSHIFT",
    "SUPER": "LEFTMETA",
    "WIN": "LEFTMETA",
    "META": "LEFTMETA",
    "LEFTSUPER": "LEFTMETA",
    "RIGHTSUPER": "RIGHTMETA",
    "RETURN": "ENTER",
    "ESCAPE": "ESC",
    "DEL": "DELETE",
    "INS": "INSERT",
    "PGUP": "PAGEUP",
    "PGDN": "PAGEDOWN",
    "PGDOWN": "PAGEDOWN",
    "CAPS": "CAPSLOCK",
    "NUM": "NUMLOCK",
    "SCROLL": "SCROLLLOCK",
    "PRINT": "SYSRQ",
    "PRINTSCREEN": "SYSRQ",
    "BREAK": "PAUSE",
    "MENU": "COMPOSE",
    "PERIOD": "DOT",
    "QUOTE": "APOSTROPHE",
    "BACKTICK": "GRAVE",
    "LEFTBRACKET": "LEFTBRACE",
    "RIGHTBRACKET": "RIGHTBRACE",
    "EQUALS": "EQUAL",
    "LESS": "102ND",
    "-": "MINUS",
    "=": "EQUAL",
    "[": "LEFTBRACE",
    "]": "RIGHTBRACE",
    ";": "SEMICOLON",
    "'": "APOSTROPHE",
    "`": "GRAVE",
    "\\": "BACKSLASH",
    ",": "COMMA",
    ".": "DOT",
    "/": "SLASH",
}
"""What people call them. `menu` is the key with a menu on it, which Linux calls COMPOSE; KEY_MENU is another one."""


def chord(text: str, codeset: str = "linux") -> list[int]:
    """The numbers of the keys in `ctrl-alt-delete`, pressed together. In other numberings they are given as such.

    Raises `Invalid`: `guest.key_unknown`, `guest.key_number`, `guest.keys_many`.
    """
    pieces = _pieces(text)
    if len(pieces) > MOST_AT_ONCE:
        raise Invalid("guest.keys_many", keys=text, most=MOST_AT_ONCE)
    return [_code(piece, text) if codeset == "linux" else _number(piece, codeset) for piece in pieces]


def names() -> list[str]:
    """Every way to write a key, in small letters, the signs left out."""
    own = (name.removeprefix("KEY_").lower() for name in CODES)
    return sorted({*own, *(name.lower() for name in _CALLED if name.isalnum())})


def canonical(code: int, codeset: str = "linux") -> str:
    """`KEY_A`, or the number where Linux' names do not hold."""
    return NAMES.get(code, str(code)) if codeset == "linux" else str(code)


def _pieces(text: str) -> list[str]:
    """Split at each `-`; one where a key should stand is the key itself: `ctrl--`."""
    if text == "-":
        return ["-"]
    if text.endswith("--"):
        return [*text[:-2].split("-"), "-"]
    return text.split("-")


def _code(piece: str, text: str) -> int:
    word = piece.upper()
    if word.startswith("0X"):
        return _number(piece, "linux")
    name = word if word.startswith("KEY_") else f"KEY_{_CALLED.get(word, word)}"
    if name in CODES:
        return CODES[name]
    near = get_close_matches(piece.lower().removeprefix("key_"), names(), 3, 0.5)
    if near:
        raise Invalid("guest.key_near", key=piece, keys=text, near=", ".join(near))
    raise Invalid("guest.key_unknown", key=piece, keys=text)


def _number(piece: str, codeset: str) -> int:
    base = 16 if piece.lower().startswith("0x") else 10
    digits = piece[2:] if base == 16 else piece
    if not (digits.isascii() and digits.isalnum() and len(digits) <= 6):
        raise Invalid("guest.key_number", key=piece, codeset=codeset)
    try:
        number = int(digits, base)
    except ValueError:
        raise Invalid("guest.key_number", key=piece, codeset=codeset) from None
    if not 0 < number <= 0xFFFF:
        raise Invalid("guest.key_number", key=piece, codeset=codeset)
    return number
