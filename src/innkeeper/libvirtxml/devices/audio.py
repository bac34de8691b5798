"""`<audio>`: where the sound of a guest goes on the host."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Text, YesNo


class AudioInput(View):
    """What the guest hears of the host. `buffer_length` and `latency` are in microseconds, `frequency` in
    Hz; which of them a backend knows depends on its type.
    """

    TAG = "input"
    mixing_engine = YesNo("@mixingEngine")
    fixed_settings = YesNo("@fixedSettings")
    voices = Integer("@voices", least=0)
    buffer_length = Integer("@bufferLength", least=0)
    buffer_count = Integer("@bufferCount", least=0)
    device = Text("@dev")
    try_poll = YesNo("@tryPoll")
    name = Text("@name")
    stream_name = Text("@streamName")
    latency = Integer("@latency", least=0)
    server_name = Text("@serverName")
    client_name = Text("@clientName")
    connect_ports = Text("@connectPorts")
    exact_name = YesNo("@exactName")
    frequency = Integer("settings/@frequency", least=0)
    channels = Integer("settings/@channels", least=0)
    format = Choice("settings/@format", "s8", "u8", "s16", "u16", "s32", "u32", "f32")


class AudioOutput(AudioInput):
    """What the host hears of the guest."""

    TAG = "output"


class Audio(Device):
    """A backend for sound; sound devices and graphics name it by its `id`. `timer_period` is in
    microseconds.
    """

    TAG = "audio"
    type = Choice(
        "@type", "none", "alsa", "coreaudio", "dbus", "jack", "oss", "pulseaudio", "pipewire", "sdl",
        "spice", "file",
    )  # fmt: skip
    id = Integer("@id", least=1)
    path = Text("@path")
    driver = Choice("@driver", "esd", "alsa", "arts", "pulseaudio")
    server_name = Text("@serverName")
    runtime_dir = Text("@runtimeDir")
    timer_period = Integer("@timerPeriod", least=0)
    try_mmap = YesNo("@tryMMap")
    exclusive = YesNo("@exclusive")
    dsp_policy = Integer("@dspPolicy")
    input = Child("input", AudioInput)
    output = Child("output", AudioOutput)
