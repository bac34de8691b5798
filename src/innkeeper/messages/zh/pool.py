"""存储池。"""

TEXT = {
    "pool.unknown": "没有存储池 {name}",
    "pool.unknown.remedy": "可选：{choices}",
    "pool.inactive": "存储池 {name} 未激活",
    "pool.inactive.remedy": "启动它：virsh pool-start {name}",
    "pool.no_path": "存储池 {name} 的卷不是主机上的文件或设备",
    "pool.no_path.remedy": "请用 --pool 选择目录池或卷组",
    "pool.full": "存储池 {name} 剩余 {free}，需要 {needed}",
    "pool.full.remedy": "请腾出空间，或用 --pool 选择另一个池",
}
