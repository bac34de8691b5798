"""Control groups."""

TEXT = {
    "cgroup.controllers.there": "control groups version {version}: {controllers}",
    "cgroup.controllers.none": "no control groups with controllers are mounted",
    "cgroup.controllers.none.means": (
        "guests run, and libvirt can neither limit nor count what each uses: 'virsh schedinfo', "
        "'memtune', 'blkiotune' and CPU pinning of running guests fail"
    ),
    "cgroup.controllers.empty": "control groups version 2 at {place} hold no controller",
    "cgroup.controllers.empty.means": "guests run, and libvirt can neither limit nor count what each uses",
    "cgroup.controllers.empty.remedy": "enable them in cgroup.subtree_control of the groups above; for a container, on "
    "its host",
    "cgroup.controllers.missing": "control groups version {version} lack {missing}",
    "cgroup.controllers.missing.means": "libvirt cannot limit guests in these",
    "cgroup.controllers.missing.remedy": (
        "mount them (version 1), or enable them in cgroup.subtree_control of the groups above (version 2)"
    ),
    "cgroup.controllers.off_at_boot": "control groups version {version} lack {missing}: off since boot",
    "cgroup.controllers.off_at_boot.means": "libvirt cannot limit guests in these",
    "cgroup.controllers.off_at_boot.remedy": (
        "add {parameter} to the kernel's command line (GRUB_CMDLINE_LINUX in /etc/default/grub, "
        "cmdline.txt on a Raspberry Pi) and reboot"
    ),
}
