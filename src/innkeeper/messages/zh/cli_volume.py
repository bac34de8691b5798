"""`inn volume`。"""

TEXT = {
    "cli.volume": "存储卷：存储池中的文件。",
    "cli.volume.list": "列出存储池中的卷，以及谁在用。",
    "cli.volume.list.pool": "存储池",
    "cli.volume.upload": "把本机的磁盘映像或光盘映像放进存储池。\n格式由内容判断；指向自身之外的映像会被拒绝。空洞仍是空洞。",
    "cli.volume.upload.volume": "存储池，以及卷在其中的名称",
    "cli.volume.upload.file": "本机上的文件",
    "cli.volume.upload.format": "文件的格式；不指定时自行判断；raw 表示原样取其字节",
    "cli.volume.upload.replace": "取代同名且无人使用的卷；旧卷先被删除，即使随后上传失败",
    "cli.volume.download": "把卷取回为文件。",
    "cli.volume.download.volume": "存储池，以及卷在其中的名称",
    "cli.volume.download.file": "新文件，完整之后才出现；'-' 表示标准输出",
    "cli.volume.remove": "彻底删除一个卷；有来宾在用或有别的卷以它为底层时拒绝。",
    "cli.volume.remove.volume": "存储池，以及卷在其中的名称",
    "cli.volume.none": "存储池中没有卷",
    "cli.volume.uploaded": "{pool}/{name} 已就绪（{format}，{size}）",
    "cli.volume.removed": "{pool}/{name} 已删除",
    "cli.column.format": "格式",
    "cli.column.modified": "写于",
}
