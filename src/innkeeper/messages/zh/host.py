"""主机及其设置。"""

TEXT = {
    "host.config": "{path}：{reason}",
    "host.config.remedy": "请改正该文件；可用的键有 uri、pool 和 network",
    "host.finding_unknown": "没有名为 {id} 的检查项或类别",
    "host.finding_unknown.remedy": "请从 “inn host check” 列出的检查项中选择，或选择一个类别：{choices}",
    "host.check_late": "该项在 {seconds} 秒内没有返回结果",
    "host.check_late.means": "主机上有什么卡住了，因此无从得知该项的情况",
    "host.check_failed": "无法查看该项：{reason}",
    "host.check_failed.means": "该项情况不明",
    "host.check_bug": "由于 Innkeeper 自身的错误，无法查看该项：{reason}",
    "host.libvirt_hangs": "{uri} 的 libvirt 接受了连接，但在 {seconds} 秒内没有应答",
    "host.libvirt_hangs.remedy": "请重启它：systemctl restart libvirtd；其间虚拟机照常运行",
    "host.no_package_manager": "这里没有已知的软件包管理器（查找过 {choices}）",
    "host.no_package_manager.remedy": "请按本系统的方式安装",
    "host.packages_unknown": "无法取得软件包 {names}：{detail}",
    "host.packages_unknown.remedy": "请更新软件包列表（apt-get update）后重试",
    "host.packages_needed": "不能再卸载 {names}：现在 {others} 需要它们",
    "host.packages_needed.remedy": "请保留它们，或先卸载后者",
    "host.check_bug.means": "该项情况不明；其余各项不受影响",
    "host.progress.repairing": "{finding}：{kind} {key}",
    "host.progress.undoing": "{finding}：正在还原 {kind} {key}",
}
