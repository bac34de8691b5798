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

__all__ = ["LANGUAGES", "PICTURES", "PREPARED", "SCREEN", "main", "svg"]

PICTURES = {
    "first-guest": (
        "inn create web1 --image tiny --wait boot",
        "inn create web2 --image tiny --no-start",
        "inn list",
        "inn stop web1 --explain",
    ),
    "refusal": (
        "inn create web3 --image ubuntu",
        "inn create web3 --image tiny --memory 2X",
        "inn create web3 --iso /etc/hostname",
        "inn create web3 --image tiny --memory 999G",
    ),
    "top": ("inn top --once",),
    "show": ("inn show db1",),
    "change": ("inn set db1 --cpus 4 --memory 96M --label role=db", "inn set db1 --title database --dry-run"),
    "devices": ("inn host device list",),
    "host-check": ("inn host check --only kvm --only daemon --only network --only memory",),
    "host-setup": (
        "inn host check --only network",
        "inn host setup --only network",
        "inn host setup --undo",
    ),
}
"""Name of the file → what is typed; one world for all, in this order."""

PREPARED = {
    "top": (
        "inn create db1 --image tiny --wait boot",
        "inn start web1 --wait boot",
        "echo 'while :; do :; done &' | timeout 5 inn console web1",
        "sleep 5",
    ),
    "host-check": ("inn stop db1 --force", "inn stop web1 --force"),
    "host-setup": ("virsh --quiet net-destroy default",),
}
"""What is typed before, and not shown."""

SCREEN = "screen"
"""Name of the PNG that `inn screenshot` makes of a guest whose console is its screen, after these were typed."""
_CREATE = "inn create old --location KERNEL,INITRD --kernel-args 'console=tty0 quiet' --diskless"
_SHELL = """echo "killall -STOP heartbeat; setsid sh -c 'clear >/dev/tty1; exec sh -i </dev/tty1 >/dev/tty1 2>&1' &\""""
TYPED = (
    f"{_CREATE} --memory 256M --network none --xml ./devices/video/model/@type=vga",
    "sleep 60",
    f"{_SHELL} | timeout 5 inn console old; true",
    "inn paste old 'uname -sr; grep -m1 model.name /proc/cpuinfo; free -m'",
    "inn send-keys old enter",
    "sleep 5",
    "inn screenshot old",
)
FILES = "/var/lib/libvirt/innkeeper-images/tiny"
"""Kernel and initrd of that guest, without their endings."""

LANGUAGES = {"": "C.UTF-8", ".zh-CN": "zh_CN.UTF-8"}
COLUMNS = 100
LETTER, CELL, LINE, MARGIN = 14, 8.4, 19, 16
"""Pixels: a letter's size, the width that it takes in a monospaced font, a line's height."""
FONTS = "ui-monospace, SFMono-Regular, Menlo, 'DejaVu Sans Mono', 'Liberation Mono', Consolas, monospace"
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
_RUN = re.compile(r"[\u2e80-\uffef]+|(?:(?! {2})[^\u2e80-\uffef])+| +")
"""Letters of one width that are drawn together: what follows a gap has a place of its own, whatever the font."""
_OTHER = re.compile(r"\x1b\[[0-9;?]*[A-Za-ln-z]|\x1b[()][A-Z0-9]|\x1b[=>]")


class Piece(NamedTuple):
    """Letters of one look; `column` is where they begin. `wide`: each takes two columns."""

    column: int
    text: str
    colour: str
    bold: bool
    wide: bool


def svg(printed: str) -> bytes:
    """A terminal that shows this, with its colours."""
    lines = [list(_pieces(line)) for line in _screen(printed)]
    width, height = COLUMNS * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    root = etree.fromstring('<svg xmlns="http://www.w3.org/2000/svg"/>')
    root.attrib.update({"viewBox": f"0 0 {width:.0f} {height}", "width": f"{width:.0f}"})
    etree.SubElement(root, f"{SVG}rect", {"width": "100%", "height": "100%", "rx": "8", "fill": PAPER})
    body = etree.SubElement(root, f"{SVG}g", {"font-family": FONTS, "font-size": str(LETTER), "fill": INK})
    for number, pieces in enumerate(lines):
        for piece in pieces:
            place = {"x": f"{MARGIN + piece.column * CELL:.1f}", "y": str(MARGIN + LINE * number + LETTER)}
            look = {"font-weight": "bold"} if piece.bold else {}
            if piece.wide:
                look["letter-spacing"] = f"{2 * CELL - LETTER:.1f}"
            node = etree.SubElement(body, f"{SVG}text", {**place, "fill": piece.colour, **look})
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            node.text = piece.text
    return bytes(etree.tostring(root, pretty_print=True))


def _screen(printed: str) -> Iterator[str]:
    """What stands there at the end: a line that was written over is its last state."""
    for line in _OTHER.sub("", printed.replace("\r\n", "\n")).split("\n"):
        yield from _wrapped(line.rsplit("\r", 1)[-1].rstrip())


def _wrapped(line: str) -> Iterator[str]:
    """As a terminal does where a line is longer than it is wide; looks go on in the next line."""
    shown, column, look = "", 0, ""
    for number, part in enumerate(_SGR.split(line)):
        if number % 2:
            look = f"\x1b[{part}m"
            shown += look
            continue
        for letter in part:
            width = 2 if ord(letter) > 0x2E7F else 1
            if column + width > COLUMNS:
                yield shown
                shown, column = look, 0
            shown, column = shown + letter, column + width
    yield shown


def _pieces(line: str) -> Iterator[Piece]:
    colour, bold, column = INK, False, 0
    for number, part in enumerate(_SGR.split(line)):
        if number % 2:
            codes = part.split(";") if part else ["0"]
            if "0" in codes:
                colour, bold = INK, False
            bold = bold or "1" in codes
            colour = next((COLOURS[code] for code in codes if code in COLOURS), colour)
        for run in _RUN.findall(part) if not number % 2 else ():
            wide = ord(run[0]) > 0x2E7F
            if run.strip():
                yield Piece(column, run, colour, bold, wide)
            column += len(run) * (2 if wide else 1)


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


def _screenshot(world: World) -> bytes:
    """What stands on the screen of a guest."""
    for line in TYPED:
        world.run(
            ["bash", "-c", f"cd ~; {line.replace('KERNEL,INITRD', f'{FILES}.kernel,{FILES}.initrd')}"],
            check=True,
        )
    return (world.home / "old.png").read_bytes()


def main(folder: str) -> None:
    """Every picture in every language, from a world that was new for the language."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for ending, language in LANGUAGES.items():
        with World() as world:
            world.seed_image("tiny")
            for name, lines in PICTURES.items():
                for line in PREPARED.get(name, ()):
                    world.run(["bash", "-c", f"cd ~; {line}"], timeout=300)
                shown = "\n".join(_typed(world, line, language) for line in lines)
                (target / f"{name}{ending}.svg").write_bytes(svg(shown))
                print(f"{time.strftime('%H:%M:%S')} {name}{ending}.svg", flush=True)
            if not ending:
                (target / f"{SCREEN}.png").write_bytes(_screenshot(world))


if __name__ == "__main__":
    main(sys.argv[1])
