"""Documents that come by REST: nothing of the host comes in by them, and what is there stays what it is."""

from __future__ import annotations

from typing import Any

import pytest

from innkeeper.errors import Denied, Invalid
from innkeeper.libvirtxml import Domain
from innkeeper.server.confinement import documents, volumes

BASE = """<domain type="kvm" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
  <name>web</name>
  <uuid>5b6e3f3a-2f0f-4c6a-9a57-0d6a3f3c2b1a</uuid>
  <metadata><innkeeper:guest xmlns:innkeeper="urn:innkeeper:guest:1" operation="abc"/></metadata>
  <memory unit="KiB">65536</memory>
  <vcpu placement="static">1</vcpu>
  <os><type arch="x86_64" machine="q35">hvm</type><boot dev="hd"/></os>
  <features><acpi/></features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type="file" device="disk">
      <driver name="qemu" type="qcow2"/>
      <source file="/var/lib/libvirt/images/web.qcow2"/>
      <target dev="vda" bus="virtio"/>
    </disk>
    <disk type="file" device="disk">
      <driver name="qemu" type="raw"/>
      <source file="/srv/shared.iso"/>
      <target dev="vdb" bus="virtio"/>
      <readonly/>
    </disk>
    <interface type="network"><source network="default"/><model type="virtio"/></interface>
    <serial type="pty"><log file="/var/log/innkeeper/web.log"/><target port="0"/></serial>
    <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>
    <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
  </devices>
</domain>"""

DEVICES = {
    "disk file": "<disk type='file'><source file='/etc/shadow'/><target dev='vdc'/></disk>",
    "disk without a type": "<disk><source file='/etc/shadow'/><target dev='vdc'/></disk>",
    "disk relative": "<disk type='file'><source file='shadow'/><target dev='vdc'/></disk>",
    "cd": "<disk type='file' device='cdrom'><source file='/etc/shadow'/><target dev='sda'/></disk>",
    "floppy": "<disk type='file' device='floppy'><source file='/etc/shadow'/><target dev='fda'/></disk>",
    "disk block": "<disk type='block'><source dev='/dev/sda'/><target dev='vdc'/></disk>",
    "disk lun": "<disk type='block' device='lun'><source dev='/dev/sda'/><target dev='sda' bus='scsi'/></disk>",
    "disk dir": "<disk type='dir'><source dir='/etc'/><target dev='vdc'/></disk>",
    "disk network": "<disk type='network'><source protocol='nbd' name='x'><host name='192.0.2.1'/></source>"
    "<target dev='vdc'/></disk>",
    "disk http": "<disk type='network'><source protocol='http' name='/x'><host name='169.254.169.254'/></source>"
    "<target dev='vdc'/></disk>",
    "disk nvme": "<disk type='nvme'><source type='pci' managed='yes' namespace='1'>"
    "<address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source><target dev='vdc'/></disk>",
    "disk vhostuser": "<disk type='vhostuser'><source type='unix' path='/run/x'/><target dev='vdc'/></disk>",
    "disk json": "<disk type='file'><source file='json:{\"driver\":\"file\"}'/><target dev='vdc'/></disk>",
    "disk mirror": "<disk type='file'><target dev='vdc'/><mirror type='file' file='/etc/x'/></disk>",
    "disk below": "<disk type='file'><target dev='vdc'/><backingStore type='file'><format type='raw'/>"
    "<source file='/etc/shadow'/></backingStore></disk>",
    "disk secret": "<disk type='file'><target dev='vdc'/><encryption format='luks'>"
    "<secret type='passphrase' uuid='5b6e3f3a-2f0f-4c6a-9a57-0d6a3f3c2b1a'/></encryption></disk>",
    "serial file": "<serial type='file'><source path='/etc/shadow'/></serial>",
    "serial dev": "<serial type='dev'><source path='/dev/ttyS0'/></serial>",
    "serial pipe": "<serial type='pipe'><source path='/run/x'/></serial>",
    "serial unix": "<serial type='unix'><source mode='connect' path='/run/libvirt/libvirt-sock'/></serial>",
    "serial tcp": "<serial type='tcp'><source mode='connect' host='127.0.0.1' service='22'/></serial>",
    "serial udp": "<serial type='udp'><source mode='connect' host='127.0.0.1' service='22'/></serial>",
    "serial log": "<serial type='pty'><log file='/etc/cron.d/x'/></serial>",
    "serial tty": "<serial type='pty' tty='/dev/pts/1'><source path='/dev/pts/1'/></serial>",
    "parallel": "<parallel type='file'><source path='/etc/shadow'/></parallel>",
    "console": "<console type='file'><source path='/etc/shadow'/></console>",
    "channel path": "<channel type='unix'><source mode='bind' path='/etc/x'/>"
    "<target type='virtio' name='a'/></channel>",
    "channel connect": "<channel type='unix'><source mode='connect'/><target type='virtio' name='a'/></channel>",
    "filesystem": "<filesystem type='mount'><source dir='/'/><target dir='x'/></filesystem>",
    "filesystem virtiofs": "<filesystem type='mount'><driver type='virtiofs'/><source socket='/run/x'/>"
    "<target dir='x'/></filesystem>",
    "hostdev pci": "<hostdev mode='subsystem' type='pci'><source><address domain='0' bus='1' slot='0' function='0'/>"
    "</source></hostdev>",
    "hostdev usb": "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1'/><product id='0x2'/>"
    "</source></hostdev>",
    "hostdev storage": "<hostdev mode='capabilities' type='storage'><source><block>/dev/sda</block>"
    "</source></hostdev>",
    "interface direct": "<interface type='direct'><source dev='eth0'/></interface>",
    "interface bridge": "<interface type='bridge'><source bridge='br0'/></interface>",
    "interface script": "<interface type='network'><source network='default'/><script path='/tmp/x'/></interface>",
    "interface ethernet": "<interface type='ethernet'/>",
    "interface rom": "<interface type='network'><source network='default'/><rom file='/etc/shadow'/></interface>",
    "interface vhostuser": "<interface type='vhostuser'>"
    "<source type='unix' path='/run/x' mode='client'/></interface>",
    "interface server": "<interface type='server'><source address='0.0.0.0' port='1'/></interface>",
    "interface passt": "<interface type='user'><backend type='passt' logFile='/etc/x'/></interface>",
    "interface forward": "<interface type='user'><portForward proto='tcp'><range start='22'/>"
    "</portForward></interface>",
    "tpm": "<tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>",
    "tpm external": "<tpm><backend type='external'><source type='unix' mode='connect' path='/run/x'/>"
    "</backend></tpm>",
    "rng": "<rng model='virtio'><backend model='random'>/etc/shadow</backend></rng>",
    "rng egd": "<rng model='virtio'><backend model='egd' type='tcp'>"
    "<source mode='connect' host='127.0.0.1' service='1'/>"
    "</backend></rng>",
    "shmem": "<shmem name='x'><model type='ivshmem-doorbell'/><server path='/run/x'/></shmem>",
    "shmem plain": "<shmem name='x'><size unit='M'>1</size></shmem>",
    "memory": "<memory model='nvdimm'><source><path>/etc/shadow</path></source><target><size>1</size>"
    "</target></memory>",
    "input": "<input type='passthrough' bus='virtio'><source evdev='/dev/input/event0'/></input>",
    "input evdev": "<input type='evdev'><source dev='/dev/input/event0'/></input>",
    "vsock": "<vsock model='virtio'><cid auto='yes'/></vsock>",
    "audio": "<audio id='1' type='file' path='/etc/x'/>",
    "audio oss": "<audio id='1' type='oss'><input dev='/dev/dsp'/></audio>",
    "smartcard": "<smartcard mode='host'/>",
    "smartcard db": "<smartcard mode='host-certificates'><certificate>a</certificate>"
    "<database>/etc/x</database></smartcard>",
    "redirdev": "<redirdev bus='usb' type='tcp'><source mode='connect' host='127.0.0.1' service='1'/></redirdev>",
    "graphics everywhere": "<graphics type='vnc' autoport='yes' listen='0.0.0.0'/>",
    "graphics listen": "<graphics type='vnc' autoport='yes'><listen type='address' address='0.0.0.0'/></graphics>",
    "graphics socket": "<graphics type='vnc' socket='/etc/x'/>",
    "graphics gl": "<graphics type='egl-headless'><gl rendernode='/dev/dri/renderD128'/></graphics>",
    "graphics sdl": "<graphics type='sdl' display=':0' xauth='/root/.Xauthority'/>",
    "video": "<video><model type='virtio'><acceleration accel3d='yes' rendernode='/dev/dri/renderD128'/>"
    "</model></video>",
    "emulator": "<emulator>/tmp/evil</emulator>",
    "lease": "<lease><lockspace>x</lockspace><key>y</key><target path='/etc/shadow'/></lease>",
    "pstore": "<pstore backend='acpi-erst'><path>/etc/shadow</path></pstore>",
    "crypto": "<crypto model='virtio' type='qemu'><backend model='lkcf'/></crypto>",
    "unknown": "<madeup path='/etc/shadow'/>",
}  # fmt: skip

ELSEWHERE = {
    "kernel": "<os><type>hvm</type><kernel>/etc/shadow</kernel></os>",
    "initrd": "<os><type>hvm</type><initrd>/etc/shadow</initrd></os>",
    "dtb": "<os><type>hvm</type><dtb>/etc/shadow</dtb></os>",
    "loader": "<os><type>hvm</type><loader readonly='yes' type='pflash'>/etc/shadow</loader></os>",
    "nvram": "<os><type>hvm</type><nvram template='/etc/shadow'>/etc/x</nvram></os>",
    "nvram source": "<os><type>hvm</type><nvram type='file'><source file='/etc/x'/></nvram></os>",
    "acpi table": "<os><type>hvm</type><acpi><table type='slic'>/etc/shadow</table></acpi></os>",
    "bootloader": "<bootloader>/tmp/evil</bootloader>",
    "smbios of the host": "<os><type>hvm</type><smbios mode='host'/></os>",
    "fw_cfg": "<sysinfo type='fwcfg'><entry name='opt/x' file='/etc/shadow'/></sysinfo>",
    "arguments": "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
    "<qemu:arg value='-drive'/></qemu:commandline>",
    "override": "<qemu:override xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'/>",
    "lxc": "<lxc:namespace xmlns:lxc='http://libvirt.org/schemas/domain/lxc/1.0'>"
    "<lxc:sharenet type='netns' value='red'/></lxc:namespace>",
    "label": "<seclabel type='none'/>",
    "sev": "<launchSecurity type='sev'><session>x</session></launchSecurity>",
    "cgroup": "<resource><partition>/machine</partition></resource>",
    "huge pages": "<memoryBacking><hugepages/></memoryBacking>",
    "memory of a file": "<memoryBacking><source type='file'/></memoryBacking>",
    "pinned": "<cputune><vcpupin vcpu='0' cpuset='0'/></cputune>",
    "disk weights": "<blkiotune><device><path>/dev/sda</path><weight>1</weight></device></blkiotune>",
    "id map": "<idmap><uid start='0' target='0' count='1'/></idmap>",
}


@pytest.fixture(autouse=True)
def _no_pools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volumes, "is_own", lambda *_told: False)


def judge(old: str, new: str) -> None:
    host: Any = None
    documents.judge(host, "web", Domain.from_xml(old), Domain.from_xml(new))


def with_device(xml: str) -> str:
    return BASE.replace("</devices>", xml + "</devices>")


def with_element(xml: str) -> str:
    root = BASE
    if xml.startswith("<os>"):
        root = root[: root.index("<os>")] + root[root.index("</os>") + 5 :]
    return root.replace("<features>", xml + "<features>")


@pytest.mark.parametrize("what", sorted(DEVICES))
def test_a_device_of_the_host_comes_in_by_no_document(what: str) -> None:
    new = with_device(DEVICES[what])
    with pytest.raises(Denied) as caught:
        judge(BASE, new)
    assert caught.value.code == "request.host_element"
    judge(new, new)  # what its owner put there stays


@pytest.mark.parametrize("what", sorted(ELSEWHERE))
def test_nor_does_anything_else_of_the_host(what: str) -> None:
    new = with_element(ELSEWHERE[what])
    with pytest.raises(Denied):
        judge(BASE, new)
    judge(new, new)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/var/lib/libvirt/images/web.qcow2", "/etc/shadow"),
        ('type="qcow2"', 'type="raw"'),
        ('type="raw"', 'type="qcow2"'),
        ("<readonly/>", ""),
        ('<source file="/srv/shared.iso"/>', '<source file="/var/lib/libvirt/images/web.qcow2"/>'),
        ("/var/log/innkeeper/web.log", "/var/log/innkeeper/../../../etc/cron.d/x"),
        ("/usr/bin/qemu-system-x86_64", "/tmp/evil"),
        ("/dev/urandom", "/dev/mem"),
        ('operation="abc"', 'operation="def"'),
        ('device="disk"', 'device="lun"'),
        ('network="default"', 'network="default" bridge="br0"'),
        ('<channel type="unix">', '<channel type="unix"><source mode="bind" path="/etc/x"/>'),
        ('placement="static"', 'placement="static" cpuset="0"'),
    ],
)  # fmt: skip
def test_what_is_there_cannot_be_turned_into_something_else(before: str, after: str) -> None:
    assert before in BASE
    with pytest.raises(Denied):
        judge(BASE, BASE.replace(before, after, 1))


def test_one_device_is_not_made_two() -> None:
    disk = BASE[BASE.index("<disk") : BASE.index("</disk>") + 7]
    with pytest.raises(Denied):
        judge(BASE, with_device(disk))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (">65536<", ">131072<"),
        (">1</vcpu>", ">2</vcpu>"),
        ('<boot dev="hd"/>', '<boot dev="network"/>'),
        ("<features>", "<title>a/b ../c</title><description>/etc/x</description><features>"),
        ('<source network="default"/>', '<source network="other"/>'),
        ("<acpi/>", "<acpi/><apic/>"),
        ("<features>", "<clock offset='utc'/><cpu mode='host-model'/><features>"),
        (
            "</devices>",
            "<video><model type='virtio'/></video><graphics type='vnc' autoport='yes'/></devices>",
        ),
        ("</devices>", "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm></devices>"),
        ("</devices>", "<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk></devices>"),
        (
            "</devices>",
            "<controller type='usb' model='qemu-xhci'/><input type='tablet' bus='usb'/></devices>",
        ),
        ('<target dev="vda" bus="virtio"/>', '<target dev="sda" bus="scsi"/><iotune/>'),
    ],
)
def test_what_is_harmless_may_be_changed(before: str, after: str) -> None:
    assert before in BASE
    judge(BASE, BASE.replace(before, after, 1))


def test_devices_may_be_taken_out_and_put_in_order() -> None:
    first, second = BASE.index("<disk"), BASE.index("<disk", BASE.index("<disk") + 1)
    end = BASE.index("<interface")
    judge(BASE, BASE[:first] + BASE[second:end] + BASE[first:second] + BASE[end:])
    judge(BASE, BASE[:first] + BASE[end:])


def test_no_document_type() -> None:
    for entity in ("<!DOCTYPE domain [<!ENTITY x SYSTEM 'file:///etc/shadow'>]>", "<!DOCTYPE domain>"):
        with pytest.raises(Invalid):
            judge(BASE, entity + BASE)


@pytest.mark.parametrize(
    "said",
    [
        "./devices/disk/source/@file=/etc/shadow",
        "./devices/disk[1]/source/@file=/etc/shadow",
        "./devices/disk/driver/@type=raw",
        "//source/@file=/etc/shadow",
        "./devices/*[name()='disk']/source/@file=x",
        "./devices/serial/log/@file=/etc/cron.d/x",
        "./devices/serial/@type=file",
        "./devices/hostdev/@type=pci",
        "./devices/filesystem",
        "./devices/shmem/@name=x",
        "./os/kernel=/etc/shadow",
        "./os/loader=/etc/shadow",
        "./qemu:commandline/qemu:arg/@value=-drive",
        "./devices/emulator=/tmp/evil",
        "./devices/interface/@type=direct",
        "./devices/graphics/@listen=0.0.0.0",
        "./metadata/x=y",
        "./title/../os/kernel=/etc/shadow",
        "/domain/os/kernel=/etc/shadow",
        "id('x')/@file=y",
        "./seclabel/@type=none",
    ],
)
def test_changes_of_a_new_document_are_refused(said: str) -> None:
    with pytest.raises(Denied):
        documents.edit(said)


@pytest.mark.parametrize(
    "said",
    [
        "./title=Web /etc server",
        "./cpu/@mode=host-model",
        "./devices/rng=",
        "./os/loader/@secure=",
        "./features/vmcoreinfo",
        "./devices/disk[@device='cdrom']/target/@bus=sata",
        "./devices/video/model/@type=virtio",
        "./devices/disk/driver/@cache=none",
    ],
)
def test_changes_of_a_new_document_are_taken(said: str) -> None:
    assert documents.edit(said) == said
