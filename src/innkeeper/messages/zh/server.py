"""The server."""

TEXT = {
    "server.address": "无法监听 {address} 端口 {port}：{reason}",
    "server.address.remedy": "用 --host 和 --port 另选一个，或查看谁占用了它：ss -ltnp",
}
