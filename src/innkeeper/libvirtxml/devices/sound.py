"""`<sound>`: sound cards."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import VirtioDevice
from innkeeper.libvirtxml.values import Choice, Integer, Values, YesNo


class Sound(VirtioDevice):
    """A sound card; `audio` is the id of the backend it plays to."""

    TAG = "sound"
    model = Choice("@model", "sb16", "es1370", "pcspk", "ac97", "ich6", "ich7", "ich9", "usb", "virtio")
    multichannel = YesNo("@multichannel")
    streams = Integer("@streams", least=1)
    codecs = Values("codec/@type")
    audio = Integer("audio/@id", least=1)
