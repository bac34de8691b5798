"""Over TLS only to whom it was meant for: nothing is sent before that is sure."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import ssl
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import innkeeper
from innkeeper import Client
from innkeeper.client import certificates, signing_in
from innkeeper.errors import Denied, Invalid
from tests.unit.client.stub import Stub


class Made(NamedTuple):
    """A server's own certificate."""

    file: Path
    fingerprint: str
    context: ssl.SSLContext


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "inn")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem, private = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    der = certificate.public_bytes(serialization.Encoding.DER)
    return Made(pem, hashlib.sha256(der).hexdigest(), context)


@pytest.fixture
def stub(made: Made) -> Stub:
    return Stub(lambda _asked: (200, []), tls=made.context)


def test_nobody_vouches_for_it(stub: Stub) -> None:
    with stub, Client(stub.url, "inn_secret") as client, pytest.raises(Denied) as raised:
        innkeeper.guest.list(client)
    assert raised.value.code == "client.certificate"
    assert stub.asked == [], "no token before that"


def test_its_authority_is_named(stub: Stub, made: Made) -> None:
    with stub, Client(stub.url, "inn_secret", ca=str(made.file)) as client:
        assert innkeeper.guest.list(client) == []


def test_its_fingerprint_is_known(stub: Stub, made: Made) -> None:
    written = certificates.shown(made.fingerprint)
    with stub, Client(stub.url, "inn_secret", fingerprint=written) as client:
        assert innkeeper.guest.list(client) == []
        client.line.connect().close()


def test_another_certificate_than_the_one_that_was_confirmed(stub: Stub) -> None:
    with (
        stub,
        Client(stub.url, "inn_secret", fingerprint="0" * 64) as client,
        pytest.raises(Denied) as raised,
    ):
        innkeeper.guest.list(client)
    assert raised.value.code == "client.certificate_changed"
    assert stub.asked == []


def test_what_login_shows_is_its_fingerprint(stub: Stub, made: Made) -> None:
    with stub:
        assert signing_in.certificate_of(stub.url) == made.fingerprint
    assert stub.asked == []


@pytest.mark.parametrize("said", ["", "abc", "0" * 63, "g" * 64])
def test_what_is_no_fingerprint(said: str) -> None:
    with pytest.raises(Invalid):
        certificates.plain(said)
