"""gpgv: whether a text or a file was signed by one certain key.

The key is named by its fingerprint; a keyring may hold others, and whoever brought it is of no matter. What gpgv ends
with says too little (0 for a key that has expired): its status lines are read (GnuPG, doc/DETAILS).
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Literal, NamedTuple

from innkeeper.machine import Machine
from innkeeper.machine.pouring import memory_file

__all__ = ["PROGRAMS", "Verdict", "detached", "inline", "keyring"]

PROGRAMS = {"gpgv": "gpgv"}
_STATUS = "[GNUPG:] "
_OVER = {"EXPSIG", "EXPKEYSIG", "REVKEYSIG"}
_BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----"
_ARMOUR = re.compile(
    rb"-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n(.*?)\r?\n(?:=[^\r\n]*\r?\n)?"
    rb"-----END PGP PUBLIC KEY BLOCK-----",
    re.DOTALL,
)


class Verdict(NamedTuple):
    """`good`: by that key. `over`: by that key, which has expired or was revoked. `bad`: what is signed is another
    thing. `other`: by another key, or by one that the keyring lacks. `none`: not signed."""

    kind: Literal["good", "over", "bad", "other", "none"]
    found: str = ""
    """the fingerprint of the other key, or what is known of it"""
    text: bytes = b""
    """of an inline-signed text that is good: what was signed, and nothing that stands around it"""


def keyring(data: bytes) -> bytes:
    """Keys as gpgv takes them; armour is taken off (RFC 9580, 6.2). What is no key, gpgv will not find one in."""
    blocks = _ARMOUR.findall(data)
    if not blocks:
        return data
    try:
        return b"".join(base64.b64decode(b"".join(block.split()), validate=True) for block in blocks)
    except binascii.Error:
        return b""


def inline(machine: Machine, text: bytes, keys: bytes, fingerprint: str) -> Verdict:
    """Of a text that holds its own signature."""
    if text.decode(errors="replace").count(_BEGIN) != 1:
        return Verdict("none")
    with memory_file(text) as file:
        argv = ["--status-fd", "2", "--output", "-", file]
        found, signed = _asked(machine, argv, keys, fingerprint, status_on_stderr=True)
    return found._replace(text=signed) if found.kind == "good" else found


def detached(machine: Machine, path: str, signature: bytes, keys: bytes, fingerprint: str) -> Verdict:
    """Of a file and the signature that was published beside it."""
    with memory_file(signature) as file:
        return _asked(machine, ["--status-fd", "1", file, path], keys, fingerprint)[0]


def _asked(
    machine: Machine, argv: list[str], keys: bytes, fingerprint: str, status_on_stderr: bool = False
) -> tuple[Verdict, bytes]:
    """What this user's GnuPG trusts is left aside: the keyring is all that counts."""
    with memory_file(keys) as ring:
        result = machine.run(["gpgv", "--homedir", "/nonexistent", "--keyring", ring, *argv], check=False)
    told = (result.stderr if status_on_stderr else result.stdout).decode(errors="replace").splitlines()
    lines = [line.removeprefix(_STATUS).split() for line in told if line.startswith(_STATUS)]
    return _judged([line for line in lines if line], fingerprint.upper()), result.stdout


def _judged(lines: list[list[str]], fingerprint: str) -> Verdict:
    """Of several signatures the best one counts."""
    signatures: list[dict[str, list[str]]] = []
    for keyword, *rest in lines:
        if keyword == "NEWSIG":
            signatures.append({})
        elif signatures:
            signatures[-1][keyword] = rest
    verdicts = [_one(signature, fingerprint) for signature in signatures]
    order = ("good", "over", "bad", "other")
    return min(verdicts, key=lambda verdict: order.index(verdict.kind), default=Verdict("none"))


def _one(signature: dict[str, list[str]], fingerprint: str) -> Verdict:
    """VALIDSIG's last word is the fingerprint of the primary key, whichever subkey signed."""
    by = signature.get("VALIDSIG", [""])[-1].upper()
    if by == fingerprint:
        if "GOODSIG" in signature and not _OVER & set(signature):
            return Verdict("good", by)
        return Verdict("over", by)
    if "BADSIG" in signature:
        return Verdict("bad")
    return Verdict("other", by or next(iter(signature.get("ERRSIG", ["?"])[-1:])))
