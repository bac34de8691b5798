"""What confines QEMU, and whether it lets QEMU reach the images."""

from __future__ import annotations

import re
import shlex

from innkeeper.doctor import apparmor
from innkeeper.doctor.finding import Check, Found, Site
from innkeeper.doctor.kinds.apparmor import LOCAL
from innkeeper.doctor.repairs import Repair
from innkeeper.libvirtxml import Capabilities, Pool, Volume
from innkeeper.virt import storage

__all__ = ["CHECKS"]

ENABLED = "/sys/module/apparmor/parameters/enabled"
ENFORCE = "/sys/fs/selinux/enforce"
CONFIGURATION = "/etc/libvirt/qemu.conf"
HELPER = "usr.lib.libvirt.virt-aa-helper"
"""The profile of the program that writes each guest's own: it has to read an image to learn what that stands on"""

REACHED = ("virt_image_t", "svirt_image_t", "virt_content_t", "virt_var_lib_t", "svirt_home_t", "virt_home_t")
"""SELinux types that confined guests may search for their disks (virt.te, file contexts of libvirt)"""
SHOWN = 3


def _kernel(site: Site) -> str:
    """What the kernel has on: `apparmor`, `selinux`, or nothing."""
    if site.read(ENABLED).strip() == "Y":
        return "apparmor"
    return "selinux" if site.exists(ENFORCE) else ""


def _models(site: Site) -> list[str]:
    """Those of libvirt, which confine QEMU; `dac` only gives it a user of its own."""
    if site.virt is None:
        return []
    models = (each.model for each in Capabilities.from_xml(site.virt.capabilities()).security_models)
    return [model for model in models if model and model not in ("none", "dac")]


def _driver(site: Site) -> Found:
    kernel, models = _kernel(site), _models(site)
    facts: dict[str, object] = {"model": kernel, "file": CONFIGURATION}
    if site.virt is None:
        return Found("unknown", "security.driver.unseen", facts)
    if models and not (kernel == "selinux" and site.read(ENFORCE).strip() == "0"):
        return Found("ok", "security.driver.confined", {"model": ", ".join(models)})
    if models:
        return Found("advice", "security.driver.permissive", facts, "setenforce 1")
    if not kernel:
        return Found("ok", "security.driver.none")
    said = re.search(r"^\s*security_driver\s*=\s*(.*\S)", site.read(CONFIGURATION), re.MULTILINE)
    if said and "none" in said[1]:
        remedy = f"sed -i '/^ *security_driver *=/d' {CONFIGURATION} && systemctl restart libvirtd"
        return Found("advice", "security.driver.switched_off", facts, remedy)
    return Found("advice", "security.driver.unused", facts, "systemctl restart libvirtd")


def _images(site: Site) -> Found | list[Found]:
    """Each pool's directory, and the volumes in it."""
    if site.virt is None:
        return Found("unknown", "security.images.unseen")
    if "apparmor" in _models(site):
        return _images_apparmor(site)
    if "selinux" in _models(site) and site.read(ENFORCE).strip() == "1":
        return _images_selinux(site)
    return Found("ok", "security.images.unconfined")


def _places(site: Site) -> dict[str, tuple[str, list[storage.Volume]]]:
    """Pool → its directory, and its volumes; pools whose volumes are no files are left out."""
    found = {}
    for pool in storage.pools(site.virt) if site.virt else ():
        document = Pool.from_xml(pool.xml())
        if pool.active and document.type in ("dir", "fs", "netfs") and document.target_path:
            found[pool.name] = (document.target_path.rstrip("/"), pool.volumes())
    return found


def _images_apparmor(site: Site) -> Found | list[Found]:
    """An image itself is in its guest's profile by its name; what it stands on only when the helper could read it."""
    rules = apparmor.rules(site, HELPER)
    found = []
    content = site.read(f"{LOCAL}/{HELPER}")
    for pool, (folder, volumes) in _places(site).items():
        unread = [volume for volume in volumes if not apparmor.allows(rules, f"{folder}/{volume.name}", "r")]
        hidden = [volume.name for volume in unread if Volume.from_xml(volume.xml()).backing_path]
        if hidden:
            line = f"{apparmor.quoted(folder, '/**')} r,"
            facts: dict[str, object] = {
                "pool": pool,
                "folder": folder,
                "count": len(hidden),
                "names": ", ".join(hidden[:SHOWN]),
            }
            # One file for all pools: the last repair holds the lines of those before it.
            content += ("\n" if content and not content.endswith("\n") else "") + line + "\n"
            found.append(Found("problem", "security.images.hidden", facts, _add(line), _grant(content)))
    return found or Found("ok", "security.images.allowed")


def _add(line: str) -> str:
    at = shlex.quote(f"{LOCAL}/{HELPER}")
    return f"echo {shlex.quote(line)} >> {at} && apparmor_parser --replace {apparmor.FOLDER}/{HELPER}"


def _grant(content: str) -> tuple[Repair, ...]:
    return (Repair("apparmor", HELPER, {"content": content}),)


def _images_selinux(site: Site) -> Found | list[Found]:
    """libvirt gives each disk its guest's own label, and needs the directories on the way to be searchable by it."""
    found = []
    for pool, (folder, _volumes) in _places(site).items():
        told = site.run(["stat", "-L", "-c", "%C", "--", site.path(folder)]).stdout.decode().strip()
        label = told.split(":")[2] if told.count(":") >= 2 else ""
        facts: dict[str, object] = {"pool": pool, "folder": folder, "label": label}
        if label in ("nfs_t", "cifs_t", "fusefs_t"):
            boolean = {"nfs_t": "virt_use_nfs", "cifs_t": "virt_use_samba", "fusefs_t": "virt_use_fusefs"}[
                label
            ]
            if not site.run(["getsebool", boolean]).stdout.decode().strip().endswith("on"):
                remedy = f"setsebool -P {boolean} on"
                found.append(Found("problem", "security.images.shared", facts | {"boolean": boolean}, remedy))
        elif label and label not in REACHED:
            place = shlex.quote(f"{folder}(/.*)?")
            remedy = f"semanage fcontext -a -t virt_image_t {place} && restorecon -R {shlex.quote(folder)}"
            found.append(Found("problem", "security.images.mislabelled", facts, remedy))
    return found or Found("ok", "security.images.allowed")


CHECKS = (
    Check("security.driver", _driver, (ENABLED, ENFORCE, CONFIGURATION)),
    Check("security.images", _images, (ENABLED, ENFORCE, f"{apparmor.FOLDER}/{HELPER}", f"{LOCAL}/{HELPER}")),
)
