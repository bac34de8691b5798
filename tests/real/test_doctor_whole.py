"""A host that is broken in many ways at once: one command repairs it, another puts it back exactly as it was."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.real.host_faults import outside
from tests.real.host_state import state_of
from tests.real.test_doctor import KILLED, SETUP_OWN, end, findings, outcomes, setup
from tests.world import World, diff

FAULTS = {
    "access.images": "chmod 700 /var/lib/libvirt/images",
    "daemon.virtlockd": "echo 'lock_manager = \"lockd\"' >>/etc/libvirt/qemu.conf",
    "firewall.forward": "nft 'add table inet docker; add chain inet docker forward "
    "{ type filter hook forward priority 0; policy drop; }'",
    "firewall.host": "nft 'add chain inet docker input { type filter hook input priority 0; policy drop; }'",
    "kvm.device": "chmod 600 /dev/kvm",
    "network.default": "virsh -q net-destroy default; virsh -q net-autostart default --disable",
    "network.forwarding": "sysctl -qw net.ipv4.ip_forward=0",
    "pool.default": "virsh -q pool-destroy default; virsh -q pool-autostart default --disable",
}
"""Finding → what makes it one. The daemons are stopped after these."""


@pytest.fixture(scope="module")
def broken() -> Iterator[World]:
    with World() as made, outside(made):
        for id, command in FAULTS.items():
            if id != "kvm.device" or os.path.exists("/dev/kvm"):
                made.run(["sh", "-ec", command], check=True)
        end(made, "libvirtd")
        end(made, "virtlogd")
        made.inn("host", "setup", "--undo", check=True)
        yield made


def repairable(found: list[dict[str, object]]) -> set[object]:
    return {one["id"] for one in found if one["status"] == "problem" and one["repairable"]}


def test_broken_in_many_ways_repaired_by_one_command_and_put_back_by_another(broken: World) -> None:
    before = state_of(broken)
    seen = findings(broken, status=1)
    assert {"daemon.libvirt", "daemon.virtlogd", "daemon.virtlockd"} <= repairable(list(seen.values()))
    answer = setup(broken)
    assert {outcome for _, _, outcome in outcomes(answer)} == {"done"}, answer
    mended = {one["finding"] for one in answer["repairs"]}
    absent = set() if os.path.exists("/dev/kvm") else {"kvm.device"}
    by_libvirt = {"network.forwarding"}  # which it sees to when it starts the network
    assert mended >= {"daemon.libvirt", "daemon.virtlogd", *FAULTS} - absent - by_libvirt, answer
    assert repairable(answer["findings"]) == set()
    assert "default" in broken.virsh("net-list")
    assert "default" in broken.virsh("pool-list")
    assert outcomes(setup(broken)) == []
    answer = setup(broken, "--undo")
    assert {outcome for _, _, outcome in outcomes(answer)} == {"undone"}, answer
    assert diff(before, state_of(broken), SETUP_OWN) == ""


def test_killed_in_the_middle_of_all_of_it(broken: World) -> None:
    """Once the setup, once the undo: what is left is named, and the next command ends it."""
    before = state_of(broken)
    done = broken.inn("host", "setup", env={"INNKEEPER_STOP_AT": "network.default.done"})
    assert done.returncode == KILLED
    assert "host.setup" in broken.inn("operation", "list").stdout
    broken.inn("operation", "clean", check=True)
    assert diff(before, state_of(broken), SETUP_OWN) == ""
    setup(broken)
    done = broken.inn("host", "setup", "--undo", env={"INNKEEPER_STOP_AT": "network.default.undo.done"})
    assert done.returncode == KILLED
    setup(broken, "--undo")
    assert diff(before, state_of(broken), SETUP_OWN) == ""


def test_the_commands_that_are_told_do_the_same(broken: World) -> None:
    """What --explain prints, typed in until there is nothing more to type: some is seen only when libvirt answers."""
    for _ in range(5):
        plan = broken.inn_json("host", "setup", "--dry-run", "--explain")
        if not plan["commands"]:
            break
        broken.run(["sh", "-ec", "\n".join(plan["commands"])], check=True)
    assert repairable(list(findings(broken).values())) == set()
    assert outcomes(setup(broken, "--undo")) == []
    assert "default" in broken.virsh("net-list")
