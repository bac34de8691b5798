"""Process 1 of a test world: makes its file systems, starts its daemons, reaps, and ends with its starter.

Run by `tests.world` inside fresh namespaces as `python world_init.py DIRECTORY NETWORK`, standard library
only. It prints "ready" when libvirtd answers; when its standard input closes (its starter closed it, or
died) it exits, and the kernel kills every process of the world with it.
"""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from xml.etree import ElementTree

LIBVIRT_SOCKET = "/run/libvirt/libvirt-sock"
OVERLAID = ("/etc", "/var/lib", "/var/cache", "/var/log")
PRIVATE = ("/var/lib/libvirt", "/var/cache/libvirt", "/var/log/libvirt", "/var/lib/innkeeper")
VISITOR_ID = 4242
CACHE = Path(
    "/var/cache/innkeeper-tests"
)  # of the machine: what is dear to make and the same for every world

QEMU_CONF = """
# Worlds share the machine's control groups and its files' attributes with nobody.
cgroup_controllers = [ ]
remember_owner = 0
security_driver = "none"
"""


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def make_filesystems(directory: Path, network: str) -> None:
    """Private /run, and private faces of /etc and /var over the machine's own, which stay untouched."""
    resolver = Path("/etc/resolv.conf").read_bytes() if Path("/etc/resolv.conf").exists() else b""
    conf = Path("/etc/libvirt")
    mount("--make-rprivate", "/")
    mount("-t", "proc", "proc", "/proc")
    for path in OVERLAID:
        name = path.strip("/").replace("/", "-")
        upper, work = directory / "upper" / name, directory / "work" / name
        upper.mkdir(parents=True)
        work.mkdir(parents=True)
        upper.chmod(0o755)
        mount("-t", "overlay", "overlay", "-o", f"lowerdir={path},upperdir={upper},workdir={work}", path)
    for path in PRIVATE:
        own = directory / "private" / path.strip("/").replace("/", "-")
        own.mkdir(parents=True)
        Path(path).mkdir(parents=True, exist_ok=True)
        if path == "/var/cache/libvirt":
            keep_capabilities(own)
        mount("--bind", str(own), path)
    etc = directory / "private" / "etc-libvirt"
    copy_configuration(conf, etc)
    mount("--bind", str(etc), "/etc/libvirt")
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    Path("/run/lock").mkdir(mode=0o1777)
    if network == "private":
        fresh_sysfs(directory)
    Path("/etc/resolv.conf").unlink(missing_ok=True)
    Path("/etc/resolv.conf").write_bytes(resolver)
    for name in ("images", "boot", "qemu"):
        Path("/var/lib/libvirt", name).mkdir(mode=0o711)
    Path("/var/log/libvirt/qemu").mkdir(parents=True)


def known_capabilities() -> Path:
    """Where they are kept, for the QEMU and the kernel of this moment."""
    qemu = Path("/usr/bin/qemu-system-x86_64")
    stamp = qemu.stat().st_ctime_ns if qemu.exists() else 0
    return CACHE / f"capabilities-{os.uname().release}-{stamp}"


def keep_capabilities(own: Path) -> None:
    """What libvirt learnt about QEMU in an earlier world (it checks the stamps) is not learnt again."""
    if known_capabilities().is_dir():
        shutil.copytree(known_capabilities(), own / "qemu" / "capabilities")
        (own / "qemu").chmod(0o711)


def fresh_sysfs(directory: Path) -> None:
    """A sysfs that shows this network namespace; the control groups are taken along."""
    groups = directory / "cgroup"
    groups.mkdir()
    mount("--rbind", "/sys/fs/cgroup", str(groups))
    mount("-t", "sysfs", "sysfs", "/sys")
    mount("--rbind", str(groups), "/sys/fs/cgroup")


def copy_configuration(machine: Path, own: Path) -> None:
    """libvirt's configuration as shipped, with network and pool `default`, without the machine's objects."""
    own.mkdir(parents=True)
    for source in sorted(machine.glob("*.conf")):
        shutil.copy(source, own)
    if (machine / "nwfilter").is_dir():
        shutil.copytree(machine / "nwfilter", own / "nwfilter")
    with (own / "qemu.conf").open("a") as stream:
        stream.write(QEMU_CONF)
    for folder, document in (("qemu/networks", default_network()), ("storage", default_pool())):
        (own / folder / "autostart").mkdir(parents=True)
        ElementTree.ElementTree(document).write(own / folder / "default.xml")
        (own / folder / "autostart" / "default.xml").symlink_to(f"/etc/libvirt/{folder}/default.xml")


def default_network() -> ElementTree.Element:
    network = ElementTree.parse("/usr/share/libvirt/networks/default.xml").getroot()
    ElementTree.SubElement(network, "uuid").text = str(uuid.uuid4())
    ElementTree.SubElement(network, "mac", address="52:54:00:00:00:01")
    return network


def default_pool() -> ElementTree.Element:
    pool = ElementTree.Element("pool", type="dir")
    ElementTree.SubElement(pool, "name").text = "default"
    ElementTree.SubElement(pool, "uuid").text = str(uuid.uuid4())
    target = ElementTree.SubElement(pool, "target")
    ElementTree.SubElement(target, "path").text = "/var/lib/libvirt/images"
    return pool


def make_people(directory: Path) -> None:
    """Homes of this world: root's is private, and `visitor` is an ordinary user who exists nowhere else."""
    home, visitor = directory / "home", directory / "v"
    home.mkdir(mode=0o700)
    visitor.mkdir(mode=0o700)
    os.chown(visitor, VISITOR_ID, VISITOR_ID)
    runtime = Path("/run/user") / str(VISITOR_ID)
    runtime.mkdir(parents=True, mode=0o700)
    os.chown(runtime, VISITOR_ID, VISITOR_ID)
    lines = []
    for line in Path("/etc/passwd").read_text().splitlines():
        fields = line.split(":")
        if fields[0] == "root":
            fields[5] = str(home)
        lines.append(":".join(fields))
    lines.append(f"visitor:x:{VISITOR_ID}:{VISITOR_ID}::{visitor}:/bin/bash")
    Path("/etc/passwd").write_text("\n".join(lines) + "\n")
    with Path("/etc/group").open("a") as stream:
        stream.write(f"visitor:x:{VISITOR_ID}:\n")
    for ranges in ("/etc/subuid", "/etc/subgid"):
        with Path(ranges).open("a") as stream:
            stream.write("visitor:1000000:65536\n")
    (home / ".ssh").mkdir(mode=0o700)
    key = str(home / ".ssh" / "id_ed25519")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "world", "-f", key], check=True)


def own_kvm(directory: Path) -> None:
    """/dev/kvm for group kvm, as udev gives it.

    Where QEMU's user may not open it, libvirt 9.0 forgets what it learnt and probes QEMU at each look: 13 s
    a start.
    """
    if not Path("/dev/kvm").exists():
        return
    node = directory / "kvm"
    os.mknod(node, 0o020660, os.stat("/dev/kvm").st_rdev)
    node.chmod(0o660)
    shutil.chown(node, group="kvm")
    mount("--bind", str(node), "/dev/kvm")


def start_daemons() -> None:
    subprocess.run(["virtlogd", "-d"], check=True)
    subprocess.run(["libvirtd", "-d"], check=True)
    deadline = time.monotonic() + 30
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(LIBVIRT_SOCKET)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def reap(*_: object) -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def main() -> None:
    directory, network = Path(sys.argv[1]), sys.argv[2]
    os.umask(0o022)
    make_filesystems(directory, network)
    if network == "private":
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    else:
        Path("/etc/libvirt/qemu/networks/autostart/default.xml").unlink()
    make_people(directory)
    own_kvm(directory)
    start_daemons()
    signal.signal(signal.SIGCHLD, reap)
    reap()
    print("ready", flush=True)
    while True:
        readable, _, _ = select.select([0], [], [], 1)
        if readable and not os.read(0, 100):
            return


if __name__ == "__main__":
    main()
