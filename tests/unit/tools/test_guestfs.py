"""What is taken out of a disk that becomes an image, and what is said when it cannot be."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from innkeeper.errors import Unsupported
from innkeeper.machine import Result
from innkeeper.tools import guestfs

LISTED = b"bash-history * Remove it\nmachine-id * Remove\nssh-hostkeys * R\nssh-userdir * R\ncustomize * C\n"


def machine(status: int = 0, stdout: bytes = LISTED, stderr: bytes = b"") -> Mock:
    made = Mock()
    made.run.return_value = Result(status, stdout, stderr)
    return made


def test_only_operations_that_are_there_are_asked_for() -> None:
    argv = guestfs.cleaning(machine(), "/var/tmp/disk.qcow2", "qcow2", True)
    operations = argv[argv.index("--operations") + 1].split(",")
    assert operations == ["bash-history", "machine-id", "ssh-hostkeys", "customize", "ssh-userdir"]
    assert argv[:5] == ["virt-sysprep", "--format", "qcow2", "--add", "/var/tmp/disk.qcow2"]
    assert "/var/lib/cloud/*" in argv
    assert argv[-2:] == ["--write", "/etc/machine-id:"], "whatever filled it before, it ends empty"


def test_without_cloud_init_users_keep_their_way_in() -> None:
    argv = guestfs.cleaning(machine(), "/d", "qcow2", False)
    assert "ssh-userdir" not in argv[argv.index("--operations") + 1]
    assert not [word for word in argv if "cloud" in word]
    assert "ssh-keygen -A" in argv[argv.index("--firstboot-command") + 1]


def test_kvm_is_used_where_it_is_proven() -> None:
    assert "LIBGUESTFS_BACKEND_SETTINGS" not in guestfs.environment(True)
    assert guestfs.environment(False)["LIBGUESTFS_BACKEND_SETTINGS"] == "force_tcg"


@pytest.mark.parametrize(
    ("stderr", "told", "code"),
    [
        (
            b"virt-sysprep: error: no operating systems were found in the guest image\n\nrun -v\n",
            "no operating systems",
            "image.not_cleaned",
        ),
        (
            b"virt-sysprep: error: libguestfs error: /usr/bin/supermin exited with error status 1.\nDo:",
            "supermin",
            "image.no_appliance",
        ),
        (b"Killed\n", "Killed", "image.not_cleaned"),
    ],
)
def test_why_it_could_not_be_cleaned(stderr: bytes, told: str, code: str) -> None:
    argv = guestfs.cleaning(machine(), "/d", "qcow2", True)
    with pytest.raises(Unsupported, match=told) as refused:
        guestfs.clean(machine(1, b"", stderr), argv, False, Mock())
    assert refused.value.code == code
    assert "--keep-identity" in refused.value.remedy("en")
