"""在交给任何操作之前就被拒绝的请求：按 HTTP 状态码。"""

TEXT = {
    "http.400": "请求格式不正确：{detail}",
    "http.400.remedy": "请参阅 /api/openapi.json 中对 API 的说明",
    "http.401": "不知道是谁在请求：{detail}",
    "http.401.remedy": "请登录，或附上令牌：Authorization: Bearer TOKEN",
    "http.403": "不允许：{detail}",
    "http.403.remedy": "请向运行此服务器的人申请权限",
    "http.404": "{path} 处什么也没有",
    "http.404.remedy": "可用的路径见 /api",
    "http.405": "{path} 不支持方法 {method}",
    "http.405.remedy": "支持的方法见应答的 Allow 标头",
    "http.406": "此处无法提供 Accept 标头所接受的任何类型",
    "http.406.remedy": "请接受以下类型之一：{detail}",
    "http.413": "请求正文过大",
    "http.413.remedy": "JSON 最大为 4 MiB；文件请通过上传发送",
    "http.415": "此处不接受这种媒体类型的正文",
    "http.415.remedy": "请发送 JSON，并带上标头 Content-Type: application/json",
    "http.429": "请求过于频繁",
    "http.429.remedy": "请按应答的 Retry-After 标头所示的时间等待",
}
