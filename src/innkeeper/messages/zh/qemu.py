"""QEMU。"""

TEXT = {
    "qemu.system.there": "QEMU {version} 可运行以下架构的虚拟机：{arches}",
    "qemu.system.old": "QEMU {version} 比 Innkeeper 测试过的 {oldest} 旧",
    "qemu.system.old.means": "虚拟机的某些功能可能无法使用",
    "qemu.system.old.remedy": "请在方便时升级到较新的发行版",
    "qemu.system.missing": "没有适用于本机处理器（{arch}）的 QEMU",
    "qemu.system.missing.means": "无法运行任何虚拟机",
    "qemu.system.broken": "{program} 无法启动：{detail}",
    "qemu.system.broken.means": "无法运行任何虚拟机",
    "qemu.system.broken.remedy": "请重新安装它所在的软件包",
    "qemu.img.there": "已有 qemu-img（{program}）",
    "qemu.img.missing": "没有安装 qemu-img",
    "qemu.img.missing.means": "无法查看、制作或导入镜像",
}
