"""网络。"""

TEXT = {
    "network.unknown": "没有网络 {name}",
    "network.unknown.remedy": "可选：{choices}",
    "network.inactive": "网络 {name} 未激活",
    "network.inactive.remedy": "启动它：virsh net-start {name}",
    "network.no_bridge": "当前用户的 libvirt 不能使用网络 {name}",
    "network.no_bridge.remedy": "请用 --network user，或以 root 运行（qemu:///system）",
    "network.address_outside": "{address} 不在网络 {name}（{subnet}）中",
    "network.address_outside.remedy": "请选择该网络中的地址",
    "network.address_taken": "网络 {name} 中 {address} 已分配给别人",
    "network.address_taken.remedy": "请换一个地址",
}
