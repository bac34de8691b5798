"""不成立的请求。"""

TEXT = {
    "request.invalid": "{field}：{reason}",
    "request.invalid.remedy": "用 --help 查看该命令接受什么",
    "request.name": "{name} 不能用作 {what} 的名称",
    "request.name.remedy": "请用 1 到 63 个字母、数字、'.'、'_' 或 '-'，并以字母或数字开头",
    "request.size": "{what}：{value!r} 不是有效的大小",
    "request.size.remedy": "请写正数加单位，例如 512M、2G 或 1T",
    "request.choice": "这里 {what} 不能是 {value!r}",
    "request.choice.remedy": "可选值：{choices}",
    "request.number": "{what}：{value} 超出范围",
    "request.number.remedy": "请在 {least} 到 {most} 之间选择",
    "request.address": "{value!r} 不能用作 {what} 的地址",
    "request.address.remedy": "请写形如 192.168.122.50 的地址",
    "request.file": "无法读取 {path}：{reason}",
    "request.file.remedy": "请确认文件存在并且你有读取权限",
    "request.together": "{first} 和 {second} 不能同时使用",
    "request.together.remedy": "去掉其中一个",
    "request.needs": "{first} 需要 {second}",
    "request.needs.remedy": "加上 {second}，或去掉 {first}",
    "request.ssh_key": "{path} 中没有 ssh 公钥",
    "request.ssh_key.remedy": "请指定密钥对的 .pub 文件，例如 ~/.ssh/id_ed25519.pub",
}
