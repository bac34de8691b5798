"""卷。"""

TEXT = {
    "volume.unknown": "存储池 {pool} 中没有卷 {name}",
    "volume.unknown.remedy": "查看已有的卷：virsh vol-list {pool}",
    "volume.exists": "存储池 {pool} 中已有卷 {name}",
    "volume.exists.remedy": "请换一个名称或存储池",
}
