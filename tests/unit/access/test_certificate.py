"""The server's own certificate, and files that are replaced while it runs."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from innkeeper.errors import Invalid
from innkeeper.server.access import certificate
from innkeeper.server.access.certificate import Certificate


def write(folder: Path, name: str) -> tuple[str, str]:
    made = certificate._make(certificate._Names(["localhost", name], ["127.0.0.1", "::1", "192.0.2.7"]))
    paths = folder / "server.crt", folder / "server.key"
    for path, content in zip(paths, made, strict=True):
        path.write_bytes(content)
    return str(paths[0]), str(paths[1])


def test_it_names_all_that_it_is_called(tmp_path: Path) -> None:
    path, _key = write(tmp_path, "inn.example")
    found = x509.load_pem_x509_certificate(Path(path).read_bytes())
    extension = found.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    assert isinstance(extension, x509.SubjectAlternativeName)
    assert extension.get_values_for_type(x509.DNSName) == ["localhost", "inn.example"]
    assert [str(one) for one in extension.get_values_for_type(x509.IPAddress)] == [
        "127.0.0.1",
        "::1",
        "192.0.2.7",
    ]
    assert certificate._lasts(Path(path).read_bytes())
    assert not certificate._lasts(b"no certificate")


def test_replaced_files_are_taken(tmp_path: Path) -> None:
    made = Certificate(*write(tmp_path, "one.example"))
    before = made.fingerprint
    assert made.context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert not made.refresh()
    paths = write(tmp_path, "two.example")
    for path in paths:
        os.utime(path, (1, 1))  # whatever the clock of the file system tells apart
    assert made.refresh()
    assert made.fingerprint != before


def test_what_is_no_certificate_is_refused_and_the_last_one_stays(tmp_path: Path) -> None:
    path, key = write(tmp_path, "one.example")
    made = Certificate(path, key)
    Path(key).write_text("nothing")
    os.utime(key, (1, 1))
    with pytest.raises(Invalid):
        made.refresh()
    assert not made.refresh(), "it is said once"
    with pytest.raises(Invalid):
        Certificate(path, key)
