"""Texts of `cli`: host and its devices."""

TEXT = {
    "cli.host": "本机：是否已准备好运行虚拟机、该怎样修复，以及有些什么。",
    "cli.host.device": "本机的设备。",
}
