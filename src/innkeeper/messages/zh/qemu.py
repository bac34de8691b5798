"""QEMU。"""

TEXT = {
    "qemu.system.there": "QEMU {version} 可运行以下架构的虚拟机：{arches}",
    "qemu.system.old": "QEMU {version} 比 Innkeeper 测试过的 {oldest} 旧",
    "qemu.system.old.means": "虚拟机的某些功能可能无法使用",
    "qemu.system.old.remedy": "请在方便时升级到较新的发行版",
    "qemu.system.threads": "QEMU {version} 可运行以下架构的虚拟机：{arches}；它比 {safe} 旧，模拟多个处理器时偶尔会崩溃",
    "qemu.system.threads.means": "除非另行指定，模拟运行的虚拟机只有一个处理器；使用 KVM 的虚拟机不受影响",
    "qemu.system.threads.remedy": "保持一个处理器即可，或在方便时改用 QEMU {safe} 或更新的版本",
    "qemu.system.missing": "没有适用于本机处理器（{arch}）的 QEMU",
    "qemu.system.missing.means": "无法运行任何虚拟机",
    "qemu.system.broken": "{program} 无法启动：{detail}",
    "qemu.system.broken.means": "无法运行任何虚拟机",
    "qemu.system.broken.remedy": "请重新安装它所在的软件包",
    "qemu.img.there": "已有 qemu-img（{program}）",
    "qemu.img.missing": "没有安装 qemu-img",
    "qemu.img.missing.means": "无法查看、制作或导入镜像",
}
