"""Schedules."""

TEXT = {
    "schedule.unknown": "there is no schedule {name}",
    "schedule.unknown.remedy": "see 'inn schedule list'",
    "schedule.exists": "there is a schedule {name} already",
    "schedule.exists.remedy": "take another name, or remove that one first",
    "schedule.cron": "{cron} names no time",
    "schedule.cron.remedy": "give minute, hour, day of the month, month and day of the week, such as '30 2 * * *', or @daily",
    "schedule.zone": "{zone} is no time zone that is known here",
    "schedule.zone.remedy": "name one of the tz database, such as Europe/Berlin or Asia/Shanghai",
    "schedule.field": "{field} means nothing for the action {action}",
    "schedule.field.remedy": "leave it out",
    "schedule.progress.already": "{name} is so already",
    "schedule.progress.prune": "removing the older backup {name}",
    "schedule.progress.gone": "the backup {name} was removed by others",
}
