"""Views to draw."""

from __future__ import annotations

from typing import Any

from innkeeper.schema.guest import GuestView, Nic

__all__ = ["guest"]


def guest(name: str = "web1", **fields: Any) -> GuestView:
    """A running guest, with some fields as the test wants them."""
    known: dict[str, Any] = {
        "uuid": "6695eb01-f6a4-8304-79aa-97f2502e193f",
        "state": "running",
        "cpus": 2,
        "memory": 2 * 1024**3,
        "arch": "x86_64",
        "machine": "q35",
        "firmware": "bios",
        "accel": "tcg",
        "accel_reason": None,
        "accel_facts": {},
        "autostart": False,
        "disks": (),
        "nics": (
            Nic(
                mac="52:54:00:00:00:01",
                kind="network",
                source="default",
                model="virtio",
                addresses=("10.0.0.2",),
            ),
        ),
        "image": "debian-12",
        "user": "inn",
        "login": "ssh",
        "profile": "linux",
        "created": None,
        "operation": None,
        "title": None,
        "devices": {},
        "serial_log": None,
        "graphics": None,
    }
    return GuestView(name=name, **{**known, **fields})
