"""Who logs in to storage, and how its contents are encrypted; passwords are libvirt's secrets."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Text


class Auth(View):
    """Who logs in to the server."""

    TAG = "auth"
    type = Choice("@type", "chap", "ceph")
    username = Text("@username")
    secret_type = Choice("secret/@type", "iscsi", "ceph")
    secret_uuid = Text("secret/@uuid")
    secret_usage = Text("secret/@usage")


class EncryptionSecret(View):
    """A secret that opens the contents, by its UUID or by what it is for."""

    TAG = "secret"
    type = Choice("@type", "passphrase")
    uuid = Text("@uuid")
    usage = Text("@usage")


class Encryption(View):
    """How the contents are encrypted; `secret_…` is the first of `secrets`, mostly the only one.

    `cipher_size` is in bits; `iv_name` and `iv_hash` say how initialization vectors are made.
    """

    TAG = "encryption"
    format = Choice("@format", "default", "qcow", "luks", "luks2", "luks-any")
    engine = Choice("@engine", "qemu", "librbd")
    secret_type = Choice("secret/@type", "passphrase")
    secret_uuid = Text("secret/@uuid")
    secret_usage = Text("secret/@usage")
    secrets = Children("secret", EncryptionSecret)
    cipher_name = Text("cipher/@name")
    cipher_size = Integer("cipher/@size", least=0)
    cipher_mode = Text("cipher/@mode")
    cipher_hash = Text("cipher/@hash")
    iv_name = Text("ivgen/@name")
    iv_hash = Text("ivgen/@hash")
