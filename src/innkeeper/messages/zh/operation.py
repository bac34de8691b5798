"""操作：步骤、撤销、锁。"""

TEXT = {
    "operation.busy": "{name} 正忙：{owner}",
    "operation.busy.remedy": "请等它结束，或查看 'inn operation list'",
    "operation.cancelled": "已取消 {name} 的 {verb}",
    "operation.cancelled.remedy": "需要时再运行一次",
    "operation.alive": "操作 {id} 仍在运行（进程 {pid}）",
    "operation.alive.remedy": "请等它结束，或在它运行处按 ^C",
    "operation.left": "操作 {id} 未能全部撤销：{what}",
    "operation.left.remedy": "按提示修复后再运行 'inn operation clean {id}'",
    "operation.left_behind": "{why}；操作 {id} 未能全部撤销：{what}",
    "operation.left_behind.remedy": "按提示修复后再运行 'inn operation clean {id}'",
    "operation.unknown": "没有操作 {id}",
    "operation.unknown.remedy": "请查看 'inn operation list'",
    "operation.progress.undoing": "正在撤销已做的改动",
    "operation.progress.recovered": "已清理被中断的操作 {id}",
}
