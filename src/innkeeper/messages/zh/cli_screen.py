"""`cli` 的文字：view、send-keys、paste、logs、top。"""

TEXT: dict[str, str] = {
    "cli.view": (
        "在窗口中显示虚拟机的屏幕。\n"
        "没有查看器或没有图形显示时，会说明要安装什么、屏幕在哪里，以及怎样经 ssh 连过去。"
    ),
    "cli.view.print_only": "只打印供查看器使用的地址",
    "cli.view.connection_file": "只打印连接文件，remote-viewer 可把它作为 文件.vv 打开",
    "cli.view.viewer": "用哪个程序显示；不写则用已安装的最合适的一个",
    "cli.view.opened": "{name} 的屏幕在 {program} 的窗口中；关闭窗口即结束",
    "cli.view.install": "这里没有安装查看器：请安装软件包 {package}",
    "cli.view.no_display": "这里没有可以打开窗口的图形显示",
    "cli.view.nowhere": "屏幕没有地址：只有 libvirt 能把它交给主机上的 virt-viewer",
    "cli.view.address": "屏幕是 {host} 上的 {uri}",
    "cli.view.tunnel": "在有图形显示的电脑上：",
    "cli.send_keys": (
        "在虚拟机的键盘上按键。\n"
        "同时按下的键用 '-' 连接：ctrl-alt-delete、ctrl-alt-f2、super。多个参数依次按下。也可用 Linux 的名称"
        "（KEY_ENTER）。输入文字请用 'inn paste'。"
    ),
    "cli.send_keys.keys": "要按的键：a 到 z、0 到 9、f1 到 f24、enter、esc、tab、up、ctrl-alt-delete 等",
    "cli.send_keys.hold": "每次按下和松开之后的毫秒数；不写则为 50",
    "cli.send_keys.codeset": "以数字（如 0x1c）给出的按键所用的编号方式",
    "cli.send_keys.done": "{name}：已按 {keys}",
    "cli.paste": (
        "在虚拟机的键盘上输入文字。\n"
        "不写 文字 时取自 --file 或标准输入，这样密码不会出现在进程列表中；在终端上会询问且不显示。"
        "键盘打不出的字符会在输入之前就被拒绝。"
    ),
    "cli.paste.text": "要输入的文字",
    "cli.paste.file": "含有文字的文件；'-' 是标准输入",
    "cli.paste.layout": "虚拟机所认为的键盘布局；不写则为 us",
    "cli.paste.hold": "每次按下和松开之后的毫秒数；不写则为 20，较慢的虚拟机请加大",
    "cli.paste.ask": "要输入的文字（不显示）：",
    "cli.paste.done": "{name}：已输入 {count} 个字符",
    "cli.paste.twice": "既给了文字，又给了文件",
    "cli.paste.twice.remedy": "请只给其中一个",
    "cli.logs": (
        "显示虚拟机上次为何停止，以及 QEMU 和串口输出了什么。\n"
        "QEMU 日志中很长的命令行会略去；--qemu 原样显示该日志。"
    ),
    "cli.logs.serial": "只显示串口的日志",
    "cli.logs.qemu": "只显示 QEMU 的日志，原样显示",
    "cli.logs.lines": "每个日志显示的行数；不写则为 20",
    "cli.logs.since_start": "不显示上次启动之前的内容",
    "cli.logs.follow": "继续显示之后写入的内容，直到 ^C：QEMU 的日志；加 --serial 则为串口的日志",
    "cli.logs.both": "--serial 和 --qemu 都表示只要那一个",
    "cli.logs.both.remedy": "去掉一个；都去掉则全部显示",
    "cli.logs.of_qemu": "QEMU 的日志 {path}：",
    "cli.logs.of_serial": "串口的日志 {path}：",
    "cli.logs.last_stop": "在此之前：",
    "cli.logs.at": "时间：",
    "cli.logs.last_words": "QEMU 最后的话：",
    "cli.logs.panic": "系统崩溃：",
    "cli.logs.start_unknown": "无法判断上次启动从哪里开始：这是整个日志",
    "cli.top": (
        "显示运行中的虚拟机占用多少：CPU、内存、磁盘和网络。\n"
        "在终端上表格实时更新：c、m、d、n、a 按 CPU、内存、磁盘、网络、名称排序，r 反转，方向键滚动，q 结束。"
        "在其他地方则一个表接着一个表输出。"
    ),
    "cli.top.names": "只看这些虚拟机",
    "cli.top.sort": "按什么排序：占用最多的在前",
    "cli.top.interval": "两次查看之间的秒数；不写则为 1",
    "cli.top.once": "只输出一个表",
    "cli.top.count": "输出这么多个表后结束",
    "cli.top.once_count": "--once 和 --count 互相矛盾",
    "cli.top.once_count.remedy": "请去掉一个",
    "cli.top.none": "没有虚拟机在运行",
    "cli.top.lost": "libvirt 没有应答，正在重试（{detail}）",
    "cli.top.silent": "{names} 的 QEMU 没有应答",
    "cli.top.title": "{count} 个虚拟机在运行 · 按{order} · 每 {seconds} 秒 · {time}",
    "cli.top.keys": "q 结束 · c CPU  m 内存  d 磁盘  n 网络  a 名称  r 反转 · ↑ ↓ 滚动",
    "cli.top.by.cpu": "CPU",
    "cli.top.by.memory": "内存",
    "cli.top.by.disk": "磁盘",
    "cli.top.by.network": "网络",
    "cli.top.by.name": "名称",
    "cli.column.cpu": "CPU%",
    "cli.column.cpu_guest": "占自身",
    "cli.column.memory_host": "主机内存",
    "cli.column.memory_used": "已用",
    "cli.column.disk_read": "读/秒",
    "cli.column.disk_write": "写/秒",
    "cli.column.disk_reads": "读次数",
    "cli.column.disk_writes": "写次数",
    "cli.column.net_rx": "收/秒",
    "cli.column.net_tx": "发/秒",
}
