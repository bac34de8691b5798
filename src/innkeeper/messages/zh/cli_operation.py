"""操作与计划的命令。"""

TEXT = {
    "cli.operation.cancel": "要求一个操作停止，并撤销它所做的改动。\n"
    "在本机是您运行的某个 inn；加 --server 则是该服务器的操作，包括还在排队的。",
    "cli.operation.cancel.id": "操作的 id，或其开头部分",
    "cli.operation.cancel.done": "已要求操作 {id} 停止：{state}",
    "cli.operation.retry": "服务器的某个操作没有成功时，再做一次。",
    "cli.operation.retry.id": "操作的 id，或其开头部分",
    "cli.operation.retry.done": "操作 {id}：{target} 的 {verb}",
    "cli.operation.follow": "显示一个操作在做什么，直到它结束。",
    "cli.operation.follow.id": "操作的 id，或其开头部分",
    "cli.operation.follow.over": "操作 {id} 已结束：{state}",
    "cli.operation.follow.gone": "操作 {id} 已结束",
    "cli.field.ended": "结束",
    "cli.field.who": "请求者",
    "cli.field.undone": "已撤销",
    "cli.field.left": "残留",
    "cli.state.queued": "排队中",
    "cli.state.done": "已完成",
    "cli.state.failed": "失败",
    "cli.state.refused": "被拒绝",
    "cli.state.cancelled": "已取消",
    "cli.state.timeout": "已完成，但等待超时",
}
