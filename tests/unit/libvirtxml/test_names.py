"""Every element, attribute and word in the views is one that libvirt's own schema knows: no name is made up.

The schema comes with libvirt's library. NEWER names what libvirt 9.0, the oldest supported, does not have yet.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

from innkeeper import libvirtxml
from innkeeper.libvirtxml import path as paths
from innkeeper.libvirtxml.element import View

SCHEMAS = Path("/usr/share/libvirt/schemas")
NEWER = {
    "card_type", "ccw_device", "chpid", "group_device", "members", "ref",
    "async-teardown", "backend", "blob", "clusters", "crypto", "debug", "deprecated_features", "discard_granularity",
    "discard_no_unref", "multichannel", "profile", "ps2", "runtimeDir", "shim", "source", "streams", "templateFormat",
}  # fmt: skip
NEWER_WORDS = {
    "offline", "online", "qeth_generic", "qeth_layer2", "qeth_layer3",
    "acpi-erst", "amd", "itco", "lkcf", "luks-any", "mtp", "pipewire", "pvpanic", "sev-snp", "ssh", "tdx", "vhostvdpa",
}  # fmt: skip
OLDER_WORDS = {"parallels", "virtio-s390"}
"""What libvirt still reads, but its schema no longer names."""


def test_every_name_is_libvirts() -> None:
    schema = "\n".join(path.read_text() for path in SCHEMAS.glob("*.rng"))
    names = set(re.findall(r"<(?:element|attribute) name=[\"'](?:qemu:)?([^\"']+)", schema)) | NEWER
    words = set(re.findall(r"<value>([^<]*)</value>", schema)) | NEWER_WORDS | OLDER_WORDS
    for info in pkgutil.walk_packages(libvirtxml.__path__, "innkeeper.libvirtxml."):
        for kind in vars(importlib.import_module(info.name)).values():
            if isinstance(kind, type) and issubclass(kind, View):
                check(kind, names, words)


def check(kind: type[View], names: set[str], words: set[str]) -> None:
    for name, prop in kind.properties().items():
        way = paths.path(prop.path)
        used = [step.tag.rpartition("}")[2] for step in way.steps] + (
            [way.attribute] if way.attribute else []
        )
        assert set(used) <= names, f"{kind.__name__}.{name}: {prop.path}"
        choices = set(getattr(prop, "choices", ()))
        assert choices <= words, f"{kind.__name__}.{name}: {choices - words}"
