"""`cli` 的文字：exec、cp、ssh-config，以及从内部看到的虚拟机。"""

TEXT: dict[str, str] = {
    "cli.exec": (
        "在虚拟机里执行命令；退出码就是该命令的退出码。\n"
        "通过客户机代理执行；没有代理或代理拒绝时改用 ssh。各个词原样传给命令，在用户主目录中执行；"
        "需要管道或通配符时请写 sh -c '…'。标准输入是管道或文件时会一并传入。"
        "经由代理时，较长的输入和输出会经过虚拟机 /var/tmp 下的文件；"
        "没有 /bin/sh 的虚拟机最多接受 64 KiB 输入，只能取回代理保留的输出，最多 16 MiB。"
    ),
    "cli.exec.name": "虚拟机的名称",
    "cli.exec.words": "命令及其参数；从命令的第一个词起，都不再是 inn 的选项",
    "cli.exec.user": "以哪个用户执行；默认经由代理时为 root，经由 ssh 时为登录用户",
    "cli.exec.env": "环境变量；可重复",
    "cli.exec.timeout": "最多允许的秒数；超时后在虚拟机里结束它",
    "cli.exec.no_stdin": "不读取标准输入",
    "cli.any.via": "走哪条路；默认先用代理，不行再用 ssh",
    "cli.any.verbose": "说明走了哪条路、以哪个用户",
    "cli.exec.way": "{way}，用户 {user}",
    "cli.exec.truncated": "{name}：输出超过了代理保留的数量",
    "cli.exec.no_command": "要在 {name} 里执行哪个命令？",
    "cli.exec.no_command.remedy": "请写成：inn exec {name} -- COMMAND",
    "cli.way.agent": "通过客户机代理",
    "cli.way.ssh": "通过 ssh",
    "cli.cp": (
        "把文件和目录复制到虚拟机里，或从虚拟机里复制出来；NAME:PATH 表示虚拟机里的路径。\n"
        "通过客户机代理复制；没有代理或代理拒绝时改用 ssh。每个文件完整后才就位，会覆盖已有文件。"
        "权限位会保留，所有者和时间不保留。非绝对路径从用户主目录算起；./a:b 是这台电脑上的文件。"
        "经由代理复制进去的内容会先放在虚拟机的 /var/tmp 下。"
    ),
    "cli.cp.paths": "复制什么、复制到哪里；有多个来源时，目标必须是目录",
    "cli.cp.user": "虚拟机里的用户；默认经由代理时为 root，经由 ssh 时为登录用户",
    "cli.cp.no_clobber": "已有同名的文件或目录时拒绝",
    "cli.cp.recursive": "目录总会连同内容一起复制；保留此选项只为顺手",
    "cli.cp.way": "{way}，用户 {user}",
    "cli.cp.done": "已复制 {files} 个文件（{size} 字节）到 {where}",
    "cli.cp.skipped": "已略过（既不是文件、目录，也不是链接）：{path}",
    "cli.cp.too_few": "cp 至少需要一个来源和一个目标",
    "cli.cp.too_few.remedy": "inn cp FILE NAME:PATH，或 inn cp NAME:PATH FILE",
    "cli.cp.sides": "全部来源或目标，其中一方必须在同一台虚拟机里",
    "cli.cp.sides.remedy": "虚拟机里的路径写作 NAME:PATH；虚拟机之间请先复制到这台电脑",
    "cli.ssh_config": (
        "输出 ssh 怎样到达虚拟机，格式为 ssh 的配置段。\n"
        "每台虚拟机是一个与其同名的 Host。没有运行或没有地址的虚拟机写成注释。"
    ),
    "cli.ssh_config.names": "虚拟机；不指定则为全部",
    "cli.ssh_config.ansible": "改为输出 YAML 格式的 Ansible 清单",
    "cli.ssh_config.write": "不输出，而是写入 ~/.ssh/config.d 中单独的文件",
    "cli.ssh_config.head": "{uri} 上的虚拟机；由 'inn ssh-config' 输出",
    "cli.ssh_config.name": "{name}：ssh 和 Ansible 会把这个名称当成模式",
    "cli.ssh_config.written": "已写入 {path}",
    "cli.ssh_config.include": "要让 ssh 读取它，请在 {config} 的开头加上这一行：{line}",
    "cli.inside.answers": "据其代理 {version}",
    "cli.inside.slow": "据其代理；一秒内没有全部答复",
    "cli.inside.silent": "代理在一秒内没有答复",
    "cli.inside.off": "里面没有运行代理",
    "cli.field.inside": "内部",
    "cli.field.inside_os": "  系统",
    "cli.field.inside_kernel": "  内核",
    "cli.field.inside_host_name": "  主机名",
    "cli.field.inside_time_zone": "  时区",
    "cli.field.inside_nic": "  网卡",
    "cli.field.inside_user": "  已登录",
    "cli.field.inside_disk": "  文件系统",
}
