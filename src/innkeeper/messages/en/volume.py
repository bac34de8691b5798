"""Volumes."""

TEXT = {
    "volume.unknown": "there is no volume {name} in pool {pool}",
    "volume.unknown.remedy": "see what there is with: virsh vol-list {pool}",
    "volume.in_use": "the volume {name} of pool {pool} is used by {users}",
    "volume.in_use.remedy": "take it out of them first, or choose another name",
    "volume.unnamed": "{said!r} is no volume",
    "volume.unnamed.remedy": "say POOL/NAME; see what there is: inn volume list POOL",
    "volume.changed": "{file} was written while it was uploaded",
    "volume.changed.remedy": "upload it again when nobody writes it",
    "volume.progress.upload": "uploading",
    "volume.progress.download": "downloading",
    "volume.exists": "a volume {name} exists already in pool {pool}",
    "volume.exists.remedy": "choose another name or pool",
}
