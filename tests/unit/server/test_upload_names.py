"""What is told of an upload names it as its sender does."""

from __future__ import annotations

import pytest

from innkeeper.errors import Invalid, NotFound
from innkeeper.server.upload_names import Names

FOLDER = "/var/lib/innkeeper/uploads"
KNOWN, NAMELESS, GONE = "a" * 24, "b" * 24, "c" * 24


def name(id: str) -> str | None:
    if id == GONE:
        raise NotFound("upload.unknown", id=id)
    return "/home/anna/my disk.qcow2" if id == KNOWN else None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"{FOLDER}/{KNOWN}.data", "/home/anna/my disk.qcow2"),
        (f"virsh vol-upload default x {FOLDER}/{KNOWN}.data", "virsh vol-upload default x /home/anna/my disk.qcow2"),
        (f"{KNOWN}.data", "my disk.qcow2"),
        (f"{FOLDER}/{NAMELESS}.data", f"upload:{NAMELESS}"),
        (f"{FOLDER}/{GONE}.data", f"upload:{GONE}"),
        ("/srv/some.data", "/srv/some.data"),
        (7, 7),
        ({"path": [f"{KNOWN}.data", None]}, {"path": ["my disk.qcow2", None]}),
    ],
)  # fmt: skip
def test_told(said: object, told: object) -> None:
    assert Names(FOLDER, name).told(said) == told


def test_an_error_too() -> None:
    with pytest.raises(Invalid) as caught, Names(FOLDER, name).told_of():
        raise Invalid("disk.unsafe_reference", path=f"{FOLDER}/{KNOWN}.data")
    assert caught.value.facts == {"path": "/home/anna/my disk.qcow2"}
