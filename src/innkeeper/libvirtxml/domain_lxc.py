"""What only containers have: namespaces shared with others, and what the kernel lets their root do."""

from __future__ import annotations

from innkeeper.libvirtxml.build import NAMESPACES
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, OnOff, Text


class LxcNamespaces(View):
    """Namespaces of another container (by `name`), of a process (by `pid`) or by their own name (`netns`)."""

    TAG = f"{{{NAMESPACES['lxc']}}}namespace"
    net_type = Choice("lxc:sharenet/@type", "netns", "name", "pid")
    net = Text("lxc:sharenet/@value")
    ipc_type = Choice("lxc:shareipc/@type", "name", "pid")
    ipc = Text("lxc:shareipc/@value")
    uts_type = Choice("lxc:shareuts/@type", "name", "pid")
    uts = Text("lxc:shareuts/@value")


class LinuxCapabilities(View):
    """The kernel's capabilities(7) of a container's root: a `policy`, and what departs from it."""

    TAG = "capabilities"
    policy = Choice("@policy", "default", "allow", "deny")
    audit_control = OnOff("audit_control/@state")
    audit_write = OnOff("audit_write/@state")
    block_suspend = OnOff("block_suspend/@state")
    chown = OnOff("chown/@state")
    dac_override = OnOff("dac_override/@state")
    dac_read_search = OnOff("dac_read_search/@state")
    fowner = OnOff("fowner/@state")
    fsetid = OnOff("fsetid/@state")
    ipc_lock = OnOff("ipc_lock/@state")
    ipc_owner = OnOff("ipc_owner/@state")
    kill = OnOff("kill/@state")
    lease = OnOff("lease/@state")
    linux_immutable = OnOff("linux_immutable/@state")
    mac_admin = OnOff("mac_admin/@state")
    mac_override = OnOff("mac_override/@state")
    mknod = OnOff("mknod/@state")
    net_admin = OnOff("net_admin/@state")
    net_bind_service = OnOff("net_bind_service/@state")
    net_broadcast = OnOff("net_broadcast/@state")
    net_raw = OnOff("net_raw/@state")
    setfcap = OnOff("setfcap/@state")
    setgid = OnOff("setgid/@state")
    setpcap = OnOff("setpcap/@state")
    setuid = OnOff("setuid/@state")
    sys_admin = OnOff("sys_admin/@state")
    sys_boot = OnOff("sys_boot/@state")
    sys_chroot = OnOff("sys_chroot/@state")
    sys_module = OnOff("sys_module/@state")
    sys_nice = OnOff("sys_nice/@state")
    sys_pacct = OnOff("sys_pacct/@state")
    sys_ptrace = OnOff("sys_ptrace/@state")
    sys_rawio = OnOff("sys_rawio/@state")
    sys_resource = OnOff("sys_resource/@state")
    sys_time = OnOff("sys_time/@state")
    sys_tty_config = OnOff("sys_tty_config/@state")
    syslog = OnOff("syslog/@state")
    wake_alarm = OnOff("wake_alarm/@state")
