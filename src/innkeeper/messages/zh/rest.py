"""REST 的说明。"""

TEXT = {
    "rest.title": "Innkeeper：REST",
    "rest.page": "可向此服务器请求的一切。PATH 是供程序阅读的说明（OpenAPI 3.1）。",
    "rest.reference": "由服务器对自身 API 的说明 /api/openapi.json 生成；没有译文的字段说明直接取自源代码。",
    "rest.about.units": "大小以字节为单位，时间为 Unix 秒。路径中的 {name} 可以是名称，也可以是 UUID。",
    "rest.about.problems": "每次拒绝或失败都以问题文档（RFC 9457）应答：稳定的 `code`、`remedy`（该怎么办），以及说明是否有所改变的 `outcome`：`refused`、`failed`、`unknown` 或 `timeout`。",
    "rest.about.long": "耗时的操作应答 202，并给出操作及其 `Location`。可在该处、其 `/log` 或事件中跟踪；也可用 `Prefer: wait=SECONDS`，若在此时间内结束，应答就是其结果。`?dry_run=true` 只说明任何操作将会做什么，不触动任何东西。",
    "rest.about.lists": "列表是普通数组；`X-Total-Count` 是总行数，`rel=\"next\"` 的 `Link` 指向下一页。可按行的字段过滤：`state=running`，重复书写表示任一；`state!=running`；`name~=web` 匹配文本的一部分；`memory>=1073741824` 和 `<=`；带键的字段用 `labels.env=prod`；`title=` 表示没有值的。",
    "rest.about.tags": "`If-None-Match` 避免重复发送未变的内容。带 `If-Match` 时，若虚拟机、镜像或备份已不是您查看时的样子，更改会被拒绝（412）。",
    "rest.about.keys": "`Idempotency-Key` 用于产生操作的请求：同一个键加同样的请求就是同一个操作，直到其记录被清除（30 天）；同一个键用于别的请求会被拒绝（422）。",
    "rest.about.files": "不接受主机上的路径：指文件的字段接受某次上传的 `upload:ID` 或 POOL/VOLUME；结果是文件时为 `download:ID`。",
    "rest.reference.parameter": "参数",
    "rest.reference.field": "正文字段",
    "rest.reference.type": "类型",
    "rest.reference.meaning": "含义",
    "rest.reference.answers": "应答：{answers}",
    "rest.reference.example": "示例：",
    "rest.reference.list": "`limit`、`offset`、`after`、`sort`、`fields`，以及行的各个字段",
    "rest.reference.headers": "标头：{headers}",
}
