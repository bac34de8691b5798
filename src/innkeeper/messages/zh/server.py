"""The server."""

TEXT = {
    "server.address": "无法监听 {address} 端口 {port}：{reason}",
    "server.address.remedy": "用 --host 和 --port 另选一个，或查看谁占用了它：ss -ltnp",
    "server.bug": "服务器遇到了意料之外的错误：{kind}",
    "server.bug.remedy": "请查看操作是否已完成，并附上服务器日志报告此问题",
    "server.keeper_gone": "服务器中操作主机的部分已不在",
    "server.keeper_gone.remedy": "请查看服务器日志；它会自动重新启动",
    "server.running": "{directory} 已有另一个服务器在运行：{owner}",
    "server.running.remedy": "结束它，或用 INNKEEPER_STATE_DIR 另选状态目录",
    "server.not_running": "{directory} 没有服务器在运行",
    "server.not_running.remedy": "启动一个：inn serve",
    "server.certificate": "{path} 不是带密钥的证书：{reason}",
    "server.certificate.remedy": "请提供相互匹配的 PEM 文件，密钥不带密码",
    "server.web_gone": "服务器的 Web 部分自行结束了（状态 {status}）",
    "server.web_gone.remedy": "请查看服务器日志，然后重新启动",
    "server.no_pages": "Web 界面尚未构建：请在代码目录中运行 script/web。API 位于 /api。",
}
