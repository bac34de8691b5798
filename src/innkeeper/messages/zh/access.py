"""谁能访问虚拟机的文件。"""

TEXT = {
    "access.images.open": "运行 QEMU 的用户 {user} 能到达各磁盘（{count} 个目录）",
    "access.images.root": "QEMU 以 root 运行，能到达所有磁盘",
    "access.images.shut": "运行 QEMU 的用户 {user} 不能经过目录 {folder}（权限 {mode}）",
    "access.images.shut.means": "磁盘或光盘位于 {places} 的虚拟机无法启动：权限不足",
    "access.images.no_libvirt": "无法得知磁盘在哪里：{reason}",
}
