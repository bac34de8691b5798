"""Requests that make no sense."""

TEXT = {
    "request.invalid": "{field}: {reason}",
    "request.invalid.remedy": "see the verb's --help for what it takes",
    "request.name": "{name} is not a name for a {what}",
    "request.name.remedy": "use 1 to 63 letters, digits, '.', '_' or '-', beginning with a letter or digit",
    "request.size": "{what}: {value!r} is not a size",
    "request.size.remedy": "write a positive number and a unit, such as 512M, 2G or 1T",
    "request.choice": "{what} cannot be {value!r} here",
    "request.choice.remedy": "choose one of: {choices}",
    "request.number": "{what}: {value} is out of range",
    "request.number.remedy": "choose a number from {least} to {most}",
    "request.address": "{value!r} is not an address for {what}",
    "request.address.remedy": "write an address such as 192.168.122.50",
    "request.file": "cannot read {path}: {reason}",
    "request.file.remedy": "check that the file exists and that you may read it",
    "request.together": "{first} and {second} do not go together",
    "request.together.remedy": "leave one of the two out",
    "request.needs": "{first} needs {second}",
    "request.needs.remedy": "add {second}, or leave {first} out",
    "request.ssh_key": "{path} holds no public ssh key",
    "request.ssh_key.remedy": "name the .pub file of a key pair, such as ~/.ssh/id_ed25519.pub",
}
