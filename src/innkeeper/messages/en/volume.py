"""Volumes."""

TEXT = {
    "volume.unknown": "there is no volume {name} in pool {pool}",
    "volume.unknown.remedy": "see what there is with: virsh vol-list {pool}",
    "volume.exists": "a volume {name} exists already in pool {pool}",
    "volume.exists.remedy": "choose another name or pool",
}
