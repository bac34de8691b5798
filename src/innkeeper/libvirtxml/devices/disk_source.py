"""Where the bytes of a disk are."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Size, Text, YesNo

SOURCE_TYPES = ("file", "block", "dir", "network", "volume", "nvme", "vhostuser", "vhostvdpa")
PROTOCOLS = (
    "nbd",
    "rbd",
    "sheepdog",
    "gluster",
    "iscsi",
    "http",
    "https",
    "ftp",
    "ftps",
    "tftp",
    "vxhs",
    "nfs",
    "ssh",
)


class SourceHost(View):
    """One server of a network disk."""

    TAG = "host"
    name = Text("@name")
    port = Text("@port")
    transport = Choice("@transport", "tcp", "rdma", "unix")
    socket = Text("@socket")


class Auth(View):
    """Who logs in to the server; the password is a libvirt secret."""

    TAG = "auth"
    username = Text("@username")
    secret_type = Choice("secret/@type", "iscsi", "ceph")
    secret_uuid = Text("secret/@uuid")
    secret_usage = Text("secret/@usage")


class Encryption(View):
    """How the contents are encrypted; the passphrase is a libvirt secret."""

    TAG = "encryption"
    format = Choice("@format", "default", "qcow", "luks", "luks2", "luks-any")
    engine = Choice("@engine", "qemu", "librbd")
    secret_type = Choice("secret/@type", "passphrase")
    secret_uuid = Text("secret/@uuid")
    secret_usage = Text("secret/@usage")


class DiskSource(View):
    """A file, block device, directory, volume of a pool, or a network disk."""

    TAG = "source"
    file = Text("@file")
    dev = Text("@dev")
    dir = Text("@dir")
    pool = Text("@pool")
    volume = Text("@volume")
    mode = Choice("@mode", "host", "direct")
    protocol = Choice("@protocol", *PROTOCOLS)
    name = Text("@name")
    query = Text("@query")
    tls = YesNo("@tls")
    index = Integer("@index")
    startup_policy = Choice("@startupPolicy", "mandatory", "requisite", "optional")
    socket_type = Choice("@type", "unix", "pci")
    socket_path = Text("@path")
    managed = YesNo("@managed")
    namespace = Integer("@namespace")
    hosts = Children("host", SourceHost)
    snapshot = Text("snapshot/@name")
    config_file = Text("config/@file")
    initiator = Text("initiator/iqn/@name")
    auth = Child("auth", Auth)
    encryption = Child("encryption", Encryption)
    reservations_managed = YesNo("reservations/@managed")
    readahead = Size("readahead/@size", default="bytes")
    timeout = Integer("timeout/@seconds")
    ssl_verify = YesNo("ssl/@verify")
    slice_offset = Integer("slices/slice[@type='storage']/@offset", least=0)
    slice_size = Integer("slices/slice[@type='storage']/@size", least=0)

    @property
    def path(self) -> str | None:
        """The place on the host, where the source is one: file, block device or directory."""
        return self.file or self.dev or self.dir
