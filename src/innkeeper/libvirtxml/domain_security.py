"""Labels of a guest, memory that the host cannot read, and keys."""

from __future__ import annotations

from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Text, YesNo


class SecLabel(View):
    """The label that SELinux, AppArmor or file ownership gives the guest."""

    TAG = "seclabel"
    type = Choice("@type", "none", "static", "dynamic")
    model = Text("@model")
    relabel = YesNo("@relabel")
    label = Text("label")
    base_label = Text("baselabel")
    image_label = Text("imagelabel")


class LaunchSecurity(View):
    """Memory that the host cannot read: AMD SEV and SEV-SNP, Intel TDX, IBM Secure Execution.

    What firmware reads (`dh_cert`, `session`, `id_block` …) is in base64.
    """

    TAG = "launchSecurity"
    type = Choice("@type", "sev", "sev-snp", "s390-pv", "tdx")
    kernel_hashes = YesNo("@kernelHashes")
    author_key = YesNo("@authorKey")
    vcek = YesNo("@vcek")
    c_bit_position = Integer("cbitpos", least=0)
    reduced_physical_bits = Integer("reducedPhysBits", least=0)
    policy = Integer("policy", digits=4, base=16)
    handle = Integer("handle", least=0)
    dh_cert = Text("dhCert")
    session = Text("session")
    guest_visible_workarounds = Text("guestVisibleWorkarounds")
    id_block = Text("idBlock")
    id_auth = Text("idAuth")
    host_data = Text("hostData")
    mr_config_id = Text("mrConfigId")
    mr_owner = Text("mrOwner")
    mr_owner_config = Text("mrOwnerConfig")
    has_quote_generation = Flag("quoteGenerationService")
    quote_generation_path = Text("quoteGenerationService/@path")


class KeyCipher(View):
    """Whether a guest on IBM Z may wrap keys with this cipher."""

    TAG = "cipher"
    name = Choice("@name", "aes", "dea")
    state = OnOff("@state")
