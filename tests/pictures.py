"""The pictures of the README and the tutorial: commands really run in a test world, drawn as they look on a terminal.

python -m tests.pictures docs/pictures        (script/pictures does it)
"""

from __future__ import annotations

import os
import pty
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from tests.world import World

__all__ = ["PICTURES", "main", "svg"]

PICTURES = {
    "first-guest": (
        "inn create web1 --image tiny --wait boot",
        "inn create web2 --image tiny --no-start",
        "inn list",
        "inn stop web1 --explain",
    ),
    "host-check": ("inn host check",),
    "refusal": ("inn create web3 --image ubuntu", "inn create web3 --image tiny --memory 2X"),
}
"""Name of the file → what is typed; one world for all, in this order."""

LANGUAGES = {"": "C.UTF-8", ".zh-CN": "zh_CN.UTF-8"}
COLUMNS, MOST_LINES = 100, 60
CELL, LINE, MARGIN = 8.4, 19, 16
"""Pixels of a 14-pixel monospaced letter."""
COLOURS = {
    "31": "#ff7b72",
    "32": "#7ee787",
    "33": "#e3b341",
    "34": "#79c0ff",
    "35": "#d2a8ff",
    "36": "#76e3ea",
    "2": "#8b949e",
    "90": "#8b949e",
}
SVG = "{http://www.w3.org/2000/svg}"
PAPER, INK = "#0d1117", "#e6edf3"
_SGR = re.compile(r"\x1b\[([0-9;]*)m")
_OTHER = re.compile(r"\x1b\[[0-9;?]*[A-Za-ln-z]|\x1b[()][A-Z0-9]|\x1b[=>]")


class Piece(NamedTuple):
    """Letters of one look; `column` is where they begin."""

    column: int
    text: str
    colour: str
    bold: bool


def svg(printed: str) -> bytes:
    """A terminal that shows this, with its colours."""
    lines = [list(_pieces(line)) for line in _screen(printed)][:MOST_LINES]
    width, height = COLUMNS * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    root = etree.fromstring('<svg xmlns="http://www.w3.org/2000/svg"/>')
    root.attrib.update({"viewBox": f"0 0 {width:.0f} {height}", "width": f"{width:.0f}"})
    etree.SubElement(root, f"{SVG}rect", {"width": "100%", "height": "100%", "rx": "8", "fill": PAPER})
    font = "ui-monospace, Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace"
    body = etree.SubElement(root, f"{SVG}g", {"font-family": font, "font-size": "14", "fill": INK})
    for number, pieces in enumerate(lines):
        for piece in pieces:
            place = {"x": f"{MARGIN + piece.column * CELL:.1f}", "y": str(MARGIN + LINE * number + 14)}
            weight = {"font-weight": "bold"} if piece.bold else {}
            node = etree.SubElement(body, f"{SVG}text", {**place, "fill": piece.colour, **weight})
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            node.text = piece.text
    return bytes(etree.tostring(root, pretty_print=True))


def _screen(printed: str) -> Iterator[str]:
    """What stands there at the end: a line that was written over is its last state."""
    for line in _OTHER.sub("", printed.replace("\r\n", "\n")).split("\n"):
        yield line.rsplit("\r", 1)[-1].rstrip()


def _pieces(line: str) -> Iterator[Piece]:
    colour, bold, column = INK, False, 0
    for number, part in enumerate(_SGR.split(line)):
        if number % 2:
            codes = part.split(";") if part else ["0"]
            if "0" in codes:
                colour, bold = INK, False
            bold = bold or "1" in codes
            colour = next((COLOURS[code] for code in codes if code in COLOURS), colour)
        elif part:
            yield Piece(column, part, colour, bold)
            column += sum(2 if ord(letter) > 0x2E7F else 1 for letter in part)


def _typed(world: World, line: str, language: str) -> str:
    """The command and what it prints on a terminal of a hundred columns."""
    master, slave = pty.openpty()
    process = world.popen(
        ["bash", "-c", f"stty cols {COLUMNS} rows 50; cd ~; {line}"],
        env={"TERM": "xterm-256color", "LANG": language, "COLUMNS": str(COLUMNS)},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        text=False,
    )
    os.close(slave)
    printed = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        printed += piece
    os.close(master)
    process.wait(timeout=60)
    return f"\x1b[32m$\x1b[0m \x1b[1m{line}\x1b[0m\n{printed.decode(errors='replace')}"


def main(folder: str) -> None:
    """Every picture in every language, from a world that was new for the language."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for ending, language in LANGUAGES.items():
        with World() as world:
            world.seed_image("tiny")
            for name, lines in PICTURES.items():
                shown = "\n".join(_typed(world, line, language) for line in lines)
                (target / f"{name}{ending}.svg").write_bytes(svg(shown))
                print(f"{time.strftime('%H:%M:%S')} {name}{ending}.svg", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
