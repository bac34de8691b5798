"""镜像：由虚拟机制作。"""

TEXT = {
    "image.cleaner": "这台计算机缺少从磁盘中清除机器标识的程序：{programs}",
    "image.cleaner.remedy": "安装 {packages}，或原样取用磁盘：--keep-identity",
    "image.no_appliance": "{program} 无法生成查看磁盘用的小虚拟机：{reason}",
    "image.no_appliance.remedy": "它由本机的内核组成：/boot 中须有内核，且当前用户可读（Debian：软件包 linux-image-amd64）；libguestfs-test-tool 给出详情。要原样取用磁盘：--keep-identity",
    "image.not_cleaned": "{program} 无法清除磁盘中的机器标识：{reason}",
    "image.not_cleaned.remedy": "如果磁盘上没有它认识的系统，或者磁盘已加密，就原样取用：--keep-identity",
    "image.several_disks": "{name} 有多块磁盘：{disks}",
    "image.several_disks.remedy": "说明用哪一块制作镜像：--disk TARGET",
    "image.no_disk": "{name} 没有可用来制作镜像的磁盘",
    "image.no_disk.remedy": "查看它的磁盘：inn show {name}",
    "image.started": "复制磁盘时 {name} 被启动了",
    "image.started.remedy": "关闭它后再试：inn stop {name}",
    "image.progress.copy": "正在复制磁盘",
    "image.progress.clean": "正在清除副本中的机器标识",
}
