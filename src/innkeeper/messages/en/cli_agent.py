"""Texts of `cli`: exec, cp, ssh-config, and a guest seen from inside."""

TEXT: dict[str, str] = {
    "cli.exec": (
        "Run a command in a guest; the exit code is the command's.\n"
        "Through the guest's agent, or by ssh where there is none or it refuses. The words are run as they are, in the "
        "user's home: for pipes and wildcards write sh -c '…'. Standard input is passed on when it is a pipe or a file. "
        "Through the agent what is long goes through files below /var/tmp of the guest; a guest without /bin/sh takes 64 KiB of input and "
        "gives back what its agent keeps, 16 MiB at most."
    ),
    "cli.exec.name": "the guest's name",
    "cli.exec.words": "the command and its arguments; from its first word on nothing is an option of inn",
    "cli.exec.user": "user to run it as; when not said root through the agent, the login user by ssh",
    "cli.exec.env": "variable of its environment; may be repeated",
    "cli.exec.timeout": "seconds it may take; then it is ended in the guest",
    "cli.exec.no_stdin": "do not read standard input",
    "cli.any.via": "the way to take; the agent, else ssh, when not said",
    "cli.any.verbose": "say which way was taken, and as whom",
    "cli.exec.way": "{way}, as {user}",
    "cli.exec.truncated": "{name}: it printed more than its agent keeps",
    "cli.exec.no_command": "which command is to run in {name}?",
    "cli.exec.no_command.remedy": "inn exec {name} -- COMMAND",
    "cli.way.agent": "through the guest's agent",
    "cli.way.ssh": "by ssh",
    "cli.cp": (
        "Copy files and directories into a guest or out of it; NAME:PATH is in a guest.\n"
        "Through the guest's agent, or by ssh where there is none or it refuses. Each file takes its place when it is "
        "whole, over one that is there. Modes are kept; owners and times are not. A path that is not absolute begins at "
        "the user's home; ./a:b is a file of this computer. Through the agent what goes in is put below /var/tmp of the "
        "guest first."
    ),
    "cli.cp.paths": "what to copy, and where to; several sources need a directory",
    "cli.cp.user": "user in the guest; when not said root through the agent, the login user by ssh",
    "cli.cp.no_clobber": "refuse when something of that name is there",
    "cli.cp.recursive": "directories go along anyway; taken for the habit of it",
    "cli.cp.way": "{way}, as {user}",
    "cli.cp.done": "files copied to {where}: {files}, {size} bytes",
    "cli.cp.skipped": "left out, since it is neither file, directory nor link: {path}",
    "cli.cp.too_few": "cp takes at least one source and a target",
    "cli.cp.too_few.remedy": "inn cp FILE NAME:PATH, or inn cp NAME:PATH FILE",
    "cli.cp.sides": "either all sources or the target must be in one guest",
    "cli.cp.sides.remedy": "write NAME:PATH for what is in the guest; from guest to guest copy to this computer first",
    "cli.ssh_config": (
        "Print how ssh reaches guests, as blocks of ssh's configuration.\n"
        "Each guest is a Host of its own name. Guests that are off or have no address are comments."
    ),
    "cli.ssh_config.names": "guests; all of them when none is named",
    "cli.ssh_config.ansible": "an inventory for Ansible, in YAML, instead",
    "cli.ssh_config.write": "write it to a file of its own in ~/.ssh/config.d instead of printing it",
    "cli.ssh_config.head": "guests of {uri}; printed by 'inn ssh-config'",
    "cli.ssh_config.name": "{name}: ssh and Ansible would take this name for a pattern",
    "cli.ssh_config.written": "written to {path}",
    "cli.ssh_config.include": "so that ssh reads it, put this line at the top of {config}: {line}",
    "cli.inside.answers": "as its agent {version} says",
    "cli.inside.slow": "as its agent says; not all of it came within a second",
    "cli.inside.silent": "its agent said nothing within a second",
    "cli.inside.off": "no agent runs in it",
    "cli.field.inside": "inside",
    "cli.field.inside_os": "  system",
    "cli.field.inside_kernel": "  kernel",
    "cli.field.inside_host_name": "  host name",
    "cli.field.inside_time_zone": "  time zone",
    "cli.field.inside_nic": "  card",
    "cli.field.inside_user": "  logged in",
    "cli.field.inside_disk": "  file system",
}
