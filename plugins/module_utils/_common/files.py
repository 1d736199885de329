# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are complete or missing: written under another name, then renamed."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
import tempfile
from pathlib import Path
from typing import Any

from .private_files import PrivateFileError, read_bytes

#: File systems take names of 255 octets; an ending, and a random one while the file is written, are added to this.
NAME_OCTETS = 200
_DIGEST_DIGITS = 32
#: What would lead out of the folder, cannot be in a name, or begins an escape.
_ESCAPED = re.compile(r"[%/\\\x00-\x1f\ud800-\udfff]")


def write_whole(path: Path, content: bytes, replace: bool = True, mode: int = 0o600) -> None:
    """Write content to path, readable by its owner only; the folder is made if it is missing.

    mode: other permissions, of a file that other users read.

    replace: False: an existing file is kept, and FileExistsError raised.
    Raises OSError that names the file: after an error, as on a full disk, the former file is unchanged.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if replace:
            _replace(path, content, mode)
            return
        # Reserves the name: of two runs that write at the same moment one is refused.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        try:
            _replace(path, content, mode)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _replace(path: Path, content: bytes, mode: int) -> None:
    # Whole or not at all. mkstemp's mode is 0600.
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            if mode != 0o600:
                os.fchmod(file.fileno(), mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def check_replaceable(path: Path, replace: bool = True) -> None:
    """Raise the OSError that write_whole() would, as far as that can be known without writing: for check mode."""
    try:
        _check_replaceable(path, replace)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _check_replaceable(path: Path, replace: bool) -> None:
    folder = path.parent
    try:
        found = path.lstat()
        if stat.S_ISDIR(found.st_mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not replace:
            raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))
        if _is_kept_by(folder.stat(), found):
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))
    except FileNotFoundError:
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
    if not folder.is_dir():
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))


def _is_kept_by(folder: os.stat_result, file: os.stat_result) -> bool:
    """True in a folder such as /tmp, where no user can replace another user's file."""
    user = os.geteuid()
    return bool(folder.st_mode & stat.S_ISVTX) and user not in (0, file.st_uid, folder.st_uid)


def write_json(path: Path, value: Any, check_mode: bool = False) -> bool:
    """Write value as JSON in UTF-8, indented, unless path holds just that already.

    A lone surrogate that a device sent is written as its escape. Returns whether the file changes. Raises OSError that
    names the file, in check mode as well, where nothing is written.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False)
    content = (text + "\n").encode("utf-8", "backslashreplace")
    changed = not _holds(path, content)
    if changed and check_mode:
        check_replaceable(path)
    elif changed:
        write_whole(path, content)
    return changed


def _holds(path: Path, content: bytes) -> bool:
    """True if this file of ours holds just that."""
    try:
        return read_bytes(path, limit=len(content)) == content
    except PrivateFileError:
        return False


def file_name(name: str) -> str:
    """The name of a host, which is NetBox's free text, as part of a file name: it cannot leave its folder, different
    names have different files, and a name has the same file in each run.

    A name of more than NAME_OCTETS is cut, and ends with a digest that makes it unique.
    """
    name = _ESCAPED.sub(lambda match: f"%{ord(match[0]):02X}", name)
    octets = name.encode()
    if len(octets) <= NAME_OCTETS:
        return name
    # Longer than any name that is not cut, so that none of these looks like one that is.
    begin = octets[: NAME_OCTETS - _DIGEST_DIGITS].decode(errors="ignore")
    return f"{begin}~{hashlib.sha256(octets).hexdigest()[: NAME_OCTETS - len(begin.encode())]}"
