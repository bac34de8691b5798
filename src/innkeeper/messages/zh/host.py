"""主机及其设置。"""

TEXT = {
    "host.config": "{path}：{reason}",
    "host.config.remedy": "请改正该文件；可用的键有 uri、pool 和 network",
}
