"""The processor."""

SLOW = "guests are emulated, which takes about ten times as long"

TEXT = {
    "processor.virtualization.on": "the processor offers {name} ({flag})",
    "processor.virtualization.by_kernel": "the kernel offers virtualization on this {arch}",
    "processor.virtualization.not_by_kernel": "the kernel offers no virtualization on this {arch}",
    "processor.virtualization.not_by_kernel.means": SLOW,
    "processor.virtualization.not_by_kernel.remedy": "start the kernel at the hypervisor's level (ARM: EL2), and see "
    "what it says of kvm: dmesg",
    "processor.virtualization.none": "this {name} has no virtualization (no {flag} in /proc/cpuinfo)",
    "processor.virtualization.none.means": SLOW,
    "processor.virtualization.none.remedy": "use a processor that has it, or live with emulation",
    "processor.virtualization.switched_off": "the processor does not offer {name}: no {flag} in /proc/cpuinfo",
    "processor.virtualization.switched_off.means": SLOW,
    "processor.virtualization.switched_off.remedy": 'switch on "{switch}" in the firmware setup, mostly under '
    "{menu}, then turn the computer off and on",
    "processor.virtualization.guest_of_kvm": "this host is a guest of QEMU/KVM, and gets no {name} from it",
    "processor.virtualization.guest_of_kvm.means": SLOW,
    "processor.virtualization.guest_of_kvm.remedy": "on the machine below: load kvm_intel or kvm_amd with nested=1, "
    "give this guest <cpu mode='host-passthrough'/> (virsh edit), then stop and start it",
    "processor.virtualization.guest_of_vmware": "this host is a guest of VMware, and gets no {name} from it",
    "processor.virtualization.guest_of_vmware.means": SLOW,
    "processor.virtualization.guest_of_vmware.remedy": "stop it, tick 'Expose hardware assisted virtualization to the "
    'guest OS\' (vhv.enable = "TRUE"), start it',
    "processor.virtualization.guest_of_virtualbox": "this host is a guest of VirtualBox, and gets no {name} from it",
    "processor.virtualization.guest_of_virtualbox.means": SLOW,
    "processor.virtualization.guest_of_virtualbox.remedy": "stop it, run on the machine below: VBoxManage modifyvm NAME "
    "--nested-hw-virt on, start it",
    "processor.virtualization.guest_of_hyperv": "this host is a guest of Hyper-V, and gets no {name} from it",
    "processor.virtualization.guest_of_hyperv.means": SLOW,
    "processor.virtualization.guest_of_hyperv.remedy": "stop it, run on the machine below: Set-VMProcessor -VMName NAME "
    "-ExposeVirtualizationExtensions $true, start it",
    "processor.virtualization.guest_of_xen": "this host is a guest of Xen, and gets no {name} from it",
    "processor.virtualization.guest_of_xen.means": SLOW,
    "processor.virtualization.guest_of_xen.remedy": "make it an HVM guest with nestedhvm=1 in its configuration",
    "processor.virtualization.guest_of_cloud": "this host is a cloud instance, and gets no {name}",
    "processor.virtualization.guest_of_cloud.means": SLOW,
    "processor.virtualization.guest_of_cloud.remedy": "choose a kind of instance with nested virtualization, or bare metal",
    "processor.virtualization.guest_of_other": "this host is itself a virtual machine, and gets no {name} from below",
    "processor.virtualization.guest_of_other.means": SLOW,
    "processor.virtualization.guest_of_other.remedy": "switch on nested virtualization in the hypervisor below",
    "processor.iommu.on": "an IOMMU is in use: {devices} devices in {groups} groups ({shared} of them shared)",
    "processor.iommu.not_used": "the computer has an IOMMU, and the kernel does not use it",
    "processor.iommu.not_used.means": "devices of the host cannot be given to guests; with {parameters} on the "
    "kernel's command line they can, after a reboot",
    "processor.iommu.switched_off": "no IOMMU is seen",
    "processor.iommu.switched_off.means": "devices of the host (GPUs, network cards) cannot be given to guests",
    "processor.iommu.switched_off.remedy": 'if they shall be, switch on "{switch}" in the firmware setup',
    "processor.iommu.none_in_guest": "no IOMMU is seen; this host is itself a virtual machine",
    "processor.iommu.none_in_guest.means": "devices cannot be given to guests; few need it in a virtual machine",
}
