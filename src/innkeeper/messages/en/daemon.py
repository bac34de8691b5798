"""libvirt's daemons."""

TEXT = {
    "daemon.guests_run": "{name} is not stopped again: the guests {guests} have been started since",
    "daemon.guests_run.remedy": "stop them first (inn stop), then try again",
    "daemon.no_answer": "{name} did not come up or go down within {seconds} seconds",
    "daemon.no_answer.remedy": "look into its log: journalctl -u {name}, or /var/log/libvirt",
}
