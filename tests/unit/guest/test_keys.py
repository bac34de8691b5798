"""Keys by name, and text as keys of a layout."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from innkeeper.errors import Invalid
from innkeeper.guest.screen.key_codes import CODES, canonical, chord, names
from innkeeper.guest.screen.layouts import LAYOUTS, keystrokes, layouts_for, untypable

HEADER = Path("/usr/include/linux/input-event-codes.h")
KEYMAPS = Path("/usr/share/qemu/keymaps")
QEMUS = {"us": "en-us", "gb": "en-gb", "de-nodeadkeys": "de", "fr": "fr"}
"""Ours → QEMU's name of the same layout. Its German and French ones have no dead keys."""

KEYSYMS = {
    "exclam": "!", "quotedbl": '"', "numbersign": "#", "dollar": "$", "percent": "%", "ampersand": "&",
    "apostrophe": "'", "parenleft": "(", "parenright": ")", "asterisk": "*", "plus": "+", "comma": ",", "minus": "-",
    "period": ".", "slash": "/", "colon": ":", "semicolon": ";", "less": "<", "equal": "=", "greater": ">",
    "question": "?", "at": "@", "bracketleft": "[", "backslash": "\\", "bracketright": "]", "asciicircum": "^",
    "underscore": "_", "grave": "`", "braceleft": "{", "bar": "|", "braceright": "}", "asciitilde": "~",
    "sterling": "£", "section": "§", "notsign": "¬", "degree": "°", "twosuperior": "²", "threesuperior": "³",
    "acute": "´", "mu": "µ", "ssharp": "ß", "adiaeresis": "ä", "odiaeresis": "ö", "udiaeresis": "ü",
    "Adiaeresis": "Ä", "Odiaeresis": "Ö", "Udiaeresis": "Ü", "agrave": "à", "ccedilla": "ç", "egrave": "è",
    "eacute": "é", "ugrave": "ù", "EuroSign": "€", "currency": "¤", "diaeresis": "¨", "space": " ",
}  # fmt: skip  # X11's names (keysymdef.h)


def qemus_map(layout: str) -> dict[str, set[tuple[int, frozenset[str]]]]:
    """Character → each way to type it, as scancode and what is held: QEMU made these files from xkeyboard-config."""
    found: dict[str, set[tuple[int, frozenset[str]]]] = {}
    for line in (KEYMAPS / QEMUS[layout]).read_text().splitlines():
        told = re.fullmatch(r"(\w+) 0x([0-9a-f]+)((?: (?:shift|altgr))*)", line)
        if told:
            character = KEYSYMS.get(told[1], told[1])
            found.setdefault(character, set()).add((int(told[2], 16), frozenset(told[3].split())))
    return found


@pytest.mark.skipif(not HEADER.exists(), reason="needs the kernel's headers")
def test_numbers_are_the_kernels() -> None:
    told = dict(re.findall(r"#define (KEY_\w+)\s+(\d+)", HEADER.read_text()))
    assert {name: str(code) for name, code in CODES.items()} == {name: told.get(name) for name in CODES}


def test_chords() -> None:
    assert chord("ctrl-alt-delete") == [29, 56, 111]
    assert chord("CTRL-ALT-F2") == [29, 56, 60]
    assert chord("KEY_LEFTCTRL-key_c") == [29, 46]
    assert chord("super") == [125]
    assert chord("-") == [12]
    assert chord("ctrl--") == [29, 12]
    assert chord("0x1c") == [28]
    assert chord("0x1d-46", "xt") == [0x1D, 46]
    assert (canonical(28), canonical(28, "xt")) == ("KEY_ENTER", "28")


def test_every_name_is_a_key() -> None:
    assert {name: len(chord(name)) for name in names()} == dict.fromkeys(names(), 1)


@pytest.mark.parametrize(
    ("text", "codeset", "code"),
    [
        ("ctrl-alt-delet", "linux", "guest.key_near"),
        ("KEY_ENTR", "linux", "guest.key_near"),
        ("§§§§§§", "linux", "guest.key_unknown"),
        ("", "linux", "guest.key_unknown"),
        ("a-", "linux", "guest.key_unknown"),
        ("0xzz", "linux", "guest.key_number"),
        ("enter", "xt", "guest.key_number"),
        ("0", "xt", "guest.key_number"),
        ("٣", "xt", "guest.key_number"),
        ("99999", "xt", "guest.key_number"),
        ("-".join("a" * 17), "linux", "guest.keys_many"),
    ],
)
def test_what_is_no_key_is_refused(text: str, codeset: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        chord(text, codeset)
    assert caught.value.code == code


def test_a_key_nearly_named_is_named() -> None:
    with pytest.raises(Invalid, match="delet") as caught:
        chord("ctrl-alt-delet")
    assert "delete" in caught.value.remedy("en")


@pytest.mark.skipif(not KEYMAPS.is_dir(), reason="needs QEMU's keymaps")
@pytest.mark.parametrize("layout", QEMUS)
def test_layouts_agree_with_qemus(layout: str) -> None:
    """Each character of ours is typed by a way that QEMU's file has too."""
    qemus, checked = qemus_map(layout), 0
    for character in {*map(chr, range(33, 0x180)), "€"}:
        if untypable(character, layout):
            assert not (character.isascii() and character.isprintable()), f"{layout} lacks {character!r}"
            continue
        ((_, strokes),) = keystrokes(character, layout)
        if len(strokes) > 1:
            continue  # a dead key, which QEMU's files do not have
        *held, key = strokes[0]
        names_held = frozenset({42: "shift", 100: "altgr"}[code] for code in held)
        assert (key, names_held) in qemus[character], character
        checked += 1
    assert checked >= 94


def test_dead_keys() -> None:
    assert dict(keystrokes("^", "de")) == {"^": ((41,), (57,))}
    assert dict(keystrokes("â", "de")) == {"â": ((41,), (30,))}
    assert dict(keystrokes("É", "de")) == {"É": ((13,), (42, 18))}
    assert dict(keystrokes("ê", "fr")) == {"ê": ((26,), (18,))}
    assert dict(keystrokes("^", "fr")) == {"^": ((100, 10),)}
    assert dict(keystrokes("Ï", "fr")) == {"Ï": ((42, 26), (42, 23))}


def test_lines_and_accents_in_any_writing() -> None:
    assert [one for one, _ in keystrokes("a\r\nb\tä", "de")] == ["a", "\n", "b", "\t", "ä"]
    assert [one for one, _ in keystrokes("a\u0308", "de")] == ["ä"]


def test_what_cannot_be_typed() -> None:
    assert untypable("xäyä雪\x1b", "us") == ["ä", "雪", "\x1b"]
    assert layouts_for("Straße") == ["de", "de-nodeadkeys"]
    assert layouts_for("plain") == list(LAYOUTS)
    assert layouts_for("雪") == []
