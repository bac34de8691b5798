"""The order in which libvirt's schema, and libvirt when it prints, puts the children of each element.

The schema mostly lets them stand in any order; new elements are put where a reader expects them. What is not
named here goes last.
"""

from __future__ import annotations

from collections.abc import Mapping

from innkeeper.libvirtxml.build import NAMESPACES

_TEXT: Mapping[str, str] = {
    "domain": (
        "name uuid hwuuid genid title description metadata maxMemory memory currentMemory blkiotune "
        "memtune memoryBacking vcpu vcpus iothreads iothreadids defaultiothread cputune numatune "
        "resource sysinfo bootloader bootloader_args os idmap throttlegroups features cpu clock "
        "on_poweroff on_reboot on_crash on_lockfailure pm perf devices seclabel keywrap "
        "launchSecurity"
    ),
    "os": (
        "type firmware loader nvram varstore kernel initrd root cmdline dtb shim acpi initarg initenv "
        "initdir inituser initgroup boot bootmenu smbios bios"
    ),
    "memoryBacking": "hugepages nosharepages locked source access allocation discard",
    "features": (
        "pae acpi apic viridian privnet hap hyperv kvm xen pvspinlock pmu vmport gic smm ioapic hpt "
        "vmcoreinfo htm nested-hv capabilities ccf-assist msrs cfpc sbbc ibs tcg async-teardown ras "
        "ps2 aia virtualization"
    ),
    "cpu": "model vendor topology cache maxphysaddr feature numa",
    "cputune": (
        "vcpupin emulatorpin iothreadpin shares global_period global_quota period quota "
        "emulator_period emulator_quota iothread_period iothread_quota vcpusched iothreadsched "
        "emulatorsched cachetune memorytune energytune"
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
        "driver auth source backingStore mirror target scratch iotune throttlefilters readonly shareable "
        "transient serial wwn vendor product encryption blockio geometry boot alias acpi address"
    ),
    "backingStore": "format source backingStore",
    "source": (
        "host snapshot config auth initiator adapter vendor product address reservations reconnect seclabel "
        "slices dataStore privateData encryption ssl identity knownHosts cookies readahead timeout nodemask "
        "pagesize alignsize pmem path uuid device dir name format ip route local clipboard mouse"
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
    "smartcard": "source protocol log target certificate database alias acpi address",
    "input": "driver source alias acpi address",
    "memballoon": "stats alias driver acpi address",
    "rng": "rate backend driver alias acpi address",
    "tpm": "backend alias address",
    "shmem": "model size server msi driver alias acpi address",
    "memory": "uuid driver source target alias acpi address",
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
    "pool": (
        "name uuid capacity allocation available features source target refresh "
        f"{{{NAMESPACES['fs']}}}mount_opts {{{NAMESPACES['rbd']}}}config_opts"
    ),
    "volume": "name key source capacity allocation physical target backingStore",
    "target": (
        "path format permissions timestamps compat clusterSize features encryption model size node "
        "block requested current label readonly"
    ),
    "permissions": "mode owner group label",
    "device": "name path devnode parent driver capability",
    "capability": (
        "state number class subclass protocol description host unique_id interface address link feature block "
        "domain bus slot function device port rport target lun drive_type type name fields product model "
        "vendor serial hardware firmware uuid parent_addr attr cssid ssid devno members channel_dev_addr "
        "ap-adapter ap-domain wwnn wwpn fabric_wwn max_vports vports media_available media_size media_label "
        "size logical_block_size num_blocks capability iommuGroup numa pci-express"
    ),
    "hardware": "vendor version serial uuid",
    "firmware": "vendor version release_date feature",
    "type": "name deviceAPI availableInstances",
    "fields": ("change_level manufacture_id part_number serial_number asset_tag vendor_field system_field"),
    "channel_dev_addr": "cssid ssid devno",
    "encryption": "secret cipher ivgen",
    "resource": "partition fibrechannel",
    "model": "acceleration resolution",
    "mirror": "format source backingStore",
    "dataStore": "format source",
    "cell": "distances cache",
    "numa": "cell interconnects",
    "interconnects": "latency bandwidth",
    "idmap": "uid gid",
    "sysinfo": "bios system baseBoard chassis oemStrings",
    "launchSecurity": (
        "cbitpos reducedPhysBits policy handle dhCert session guestVisibleWorkarounds idBlock idAuth hostData "
        "mrConfigId mrOwner mrOwnerConfig quoteGenerationService"
    ),
    "audio": "input output alias",
    "backend": "device encryption source protocol log active_pcr_banks profile",
    "binary": "cache sandbox lock thread_pool openfiles",
    "pstore": "path size alias address",
    "sound": "audio codec driver alias acpi address",
    "domainsnapshot": (
        "name description state creationTime memory disks revertDisks active parent domain inactiveDomain "
        "cookie"
    ),
    "domaincheckpoint": "name description parent creationTime disks domain",
    "domainbackup": "incremental server disks",
    "networkport": "uuid owner mac group rxfilters virtualport bandwidth vlan port plug",
    "secret": "uuid description usage",
    "filter": "uuid filterref rule",
    "filterbinding": "owner portdev linkdev mac filterref backend",
}

ORDER: dict[str, tuple[str, ...]] = {parent: tuple(children.split()) for parent, children in _TEXT.items()}
ORDER |= {"inactiveDomain": ORDER["domain"]}
"""The children of each element in order, by the parent's tag."""
