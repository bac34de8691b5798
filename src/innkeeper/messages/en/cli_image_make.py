"""The command line: images that are built, made of guests, and replaced."""

TEXT = {
    "cli.image.list.all": "old versions too, as NAME@RELEASE",
    "cli.image.show.name": "the image's name; NAME@RELEASE for one of its versions",
    "cli.image.remove.name": "the image's name, for all of it; NAME@RELEASE for one of its versions",
    "cli.image.build.replace": "when there is an image of that name: take its place; it stays as an old version",
    "cli.image.import.replace": "when there is an image of that name: take its place; it stays as an old version",
    "cli.field.release": "Release",
    "cli.field.versions": "Old versions",
    "cli.image.make": "Make an image of a guest that is off.\nThe disk is copied with all that it stands on; machine id, host keys, logs, histories and leases are taken out of the copy (virt-sysprep), and so is unused space. The guest is not changed.",
    "cli.image.make.guest": "the guest's name",
    "cli.image.make.name": "the image's name",
    "cli.image.make.disk": "the disk to take, such as vda, where the guest has several",
    "cli.image.make.keep_identity": "take the disk as it is, with all that makes it this machine and no other",
    "cli.image.make.replace": "when there is an image of that name: take its place; it stays as an old version",
    "cli.image.make.os": "its system, as osinfo names it; that of the image it was made of when not said",
    "cli.image.make.user": "whom one logs in as; whom the guest knows when not said",
    "cli.image.make.login": "how one logs in; as into the guest when not said",
    "cli.image.make.boot_pattern": "regular expression of the first line of user space on its serial console; the guest's when not said",
    "cli.image.make.cloud_init": "it runs cloud-init; as the image it was made of when not said",
    "cli.image.make.agent": "it runs the QEMU guest agent; as the image it was made of when not said",
}
