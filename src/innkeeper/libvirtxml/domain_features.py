"""`<features>`: what the machine of a guest has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Size, State, Text, YesNo

if TYPE_CHECKING:
    from innkeeper.libvirtxml.domain_lxc import LinuxCapabilities


class HyperV(View):
    """What makes Windows think it runs on Hyper-V, and run better."""

    TAG = "hyperv"
    mode = Choice("@mode", "custom", "passthrough", "host-model")
    relaxed = OnOff("relaxed/@state")
    vapic = OnOff("vapic/@state")
    spinlocks = OnOff("spinlocks/@state")
    spinlock_retries = Integer("spinlocks/@retries", least=4095)
    vpindex = OnOff("vpindex/@state")
    runtime = OnOff("runtime/@state")
    synic = OnOff("synic/@state")
    stimer = OnOff("stimer/@state")
    stimer_direct = OnOff("stimer/direct/@state")
    reset = OnOff("reset/@state")
    vendor_id_state = OnOff("vendor_id/@state")
    vendor_id = Text("vendor_id/@value")
    frequencies = OnOff("frequencies/@state")
    reenlightenment = OnOff("reenlightenment/@state")
    tlbflush = OnOff("tlbflush/@state")
    tlbflush_direct = OnOff("tlbflush/direct/@state")
    tlbflush_extended = OnOff("tlbflush/extended/@state")
    ipi = OnOff("ipi/@state")
    evmcs = OnOff("evmcs/@state")
    avic = OnOff("avic/@state")
    emsr_bitmap = OnOff("emsr_bitmap/@state")
    xmm_input = OnOff("xmm_input/@state")


class Features(View):
    """Firmware interfaces, interrupt controllers, and how the hypervisor shows itself."""

    TAG = "features"
    acpi = Flag("acpi")
    pae = Flag("pae")
    apic = Flag("apic")
    apic_eoi = OnOff("apic/@eoi")
    viridian = Flag("viridian")
    private_network = Flag("privnet")
    hap = State("hap")
    pmu = State("pmu")
    vmport = State("vmport")
    smm = State("smm")
    smm_tseg = Size("smm/tseg", default="MiB")
    vmcoreinfo = State("vmcoreinfo")
    pvspinlock = State("pvspinlock")
    htm = State("htm")
    nested_hv = State("nested-hv")
    ccf_assist = State("ccf-assist")
    async_teardown = YesNo("async-teardown/@enabled")
    ps2 = State("ps2")
    ras = State("ras")
    virtualization = Flag("virtualization")
    aia = Choice("aia/@value", "none", "aplic", "aplic-imsic")
    gic = Flag("gic")
    gic_version = Choice("gic/@version", "host", "2", "3")
    ioapic = Choice("ioapic/@driver", "kvm", "qemu")
    hpt_resizing = Choice("hpt/@resizing", "enabled", "disabled", "required")
    hpt_max_page = Size("hpt/maxpagesize")
    unknown_msrs = Choice("msrs/@unknown", "ignore", "fault")
    cfpc = Choice("cfpc/@value", "broken", "workaround", "fixed")
    sbbc = Choice("sbbc/@value", "broken", "workaround", "fixed")
    ibs = Choice("ibs/@value", "broken", "workaround", "fixed-ibs", "fixed-ccd", "fixed-na")
    kvm_hidden = OnOff("kvm/hidden/@state")
    kvm_hint_dedicated = OnOff("kvm/hint-dedicated/@state")
    kvm_poll_control = OnOff("kvm/poll-control/@state")
    kvm_pv_ipi = OnOff("kvm/pv-ipi/@state")
    kvm_dirty_ring = OnOff("kvm/dirty-ring/@state")
    kvm_dirty_ring_size = Integer("kvm/dirty-ring/@size", least=1024)
    xen_e820_host = OnOff("xen/e820_host/@state")
    xen_passthrough = OnOff("xen/passthrough/@state")
    xen_passthrough_mode = Choice("xen/passthrough/@mode", "sync_pt", "share_pt")
    tcg_cache = Size("tcg/tb-cache")
    capabilities: Child[LinuxCapabilities] = Child("capabilities", "domain_lxc:LinuxCapabilities")
    hyperv = Child("hyperv", HyperV)
