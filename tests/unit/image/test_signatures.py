"""Whether distributors signed what comes from their servers: by the key that the catalogue names, and by no other."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from innkeeper.errors import Conflict, InnkeeperError, NotFound
from innkeeper.image.getting import Getter
from innkeeper.image.offers.release import FileSignature, SigningKey
from innkeeper.tools import gpgv, web
from tests.odd_server import OddServer
from tests.signing import Signer

pytestmark = pytest.mark.skipif(not shutil.which("gpg"), reason="makes keys with gpg")
SUMS = b"0123  debian.qcow2\n4567  other.qcow2\n"


@pytest.fixture(scope="module")
def signers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Signer, Signer]]:
    """The distributor, and another one."""
    folder = tmp_path_factory.mktemp("k")
    made = (
        Signer(folder / "a", "Distributor <us@images.example>"),
        Signer(folder / "b", "Mallory <m@evil.example>"),
    )
    yield made
    for one in made:
        one.close()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OddServer]:
    monkeypatch.setattr(web, "PAUSE", 0.01)
    (tmp_path / "site").mkdir()
    with OddServer(tmp_path / "site") as made:
        yield made


def key_of(signer: Signer, url: str | None = None, file: Path | None = None) -> SigningKey:
    return SigningKey(
        fingerprint=signer.fingerprint, url=url, file=str(file) if file else None, owner="Distributor"
    )


@pytest.mark.parametrize("armour", [True, False])
def test_detached(server: OddServer, signers: tuple[Signer, Signer], armour: bool) -> None:
    us, other = signers
    key = key_of(us, server.put("keys", other.public() + us.public() if armour else us.public(armour=False)))
    sums = server.put("sums", SUMS)
    got = Getter()
    assert got.signed_text(sums, server.put("sums.sig", us.detached(SUMS)), key, 1000) == SUMS.decode()
    assert [(text.url, text.signature_url) for text in got.fetched] == [(sums, f"{server.url}/sums.sig")]
    assert len(server.asked("keys")) == 1


def test_inline_is_cut_to_what_was_signed(server: OddServer, signers: tuple[Signer, Signer]) -> None:
    us, _ = signers
    key = key_of(us, server.put("keys", us.public()))
    around = b"89ab  evil.qcow2\n" + us.inline(SUMS) + b"cdef  evil.qcow2\n"
    assert Getter().signed_text(server.put("sums", around), None, key, 5000) == SUMS.decode()


def test_a_keyring_of_this_computer_goes_first(
    server: OddServer, signers: tuple[Signer, Signer], tmp_path: Path
) -> None:
    us, other = signers
    ring = tmp_path / "ring.gpg"
    ring.write_bytes(us.public(armour=False))
    sums, signature = server.put("sums", SUMS), server.put("sums.sig", us.detached(SUMS))
    key = key_of(us, server.put("keys", us.public()), ring)
    assert Getter().signed_text(sums, signature, key, 1000)
    assert server.asked("keys") == []
    ring.write_bytes(other.public(armour=False))  # too old to have it
    assert Getter().signed_text(sums, signature, key, 1000)
    assert len(server.asked("keys")) == 1
    ring.unlink()
    assert Getter().signed_text(sums, signature, key, 1000)


def refused(server: OddServer, key: SigningKey, sums: bytes, signature: bytes | None) -> InnkeeperError:
    beside = None if signature is None else server.put("sums.sig", signature)
    with pytest.raises(InnkeeperError) as caught:
        Getter().signed_text(server.put("sums", sums), beside, key, 5000)
    assert caught.value.exit_code == 2
    assert caught.value.text("zh")
    return caught.value


def test_refused(server: OddServer, signers: tuple[Signer, Signer]) -> None:
    us, mallory = signers
    key = key_of(us, server.put("keys", us.public() + mallory.public()))
    evil = SUMS.replace(b"0123", b"9999")
    assert refused(server, key, evil, us.detached(SUMS)).code == "signature.bad"
    assert refused(server, key, us.inline(SUMS).replace(b"0123", b"9999"), None).code == "signature.bad"
    assert refused(server, key, evil, mallory.detached(evil)).facts["found"] == mallory.fingerprint
    assert refused(server, key, mallory.inline(evil), None).code == "signature.other_key"
    for nothing in (b"", b"junk", us.public()):
        assert refused(server, key, SUMS, nothing).code == "signature.none"
    assert refused(server, key, SUMS, None).code == "signature.none"
    assert refused(server, key, us.inline(SUMS) + us.inline(evil), None).code == "signature.none"


def test_a_key_that_is_not_the_one_that_is_named(server: OddServer, signers: tuple[Signer, Signer]) -> None:
    """Whoever holds the server can put there whatever key: it does not help."""
    us, mallory = signers
    key = key_of(us, server.put("keys", mallory.public()))
    evil = SUMS.replace(b"0123", b"9999")
    assert refused(server, key, evil, mallory.detached(evil)).code == "signature.other_key"
    assert refused(server, key, SUMS, us.detached(SUMS)).code == "signature.other_key"
    server.put("keys", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n!!!!\n-----END PGP PUBLIC KEY BLOCK-----\n")
    assert refused(server, key, SUMS, us.detached(SUMS)).code == "signature.other_key"
    with pytest.raises(NotFound, match="nowhere to be had"):
        Getter().signed_text(
            f"{server.url}/sums", f"{server.url}/sums.sig", key_of(us, None, Path("/no/ring")), 1000
        )


def test_a_key_that_is_over(server: OddServer, tmp_path: Path) -> None:
    signer = Signer(tmp_path / "k", "Former <f@images.example>")
    try:
        signature = signer.detached(SUMS)
        signer.expire()
        key = key_of(signer, server.put("keys", signer.public()))
        time.sleep(2.1)
        assert refused(server, key, SUMS, signature).code == "signature.over"
    finally:
        signer.close()


def test_a_signed_file(server: OddServer, signers: tuple[Signer, Signer], tmp_path: Path) -> None:
    us, mallory = signers
    key = key_of(us, server.put("keys", us.public()))
    file = tmp_path / "disk"
    file.write_bytes(SUMS)
    good = FileSignature(url=server.put("good", us.detached(SUMS)), key=key)
    Getter().check_file("http://x/disk", str(file), good)
    for name, data in (("bad", us.detached(b"else")), ("evil", mallory.detached(SUMS))):
        with pytest.raises(Conflict):
            Getter().check_file(
                "http://x/disk", str(file), FileSignature(url=server.put(name, data), key=key)
            )


def test_texts_that_are_none(server: OddServer) -> None:
    with pytest.raises(Conflict, match="is no text"):
        Getter().text(server.put("binary", b"\xff\xfe"), 100)
    with pytest.raises(Conflict, match="larger than 3"):
        Getter().text(server.put("long", b"four"), 3)


def test_armour() -> None:
    assert gpgv.keyring(b"binary") == b"binary"
    blocks = (
        b"-----BEGIN PGP PUBLIC KEY BLOCK-----\r\nComment: x\r\n\r\nYWJj\r\nZGVm\r\n=abcd\r\n"
        b"-----END PGP PUBLIC KEY BLOCK-----\n"
    )
    assert gpgv.keyring(b"text\n" + blocks + blocks) == b"abcdef" * 2
