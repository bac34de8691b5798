"""Networks, pools and images of a host as they were last seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from innkeeper.image.catalogue import POOL
from innkeeper.schema.names import RELEASE
from innkeeper.virt import looking
from innkeeper.virt.connection import Connection
from innkeeper.virt.looking import Place

__all__ = ["Places"]

Publish = Callable[[str, str, str], None]
_MOST_VOLUMES = 500
"""Of viewed pools with more only names and space are looked at: libvirt opens the file of each volume it tells of."""
_MANIFEST = ".json"


class Places:
    """Looks, compares with the last look, and publishes what differs. Of what was never seen before it publishes only
    after the first look at all."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._prints: dict[tuple[str, str], int] = {}
        self._details: dict[tuple[str, str], int] = {}
        self._images: set[str] | None = None
        self._all_seen = False

    def look_at_all(self, connection: Connection, heard: Callable[[], None]) -> None:
        found: set[tuple[str, str]] = set()
        for kind, places in (("network", looking.networks(connection)), ("pool", looking.pools(connection))):
            for place in places:
                heard()
                found.add((kind, place.name))
                details = looking.leases(place) if kind == "network" else None
                self._see(kind, place, details)
                if (kind, place.name) == ("pool", POOL):
                    self._see_images(looking.volumes(place, 0))
        for kind, name in self._prints.keys() - found:
            self._gone(kind, name)
        if not any(name == POOL for kind, name in found if kind == "pool"):
            self._see_images({})
        self._all_seen = True

    def look_at(self, connection: Connection, kind: str, name: str, viewed: bool = False) -> None:
        """One network or pool; when it is viewed also its leases, or its volumes."""
        find = looking.network if kind == "network" else looking.pool
        place = find(connection, name)
        if place is None:
            self._gone(kind, name)
            return
        if kind == "network":
            self._see(kind, place, looking.leases(place))
            return
        volumes = looking.volumes(place, _MOST_VOLUMES) if viewed or name == POOL else {}
        self._see(kind, place, hash(frozenset(volumes.items())) if viewed else None)
        if name == POOL:
            self._see_images(volumes)

    def names(self, kind: str) -> list[str]:
        """Of all that are there."""
        return [name for one, name in self._prints if one == kind]

    def _see(self, kind: str, place: Place, details: int | None) -> None:
        """Publishes it once when it is other, or its details are: leases, volumes. None: they were not looked at."""
        key = (kind, place.name)
        before, details_before = self._prints.get(key), self._details.get(key)
        self._prints[key] = place.print
        other = before != place.print and (before is not None or self._all_seen)
        if details is not None:
            self._details[key] = details
            other = other or details_before not in (None, details)
        if other:
            self._publish(kind, place.name, "changed")

    def _gone(self, kind: str, name: str) -> None:
        self._details.pop((kind, name), None)
        if self._prints.pop((kind, name), None) is not None:
            self._publish(kind, name, "gone")

    def _see_images(self, volumes: Iterable[str]) -> None:
        """An image is there when its manifest is, which is written last (DESIGN.md §5)."""
        found = {name.removesuffix(_MANIFEST) for name in volumes if name.endswith(_MANIFEST)}
        before, self._images = self._images, found
        if before is not None:
            for name in sorted({one.partition(RELEASE)[0] for one in found ^ before}):
                self._publish("image", name, "changed" if name in found else "gone")
