"""What cannot be done is refused: exit 2, what and what to do in one line each, in two languages, nothing changed."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator

import click
import pytest

from tests import hostile
from tests.real.faults import IMAGES, KILLED, Stage, changes, refused, wrong_refusal
from tests.real.refused_commands import REFUSED
from tests.real.shells import Server
from tests.world import World

CHINESE = re.compile(r"[\u4e00-\u9fff]")
RUNNING_GUEST = """<domain type='qemu'><name>NAME</name><memory unit='MiB'>32</memory>
<os><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features><devices>DISK</devices></domain>"""
USED = f"""<disk type='file'><driver name='qemu' type='qcow2'/>
<source file='{IMAGES}/used.qcow2'/><target dev='vda'/></disk>"""
OFF = "<network><name>off</name><ip address='10.9.8.1' netmask='255.255.255.0'/></network>"
CLOSED = "<pool type='dir'><name>closed</name><target><path>/var/lib/libvirt/closed</path></target></pool>"
TAKEN = "<host mac='52:54:00:77:77:77' ip='192.168.122.77'/>"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Guests in every state, images, and things that are off."""
    with World() as world:
        stage = Stage(world)
        stage.image()
        stage.disk()
        make_files(stage)
        world.run(["cp", f"{IMAGES}/spare.qcow2", f"{IMAGES}/used.qcow2"], check=True)
        world.virsh("pool-refresh", "default")
        for name in ("stopped", "running", "saved", "suspended"):
            document = RUNNING_GUEST.replace("NAME", name).replace("DISK", USED if name == "stopped" else "")
            world.virsh("define", "/dev/stdin", input=document)
        for name in ("running", "saved", "suspended"):
            world.virsh("start", name)
        world.virsh("managedsave", "saved")
        world.virsh("suspend", "suspended")
        world.virsh("net-define", "/dev/stdin", input=OFF)
        world.virsh("pool-define", "/dev/stdin", input=CLOSED)
        world.virsh("net-update", "default", "add", "ip-dhcp-host", TAKEN, "--live", "--config")
        world.inn("image", "import", str(stage.files / "blank.qcow2"), "--name", "used", check=True)
        for name in ("binned", "twice"):
            world.inn("create", name, "--image", "used", "--no-start", check=True)
            world.inn("delete", name, check=True)
        world.inn("create", "twice", "--image", "used", "--no-start", check=True)
        stage.base = world.fingerprint()
        yield stage


def make_files(stage: Stage) -> None:
    files = stage.files
    (files / "empty").touch()
    (files / "binary").write_bytes(bytes(range(256)))
    (files / "huge").write_bytes(b"x" * (2 << 20))
    (files / "text").write_text("nothing\nof that kind\n")
    (files / "password").write_text("secret\n")
    (files / "user-data").write_text("#cloud-config\n{}\n")
    os.mkfifo(files / "pipe")
    (files / "dangling").symlink_to("nowhere")
    (files / "circle").symlink_to("circle")
    (files / "link").symlink_to("blank.qcow2")
    hostile.backed("qcow2", "/etc/shadow")(files).rename(files / "shadow.qcow2")
    hostile.backed("qcow2", 'json:{"driver":"file","filename":"/etc/shadow"}')(files).rename(
        files / "json.qcow2"
    )
    hostile.data_file(files).rename(files / "data.qcow2")
    hostile.descriptor("monolithicFlat", 'RW 4 FLAT "/etc/passwd" 0')(files).rename(files / "flat.vmdk")
    hostile.patched("qcow2", 24, hostile.BIG)(files).rename(files / "bomb.qcow2")


@pytest.fixture(scope="module")
def server(stage: Stage) -> Iterator[Server]:
    with Server(stage.world) as made:
        yield made


def judge(stage: Stage, server: Server, argv: list[str]) -> str:
    """What is wrong with how that was refused; "" when nothing is."""
    words = stage.words(argv)
    said: list[str] = []
    for language in ("C.UTF-8", "zh_CN.UTF-8"):
        done = server.inn(words, {"LANG": language})
        said.append(done.stderr)
        if wrong := wrong_refusal(done):
            return f"{wrong}, exit {done.returncode}: {done.stdout[:300]}{done.stderr[:600]}"
    english, chinese = ([shown.replace("客栈", "") for shown in one.splitlines()] for one in said)
    if any(map(CHINESE.search, english)) or not all(map(CHINESE.search, chinese)):
        return f"languages: {said[0][:400]}{said[1][:400]}"
    return ""


@pytest.mark.parametrize("group", list(REFUSED))
def test_refused(stage: Stage, server: Server, group: str) -> None:
    wrong = {label: judge(stage, server, argv) for label, argv in REFUSED[group].items()}
    told = "\n".join(f"{label}: {what}" for label, what in wrong.items() if what)
    before, stage.base = (
        stage.base,
        stage.world.fingerprint(),
    )  # so that the next group is not blamed for this one
    changed = changes(before, stage.base)
    assert (told, changed) == ("", ""), f"{told}\n{changed[:1500]}"


@pytest.mark.parametrize("group", list(REFUSED))
def test_refused_by_the_command(stage: Stage, group: str) -> None:
    """One of each group as a process of its own, as it is used."""
    refused(stage.inn(*next(iter(REFUSED[group].values())), timeout=20))
    assert changes(stage.base, stage.world.fingerprint()) == ""


def test_what_an_ordinary_user_may_not(stage: Stage) -> None:
    """Files of root's, and root's libvirt: refused in the user's session too."""
    visitor = stage.world.as_user()
    session = ("-c", "qemu:///session")
    (stage.files / "secret").write_text("ssh-ed25519 AAAA\n")
    (stage.files / "secret").chmod(0o600)
    before = stage.world.fingerprint()
    for argv in (
        [*session, "image", "import", str(stage.files / "secret")],
        [*session, "create", "new", "--disk", str(stage.files / "secret")],
        [*session, "create", "new", "--disk", "x/y", "--ssh-key", str(stage.files / "secret")],
        [*session, "create", "new", "--image", "nowhere"],
        ["-c", "qemu:///system", "create", "new", "--image", "blank"],
        ["-c", "qemu:///system", "delete", "running", "--force"],
    ):
        refused(visitor.inn(*argv, timeout=60))
    daemon = (
        "p=$(cat $XDG_RUNTIME_DIR/libvirt/libvirtd.pid) && kill $p && while kill -0 $p; do sleep 0.1; done"
    )
    visitor.run(["sh", "-c", daemon])  # the session's own, which libvirt started
    assert changes(before, stage.world.fingerprint()) == ""


def test_entities_of_a_document_stay_words(stage: Stage) -> None:
    """libvirt resolves what stands in a document that is handed to it; what comes back to us holds no entity."""
    document = """<!DOCTYPE domain [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/shadow">]>
    <domain type="qemu"><name>odd</name><title>&b; &amp;f; &lt;!ENTITY></title><memory>32768</memory>
    <os><type arch="x86_64" machine="q35">hvm</type></os></domain>"""
    defined = stage.world.run(["virsh", "define", "/dev/stdin"], input=document)
    if defined.returncode == 0:
        assert stage.world.inn_json("show", "odd")["title"].endswith("&f; <!ENTITY>")
        assert "odd" in stage.inn("list", check=True).stdout
        stage.world.virsh("undefine", "odd")
    assert changes(stage.base, stage.world.fingerprint()) == ""


WORDS = [
    *(
        "",
        " ",
        "-",
        "--",
        "---",
        "-h=",
        "--=",
        "=",
        "--json",
        "--explain",
        "--dry-run",
        "--quiet",
        "-q",
        "-y",
    ),
    *(
        "0",
        "-1",
        "1e9",
        "2G",
        "nan",
        "\x1b[2J",
        "a\nb",
        "a" * 3000,
        "%s%n{0}{name}",
        "../..",
        "/",
        "~",
        "\u202e",
    ),
    *("'", '"', "$(id)", "`id`", ";", "&", "<a/>", "&amp;", "\udcff", "客栈", "nobody", "no-one"),
    *(
        "default/none",
        "/dev/null",
        "/etc/shadow",
        "FILES/none",
        "json:{}",
        "nbd://x",
        "http://[",
        "[",
        "(",
        "*",
        "?",
    ),
]


def vocabulary() -> tuple[list[list[str]], list[str]]:
    """The commands there are, and all their options."""
    from innkeeper.cli.tree import COMMANDS, IMAGE_COMMANDS, OPERATION_COMMANDS, image, operation, root

    commands = [[name] for name in COMMANDS if name != "serve"]  # which would go on
    commands += [["image", name] for name in IMAGE_COMMANDS] + [
        ["operation", name] for name in OPERATION_COMMANDS
    ]
    options = set()
    for group in (root, image, operation):
        for name in group.table:
            command = group.get_command(click.Context(group), name)
            assert command is not None
            assert command is not None
            options |= {option for param in command.params for option in param.opts if option.startswith("-")}
    return commands, sorted(options)


def nonsense(dice: random.Random, commands: list[list[str]], options: list[str]) -> list[str]:
    words = list(dice.choice(commands)) if dice.random() < 0.9 else []
    for _ in range(dice.randrange(6)):
        words.append(dice.choice(options if dice.random() < 0.4 else WORDS))
    if dice.random() < 0.2:
        words.insert(dice.randrange(len(words) + 1), dice.choice(options))
    return words


def play(stage: Stage, server: Server, dice: random.Random, count: int) -> None:
    commands, options = vocabulary()
    for _ in range(count):
        argv = stage.words(nonsense(dice, commands, options))
        if "top" in argv:  # else it would go on
            argv.append("--once")
        done = server.inn([word.encode(errors="surrogateescape").decode(errors="replace") for word in argv])
        said = f"{argv}: exit {done.returncode}\n{done.stdout[-500:]}{done.stderr[-1500:]}"
        ended = (0, 2, KILLED) if {"-f", "--follow"} & set(argv) else (0, 2)
        assert done.returncode in ended, said
        assert "Traceback" not in done.stderr, said
        assert " bug " not in done.stderr, said
        assert done.returncode == 0 or "→" in done.stderr or "Usage" in done.stderr or not done.stdout, said


def test_nonsense(stage: Stage, server: Server, dice: random.Random) -> None:
    """Whatever is said: it is done or refused, never a traceback, never a failure."""
    play(stage, server, dice, 200)


@pytest.mark.long
def test_much_nonsense(stage: Stage, server: Server, dice: random.Random) -> None:
    play(stage, server, dice, 5000)
