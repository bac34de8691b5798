"""经由网络的控制台。"""

TEXT = {
    "console.too_many": "已打开 {most} 个控制台，达到上限",
    "console.too_many.remedy": "请先关闭一个",
    "console.readers": "已有 {most} 人在看这个控制台，达到上限",
    "console.readers.remedy": "请等其中一人离开",
    "console.tickets": "还有 {most} 张控制台凭据未使用，达到上限",
    "console.tickets.remedy": "请等半分钟",
    "console.ticket": "没有这张凭据：已用过、已过期，或属于别人",
    "console.ticket.remedy": "请重新申请一张",
    "console.ended": "控制台已结束",
    "console.ended.remedy": "请看来宾是否仍在运行，然后重新打开",
}
