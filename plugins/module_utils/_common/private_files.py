# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that an earlier run wrote, opened for reading only if no other user can have changed them.

Such a file decides what is written to NetBox, as the playbook does. It must be a regular file of
this user or of root, which neither its group nor others may write, and no larger than what is expected of it.
"""

from __future__ import annotations

import os
import pwd
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from .._outgoing.text import printable
from . import strict_json
from .errors import InvmonError

#: Octets that are read of a file by default.
LIMIT = 64 * 2**20
#: JSON values in it: a dozen octets each, as in what we write.
VALUES = 5_000_000

_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class PrivateFileError(InvmonError):
    """The file is not read; the text names it, the reason, and what to do."""

    reason = "file"


class MissingFile(PrivateFileError):
    """The file does not exist."""


def read_json(path: str | Path, limit: int = LIMIT, depth: int = strict_json.DEPTH, values: int = VALUES) -> Any:
    """The JSON value in the file. Raises PrivateFileError; MissingFile if it does not exist.

    limit: octets. depth, values: levels of objects and lists, and values in all, see strict_json.parse().
    """
    return parsed(path, read_bytes(path, limit), depth, values)


def parsed(path: str | Path, text: bytes, depth: int = strict_json.DEPTH, values: int = VALUES) -> Any:
    """The JSON value of a text out of the file. Raises PrivateFileError."""
    try:
        return strict_json.parse(text, depth, values)
    except strict_json.BadJson as error:
        raise PrivateFileError(f"{printable(path)} {error}: it is damaged, or another kind of file.") from None


def read_bytes(path: str | Path, limit: int = LIMIT) -> bytes:
    """The whole file. Raises PrivateFileError; MissingFile if it does not exist."""
    return _whole(path, open_private(path, limit), limit)


def read_regular(path: str | Path, limit: int) -> bytes:
    """The whole of a file that any user may have written. Raises PrivateFileError; MissingFile if it does not exist."""
    return _whole(path, open_regular(path, limit), limit)


def _whole(path: str | Path, opened: BinaryIO, limit: int) -> bytes:
    with opened as file:
        try:
            content = file.read(limit + 1)
        except OSError as error:
            raise _unreadable(path, error) from None
    if len(content) > limit:
        raise _too_large(path, len(content), limit)
    return content


def open_private(path: str | Path, limit: int = LIMIT) -> BinaryIO:
    """The file, open for reading. Raises PrivateFileError; MissingFile if it does not exist.

    limit: octets that the file may have now. Who reads on while it grows must count for himself.
    """
    file = open_regular(path, limit)
    try:
        _check_owner(path, os.fstat(file.fileno()))
    except BaseException:
        file.close()
        raise
    return file


def open_regular(path: str | Path, limit: int = LIMIT) -> BinaryIO:
    """The same for a file of any user. Refuses a FIFO or device, where reading would wait or never end."""
    name = Path(path).expanduser()
    try:
        # Opening alone sets some devices to work. Whatever takes the file's place until it is open is seen below.
        _check_kind(path, os.stat(name))
        descriptor = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    try:
        found = os.fstat(descriptor)
        _check_kind(path, found)
        if found.st_size > limit:
            raise _too_large(path, found.st_size, limit)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check_kind(path: str | Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = next((word for is_kind, word in _KINDS if is_kind(found.st_mode)), "not a regular file")
        raise PrivateFileError(f"{printable(path)} is not read: it is {kind}. Give a regular file.")


_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def _check_owner(path: str | Path, found: os.stat_result) -> None:
    user = os.geteuid()
    if found.st_uid not in (user, 0):
        raise PrivateFileError(
            f"{printable(path)} is not read: it belongs to {user_name(found.st_uid)}, and this run is for "
            f"{user_name(user)}. Review it, then copy it to a file of your own."
        )
    if found.st_mode & _WRITABLE_BY_OTHERS:
        raise PrivateFileError(
            f"{printable(path)} is not read: other users can write it. Review it, then chmod go-w it."
        )


def user_name(number: int) -> str:
    """The name of a user, for a sentence; "user 54321" of one that has none."""
    with suppress(KeyError):
        return pwd.getpwuid(number).pw_name
    return f"user {number}"


def _too_large(path: str | Path, size: int, limit: int) -> PrivateFileError:
    return PrivateFileError(f"{printable(path)} is not read: it has {size:,} octets; the limit is {limit:,}.")


def _unreadable(path: str | Path, error: OSError | ValueError) -> PrivateFileError:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return MissingFile(f"There is no file {printable(path)}.")
    # A ValueError is a NUL in the name.
    why = error.strerror if isinstance(error, OSError) else error
    return PrivateFileError(f"{printable(path)} cannot be read: {why}.")
