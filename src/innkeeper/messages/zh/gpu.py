"""显卡，以及把它们交给虚拟机。"""

TEXT = {
    "gpu.passthrough.none": "没有可以交给虚拟机的显卡；虚拟机可用 virtio-gpu",
    "gpu.passthrough.only_screen": "位于 {address} 的 {card} 是主机自己的、也是唯一的显示设备",
    "gpu.passthrough.ready": "位于 {address} 的 {card} 可以交给虚拟机（{driver}）",
    "gpu.passthrough.no_iommu": "位于 {address} 的 {card} 不能交给虚拟机：IOMMU 未启用",
    "gpu.passthrough.no_iommu.means": "没有 IOMMU，虚拟机的设备就能改写主机的任意内存，因此内核不允许",
    "gpu.passthrough.no_iommu.remedy": "请在固件设置中打开 VT-d（Intel）或 AMD-Vi；Intel 还需在内核命令行加入 intel_iommu=on；然后重启",
    "gpu.passthrough.shared_group": "位于 {address} 的 {card} 与 {others} 同在 IOMMU 组 {group}",
    "gpu.passthrough.shared_group.means": "同组设备只能一起交给同一台虚拟机，主机将失去它们",
    "gpu.passthrough.shared_group.remedy": "请把显卡换到其他插槽，或在固件设置中查找 ACS，或一并交出",
    "gpu.passthrough.screen": "位于 {address} 的 {card} 是主机启动时使用的显示设备；交给虚拟机后主机的控制台会黑屏，"
    "有时还需要用文件提供显卡 ROM",
    "gpu.passthrough.no_vfio": "位于 {address} 的 {card} 不能交给虚拟机：此内核没有 vfio-pci",
    "gpu.passthrough.no_vfio.means": "虚拟机要通过 vfio-pci 驱动取得设备",
    "gpu.passthrough.no_vfio.remedy": "请安装发行版的完整内核（及其模块），然后重启",
    "gpu.passthrough.bound": "位于 {address} 的 {card} 正由主机驱动 {driver} 使用",
    "gpu.passthrough.bound.means": "带有它的虚拟机启动时，libvirt 会把它从驱动手中取走；正在使用的显卡驱动可能因此卡死，启动时就不让驱动接管更稳妥",
    "gpu.passthrough.bound.remedy": "如需不让驱动接管，请执行下面的命令，重新生成 initramfs（update-initramfs -u 或 dracut -f），然后重启：",
}
