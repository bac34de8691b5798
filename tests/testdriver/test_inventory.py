"""An inventory over libvirt's test driver: what changes in one process, seen at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import libvirt
import pytest

from innkeeper.errors import NotFound, Unsupported
from innkeeper.inventory import Inventory, looking
from innkeeper.schema.live import Samples
from innkeeper.virt.events import ensure_loop

PATIENCE = 60.0
GUEST = """<domain type='test'><name>{}</name><title>{}</title><metadata>
<innkeeper:guest xmlns:innkeeper='urn:innkeeper:guest:1' version='1'><innkeeper:protected>yes</innkeeper:protected>
<innkeeper:start-order>7</innkeeper:start-order><innkeeper:label name='team' value='a'/></innkeeper:guest></metadata>
<memory>8192</memory><vcpu>1</vcpu><os><type>hvm</type></os></domain>"""


class Heard:
    """What an inventory published."""

    def __init__(self) -> None:
        self._fresh = threading.Condition()
        self.told: list[tuple[str, str, str]] = []

    def publish(self, kind: str, id: str, what: str) -> None:
        with self._fresh:
            self.told.append((kind, id, what))
            self._fresh.notify_all()

    def expect(self, kind: str, id: str, what: str = "changed") -> None:
        """It was told since the last time; all before it is forgotten."""
        wanted = (kind, id, what)
        with self._fresh:
            assert self._fresh.wait_for(lambda: wanted in self.told, PATIENCE), f"{wanted} not in {self.told}"
            self.told.clear()


def until(there: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def inventory(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inventory]:
    """Without a second sweep: what is told comes by events, or is viewed."""
    monkeypatch.setattr(looking, "SWEEP", 36_000.0)
    made = Inventory("test:///default", heard.publish)
    made.start()
    until(lambda: made.link().state == "connected")
    yield made
    made.stop()


@pytest.fixture
def libvirt_itself() -> Iterator[Any]:
    """Another connection to the same simulated host, as virsh would have."""
    ensure_loop()
    connection = libvirt.open("test:///default")
    before = {domain.name() for domain in connection.listAllDomains()}
    yield connection
    for domain in connection.listAllDomains():
        if domain.name() not in before:
            if domain.isActive():
                domain.destroy()
            domain.undefine()
    connection.close()


def test_rows_have_what_only_documents_tell(inventory: Inventory, heard: Heard, libvirt_itself: Any) -> None:
    domain = libvirt_itself.defineXML(GUEST.format("a~creating", "Web"))
    heard.expect("guest", domain.UUIDString())
    until(lambda: inventory.guests().find("a"))
    row = inventory.guests().find(domain.UUIDString())
    assert row is not None
    assert (row.name, row.state, row.title, row.labels) == ("a", "creating", "Web", {"team": "a"})
    assert (row.protected, row.start_order, row.autostart, row.memory) == (True, 7, False, 8192 * 1024)
    assert row in inventory.guests().listed(), "it is not in the bin"


def test_events_of_a_life(inventory: Inventory, heard: Heard, libvirt_itself: Any) -> None:
    domain = libvirt_itself.defineXML(GUEST.format("b", "x"))
    uuid = domain.UUIDString()
    heard.expect("guest", uuid)
    domain.create()
    heard.expect("guest", uuid)
    until(lambda: (row := inventory.guests().find("b")) and row.state == "running")
    domain.suspend()
    heard.expect("guest", uuid)
    domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, "y", None, None, libvirt.VIR_DOMAIN_AFFECT_CONFIG)
    heard.expect("guest", uuid)
    until(lambda: (row := inventory.guests().find("b")) and row.title == "y")
    domain.destroy()
    heard.expect("guest", uuid)
    domain.undefine()
    heard.expect("guest", uuid, "gone")
    assert inventory.guests().find("b") is None


def test_a_snapshot_stays_as_it_is(inventory: Inventory, heard: Heard, libvirt_itself: Any) -> None:
    before = inventory.guests()
    assert inventory.guests() is before, "nothing changed"
    assert before.keep("page", lambda: "a page") == "a page"
    assert before.keep("page", lambda: "another") == "a page"
    domain = libvirt_itself.defineXML(GUEST.format("c~deleted~20261122T101500Z", "x"))
    heard.expect("guest", domain.UUIDString())
    after = inventory.guests()
    assert after.version != before.version
    assert before.find("c") is None
    assert [row.deleted for row in after.listed(deleted=True)] == ["20261122T101500Z"]
    assert "c" not in {row.name for row in after.listed()}
    assert after.keep("page", lambda: "anew") == "anew"


def test_what_has_no_event_is_seen_while_it_is_viewed(
    inventory: Inventory, heard: Heard, libvirt_itself: Any
) -> None:
    domain = libvirt_itself.lookupByName("test")
    pool = libvirt_itself.storagePoolLookupByName("default-pool")
    inventory.viewed("guest", "test")
    inventory.viewed("pool", "")
    time.sleep(0.2)
    domain.setAutostart(1)
    heard.expect("guest", domain.UUIDString())
    inventory.viewed("pool", "default-pool")
    volume = pool.createXML("<volume><name>v</name><capacity>1048576</capacity></volume>")
    heard.expect("pool", "default-pool")
    domain.setAutostart(0)
    volume.delete()


def test_networks_and_pools_have_events(inventory: Inventory, heard: Heard, libvirt_itself: Any) -> None:
    network = libvirt_itself.networkLookupByName("default")
    network.destroy()
    heard.expect("network", "default")
    network.create()
    heard.expect("network", "default")
    pool = libvirt_itself.storagePoolDefineXML(
        "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>"
    )
    heard.expect("pool", "p")
    pool.undefine()
    heard.expect("pool", "p", "gone")


def test_images_are_told_by_their_manifests(inventory: Inventory, heard: Heard, libvirt_itself: Any) -> None:
    document = "<pool type='dir'><name>innkeeper-images</name><target><path>/i</path></target></pool>"
    pool = libvirt_itself.storagePoolCreateXML(document)
    heard.expect("pool", "innkeeper-images")
    inventory.viewed("image", "")
    time.sleep(0.2)
    volumes = [
        pool.createXML(f"<volume><name>{name}</name><capacity>1</capacity></volume>")
        for name in ("tiny.qcow2", "tiny@20261122T101500Z.json", "tiny.json")
    ]
    inventory.viewed("image", "")
    heard.expect("image", "tiny")
    for volume in reversed(volumes):
        volume.delete()
    inventory.viewed("image", "")
    heard.expect("image", "tiny", "gone")
    pool.destroy()


def test_a_storm_of_events_is_one_look_at_all(
    inventory: Inventory, heard: Heard, libvirt_itself: Any
) -> None:
    uuids = set()
    for number in range(200):
        uuids.add(libvirt_itself.createXML(GUEST.format(f"s{number}", "x")).UUIDString())
    until(lambda: uuids <= {id for _kind, id, _what in tuple(heard.told)})
    until(lambda: {row.title for row in inventory.guests().rows if row.uuid in uuids} == {"x"})
    for uuid in uuids:
        libvirt_itself.lookupByUUIDString(uuid).destroy()
    until(lambda: {("guest", uuid, "gone") for uuid in uuids} <= set(heard.told))
    assert not uuids & {row.uuid for row in inventory.guests().rows}


def test_samples_and_counters_of_who_runs(inventory: Inventory) -> None:
    until(lambda: inventory.measured())
    measured = inventory.measured()
    assert measured is not None
    assert [one.name for one in measured.guests] == ["test"]
    assert inventory.samples("test", "hour").step == 30
    assert inventory.host_samples("day").step == 300
    with pytest.raises(NotFound):
        inventory.samples("nobody", "hour")


def test_what_somebody_sees_is_measured_closely(inventory: Inventory) -> None:
    """There is a value of five seconds for a time of which there is none of half a minute."""

    def closely(hour: Samples, minutes: Samples) -> bool:
        known = {hour.begins + at * hour.step for at, value in enumerate(hour.cpu) if value is not None}
        times = (
            minutes.begins + at * minutes.step for at, value in enumerate(minutes.cpu) if value is not None
        )
        return any(at // hour.step * hour.step not in known for at in times)

    until(lambda: closely(inventory.samples("test", "hour"), inventory.samples("test", "minutes")))


def test_nobody_there_is_said_and_not_waited_for(heard: Heard) -> None:
    inventory = Inventory("test:///no/such/file.xml", heard.publish)
    inventory.start()
    with pytest.raises(Unsupported) as caught:
        inventory.guests()
    assert caught.value.code == "libvirt.unreachable"
    assert inventory.link().state == "away"
    assert "file.xml" in inventory.link().detail
    inventory.stop()


def test_a_thousand_changes_leave_no_more_memory_than_some(
    inventory: Inventory, heard: Heard, libvirt_itself: Any
) -> None:
    domain = libvirt_itself.lookupByName("test")

    def change(times: int) -> float:
        for _ in range(times):
            domain.suspend()
            domain.resume()
        domain.suspend()  # else it may be looked at only when all is as it was
        until(lambda: heard.told)
        domain.resume()
        heard.told.clear()
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * 4096 / 2**20

    before = change(500)
    assert change(2000) < before + 8
