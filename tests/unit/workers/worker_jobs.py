"""Jobs for the tests of the worker pool; imported in the worker process."""

import os
import sys
import time


def reverse(payload, report):
    report(b"half")
    report(b"whole")
    return payload[::-1]


MEMORY = []


def remember(payload, report):
    MEMORY.append(payload)
    return b""


def remembered(payload, report):
    return b"".join(MEMORY)


def pid(payload, report):
    return str(os.getpid()).encode()


def fail(payload, report):
    return 1 // len(payload)


def die(payload, report):
    os._exit(3)


def sleep(payload, report):
    report(str(os.getpid()).encode())
    time.sleep(60)


def grow(payload, report):
    ballast = bytearray(300 << 20)
    ballast[::4096] = b"x" * len(ballast[::4096])
    return pid(payload, report)


def devour(payload, report):
    return bytes(8 << 30)


def surroundings(payload, report):
    stdin = "devnull" if os.path.samestat(os.fstat(0), os.stat(os.devnull)) else "open"
    loaded = [name for name in ("pygls", "lsprotocol", "numpy") if name in sys.modules]
    safe = "safe" if sys.flags.safe_path else "unsafe"
    return f"{stdin} stdin; modules {' '.join(loaded) or 'none'}; path {safe}".encode()
