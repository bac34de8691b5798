"""发行方文件的签名。"""

TEXT = {
    "signature.none": "{url} 没有签名，而 {owner} 是会为它签名的",
    "signature.none.remedy": "请不要信任它；稍后再试，或换一个镜像站",
    "signature.bad": "{url} 不是 {owner} 签名的内容（密钥 {fingerprint}）",
    "signature.bad.remedy": "请不要信任它；稍后再试，或换一个镜像站",
    "signature.other_key": "{url} 由密钥 {found} 签名，而不是 {owner} 的 {fingerprint}",
    "signature.other_key.remedy": "请不要信任它；如果 {owner} 已更换密钥，请升级 Innkeeper 或在自己的目录中写明新密钥",
    "signature.over": "为 {url} 签名的 {owner} 密钥 {fingerprint} 已过期或被吊销",
    "signature.over.remedy": "请安装 {owner} 最新的密钥环软件包，或稍后再试",
    "signature.no_key": "找不到 {owner} 的密钥 {fingerprint}：{where}",
    "signature.no_key.remedy": "请在目录中写明密钥在哪里：本机的文件，或网址",
}
