"""The host and its settings."""

TEXT = {
    "host.config": "{path}: {reason}",
    "host.config.remedy": "correct the file; its keys are uri, pool and network",
    "host.finding_unknown": "there is no finding or area {id}",
    "host.finding_unknown.remedy": "choose one that 'inn host check' lists, or one of the areas: {choices}",
    "host.check_late": "this did not answer within {seconds} seconds",
    "host.check_late.means": "something on the host hangs; what this would have shown is not known",
    "host.check_failed": "this could not be looked at: {reason}",
    "host.check_failed.means": "nothing is known of it",
    "host.check_bug": "this could not be looked at, by a mistake of Innkeeper's own: {reason}",
    "host.libvirt_hangs": "libvirt at {uri} took the connection and did not answer within {seconds} seconds",
    "host.libvirt_hangs.remedy": "restart it: systemctl restart libvirtd; guests go on meanwhile",
    "host.no_package_manager": "no package manager is known here (looked for {choices})",
    "host.no_package_manager.remedy": "install it in the way of this system",
    "host.packages_unknown": "the packages {names} cannot be had: {detail}",
    "host.packages_unknown.remedy": "fetch the lists of packages (apt-get update) and try again",
    "host.packages_needed": "{names} cannot be removed again: {others} need them now",
    "host.packages_needed.remedy": "keep them, or remove those first",
    "host.check_bug.means": "nothing is known of it; the others were looked at",
    "host.progress.repairing": "{finding}: {kind} {key}",
    "host.progress.undoing": "{finding}: taking back {kind} {key}",
}
