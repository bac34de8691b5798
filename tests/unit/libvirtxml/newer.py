"""What the views know that libvirt 9.0, the oldest supported, does not have yet.

Each version names what its schema has and that of the version before does not; views and properties, and words
of a choice. Only distributions' versions were looked into: what is under 11.3 may have come with 10.x.
"""

from __future__ import annotations

_PROPERTIES = {
    "11.3": """
        Audio: runtime_dir
        Backup: server_fd_group
        CcwCapability: group_device state
        CcwGroupCapability: card_type chpid cssid devno group_type members ssid state
        CcwGroupMember: device role
        CellCpu: cluster
        CharSource: reconnect_delay
        Controller: iothread_mapping
        Cpu: address_limit deprecated_features
        CpuModel: canonical
        Crypto: backend model queues type
        DataStore: format metadata_cache_size source type
        Disk: discard_granularity discard_no_unref iothread_mapping throttle_filters
        DiskSource: data_store identity_agent_socket identity_key_file identity_username known_hosts
        reconnect_delay reservations_reconnect_delay
        Domain: throttle_groups
        DomainCapabilities: async_teardown_supported cpu_model_blockers crypto_backends crypto_enums crypto_models
        crypto_supported crypto_types host_model_address_bits host_model_address_limit host_model_address_mode
        interface_backends interface_enums interface_supported launch_security_enums launch_security_supported
        launch_security_types panic_enums panic_models panic_supported ps2_supported sev_cpu0_id
        Features: aia async_teardown ps2 ras
        Filesystem: idmap open_files
        Graphics: username
        GuestArch: external_snapshot
        HostCpu: address_limit clusters
        HyperV: emsr_bitmap tlbflush_direct tlbflush_extended xmm_input
        Interface: driver_model mac_current reconnect_delay
        IoThread: poll_grow poll_max poll_shrink
        Iommu: dma_translation
        LaunchSecurity: author_key guest_visible_workarounds host_data id_auth id_block vcek
        MappedIoThread: id queues
        MemoryDevice: dynamic_slots target_address
        ModelBlockers: features model
        Network: description domain_register forward_driver_model title
        NetworkPort: plug_driver_model
        NodeDevice: ccw_group
        OperatingSystem: loader_format nvram_format nvram_template_format shim
        PciController: memory_reserve
        PciHostdev: driver_model
        Pstore: backend path size
        Snapshot: revert_disks
        SnapshotDisk: deleting
        Sound: multichannel streams
        Topology: clusters
        Tpm: backend_debug profile profile_name profile_remove_disabled
        Video: blob
    """,
    "12.8": """
        Capabilities: energy_monitor
        Controller: serial
        CpuTune: energy_tunes
        Device: acpi_nodeset
        Disk: dpofua statistics
        DiskSource: reservations_migration
        DiskStatistics: histograms intervals
        DnsForwarder: port
        Domain: hardware_uuid iommufd iommufd_group
        DomainCapabilities: console_enums console_supported console_types firmware_features_enums
        firmware_features_supported hyperv_default_spinlocks hyperv_default_stimer_direct
        hyperv_default_tlbflush_direct hyperv_default_tlbflush_extended hyperv_default_vendor_id tdx_supported
        varstore_supported
        EnergyTune: id monitors vcpus
        Features: virtualization
        FilterBinding: backend
        Graphics: wait
        Interface: backend_fqdn backend_hostname iommufd
        IoThread: poll_weight
        Iommu: accelerated ats command_queue extended_apic granule granule_mode output_address_bits passthrough
        pci_bus range_invalidation substream_bits
        LatencyHistogram: bins type
        LaunchSecurity: has_quote_generation mr_config_id mr_owner mr_owner_config quote_generation_path
        Network: forward_driver_iommufd
        NetworkPort: plug_driver_iommufd
        OperatingSystem: varstore varstore_template
        PciHostdev: iommufd
        UsbDeviceCapability: port
        Video: device edid
    """,
}

_WORDS = {
    "11.3": """
        AcpiTable.type: raw rawset msdm
        Audio.type: pipewire
        BackingStore.type: vhostvdpa
        Backup.server_transport: fd
        Disk.type: vhostvdpa
        DiskSource.protocol: ssh
        Encryption.format: luks-any
        Filesystem.driver_type: mtp
        GuestArch.arch: loongarch64
        GuestDomain.type: bhyve hvf hyperv phyp vbox vmware vz
        HostCpu.arch: loongarch64
        Interface.backend_type: default
        LaunchSecurity.type: sev-snp
        Mirror.type: vhostvdpa
        Network.forward_driver: xen
        NetworkPort.plug_driver: xen
        OperatingSystem.arch: loongarch64
        OperatingSystem.nvram_type: vhostvdpa
        Panic.model: pvpanic
        Sound.model: virtio
        TpmSource.type: file dir
        Volume.encryption_format: luks-any
        Watchdog.model: itco
    """,
    "12.8": """
        BackingStore.type: ctl
        Controller.type: nvme
        Disk.model: usb-storage usb-bot
        Disk.target_bus: nvme
        Disk.type: ctl
        Domain.on_crash: preserve-running
        HyperV.mode: host-model
        Iommu.model: amd
        LaunchSecurity.type: tdx
        Mirror.type: ctl
        OperatingSystem.nvram_type: ctl
    """,
}

NEVER = {
    "Filesystem.source_pool": "libvirt's parser reads it, its schema lacks it",
    "Filesystem.source_volume": "likewise",
}
"""Properties that no schema of libvirt has, and why they are there."""

NEVER_WORDS = {
    "Address.type": {"virtio-s390"},
    "CharSource.mode": {"bind", "connect"},
    "Filesystem.type": {"volume"},
    "Input.bus": {"none", "parallels"},
    "OperatingSystem.type": {"uml"},
    "Volume.type": {"ploop"},
}
"""Words that libvirt's parser takes where its schema lacks them."""


def _table(texts: dict[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for text in texts.values():
        name = ""
        for word in text.split():
            if word.endswith(":"):
                name = word.removesuffix(":")
            else:
                found.setdefault(name, set()).add(word)
    return found


NEWER = {f"{view}.{name}" for view, names in _table(_PROPERTIES).items() for name in names}
"""`View.property` of what came after libvirt 9.0."""

NEWER_WORDS = _table(_WORDS)
"""Words of a choice, by `View.property`, that came after libvirt 9.0."""
