"""`inn serve`."""

TEXT = {
    "cli.serve": "在一个端口上提供 REST、事件和控制台。\n它打印的链接让其主人在十分钟内登录一次；inn token link 可生成新链接。非回环地址使用 TLS：用给定的证书，或用它自己生成一次的证书。",
    "cli.serve.address": "监听的地址；0.0.0.0 或 :: 表示本机所有地址",
    "cli.serve.port": "端口；0 表示任选一个空闲端口",
    "cli.serve.cert": "证书文件（PEM，含证书链）；更换后无需重启",
    "cli.serve.key": "证书密钥文件（PEM，无密码）",
    "cli.serve.certificate": "证书 {path}，SHA-256 {fingerprint}",
    "cli.serve.trust": "此证书由服务器自己生成。请在浏览器中比对该指纹，或把证书文件复制到需要信任它的地方：curl --cacert FILE {url}/api/openapi.json",
    "cli.serve.ready_service": "Innkeeper 已在 {url} 就绪。让浏览器登录的链接：inn token link",
    "cli.serve.ready": "Innkeeper 已就绪：{url}",
}
