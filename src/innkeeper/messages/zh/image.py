"""镜像：构建、导入、删除。"""

TEXT = {
    "image.unknown": "没有名为 {name} 的镜像",
    "image.unknown.remedy": "可选的镜像：{choices}；也可以构建一个：inn image build debian-12",
    "image.exists": "镜像 {name} 已经存在",
    "image.exists.remedy": "用 --name 换一个名称，或先删除它：inn image remove {name}",
    "image.volume_exists": "存储池 {pool} 中已有卷 {volume}，但它不属于任何镜像",
    "image.volume_exists.remedy": "用 --name 换一个名称，或删除该卷：virsh vol-delete --pool {pool} {volume}",
    "image.in_use": "镜像 {name} 正被使用：{guests}",
    "image.in_use.remedy": "请先删除并清除这些虚拟机（先 inn delete，再 inn purge）",
    "image.recipe_unknown": "没有名为 {recipe} 的构建配方",
    "image.recipe_unknown.remedy": "可选的配方：{choices}",
    "image.programs": "本机缺少构建镜像所需的程序：{programs}",
    "image.programs.remedy": "请安装（Debian 中的软件包名）：{packages}",
    "image.no_namespaces": "本机不允许您创建构建根文件系统所需的命名空间",
    "image.no_namespaces.remedy": (
        "请以 root 身份运行，或在 /etc/subuid 和 /etc/subgid 中为您分配 ID 并允许用户命名空间（参见 unshare(1)）"
    ),
    "image.mirror": "{mirror} 不是镜像站的网址",
    "image.mirror.remedy": "写法如 http://deb.debian.org/debian",
    "image.pattern": "{pattern} 不是合法的正则表达式：{reason}",
    "image.pattern.remedy": "请写一个能匹配串口控制台上用户空间第一行输出的表达式",
    "image.pattern_empty": "{pattern} 会匹配空内容",
    "image.pattern_empty.remedy": "请写一个只匹配串口控制台上用户空间第一行输出的表达式",
    "image.user": "{user} 不能作为登录用户名",
    "image.user.remedy": "只用小写字母、数字、“_”和“-”，并以字母开头，例如 debian",
    "image.word": "{option} 不能是 {value}",
    "image.word.remedy": "请按 osinfo 和 QEMU 的写法填写，例如 x86_64 或 debian12",
    "image.progress.bootstrap": "正在下载并安装软件包",
    "image.progress.assemble": "正在制作磁盘",
    "image.progress.convert": "正在转换磁盘格式",
    "image.progress.publish": "正在复制到镜像存储池",
}
