"""The call border: libvirt's errors become ours by their code, never by their text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import libvirt

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

__all__ = ["border", "code_of", "quiet"]

_KINDS: dict[int, tuple[type[InnkeeperError], str]] = {
    libvirt.VIR_ERR_NO_DOMAIN: (NotFound, "guest.unknown"),
    libvirt.VIR_ERR_NO_NETWORK: (NotFound, "network.unknown"),
    libvirt.VIR_ERR_NO_STORAGE_POOL: (NotFound, "pool.unknown"),
    libvirt.VIR_ERR_NO_STORAGE_VOL: (NotFound, "volume.unknown"),
    libvirt.VIR_ERR_STORAGE_VOL_EXIST: (Conflict, "volume.exists"),
    libvirt.VIR_ERR_ACCESS_DENIED: (Denied, "libvirt.denied"),
    libvirt.VIR_ERR_AUTH_FAILED: (Denied, "libvirt.denied"),
    libvirt.VIR_ERR_AUTH_CANCELLED: (Denied, "libvirt.denied"),
    libvirt.VIR_ERR_AUTH_UNAVAILABLE: (Denied, "libvirt.denied"),
    libvirt.VIR_ERR_OPERATION_DENIED: (Denied, "libvirt.denied"),
    libvirt.VIR_ERR_OPERATION_INVALID: (Conflict, "libvirt.invalid_now"),
    libvirt.VIR_ERR_NO_SUPPORT: (Unsupported, "libvirt.unsupported"),
    libvirt.VIR_ERR_CONFIG_UNSUPPORTED: (Unsupported, "libvirt.unsupported"),
    libvirt.VIR_ERR_OPERATION_UNSUPPORTED: (Unsupported, "libvirt.unsupported"),
    libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED: (Unsupported, "libvirt.unsupported"),
    libvirt.VIR_ERR_XML_ERROR: (Invalid, "libvirt.xml"),
    libvirt.VIR_ERR_XML_DETAIL: (Invalid, "libvirt.xml"),
    libvirt.VIR_ERR_XML_INVALID_SCHEMA: (Invalid, "libvirt.xml"),
    libvirt.VIR_ERR_INVALID_CONN: (OutcomeUnknown, "libvirt.lost"),
    libvirt.VIR_ERR_NO_CONNECT: (OutcomeUnknown, "libvirt.lost"),
    libvirt.VIR_ERR_RPC: (OutcomeUnknown, "libvirt.lost"),
}
"""libvirt's code (include/libvirt/virterror.h) → our error"""


@contextmanager
def border(**facts: object) -> Iterator[None]:
    """Run libvirt calls; their `libvirtError` comes out as one of our errors with these facts and libvirt's detail."""
    try:
        yield
    except libvirt.libvirtError as error:
        raise translated(error, facts) from error


def translated(error: libvirt.libvirtError, facts: dict[str, object]) -> InnkeeperError:
    """Our error for libvirt's. A system error that the remote driver reports means that the daemon is gone."""
    code, domain = error.get_error_code(), error.get_error_domain()
    gone = code in (libvirt.VIR_ERR_SYSTEM_ERROR, libvirt.VIR_ERR_INTERNAL_ERROR) and domain in (
        libvirt.VIR_FROM_RPC,
        libvirt.VIR_FROM_REMOTE,
    )
    kind, text = (OutcomeUnknown, "libvirt.lost") if gone else _KINDS.get(code, (Failed, "libvirt.failed"))
    return kind(
        text, **{"name": "", **facts, "detail": error.get_error_message() or str(error), "code": code}
    )


def code_of(error: BaseException | None) -> int | None:
    """libvirt's code of an error of ours that came through the border, else None."""
    cause = error.__cause__ if error else None
    return cause.get_error_code() if isinstance(cause, libvirt.libvirtError) else None


def quiet() -> None:
    """libvirt prints every error to stderr unless told otherwise; ours say the same once."""
    libvirt.registerErrorHandler(lambda _context, _error: None, None)
