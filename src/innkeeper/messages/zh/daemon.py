"""libvirt 的守护进程。"""

TEXT = {
    "daemon.guests_run": "不再停止 {name}：在那之后已启动虚拟机 {guests}",
    "daemon.guests_run.remedy": "请先停止它们（inn stop），然后重试",
    "daemon.no_answer": "{name} 在 {seconds} 秒内没有启动或停止完毕",
    "daemon.no_answer.remedy": "请查看它的日志：journalctl -u {name}，或 /var/log/libvirt",
}
