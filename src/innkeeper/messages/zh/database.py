"""服务器的数据库。"""

TEXT = {
    "database.url": "设置 database 不是可用的数据库 URL",
    "database.url.remedy": "请写成 sqlite:////绝对/路径.db 或 postgresql://用户@主机/库名",
    "database.newer": "数据库 {database} 的版本是 {version}，而此 Innkeeper 只认识到版本 {newest}",
    "database.newer.remedy": "请启动它所属的较新的 Innkeeper，或指定另一个数据库",
    "database.foreign": "{database} 不是 Innkeeper 的数据库：{detail}",
    "database.foreign.remedy": "请在设置 database 中指定另一个文件或数据库，或移走它",
    "database.owned": "数据库 {database} 属于 {host} 上的服务器",
    "database.owned.remedy": "给这台服务器单独建一个数据库（CREATE DATABASE，再设置 database）；如果 {host} 已不复存在，由本机接替：DELETE FROM innkeeper.owner",
    "database.unreachable": "无法使用数据库 {database}：{detail}",
    "database.unreachable.remedy": "请确认它在运行，并检查设置 database 及其权限",
}
