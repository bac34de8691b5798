"""命令行：从发行方下载的镜像。"""

TEXT = {
    "cli.image.pull": (
        "下载目录中提供的镜像；“inn image list --available”列出有哪些。\n"
        "下载的内容会与发行方公布的校验和核对，有签名的还会核对签名。中断或按 ^C 停止的下载，下次会接着进行。"
    ),
    "cli.image.pull.name": "镜像在目录中的名称，例如 debian-12",
    "cli.image.pull.new_name": "镜像在这里使用另一个名称",
    "cli.image.pull.arch": "架构，x86_64 或 aarch64；未指定时与主机相同",
    "cli.image.pull.refresh": "已有该镜像时：查看是否有更新的并取用；原来的作为旧版本保留",
    "cli.image.pull.pulled": "镜像 {name} 已就绪：{version}（{size}）",
    "cli.image.pull.there": "镜像 {name} 已经存在：{version}",
    "cli.image.pull.current": "镜像 {name} 已是最新：{version}",
    "cli.image.pull.ask": "查看是否有更新的：inn image pull {name} --refresh",
    "cli.image.pull.signed": "校验和由 {signed} 签名",
    "cli.image.pull.unsigned": "校验和没有签名：只有它来自的服务器为它作保",
}
