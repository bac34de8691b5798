"""计划。"""

TEXT = {
    "schedule.unknown": "没有计划 {name}",
    "schedule.unknown.remedy": "请查看 'inn schedule list'",
    "schedule.exists": "已有计划 {name}",
    "schedule.exists.remedy": "请换一个名称，或先删除它",
    "schedule.cron": "{cron} 不表示任何时间",
    "schedule.cron.remedy": "请给出分、时、日、月、星期，如 '30 2 * * *'，或 @daily",
    "schedule.zone": "这里不认识时区 {zone}",
    "schedule.zone.remedy": "请给出 tz 数据库中的时区，如 Europe/Berlin 或 Asia/Shanghai",
    "schedule.field": "{field} 对操作 {action} 没有意义",
    "schedule.field.remedy": "请去掉它",
    "schedule.progress.already": "{name} 已经如此",
    "schedule.progress.prune": "正在删除较旧的备份 {name}",
    "schedule.progress.gone": "备份 {name} 已被别处删除",
}
