"""Guests made by libvirt's own tools, of the document that `inn` makes; and how guests of either side go away."""

from __future__ import annotations

import glob
import json
import os
import shlex
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from benchmarks.measure import run, seconds
from benchmarks.programs import IMAGES, INN
from lxml import etree

__all__ = ["IMAGE", "Plain", "remove", "virt_install"]

IMAGE = "tiny"
_LOGS = "/var/log/libvirt/qemu"
_PATIENCE = 300.0
"""Seconds for a guest to reach user space."""
_LOOK = 0.005
"""Seconds between two looks at a log; `inn` takes twice that."""


class Plain:
    """A guest that is about to be made without `inn`: its document is written, nothing else."""

    def __init__(self, name: str, directory: str) -> None:
        self.name = name
        self.disk = f"{IMAGES}/{name}.qcow2"
        self.log = Path(f"{_LOGS}/{name}.serial.log")
        self.document = f"{directory}/{name}.xml"
        Path(self.document).write_text(self._described())

    def _described(self) -> str:
        root = etree.fromstring(_template())
        made = uuid.uuid4()
        mac = "52:54:00:" + ":".join(f"{byte:02x}" for byte in made.bytes[:3])
        _find(root, "name").text = self.name
        _find(root, "uuid").text = str(made)
        _find(root, "devices/interface/mac").set("address", mac)
        _find(root, "devices/disk/source").set("file", self.disk)
        for log in root.iterfind("devices/*/log"):
            log.set("file", str(self.log))
        return etree.tostring(root, encoding="unicode")

    @property
    def commands(self) -> list[list[str]]:
        """What is timed."""
        return [
            overlay(self.disk),
            ["virsh", "--quiet", "define", self.document],
            ["virsh", "--quiet", "start", self.name],
        ]

    @property
    def shell(self) -> str:
        """The same as one line of a shell."""
        return " && ".join(map(shlex.join, self.commands))

    def make(self) -> float:
        """Seconds from the first command to the first line of user space."""
        return until_booted([self.log], *self.commands)


def virt_install(name: str) -> float:
    """Seconds to the same line by virt-install, with the same image, kernel, memory, CPUs, network, screen and log."""
    root = etree.fromstring(_template())
    kernel, initrd, arguments = (
        str(_find(root, f"os/{tag}").text) for tag in ("kernel", "initrd", "cmdline")
    )
    memory, cpus = int(_find(root, "memory").text or 0) // 1024, str(_find(root, "vcpu").text)
    disk, log = f"{IMAGES}/{name}.qcow2", Path(f"{_LOGS}/{name}.serial.log")
    options = {
        "name": name,
        "memory": str(memory),
        "vcpus": cpus,
        "virt-type": str(root.get("type")),
        "machine": "q35",
        "osinfo": "linux2022",
        "disk": f"path={disk},format=qcow2,bus=virtio,discard=unmap",
        "network": "network=default,model=virtio",
        "graphics": "vnc,listen=127.0.0.1",
        "serial": f"pty,log.file={log},log.append=on",
        "boot": f"kernel={kernel},initrd={initrd},kernel_args={arguments}",
    }
    flags = [f"--{option}={value}" for option, value in options.items()]
    return until_booted(
        [log], overlay(disk), ["virt-install", "--import", "--noautoconsole", "--quiet", *flags]
    )


def overlay(disk: str) -> list[str]:
    """The command that makes a disk on the image, as large as the image."""
    path = f"/var/lib/libvirt/innkeeper-images/{IMAGE}.qcow2"
    return ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", path, disk]


def until_booted(logs: Sequence[Path], *commands: Sequence[str]) -> float:
    """Seconds that the commands take, one after the other, and from there until all logs show user space."""
    pattern = _image()["boot_pattern"].encode()
    took = sum(seconds(*command) for command in commands)
    began = time.perf_counter()
    waiting = list(logs)
    while waiting := [log for log in waiting if not (log.exists() and pattern in log.read_bytes())]:
        if time.perf_counter() - began > _PATIENCE:
            raise RuntimeError(f"no user space: {', '.join(map(str, waiting))}")
        time.sleep(_LOOK)
    return took + time.perf_counter() - began


def remove(names: Sequence[str]) -> None:
    """Take guests of either side away, with their disks and logs."""
    running = run("virsh", "list", "--name").split()
    for name in names:
        if name in running:  # an emulated one may have crashed
            run("virsh", "destroy", name)
        run("virsh", "undefine", name)
        for path in glob.glob(f"{IMAGES}/{name}*") + glob.glob(f"{_LOGS}/{name}*"):
            with suppress(FileNotFoundError):
                os.unlink(path)
    run("virsh", "pool-refresh", "default")


@cache
def _template() -> str:
    """The stored document of a guest that `inn create` made."""
    run(INN, "create", "template", "--image", IMAGE, "--no-start")
    document = run("virsh", "dumpxml", "--inactive", "template")
    run("virsh", "undefine", "template")
    return document


@cache
def _image() -> dict[str, str]:
    """What `inn image show` says; the pattern of `tiny` is plain text."""
    shown: dict[str, str] = json.loads(run(INN, "image", "show", IMAGE, "--json"))
    return shown


def _find(root: etree._Element, path: str) -> etree._Element:
    node = root.find(path)
    assert node is not None, path
    return node
