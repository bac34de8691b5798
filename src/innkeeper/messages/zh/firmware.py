"""虚拟机的固件与 TPM。"""

TEXT = {
    "firmware.bios.there": "虚拟机可用 BIOS 启动（{file}）",
    "firmware.bios.missing": "没有供虚拟机使用的 BIOS",
    "firmware.bios.missing.means": "用 BIOS 启动的虚拟机（在本机处理器上最常见）无法启动",
    "firmware.uefi.there": "{arch} 虚拟机可用 UEFI 启动（{file}）",
    "firmware.uefi.missing": "没有供 {arch} 虚拟机使用的 UEFI 固件",
    "firmware.uefi.missing.means": "无法创建需要 UEFI 的虚拟机（Windows 11、较新的系统、安全启动）",
    "firmware.uefi.file_missing": "{descriptor} 所指的固件不存在：{file}",
    "firmware.uefi.file_missing.means": "libvirt 可能会选中它，虚拟机便无法启动",
    "firmware.uefi.file_missing.remedy": "请重新安装该固件的软件包，或删除这个描述文件",
    "firmware.secure_boot.there": "可使用安全启动，密钥已预置（{file}）",
    "firmware.secure_boot.no_keys": "有支持安全启动的固件，但没有预置密钥（{file}）",
    "firmware.secure_boot.no_keys.means": "在各个虚拟机中登记密钥之前，安全启动不会拒绝任何东西",
    "firmware.secure_boot.no_keys.remedy": "请安装发行版中预置了密钥的固件",
    "firmware.secure_boot.missing": "没有支持安全启动的固件",
    "firmware.secure_boot.missing.means": "无法创建必须使用安全启动的虚拟机（Windows 11）",
    "firmware.tpm.there": "虚拟机可以拥有 TPM（{program}）",
    "firmware.tpm.missing": "虚拟机无法拥有 TPM：没有安装 {missing}",
    "firmware.tpm.missing.means": "Windows 11，以及由 TPM 解锁的磁盘，都需要它",
}
