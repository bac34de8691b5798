"""Images: building, importing, removing."""

TEXT = {
    "image.unknown": "there is no image {name}",
    "image.unknown.remedy": "choose one of: {choices}; or build one: inn image build debian-12",
    "image.exists": "the image {name} exists already",
    "image.exists.remedy": "choose another name with --name, or remove it first: inn image remove {name}",
    "image.volume_exists": "the pool {pool} holds a volume {volume} already, which is of no image",
    "image.volume_exists.remedy": "choose another name with --name, or remove it: virsh vol-delete --pool {pool} {volume}",
    "image.in_use": "the image {name} is in use by: {guests}",
    "image.in_use.remedy": "delete and purge them first (inn delete, then inn purge)",
    "image.recipe_unknown": "there is no recipe {recipe}",
    "image.recipe_unknown.remedy": "choose one of: {choices}",
    "image.programs": "this computer lacks what the image is built with: {programs}",
    "image.programs.remedy": "install (names as on Debian): {packages}",
    "image.no_namespaces": "this computer does not let you make the namespaces that a root file system is built in",
    "image.no_namespaces.remedy": (
        "run it as root, or have /etc/subuid and /etc/subgid name you and user namespaces allowed (see unshare(1))"
    ),
    "image.mirror": "{mirror} is not the URL of a mirror",
    "image.mirror.remedy": "write it like http://deb.debian.org/debian",
    "image.pattern": "{pattern} is not a regular expression: {reason}",
    "image.pattern.remedy": "write one that finds the first line of user space on the serial console",
    "image.pattern_empty": "{pattern} also finds nothing at all",
    "image.pattern_empty.remedy": "write one that finds the first line of user space on the serial console, and only that",
    "image.user": "{user} is not the name of a login user",
    "image.user.remedy": "use lower-case letters, digits, '_' and '-', beginning with a letter, such as debian",
    "image.word": "{option} cannot be {value}",
    "image.word.remedy": "write it as osinfo and QEMU do, such as x86_64 or debian12",
    "image.progress.bootstrap": "fetching and installing packages",
    "image.progress.assemble": "making the disk",
    "image.progress.convert": "converting the disk",
    "image.progress.publish": "copying into the pool of images",
}
