"""命令行：构建的镜像、由虚拟机制作的镜像，以及镜像的版本。"""

TEXT = {
    "cli.image.list.all": "也列出旧版本，写作 NAME@RELEASE",
    "cli.image.show.name": "镜像名称；NAME@RELEASE 表示它的某个版本",
    "cli.image.remove.name": "镜像名称，表示整个镜像；NAME@RELEASE 只表示它的某个版本",
    "cli.image.build.replace": "已有同名镜像时取代它；原来的作为旧版本保留",
    "cli.image.import.replace": "已有同名镜像时取代它；原来的作为旧版本保留",
    "cli.field.release": "版本",
    "cli.field.versions": "旧版本",
}
