"""Run small pieces of machine code in a KVM vCPU and print what happened, as JSON.

Self-contained on purpose: standard library only, Python 3.6 or newer, nothing of Innkeeper imported, because
`kvm_proof.prove` sends this very text to `python3 -` on the host whose QEMU will run, here or over ssh.
It observes and does not judge. The verdict is made from the observation in `kvm_proof`.

Numbers and layouts are those of Linux `include/uapi/linux/kvm.h` and `arch/x86/include/uapi/asm/kvm.h`.
"""

# ruff: noqa: UP006, UP035, UP045, B905  (typing.Dict and friends: this file must also run on Python 3.6)
import ctypes
import errno
import fcntl
import json
import mmap
import os
import platform
import signal
import struct
import sys
import time
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

DEVICE = "/dev/kvm"
LOOP_TURNS = 100000
BLOB_LIMIT = 1.0  # seconds a piece of code may take before its vCPU is interrupted
LOOP_LIMIT = 0.5  # seconds for the timed loop: a thousand times what an emulator in user space needs
HLT_RUNS = 5

KVM_GET_API_VERSION = 0xAE00
KVM_CREATE_VM = 0xAE01
KVM_GET_VCPU_MMAP_SIZE = 0xAE04
KVM_GET_SUPPORTED_CPUID = 0xC008AE05
KVM_CREATE_VCPU = 0xAE41
KVM_SET_USER_MEMORY_REGION = 0x4020AE46
KVM_SET_TSS_ADDR = 0xAE47
KVM_RUN = 0xAE80
KVM_GET_REGS = 0x8090AE81
KVM_SET_REGS = 0x4090AE82
KVM_GET_SREGS = 0x8138AE83
KVM_SET_SREGS = 0x4138AE84
KVM_SET_CPUID2 = 0x4008AE90

EXIT_HLT = 5
EXIT_INTERNAL_ERROR = 17

# The guest's 64 KiB. Page tables map it onto itself, and the data page a second time at ALIAS.
MEMORY = 0x10000
PML4, PDPT, PD, PT = 0x1000, 0x2000, 0x3000, 0x4000
CODE, DATA, PAIR, XSAVE_AREA, STACK = 0x8000, 0x9000, 0x9010, 0xA000, 0xF000
ALIAS = 0x100000
PRESENT_WRITABLE = 3
MARKER = 0x1122334455667788

REGISTERS = (
    "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rsp", "rbp",
    "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip", "rflags",
)  # fmt: skip
CPUID_ECX_CX16 = 1 << 13
CPUID_ECX_XSAVE = 1 << 26


class Check(NamedTuple):
    """One piece of code: its instructions by name, registers to start with, the CPUID bit that offers it."""

    name: str
    code: Tuple[Tuple[str, bytes], ...]
    registers: Dict[str, int]
    needs: int = 0


HLT = ("hlt", b"\xf4")
SET_X87_SSE = (("mov", b"\xb8\x03\0\0\0"), ("xor", b"\x31\xd2"))  # edx:eax = the x87 and SSE components
HALT = Check("hlt", (HLT,), {})
LOOP_CODE = b"\xb9" + struct.pack("<I", LOOP_TURNS) + b"\xe2\xfe"  # mov ecx, N; loop to itself
LOOP = Check("loop", (("loop", LOOP_CODE), HLT), {"rcx": 1})
CHECKS = (
    Check("long_mode", (("mov", b"\x48\xb8" + struct.pack("<Q", MARKER)), HLT), {}),
    Check(
        "paging",  # read through the alias, write through the identity map
        (
            ("mov", b"\x48\x8b\x04\x25" + struct.pack("<I", ALIAS)),
            ("mov", b"\x48\x89\x04\x25" + struct.pack("<I", DATA + 8)),
            HLT,
        ),
        {},
    ),
    Check(
        "cmpxchg16b",
        (("cmpxchg16b", b"\xf0\x48\x0f\xc7\x0f"), HLT),
        {"rdi": PAIR, "rbx": MARKER, "rcx": MARKER + 1},
        CPUID_ECX_CX16,
    ),
    Check(
        "xcr0",
        (
            ("xgetbv", b"\x0f\x01\xd0"),
            *SET_X87_SSE,
            ("xsetbv", b"\x0f\x01\xd1"),
            ("xgetbv", b"\x0f\x01\xd0"),
            HLT,
        ),
        {},
        CPUID_ECX_XSAVE,
    ),
    Check(
        "xsave",
        (*SET_X87_SSE, ("xsave", b"\x0f\xae\x27"), ("xrstor", b"\x0f\xae\x2f"), HLT),
        {"rdi": XSAVE_AREA},
        CPUID_ECX_XSAVE,
    ),
)


class StageError(Exception):
    """An ioctl or an open was refused; `stage` says which part of the setup that was."""

    def __init__(self, stage: str, number: int) -> None:
        super().__init__(stage, number)
        self.stage = stage
        self.number = number


class RunInterruptedError(Exception):
    """The timer rang while the vCPU was running."""


def _ring(_signal: int, _frame: Any) -> None:
    raise RunInterruptedError


class Vcpu:
    """One VM of 64 KiB with one vCPU in 64-bit long mode; closing it leaves nothing behind.

    Raises StageError with the errno of the first thing that was refused.
    """

    def __init__(self, device: str) -> None:
        self._fds: List[int] = []
        self._maps: List[mmap.mmap] = []
        self.ecx = 0
        try:
            self._open(device)
        except BaseException:
            self.close()
            raise

    def _ioctl(self, stage: str, fd: int, request: int, argument: Any = 0) -> int:
        try:
            answer = fcntl.ioctl(fd, request, argument)
            return answer if isinstance(answer, int) else 0
        except OSError as error:
            raise StageError(stage, error.errno or 0) from error

    def _map(self, fd: int, size: int, flags: int) -> mmap.mmap:
        area = mmap.mmap(fd, size, flags=flags)
        self._maps.append(area)
        return area

    def _open(self, device: str) -> None:
        try:
            # O_NONBLOCK: a fifo put in the place of the device must not hold us
            kvm = os.open(device, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise StageError("open", error.errno or 0) from error
        self._fds.append(kvm)
        if self._ioctl("api", kvm, KVM_GET_API_VERSION) != 12:
            raise StageError("api", errno.ENOTTY)
        vm = self._ioctl("vm", kvm, KVM_CREATE_VM)
        self._fds.append(vm)
        self._ioctl("setup", vm, KVM_SET_TSS_ADDR, 0x7FFBD000)  # three pages Intel wants, away from ours
        self.memory = self._map(-1, MEMORY, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        address = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))
        self._ioctl("setup", vm, KVM_SET_USER_MEMORY_REGION, struct.pack("<IIQQQ", 0, 0, 0, MEMORY, address))
        self.fd = self._ioctl("vcpu", vm, KVM_CREATE_VCPU)
        self._fds.append(self.fd)
        size = self._ioctl("vcpu", kvm, KVM_GET_VCPU_MMAP_SIZE)
        self.shared = self._map(self.fd, size, mmap.MAP_SHARED)
        self._give_cpuid(kvm)
        self._system_registers = self._long_mode()

    def _give_cpuid(self, kvm: int) -> None:
        """Offer the guest every CPU feature this KVM claims to support, and note ECX of leaf 1."""
        table = bytearray(struct.pack("<II", 256, 0) + bytes(256 * 40))
        self._ioctl("setup", kvm, KVM_GET_SUPPORTED_CPUID, table)
        for index in range(struct.unpack_from("<I", table)[0]):
            function, _, _, _, _, ecx = struct.unpack_from("<6I", table, 8 + index * 40)
            if function == 1:
                self.ecx = ecx
        self._ioctl("setup", self.fd, KVM_SET_CPUID2, table)

    def _long_mode(self) -> bytes:
        """System registers for 64-bit long mode; the page tables are written into the guest's memory."""
        for table, entry in ((PML4, PDPT), (PDPT, PD), (PD, PT)):
            struct.pack_into("<Q", self.memory, table, entry | PRESENT_WRITABLE)
        for page in range(0, MEMORY, 0x1000):
            struct.pack_into("<Q", self.memory, PT + page // 512, page | PRESENT_WRITABLE)
        struct.pack_into("<Q", self.memory, PT + ALIAS // 512, DATA | PRESENT_WRITABLE)
        state = bytearray(312)
        self._ioctl("setup", self.fd, KVM_GET_SREGS, state)
        code = struct.pack("<QIH10B", 0, 0xFFFFFFFF, 8, 11, 1, 0, 0, 1, 1, 1, 0, 0, 0)
        data = struct.pack("<QIH10B", 0, 0xFFFFFFFF, 16, 3, 1, 0, 1, 1, 0, 1, 0, 0, 0)
        state[: 24 * 6] = code + data * 5  # cs ds es fs gs ss
        osxsave = 0x40000 if self.ecx & CPUID_ECX_XSAVE else 0
        cr0, cr4, efer = 0x80050033, 0x620 | osxsave, 0x500
        struct.pack_into("<4Q", state, 224, cr0, 0, PML4, cr4)
        struct.pack_into("<Q", state, 264, efer)
        return bytes(state)

    def run(self, check: Check, limit: float) -> Dict[str, Any]:
        """Run one piece of code until its vCPU exits or `limit` seconds are over."""
        code = b"".join(part for _, part in check.code)
        self.memory[DATA:STACK] = bytes(STACK - DATA)
        struct.pack_into("<Q", self.memory, DATA, MARKER)
        self.memory[CODE : CODE + len(code)] = code
        values = dict.fromkeys(REGISTERS, 0)
        values.update(rip=CODE, rsp=STACK, rflags=2, **check.registers)
        self._ioctl("setup", self.fd, KVM_SET_SREGS, self._system_registers)
        packed = struct.pack("<18Q", *(values[name] for name in REGISTERS))
        self._ioctl("setup", self.fd, KVM_SET_REGS, packed)
        wall, cpu, error = self._timed_run(limit)
        outcome = {"name": check.name, "ms": _ms(wall), "cpu_ms": _ms(cpu)}  # type: Dict[str, Any]
        if error is not None:
            outcome["error"] = errno.errorcode.get(error, str(error))
            outcome["interrupted"] = error == errno.EINTR
        else:
            outcome["exit"] = struct.unpack_from("<I", self.shared, 8)[0]
            if outcome["exit"] == EXIT_INTERNAL_ERROR:
                outcome["suberror"] = struct.unpack_from("<I", self.shared, 32)[0]
        now = bytearray(144)
        self._ioctl("run", self.fd, KVM_GET_REGS, now)
        registers = dict(zip(REGISTERS, struct.unpack("<18Q", now)))
        if outcome.get("exit") == EXIT_HLT:
            outcome["right"] = self._right(check.name, registers)
        outcome["instruction"] = _instruction_at(check, registers["rip"] - CODE, outcome.get("exit"))
        return outcome

    def _timed_run(self, limit: float) -> Tuple[float, float, Optional[int]]:
        """Seconds by the wall, seconds of CPU time, the errno when the vCPU did not come back by itself."""
        before = signal.signal(signal.SIGALRM, _ring)
        error = None  # type: Optional[int]
        start, start_cpu = time.perf_counter(), time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID)
        try:
            # it rings again and again: the first may fall just before the ioctl enters the kernel
            signal.setitimer(signal.ITIMER_REAL, limit, 0.02)
            fcntl.ioctl(self.fd, KVM_RUN, 0)
        except RunInterruptedError:
            error = errno.EINTR
        except OSError as refused:
            error = refused.errno or 0
        finally:
            _silence()
        wall, cpu = time.perf_counter() - start, time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) - start_cpu
        signal.signal(signal.SIGALRM, before)
        return wall, cpu, error

    def _right(self, name: str, registers: Dict[str, int]) -> bool:
        """Did the code not only end, but do what it says?"""
        if name == "long_mode":
            return registers["rax"] == MARKER
        if name == "paging":
            return bytes(self.memory[DATA + 8 : DATA + 16]) == struct.pack("<Q", MARKER)
        if name == "cmpxchg16b":
            return bytes(self.memory[PAIR : PAIR + 16]) == struct.pack("<QQ", MARKER, MARKER + 1)
        if name == "xcr0":
            return registers["rax"] & 3 == 3
        if name == "xsave":
            return any(self.memory[XSAVE_AREA : XSAVE_AREA + 2])  # the x87 control word is never zero
        return name != "loop" or registers["rcx"] == 0

    def close(self) -> None:
        """Give everything back; safe to call twice."""
        while self._maps:
            self._maps.pop().close()
        while self._fds:
            os.close(self._fds.pop())


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 4)


def _silence() -> None:
    """Stop the timer; it may ring once more while we do."""
    try:
        signal.setitimer(signal.ITIMER_REAL, 0)
    except RunInterruptedError:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _instruction_at(check: Check, offset: int, exit_reason: Optional[int]) -> str:
    """Name of the instruction that stands at `offset`; after hlt the pointer stands behind it."""
    if exit_reason == EXIT_HLT:
        return "hlt"
    for name, part in check.code:
        if 0 <= offset < len(part):
            return name
        offset -= len(part)
    return "unknown"


def bare_loop() -> Optional[float]:
    """Milliseconds this processor takes for the loop, best of three; None where such code may not run."""
    try:
        area = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    except OSError:  # a security module forbids memory that is writable and executable
        return None
    area[: len(LOOP_CODE) + 1] = LOOP_CODE + b"\xc3"  # ret
    function = ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(area)))
    best = 1e9
    for _ in range(3):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    area.close()
    return _ms(best)


def _run_all(vcpu: Vcpu, seen: Dict[str, Any]) -> None:
    halts = [vcpu.run(HALT, BLOB_LIMIT)]
    while halts[-1].get("exit") == EXIT_HLT and len(halts) < HLT_RUNS:
        halts.append(vcpu.run(HALT, BLOB_LIMIT))
    seen["hlt_ms"] = sorted(halt["ms"] for halt in halts)[len(halts) // 2]
    seen["checks"] = [halts[-1]]
    for check in CHECKS:
        if seen["checks"][-1].get("interrupted"):
            return  # a vCPU that hangs once is enough: the whole must stay short
        if vcpu.ecx & check.needs == check.needs:
            seen["checks"].append(vcpu.run(check, BLOB_LIMIT))
        else:
            seen["skipped"].append(check.name)
    seen["bare_ms"] = bare_loop()
    seen["loop"] = _best_loop(vcpu, seen["bare_ms"] or 0.05)


def _best_loop(vcpu: Vcpu, bare: float) -> Dict[str, Any]:
    """The timed loop, tried again while its time looks like a disturbance and not like the hypervisor."""
    runs = [vcpu.run(LOOP, LOOP_LIMIT)]
    while len(runs) < 3 and runs[-1].get("exit") == EXIT_HLT and 5 * bare < runs[-1]["ms"] < 200 * bare:
        runs.append(vcpu.run(LOOP, LOOP_LIMIT))
    return min(runs, key=lambda outcome: float(outcome["ms"]))


def observe(device: str) -> Dict[str, Any]:
    """What is seen on this computer: where it stopped (`stage`, `error`), what each piece of code did."""
    start = time.perf_counter()
    seen = {"format": 1, "arch": platform.machine(), "device": device, "skipped": []}  # type: Dict[str, Any]
    try:
        if seen["arch"] not in ("x86_64", "AMD64"):
            os.close(os.open(device, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK))
            seen["stage"] = "arch"
        else:
            vcpu = Vcpu(device)
            try:
                _run_all(vcpu, seen)
            finally:
                vcpu.close()
            seen["stage"] = "done"
    except StageError as error:
        seen.update(stage=error.stage, error=errno.errorcode.get(error.number, str(error.number)))
    except OSError as error:
        seen.update(stage="open", error=errno.errorcode.get(error.errno or 0, str(error.errno)))
    seen["total_ms"] = _ms(time.perf_counter() - start)
    return seen


if __name__ == "__main__":
    print(json.dumps(observe(sys.argv[1] if len(sys.argv) > 1 else DEVICE)))
