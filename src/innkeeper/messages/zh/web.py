"""Files from web servers."""

TEXT = {
    "web.url": "{url!r} 不是可以下载的网址",
    "web.url.remedy": "请写成 http://… 或 https://…",
    "web.missing": "服务器上没有 {url}",
    "web.missing.remedy": "请在浏览器中检查这个地址",
    "web.denied": "服务器不提供 {url}（状态 {status}）",
    "web.denied.remedy": "请手工下载，然后给出该文件",
    "web.status": "服务器对 {url} 的回答是 {status}",
    "web.status.remedy": "请稍后再试，或换一个镜像站",
    "web.redirects": "{url} 转向 {to}，这里不跟随：要么在绕圈，要么不是网站，要么从 https 退到 http",
    "web.redirects.remedy": "请在浏览器中检查这个地址，并给出最终的地址",
    "web.unreachable": "无法访问 {url}：{reason}",
    "web.unreachable.remedy": "请检查地址和本机网络；代理取自 http_proxy 和 https_proxy",
    "web.too_large": "{url} 超过 {most} 字节",
    "web.too_large.remedy": "请确认这是想要的文件",
    "web.cut_off": "{url} 在收到 {came} 字节（共 {size}）后中断：{reason}",
    "web.cut_off.remedy": "请重试，或换一个镜像站",
}
