"""从发行方下载的镜像。"""

TEXT = {
    "image.not_offered": "没有哪个目录提供镜像 {name}",
    "image.not_offered.remedy": "用“inn image list --available”查看提供的镜像；相近的：{near}",
    "image.not_offered_for": "没有哪个目录为 {arch} 提供 {name}",
    "image.not_offered_for.remedy": "可以用 --arch 选择：{choices}",
    "image.not_pulled": "已有名为 {name} 的镜像，但它不是作为 {arch} 的 {offer} 下载的",
    "image.not_pulled.remedy": "用 --as 换一个名称，或先删除它：inn image remove {name}",
    "image.digest": "{url} 不是发行方公布的内容：它的 {found} 与 {digest} 不符；已全部丢弃",
    "image.digest.remedy": "请稍后再试，或换一个镜像站（设置 mirrors）",
    "image.broken_off": "下载 {url} 在收到 {came}（共 {size}）后中断：{reason}",
    "image.broken_off.remedy": "再次运行即可从中断处继续；已收到的内容在 {path}，也可以删除",
    "image.progress.download": "正在从 {server} 下载 {size}",
    "image.progress.go_on": "正在从 {server} 继续下载：已有 {came}，共 {size}",
    "image.progress.downloading": "正在下载，{came}/{size}，每秒 {rate}，剩余 {left}",
    "image.progress.again": "下载中断，正在继续：{reason}",
    "image.progress.shared": "另一个进程正在下载它（{owner}）",
    "image.progress.unpack": "正在解压",
}
