# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line at the bottom of the terminal that stays there while Ansible writes above it.

Ansible's Display writes to sys.stdout and sys.stderr, whichever plugin, worker or warning the text is from. While the
line is live, both are replaced by streams that take the line away, let the text pass, and put the line back below it.
Everything happens under Display's own lock: no text comes between, no worker is forked in the middle of it, and a
prompt, which holds the lock until it is answered, is left alone.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import UnsupportedOperation
from typing import Any, TextIO

#: Back to the beginning of the line, and all that stands right of it away (ECMA-48: CR, EL).
ERASE = "\r\x1b[K"
#: Colours and the like (ECMA-48: SGR).
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class LiveLine:
    """The line. It is there between open() and close().

    lock: Display's. wanted: is asked for each text; one that it does not want is not shown.
    """

    def __init__(self, lock: AbstractContextManager[Any], wanted: Callable[[str], bool] = lambda text: True) -> None:
        self._lock = lock
        self.wanted = wanted
        self._streams: tuple[TextIO, TextIO] | None = None
        self._line = ""
        self._width = 0
        self._whole = True  #: what was written last ended with a newline, so that the line can stand below it

    @property
    def is_open(self) -> bool:
        return self._streams is not None

    def open(self) -> None:
        """Begin; nothing is shown before the first show()."""
        with self._lock:
            if not self.is_open:
                self._streams = (sys.stdout, sys.stderr)
                sys.stdout, sys.stderr = (_Above(stream, self) for stream in self._streams)
                self._whole = True

    def close(self) -> None:
        """Take the line away, and give the streams back unless they were replaced since."""
        with self._lock:
            if self._streams is None:
                return
            self._erase()
            if isinstance(sys.stdout, _Above):
                sys.stdout = self._streams[0]
            if isinstance(sys.stderr, _Above):
                sys.stderr = self._streams[1]
            self._streams = None

    @property
    def width(self) -> int:
        """Cells that the line may take: one less than the terminal is wide, for some wrap when the last one is used."""
        try:
            return max(os.get_terminal_size(self._terminal.fileno()).columns - 1, 20)
        except (OSError, ValueError):
            return 79

    def show(self, line: str) -> None:
        """Put this line in the place of the last one. Call it under the lock."""
        if self._streams is None or not self._whole:
            return
        if line and line == self._line:
            return
        self._terminal.write(ERASE + line)
        self._terminal.flush()
        self._line = line

    def write(self, stream: TextIO, text: str) -> int:
        """Write a text of Ansible or another plugin above the line."""
        with self._lock:
            if not self.wanted(text):
                return len(text)
            line = self._line
            self._erase()
            stream.write(text)
            stream.flush()
            if text:
                self._whole = COLOUR.sub("", text).endswith("\n")
            self.show(line)
        return len(text)

    @property
    def _terminal(self) -> TextIO:
        return self._streams[0] if self._streams else sys.stdout

    def _erase(self) -> None:
        if self._line:
            self._terminal.write(ERASE)
            self._terminal.flush()
            self._line = ""


class _Above:
    """Replaces sys.stdout or sys.stderr while the line is live; all else is passed on to the stream."""

    def __init__(self, stream: TextIO, line: LiveLine) -> None:
        self._stream = stream
        self._line = line

    def write(self, text: str) -> int:
        return self._line.write(self._stream, text)

    def writelines(self, lines: list[str]) -> None:
        self.write("".join(lines))

    def fileno(self) -> int:
        """None: input() would write its prompt past write(), into the line."""
        raise UnsupportedOperation("fileno")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
