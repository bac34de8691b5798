"""`<domainCapabilities>`: what a guest of one emulator, architecture and machine can have on a host."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.values import Choice, Integer, Text, Values, YesNo


class CpuModel(View):
    """A named processor; `usable` says whether this host can show it to a guest."""

    TAG = "model"
    name = Text(".")
    usable = Choice("@usable", "yes", "no", "unknown")
    vendor = Text("@vendor")
    deprecated = YesNo("@deprecated")
    canonical = Text("@canonical")


class DomainCapabilities(Document):
    """The choices for a guest; a list that is empty means that libvirt does not tell, or that there is none.

    `*_supported` is None where this libvirt does not know the thing at all.
    """

    TAG = "domainCapabilities"
    emulator = Text("path")
    domain_type = Text("domain")
    machine = Text("machine")
    arch = Text("arch")
    max_vcpus = Integer("vcpu/@max", least=1)
    iothreads_supported = YesNo("iothreads/@supported")

    firmwares = Values("os/enum[@name='firmware']/value")
    loader_supported = YesNo("os/loader/@supported")
    loaders = Values("os/loader/value")
    loader_types = Values("os/loader/enum[@name='type']/value")
    loader_readonly = Values("os/loader/enum[@name='readonly']/value")
    loader_secure = Values("os/loader/enum[@name='secure']/value")

    host_passthrough_supported = YesNo("cpu/mode[@name='host-passthrough']/@supported")
    maximum_supported = YesNo("cpu/mode[@name='maximum']/@supported")
    host_model_supported = YesNo("cpu/mode[@name='host-model']/@supported")
    host_model = Text("cpu/mode[@name='host-model']/model")
    host_model_vendor = Text("cpu/mode[@name='host-model']/vendor")
    custom_supported = YesNo("cpu/mode[@name='custom']/@supported")
    cpu_models = Children("cpu/mode[@name='custom']/model", CpuModel)

    memory_sources = Values("memoryBacking/enum[@name='sourceType']/value")

    disk_devices = Values("devices/disk/enum[@name='diskDevice']/value")
    disk_buses = Values("devices/disk/enum[@name='bus']/value")
    disk_models = Values("devices/disk/enum[@name='model']/value")
    graphics_supported = YesNo("devices/graphics/@supported")
    graphics_types = Values("devices/graphics/enum[@name='type']/value")
    video_supported = YesNo("devices/video/@supported")
    video_models = Values("devices/video/enum[@name='modelType']/value")
    hostdev_supported = YesNo("devices/hostdev/@supported")
    hostdev_types = Values("devices/hostdev/enum[@name='subsysType']/value")
    rng_supported = YesNo("devices/rng/@supported")
    rng_models = Values("devices/rng/enum[@name='model']/value")
    rng_backends = Values("devices/rng/enum[@name='backendModel']/value")
    filesystem_supported = YesNo("devices/filesystem/@supported")
    filesystem_drivers = Values("devices/filesystem/enum[@name='driverType']/value")
    tpm_supported = YesNo("devices/tpm/@supported")
    tpm_models = Values("devices/tpm/enum[@name='model']/value")
    tpm_backends = Values("devices/tpm/enum[@name='backendModel']/value")
    tpm_versions = Values("devices/tpm/enum[@name='backendVersion']/value")
    redirdev_supported = YesNo("devices/redirdev/@supported")
    channel_types = Values("devices/channel/enum[@name='type']/value")
    crypto_supported = YesNo("devices/crypto/@supported")
    interface_backends = Values("devices/interface/enum[@name='backendType']/value")
    panic_models = Values("devices/panic/enum[@name='model']/value")

    gic_versions = Values("features/gic/enum[@name='version']/value")
    vmcoreinfo_supported = YesNo("features/vmcoreinfo/@supported")
    generation_id_supported = YesNo("features/genid/@supported")
    backup_supported = YesNo("features/backup/@supported")
    sev_supported = YesNo("features/sev/@supported")
    sgx_supported = YesNo("features/sgx/@supported")
    hyperv_features = Values("features/hyperv/enum[@name='features']/value")

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
