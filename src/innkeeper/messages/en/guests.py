"""What the doctor says of guests."""

TEXT: dict[str, str] = {
    "guests.order.none": "no guest has a start order",
    "guests.order.kept": "systemd starts and stops guests in their start order ({guests})",
    "guests.order.not_kept": "guests have a start order, and nobody keeps it: {guests}",
    "guests.order.not_kept.means": "libvirt starts them with the host in an order of its own, and nobody stops them in order when it goes down",
    "guests.order.no_systemd": "guests have a start order ({guests}), and this host has no systemd to keep it",
    "guests.order.no_systemd.means": "libvirt starts them with the host in an order of its own",
    "guests.order.no_systemd.remedy": "have the host's own scripts call 'inn host start-guests' and 'inn host stop-guests'",
    "guests.order.no_program": "guests have a start order ({guests}), and Innkeeper is not installed on that host to keep it",
    "guests.order.no_program.means": "libvirt starts them with the host in an order of its own",
    "guests.order.no_program.remedy": "install Innkeeper there, then run 'inn host setup --only guests.order'",
    "guests.order.unseen": "libvirt does not answer, so the guests cannot be looked at",
}
