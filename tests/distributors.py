"""What distributors publish, laid out as they do it: names, pages of directories, sums and signatures, for a local web
server. Written down from their servers, not from our catalogue: the catalogue has to find its way in it.

    with WebServer(published().files) as url:
        mirrors = mirror_setting(url)        # for the setting `mirrors`

Each lies below its own name (`/debian/…`), which stands for the address that the catalogue says. Older releases, links
named `latest`, other variants and half of what else lies there are in it too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["NEWEST", "Published", "Signer", "mirror_setting", "published"]

Content = Callable[[str], bytes]
"""name of an image's file → what is in it"""
Signer = Callable[[bytes, str, bool], bytes]
"""text, whose key it is (the name of an offer), whether inline → a signature, or the text signed inline"""

BOTH = (("amd64", "x86_64"), ("arm64", "aarch64"))

NEWEST = {
    ("almalinux-9", "x86_64"): "9.8-20260526",
    ("almalinux-9", "aarch64"): "9.8-20260526",
    ("almalinux-10", "x86_64"): "10.2-20260526.0",
    ("almalinux-10", "aarch64"): "10.2-20260526.0",
    ("alpine-3.22", "x86_64"): "3.22.4-r0",
    ("alpine-3.22", "aarch64"): "3.22.4-r0",
    ("alpine-3.23", "x86_64"): "3.23.10-r1",
    ("alpine-3.23", "aarch64"): "3.23.10-r1",
    ("alpine-3.24", "x86_64"): "3.24.1-r0",
    ("alpine-3.24", "aarch64"): "3.24.1-r0",
    ("arch", "x86_64"): "20261001.604814",
    ("centos-stream-9", "x86_64"): "20260720.0",
    ("centos-stream-9", "aarch64"): "20260720.0",
    ("centos-stream-10", "x86_64"): "20260720.0",
    ("centos-stream-10", "aarch64"): "20260720.0",
    ("cirros", "x86_64"): "0.10.0",
    ("cirros", "aarch64"): "0.10.0",
    ("debian-12", "x86_64"): "20260806-2562",
    ("debian-12", "aarch64"): "20260806-2562",
    ("debian-13", "x86_64"): "20260806-10001",
    ("debian-13", "aarch64"): "20260806-10001",
    ("fedora-43", "x86_64"): "1.6",
    ("fedora-43", "aarch64"): "1.6",
    ("fedora-44", "x86_64"): "1.10",
    ("fedora-44", "aarch64"): "1.10",
    ("freebsd-14", "x86_64"): "14.4",
    ("freebsd-14", "aarch64"): "14.4",
    ("freebsd-15", "x86_64"): "15.1",
    ("freebsd-15", "aarch64"): "15.1",
    ("opensuse-leap-16.0", "x86_64"): "16.0",
    ("opensuse-leap-16.0", "aarch64"): "16.0",
    ("opensuse-tumbleweed", "x86_64"): "20261005",
    ("opensuse-tumbleweed", "aarch64"): "20261005",
    ("rocky-9", "x86_64"): "9.8-20260525.0",
    ("rocky-9", "aarch64"): "9.8-20260525.0",
    ("rocky-10", "x86_64"): "10.2-20260525.0",
    ("rocky-10", "aarch64"): "10.2-20260525.0",
    ("ubuntu-22.04", "x86_64"): "20260630",
    ("ubuntu-22.04", "aarch64"): "20260630",
    ("ubuntu-24.04", "x86_64"): "20260705.1",
    ("ubuntu-24.04", "aarch64"): "20260705.1",
    ("ubuntu-26.04", "x86_64"): "20260720",
    ("ubuntu-26.04", "aarch64"): "20260720",
}  # fmt: skip
"""The newest release of each, as the layout has it; some of them sort otherwise as text than as numbers."""


def _marked(text: bytes, owner: str, inline: bool) -> bytes:
    """What stands for a signature where no key is at hand: it says whose it is, and of what."""
    line = f"SIGNED {owner} {hashlib.sha256(text).hexdigest()}\n".encode()
    return line + text if inline else line


def published(
    content: Content = lambda name: f"disk of {name}\n".encode(), sign: Signer = _marked
) -> Published:
    """All of them. `content` makes images' files; `sign` signs where the distributor does."""
    made = Published(content, sign)
    for lay in (
        _almalinux,
        _alpine,
        _arch,
        _centos,
        _cirros,
        _debian,
        _fedora,
        _freebsd,
        _opensuse,
        _rocky,
        _ubuntu,
    ):
        lay(made)
    return made


def mirror_setting(url: str) -> str:
    """The setting `mirrors` that has every distributor there."""
    names = sorted({lay.__name__.lstrip("_") for lay in (
        _almalinux, _alpine, _arch, _centos, _cirros, _debian, _fedora, _freebsd, _opensuse, _rocky, _ubuntu,
    )})  # fmt: skip
    return ", ".join(f"{name}={url}/{name}" for name in names)


@dataclass
class Published:
    """A server's files: path → content."""

    content: Content
    sign: Signer
    files: dict[str, bytes] = field(default_factory=dict)

    def image(self, directory: str, name: str) -> bytes:
        """Publish an image's file."""
        return self.put(f"{directory}/{name}", self.content(name))

    def put(self, path: str, data: bytes | str) -> bytes:
        self.files[path] = data.encode() if isinstance(data, str) else data
        return self.files[path]

    def sums(
        self, directory: str, name: str, lines: Iterable[str], owner: str = "", ending: str = ".asc"
    ) -> None:
        """A file of sums, and a signature beside it where its owner signs."""
        text = self.put(f"{directory}/{name}", "".join(f"{line}\n" for line in lines))
        if owner:
            self.put(f"{directory}/{name}{ending}", self.sign(text, owner, False))

    def names(self, directory: str) -> list[str]:
        """What lies right below a directory; directories with a slash."""
        inside = (
            path.removeprefix(f"{directory}/") for path in self.files if path.startswith(f"{directory}/")
        )
        return sorted({name.partition("/")[0] + ("/" if "/" in name else "") for name in inside if name})

    def page(self, directory: str, style: str) -> None:
        """The page that a web server shows of a directory."""
        self.put(f"{directory}/", _PAGES[style](directory, self.names(directory)))


# --- sums, as they are written ----------------------------------------------------------------------------------------


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sha512(data: bytes) -> str:
    return hashlib.sha512(data).hexdigest()


def _bsd(name: str, data: bytes) -> list[str]:
    """As CentOS, Fedora and Rocky have them."""
    return [f"# {name}: {len(data)} bytes", f"SHA256 ({name}) = {sha256(data)}"]


# --- pages of directories ---------------------------------------------------------------------------------------------


def _apache(directory: str, names: list[str]) -> str:
    rows = "".join(
        f'<tr><td valign="top"><img src="/icons2/folder.png"></td><td><a href="{name}">{name[:28]}..&gt;</a>'
        '</td><td align="right">2026-08-06 10:11  </td><td align="right">  - </td></tr>\n'
        for name in names
    )
    return (
        f"<html><head><title>Index of /{directory}</title></head><body><table>"
        '<tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th></tr>'
        f'<tr><td><a href="/{directory.rpartition("/")[0]}/">Parent Directory</a></td></tr>\n{rows}</table>'
    )


def _nginx(directory: str, names: list[str]) -> str:
    rows = "".join(f'<a href="{name}">{name}</a>     01-Oct-2026 12:00      -\r\n' for name in names)
    return f'<html><body><h1>Index of /{directory}/</h1><hr><pre><a href="../">../</a>\r\n{rows}</pre></body></html>'


def _fancy(directory: str, names: list[str]) -> str:
    """As FreeBSD's and Rocky's servers do it, and many mirrors: absolute links, single quotes, a page around it."""
    rows = "".join(
        f"<tr><td class='link'><a href='/{directory}/{name}' title='{name}'>{name}</a></td><td>-</td></tr>"
        for name in names
    )
    return f"<!DOCTYPE html><body><a href='https://example.org/donate'>Donate</a><table>{rows}</table></body>"


_PAGES: Mapping[str, Callable[[str, list[str]], str]] = {"apache": _apache, "nginx": _nginx, "fancy": _fancy}


# --- who publishes how ------------------------------------------------------------------------------------------------


def _almalinux(to: Published) -> None:
    for release, minors in (
        ("9", ("9.7-20251118", "9.8-20260526")),
        ("10", ("10.1-20251125.0", "10.2-20260526.0")),
    ):
        for _, arch in BOTH:
            directory, lines = f"almalinux/{release}/cloud/{arch}/images", []
            for minor in (*minors, "latest"):
                for kind in ("GenericCloud", "GenericCloud-ext4", "OpenNebula"):
                    name = f"AlmaLinux-{release}-{kind}-{minor}.{arch}.qcow2"
                    lines.append(f"{sha256(to.image(directory, name))}  {name}")
            to.sums(directory, "CHECKSUM", sorted(lines), f"almalinux-{release}")
            to.page(directory, "apache")


def _alpine(to: Published) -> None:
    versions = {
        "3.22": ("3.22.2-r0", "3.22.4-r0"),
        "3.23": ("3.23.9-r0", "3.23.10-r0", "3.23.10-r1"),
        "3.24": ("3.24.0-r0", "3.24.1-r0"),
    }
    for release, all_of_it in versions.items():
        directory = f"alpine/v{release}/releases/cloud"
        for version in all_of_it:
            number, _, revision = version.partition("-")
            for cloud, arch, firmware, kind in (
                (cloud, arch, firmware, kind)
                for cloud in ("nocloud", "generic", "aws")
                for arch, firmware in (("x86_64", "bios"), ("x86_64", "uefi"), ("aarch64", "uefi"))
                for kind in ("cloudinit", "tiny", "cloudinit-metal")
            ):
                name = f"{cloud}_alpine-{number}-{arch}-{firmware}-{kind}-{revision}.qcow2"
                data = to.image(directory, name)
                to.put(f"{directory}/{name}.sha512", sha512(data))
                to.put(f"{directory}/{name}.asc", to.sign(data, "nobody", False))
        to.page(directory, "nginx")


def _arch(to: Published) -> None:
    for version in ("20260715.556894", "20260901.583572", "20261001.604814", "latest"):
        directory = f"arch/{version}" if version == "latest" else f"arch/v{version}"
        for kind in ("basic", "cloudimg"):
            number = "" if version == "latest" else f"-{version}"
            name = f"Arch-Linux-x86_64-{kind}{number}.qcow2"
            data = to.image(directory, name)
            to.put(f"{directory}/{name}.sig", to.sign(data, "arch", False))
            to.sums(directory, f"{name}.SHA256", [f"{sha256(data)}  {name}"], "arch", ".sig")
    to.page("arch", "nginx")


def _centos(to: Published) -> None:
    for release in ("9", "10"):
        for _, arch in BOTH:
            directory, lines = f"centos/{release}-stream/{arch}/images", list[str]()
            for version in ("20241118.0", "20260622.0", "20260720.0", "latest"):
                for kind in ("GenericCloud", f"GenericCloud-{arch}", "Container-Base", "ec2"):
                    ending = {"Container-Base": "tar.xz", "ec2": "raw.xz"}.get(kind, "qcow2")
                    name = f"CentOS-Stream-{kind}-{release}-{version}.{arch}.{ending}"
                    data = to.image(directory, name)
                    lines += _bsd(name, data)
                    to.sums(directory, f"{name}.SHA256SUM", _bsd(name, data))
            to.sums(directory, "CHECKSUM", lines)
            to.page(directory, "apache")


def _cirros(to: Published) -> None:
    for version in ("0.6.2", "0.6.3", "0.9.0", "0.10.0"):
        directory, lines = f"cirros/{version}", []
        for name in (
            f"cirros-{version}-{arch}-{kind}"
            for arch in ("aarch64", "arm", "x86_64")
            for kind in ("disk.img", "kernel")
        ):
            lines.append(f"{sha256(to.image(directory, name))}  {name}")
        to.sums(directory, "SHA256SUMS", lines)
    for other in ("contrib", "daily", "streams"):
        to.put(f"cirros/{other}/README", "")
    to.page("cirros", "apache")


def _debian(to: Published) -> None:
    for codename, release, versions in (
        ("bookworm", "12", ("20241110-1927", "20260712-2537", "20260806-2562")),
        ("trixie", "13", ("20250814-2204", "20260806-9999", "20260806-10001")),
    ):
        for version in (*versions, "latest"):
            directory, lines = f"debian/{codename}/{version}", []
            number = "" if version == "latest" else f"-{version}"
            for arch, _ in (*BOTH, ("ppc64el", "")):
                for kind in ("generic", "genericcloud", "nocloud"):
                    for ending in ("qcow2", "raw", "json"):
                        name = f"debian-{release}-{kind}-{arch}{number}.{ending}"
                        lines.append(f"{sha512(to.image(directory, name))}  {name}")
            to.sums(directory, "SHA512SUMS", lines)
        to.put(f"debian/{codename}/daily/latest/SHA512SUMS", "")
        to.page(f"debian/{codename}", "apache")


def _fedora(to: Published) -> None:
    for release, numbers in (("43", ("1.6",)), ("44", ("1.7", "1.10"))):
        for _, arch in BOTH:
            directory = f"fedora/{release}/Cloud/{arch}/images"
            for number in numbers:
                lines = []
                for kind in ("Generic", "UEFI-UKI", "AmazonEC2"):
                    name = f"Fedora-Cloud-Base-{kind}-{release}-{number}.{arch}.qcow2"
                    lines += _bsd(name, to.image(directory, name))
                text = "".join(f"{line}\n" for line in lines).encode()
                checksum = f"Fedora-Cloud-{release}-{number}-{arch}-CHECKSUM"
                to.put(f"{directory}/{checksum}", to.sign(text, f"fedora-{release}", True))
            to.page(directory, "fancy")


def _freebsd(to: Published) -> None:
    for version in ("14.3", "14.4", "15.0", "15.1"):
        for place, arch in (("amd64", "amd64"), ("aarch64", "arm64-aarch64"), ("riscv64", "riscv-riscv64")):
            directory, lines = f"freebsd/{version}-RELEASE/{place}/Latest", []
            for kind in ("", "-BASIC-CLOUDINIT", "-BASIC-CI"):
                for disk in ("ufs.qcow2.xz", "zfs.qcow2.xz", "ufs.raw.xz"):
                    name = f"FreeBSD-{version}-RELEASE-{arch}{kind}-{disk}"
                    lines.append((name, to.image(directory, name)))
            to.sums(
                directory, "CHECKSUM.SHA512", [f"SHA512 ({name}) = {sha512(data)}" for name, data in lines]
            )
            to.sums(
                directory, "CHECKSUM.SHA256", [f"SHA256 ({name}) = {sha256(data)}" for name, data in lines]
            )
    to.put("freebsd/README.txt", "")
    to.page("freebsd", "fancy")


def _opensuse(to: Published) -> None:
    for _, arch in BOTH:
        directory = "opensuse/distribution/leap/16.0/appliances"
        for kind in ("Cloud", "kvm-and-xen"):
            name = f"Leap-16.0-Minimal-VM.{arch}-{kind}.qcow2"
            to.sums(directory, f"{name}.sha256", [f"{sha256(to.image(directory, name))}  {name}"], "opensuse")
    for place, arch in (("tumbleweed", "x86_64"), ("ports/aarch64/tumbleweed", "aarch64")):
        directory = f"opensuse/{place}/appliances"
        for kind in ("Cloud", "kvm-and-xen"):
            for stem in ("1.0.0-{}-Snapshot20260911", "1.0.0-{}-Snapshot20261005", "{}"):
                name = f"openSUSE-Tumbleweed-Minimal-VM.{arch}-{stem.format(kind)}.qcow2"
                to.sums(
                    directory, f"{name}.sha256", [f"{sha256(to.image(directory, name))}  {name}"], "opensuse"
                )
        rows = ",".join(f'{{"name":"{name}","size":123,"mtime":1791200000}}' for name in to.names(directory))
        to.put(f"{directory}/?jsontable", f'{{"data":[{rows}]}}')


def _rocky(to: Published) -> None:
    for release, minors in (("9", ("9.7-20251123.2", "9.8-20260525.0")), ("10", ("10.2-20260525.0",))):
        for _, arch in BOTH:
            directory, lines = f"rocky/{release}/images/{arch}", list[str]()
            names = [
                f"Rocky-{release}-{kind}-{minor}.{arch}.qcow2"
                for kind in ("GenericCloud-Base", "GenericCloud-LVM", "EC2-Base")
                for minor in minors
            ]
            names += [
                f"Rocky-{release}-GenericCloud-Base.latest.{arch}.qcow2",
                f"Rocky-{release}-GenericCloud.latest.{arch}.qcow2",
            ]
            for name in names:
                data = to.image(directory, name)
                lines += _bsd(name, data)
                to.sums(directory, f"{name}.CHECKSUM", _bsd(name, data))
            to.sums(directory, "CHECKSUM", lines)
            to.page(directory, "fancy")


def _ubuntu(to: Published) -> None:
    for codename, release, versions in (
        ("jammy", "22.04", ("20260501", "20260630")),
        ("noble", "24.04", ("20240423", "20260705", "20260705.1")),
        ("resolute", "26.04", ("20260423", "20260720")),
    ):
        for version in versions:
            directory, lines = f"ubuntu/{codename}/release-{version}", []
            for arch, _ in (*BOTH, ("amd64v3", "")):
                for ending in (".img", ".squashfs", "-lxd.tar.xz", ".ova"):
                    name = f"ubuntu-{release}-server-cloudimg-{arch}{ending}"
                    lines.append(f"{sha256(to.image(directory, name))} *{name}")
            to.sums(directory, "SHA256SUMS", lines, "ubuntu", ".gpg")
        to.put(f"ubuntu/{codename}/release/SHA256SUMS", "")
        to.page(f"ubuntu/{codename}", "apache")
