"""`<tpm>`: a trusted platform module."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Flag, Integer, Text, YesNo


class TpmSource(View):
    """Where an emulated TPM keeps its state (a file or directory), or the socket of one run by others."""

    TAG = "source"
    type = Choice("@type", "file", "dir", "unix")
    path = Text("@path")
    mode = Choice("@mode", "connect")


class Tpm(Device):
    """A TPM, emulated by swtpm or the host's own."""

    TAG = "tpm"
    model = Choice("@model", "tpm-tis", "tpm-crb", "tpm-spapr", "spapr-tpm-proxy")
    backend_type = Choice("backend/@type", "passthrough", "emulator", "external")
    backend_version = Choice("backend/@version", "1.2", "2.0")
    backend_debug = Integer("backend/@debug", least=0)
    persistent_state = YesNo("backend/@persistent_state")
    device_path = Text("backend/device/@path")
    encryption_secret = Text("backend/encryption/@secret")
    profile = Text("backend/profile/@source")
    profile_name = Text("backend/profile/@name")
    profile_remove_disabled = Choice("backend/profile/@removeDisabled", "check", "fips-host")
    sha1 = Flag("backend/active_pcr_banks/sha1")
    sha256 = Flag("backend/active_pcr_banks/sha256")
    sha384 = Flag("backend/active_pcr_banks/sha384")
    sha512 = Flag("backend/active_pcr_banks/sha512")
    source = Child("backend/source", TpmSource)
