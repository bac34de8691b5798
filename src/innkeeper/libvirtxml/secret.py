"""`<secret>`: a password that libvirt keeps; the document never holds it."""

from __future__ import annotations

from innkeeper.libvirtxml.element import Document
from innkeeper.libvirtxml.values import Choice, Text, YesNo


class Secret(Document):
    """A secret and what it is for: a volume (its path), an iSCSI target, or a name with the other kinds."""

    TAG = "secret"
    ephemeral = YesNo("@ephemeral")
    private = YesNo("@private")
    uuid = Text("uuid")
    description = Text("description")
    usage_type = Choice("usage/@type", "volume", "ceph", "iscsi", "tls", "vtpm")
    usage_volume = Text("usage/volume")
    usage_target = Text("usage/target")
    usage_name = Text("usage/name")
