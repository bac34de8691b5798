"""宿主机上的程序、文件和锁。"""

TEXT = {
    "machine.file_missing": "文件 {path} 不存在",
    "machine.file_missing.remedy": "请检查路径",
    "machine.file_denied": "无权使用 {path}",
    "machine.file_denied.remedy": "请换有权限的用户运行，或修改它的权限",
    "machine.file_failed": "{path}：{reason}",
    "machine.file_failed.remedy": "请腾出空间或修复文件系统后重试",
    "machine.program_missing": "没有安装程序 {program}",
    "machine.program_missing.remedy": "请安装它；在源码目录中 script/setup 会装好 Innkeeper 所需的一切",
    "machine.command_failed": "{program} 以状态 {status} 结束：{detail}",
    "machine.command_failed.remedy": "请按提示修复后重试",
    "machine.command_timeout": "{program} 在 {seconds} 秒内没有结束",
    "machine.command_timeout.remedy": "请在主机较空闲时重试",
    "machine.unreachable": "无法通过 ssh 连接 {machine}：{reason}",
    "machine.unreachable.remedy": "请确认 'ssh {machine}' 无需密码即可登录",
    "machine.needed": "{verb} 需要在主机上运行程序，而 {uri} 做不到",
    "machine.needed.remedy": "请连接本机 URI 或经由 ssh 的 URI，例如 qemu+ssh://root@host/system",
    "machine.root_needed": "{verb} 需要主机的 root 权限",
    "machine.root_needed.remedy": "请用 sudo 运行，或以 root 身份连接",
}
