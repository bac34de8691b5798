"""`inn serve`."""

TEXT = {
    "cli.serve": "在一个端口上提供 REST、事件和控制台。\n它打印的链接让其主人进入。",
    "cli.serve.address": "监听的地址",
    "cli.serve.port": "端口；0 表示任选一个空闲端口",
    "cli.serve.ready": "Innkeeper 已就绪：{url}",
}
