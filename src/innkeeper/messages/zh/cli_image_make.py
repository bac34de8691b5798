"""命令行：构建的镜像、由虚拟机制作的镜像，以及镜像的版本。"""

TEXT = {
    "cli.image.list.all": "也列出旧版本，写作 NAME@RELEASE",
    "cli.image.show.name": "镜像名称；NAME@RELEASE 表示它的某个版本",
    "cli.image.remove.name": "镜像名称，表示整个镜像；NAME@RELEASE 只表示它的某个版本",
    "cli.image.build.replace": "已有同名镜像时取代它；原来的作为旧版本保留",
    "cli.image.import.replace": "已有同名镜像时取代它；原来的作为旧版本保留",
    "cli.field.release": "版本",
    "cli.field.versions": "旧版本",
    "cli.image.make": "用一台已关机的虚拟机制作镜像。\n复制磁盘及其依赖的全部底层；从副本中清除机器标识、主机密钥、日志、历史记录和租约（virt-sysprep），并去掉未使用的空间。\n虚拟机本身不变。",
    "cli.image.make.guest": "虚拟机名称",
    "cli.image.make.name": "镜像名称",
    "cli.image.make.disk": "虚拟机有多块磁盘时取哪一块，例如 vda",
    "cli.image.make.keep_identity": "原样取用磁盘，保留使它成为这台机器的一切",
    "cli.image.make.replace": "已有同名镜像时取代它；原来的作为旧版本保留",
    "cli.image.make.os": "其系统，按 osinfo 的命名；不写时与制作该虚拟机的镜像相同",
    "cli.image.make.user": "登录用户；不写时与该虚拟机相同",
    "cli.image.make.login": "登录方式；不写时与该虚拟机相同",
    "cli.image.make.boot_pattern": "串口上用户空间第一行的正则表达式；不写时与该虚拟机相同",
    "cli.image.make.cloud_init": "它运行 cloud-init；不写时与制作该虚拟机的镜像相同",
    "cli.image.make.agent": "它运行 QEMU 客户机代理；不写时与制作该虚拟机的镜像相同",
}
