"""A user whose home is too deep for the sockets of their own libvirt is told so."""

from __future__ import annotations

from tests.world import World

GUEST = """<domain type='qemu'><name>deep</name><memory unit='MiB'>32</memory>
<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>
<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel></devices></domain>"""

STOP = "p=$(cat $XDG_RUNTIME_DIR/libvirt/libvirtd.pid) && kill $p && while kill -0 $p; do sleep 0.1; done"
"""The user's own libvirtd, which libvirt started."""


def test_a_home_too_deep_for_sockets(world: World) -> None:
    user = world.as_user()
    home = user.environment["HOME"]
    config = f"{home}/{'d' * (55 - len(home))}"
    user.environment |= {"XDG_CONFIG_HOME": config, "LIBVIRT_DEFAULT_URI": "qemu:///session"}
    user.run(["mkdir", "-p", config], check=True)
    user.run(["sh", "-c", 'cat > "$HOME/deep.xml"'], input=GUEST, check=True)
    user.virsh("define", f"{user.environment['HOME']}/deep.xml")
    done = user.inn("start", "deep")
    assert done.returncode == 1, done
    what, remedy = [line for line in done.stderr.splitlines() if not line.startswith("deep: ")]
    assert what.startswith(f"inn: paths of sockets below {config} are too long for deep: 1")
    assert "XDG_CONFIG_HOME" in remedy
    assert user.inn_json("operation", "list") == []
    user.run(["sh", "-c", STOP])


def test_a_home_too_deep_for_libvirt_itself(world: World) -> None:
    user = world.as_user()
    config = f"{user.environment['HOME']}/{'deep/' * 14}config"
    user.environment |= {"XDG_CONFIG_HOME": config, "LIBVIRT_DEFAULT_URI": "qemu:///session"}
    user.run(["mkdir", "-p", config], check=True)
    disk = f"{user.environment['HOME']}/disk.qcow2"
    user.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "16M"], check=True)
    done = user.inn("create", "deep", "--disk", disk, "--memory", "64M")
    user.run(["sh", "-c", STOP])
    assert done.returncode in (1, 2), done
    assert user.inn_json("operation", "list") == []
    assert f"paths of sockets below {config} are too long" in done.stderr
