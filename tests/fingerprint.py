"""Everything in a world that a verb could change, as one dictionary, and the readable difference of two.

Run as a script inside a world (`python fingerprint.py HOME`) it prints JSON. Keys are paths such as
`domain/web1/xml` or `file/var/lib/libvirt/images/web1.qcow2`, values are text.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

__all__ = ["Fingerprint", "diff"]

WATCHED_FILES = ("/var/lib/libvirt", "/var/lib/innkeeper", "/etc/innkeeper", "/run/innkeeper")
WATCHED_LISTS = ("/etc/libvirt", "/var/log/libvirt/qemu")
# libvirt's own working files: leases, sockets, master keys, status; and locks, which stay when they are free.
UNWATCHED = re.compile(r"^/var/lib/libvirt/(dnsmasq|qemu/(channel|domain-|autostart))|\.lock$|/locks/")
WATCHED_PROCESSES = re.compile(
    r"qemu|swtpm|passt|mmdebstrap|dnsmasq|virtlogd|libvirtd|virtiofsd|xorriso|mke2fs"
)


class Fingerprint(dict[str, str]):
    """Path of a fact to its text."""

    def only(self, prefix: str) -> Fingerprint:
        return Fingerprint({key: value for key, value in self.items() if key.startswith(prefix)})

    def without(self, *prefixes: str) -> Fingerprint:
        return Fingerprint({key: value for key, value in self.items() if not key.startswith(prefixes)})


def diff(before: Fingerprint, after: Fingerprint, ignore: Iterable[str] = ()) -> str:
    """The differences, a line or a unified diff each; "" when equal. `ignore` are prefixes of keys."""
    before, after = before.without(*ignore), after.without(*ignore)
    said = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if old is None:
            said.append(f"+ {key}: {(new or '').strip()[:2000]}")
        elif new is None:
            said.append(f"- {key}: {old.strip()[:2000]}")
        elif "\n" in old + new:
            lines = difflib.unified_diff(
                old.splitlines(), new.splitlines(), "before", "after", lineterm="", n=1
            )
            said.append("\n".join([f"~ {key}", *lines]))
        else:
            said.append(f"~ {key}: {old} -> {new}")
    return "\n".join(said)


def collect(home: str) -> dict[str, str]:
    import libvirt

    connection = libvirt.open("qemu:///system")
    facts: dict[str, str] = {}
    busy: set[str] = set()
    for domain in connection.listAllDomains():
        facts.update(of_domain(libvirt, domain))
        if domain.isActive():
            busy.update(re.findall(r"(?:file|path)='(/[^']*)'", domain.XMLDesc()))
    for network in connection.listAllNetworks():
        xml = (
            network.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE) if network.isPersistent() else network.XMLDesc()
        )
        facts.update(of_object("network", network, xml))
    folders = [*WATCHED_FILES, f"{home}/.local/state/innkeeper", f"{home}/.config", f"{home}/.ssh"]
    for pool in connection.listAllStoragePools():
        facts.update(of_pool(pool))
        folders += re.findall(r"<path>(.*?)</path>", pool.XMLDesc())
    for filter_ in connection.listAllNWFilters():
        facts[f"nwfilter/{filter_.name()}"] = filter_.XMLDesc()
    for secret in connection.listAllSecrets():
        facts[f"secret/{secret.UUIDString()}"] = secret.XMLDesc()
    connection.close()
    for folder in dict.fromkeys(folders):
        facts.update(of_files(folder, busy))
    for folder in WATCHED_LISTS:
        facts.update({f"name{path}": "" for path in files_under(folder)})
    facts.update(of_kernel())
    return facts


def of_domain(libvirt: Any, domain: Any) -> Iterator[tuple[str, str]]:
    key = f"domain/{domain.name()}"
    flags = libvirt.VIR_DOMAIN_XML_SECURE | libvirt.VIR_DOMAIN_XML_INACTIVE
    yield f"{key}/xml", domain.XMLDesc(flags)
    yield f"{key}/state", f"{domain.state()[0]} id {domain.ID()} persistent {domain.isPersistent()}"
    if domain.isPersistent():
        yield f"{key}/autostart", str(domain.autostart())
        yield f"{key}/saved", str(domain.hasManagedSaveImage())
    for snapshot in domain.listAllSnapshots():
        yield f"{key}/snapshot/{snapshot.getName()}", snapshot.getXMLDesc()
    for checkpoint in domain.listAllCheckpoints():
        yield f"{key}/checkpoint/{checkpoint.getName()}", checkpoint.getXMLDesc()


def of_object(kind: str, item: Any, xml: str) -> dict[str, str]:
    key = f"{kind}/{item.name()}"
    return {f"{key}/xml": xml, f"{key}/state": f"active {item.isActive()} autostart {item.autostart()}"}


def of_pool(pool: Any) -> dict[str, str]:
    # How full it is follows from the files and from everything else on the disk.
    xml = re.sub(r"\s*<(capacity|allocation|available) .*?</\1>", "", pool.XMLDesc())
    facts = of_object("pool", pool, xml)
    if pool.isActive():
        facts[f"pool/{pool.name()}/volumes"] = "\n".join(sorted(v.name() for v in pool.listAllVolumes()))
    return facts


def files_under(folder: str) -> Iterator[str]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        yield from (os.path.join(root, name) for name in sorted(folders + names))


def of_files(folder: str, busy: set[str]) -> Iterator[tuple[str, str]]:
    """Kind, mode, size, content; no owner, which libvirt changes with use. Of `busy` files kind and mode."""
    for path in files_under(folder):
        if UNWATCHED.search(path):
            continue
        try:
            status = os.lstat(path)
            fact = stat.filemode(status.st_mode)
            if stat.S_ISLNK(status.st_mode):
                fact += f" -> {os.readlink(path)}"
            elif stat.S_ISREG(status.st_mode) and path not in busy:
                with open(path, "rb") as stream:
                    fact += f" {status.st_size} {hashlib.file_digest(stream, 'sha256').hexdigest()[:16]}"
        except FileNotFoundError:
            continue
        yield f"file{path}", fact


def of_kernel() -> dict[str, str]:
    facts = {"interfaces": "\n".join(sorted(os.listdir("/sys/class/net")))}
    with open("/proc/self/mounts", encoding="utf-8") as stream:
        facts["mounts"] = "\n".join(sorted(" ".join(line.split()[:3]) for line in stream))
    firewall: list[tuple[list[str], Callable[[str], str]]] = [
        (["iptables-save"], without_counters),
        (["ip6tables-save"], without_counters),
        (["nft", "list", "ruleset"], without_counters),
    ]
    for argv, tidy in firewall:
        try:
            said = subprocess.run(argv, capture_output=True, text=True, check=False).stdout
        except FileNotFoundError:
            continue
        facts[f"firewall/{argv[0]}"] = tidy(said)
    running = [name for name in process_names() if WATCHED_PROCESSES.search(name)]
    facts["processes"] = "\n".join(sorted(running))
    return facts


def without_counters(rules: str) -> str:
    rules = re.sub(r"^#.*\n", "", rules, flags=re.MULTILINE)
    rules = re.sub(r"\[\d+:\d+\]", "", rules)
    return re.sub(r"counter packets \d+ bytes \d+", "counter", rules)


def process_names() -> Iterator[str]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            yield (folder / "comm").read_text().strip()
        except OSError:
            continue


if __name__ == "__main__":
    json.dump(collect(sys.argv[1]), sys.stdout)
