# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From Ansible's workers to the callback `progress`: one short line for each device, through a pipe.

A callback that takes a task's result makes Ansible copy all of it, parts and all, which costs more than all else that
the callback does. So the worker, which holds the result anyway, sends the few figures itself. The pipe is opened before
the workers are forked, which is how they come by it. One task may report many devices.

Lines are shorter than PIPE_BUF, so those of several workers never mix. A worker never waits for the callback: a device
that a full pipe does not take is not counted.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
from contextlib import suppress
from typing import Any

#: A pipe of this size holds some thousand devices that were not read yet (Linux; other systems keep their size).
SIZE = 1 << 20
#: A name is cut here (328 characters on Linux): with JSON's escapes, twelve bytes at most, the line is below PIPE_BUF.
NAME_LENGTH = (select.PIPE_BUF - 160) // 12

#: The end to write to, in the process that opened the pipe and in all that were forked from it since.
_writer: int | None = None


class Reader:
    """The callback's end. Open it before the workers are forked."""

    def __init__(self) -> None:
        global _writer
        self._reader, writer = os.pipe()
        for end in (self._reader, writer):
            os.set_blocking(end, False)
        with suppress(AttributeError, OSError):
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, SIZE)
        self._writer = writer
        self._rest = b""
        _writer = writer

    def read(self) -> list[dict[str, Any]]:
        """What was sent since the last call; never waits."""
        chunks = [self._rest]
        with suppress(BlockingIOError):
            while chunk := os.read(self._reader, SIZE):
                chunks.append(chunk)
        *lines, self._rest = b"".join(chunks).split(b"\n")
        return [json.loads(line) for line in lines]

    def close(self) -> None:
        global _writer
        if _writer == self._writer:
            _writer = None
        os.close(self._reader)
        os.close(self._writer)


def listening() -> bool:
    """Whether a callback wants to know."""
    return _writer is not None


def send_total(total: int) -> None:
    """Send the number of devices that this task will report."""
    _write({"total": total})


def send_start(name: str) -> None:
    """Send that a device is asked from now on, if it has no task of its own."""
    _write({"start": key_of(name)})


def send_device(name: str, seconds: float, parts: int, outcome: str, reason: str | None = None) -> None:
    """Send the outcome of a device: see Progress.device()."""
    sent = {"name": key_of(name), "seconds": round(seconds, 3), "parts": parts, "outcome": outcome}
    _write({**sent, "reason": reason[:20]} if reason else sent)


def key_of(name: str) -> str:
    """The name under which a device is reported."""
    return str(name)[:NAME_LENGTH]


def _write(sent: dict[str, Any]) -> None:
    if _writer is None:
        return
    # Full, or the callback has ended: the work goes on.
    with suppress(OSError):
        os.write(_writer, json.dumps(sent).encode() + b"\n")
