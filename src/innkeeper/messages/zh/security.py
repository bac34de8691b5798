"""对 QEMU 的约束。"""

TEXT = {
    "security.driver.confined": "每台虚拟机的 QEMU 都受 {model} 约束",
    "security.driver.none": "内核没有启用 AppArmor 或 SELinux；QEMU 仅靠其用户身份受限",
    "security.driver.unseen": "无法得知 QEMU 受何约束：libvirt 没有应答",
    "security.driver.unseen.means": "请看有关 libvirt 守护进程的检查结果",
    "security.driver.permissive": "SELinux 处于宽容模式：只记录而不阻止",
    "security.driver.permissive.means": "从 QEMU 中逃逸的虚拟机可以接触其他虚拟机的磁盘",
    "security.driver.switched_off": "{file} 让 libvirt 不作任何约束，而内核已启用 {model}",
    "security.driver.switched_off.means": "从 QEMU 中逃逸的虚拟机可以接触其他虚拟机的磁盘",
    "security.driver.unused": "内核已启用 {model}，但 libvirt 没有使用",
    "security.driver.unused.means": "从 QEMU 中逃逸的虚拟机可以接触其他虚拟机的磁盘；libvirt 在启动时检测，也可能编译时就不含此功能",
    "security.images.allowed": "受约束的虚拟机可以访问各存储池的镜像",
    "security.images.unconfined": "除文件权限外，没有其他因素妨碍虚拟机访问镜像",
    "security.images.unseen": "无法得知受约束的虚拟机能否访问镜像：libvirt 没有应答",
    "security.images.unseen.means": "请看有关 libvirt 守护进程的检查结果",
    "security.images.hidden": "AppArmor 不让 libvirt 的辅助程序读取存储池 {pool}（{folder}）中 {count} 个以其他镜像为底的镜像：{names}",
    "security.images.hidden.means": "它无法得知这些镜像以什么为底，使用它们的虚拟机会因“Permission denied”无法启动",
    "security.images.mislabelled": "存储池 {pool} 位于 {folder}，SELinux 标签为 {label}：受约束的虚拟机不得进入",
    "security.images.mislabelled.means": "磁盘位于其中的虚拟机会因“Permission denied”无法启动",
    "security.images.shared": (
        "存储池 {pool} 位于 {folder}，属于网络或用户态文件系统（{label}），"
        "而 SELinux 不允许虚拟机使用（{boolean} 为 off）"
    ),
    "security.images.shared.means": "磁盘位于其中的虚拟机会因“Permission denied”无法启动",
}
