"""令牌。"""

TEXT = {
    "token.exists": "已有名为 {name} 的令牌",
    "token.exists.remedy": "另选一个名称，或先删除它：inn token remove {name}",
    "token.unknown": "没有名为 {name} 的令牌",
    "token.unknown.remedy": "用 inn token list 查看现有令牌",
}
