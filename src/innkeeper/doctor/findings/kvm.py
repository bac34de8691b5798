"""KVM: its device, its module, and whether it is to be trusted: code is run in it, and what came out is judged."""

from __future__ import annotations

import re

from innkeeper.doctor import kvm_proof
from innkeeper.doctor.finding import Check, FileFacts, Found, Site
from innkeeper.doctor.kvm_proof import KvmProof
from innkeeper.doctor.people import is_listed, person
from innkeeper.doctor.repairs import Repair, kind
from innkeeper.doctor.switches import processor

__all__ = ["CHECKS", "qemu_user"]

DEVICE = "/dev/kvm"
NUMBER = "10 232"
"""Linux Documentation/admin-guide/devices.txt, KVM_MINOR"""
MODULES = {"vmx": "kvm_intel", "svm": "kvm_amd"}
NESTED_FILE = "/etc/modprobe.d/innkeeper-nested.conf"
USERS = ("libvirt-qemu", "qemu")
"""Whom distributions run system guests as, where qemu.conf does not say."""


def _device(site: Site) -> Found:
    path = kvm_proof.device() if not site.root else DEVICE
    seen = site.stat(path)
    if seen is None:
        return _no_device(site)
    facts: dict[str, object] = {
        "device": path,
        "mode": f"{seen.mode:o}",
        "owner": f"{seen.user}:{seen.group}",
    }
    if seen.kind != "character special file":
        return Found("problem", "kvm.device.not_device", {**facts, "kind": seen.kind}, f"rm {path}")
    user = qemu_user(site)
    groups = site.run(["id", "-Gn", user]).stdout.decode().split()
    facts["user"] = user
    if not groups or _may(seen, user, groups):
        return Found("ok", "kvm.device.usable", facts)
    return Found("problem", "kvm.device.denied", facts, *_let(site, path, seen, user, groups))


def _may(seen: FileFacts, user: str, groups: list[str]) -> bool:
    """Read and write, by the bits (inode(7)); root always may."""
    if user in ("root", seen.user):
        return user == "root" or seen.mode & 0o600 == 0o600
    if seen.group in groups:
        return seen.mode & 0o060 == 0o060
    return seen.mode & 0o006 == 0o006


def _let(
    site: Site, path: str, seen: FileFacts, user: str, groups: list[str]
) -> tuple[str, tuple[Repair, ...]]:
    """As udev gives it (50-udev-default.rules): for group kvm, whose member QEMU's user has to be."""
    if not site.run(["getent", "group", "kvm"]).stdout:
        return f"chmod 666 {path}", (Repair("mode", path, "666"),)
    repairs = []
    if seen.group != "kvm":
        repairs.append(Repair("owner", path, "root:kvm"))
    if seen.mode & 0o060 != 0o060:
        repairs.append(Repair("mode", path, "660"))
    if "kvm" not in groups:
        repairs.append(Repair("group", f"kvm:{user}", True))
    lines = [line for one in repairs for line in kind(one.kind).commands(one.key, one.value)]
    return " && ".join(lines), tuple(repairs)


def _no_device(site: Site) -> Found:
    """The kernel has no KVM, has it in a module that is not loaded, or has it without a name in /dev."""
    seen = processor(site)
    if site.exists("/sys/class/misc/kvm"):
        remedy = f"mknod -m 660 {DEVICE} c {NUMBER} && chown root:kvm {DEVICE}"
        return Found("problem", "kvm.device.no_node", {"device": DEVICE}, remedy)
    if seen and seen.offered:
        module = MODULES[seen.flag]
        return Found("problem", "kvm.device.no_module", {"module": module}, f"modprobe {module}")
    return Found("problem", "kvm.device.missing", {"device": DEVICE})


def qemu_user(site: Site) -> str:
    """Whom libvirt runs guests as: qemu.conf, else what the distribution has built in; ourselves in a session."""
    if site.host.is_session:
        return site.shell("id -un").strip()
    said = re.search(r'^\s*user\s*=\s*"\+?([^"]+)"', site.read("/etc/libvirt/qemu.conf"), re.MULTILINE)
    if said:
        return said[1]
    known = {line.partition(":")[0] for line in site.read("/etc/passwd").splitlines()}
    return next((user for user in USERS if user in known), "root")


def _access(site: Site) -> list[Found]:
    """Whether the person's own guests (qemu:///session) have KVM: QEMU then runs as that person."""
    seen, who = site.stat(DEVICE), person(site)
    if seen is None or who.name == "root":
        return []
    facts: dict[str, object] = {"device": DEVICE, "user": who.name, "group": seen.group}
    if _may(seen, who.name, list(who.groups)):
        return [Found("ok", "kvm.access.allowed", facts)]
    if seen.group == "root" or seen.mode & 0o060 != 0o060:
        return []  # kvm.device says that
    if is_listed(site, who.name, seen.group):
        return [Found("advice", "kvm.access.new_member", facts)]
    repair = Repair("group", f"{seen.group}:{who.name}", True)
    return [
        Found("advice", "kvm.access.stranger", facts, f"gpasswd --add {who.name} {seen.group}", (repair,))
    ]


def _proof(site: Site) -> Found:
    """The five verdicts, with the figures that led to them."""
    proof = kvm_proof.prove(site.machine)
    facts: dict[str, object] = {**_figures(proof), **proof.facts}
    if proof.verdict == "proven":
        return Found("ok", "kvm.proof.proven", facts)
    if proof.reason in ("kvm.unprovable", "kvm.unproven_arch"):
        return Found("unknown", proof.reason, facts)
    return Found("problem", proof.reason, facts)


def _figures(proof: KvmProof) -> dict[str, object]:
    """Milliseconds; `-` where it did not come to that."""
    times = {"loop_ms": proof.loop_ms, "bare_ms": proof.bare_ms, "exit_ms": proof.exit_ms}
    told: dict[str, object] = {name: "-" if ms is None else f"{ms:.3g}" for name, ms in times.items()}
    return {**told, "total_ms": round(proof.total_ms), "verdict": proof.verdict}


def _nested(site: Site) -> list[Found]:
    """Of the module that is loaded; nothing where KVM is not one of the two that can."""
    for module in MODULES.values():
        value = site.read(f"/sys/module/{module}/parameters/nested").strip()
        facts: dict[str, object] = {"module": module, "file": NESTED_FILE}
        if value in ("1", "Y"):
            return [Found("ok", "kvm.nested.on", facts)]
        if value in ("0", "N"):
            line = f"options {module} nested=1\n"
            again = f"modprobe -r {module} && modprobe {module}"
            if site.read(NESTED_FILE) == line:
                return [Found("advice", "kvm.nested.pending", facts, again)]
            remedy = f"echo '{line.strip()}' > {NESTED_FILE} && {again}"
            repair = Repair("file", NESTED_FILE, {"content": line, "mode": "644"})
            return [Found("advice", "kvm.nested.off", facts, remedy, (repair,))]
    return []


CHECKS = (
    Check(
        "kvm.device",
        _device,
        ("/proc/cpuinfo", "/etc/passwd", "/etc/libvirt/qemu.conf", "/sys/class/misc/kvm"),
    ),
    Check("kvm.access", _access),
    Check("kvm.proof", _proof),
    Check("kvm.nested", _nested, ("/sys/module/kvm_*/parameters/nested", NESTED_FILE)),
)
