"""Programs, files and locks of a host."""

TEXT = {
    "machine.file_missing": "there is no file {path}",
    "machine.file_missing.remedy": "check the path",
    "machine.file_denied": "not allowed to use {path}",
    "machine.file_denied.remedy": "run as a user who may, or change its permissions",
    "machine.file_failed": "{path}: {reason}",
    "machine.file_failed.remedy": "free some space or mend the file system, then try again",
    "machine.program_missing": "the program {program} is not installed",
    "machine.program_missing.remedy": "install it; script/setup of a checkout installs all that Innkeeper uses",
    "machine.command_failed": "{program} ended with status {status}: {detail}",
    "machine.command_failed.remedy": "mend what it names and try again",
    "machine.command_timeout": "{program} did not end within {seconds} seconds",
    "machine.command_timeout.remedy": "try again when the host is less busy",
    "machine.unreachable": "cannot reach {machine} by ssh: {reason}",
    "machine.unreachable.remedy": "check that 'ssh {machine}' works without a password",
    "machine.needed": "{verb} needs to run programs on the host, and {uri} gives no way to do that",
    "machine.needed.remedy": "connect to a local URI or to one over ssh, such as qemu+ssh://root@host/system",
    "machine.root_needed": "{verb} needs to be root on the host",
    "machine.root_needed.remedy": "run it with sudo, or connect as root",
}
