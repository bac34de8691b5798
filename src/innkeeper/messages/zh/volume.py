"""卷。"""

TEXT = {
    "volume.unknown": "存储池 {pool} 中没有卷 {name}",
    "volume.unknown.remedy": "查看已有的卷：virsh vol-list {pool}",
    "volume.in_use": "存储池 {pool} 的卷 {name} 正被 {users} 使用",
    "volume.in_use.remedy": "请先从它们中移除，或换一个名称",
    "volume.unnamed": "{said!r} 不是卷",
    "volume.unnamed.remedy": "请写作 POOL/NAME；查看已有的卷：inn volume list POOL",
    "volume.changed": "{file} 在上传期间被改写",
    "volume.changed.remedy": "请在没有人写它时重新上传",
    "volume.progress.upload": "正在上传",
    "volume.progress.download": "正在下载",
    "volume.exists": "存储池 {pool} 中已有卷 {name}",
    "volume.exists.remedy": "请换一个名称或存储池",
}
