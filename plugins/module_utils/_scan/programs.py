# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of the host that scans: found, run within limits, and never left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: Where an ordinary user's PATH may not look.
_ALSO = "/usr/sbin:/sbin:/usr/local/sbin"
#: Octets of an error message that are kept.
_MOST_ERROR = 4096
#: Seconds in which a program ends that was killed.
_END_SECONDS = 5.0


class ProgramError(Exception):
    """A program could not be run; the message says why."""


@dataclass(frozen=True)
class Output:
    """What a program wrote until it ended, or until it was stopped."""

    data: bytes
    error: str  #: the first line of what it wrote to stderr
    status: int | None  #: negative: killed by a signal, as for what it wrote; None: stopped, for its time was over

    @property
    def is_good(self) -> bool:
        return self.status == 0


def find_program(name: str) -> str:
    """Return the path of an installed program; empty if it is not installed."""
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:{_ALSO}") or ""


async def run_program(command: Sequence[str], *, seconds: float, most: int, data: bytes = b"") -> Output:
    """Run a program with `data` as its input, for so many seconds, and read so many octets of what it writes.

    It has a process group of its own, which is killed when the time is over, when it writes more, and when this is
    cancelled; where setpriv(1) is installed, the program is killed also if this process is. Raises ProgramError.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *_dying_with_parent(),
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "LC_ALL": "C"},
        )
    except OSError as error:
        raise ProgramError(f"{command[0]}: {error.strerror}") from None
    output, errors, status = bytearray(), bytearray(), None
    try:
        async with asyncio.timeout(seconds):
            await asyncio.gather(
                _write(process.stdin, data),
                _read(process.stdout, output, most, lambda: _kill(process)),
                _read(process.stderr, errors, _MOST_ERROR, lambda: None),
            )
            status = await process.wait()
    except TimeoutError:
        pass
    finally:
        await _end(process)
    return Output(bytes(output), errors.decode("utf-8", "backslashreplace").partition("\n")[0].strip(), status)


def _dying_with_parent() -> tuple[str, ...]:
    # preexec_fn could do it as well, but may block for good in a process that has threads.
    setpriv = find_program("setpriv")
    return (setpriv, "--pdeathsig", "KILL", "--") if setpriv else ()


async def _write(stream: asyncio.StreamWriter | None, data: bytes) -> None:
    if stream is not None:
        with contextlib.suppress(OSError):  # it does not read to the end
            stream.write(data)
            await stream.drain()
        stream.close()


async def _read(
    stream: asyncio.StreamReader | None, into: bytearray, most: int, on_too_much: Callable[[], None]
) -> None:
    """Read to the end, and keep so many octets."""
    while stream is not None and (data := await stream.read(65536)):
        if len(into) < most:
            into += data[: most - len(into)]
            if len(into) >= most:
                on_too_much()


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        _kill(process)
        # asyncio notices the end of a process only after the end of what it wrote.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                rest = (_read(stream, bytearray(), 0, lambda: None) for stream in (process.stdout, process.stderr))
                await asyncio.gather(*rest)
                await process.wait()
