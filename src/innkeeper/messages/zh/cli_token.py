"""`inn token`。"""

TEXT = {
    "cli.token": "让程序和浏览器访问服务器的令牌与链接",
    "cli.token.create": "为程序创建令牌。\n令牌只打印这一次；保存的内容无法还原出令牌。viewer 只能查看，operator 还能启动、停止和使用虚拟机，admin 可以做一切。",
    "cli.token.create.name": "令牌的名称，例如使用它的程序的名称",
    "cli.token.create.role": "权限：viewer、operator 或 admin",
    "cli.token.create.days": "多少天后过期；默认 90",
    "cli.token.create.forever": "永不过期",
    "cli.token.list": "列出令牌：权限和上次使用时间。",
    "cli.token.remove": "删除令牌：两秒之内失效。",
    "cli.token.remove.name": "令牌的名称",
    "cli.token.link": "生成一个链接，让浏览器在十分钟内登录一次。\n用于作为服务运行的服务器，其自身的链接没有人看到。",
    "cli.token.never": "永不",
    "cli.token.made": "令牌 {name}：{role}，过期时间 {expires}。不会再次显示。",
    "cli.token.removed": "已删除令牌 {name}。",
    "cli.column.role": "角色",
    "cli.column.created": "创建时间",
    "cli.column.expires": "过期时间",
    "cli.column.used": "上次使用",
}
