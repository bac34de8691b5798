"""Storage pools."""

TEXT = {
    "pool.unknown": "there is no storage pool {name}",
    "pool.unknown.remedy": "choose one of: {choices}",
    "pool.inactive": "the storage pool {name} is not active",
    "pool.inactive.remedy": "start it: virsh pool-start {name}",
    "pool.no_path": "the volumes of the pool {name} are not files or devices of the host",
    "pool.no_path.remedy": "choose a directory pool or a volume group with --pool",
    "pool.full": "the storage pool {name} has {free} free, and {needed} are needed",
    "pool.full.remedy": "free some space there, or choose another pool with --pool",
}
