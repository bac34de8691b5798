"""libvirt 拒绝或做不到的事。"""

TEXT = {
    "libvirt.denied": "libvirt 不允许：{detail}",
    "libvirt.denied.remedy": "请以 root 运行，或加入 libvirt 组后重新登录",
    "libvirt.invalid_now": "{name}：当前状态下无法执行：{detail}",
    "libvirt.invalid_now.remedy": "用 'inn show {name}' 查看它的状态",
    "libvirt.unsupported": "这台主机做不到：{detail}",
    "libvirt.unsupported.remedy": "请选择主机支持的方式，或换一台主机",
    "libvirt.xml": "libvirt 拒绝 {name} 的 XML：{detail}",
    "libvirt.xml.remedy": "请改正它指出的地方",
    "libvirt.lost": "libvirt 不再响应：{detail}",
    "libvirt.lost.remedy": "请确认主机上 libvirtd 在运行，再用 'inn list' 查看结果",
    "libvirt.failed": "libvirt 未能完成：{detail}",
    "libvirt.failed.remedy": "请按提示修复后重试",
    "libvirt.unreachable": "无法连接 {uri} 的 libvirt：{detail}",
    "libvirt.unreachable.remedy": "请启动它（systemctl start libvirtd，源码目录中用 script/up），或用 -c URI 指定另一个",
}
