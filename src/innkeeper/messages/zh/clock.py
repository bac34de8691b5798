"""主机时钟。"""

TEXT = {
    "clock.source.fine": "时钟来源为 {source}",
    "clock.source.none": "此内核没有说明时钟来源",
    "clock.source.slow": "时钟来源为 {source}，而 {better} 可用",
    "clock.source.slow.means": "无论主机还是虚拟机，每次读取时间都要约一微秒而不是几纳秒，虚拟机的用户程序也用不上 kvm-clock",
    "clock.source.dropped": "时钟来源为 {source}：内核已弃用处理器自身的时钟",
    "clock.source.dropped.means": "每次读取时间都要约一微秒而不是几纳秒；内核日志会说明为何认为处理器时钟（TSC）不稳定，常因固件缺陷",
    "clock.sync.kept": "时钟由 {daemon} 校准",
    "clock.sync.kept_by_others": "时钟由外部校准",
    "clock.sync.not_yet": "{daemon} 正在运行，但时钟（尚）未同步",
    "clock.sync.not_yet.means": "时间可能不准；守护进程可能刚刚启动，或连不上任何服务器",
    "clock.sync.stopped": "没有校准时钟：{service} 已安装但没有运行",
    "clock.sync.stopped.means": "虚拟机启动时从主机取得时间；证书、日志、备份和集群都需要准确的时间",
    "clock.sync.none": "没有校准时钟",
    "clock.sync.none.means": "虚拟机启动时从主机取得时间；证书、日志、备份和集群都需要准确的时间",
}
