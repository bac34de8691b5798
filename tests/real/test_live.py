"""What virsh changes is shown: by libvirt's event, by a look each second at what is viewed, or by the sweep.

Three inventories watch one world: one hears events and nothing else, one is shown everything, one only sweeps.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import NamedTuple

import pytest

from tests.real.live import Told, Watcher
from tests.world import Completed, World

NEVER = 36_000.0
"""Seconds: no sweep but the first."""
POOL = "<pool type='dir'><name>{}</name><target><path>/var/lib/libvirt/images</path></target></pool>"
NETWORK = (
    "<network><name>{}</name><ip address='192.168.77.1' netmask='255.255.255.0'>"
    "<dhcp><range start='192.168.77.9' end='192.168.77.99'/></dhcp></ip></network>"
)
GUEST = """<domain type='qemu'><name>{name}</name><memory unit='MiB'>64</memory><vcpu current='1'>2</vcpu>
<os><type arch='x86_64'>hvm</type></os>
<devices><controller type='scsi' index='0' model='virtio-scsi'/>
<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/var/lib/libvirt/images/{name}.qcow2'/>
<target dev='vda' bus='virtio'/></disk>
<interface type='network'><mac address='52:54:00:00:00:{number:02x}'/><source network='default'/><target dev='n{name}'/>
<model type='virtio'/></interface></devices></domain>"""
NAMES = tuple(f"g{number}" for number in range(20))


class Change(NamedTuple):
    """virsh's command, and what it makes look otherwise: `guest NAME`, `pool NAME` … or `gone guest NAME`."""

    command: str
    shows: str


STORED_WITH_EVENT = (
    Change("define new.xml", "guest new"),
    Change("undefine g0 --nvram", "gone guest g0"),
    Change("domrename g1 renamed", "guest g1"),
    Change("desc g2 --config --title --new-desc Web", "guest g2"),
    Change("desc g3 --config --new-desc Notes", "guest g3"),
    Change("metadata g4 urn:x --key x --set '<x>1</x>' --config", "guest g4"),
    Change("start g5", "guest g5"),
    Change("create passing.xml", "guest passing"),
    Change("net-define net.xml", "network made"),
    Change("net-destroy idle", "network idle"),
    Change("pool-define pool.xml", "pool made"),
    Change("pool-destroy idle", "pool idle"),
)
STORED_WITHOUT = (
    Change("autostart g6", "guest g6"),
    Change("setmem g7 32768 --config", "guest g7"),
    Change("setmaxmem g8 131072 --config", "guest g8"),
    Change("setvcpus g9 2 --config", "guest g9"),
    Change("attach-disk g10 /var/lib/libvirt/images/g0.qcow2 vdb --config", "guest g10"),
    Change("detach-disk g11 vda --config", "guest g11"),
    Change("attach-interface g12 network default --config", "guest g12"),
    Change("domif-setlink g13 52:54:00:00:00:0d down --config", "guest g13"),
    Change("snapshot-create-as g14 before", "guest g14"),
    Change("blkiotune g15 --weight 300 --config", "guest g15"),
    Change("net-autostart default --disable", "network default"),
    Change(
        'net-update kept add ip-dhcp-host \'<host mac="52:54:00:00:01:01" ip="192.168.78.7"/>\' --config',
        "network kept",
    ),
    Change("pool-autostart kept", "pool kept"),
    Change("vol-create-as default one 1M", "pool default"),
)
RUNNING_WITH_EVENT = (
    Change("suspend run1", "guest run1"),
    Change("reset run2", "guest run2"),
    Change("attach-disk run3 /var/lib/libvirt/images/spare.raw sda --targetbus scsi --live", "guest run3"),
    Change("managedsave run4", "guest run4"),
    Change("destroy run5", "guest run5"),
    Change("destroy passing", "gone guest passing"),
    Change("undefine new", "gone guest new"),
    Change("net-start idle", "network idle"),
    Change("net-undefine made", "gone network made"),
    Change("pool-start idle", "pool idle"),
    Change("pool-undefine made", "gone pool made"),
)
AND_BACK_WITH_EVENT = (
    Change("resume run1", "guest run1"),
    Change("detach-disk run3 sda --live", "guest run3"),
    Change("start run5", "guest run5"),
    Change("shutdown tiny", "guest tiny"),
)
AND_BACK_WITHOUT = (
    Change("managedsave-remove run4", "guest run4"),
    Change("domif-setlink run2 52:54:00:00:00:81 down", "guest run2"),
    Change("snapshot-delete g14 before", "guest g14"),
    Change("vol-delete one default", "pool default"),
    Change("autostart g6 --disable", "guest g6"),
)


class Stage(NamedTuple):
    world: World
    hears: Watcher
    """events alone"""
    shown: Watcher
    """all is viewed"""
    sweeps: Watcher
    """nothing is viewed"""
    ids: dict[str, str]
    """name of a guest → UUID"""

    def told(self, shows: str) -> Told:
        what, _, rest = shows.partition(" ") if shows.startswith("gone ") else ("changed", "", shows)
        kind, name = rest.split()
        return kind, self.ids.get(name, name), what

    def type(self, changes: tuple[Change, ...]) -> set[Told]:
        """All of them in one virsh, so that they are looked for at once."""
        for watcher in (self.hears, self.shown, self.sweeps):
            watcher.forget()
        done = virsh(self.world, [one.command for one in changes])
        assert (done.returncode, done.stderr) == (0, "")
        return {self.told(change.shows) for change in changes}


def virsh(world: World, commands: Sequence[str]) -> Completed:
    """All in one process, where the files of `furnish` are."""
    script = 'cd "$1" && exec virsh --quiet "$2"'
    return world.run(["sh", "-c", script, "sh", str(world.home), "; ".join(commands)])


def document(name: str, number: int, uuid: str = "") -> str:
    text = GUEST.format(name=name, number=number)
    return text.replace("</name>", f"</name><uuid>{uuid}</uuid>", 1) if uuid else text


def furnish(world: World) -> dict[str, str]:
    """Guests, networks and pools, by virsh alone."""
    running = tuple(f"run{number}" for number in range(1, 6))
    new, passing = "1f0c7c0e-0000-4000-8000-000000000001", "1f0c7c0e-0000-4000-8000-000000000002"
    files = {f"{name}.xml": document(name, number) for number, name in enumerate(NAMES)}
    files |= {f"{name}.xml": document(name, 0x80 + number) for number, name in enumerate(running)}
    files |= {"new.xml": document("new", 0x90, new), "passing.xml": document("passing", 0x91, passing)}
    files |= {f"pool-{name}.xml": POOL.format(name) for name in ("idle", "kept")}
    files |= {"pool.xml": POOL.format("made").replace("/images", "/made"), "net.xml": NETWORK.format("made")}
    for number, name in enumerate(("idle", "kept"), start=77):
        files[f"net-{name}.xml"] = NETWORK.format(name).replace("192.168.77.", f"192.168.{number}.")
        files[f"pool-{name}.xml"] = POOL.format(name).replace("/images", f"/{name}")
    for name, text in files.items():
        (world.home / name).write_text(text)
    disks = " ".join((*NAMES, *running, "new", "passing"))
    make = f"qemu-img create -q -f qcow2 spare.qcow2 1M; for n in {disks}; do cp spare.qcow2 $n.qcow2; done"
    world.run(
        [
            "sh",
            "-ec",
            f"cd /var/lib/libvirt; mkdir idle kept made; cd images; {make}; truncate -s 1M spare.raw",
        ],
        check=True,
    )
    places = [f"{noun}-define {noun}-{name}.xml" for noun in ("net", "pool") for name in ("idle", "kept")]
    steps = [
        *places,
        "net-start idle",
        "pool-start idle",
        *(f"define {name}.xml" for name in (*NAMES, *running)),
    ]
    done = virsh(world, [*steps, *(f"start {name}" for name in running)])
    assert (done.returncode, done.stderr) == (0, "")
    listed = [line.split() for line in world.virsh("list", "--all", "--uuid", "--name").splitlines() if line]
    return {name: uuid for uuid, name in listed} | {"new": new, "passing": passing}


@pytest.fixture(scope="module")
def stage(tiny_world: World) -> Iterator[Stage]:
    world = tiny_world
    ids = furnish(world)
    create = world.inn("create", "tiny", "--image", "tiny", "--wait", "boot", timeout=300)
    assert create.returncode == 0, create.stderr
    ids["tiny"] = world.virsh("domuuid", "tiny").strip()
    view = [f"guest:{name}" for name in ids] + ["network:", "pool:"]
    with ExitStack() as stack:
        hears = stack.enter_context(Watcher(world, NEVER))
        shown = stack.enter_context(Watcher(world, NEVER, view))
        sweeps = stack.enter_context(Watcher(world, 1.0))
        for watcher in (hears, shown, sweeps):
            watcher.until("connected")
            assert {row["name"] for row in watcher.ask("rows")} >= {*NAMES, "tiny"}
        time.sleep(2)  # until what is viewed was seen once
        yield Stage(world, hears, shown, sweeps, ids)


@pytest.mark.parametrize(
    "changes", [STORED_WITH_EVENT, RUNNING_WITH_EVENT, AND_BACK_WITH_EVENT], ids=["stored", "running", "back"]
)
def test_what_libvirt_tells_is_shown_by_its_event(stage: Stage, changes: tuple[Change, ...]) -> None:
    wanted = stage.type(changes)
    for watcher in (stage.hears, stage.shown, stage.sweeps):
        watcher.expect(wanted)


@pytest.mark.parametrize("changes", [STORED_WITHOUT, AND_BACK_WITHOUT], ids=["stored", "back"])
def test_what_libvirt_does_not_tell_is_looked_for(stage: Stage, changes: tuple[Change, ...]) -> None:
    wanted = stage.type(changes)
    for watcher in (stage.shown, stage.sweeps):
        watcher.expect(wanted)


def test_the_list_says_what_is_there_now(stage: Stage) -> None:
    """Whoever heard all of it shows the same as the command line; what has no event is known to who looks."""
    for watcher in (stage.shown, stage.sweeps):
        rows = {row["uuid"]: row for row in watcher.ask("rows")}
        assert rows == {row["uuid"]: row for row in stage.world.inn_json("list", "--all", "--long")}
