"""The few calls to Linux that Python has no words for. Each raises OSError when the kernel refuses."""

from __future__ import annotations

import ctypes
import os
import platform
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = (
    1,
    4,
    22,
    24,
    38,
)
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x08000000, 0x10000000, 0x40000000
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 63


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def prctl(option: int, *arguments: Any) -> int:
    """Change something about this process (man 2 prctl)."""
    given = [ctypes.c_ulong(one) if isinstance(one, int) else one for one in arguments]
    given += [ctypes.c_ulong(0)] * (4 - len(given))
    return _checked(_libc.prctl(option, *given))


def syscall(number: int, *arguments: Any) -> int:
    """Any call by its number; whole numbers are passed as long."""
    given = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    return _checked(_libc.syscall(ctypes.c_long(number), *given))


def unshare(flags: int) -> None:
    """Leave the namespaces that the CLONE flags name (man 2 unshare)."""
    _checked(_libc.unshare(ctypes.c_int(flags)))


def drop_capabilities() -> None:
    """Root without its powers: none are held, and none can be had back."""
    for number in range(_LAST_CAPABILITY + 1):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except OSError:
            break  # the last one this kernel knows, or not ours to drop
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    syscall(_CAPSET[platform.machine()], ctypes.byref(header), ctypes.byref(nothing))
