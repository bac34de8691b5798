"""`<audio>`: where the sound of a guest goes on the host."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.values import Choice, Integer, Text, YesNo


class Audio(Device):
    """A backend for sound; sound devices and graphics name it by its `id`."""

    TAG = "audio"
    type = Choice(
        "@type",
        "none",
        "alsa",
        "coreaudio",
        "dbus",
        "jack",
        "oss",
        "pulseaudio",
        "pipewire",
        "sdl",
        "spice",
        "file",
    )
    id = Integer("@id", least=1)
    path = Text("@path")
    driver = Text("@driver")
    server_name = Text("@serverName")
    runtime_dir = Text("@runtimeDir")
    timer_period = Integer("@timerPeriod")
    input_mixing_engine = YesNo("input/@mixingEngine")
    input_device = Text("input/@dev")
    output_mixing_engine = YesNo("output/@mixingEngine")
    output_device = Text("output/@dev")
