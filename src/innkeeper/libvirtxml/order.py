"""The order in which libvirt's schema, and libvirt when it prints, puts the children of each element.

The schema mostly lets them stand in any order; new elements are put where a reader expects them. What is not
named here goes last.
"""

from __future__ import annotations

from collections.abc import Mapping

_TEXT: Mapping[str, str] = {
    "domain": (
        "name uuid hwuuid genid title description metadata maxMemory memory currentMemory blkiotune "
        "memtune memoryBacking vcpu vcpus iothreads iothreadids defaultiothread cputune numatune "
        "resource sysinfo bootloader bootloader_args os idmap throttlegroups features cpu clock "
        "on_poweroff on_reboot on_crash on_lockfailure pm perf devices seclabel keywrap "
        "launchSecurity"
    ),
    "os": (
        "type firmware loader nvram varstore kernel initrd cmdline dtb shim acpi initarg initenv "
        "initdir inituser initgroup boot bootmenu smbios bios"
    ),
    "memoryBacking": "hugepages nosharepages locked source access allocation discard",
    "features": (
        "pae acpi apic viridian privnet hap hyperv kvm xen pvspinlock pmu vmport gic smm ioapic hpt "
        "vmcoreinfo htm nested-hv capabilities ccf-assist msrs cfpc sbbc ibs tcg async-teardown ras "
        "ps2"
    ),
    "cpu": "model vendor topology cache maxphysaddr feature numa",
    "cputune": (
        "vcpupin emulatorpin iothreadpin shares global_period global_quota period quota "
        "emulator_period emulator_quota iothread_period iothread_quota vcpusched iothreadsched "
        "emulatorsched cachetune memorytune"
    ),
    "memtune": "hard_limit soft_limit min_guarantee swap_hard_limit",
    "numatune": "memory memnode",
    "pm": "suspend-to-mem suspend-to-disk",
    "devices": (
        "emulator disk controller lease filesystem interface smartcard serial parallel console "
        "channel input tpm graphics sound audio video hostdev redirdev redirfilter hub watchdog "
        "memballoon rng nvram panic shmem memory iommu vsock crypto pstore"
    ),
    "disk": (
        "driver auth source backingStore mirror target iotune throttlefilters readonly shareable "
        "transient serial wwn vendor product encryption blockio geometry boot alias acpi address"
    ),
    "backingStore": "format source backingStore",
    "source": (
        "host snapshot config auth initiator address reservations encryption slices dataStore ssh "
        "cookies readahead timeout nodemask pagesize alignsize pmem path uuid device dir adapter "
        "vendor product name format"
    ),
    "filesystem": (
        "driver binary source target readonly space_hard_limit space_soft_limit idmap boot alias acpi address"
    ),
    "interface": (
        "mac source vlan virtualport ip route portForward script downscript backenddomain target "
        "guest model backend driver filterref boot tune rom link bandwidth mtu coalesce teaming port "
        "alias acpi address"
    ),
    "portForward": "range",
    "hostdev": "driver source teaming boot rom readonly shareable alias acpi address",
    "controller": "driver model target master alias acpi address",
    "graphics": ("listen channel image jpeg zlib playback streaming clipboard mouse filetransfer gl audio"),
    "video": "driver model alias acpi address",
    "serial": "source protocol log target alias acpi address",
    "parallel": "source protocol log target alias acpi address",
    "console": "source protocol log target alias acpi address",
    "channel": "source protocol log target alias acpi address",
    "redirdev": "source protocol boot alias acpi address",
    "smartcard": "source protocol certificate database alias address",
    "input": "driver source alias acpi address",
    "memballoon": "stats alias driver acpi address",
    "rng": "rate backend driver alias acpi address",
    "tpm": "backend alias address",
    "shmem": "model size server msi driver alias acpi address",
    "memory": "source target alias address",
    "vsock": "cid driver alias acpi address",
    "network": (
        "name uuid title description metadata forward bridge mac mtu domain dns vlan bandwidth "
        "virtualport portgroup ip route"
    ),
    "forward": "nat interface pf driver address",
    "nat": "address port",
    "dns": "forwarder txt host srv",
    "ip": "tftp dhcp",
    "dhcp": "range host bootp",
    "pool": "name uuid capacity allocation available features source target refresh",
    "volume": "name key source capacity allocation physical target backingStore",
    "target": (
        "path format permissions timestamps compat clusterSize features encryption model size node "
        "block requested current label readonly"
    ),
    "permissions": "mode owner group label",
    "device": "name path devnode parent driver capability",
    "capability": (
        "state number class subclass protocol description host interface address link feature block domain "
        "bus slot function device port target lun drive_type type product model vendor serial hardware "
        "firmware uuid parent_addr attr cssid ssid devno members channel_dev_addr size logical_block_size "
        "num_blocks capability iommuGroup numa pci-express"
    ),
    "domainsnapshot": "name description memory disks parent creationTime state domain",
}

ORDER: Mapping[str, tuple[str, ...]] = {parent: tuple(children.split()) for parent, children in _TEXT.items()}
"""The children of each element in order, by the parent's tag."""
