"""解开下载的文件。"""

TEXT = {
    "unpack.too_large": "{path} 解开后超过 {most} 字节",
    "unpack.too_large.remedy": "请不要信任它的来源；自己的目录可以放宽限制（virtual_most）",
    "unpack.members": "{path} 中有 {count} 个文件，而应当只有一个（member：{member}）",
    "unpack.members.remedy": "请在目录中用 member 写明磁盘文件",
    "unpack.failed": "无法解开 {path}（{packing}）：{detail}",
    "unpack.failed.remedy": "请按提示处理后重试",
}
