"""`<domainbackup>`: the copy of a running guest's disks, all of them or what changed since a checkpoint."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices.disk_source import FORMATS, DiskSource
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.values import Choice, Integer, Text, YesNo


class BackupTarget(DiskSource):
    """Where a pushed copy is written."""

    TAG = "target"


class BackupScratch(DiskSource):
    """Where, while a backup is pulled, what the guest overwrites is kept."""

    TAG = "scratch"


class BackupDisk(View):
    """A disk by its target (`vda`). Pushed, it is copied to `target`; pulled, it is offered under
    `export_name`.
    """

    TAG = "disk"
    name = Text("@name")
    backup = YesNo("@backup")
    mode = Choice("@backupmode", "full", "incremental")
    incremental = Text("@incremental")
    type = Choice("@type", "file", "block")
    export_name = Text("@exportname")
    export_bitmap = Text("@exportbitmap")
    format = Choice("driver/@type", *FORMATS)
    target = Child("target", BackupTarget)
    scratch = Child("scratch", BackupScratch)


class Backup(Document):
    """A backup job; `incremental` names the checkpoint since which changes are copied. Pulled, libvirt runs an
    NBD server for it.
    """

    TAG = "domainbackup"
    mode = Choice("@mode", "push", "pull")
    incremental = Text("incremental")
    server_transport = Choice("server/@transport", "tcp", "unix", "fd")
    server_name = Text("server/@name")
    server_port = Integer("server/@port", least=0)
    server_socket = Text("server/@socket")
    server_fd_group = Text("server/@fdgroup")
    server_tls = YesNo("server/@tls")
    disks = Children("disks/disk", BackupDisk)
