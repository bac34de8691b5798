"""`<iotune>`: how much a disk may be used."""

from __future__ import annotations

from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Integer, Text


class IoTune(View):
    """Limits in bytes and requests a second; `_max` is the burst, `_max_length` its seconds. 0 is no
    limit.
    """

    TAG = "iotune"
    total_bytes_sec = Integer("total_bytes_sec", least=0)
    read_bytes_sec = Integer("read_bytes_sec", least=0)
    write_bytes_sec = Integer("write_bytes_sec", least=0)
    total_iops_sec = Integer("total_iops_sec", least=0)
    read_iops_sec = Integer("read_iops_sec", least=0)
    write_iops_sec = Integer("write_iops_sec", least=0)
    total_bytes_sec_max = Integer("total_bytes_sec_max", least=0)
    read_bytes_sec_max = Integer("read_bytes_sec_max", least=0)
    write_bytes_sec_max = Integer("write_bytes_sec_max", least=0)
    total_iops_sec_max = Integer("total_iops_sec_max", least=0)
    read_iops_sec_max = Integer("read_iops_sec_max", least=0)
    write_iops_sec_max = Integer("write_iops_sec_max", least=0)
    total_bytes_sec_max_length = Integer("total_bytes_sec_max_length", least=0)
    read_bytes_sec_max_length = Integer("read_bytes_sec_max_length", least=0)
    write_bytes_sec_max_length = Integer("write_bytes_sec_max_length", least=0)
    total_iops_sec_max_length = Integer("total_iops_sec_max_length", least=0)
    read_iops_sec_max_length = Integer("read_iops_sec_max_length", least=0)
    write_iops_sec_max_length = Integer("write_iops_sec_max_length", least=0)
    size_iops_sec = Integer("size_iops_sec", least=0)
    group_name = Text("group_name")


class ThrottleGroup(IoTune):
    """Limits that several disks share, by their `group_name`."""

    TAG = "throttlegroup"
