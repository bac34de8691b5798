"""What libvirt's networks and storage pools have in common: a stored document, and whether it is in use."""

from __future__ import annotations

from typing import Any

from innkeeper.virt.border import border

__all__ = ["Stored"]


class Stored:
    """Something of libvirt's that has a name, is defined or not, active or not, and may start with the host."""

    INACTIVE: int
    """the flag that asks for the stored document"""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.name = str(raw.name())

    @property
    def uuid(self) -> str:
        with border(name=self.name):
            return str(self.raw.UUIDString())

    @property
    def active(self) -> bool:
        with border(name=self.name):
            return bool(self.raw.isActive())

    @property
    def persistent(self) -> bool:
        """Whether it outlives being stopped."""
        with border(name=self.name):
            return bool(self.raw.isPersistent())

    @property
    def autostart(self) -> bool:
        with border(name=self.name):
            return bool(self.raw.autostart())

    @autostart.setter
    def autostart(self, value: bool) -> None:
        with border(name=self.name):
            self.raw.setAutostart(1 if value else 0)

    def xml(self) -> str:
        with border(name=self.name):
            return str(self.raw.XMLDesc(0))

    def stored_xml(self) -> str:
        """The document it will next be started from."""
        with border(name=self.name):
            return str(self.raw.XMLDesc(self.INACTIVE))

    def start(self) -> None:
        with border(name=self.name):
            self.raw.create()

    def stop(self) -> None:
        """What stands on it is cut off: guests on a network stay so when it is started again."""
        with border(name=self.name):
            self.raw.destroy()

    def undefine(self) -> None:
        with border(name=self.name):
            self.raw.undefine()
