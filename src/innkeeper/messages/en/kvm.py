"""The accelerator of a guest: why KVM is used, or is not."""

EMULATED = "leave out --accel kvm: the guest is then emulated (tcg), which works here"

SLOW = "guests are emulated, which takes about ten times as long"
FIGURES = (
    "guests are emulated; loop of 100,000 turns: {loop_ms} ms in KVM, {bare_ms} ms on the processor itself; "
    "one way out of the guest: {exit_ms} ms"
)

TEXT = {
    "kvm.proven": "KVM runs code on this host's processor (loop {loop_ms} ms)",
    "kvm.asked_tcg": "emulation (tcg) was asked for",
    "kvm.foreign_arch": "KVM runs guests of {host_arch} here, not of {arch}",
    "kvm.foreign_arch.remedy": "leave out --accel kvm: the guest is then emulated (tcg)",
    "kvm.absent": "there is no KVM on this host: {device} does not exist",
    "kvm.absent.remedy": "switch on virtualization (VT-x, AMD-V) in the firmware, load the module kvm_intel "
    "or kvm_amd; in a virtual machine, enable nesting on its host",
    "kvm.no_hardware": "{device} exists, but this processor offers no virtualization to it",
    "kvm.no_hardware.remedy": "switch on virtualization (VT-x, AMD-V) in the firmware; in a virtual machine, "
    "enable nesting on its host",
    "kvm.not_kvm": "{device} is not a KVM device ({error})",
    "kvm.not_kvm.remedy": "remove it and load the module kvm_intel or kvm_amd, which makes the right one",
    "kvm.denied": "not allowed to use {device}",
    "kvm.denied.remedy": "join the group that owns it (sudo usermod -aG kvm $USER) and log in again",
    "kvm.in_use": "another hypervisor holds this processor's virtualization, so KVM cannot start a machine",
    "kvm.in_use.remedy": "stop the other hypervisor (VirtualBox, VMware …) and try again",
    "kvm.setup_refused": "KVM refused to set up a test machine ({stage}: {error})",
    "kvm.setup_refused.remedy": "look into the kernel's log (dmesg) for messages of kvm",
    "kvm.wrong_instruction": "KVM here cannot run {instruction}, which a Linux kernel needs ({ended})",
    "kvm.wrong_instruction.remedy": EMULATED,
    "kvm.wrong_result": "KVM on this host runs code and gets it wrong (check {check})",
    "kvm.wrong_result.remedy": EMULATED,
    "kvm.hangs": "a test machine in KVM did not come back within {seconds} seconds (check {check})",
    "kvm.hangs.remedy": EMULATED,
    "kvm.slow": "KVM on this host is {factor} times slower than its processor, emulation (tcg) about {tcg}",
    "kvm.slow.remedy": "leave out --accel kvm: emulation (tcg) is faster here",
    "kvm.unproven_arch": "KVM on {arch} cannot be proven by this version",
    "kvm.unproven_arch.remedy": "ask for it with --accel kvm if you know that it works",
    "kvm.unprovable": "KVM could not be tried on this host: {detail}",
    "kvm.unprovable.remedy": "see that python3 works on the host, then try again",
    "kvm.proof.proven": "code was run in KVM, and was right and quick (loop {loop_ms} ms, bare {bare_ms} ms, exit "
    "{exit_ms} ms)",
    "kvm.device.usable": "{device} is there, and {user}, whom QEMU runs as, may use it ({mode} {owner})",
    "kvm.device.denied": "{user}, whom QEMU runs as, may not use {device} ({mode} {owner})",
    "kvm.device.denied.means": SLOW,
    "kvm.device.not_device": "{device} is no device but a {kind}",
    "kvm.device.not_device.means": SLOW,
    "kvm.device.no_node": "the kernel has KVM, and there is no {device}",
    "kvm.device.no_node.means": SLOW,
    "kvm.device.no_module": "the processor offers virtualization, and the module {module} is not loaded",
    "kvm.device.no_module.means": SLOW,
    "kvm.device.missing": "there is no {device}",
    "kvm.device.missing.means": SLOW,
    "kvm.device.missing.remedy": "see what processor.virtualization says; without virtualization of the processor there is no KVM",
    "kvm.access.allowed": "{user} may use {device} for guests of their own",
    "kvm.access.stranger": "{user} is not in the group {group}, which may use {device}",
    "kvm.access.stranger.means": "guests of their own (qemu:///session) are emulated; guests of the system are not concerned",
    "kvm.access.new_member": "{user} is in the group {group}, and not yet in this login",
    "kvm.access.new_member.means": "guests of their own (qemu:///session) have KVM after the next login",
    "kvm.access.new_member.remedy": "log out and in again",
    "kvm.nested.on": "guests can themselves have guests in KVM ({module})",
    "kvm.nested.off": "guests cannot themselves have guests in KVM ({module}, nested=0)",
    "kvm.nested.off.means": "only for labs, build machines and Windows with its own hypervisor that matters; it takes "
    "effect when the module is loaded anew, with no guest running",
    "kvm.nested.pending": "nested virtualization is asked for in {file}, and not yet in effect",
    "kvm.nested.pending.means": "it will be when {module} is loaded anew, with no guest running, or after a reboot",
    "kvm.absent.means": SLOW,
    "kvm.no_hardware.means": SLOW,
    "kvm.not_kvm.means": SLOW,
    "kvm.denied.means": SLOW,
    "kvm.in_use.means": SLOW,
    "kvm.setup_refused.means": SLOW,
    "kvm.wrong_instruction.means": FIGURES,
    "kvm.wrong_result.means": FIGURES,
    "kvm.hangs.means": FIGURES,
    "kvm.slow.means": FIGURES,
    "kvm.unprovable.means": "whether KVM is to be trusted is not known, so that guests are emulated",
    "kvm.unproven_arch.means": "whether KVM is to be trusted is not known, so that guests are emulated",
}
