"""The server."""

TEXT = {
    "server.address": "无法监听 {address} 端口 {port}：{reason}",
    "server.address.remedy": "用 --host 和 --port 另选一个，或查看谁占用了它：ss -ltnp",
    "server.bug": "服务器遇到了意料之外的错误：{kind}",
    "server.bug.remedy": "请查看操作是否已完成，并附上服务器日志报告此问题",
    "server.keeper_gone": "服务器中操作主机的部分已不在",
    "server.keeper_gone.remedy": "请查看服务器日志；它会自动重新启动",
}
