"""The server's certificate: one that it is given, or one of its own making, which it makes once and signs itself."""

from __future__ import annotations

import ipaddress
import json
import os
import ssl
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from innkeeper.errors import InnkeeperError, Invalid
from innkeeper.machine import local
from innkeeper.server.access.hosts import own_names
from innkeeper.server.access.plain import Context

__all__ = ["Certificate", "addresses", "own"]

_DAYS = 825
"""What browsers accept at most."""
_EARLY = 30 * 86400
"""Seconds before its end that it is made anew."""


class Certificate:
    """Files of a certificate with its chain, and of its key. They may be replaced while the server runs.

    Raises `Invalid("server.certificate")` for what is none.
    """

    def __init__(self, certificate: str, key: str, own: bool = False) -> None:
        self.certificate, self.key, self.own = certificate, key, own
        self.context = Context(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._seen = self._modified()
        self._load()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as browsers and openssl show it."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes

        found = x509.load_pem_x509_certificate(local().files.read(self.certificate))
        return found.fingerprint(hashes.SHA256()).hex(":").upper()

    def refresh(self) -> bool:
        """Take the files as they are now, when they changed; connections that stand are not touched. What is no
        certificate is refused, and the last one stays."""
        seen = self._modified()
        if seen == self._seen:
            return False
        self._seen = seen
        self._load()
        return True

    def files(self) -> tuple[bytes, bytes]:
        """The certificate and its key, as they are now."""
        return local().files.read(self.certificate), local().files.read(self.key)

    def take(self, certificate: bytes, key: bytes) -> None:
        """Use these from now on, which another process read."""
        with ExitStack() as held:
            paths = []
            for content in (certificate, key):
                file = os.memfd_create("certificate")
                held.callback(os.close, file)
                os.write(file, content)
                paths.append(f"/proc/self/fd/{file}")
            self.context.load_cert_chain(paths[0], paths[1], password="")

    def _modified(self) -> tuple[float, float]:
        files = local().files
        return files.modified(self.certificate), files.modified(self.key)

    def _load(self) -> None:
        try:
            self.context.load_cert_chain(self.certificate, self.key, password="")
        except (OSError, ssl.SSLError) as error:
            reason = str(error.strerror or error.args[-1])
            raise Invalid("server.certificate", path=self.certificate, reason=reason) from error


class _Names(NamedTuple):
    dns: list[str]
    ip: list[str]


def addresses() -> list[str]:
    """This computer's addresses that others may reach; none where `ip` is not there to be asked."""
    try:
        told = json.loads(local().run(["ip", "-j", "address"], timeout=5).stdout)
    except (InnkeeperError, ValueError):
        return []
    every = [info for link in told for info in link.get("addr_info", ())]
    return [info["local"] for info in every if info.get("scope") == "global" and "local" in info]


def own(listen: str) -> Certificate:
    """The one of our own making, for all names and addresses that this computer has now; made when there is none that
    lasts. Its key is for its owner alone."""
    files, folder = local().files, f"{local().state_dir}/tls"
    certificate, key = f"{folder}/server.crt", f"{folder}/server.key"
    if not (files.exists(certificate) and files.exists(key) and _lasts(files.read(certificate))):
        ip = [address for address in ("127.0.0.1", "::1", *addresses(), listen) if _is_address(address)]
        made = _make(_Names(["localhost", *own_names()], list(dict.fromkeys(ip))))
        files.make_dir(folder, 0o700)
        files.write(key, made[1], 0o600)
        files.write(certificate, made[0], 0o644)
    return Certificate(certificate, key, own=True)


def _is_address(text: str) -> bool:
    try:
        return not ipaddress.ip_address(text).is_unspecified
    except ValueError:
        return False


def _lasts(pem: bytes) -> bool:
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(pem).not_valid_after_utc.timestamp() - time.time() > _EARLY
    except ValueError:
        return False


def _make(names: _Names) -> tuple[bytes, bytes]:
    """PEM of a certificate and of its key (RFC 5280; P-256, since every client takes it)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Innkeeper on {names.dns[-1]}"[:64])])
    now = datetime.now(UTC)
    dns = [x509.DNSName(one) for one in dict.fromkeys(names.dns) if one.isascii() and not _is_address(one)]
    known_as = [*dns, *(x509.IPAddress(ipaddress.ip_address(one)) for one in names.ip)]
    public = key.public_key()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # for clocks that are late
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(known_as), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), private
