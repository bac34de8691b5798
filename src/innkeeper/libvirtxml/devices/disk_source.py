"""Where the bytes of a disk are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices.device import Address
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.seclabel import SourceLabel
from innkeeper.libvirtxml.storage_encryption import Auth, Encryption
from innkeeper.libvirtxml.values import Choice, Integer, Text, YesNo
from innkeeper.libvirtxml.words import FORMATS

if TYPE_CHECKING:
    from innkeeper.libvirtxml.devices.disk import DataStore

__all__ = [
    "FORMATS",
    "PROTOCOLS",
    "SOURCE_TYPES",
    "Auth",
    "DiskSource",
    "Encryption",
    "HttpCookie",
    "SourceHost",
]

SOURCE_TYPES = ("file", "block", "dir", "network", "volume", "nvme", "vhostuser", "vhostvdpa", "ctl")
PROTOCOLS = (
    "nbd", "rbd", "sheepdog", "gluster", "iscsi", "http", "https", "ftp", "ftps", "tftp", "vxhs", "nfs", "ssh",
)  # fmt: skip


class SourceHost(View):
    """One server of a network disk."""

    TAG = "host"
    name = Text("@name")
    port = Integer("@port", least=0)
    transport = Choice("@transport", "tcp", "rdma", "unix")
    socket = Text("@socket")


class HttpCookie(View):
    """A cookie that is sent to a server of disks over HTTP."""

    TAG = "cookie"
    name = Text("@name")
    value = Text(".")


class DiskSource(View):
    """A file, block device, directory, volume of a pool, or a network disk. `readahead` is in bytes, times
    in seconds.
    """

    TAG = "source"
    file = Text("@file")
    fd_group = Text("@fdgroup")
    dev = Text("@dev")
    dir = Text("@dir")
    pool = Text("@pool")
    volume = Text("@volume")
    mode = Choice("@mode", "host", "direct")
    protocol = Choice("@protocol", *PROTOCOLS)
    name = Text("@name")
    query = Text("@query")
    tls = YesNo("@tls")
    tls_hostname = Text("@tlsHostname")
    index = Integer("@index", least=1)
    startup_policy = Choice("@startupPolicy", "mandatory", "requisite", "optional")
    socket_type = Choice("@type", "unix", "pci")
    socket_path = Text("@path")
    reconnect_enabled = YesNo("reconnect/@enabled")
    reconnect_timeout = Integer("reconnect/@timeout", least=0)
    reconnect_delay = Integer("reconnect/@delay", least=0)
    managed = YesNo("@managed")
    namespace = Integer("@namespace", least=0)
    address = Child("address", Address)
    hosts = Children("host", SourceHost)
    snapshot = Text("snapshot/@name")
    config_file = Text("config/@file")
    initiator = Text("initiator/iqn/@name")
    auth = Child("auth", Auth)
    encryption = Child("encryption", Encryption)
    reservations_managed = YesNo("reservations/@managed")
    reservations_migration = YesNo("reservations/@migration")
    reservations_type = Choice("reservations/source/@type", "unix")
    reservations_path = Text("reservations/source/@path")
    reservations_mode = Choice("reservations/source/@mode", "server", "client")
    reservations_reconnect = YesNo("reservations/source/reconnect/@enabled")
    reservations_reconnect_timeout = Integer("reservations/source/reconnect/@timeout", least=0)
    reservations_reconnect_delay = Integer("reservations/source/reconnect/@delay", least=0)
    readahead = Integer("readahead/@size", least=1)
    timeout = Integer("timeout/@seconds", least=1)
    ssl_verify = YesNo("ssl/@verify")
    cookies = Children("cookies/cookie", HttpCookie)
    known_hosts = Text("knownHosts/@path")
    identity_user = Text("identity/@user")
    identity_group = Text("identity/@group")
    identity_username = Text("identity/@username")
    identity_key_file = Text("identity/@keyfile")
    identity_agent_socket = Text("identity/@agentsock")
    slice_offset = Integer("slices/slice[@type='storage']/@offset", least=0)
    slice_size = Integer("slices/slice[@type='storage']/@size", least=0)
    data_store: Child[DataStore] = Child("dataStore", "devices.disk:DataStore")
    seclabels = Children("seclabel", SourceLabel)

    @property
    def path(self) -> str | None:
        """The place on the host, where the source is one: file, block device or directory."""
        return self.file or self.dev or self.dir
