"""Networks."""

TEXT = {
    "network.unknown": "there is no network {name}",
    "network.unknown.remedy": "choose one of: {choices}",
    "network.inactive": "the network {name} is not active",
    "network.inactive.remedy": "start it: virsh net-start {name}",
    "network.no_bridge": "this user's libvirt cannot use the network {name}",
    "network.no_bridge.remedy": "use --network user, or run as root (qemu:///system)",
    "network.address_outside": "{address} is not in the network {name} ({subnet})",
    "network.address_outside.remedy": "choose an address of that network",
    "network.address_taken": "{address} is given to somebody else in the network {name}",
    "network.address_taken.remedy": "choose another address",
}
