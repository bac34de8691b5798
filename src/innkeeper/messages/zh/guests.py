"""医生对虚拟机的检查结果。"""

TEXT: dict[str, str] = {
    "guests.order.none": "没有虚拟机设置启动次序",
    "guests.order.kept": "systemd 按启动次序启动和停止虚拟机（{guests}）",
    "guests.order.not_kept": "有虚拟机设置了启动次序，但没有谁来执行：{guests}",
    "guests.order.not_kept.means": "libvirt 会按自己的次序随主机启动它们，关机时也没有谁按次序停止它们",
    "guests.order.no_systemd": "有虚拟机设置了启动次序（{guests}），而这台主机没有 systemd 来执行",
    "guests.order.no_systemd.means": "libvirt 会按自己的次序随主机启动它们",
    "guests.order.no_systemd.remedy": "请让主机自己的脚本调用 'inn host start-guests' 和 'inn host stop-guests'",
    "guests.order.no_program": "有虚拟机设置了启动次序（{guests}），而那台主机上没有安装 Innkeeper 来执行",
    "guests.order.no_program.means": "libvirt 会按自己的次序随主机启动它们",
    "guests.order.no_program.remedy": "请在那里安装 Innkeeper，然后运行 'inn host setup --only guests.order'",
    "guests.order.unseen": "libvirt 没有应答，无法查看虚拟机",
}
