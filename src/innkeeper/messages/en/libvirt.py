"""What libvirt refused or could not do."""

TEXT = {
    "libvirt.denied": "libvirt does not allow it: {detail}",
    "libvirt.denied.remedy": "run as root, or join the group libvirt and log in again",
    "libvirt.invalid_now": "{name}: not possible in its present state: {detail}",
    "libvirt.invalid_now.remedy": "see its state with 'inn show {name}'",
    "libvirt.unsupported": "this host cannot do that: {detail}",
    "libvirt.unsupported.remedy": "choose something the host offers, or a host that can",
    "libvirt.xml": "libvirt refuses the XML of {name}: {detail}",
    "libvirt.xml.remedy": "correct what it names",
    "libvirt.lost": "libvirt stopped answering: {detail}",
    "libvirt.lost.remedy": "check that libvirtd runs on the host, then look with 'inn list' what became of it",
    "libvirt.failed": "libvirt could not do it: {detail}",
    "libvirt.failed.remedy": "mend what it names and try again",
    "libvirt.unreachable": "cannot reach libvirt at {uri}: {detail}",
    "libvirt.unreachable.remedy": "start it (systemctl start libvirtd, or script/up in a checkout), or name another with -c URI",
}
