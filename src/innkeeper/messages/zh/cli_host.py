"""Texts of `cli`: host and its devices."""

TEXT = {
    "cli.host": "本机：是否已准备好运行虚拟机、该怎样修复，以及有些什么。",
    "cli.host.check": "检查本机是否已准备好运行虚拟机：看到了什么、意味着什么、该怎么做。\n"
    "存在问题时退出码为 1。",
    "cli.host.check.only": "只检查这一项，或这一类；可重复使用",
    "cli.host.setup": "修复发现的问题；--undo 可全部还原。\n仅属建议的项目，用 --only 指明后才会修改。",
    "cli.host.setup.only": "只修复这一项，或这一类；可重复使用",
    "cli.host.setup.undo": "恢复到修复之前的状态；之后被他人改动过的除外",
    "cli.host.report": "主机 {host}（{uri}）",
    "cli.host.counts": "{ok} 项正常，{advice} 项有建议，{problem} 项有问题，{unknown} 项不明",
    "cli.host.repairable": "“inn host setup” 可修复其中 {count} 项问题；“inn host setup --undo” 可还原",
    "cli.host.nothing_done": "没有需要做的事",
    "cli.host.left": "尚存的问题：",
    "cli.host.done": "已修复 {finding}：{kind} {key}",
    "cli.host.undone": "已还原 {finding}：{kind} {key}",
    "cli.host.failed": "未完成 {finding}：{kind} {key}：{reason}",
    "cli.host.left_alone": "保持不动 {finding}：{kind} {key}：之后已被他人改动",
    "cli.host.device": "本机的设备。",
}
