"""Command lines that must be refused, by what is wrong with them. `FILES` is a directory of files made for it."""

from __future__ import annotations

from tests.real.refused_media import MEDIA

__all__ = ["NAMES", "REFUSED"]

LONG = "a" * 5000
DISK = ["create", "new", "--disk", "default/spare.qcow2", "--no-start"]
IMAGE = ["create", "new", "--image", "blank", "--no-start"]
CLOUD = ["create", "new", "--image", "cloud", "--no-start"]
IMPORT = ["image", "import", "FILES/blank.qcow2", "--name", "new"]

NAMES = {
    "empty": "",
    "blank": " ",
    "blank inside": "a b",
    "newline": "a\nb",
    "dot": ".",
    "up": "..",
    "path": "a/b",
    "out": "../../etc/x",
    "absolute": "/etc/passwd",
    "long": LONG,
    "64 letters": "a" * 64,
    "markup": "a&<>b",
    "quotes": "a'b\"c",
    "tilde": "web~deleted~20260101T000000Z",
    "leading dash": "-web",
    "leading dot": ".web",
    "leading underscore": "_web",
    "unicode": "客栈",
    "digits of another script": "web\u0661",
    "combining": "e\u0301",
    "escape": "a\x1b[31mb",
    "right to left": "a\u202eb",
    "percent": "%s%n",
    "braces": "{name}",
    "shell": "$(reboot)",
    "semicolon": "a;b",
    "comma": "a,b",
}
SIZES = {
    "0": "0",
    "minus": "-1",
    "minus unit": "-1G",
    "unit": "2X",
    "word": "big",
    "exponent": "1e9",
    "hex": "0x1000",
    "empty": "",
    "blank": " ",
    "only a unit": "G",
    "dots": "1.2.3G",
    "nan": "nan",
    "inf": "inf",
    "digits of another script": "\u0661G",
    "0 with a unit": "0G",
    "beyond numbers": "9" * 40,
    "beyond all": "99999999P",
}
COUNTS = {
    "0": "0",
    "minus": "-1",
    "word": "two",
    "fraction": "1.5",
    "empty": "",
    "many": "100000",
    "long": "9" * 50,
}
TIMES = {"0": "0", "minus": "-1", "word": "soon", "nan": "nan", "inf": "inf", "empty": "", "year": "31536000"}
ADDRESSES = {
    "word": "home",
    "empty": "",
    "network": "192.168.122.0",
    "broadcast": "192.168.122.255",
    "host's own": "192.168.122.1",
    "outside": "10.0.0.1",
    "taken": "192.168.122.77",
    "with a mask": "192.168.122.50/24",
    "256": "192.168.122.256",
    "three parts": "192.168.122",
    "octal": "192.168.122.050",
    "IPv6": "fe80::1",
    "long": LONG,
    "blank": " 192.168.122.50",
}
FILES = {
    "missing": "FILES/none",
    "directory": "FILES",
    "empty name": "",
    "empty": "FILES/empty",
    "binary": "FILES/binary",
    "huge": "FILES/huge",
    "endless": "/dev/zero",
    "dangling": "FILES/dangling",
    "circle": "FILES/circle",
    "unreadable": "/proc/self/mem",
    "text": "FILES/text",
    "long": f"/{LONG}",
    "below a file": "FILES/text/more",
}
DISKS = {
    "missing": "FILES/none",
    "directory": "/etc",
    "empty": "FILES/empty",
    "text": "FILES/text",
    "pipe": "FILES/pipe",
    "device": "/dev/null",
    "link": "FILES/link",
    "circle": "FILES/circle",
    "shadow": "FILES/shadow.qcow2",
    "json": "FILES/json.qcow2",
    "data file": "FILES/data.qcow2",
    "flat": "FILES/flat.vmdk",
    "bomb": "FILES/bomb.qcow2",
    "protocol": "nbd:localhost:1",
    "long": f"/{LONG}",
}


Commands = dict[str, list[str]]


def each(base: list[str], option: str, values: dict[str, str]) -> dict[str, Commands]:
    """One group: the command with each value for an option, or as its last word when that is ""."""
    words = [option] if option else []
    label = " ".join([*base[: 2 if base[0] == "image" else 1], option]).strip()
    return {label: {name: [*base, *words, value] for name, value in values.items()}}


def every(label: str, base: list[str], *more: str) -> dict[str, Commands]:
    """One group: the command with each of some words behind it."""
    return {label: {words: [*base, *words.split(" ")] for words in more}}


STRANGE = ("empty", "up", "long", "markup", "leading dash", "unicode")
GUEST_VERBS = ("show", "start", "stop", "reboot", "reset", "save", "restore", "protect")
GUEST_VERBS += ("delete", "console", "ssh", "screenshot")
CONTRADICTIONS = every(
    "create from an image, contradictions",
    IMAGE,
    "--disk default/spare.qcow2",
    "--wait boot",
    "--ip 192.168.122.50 --count 2",
    "--ip 192.168.122.50 --network none",
    "--ip 192.168.122.50 --network user",
    "--network none --network default",
    "--network default --network default --network default --network default --network default",
    "--user u",
    "--password-file FILES/password",
    "--cloud-init FILES/user-data",
    "--disk-format qcow2",
) | every(
    "create from a disk, contradictions",
    DISK,
    "--full",
    "--disk-size 2G",
    "--count 2",
    "--user u",
    "--password-file FILES/password",
    "--cloud-init FILES/user-data",
)
CHOICES = every(
    "create, choices",
    IMAGE,
    "--network nowhere",
    "--network off",
    "--pool nowhere",
    "--pool closed",
    "--arch sparc128",
    "--arch aarch64",
    "--machine toaster",
    "--machine pc-i440fx-0.1",
    "--firmware openfirmware",
    "--bus ide",
    "--accel xen",
    "--accel kvm",
    "--profile macos",
    "--memory 1K",
    "--memory 900G",
    "--cpus 4000",
    "--disk-size 1M",
    "--disk-size 900T",
    "--unknown",
    "--image",
    "more",
)
WAITS = {
    words: ["create", "new", *words.split()]
    for words in (
        "--image blank --wait boot",
        "--image blank --wait agent",
        "--disk default/spare.qcow2 --wait boot",
        "--image blank --wait ip --network none",
        "--image blank --wait forever",
    )
}
STATES = {
    " ".join(words): list(words)
    for words in (
        ("start", "running"),
        ("stop", "stopped"),
        ("reboot", "stopped"),
        ("delete", "running"),
        ("delete", "saved"),
        ("rename", "running", "new"),
        ("rename", "saved", "new"),
        ("rename", "stopped", "running"),
        ("rename", "stopped", "stopped"),
        ("rename", "stopped"),
        ("purge", "stopped", "--yes"),
        ("purge", "running", "--yes"),
        ("purge", "binned"),
        ("undelete", "stopped"),
        ("undelete", "twice"),
        ("undelete", "binned", "--as", "stopped"),
        ("start", "binned"),
        ("show", "binned"),
        ("stop", "suspended"),
        ("reboot", "suspended"),
        ("start", "stopped", "--wait", "boot"),
        ("start", "stopped", "--wait", "agent"),
        ("start", "stopped", "--wait", "ip"),
        ("console", "stopped"),
        ("ssh", "stopped"),
        ("ssh", "running"),
        ("screenshot", "stopped"),
        ("reset", "stopped"),
        ("reset", "suspended"),
        ("suspend", "stopped"),
        ("suspend", "suspended"),
        ("resume", "stopped"),
        ("resume", "running"),
        ("resume", "saved"),
        ("save", "stopped"),
        ("save", "saved"),
        ("restore", "stopped"),
        ("restore", "running"),
        ("restore", "saved", "--wait", "boot"),
        ("restore", "saved", "--discard"),
        ("restore", "saved", "--discard", "--yes", "--wait", "running"),
        ("start", "saved", "--wait", "boot"),
        ("set", "stopped"),
        ("set", "stopped", "--cpus", "2", "--max-cpus", "1"),
        ("set", "stopped", "--memory", "900G"),
        ("set", "stopped", "--memory", "1K"),
        ("set", "stopped", "--cpus", "4000"),
        ("set", "stopped", "--label", "=x"),
        ("set", "stopped", "--label", "a b=c"),
        ("set", "stopped", "--label", "a=\x1b[31m"),
        ("set", "stopped", "--label", "a=b", "--label", "a-"),
        ("set", "stopped", "--title", "a\nb"),
        ("set", "stopped", "--title", "a", "--no-title"),
        ("set", "stopped", "--notes", "a", "--notes-file", "FILES/text"),
        ("set", "stopped", "--notes-file", "FILES/binary"),
        ("set", "stopped", "--autostart", "--no-autostart"),
        ("set", "stopped", "--start-order", "0"),
        ("set", "stopped", "--start-delay", "-1"),
        ("edit", "stopped", "--file", "FILES/none"),
        ("edit", "stopped", "--file", "FILES/text"),
        ("edit", "stopped", "--file", "FILES/empty"),
        ("edit", "stopped", "--base", "FILES/text"),
        ("edit", "nobody", "--file", "FILES/text"),
        ("host", "stop-guests", "--then", "pray"),
        ("host", "stop-guests", "--timeout", "0"),
        ("create", "stopped", "--image", "blank"),
        ("create", "new", "--disk", "default/used.qcow2"),
        ("create", "new"),
        ("create", "new", "--image", "nowhere"),
        ("image", "remove", "used"),
        ("image", "remove", "nowhere"),
        ("image", "show", "nowhere"),
        ("image", "build", "windows"),
        ("image", "build", "tiny", "--mirror", "file:///etc"),
        ("image", "build", "tiny", "--mirror", "http://a b"),
        ("image", "import", "FILES/blank.qcow2"),
        ("operation", "show", "abcdef"),
        ("operation", "clean", "abcdef"),
        ("operation", "show", ""),
        ("operation", "clean", "../x"),
        ("list", "extra"),
        ("completion", "csh"),
        ("nonsense",),
        ("image", "nonsense"),
        ("-c", "nonsense://", "list"),
        ("-c", "qemu+tcp://127.0.0.1:1/system", "list"),
        ("--connect",),
    )
}

REFUSED: dict[str, Commands] = {
    **each(["create", "--disk", "default/spare.qcow2", "--no-start"], "", NAMES),
    **each(["rename", "stopped"], "", NAMES),
    **each(["undelete", "binned"], "--as", NAMES),
    **each(["create", "new", "--no-start"], "--image", NAMES),
    **each(["image", "import", "FILES/blank.qcow2"], "--name", NAMES),
    **each(["image", "show"], "", NAMES),
    **each(["image", "remove"], "", NAMES),
    **{f"{one} NAME": {label: [one, NAMES[label]] for label in STRANGE} for one in GUEST_VERBS},
    **each(IMAGE, "--pool", NAMES),
    **each(IMAGE, "--network", NAMES),
    **each(IMAGE, "--arch", NAMES),
    **each(IMAGE, "--machine", NAMES),
    **each(IMAGE, "--memory", SIZES),
    **each(IMAGE, "--disk-size", SIZES),
    **each(IMAGE, "--cpus", COUNTS),
    **each(IMAGE, "--count", COUNTS),
    **each(["create", "new", "--image", "blank"], "--timeout", TIMES),
    **each(["stop", "running"], "--timeout", TIMES),
    **each(IMAGE, "--ip", ADDRESSES),
    **each(IMAGE, "--ssh-key", FILES),
    **each(CLOUD, "--password-file", FILES),
    **each(CLOUD, "--cloud-init", FILES),
    **each(["create", "new", "--no-start"], "--disk", DISKS),
    **each(["image", "import", "--name", "new"], "", DISKS),
    **each(
        ["create", "new", "--disk", "FILES/blank.qcow2", "--no-start"],
        "--disk-format",
        {"odd": "zip", "other": "vmdk"},
    ),
    **each(
        CLOUD, "--user", {"root dash": "-root", "blank": "a b", "markup": "<a>", "long": LONG, "empty": ""}
    ),
    **each(IMPORT, "--format", {"odd": "zip", "other": "vmdk", "empty": ""}),
    **each(IMPORT, "--boot-pattern", {"broken": "(", "all": ".*", "empty": ""}),
    **each(IMPORT, "--user", {"dash": "-root", "blank": "a b", "empty": "", "long": LONG}),
    **each(IMPORT, "--arch", {"path": "../x", "blank": "a b", "empty": ""}),
    **each(IMPORT, "--os", {"path": "../x", "blank": "a b", "empty": ""}),
    **each(IMPORT, "--min-memory", SIZES),
    **each(IMPORT, "--firmware", {"odd": "coreboot"}),
    **each(IMPORT, "--login", {"odd": "telnet"}),
    **CONTRADICTIONS,
    **CHOICES,
    **MEDIA,
    "waits": WAITS,
    "states": STATES,
}
