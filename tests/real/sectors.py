"""Guests of one boot sector: a few dozen bytes of machine code that do one thing, and say so on the serial port.

They boot in a second without an image, a kernel or a network.
"""

from __future__ import annotations

import time

from lxml import etree

from innkeeper.libvirtxml.build import element
from tests.world import World

__all__ = ["BUSY", "ECHO", "IDLE", "PANIC", "POWEROFF", "READY", "define", "make", "serial", "wait_for"]

READY = "!"
_FOLDER = "/var/lib/libvirt/images"
_REST = bytes.fromhex("fb f4 eb fd")
"""sti, hlt, again"""


def _say(text: str) -> bytes:
    """mov dx, COM1; then mov al, CHARACTER; out dx, al for each."""
    return bytes.fromhex("ba f8 03") + b"".join(b"\xb0" + one.encode() + b"\xee" for one in text)


IDLE = _say(READY) + _REST
BUSY = _say(READY) + bytes.fromhex("eb fe")
POWEROFF = _say(READY) + bytes.fromhex("ba 04 06 b8 00 20 ef") + _REST
"""Writes SLP_EN to the power management register at 0x604, where SeaBIOS puts it."""
PANIC = _say(f"{READY}\nKernel panic - not syncing: by test\n") + bytes.fromhex("ba 05 05 b0 01 ee") + _REST
"""Tells the panic device at 0x505."""
ECHO = bytes.fromhex(
    "fa"  # cli: the BIOS is to take no key
    "b0 21 e8 24 00"  # say !
    "e4 64 a8 01 74 fa"  # wait until the keyboard controller has a byte
    "e4 60 88 c4 c0 e8 04 e8 0e 00"  # take it; its upper half in hexadecimal
    "88 e0 24 0f e8 07 00"  # its lower half
    "b0 20 e8 08 00 eb e2"  # a blank; again
    "04 90 27 14 40 27"  # a number below 16 as a digit
    "ba f8 03 ee c3"  # to COM1
)
"""Writes each scancode (set 1) that the keyboard sends, as `1E 9E`."""


def make(world: World, name: str, program: bytes, panic: bool = False) -> None:
    """Define and start it, and wait until it says that it runs."""
    define(world, name, program, panic)
    world.virsh("start", name)
    wait_for(world, name, READY)


def define(world: World, name: str, program: bytes, panic: bool = False) -> None:
    """As virsh defines a guest that knows nothing of Innkeeper."""
    assert len(program) <= 510
    sector = program.ljust(510, b"\0") + b"\x55\xaa"
    write = "import sys; open(sys.argv[1], 'wb').write(bytes.fromhex(sys.argv[2]).ljust(1 << 20, b'\\0'))"
    world.python(write, f"{_FOLDER}/{name}.img", sector.hex(), check=True)
    world.run(["sh", "-c", 'cat >"/tmp/$1.xml"', "sh", name], input=_document(name, panic), check=True)
    world.virsh("define", f"/tmp/{name}.xml")


def _document(name: str, panic: bool) -> str:
    root = element("domain", {"type": "qemu"})
    etree.SubElement(root, "name").text = name
    etree.SubElement(root, "memory", unit="MiB").text = "16"
    etree.SubElement(etree.SubElement(root, "os"), "type", arch="x86_64", machine="q35").text = "hvm"
    etree.SubElement(etree.SubElement(root, "features"), "acpi")
    devices = etree.SubElement(root, "devices")
    disk = etree.SubElement(devices, "disk", type="file", device="disk")
    etree.SubElement(disk, "driver", name="qemu", type="raw")
    etree.SubElement(disk, "source", file=f"{_FOLDER}/{name}.img")
    etree.SubElement(disk, "target", dev="vda", bus="virtio")
    port = etree.SubElement(devices, "serial", type="pty")
    etree.SubElement(port, "log", file=_log(name), append="on")
    etree.SubElement(devices, "graphics", type="vnc", port="-1", autoport="yes", listen="127.0.0.1")
    if panic:
        etree.SubElement(devices, "panic", model="isa")
    return etree.tostring(root, encoding="unicode")


def _log(name: str) -> str:
    return f"/var/log/libvirt/qemu/{name}.serial.log"


def serial(world: World, name: str) -> str:
    """All that it wrote on its serial port."""
    return world.run(["cat", _log(name)]).stdout


def wait_for(world: World, name: str, text: str, seconds: float = 60) -> str:
    """Until its serial port has shown that text; all of it."""
    deadline = time.monotonic() + seconds
    while text not in (told := serial(world, name)):
        assert time.monotonic() < deadline, f"{name} never said {text!r}: {told!r}"
        time.sleep(0.1)
    return told
