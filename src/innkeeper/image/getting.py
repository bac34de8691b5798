"""What distributors publish about their images: small texts, and whether they signed them.

A key counts by its fingerprint alone. It is looked for in the keyring that a package put on this computer, then at the
distributor's address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from innkeeper.errors import Conflict, InnkeeperError, NotFound
from innkeeper.image.offers.release import FileSignature, SigningKey
from innkeeper.machine import local
from innkeeper.machine.pouring import memory_file
from innkeeper.tools import gpgv, web

__all__ = ["Fetched", "Getter"]

_KEYS = 4 << 20
"""Bytes of a file with keys; the largest keyring of a distribution has a tenth."""
_SIGNATURE = 64 * 1024
_PATIENT = ("other", "over")
"""Verdicts that a keyring which is older or newer might change."""


class Fetched(NamedTuple):
    """A text that was asked for, and how it was signed: for telling how to do the same by hand."""

    url: str
    key: SigningKey | None = None
    signature_url: str | None = None


class Getter:
    """Fetches texts, by `tools.web`; an `offers.release.Get`. What it got is kept for as long as it lives."""

    def __init__(self) -> None:
        self.fetched: list[Fetched] = []
        self._texts: dict[str, bytes] = {}

    def text(self, url: str, most: int) -> str:
        """Raises what `tools.web.text` raises, and `Conflict("web.not_text")`."""
        data = self._get(url, most)
        self.fetched.append(Fetched(url))
        return _decoded(url, data)

    def signed_text(self, url: str, signature_url: str | None, key: SigningKey, most: int) -> str:
        """Raises too `Conflict("signature.…")` (`none`, `bad`, `other_key`, `over`), `NotFound("signature.no_key")`."""
        data = self._get(url, most)
        if signature_url is None:
            found = self._judge(url, key, lambda ring: gpgv.inline(local(), data, ring, key.fingerprint))
            data = found.text
        else:
            self._check_detached(url, data, signature_url, key)
        self.fetched.append(Fetched(url, key, signature_url))
        return _decoded(url, data)

    def check_file(self, url: str, path: str, signature: FileSignature) -> None:
        """Whether that file is what was signed; `url` is where it came from. Raises as `signed_text` does."""
        given = self._get(signature.url, _SIGNATURE)
        finger = signature.key.fingerprint
        self._judge(url, signature.key, lambda ring: gpgv.detached(local(), path, given, ring, finger))

    def _check_detached(self, url: str, data: bytes, signature_url: str, key: SigningKey) -> None:
        given = self._get(signature_url, _SIGNATURE)
        with memory_file(data) as path:
            self._judge(url, key, lambda ring: gpgv.detached(local(), path, given, ring, key.fingerprint))

    def _get(self, url: str, most: int) -> bytes:
        if url not in self._texts:
            self._texts[url] = web.text(url, most)
        return self._texts[url]

    def _judge(self, url: str, key: SigningKey, ask: Callable[[bytes], gpgv.Verdict]) -> gpgv.Verdict:
        verdict: gpgv.Verdict | None = None
        for ring in self._keyrings(key):
            verdict = ask(ring)
            if verdict.kind not in _PATIENT:
                break
        if verdict is None:
            where = " ".join(filter(None, (key.file, key.url))) or "-"
            raise NotFound("signature.no_key", owner=key.owner, fingerprint=key.fingerprint, where=where)
        if verdict.kind != "good":
            raise _refusal(url, key, verdict)
        return verdict

    def _keyrings(self, key: SigningKey) -> Iterator[bytes]:
        """The distributor's address is asked only when the keyring here is none, or does not do."""
        if key.file and local().files.exists(key.file):
            yield gpgv.keyring(local().files.read(key.file, 0, _KEYS))
        if key.url:
            yield gpgv.keyring(self._get(key.url, _KEYS))


def _refusal(url: str, key: SigningKey, verdict: gpgv.Verdict) -> InnkeeperError:
    facts = {"url": url, "owner": key.owner, "fingerprint": key.fingerprint}
    if verdict.kind == "none":
        return Conflict("signature.none", **facts)
    if verdict.kind == "bad":
        return Conflict("signature.bad", **facts)
    if verdict.kind == "over":
        return Conflict("signature.over", **facts)
    return Conflict("signature.other_key", found=verdict.found, **facts)


def _decoded(url: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Conflict("web.not_text", url=url) from error
