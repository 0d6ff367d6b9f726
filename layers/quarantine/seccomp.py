"""A filter of system calls: no sockets, no programs, no processes, no hand on another process.

What is refused answers EPERM, so that a library goes on without it. Source: seccomp(2); the numbers
are those of asm/unistd_64.h (x86_64) and asm-generic/unistd.h (aarch64).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

from layers.quarantine import kernel

_MODE_FILTER = 2
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LOAD, _EQUALS, _AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_CLONE_THREAD = 0x10000
_X32 = 0x40000000

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Both architectures agree on what came after 5.0: io_uring, mounts by descriptor, pidfd.
_NEW = (424, 425, 426, 427, 428, 429, 430, 432, 434, 438)
_REFUSED = {
    # sockets 41-44 46 49 50 53 288 307; processes 57-59 62 129 200 297 322; other processes 101 310-312; mounts and
    # namespaces 155 161 165 166 272 308; kernel 169 175 176 246 298 313 321 323; keys 248-250; handles 303 304;
    # nodes and links 88 133 259 266
    "x86_64": (
        *(41, 42, 43, 44, 46, 49, 50, 53, 288, 307, 57, 58, 59, 62, 129, 200, 297, 322),
        *(101, 310, 311, 312, 155, 161, 165, 166, 272, 308, 169, 175, 176, 246, 298, 313),
        *(321, 323, 248, 249, 250, 303, 304, 88, 133, 259, 266),
    ),
    "aarch64": (
        *(198, 199, 200, 201, 202, 203, 206, 211, 242, 269, 221, 281, 129, 130, 138, 240),
        *(117, 270, 271, 272, 41, 51, 40, 39, 97, 268, 142, 105, 106, 104, 241, 273),
        *(280, 282, 217, 218, 219, 264, 265, 33, 36),
    ),
}
# clone, clone3, tgkill, prlimit64
_SPECIAL = {"x86_64": (56, 435, 234, 302), "aarch64": (220, 435, 131, 261)}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def restrict() -> None:
    """Put the filter on this process, for good. Raises OSError when it cannot be had."""
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise OSError(f"no filter for {machine}")
    code = _filter(machine)
    program = _Program(len(code) // 8, code)
    kernel.prctl(kernel.PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program))


def _step(operation: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", operation, if_true, if_false, value)


def _filter(machine: str) -> bytes:
    """Classic BPF: each test is followed by its own answer, so that no jump is longer than two."""
    clone, clone3, tgkill, prlimit = _SPECIAL[machine]
    no, absent = _step(_RETURN, _ERRNO | errno.EPERM), _step(_RETURN, _ERRNO | errno.ENOSYS)
    yes = _step(_RETURN, _ALLOW)
    argument = _step(_LOAD, _FIRST_ARGUMENT)
    code = [_step(_LOAD, _ARCHITECTURE), _step(_EQUALS, _ARCHITECTURES[machine], 1, 0), no]
    code += [_step(_LOAD, _NUMBER), _step(_AT_LEAST, _X32, 0, 1), no]
    for number in (*_REFUSED[machine], *_NEW):
        code += [_step(_EQUALS, number, 0, 1), no]
    # The C library makes threads with clone where clone3 is not there.
    code += [_step(_EQUALS, clone3, 0, 1), absent]
    code += [_step(_EQUALS, clone, 0, 4), argument, _step(_HAS_BITS, _CLONE_THREAD, 0, 1), yes, no]
    code += [_step(_EQUALS, tgkill, 0, 4), argument, _step(_EQUALS, os.getpid(), 0, 1), yes, no]
    code += [_step(_EQUALS, prlimit, 0, 4), argument, _step(_EQUALS, 0, 0, 1), yes, no]
    return b"".join([*code, yes])
