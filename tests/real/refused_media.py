"""Command lines that make guests from media, and must be refused. `FILES` is as in refused_commands.py."""

from __future__ import annotations

__all__ = ["MEDIA"]

CDS = {
    "missing": "FILES/none.iso",
    "text": "FILES/text",
    "empty file": "FILES/empty",
    "no whole sectors": "FILES/binary",
    "directory": "FILES",
    "pipe": "FILES/pipe",
    "dangling": "FILES/dangling",
    "circle": "FILES/circle",
    "disk": "FILES/blank.qcow2",
    "volume that is no CD": "default/spare.qcow2",
    "no such volume": "default/none.iso",
    "no such pool": "nowhere/x.iso",
    "no such file": "none.iso",
    "only a pool": "default/",
    "protocol": "nbd://127.0.0.1/x",
    "json": 'json:{"driver":"file"}',
    "empty": "",
    "long": "a" * 5000,
    "markup": "a&<>b",
    "escape": "a\x1b[31mb",
}
PLACES = {
    "missing": "FILES/none",
    "directory without": "FILES",
    "text": "FILES/text",
    "two texts": "FILES/text,FILES/text",
    "only a comma": ",",
    "half a pair": "FILES/text,",
    "nobody there": "http://127.0.0.1:1/",
    "nobody there, a pair": "http://127.0.0.1:1/k,http://127.0.0.1:1/i",
    "ftp": "ftp://127.0.0.1/",
    "file": "file:///etc/passwd",
    "no host": "http://",
    "bracket": "http://[",
    "blank": "http://a b/",
    "port": "http://x:port/",
    "empty": "",
    "long": "a" * 5000,
}
NEW = ["create", "new"]
PXE = (
    "--image blank",
    "--iso default/x.iso",
    "--location /x",
    "--network none",
    "--network user",
    "--user u",
    "--full",
    "--password-file FILES/password",
    "--cloud-init FILES/user-data",
    "--diskless --disk-size 1G",
    "--diskless --disk default/spare.qcow2",
    "--disk-format raw",
    "--kernel-args quiet",
    "--tpm --no-tpm",
    "--wait installed",
    "--wait boot",
    "--profile legacy --wait agent",
    "--bus ide",
    "--bus floppy",
    "--profile macos",
    "--firmware uefi-secure --machine pc",
    "--memory 900G",
    "--disk-size 4000T",
    "--drivers none.iso",
    "--xml x[",
    "--xml @x",
    "--xml =",
    "--xml ./name=x",
    "--xml ./uuid=",
    "--xml ./devices/none=",
    "--xml ./devices/*/@x=y",
    "--xml ./cpu/@mode=odd",
    "--xml ./devices/odd/@x=y",
    "--xml ./memory=odd",
    "--xml ./devices/disk=",
    "--xml ./devices/disk/source/@file=/etc/passwd",
)

MEDIA: dict[str, dict[str, list[str]]] = {
    "create --iso": {label: [*NEW, "--iso", value] for label, value in CDS.items()},
    "create --drivers": {
        label: [*NEW, "--pxe", "--drivers", CDS[label]]
        for label in ("missing", "text", "no such volume", "empty")
    },
    "create --location": {label: [*NEW, "--location", value] for label, value in PLACES.items()},
    "create --location --no-start": {"both": [*NEW, "--location", "FILES", "--no-start"]},
    "create --pxe": {words: [*NEW, "--pxe", *words.split(" ")] for words in PXE},
    "create --diskless": {"alone": [*NEW, "--diskless"], "image": [*NEW, "--image", "blank", "--diskless"]},
}
