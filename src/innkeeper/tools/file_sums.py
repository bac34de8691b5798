"""SHA-256 of files on a host, and at the same time their way onto its disk.

The text of this file is itself the program that runs there (`python3 -IS -c`): the standard library only, Python 3.6 or
newer. hashlib is OpenSSL's, which uses the processor's own instructions; sha256sum(1) of some distributions does not,
and takes several times as long.

    sync|look FILE…     a line `p BYTES` for each piece read, `s SHA256 SIZE NUMBER` for each file when it is whole
"""

import hashlib
import os
import stat
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

_PIECE, _TOLD = 1 << 21, 1 << 26
_lock = threading.Lock()


def tell(line: str) -> None:
    with _lock:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def look(number: int, path: str, sync: bool) -> None:
    """Links, devices and pipes are no files of ours, whatever they lead to."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "not a regular file", path)
        settling = Settling(descriptor)
        if sync:
            settling.start()
        digest, whole, told = hashlib.sha256(), 0, 0
        for piece in pieces(descriptor):
            digest.update(piece)
            whole += len(piece)
            if whole - told >= _TOLD:
                tell(f"p {whole - told}")
                told = whole
        if sync:
            settling.finish()
        tell(f"p {whole - told}")
        tell(f"s {digest.hexdigest()} {whole} {number}")
    finally:
        os.close(descriptor)


def pieces(descriptor: int) -> "Iterator[memoryview]":  # in quotes for Pythons before 3.9
    """All of a file; the next piece is read while one is summed up."""
    rooms = [memoryview(bytearray(_PIECE)) for _ in range(2)]
    with ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(os.readv, descriptor, [rooms[0]])
        while True:
            count = coming.result()
            if not count:
                return
            piece = rooms[0][:count]
            rooms.reverse()
            coming = ahead.submit(os.readv, descriptor, [rooms[0]])
            yield piece


class Settling(threading.Thread):
    """The file's way onto the disk, beside its being read."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._failed: list[OSError] = []

    def run(self) -> None:
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            self._failed.append(error)

    def finish(self) -> None:
        self.join()
        for error in self._failed:
            raise error


def main() -> None:
    sync, paths = sys.argv[1] == "sync", sys.argv[2:]
    with ThreadPoolExecutor(min(len(os.sched_getaffinity(0)), 4)) as pool:
        found = [pool.submit(look, number, path, sync) for number, path in enumerate(paths)]
        for one in found:
            one.result()


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit("{}: {}".format(error.filename or "", error.strerror).lstrip(": "))
