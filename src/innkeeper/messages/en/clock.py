"""The host's clock."""

TEXT = {
    "clock.source.fine": "the clock is read from {source}",
    "clock.source.none": "this kernel does not say what it reads its clock from",
    "clock.source.slow": "the clock is read from {source}, though {better} is there",
    "clock.source.slow.means": (
        "each reading of the time takes a microsecond instead of a few nanoseconds, on the host and in "
        "guests, and guests cannot use kvm-clock from user space"
    ),
    "clock.source.dropped": (
        "the clock is read from {source}: the kernel has dropped the processor's own clock"
    ),
    "clock.source.dropped.means": (
        "each reading of the time takes a microsecond instead of a few nanoseconds; its log says why the "
        "processor's clock (TSC) was found unstable, often a fault of firmware"
    ),
    "clock.sync.kept": "the clock is kept right by {daemon}",
    "clock.sync.kept_by_others": "the clock is kept right from outside",
    "clock.sync.not_yet": "{daemon} runs, and the clock is not synchronized (yet)",
    "clock.sync.not_yet.means": "the time may be wrong; the daemon may have just started, or reach no server",
    "clock.sync.stopped": "nothing keeps the clock right: {service} is installed and does not run",
    "clock.sync.stopped.means": (
        "guests take the time from the host when they start; certificates, logs, backups and clusters "
        "need it right"
    ),
    "clock.sync.none": "nothing keeps the clock right",
    "clock.sync.none.means": (
        "guests take the time from the host when they start; certificates, logs, backups and clusters "
        "need it right"
    ),
}
