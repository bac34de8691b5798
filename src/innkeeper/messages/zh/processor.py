"""处理器。"""

SLOW = "虚拟机只能以软件模拟方式运行，所需时间约为十倍"

TEXT = {
    "processor.virtualization.on": "处理器提供 {name}（{flag}）",
    "processor.virtualization.by_kernel": "在这台 {arch} 上，内核提供虚拟化",
    "processor.virtualization.not_by_kernel": "在这台 {arch} 上，内核没有提供虚拟化",
    "processor.virtualization.not_by_kernel.means": SLOW,
    "processor.virtualization.not_by_kernel.remedy": "请让内核在虚拟化层级启动（ARM：EL2），并用 dmesg 查看内核"
    "有关 kvm 的信息",
    "processor.virtualization.none": "这台 {name} 没有虚拟化功能（/proc/cpuinfo 中没有 {flag}）",
    "processor.virtualization.none.means": SLOW,
    "processor.virtualization.none.remedy": "请改用具备该功能的处理器，或使用软件模拟",
    "processor.virtualization.switched_off": "处理器没有提供 {name}：/proc/cpuinfo 中没有 {flag}",
    "processor.virtualization.switched_off.means": SLOW,
    "processor.virtualization.switched_off.remedy": "请在固件设置中打开“{switch}”（多半位于 {menu}），"
    "然后关机再开机",
    "processor.virtualization.guest_of_kvm": "本机是 QEMU/KVM 的虚拟机，没有从它那里得到 {name}",
    "processor.virtualization.guest_of_kvm.means": SLOW,
    "processor.virtualization.guest_of_kvm.remedy": "请在其宿主机上以 nested=1 加载 kvm_intel 或 kvm_amd，"
    "用 virsh edit 给本机设置 <cpu mode='host-passthrough'/>，再关闭并启动本机",
    "processor.virtualization.guest_of_vmware": "本机是 VMware 的虚拟机，没有从它那里得到 {name}",
    "processor.virtualization.guest_of_vmware.means": SLOW,
    "processor.virtualization.guest_of_vmware.remedy": "请关闭本机，勾选“向客户机操作系统公开硬件辅助的虚拟化”"
    '（vhv.enable = "TRUE"），再启动',
    "processor.virtualization.guest_of_virtualbox": "本机是 VirtualBox 的虚拟机，没有从它那里得到 {name}",
    "processor.virtualization.guest_of_virtualbox.means": SLOW,
    "processor.virtualization.guest_of_virtualbox.remedy": "请关闭本机，在其宿主机上运行：VBoxManage modifyvm NAME "
    "--nested-hw-virt on，再启动",
    "processor.virtualization.guest_of_hyperv": "本机是 Hyper-V 的虚拟机，没有从它那里得到 {name}",
    "processor.virtualization.guest_of_hyperv.means": SLOW,
    "processor.virtualization.guest_of_hyperv.remedy": "请关闭本机，在其宿主机上运行：Set-VMProcessor -VMName NAME "
    "-ExposeVirtualizationExtensions $true，再启动",
    "processor.virtualization.guest_of_xen": "本机是 Xen 的虚拟机，没有从它那里得到 {name}",
    "processor.virtualization.guest_of_xen.means": SLOW,
    "processor.virtualization.guest_of_xen.remedy": "请把本机设为 HVM 虚拟机，并在其配置中写上 nestedhvm=1",
    "processor.virtualization.guest_of_cloud": "本机是云实例，没有得到 {name}",
    "processor.virtualization.guest_of_cloud.means": SLOW,
    "processor.virtualization.guest_of_cloud.remedy": "请选用支持嵌套虚拟化的实例类型，或裸金属实例",
    "processor.virtualization.guest_of_other": "本机本身就是虚拟机，没有从下层得到 {name}",
    "processor.virtualization.guest_of_other.means": SLOW,
    "processor.virtualization.guest_of_other.remedy": "请在下层的虚拟机软件中打开嵌套虚拟化",
    "processor.iommu.on": "IOMMU 已启用：{devices} 个设备，分为 {groups} 组（其中 {shared} 组含多个设备）",
    "processor.iommu.not_used": "计算机有 IOMMU，但内核没有使用它",
    "processor.iommu.not_used.means": "无法把主机的设备交给虚拟机；在内核命令行中加上 {parameters} "
    "并重启之后即可",
    "processor.iommu.switched_off": "没有发现 IOMMU",
    "processor.iommu.switched_off.means": "无法把主机的设备（显卡、网卡等）交给虚拟机",
    "processor.iommu.switched_off.remedy": "如有需要，请在固件设置中打开“{switch}”",
    "processor.iommu.none_in_guest": "没有发现 IOMMU；本机本身就是虚拟机",
    "processor.iommu.none_in_guest.means": "无法把设备交给虚拟机；在虚拟机中很少有此需要",
}
