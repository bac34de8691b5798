"""What guests on a host cannot have, and why."""

TEXT: dict[str, str] = {
    "support.no_emulator": "这台主机没有 {arch} 的 QEMU",
    "support.no_emulator.remedy": "请安装提供 {program} 的软件包",
    "support.no_machine": "除 libvirt 外还需要访问主机的途径，而 {uri} 没有提供",
    "support.no_machine.remedy": "请使用带 ssh 的 URI，或在那台主机上使用客栈",
    "support.no_netboot": "{uri} 的虚拟机所在的网络，别的计算机无法让它们从网络启动",
    "support.no_netboot.remedy": "请使用 qemu:///system",
    "support.no_bios": "{arch} 的机器没有 BIOS",
    "support.no_bios.remedy": "请使用 UEFI",
    "support.no_uefi": "没有适用于 {arch} 机器类型 {machine} 的 UEFI 固件",
    "support.no_uefi.remedy": "请安装固件的软件包；主机检查会说明是哪个（firmware.uefi）",
    "support.no_secure_boot": "没有适用于 {arch} 机器类型 {machine}、带安全启动的 UEFI 固件",
    "support.no_secure_boot.remedy": "请安装固件的软件包；主机检查会说明是哪个（firmware.secure_boot）",
    "support.no_tpm": "这台主机不能为 {arch} 的机器类型 {machine} 模拟 TPM 2.0",
    "support.no_tpm.remedy": "请安装 swtpm；主机检查会说明需要哪些软件包（firmware.tpm）",
    "support.no_bus": "{arch} 的机器类型 {machine} 没有可接磁盘的 {bus}",
    "support.no_bus.remedy": "请换一种总线，或换一种机器类型",
    "support.pool_kind": "存储池 {name} 的类型是 {kind}；新虚拟机的磁盘是目录中的文件",
    "support.pool_kind.remedy": "请选择另一个存储池",
}
