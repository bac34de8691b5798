"""Keys of distributors that are not there, and what they sign, by the program gpg."""

from __future__ import annotations

import subprocess
from pathlib import Path

__all__ = ["Signer"]


class Signer:
    """A key of its own."""

    def __init__(self, home: Path, owner: str) -> None:
        self._home = home
        home.mkdir(mode=0o700, parents=True)
        self._gpg("--quick-gen-key", owner, "ed25519", "sign", "never")
        listed = self._gpg("--list-keys", "--with-colons").decode().splitlines()
        self.fingerprint = next(line.split(":")[9] for line in listed if line.startswith("fpr:"))
        self.owner = owner

    def public(self, armour: bool = True) -> bytes:
        return self._gpg(*(["--armor"] if armour else []), "--export", self.fingerprint)

    def detached(self, data: bytes, *options: str) -> bytes:
        return self._gpg("--armor", *options, "--detach-sign", input=data)

    def inline(self, data: bytes) -> bytes:
        return self._gpg("--clearsign", input=data)

    def expire(self) -> None:
        """In a second, as its public key says from now on."""
        self._gpg("--quick-set-expire", self.fingerprint, "seconds=1")

    def _gpg(self, *arguments: str, input: bytes = b"") -> bytes:
        argv = [
            "gpg",
            "--batch",
            "--quiet",
            "--homedir",
            str(self._home),
            "--passphrase",
            "",
            "--pinentry-mode",
        ]
        done = subprocess.run([*argv, "loopback", *arguments], input=input, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def close(self) -> None:
        """Its agent ends."""
        subprocess.run(["gpgconf", "--homedir", str(self._home), "--kill", "all"], check=True)
