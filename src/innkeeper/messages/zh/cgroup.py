"""控制组。"""

TEXT = {
    "cgroup.controllers.there": "控制组版本 {version}：{controllers}",
    "cgroup.controllers.none": "没有挂载带控制器的控制组",
    "cgroup.controllers.none.means": (
        "虚拟机可以运行，但 libvirt 既不能限制也不能统计各自的用量："
        "'virsh schedinfo'、'memtune'、'blkiotune' 以及对运行中虚拟机绑定 CPU 都会失败"
    ),
    "cgroup.controllers.empty": "位于 {place} 的控制组（版本 2）没有任何控制器",
    "cgroup.controllers.empty.means": "虚拟机可以运行，但 libvirt 既不能限制也不能统计各自的用量",
    "cgroup.controllers.empty.remedy": "请在上级组的 cgroup.subtree_control 中启用；如果这里是容器，请在其宿主机上启用",
    "cgroup.controllers.missing": "控制组版本 {version} 缺少 {missing}",
    "cgroup.controllers.missing.means": "libvirt 无法在这些方面限制虚拟机",
    "cgroup.controllers.missing.remedy": "请挂载它们（版本 1），或在上级组的 cgroup.subtree_control 中启用（版本 2）",
    "cgroup.controllers.off_at_boot": "控制组版本 {version} 缺少 {missing}：启动时即被关闭",
    "cgroup.controllers.off_at_boot.means": "libvirt 无法在这些方面限制虚拟机",
    "cgroup.controllers.off_at_boot.remedy": (
        "请在内核命令行中加入 {parameter}（/etc/default/grub 的 GRUB_CMDLINE_LINU"
        "X，树莓派为 cmdline.txt），然后重启"
    ),
}
