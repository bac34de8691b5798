"""在主机之外保存虚拟机的命令的帮助。"""

TEXT = {
    "cli.export": "把虚拟机写成一个文件，或写到标准输出\n包括定义、磁盘及其底层文件、固件变量、TPM 状态和我们记录的信息，附校验和；空洞仍是空洞。'inn create NAME --import FILE' 用它在本机或别的主机上重建虚拟机。运行中的虚拟机按同一时刻导出；怎样用 tar 拆开文件见 'docs/how-to'。",
    "cli.export.file": "新文件，写完整后才出现；'-' 表示标准输出",
    "cli.export.compress": "怎样压缩；不指定时用 zstd",
    "cli.export.without": "留下的磁盘（vda）；可重复",
    "cli.export.no_freeze": "对运行中的虚拟机：不让代理在那一刻冻结文件系统",
    "cli.export.done": "{name} 已导出到 {file}（{size}）",
    "cli.create.bundle": "由导出重建：文件，或 '-' 表示标准输入；只能与 --pool、--network、--accel、--trust、--overcommit、--wait、--no-start 一起用",
    "cli.create.trust": "接受导出的定义中属于原主机的设备、路径和参数",
}
