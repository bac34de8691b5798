"""Which commands there are and where each one lives; a command's module is loaded when it is called, not before."""

from __future__ import annotations

import click

from innkeeper import __version__
from innkeeper.cli.framework import Group, Option, anywhere

__all__ = [
    "BACKUP_COMMANDS",
    "COMMANDS",
    "COMPLETE",
    "DEVICE_COMMANDS",
    "HOST_COMMANDS",
    "IMAGE_COMMANDS",
    "NETWORK_COMMANDS",
    "OPERATION_COMMANDS",
    "POOL_COMMANDS",
    "SCHEDULE_COMMANDS",
    "TOKEN_COMMANDS",
    "backup",
    "device",
    "host",
    "image",
    "network",
    "operation",
    "pool",
    "root",
    "schedule",
    "token",
    "volume",
]

COMMANDS = {
    "create": "guest_create:create",
    "list": "guest_list:list_",
    "show": "guest_show:show",
    "start": "guest_life:start",
    "stop": "guest_life:stop",
    "reboot": "guest_life:reboot",
    "reset": "guest_change:reset",
    "suspend": "guest_change:suspend",
    "resume": "guest_change:resume",
    "save": "guest_change:save",
    "restore": "guest_change:restore",
    "rename": "guest_life:rename",
    "export": "guest_keep:export",
    "set": "guest_change:set_",
    "document": "guest_document:document",
    "edit": "guest_edit:edit",
    "protect": "guest_change:protect",
    "delete": "guest_bin:delete",
    "undelete": "guest_bin:undelete",
    "purge": "guest_bin:purge",
    "console": "guest_access:console",
    "ssh": "guest_access:ssh",
    "ssh-config": "guest_inventory:ssh_config",
    "exec": "guest_agent:exec_",
    "cp": "guest_agent:cp",
    "screenshot": "guest_access:screenshot",
    "view": "guest_screen:view",
    "send-keys": "guest_screen:send_keys",
    "paste": "guest_screen:paste",
    "logs": "guest_logs:logs",
    "top": "guest_top:top",
    "forget": "guest_forget:forget",
    "host": "tree:host",
    "image": "tree:image",
    "backup": "tree:backup",
    "network": "tree:network",
    "pool": "tree:pool",
    "operation": "tree:operation",
    "schedule": "tree:schedule",
    "serve": "serve:serve",
    "login": "login:login",
    "logout": "login:logout",
    "token": "tree:token",
    "volume": "tree:volume",
    "completion": "completion:completion",
}
"""command → module:attribute below `innkeeper.cli`; its help is the text `cli.COMMAND`"""

HOST_COMMANDS = {
    "check": "host:check",
    "setup": "host:setup",
    "show": "host_show:show",
    "support": "host_support:support",
    "device": "tree:device",
    "stop-guests": "host_guests:stop_guests",
    "start-guests": "host_guests:start_guests",
}

DEVICE_COMMANDS = {
    "list": "host_device:list_",
}

IMAGE_COMMANDS = {
    "list": "image:list_",
    "show": "image:show",
    "pull": "image_pull:pull",
    "build": "image:build",
    "import": "image:import_",
    "make": "image:make",
    "remove": "image:remove",
}

BACKUP_COMMANDS = {
    "create": "backup:create",
    "list": "backup:list_",
    "show": "backup:show",
    "verify": "backup:verify",
    "restore": "backup:restore",
    "remove": "backup:remove",
}

NETWORK_COMMANDS = {
    "list": "network:list_",
    "show": "network:show",
}

POOL_COMMANDS = {
    "list": "pool:list_",
    "show": "pool:show",
}

OPERATION_COMMANDS = {
    "list": "operation:list_",
    "show": "operation:show",
    "clean": "operation:clean_",
    "cancel": "operation:cancel",
    "retry": "operation:retry",
    "follow": "operation:follow",
}

TOKEN_COMMANDS = {
    "create": "token:create",
    "list": "token:list_",
    "remove": "token:remove",
    "link": "token:link",
}

VOLUME_COMMANDS = {
    "list": "volume:list_",
    "upload": "volume:upload",
    "download": "volume:download",
    "remove": "volume:remove",
}

SCHEDULE_COMMANDS = {
    "create": "schedule:create",
    "list": "schedule:list_",
    "show": "schedule:show",
    "remove": "schedule:remove",
    "run": "schedule:run",
}

COMPLETE = "_INN_COMPLETE"
"""The environment variable by which a shell's script asks what may follow."""


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        print(f"inn {__version__}")
        ctx.exit()


root = Group(
    "",
    COMMANDS,
    [*anywhere(), Option(["--version"], is_flag=True, is_eager=True, callback=_version, expose_value=False)],
)
host = Group("host", HOST_COMMANDS, anywhere())
device = Group("host.device", DEVICE_COMMANDS, anywhere())
image = Group("image", IMAGE_COMMANDS, anywhere())
backup = Group("backup", BACKUP_COMMANDS, anywhere())
network = Group("network", NETWORK_COMMANDS, anywhere())
operation = Group("operation", OPERATION_COMMANDS, anywhere())
pool = Group("pool", POOL_COMMANDS, anywhere())
schedule = Group("schedule", SCHEDULE_COMMANDS, anywhere())
token = Group("token", TOKEN_COMMANDS, anywhere())
volume = Group("volume", VOLUME_COMMANDS, anywhere())
