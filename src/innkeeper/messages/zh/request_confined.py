"""通过 REST 发来的请求不得引用的内容。"""

TEXT = {
    "request.host_path": "发给服务器的请求不能引用 {path}",
    "request.host_path.remedy": "先上传文件再写 upload:ID，或用 POOL/VOLUME 指定卷；主机上的文件只能在主机上用 inn 访问",
    "request.host_element": "发给服务器的请求不能使用主机的这项资源：{element}",
    "request.host_element.remedy": "保持虚拟机文档中的原样，使用其他虚拟机未占用的存储池卷，或在主机上编辑该虚拟机",
    "request.url": "服务器不会从 {url} 获取内容",
    "request.url.remedy": "写 http:// 或 https://、主机和路径，不带用户名或密码",
    "request.url_local": "{url} 指向服务器所在的计算机",
    "request.url_local.remedy": "改用其他服务器，或请管理员把 urls_local 设为 yes",
    "request.trust": "{verb}：发给服务器的请求不能信任外来文档",
    "request.trust.remedy": "去掉 trust，或在主机上用 inn 执行",
}
