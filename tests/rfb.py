"""RFB (RFC 6143) as a viewer speaks it, over a WebSocket."""

from __future__ import annotations

import struct
import warnings

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.utils import CryptographyDeprecationWarning
from websockets.sync.client import ClientConnection

__all__ = ["Screen"]

VERSION = b"RFB 003.008\n"


class Screen:
    """What comes of it, as one stream."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._there = b""

    def read(self, size: int) -> bytes:
        while len(self._there) < size:
            frame = self.socket.recv(90)
            assert isinstance(frame, bytes)
            self._there += frame
        told, self._there = self._there[:size], self._there[size:]
        return told

    def numbers(self, layout: str) -> tuple[int, ...]:
        return struct.unpack(layout, self.read(struct.calcsize(layout)))

    def greet(self) -> list[int]:
        """The kinds of security that are offered."""
        assert self.read(12) == VERSION
        self.socket.send(VERSION)
        return list(self.read(self.read(1)[0]))

    def prove(self, password: str) -> str:
        """Says that password; why it is refused, or nothing."""
        assert self.greet() == [2], "it asks for a password, and offers no way round"
        self.socket.send(b"\2")
        self.socket.send(_encrypted(self.read(16), password))
        if self.numbers(">I") == (0,):
            return ""
        return self.read(self.numbers(">I")[0]).decode()

    def enter(self, password: str = "") -> tuple[int, int]:
        """Width and height."""
        if password:
            assert self.prove(password) == ""
        else:
            assert 1 in self.greet(), "without a password of its own it asks for none"
            self.socket.send(b"\1")
            assert self.numbers(">I") == (0,)
        self.socket.send(b"\1")
        width, height = self.numbers(">HH")
        self.read(16)
        self.read(self.numbers(">I")[0])
        return width, height

    def draw(self, width: int, height: int) -> int:
        """Ask for all of it, raw; how many pixels came."""
        self.socket.send(struct.pack(">BBHi", 2, 0, 1, 0) + struct.pack(">BBHHHH", 3, 0, 0, 0, width, height))
        assert self.numbers(">Bx") == (0,)
        pixels = 0
        for _ in range(self.numbers(">H")[0]):
            _x, _y, wide, high, encoding = self.numbers(">HHHHi")
            assert encoding == 0
            self.read(wide * high * 4)
            pixels += wide * high
        return pixels


def _encrypted(challenge: bytes, password: str) -> bytes:
    """By DES, whose key is the password with the bits of each byte the other way round (RFC 6143, 7.2.2)."""
    key = bytes(int(f"{byte:08b}"[::-1], 2) for byte in password.encode().ljust(8, b"\0")[:8])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        cipher = Cipher(TripleDES(key * 3), modes.ECB())
    return cipher.encryptor().update(challenge)
