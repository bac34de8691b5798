"""What a recipe is."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from innkeeper.machine import Machine
from innkeeper.schema.image import ImageManifest

__all__ = ["FILES", "Recipe", "Site"]

FILES = f"{os.path.dirname(os.path.abspath(__file__))}/files"
"""what recipes put into images, as it is there"""


@dataclass(frozen=True)
class Site:
    """Where a recipe works: a directory of its own on a machine."""

    machine: Machine
    directory: str
    mirror: str | None
    """URL of a mirror of the distribution; None for what the building machine has, or the distribution's own servers"""
    on_fraction: Callable[[float], None]
    """told how far the present stage is, 0 to 1"""

    def path(self, name: str) -> str:
        return f"{self.directory}/{name}"


class Recipe(ABC):
    """A kind of image that can be built, in three stages. Each finds in the site what the one before left there."""

    name: str
    version: int
    """raised when what is built changes"""
    disk_size: ClassVar[int]
    """bytes of its disk, as a guest sees it"""
    programs: ClassVar[dict[str, str]]
    """outside programs it needs → their packages, by Debian's names"""

    @property
    def source(self) -> str:
        """What manifests say of where the image is from."""
        return f"recipe {self.name} {self.version}"

    def check(self, machine: Machine) -> None:  # noqa: B027  most recipes need only their programs
        """Refuse what cannot be done on that machine. Raises `Unsupported`."""

    @abstractmethod
    def bootstrap(self, site: Site) -> None:
        """Fetch packages and unpack or install them."""

    @abstractmethod
    def assemble(self, site: Site) -> None:
        """Make disks, kernels and initrds of what was unpacked."""

    @abstractmethod
    def convert(self, site: Site) -> None:
        """Bring them into their final form."""

    @abstractmethod
    def files(self, site: Site) -> dict[str, str]:
        """What came of it: volume ending (`qcow2`, `kernel`, `initrd`) → path, the disk first."""

    def told(self, mirror: str | None, target: str) -> tuple[list[str], dict[str, str]] | None:
        """The commands that leave the same disk as the file `target`, and the documents that they read; None where this
        program itself makes a part of it."""
        return None

    @abstractmethod
    def describe(self, manifest: ImageManifest) -> ImageManifest:
        """The manifest, completed by what only the recipe knows."""
