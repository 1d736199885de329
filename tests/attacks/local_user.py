# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What another user of the machine may put where a file of ours is expected."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

#: A user that nobody is.
SOMEBODY = 54321


def foreign(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the file to another user; or, where only root could do that, be another user oneself."""
    if os.geteuid() == 0:
        os.chown(path, SOMEBODY, SOMEBODY)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: SOMEBODY)


def _writable(path: Path) -> None:
    path.chmod(0o666)


def _fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def _device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def _socket(path: Path) -> None:
    path.unlink()
    here = os.getcwd()
    os.chdir(path.parent)  # the path of a socket has at most 107 octets
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.chdir(here)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _deep(path: Path) -> None:
    path.write_text("[" * 100_000 + "]" * 100_000)


def _nested(path: Path) -> None:
    """Deep enough to break what comes after a parser that took it."""
    path.write_text('{"items":' * 400 + "1" + "}" * 400)


def _huge(path: Path) -> None:
    os.truncate(path, 2**40)


def _endless_number(path: Path) -> None:
    path.write_text('{"v": 1' + "0" * 10_000 + "}")


def _not_a_number(path: Path) -> None:
    path.write_text('{"v": NaN}')


def _twice(path: Path) -> None:
    path.write_text('{"v": 1, "v": 2}')


def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def _binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)))


def _of_another_kind(path: Path) -> None:
    path.write_text('["no", {"object": "of ours"}]\n')


#: name -> what is done to a good file, and a word of what is then said
TAMPERED: dict[str, tuple[Callable[[Path], None], str]] = {
    "writable by others": (_writable, "other users can write it"),
    "a FIFO": (_fifo, "it is a FIFO"),
    "a device": (_device, "it is a device"),
    "a socket": (_socket, "it is a socket"),
    "a folder": (_folder, "it is a folder"),
    "100,000 brackets": (_deep, "nested deeper"),
    "400 levels": (_nested, "nested deeper"),
    "a terabyte": (_huge, "octets"),
    "an endless number": (_endless_number, "is not JSON"),
    "no number": (_not_a_number, "a number that is not finite"),
    "a key twice": (_twice, "the same key twice"),
    "cut off": (_cut_off, "is not JSON"),
    "binary": (_binary, "is not JSON"),
    "another JSON": (_of_another_kind, ""),
}
