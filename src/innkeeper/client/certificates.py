"""Who a server is: its certificate, vouched for by an authority or known by its fingerprint."""

from __future__ import annotations

import hashlib
import socket
import ssl

from innkeeper.errors import Denied, Invalid, Unsupported

__all__ = ["fingerprint_of", "plain", "shown", "told"]


def told(error: OSError, url: str) -> None:
    """Raises `Denied("client.certificate")` where the server's certificate is what is wrong; else returns."""
    if isinstance(error, ssl.SSLCertVerificationError):
        raise Denied("client.certificate", url=url, reason=error.verify_message) from error


def fingerprint_of(host: str, port: int, patience: float = 20.0) -> str:
    """SHA-256 of the certificate that is shown there, in hexadecimal. Nothing is sent to whoever shows it.

    Raises `Unsupported("client.unreachable")`.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), patience) as line,
            context.wrap_socket(line, server_hostname=host) as secure,
        ):
            certificate = secure.getpeercert(binary_form=True) or b""
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unsupported("client.unreachable", url=f"https://{host}:{port}", reason=reason) from error
    return hashlib.sha256(certificate).hexdigest()


def shown(fingerprint: str) -> str:
    """As `openssl x509 -fingerprint -sha256` writes it."""
    return ":".join(fingerprint[at : at + 2].upper() for at in range(0, len(fingerprint), 2))


def plain(fingerprint: str) -> str:
    """The 64 hexadecimal digits of a fingerprint, however it is written. Raises `Invalid("client.fingerprint")`."""
    digits = fingerprint.removeprefix("sha256:").replace(":", "").strip().lower()
    if len(digits) != 64 or set(digits) - set("0123456789abcdef"):
        raise Invalid("client.fingerprint", fingerprint=fingerprint)
    return digits
