"""Texts of `cli`: view, send-keys, paste, logs, top."""

TEXT: dict[str, str] = {
    "cli.view": (
        "Show a guest's screen in a window.\n"
        "Without a viewer or a display it says what to install, where the screen is, and how to get there by ssh."
    ),
    "cli.view.print_only": "only print the address for a viewer",
    "cli.view.connection_file": "only print the connection file that remote-viewer opens as FILE.vv",
    "cli.view.viewer": "program to show it with; the best one that is installed when not said",
    "cli.view.opened": "the screen of {name} is in a window of {program}; closing it ends this",
    "cli.view.install": "no viewer is installed here: install the package {package}",
    "cli.view.no_display": "there is no display here that a window could open on",
    "cli.view.nowhere": "the screen is served at no address: only libvirt hands it out, to virt-viewer on the host itself",
    "cli.view.address": "the screen is {uri} on {host}",
    "cli.view.tunnel": "from a computer with a display:",
    "cli.send_keys": (
        "Press keys on a guest's keyboard.\n"
        "Keys pressed together are joined by '-': ctrl-alt-delete, ctrl-alt-f2, super. Several arguments are pressed one "
        "after the other. Names of Linux (KEY_ENTER) hold too. Text is typed by 'inn paste'."
    ),
    "cli.send_keys.keys": "keys to press: a to z, 0 to 9, f1 to f24, enter, esc, tab, up, ctrl-alt-delete …",
    "cli.send_keys.hold": "milliseconds behind each press and each release; 50 when not said",
    "cli.send_keys.codeset": "numbering of keys that are given as numbers, such as 0x1c",
    "cli.send_keys.done": "{name}: pressed {keys}",
    "cli.paste": (
        "Type text on a guest's keyboard.\n"
        "Without TEXT it comes from --file or standard input, so that a password stays out of the list of processes; on a "
        "terminal it is asked for and not shown. A character that the keyboard cannot type is refused before anything is typed."
    ),
    "cli.paste.text": "what to type",
    "cli.paste.file": "file with the text; '-' is standard input",
    "cli.paste.layout": "keyboard that the guest believes to have; us when not said",
    "cli.paste.hold": "milliseconds behind each press and each release; 20 when not said, more for a slow guest",
    "cli.paste.ask": "Text to type (not shown): ",
    "cli.paste.done": "{name}: typed {count} characters",
    "cli.paste.twice": "there is a text and a file too",
    "cli.paste.twice.remedy": "give one of them",
    "cli.logs": (
        "Show why a guest last stopped, and what QEMU and its serial port said.\n"
        "The long command lines in QEMU's log are left out; --qemu shows that log as it is."
    ),
    "cli.logs.serial": "only the log of its serial port",
    "cli.logs.qemu": "only QEMU's log, as it is",
    "cli.logs.lines": "so many lines of each log; 20 when not said",
    "cli.logs.since_start": "nothing from before its last start",
    "cli.logs.follow": "go on with what is written from now on, until ^C: QEMU's log, with --serial the serial port's",
    "cli.logs.both": "--serial and --qemu each mean only that one",
    "cli.logs.both.remedy": "leave one out, or both for everything",
    "cli.logs.of_qemu": "Log of QEMU, {path}:",
    "cli.logs.of_serial": "Log of its serial port, {path}:",
    "cli.logs.last_stop": "Before that:",
    "cli.logs.at": "When:",
    "cli.logs.last_words": "QEMU's last words:",
    "cli.logs.panic": "Its system panicked:",
    "cli.logs.start_unknown": "where its last start begins cannot be told: this is the whole log",
    "cli.top": (
        "Show what running guests take: CPU, memory, disk and network.\n"
        "On a terminal the table is live: c, m, d, n and a sort it by CPU, memory, disk, network and name, r turns it "
        "round, arrows scroll, q ends it. Elsewhere one table follows the other."
    ),
    "cli.top.names": "only these guests",
    "cli.top.sort": "what stands first: who takes most of it",
    "cli.top.interval": "seconds between two looks; 1 when not said",
    "cli.top.once": "one table, and end",
    "cli.top.count": "so many tables, and end",
    "cli.top.once_count": "--once and --count say two things",
    "cli.top.once_count.remedy": "leave one out",
    "cli.top.none": "no guest is running",
    "cli.top.lost": "libvirt does not answer; trying again ({detail})",
    "cli.top.silent": "the QEMU of {names} does not answer",
    "cli.top.title": "{count} running guests · by {order} · every {seconds} s · {time}",
    "cli.top.keys": "q ends · c CPU  m memory  d disk  n network  a name  r turn round · ↑ ↓ scroll",
    "cli.top.by.cpu": "CPU",
    "cli.top.by.memory": "memory",
    "cli.top.by.disk": "disk",
    "cli.top.by.network": "network",
    "cli.top.by.name": "name",
    "cli.column.cpu": "CPU%",
    "cli.column.cpu_guest": "OF ITS",
    "cli.column.memory_host": "HOSTMEM",
    "cli.column.memory_used": "USED",
    "cli.column.disk_read": "READ/s",
    "cli.column.disk_write": "WRITE/s",
    "cli.column.disk_reads": "RIO/s",
    "cli.column.disk_writes": "WIO/s",
    "cli.column.net_rx": "RX/s",
    "cli.column.net_tx": "TX/s",
}
