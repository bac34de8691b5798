"""libvirt's errors, told by their code."""

from __future__ import annotations

import libvirt
import pytest

from innkeeper.errors import (
    Conflict,
    Denied,
    Failed,
    InnkeeperError,
    Invalid,
    NotFound,
    OutcomeUnknown,
    Unsupported,
)
from innkeeper.messages import has
from innkeeper.virt import border as borders
from innkeeper.virt.border import border, code_of


def libvirt_s(code: int, domain: int = 10, text: str = "it says why") -> libvirt.libvirtError:
    error = libvirt.libvirtError("x")
    error.err = (code, domain, text, 2, None, None, None, -1, -1)
    return error


def crossed(error: libvirt.libvirtError, **facts: object) -> InnkeeperError:
    with pytest.raises(InnkeeperError) as caught, border(**facts):
        raise error
    assert caught.value.__cause__ is error
    return caught.value


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        ("NO_DOMAIN", NotFound, "guest.unknown"),
        ("NO_NETWORK", NotFound, "network.unknown"),
        ("NO_STORAGE_POOL", NotFound, "pool.unknown"),
        ("NO_STORAGE_VOL", NotFound, "volume.unknown"),
        ("STORAGE_VOL_EXIST", Conflict, "volume.exists"),
        ("AUTH_FAILED", Denied, "libvirt.denied"),
        ("OPERATION_DENIED", Denied, "libvirt.denied"),
        ("OPERATION_INVALID", Conflict, "libvirt.invalid_now"),
        ("NO_SUPPORT", Unsupported, "libvirt.unsupported"),
        ("CONFIG_UNSUPPORTED", Unsupported, "libvirt.unsupported"),
        ("XML_ERROR", Invalid, "libvirt.xml"),
        ("XML_INVALID_SCHEMA", Invalid, "libvirt.xml"),
        ("INVALID_CONN", OutcomeUnknown, "libvirt.lost"),
        ("RPC", OutcomeUnknown, "libvirt.lost"),
        ("INTERNAL_ERROR", Failed, "libvirt.failed"),
        ("OPERATION_FAILED", Failed, "libvirt.failed"),
    ],
)
def test_by_code(code: str, kind: type[InnkeeperError], text: str) -> None:
    number = getattr(libvirt, f"VIR_ERR_{code}")
    error = crossed(libvirt_s(number), name="web1")
    assert (type(error), error.code) == (kind, text)
    assert error.facts == {"name": "web1", "detail": "it says why", "code": number}
    assert code_of(error) == number


@pytest.mark.parametrize("domain", ["RPC", "REMOTE"])
@pytest.mark.parametrize("code", ["SYSTEM_ERROR", "INTERNAL_ERROR"])
def test_a_daemon_that_is_gone(domain: str, code: str) -> None:
    numbers = getattr(libvirt, f"VIR_ERR_{code}"), getattr(libvirt, f"VIR_FROM_{domain}")
    assert isinstance(crossed(libvirt_s(*numbers)), OutcomeUnknown)


def test_every_text_of_the_border_is_written() -> None:
    for _kind, text in borders._KINDS.values():
        assert has(text)
        assert has(f"{text}.remedy")


def test_our_own_errors_pass() -> None:
    with pytest.raises(NotFound) as caught, border():
        raise NotFound("guest.unknown", name="x")
    assert code_of(caught.value) is None
    assert code_of(None) is None
