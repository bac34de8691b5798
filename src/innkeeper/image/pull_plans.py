"""What `--dry-run` and `--explain` show of `image.pull`: how the same is fetched, checked and taken in by hand."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING

from innkeeper.image import plans, publish
from innkeeper.image.getting import Fetched
from innkeeper.schema.sizes import format_size
from innkeeper.tools import unpacking
from innkeeper.verbs import Plan

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.image.offers.release import Release, SigningKey
    from innkeeper.schema.image import ImageManifest

__all__ = ["pulling"]

_CURL = [
    "curl",
    "--fail",
    "--silent",
    "--show-error",
    "--location",
    "--proto",
    "=http,https",
    "--proto-redir",
]
_VIRTUAL = r's/.*"virtual-size": \([0-9]*\).*/\1/p'


def pulling(host: Host, manifest: ImageManifest, release: Release, fetched: Iterable[Fetched]) -> Plan:
    """The sums and their signature, the file and its digest, the disk in it, the image."""
    made = publish.edition(host, manifest, ["qcow2"])
    published, disk = "published", made.manifest.disk
    digest, _, value = release.digest.partition(":")
    signed = [command for text in fetched if text.key for command in _signed(text, text.key)]
    commands = [*signed, f"grep --quiet --ignore-case {value} sums"] if signed else []
    commands.append(_fetch(release.url, published))
    commands.append(f"echo {shlex.quote(f'{value}  {published}')} | {digest}sum --check --quiet")
    if release.signature:
        commands += _verify(release.signature.url, release.signature.key, published)
    if release.packing:
        unpack = shlex.join(unpacking.command(release.packing, release.member))
        commands += [f"{unpack} <{published} >unpacked"]
        published = "unpacked"
    if release.format == "qcow2":
        commands.append(shlex.join(["mv", published, disk]))
    else:
        commands.append(shlex.join(["qemu-img", "convert", "-f", "raw", "-O", "qcow2", published, disk]))
    size = f"qemu-img info --output=json {shlex.quote(disk)} | sed -n {shlex.quote(_VIRTUAL)} | tail -n 1"
    target = shlex.quote(f"{made.stem}.json.in")
    commands.append(f"""sed -i 's/"virtual_size": 0/"virtual_size": '"$({size})"'/' {target}""")
    plan = plans.publishing(host, made, commands)
    told = [
        f"fetch {release.url} ({format_size(release.size)}), {release.name} {release.version}",
        f"signed by {release.signed}" if release.signed else "its checksum is not signed",
        f"take it in as image {manifest.name}",
    ]
    return Plan([*told, *plan.summary], plan.documents, plan.commands)


def _signed(text: Fetched, key: SigningKey) -> list[str]:
    """A text, and whether it is signed; the last one is the sums that name the file's digest."""
    if text.signature_url is None:
        checked = ["gpgv", "--keyring", "./signer.gpg", "--output", "sums", "signed-sums"]
        return [*_keyring(key), _fetch(text.url, "signed-sums"), shlex.join(checked)]
    return [_fetch(text.url, "sums"), *_verify(text.signature_url, key, "sums")]


def _verify(url: str, key: SigningKey, file: str) -> list[str]:
    argv = ["gpgv", "--keyring", "./signer.gpg", "signature", file]
    return [*_keyring(key), _fetch(url, "signature"), shlex.join(argv)]


def _keyring(key: SigningKey) -> list[str]:
    """Only the key of that fingerprint, from wherever it is published."""
    source = f"cp {shlex.quote(key.file)} keys" if key.file else _fetch(key.url or "", "keys")
    if key.file and key.url:
        source = f"cp {shlex.quote(key.file)} keys || {_fetch(key.url, 'keys')}"
    ring = "gpg --quiet --homedir ."
    return [source, f"{ring} --import keys", f"{ring} --export {key.fingerprint} >signer.gpg"]


def _fetch(url: str, target: str) -> str:
    """Never from a server that proves who it is to one that does not."""
    onwards = "=https" if url.startswith("https:") else "=http,https"
    return shlex.join([*_CURL, onwards, "--output", target, url])
