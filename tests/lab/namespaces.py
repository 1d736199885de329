# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network namespaces without names: each lives as long as this process holds it, however the process ends.

A namespace is entered by threads, so tests and their peers share one process: `Namespace.run(function)` calls a
function in a thread that is inside. Sockets made there, threads and processes started there belong to the namespace;
the sockets keep belonging to it when they are used elsewhere.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

CLONE_NEWNET = 0x40000000  #: sched.h
#: Programs of the lab, and the Debian packages that have them. Some live where an ordinary user's PATH does not look.
PROGRAMS = {"ip": "iproute2", "nft": "nftables"}
PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class LabError(Exception):
    """A part of the lab could not be made; the message is what the program or the kernel replied."""


def why_not() -> str:
    """Return why no namespace can be made here, and what to do; empty if one can."""
    missing = [f"{name} (apt install {package})" for name, package in PROGRAMS.items() if not program(name)]
    if missing:
        return f"no program {' and no program '.join(missing)}"
    try:
        Namespace("try").close()
    except LabError as error:
        return f"{error}; run the tests as root, or behind `unshare --user --map-root-user --`"
    return ""


def program(name: str) -> str:
    """Return the path of an installed program; empty if it is not installed."""
    return shutil.which(name, path=PATH) or ""


class Namespace:
    """A network namespace with its loopback interface up."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._fd = _in_thread(_new_namespace, ())
        self.run(_sysctl, {"ipv6/conf/all/accept_dad": "0", "ipv6/conf/default/accept_dad": "0"})

    def close(self) -> None:
        """Let it go: it ends with its last socket, thread and process."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    @property
    def path(self) -> str:
        """Its file, as `ip link set ... netns PATH` and `nsenter --net=PATH` take it."""
        return f"/proc/{os.getpid()}/fd/{self._fd}"

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function inside, in a thread of its own, and return or raise what it does."""

        def inside() -> T:
            _enter(self._fd)
            return function(*args, **kwargs)

        return _in_thread(inside, ())

    def ip(self, *commands: str) -> None:
        """Carry out commands of ip(8), each a string without the word `ip`."""
        self._feed([program("ip"), "-batch", "-"], commands)

    def nft(self, *commands: str) -> None:
        """Carry out commands of nft(8)."""
        self._feed([program("nft"), "-f", "-"], commands)

    def sysctl(self, values: dict[str, str]) -> None:
        """Set files below /proc/sys/net."""
        self.run(_sysctl, values)

    def _feed(self, command: list[str], lines: tuple[str, ...]) -> None:
        text = "".join(f"{line}\n" for line in lines)
        done = self.run(subprocess.run, command, input=text, text=True, capture_output=True, check=False)
        if done.returncode:
            raise LabError(f"{self.name}: {command[0]}: {done.stderr.strip()} in:\n{text}")


def _in_thread(function: Callable[..., T], args: tuple[Any, ...]) -> T:
    """A thread that has changed its namespace is not used for anything else."""
    results: list[T] = []
    errors: list[BaseException] = []

    def call() -> None:
        try:
            results.append(function(*args))
        except BaseException as error:  # also what a test raises: Skipped and Failed are no Exception
            errors.append(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def _new_namespace() -> int:
    _call("unshare", CLONE_NEWNET)
    subprocess.run([program("ip"), "link", "set", "lo", "up"], check=True)
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _enter(fd: int) -> None:
    _call("setns", fd, CLONE_NEWNET)


def _call(name: str, *args: int) -> None:
    if _LIBC is None:
        raise LabError("network namespaces exist on Linux only")
    if getattr(_LIBC, name)(*args):
        raise LabError(f"no network namespace can be made here ({name}: {os.strerror(ctypes.get_errno())})")


def _sysctl(values: dict[str, str]) -> None:
    for name, value in values.items():
        with contextlib.suppress(FileNotFoundError):  # a kernel without IPv6
            Path("/proc/sys/net", name).write_text(value, encoding="ascii")
