"""`inn image list --available` 的文字。"""

TEXT = {
    "cli.image.list.available": "镜像目录提供什么、其中哪些已有、哪些已知有更新的版本",
    "cli.image.list.refresh": "与 --available 一起使用：先向发行方询问最新版本",
    "cli.column.needs_memory": "需要内存",
    "cli.column.needs_disk": "磁盘",
    "cli.column.there": "已有",
    "cli.column.newest": "已知最新",
    "cli.image.offers.mark": "（有更新）",
    "cli.image.offers.pull": "用“inn image pull 名称”获取，或直接用“inn create 名称 --image 镜像名”",
    "cli.image.offers.newer": "已知有更新的版本：{names}；用“inn image pull {name} --refresh”获取",
}
