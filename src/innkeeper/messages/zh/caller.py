"""谁可以访问服务器，以及如何访问。"""

TEXT = {
    "caller.unknown": "服务器不认识请求者",
    "caller.unknown.remedy": "发送一个在此有效且未过期的令牌（inn token create），或用链接登录（inn token link）",
    "caller.link": "此链接无法登录",
    "caller.link.remedy": "链接只能在十分钟内使用一次；请生成新链接：inn token link",
    "caller.role": "{name} 的角色是 {role}；此操作需要 {needed}",
    "caller.role.remedy": "使用角色为 {needed} 的令牌：inn token create NAME --role {needed}",
    "caller.too_often": "请求过于频繁",
    "caller.too_often.remedy": "请在 {seconds} 秒后重试",
    "caller.host": "服务器的名称不是 {host}",
    "caller.host.remedy": "用其地址或 localhost 访问，或把该名称加入设置 server_names",
    "caller.plain": "该端口使用 https，而请求是明文 http",
    "caller.plain.remedy": "请访问 {url}",
    "caller.origin": "请求来自其他站点的页面：{origin}",
    "caller.origin.remedy": "打开服务器自己的页面，地址由 inn serve 打印",
    "caller.csrf": "浏览器请求更改，但没有请求头 {header}",
    "caller.csrf.remedy": "在该请求头中发送 GET /api/v1/session 返回的 csrf 值",
    "caller.no_session": "没有会话 {id}",
    "caller.no_session.remedy": "用 GET /api/v1/sessions 查看现有会话",
}
