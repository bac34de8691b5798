"""The command line: images that are built, made of guests, and replaced."""

TEXT = {
    "cli.image.list.all": "old versions too, as NAME@RELEASE",
    "cli.image.show.name": "the image's name; NAME@RELEASE for one of its versions",
    "cli.image.remove.name": "the image's name, for all of it; NAME@RELEASE for one of its versions",
    "cli.image.build.replace": "when there is an image of that name: take its place; it stays as an old version",
    "cli.image.import.replace": "when there is an image of that name: take its place; it stays as an old version",
    "cli.field.release": "Release",
    "cli.field.versions": "Old versions",
}
