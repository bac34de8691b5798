"""虚拟机的加速方式：为什么用或不用 KVM。"""

EMULATED = "请去掉 --accel kvm，虚拟机将以软件模拟（tcg）方式运行，这在本机可以正常工作"

SLOW = "虚拟机只能以软件模拟方式运行，所需时间约为十倍"
FIGURES = (
    "虚拟机以软件模拟方式运行；十万次循环：在 KVM 中 {loop_ms} 毫秒，在处理器上 {bare_ms} 毫秒；"
    "退出虚拟机一次 {exit_ms} 毫秒"
)

TEXT = {
    "kvm.proven": "已实测：KVM 可在本机处理器上运行代码（循环耗时 {loop_ms} 毫秒）",
    "kvm.asked_tcg": "按要求使用软件模拟（tcg）",
    "kvm.foreign_arch": "这里的 KVM 只能运行 {host_arch} 虚拟机，不能运行 {arch}",
    "kvm.foreign_arch.remedy": "请去掉 --accel kvm，虚拟机将以软件模拟（tcg）方式运行",
    "kvm.absent": "本机没有 KVM：{device} 不存在",
    "kvm.absent.remedy": "请在固件设置中打开虚拟化（VT-x 或 AMD-V），并加载 kvm_intel 或 kvm_amd 模块；"
    "如果本机就是虚拟机，请在它的宿主机上打开嵌套虚拟化",
    "kvm.no_hardware": "{device} 存在，但处理器没有提供虚拟化功能",
    "kvm.no_hardware.remedy": "请在固件设置中打开虚拟化（VT-x 或 AMD-V）；"
    "如果本机就是虚拟机，请在它的宿主机上打开嵌套虚拟化",
    "kvm.not_kvm": "{device} 不是 KVM 设备（{error}）",
    "kvm.not_kvm.remedy": "请删除它，再加载 kvm_intel 或 kvm_amd 模块，模块会建立正确的设备",
    "kvm.denied": "无权使用 {device}",
    "kvm.denied.remedy": "请加入该设备所属的用户组（sudo usermod -aG kvm $USER），然后重新登录",
    "kvm.in_use": "处理器的虚拟化功能正被另一个虚拟机软件占用，KVM 无法启动虚拟机",
    "kvm.in_use.remedy": "请停止另一个虚拟机软件（VirtualBox、VMware 等）后重试",
    "kvm.setup_refused": "KVM 拒绝建立测试虚拟机（{stage}：{error}）",
    "kvm.setup_refused.remedy": "请查看内核日志（dmesg）中与 kvm 有关的信息",
    "kvm.wrong_instruction": "本机的 KVM 无法执行 Linux 内核需要的指令 {instruction}（{ended}）",
    "kvm.wrong_instruction.remedy": EMULATED,
    "kvm.wrong_result": "本机的 KVM 能运行代码，但结果是错的（检查项 {check}）",
    "kvm.wrong_result.remedy": EMULATED,
    "kvm.hangs": "KVM 中的测试虚拟机在 {seconds} 秒内没有返回（检查项 {check}）",
    "kvm.hangs.remedy": EMULATED,
    "kvm.slow": "本机的 KVM 比处理器本身慢 {factor} 倍，而软件模拟（tcg）只慢约 {tcg} 倍",
    "kvm.slow.remedy": "请去掉 --accel kvm：在本机上软件模拟（tcg）更快",
    "kvm.unproven_arch": "本版本无法实测 {arch} 上的 KVM",
    "kvm.unproven_arch.remedy": "如果确知它可用，请用 --accel kvm 指定",
    "kvm.unprovable": "无法在主机上实测 KVM：{detail}",
    "kvm.unprovable.remedy": "请确认主机上的 python3 可以正常运行，然后重试",
    "kvm.proof.proven": "已在 KVM 中运行代码，结果正确而且快（循环 {loop_ms} 毫秒，处理器上 {bare_ms} 毫秒，退出 "
    "{exit_ms} 毫秒）",
    "kvm.device.usable": "{device} 存在，QEMU 的运行用户 {user} 可以使用它（{mode} {owner}）",
    "kvm.device.denied": "QEMU 的运行用户 {user} 无权使用 {device}（{mode} {owner}）",
    "kvm.device.denied.means": SLOW,
    "kvm.device.not_device": "{device} 不是设备，而是 {kind}",
    "kvm.device.not_device.means": SLOW,
    "kvm.device.no_node": "内核有 KVM，但 {device} 不存在",
    "kvm.device.no_node.means": SLOW,
    "kvm.device.no_module": "处理器提供虚拟化，但没有加载模块 {module}",
    "kvm.device.no_module.means": SLOW,
    "kvm.device.missing": "{device} 不存在",
    "kvm.device.missing.means": SLOW,
    "kvm.device.missing.remedy": "请查看 processor.virtualization 一项；处理器没有虚拟化就没有 KVM",
    "kvm.access.allowed": "{user} 可将 {device} 用于自己的虚拟机",
    "kvm.access.stranger": "{user} 不在可使用 {device} 的用户组 {group} 中",
    "kvm.access.stranger.means": "该用户自己的虚拟机（qemu:///session）只能以软件模拟方式运行；系统的虚拟机不受影响",
    "kvm.access.new_member": "{user} 已加入用户组 {group}，但本次登录尚未生效",
    "kvm.access.new_member.means": "下次登录之后，该用户自己的虚拟机（qemu:///session）即可使用 KVM",
    "kvm.access.new_member.remedy": "请注销后重新登录",
    "kvm.nested.on": "虚拟机中还可以用 KVM 运行虚拟机（{module}）",
    "kvm.nested.off": "虚拟机中不能再用 KVM 运行虚拟机（{module}，nested=0）",
    "kvm.nested.off.means": "只有实验环境、构建机以及自带虚拟机软件的 Windows 才需要；要等没有虚拟机运行时"
    "重新加载模块才会生效",
    "kvm.nested.pending": "{file} 已要求打开嵌套虚拟化，但尚未生效",
    "kvm.nested.pending.means": "在没有虚拟机运行时重新加载 {module}，或重启之后生效",
    "kvm.absent.means": SLOW,
    "kvm.no_hardware.means": SLOW,
    "kvm.not_kvm.means": SLOW,
    "kvm.denied.means": SLOW,
    "kvm.in_use.means": SLOW,
    "kvm.setup_refused.means": SLOW,
    "kvm.wrong_instruction.means": FIGURES,
    "kvm.wrong_result.means": FIGURES,
    "kvm.hangs.means": FIGURES,
    "kvm.slow.means": FIGURES,
    "kvm.unprovable.means": "不清楚 KVM 是否可信，因此虚拟机以软件模拟方式运行",
    "kvm.unproven_arch.means": "不清楚 KVM 是否可信，因此虚拟机以软件模拟方式运行",
}
