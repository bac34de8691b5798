"""`<domainCapabilities>`: what a guest of one emulator, architecture and machine can have on a host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Size, Text, Values, YesNo

if TYPE_CHECKING:
    from innkeeper.libvirtxml.domain_cpu import CpuFeature


class CpuModel(View):
    """A named processor; `usable` says whether this host can show it to a guest."""

    TAG = "model"
    name = Text(".")
    usable = Choice("@usable", "yes", "no", "unknown")
    vendor = Text("@vendor")
    deprecated = YesNo("@deprecated")
    canonical = Text("@canonical")


class ModelBlockers(View):
    """The features that this host lacks for a named processor."""

    TAG = "blockers"
    model = Text("@model")
    features = Values("feature/@name")


class CapabilityEnum(View):
    """The values that a setting may have, by libvirt's name of it."""

    TAG = "enum"
    name = Text("@name")
    choices = Values("value")


class SgxSection(View):
    """Enclave memory of one NUMA node of the host, in bytes."""

    TAG = "section"
    cell = Integer("@node", least=0)
    size = Size("@size")


class DomainCapabilities(Document):
    """The choices for a guest; a list that is empty means that libvirt does not tell, or that there is none.

    `*_supported` is None where this libvirt does not know the thing at all. `*_enums` hold every list of a
    section by libvirt's own name, those included that no property here is for.
    """

    TAG = "domainCapabilities"
    emulator = Text("path")
    domain_type = Text("domain")
    machine = Text("machine")
    arch = Text("arch")
    max_vcpus = Integer("vcpu/@max", least=1)
    iothreads_supported = YesNo("iothreads/@supported")

    os_supported = YesNo("os/@supported")
    os_enums = Children("os/enum", CapabilityEnum)
    firmwares = Values("os/enum[@name='firmware']/value")
    firmware_features_supported = YesNo("os/firmwareFeatures/@supported")
    firmware_features_enums = Children("os/firmwareFeatures/enum", CapabilityEnum)
    loader_supported = YesNo("os/loader/@supported")
    loaders = Values("os/loader/value")
    loader_types = Values("os/loader/enum[@name='type']/value")
    loader_readonly = Values("os/loader/enum[@name='readonly']/value")
    loader_secure = Values("os/loader/enum[@name='secure']/value")
    loader_enums = Children("os/loader/enum", CapabilityEnum)
    varstore_supported = YesNo("os/varstore/@supported")

    host_passthrough_supported = YesNo("cpu/mode[@name='host-passthrough']/@supported")
    host_passthrough_enums = Children("cpu/mode[@name='host-passthrough']/enum", CapabilityEnum)
    maximum_supported = YesNo("cpu/mode[@name='maximum']/@supported")
    maximum_enums = Children("cpu/mode[@name='maximum']/enum", CapabilityEnum)
    host_model_supported = YesNo("cpu/mode[@name='host-model']/@supported")
    host_model = Text("cpu/mode[@name='host-model']/model")
    host_model_fallback = Choice("cpu/mode[@name='host-model']/model/@fallback", "allow", "forbid")
    host_model_vendor_id = Text("cpu/mode[@name='host-model']/model/@vendor_id")
    host_model_vendor = Text("cpu/mode[@name='host-model']/vendor")
    host_model_features: Children[CpuFeature] = Children(
        "cpu/mode[@name='host-model']/feature", "domain_cpu:CpuFeature"
    )
    host_model_address_mode = Choice(
        "cpu/mode[@name='host-model']/maxphysaddr/@mode", "emulate", "passthrough"
    )
    host_model_address_bits = Integer("cpu/mode[@name='host-model']/maxphysaddr/@bits", least=1)
    host_model_address_limit = Integer("cpu/mode[@name='host-model']/maxphysaddr/@limit", least=1)
    custom_supported = YesNo("cpu/mode[@name='custom']/@supported")
    cpu_models = Children("cpu/mode[@name='custom']/model", CpuModel)
    cpu_model_blockers = Children("cpu/mode[@name='custom']/blockers", ModelBlockers)

    memory_backing_supported = YesNo("memoryBacking/@supported")
    memory_sources = Values("memoryBacking/enum[@name='sourceType']/value")
    memory_backing_enums = Children("memoryBacking/enum", CapabilityEnum)

    disk_supported = YesNo("devices/disk/@supported")
    disk_devices = Values("devices/disk/enum[@name='diskDevice']/value")
    disk_buses = Values("devices/disk/enum[@name='bus']/value")
    disk_models = Values("devices/disk/enum[@name='model']/value")
    disk_enums = Children("devices/disk/enum", CapabilityEnum)
    graphics_supported = YesNo("devices/graphics/@supported")
    graphics_types = Values("devices/graphics/enum[@name='type']/value")
    graphics_enums = Children("devices/graphics/enum", CapabilityEnum)
    video_supported = YesNo("devices/video/@supported")
    video_models = Values("devices/video/enum[@name='modelType']/value")
    video_enums = Children("devices/video/enum", CapabilityEnum)
    hostdev_supported = YesNo("devices/hostdev/@supported")
    hostdev_modes = Values("devices/hostdev/enum[@name='mode']/value")
    hostdev_types = Values("devices/hostdev/enum[@name='subsysType']/value")
    hostdev_startup_policies = Values("devices/hostdev/enum[@name='startupPolicy']/value")
    hostdev_capability_types = Values("devices/hostdev/enum[@name='capsType']/value")
    hostdev_pci_backends = Values("devices/hostdev/enum[@name='pciBackend']/value")
    hostdev_enums = Children("devices/hostdev/enum", CapabilityEnum)
    rng_supported = YesNo("devices/rng/@supported")
    rng_models = Values("devices/rng/enum[@name='model']/value")
    rng_backends = Values("devices/rng/enum[@name='backendModel']/value")
    rng_enums = Children("devices/rng/enum", CapabilityEnum)
    filesystem_supported = YesNo("devices/filesystem/@supported")
    filesystem_drivers = Values("devices/filesystem/enum[@name='driverType']/value")
    filesystem_enums = Children("devices/filesystem/enum", CapabilityEnum)
    tpm_supported = YesNo("devices/tpm/@supported")
    tpm_models = Values("devices/tpm/enum[@name='model']/value")
    tpm_backends = Values("devices/tpm/enum[@name='backendModel']/value")
    tpm_versions = Values("devices/tpm/enum[@name='backendVersion']/value")
    tpm_enums = Children("devices/tpm/enum", CapabilityEnum)
    redirdev_supported = YesNo("devices/redirdev/@supported")
    redirdev_buses = Values("devices/redirdev/enum[@name='bus']/value")
    redirdev_enums = Children("devices/redirdev/enum", CapabilityEnum)
    channel_supported = YesNo("devices/channel/@supported")
    channel_types = Values("devices/channel/enum[@name='type']/value")
    channel_enums = Children("devices/channel/enum", CapabilityEnum)
    crypto_supported = YesNo("devices/crypto/@supported")
    crypto_models = Values("devices/crypto/enum[@name='model']/value")
    crypto_types = Values("devices/crypto/enum[@name='type']/value")
    crypto_backends = Values("devices/crypto/enum[@name='backendModel']/value")
    crypto_enums = Children("devices/crypto/enum", CapabilityEnum)
    interface_supported = YesNo("devices/interface/@supported")
    interface_backends = Values("devices/interface/enum[@name='backendType']/value")
    interface_enums = Children("devices/interface/enum", CapabilityEnum)
    panic_supported = YesNo("devices/panic/@supported")
    panic_models = Values("devices/panic/enum[@name='model']/value")
    panic_enums = Children("devices/panic/enum", CapabilityEnum)
    console_supported = YesNo("devices/console/@supported")
    console_types = Values("devices/console/enum[@name='type']/value")
    console_enums = Children("devices/console/enum", CapabilityEnum)

    gic_supported = YesNo("features/gic/@supported")
    gic_versions = Values("features/gic/enum[@name='version']/value")
    gic_enums = Children("features/gic/enum", CapabilityEnum)
    vmcoreinfo_supported = YesNo("features/vmcoreinfo/@supported")
    generation_id_supported = YesNo("features/genid/@supported")
    backing_store_input_supported = YesNo("features/backingStoreInput/@supported")
    backup_supported = YesNo("features/backup/@supported")
    async_teardown_supported = YesNo("features/async-teardown/@supported")
    s390_pv_supported = YesNo("features/s390-pv/@supported")
    ps2_supported = YesNo("features/ps2/@supported")
    tdx_supported = YesNo("features/tdx/@supported")
    sev_supported = YesNo("features/sev/@supported")
    sev_c_bit_position = Integer("features/sev/cbitpos", least=0)
    sev_reduced_physical_bits = Integer("features/sev/reducedPhysBits", least=0)
    sev_max_guests = Integer("features/sev/maxGuests", least=0)
    sev_max_es_guests = Integer("features/sev/maxESGuests", least=0)
    sev_cpu0_id = Text("features/sev/cpu0Id")
    sgx_supported = YesNo("features/sgx/@supported")
    sgx_flexible_launch = YesNo("features/sgx/flc")
    sgx1 = YesNo("features/sgx/sgx1")
    sgx2 = YesNo("features/sgx/sgx2")
    sgx_section_size = Size("features/sgx/section_size")
    sgx_sections = Children("features/sgx/sections/section", SgxSection)
    hyperv_supported = YesNo("features/hyperv/@supported")
    hyperv_features = Values("features/hyperv/enum[@name='features']/value")
    hyperv_enums = Children("features/hyperv/enum", CapabilityEnum)
    hyperv_default_spinlocks = Integer("features/hyperv/defaults/spinlocks", least=0)
    hyperv_default_stimer_direct = OnOff("features/hyperv/defaults/stimer_direct")
    hyperv_default_tlbflush_direct = OnOff("features/hyperv/defaults/tlbflush_direct")
    hyperv_default_tlbflush_extended = OnOff("features/hyperv/defaults/tlbflush_extended")
    hyperv_default_vendor_id = Text("features/hyperv/defaults/vendor_id")
    launch_security_supported = YesNo("features/launchSecurity/@supported")
    launch_security_types = Values("features/launchSecurity/enum[@name='sectype']/value")
    launch_security_enums = Children("features/launchSecurity/enum", CapabilityEnum)

    @property
    def cpu_modes(self) -> tuple[str, ...]:
        """The modes that `<cpu mode=…>` may have here, best first."""
        offered = {
            "host-passthrough": self.host_passthrough_supported,
            "host-model": self.host_model_supported,
            "maximum": self.maximum_supported,
            "custom": self.custom_supported,
        }
        return tuple(mode for mode, supported in offered.items() if supported)

    @property
    def secure_boot(self) -> bool:
        """Whether a firmware with Secure Boot can be had."""
        return "efi" in self.firmwares and "yes" in self.loader_secure
