"""宿主机的包过滤规则，以及虚拟机的数据包会遇到什么。"""

LASTS = "每次网络启动时这些规则都会恢复；重新加载防火墙会使它们消失，直到网络再次启动"

TEXT = {
    "firewall.no_root": "只有 root 能读取防火墙规则",
    "firewall.no_root.means": "无法得知它们是否阻断了虚拟机",
    "firewall.no_root.remedy": "请用 sudo 运行",
    "firewall.no_libvirt": "无法得知虚拟机在哪些网桥上：{reason}",
    "firewall.libvirt.there": "libvirt 自己的规则都在（{networks}）",
    "firewall.libvirt.none": "libvirt 被设置为不写入自己的规则（{file}）",
    "firewall.libvirt.gone": "防火墙中没有了 libvirt 自己的规则（{networks}）",
    "firewall.libvirt.gone.means": "{networks} 上的虚拟机可能出不去：不再有规则转换它们的地址。"
    "libvirt 写入规则之后，有人清空或重新加载了防火墙",
    "firewall.host.open": "虚拟机能使用本机的 DHCP 和 DNS（{bridges}）",
    "firewall.host.cut": "{by} 阻断了 {bridge} 上的虚拟机与本机之间的 {what}：“{rule}”（{where}）",
    "firewall.host.cut.means": "{network} 上的虚拟机得不到地址或无法解析域名；修复之后，" + LASTS,
    "firewall.host.cut_until": "{by} 阻断了 {bridge} 上的虚拟机与本机之间的 {what}：“{rule}”（{where}）",
    "firewall.host.cut_until.means": "{network} 上的虚拟机得不到地址或无法解析域名",
    "firewall.host.cut_until.remedy": "请用写入这些规则的程序（{by}）放行来自 {bridge} 的 {what}",
    "firewall.host.perhaps": "有一条规则可能阻断 {bridge} 上的虚拟机与本机之间的 {what}：“{rule}”（{where}，{by}）",
    "firewall.host.perhaps.means": "它的条件只有在数据包到来时才能知道",
    "firewall.forward.open": "虚拟机能到达本机以外的网络（{bridges}）",
    "firewall.forward.nowhere": "本机自己也没有出路（没有默认路由），虚拟机同样没有",
    "firewall.forward.cut": "{by} 阻断了 {bridge} 上的虚拟机发往外界的数据包或其应答：“{rule}”（{where}）",
    "firewall.forward.cut.means": "{network} 上的虚拟机只能到达本机，到不了别处；修复之后，" + LASTS,
    "firewall.forward.cut_until": "{by} 阻断了 {bridge} 上的虚拟机发往外界的数据包或其应答：“{rule}”（{where}）",
    "firewall.forward.cut_until.means": "{network} 上的虚拟机只能到达本机，到不了别处",
    "firewall.forward.cut_until.remedy": "请用写入这些规则的程序（{by}）放行 {bridge} 的流量",
    "firewall.forward.perhaps": "有一条规则可能阻断 {bridge} 上的虚拟机发往外界的数据包：“{rule}”（{where}，{by}）",
    "firewall.forward.perhaps.means": "它的条件只有在数据包到来时才能知道",
    "firewall.bridge.open": "同一网桥上的虚拟机能互相到达（{bridges}）",
    "firewall.bridge.unfiltered": "网桥内部的流量不经过滤（bridge-nf-call-iptables 已关闭）",
    "firewall.bridge.cut": "{by} 阻断了 {bridge} 上的虚拟机之间的流量：“{rule}”（{where}）",
    "firewall.bridge.cut.means": "{network} 上的虚拟机不能互相到达，因为网桥内部的数据包也要经过过滤"
    "（bridge-nf-call-iptables 为 1）；修复之后，" + LASTS,
    "firewall.bridge.cut_until": "{by} 阻断了经过网桥 {bridge} 的流量：“{rule}”（{where}）",
    "firewall.bridge.cut_until.means": "{bridge} 上的虚拟机既不能互相到达，也到不了它所在的网络，因为网桥内部的数据包也要经过过滤"
    "（bridge-nf-call-iptables 为 1）；修复所加的规则只保持到防火墙重新加载为止",
    "firewall.bridge.perhaps": "有一条规则可能阻断经过网桥 {bridge} 的流量：“{rule}”（{where}，{by}）",
    "firewall.bridge.perhaps.means": "它的条件只有在数据包到来时才能知道",
}
