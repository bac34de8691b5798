"""What guests on a host cannot have, and why."""

TEXT: dict[str, str] = {
    "support.no_emulator": "there is no QEMU for {arch} on this host",
    "support.no_emulator.remedy": "install the package that brings {program}",
    "support.no_machine": "this needs a way to the host beside libvirt, which {uri} does not give",
    "support.no_machine.remedy": "use a URI with ssh, or Innkeeper on that host",
    "support.no_netboot": "guests of {uri} are on no network that another computer can boot them from",
    "support.no_netboot.remedy": "use qemu:///system",
    "support.no_bios": "machines of {arch} have no BIOS",
    "support.no_bios.remedy": "take UEFI",
    "support.no_uefi": "there is no UEFI firmware for {machine} on {arch}",
    "support.no_uefi.remedy": "install the firmware's package; the doctor names it (firmware.uefi)",
    "support.no_secure_boot": "there is no UEFI firmware with Secure Boot for {machine} on {arch}",
    "support.no_secure_boot.remedy": "install the firmware's package; the doctor names it (firmware.secure_boot)",
    "support.no_tpm": "this host emulates no TPM 2.0 for {machine} on {arch}",
    "support.no_tpm.remedy": "install swtpm; the doctor names its packages (firmware.tpm)",
    "support.no_bus": "{machine} on {arch} has no {bus} for disks",
    "support.no_bus.remedy": "take another one, or another machine type",
    "support.pool_kind": "pool {name} is of the kind {kind}; disks of new guests are files in a directory",
    "support.pool_kind.remedy": "choose another pool",
}
