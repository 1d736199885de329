# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies of NetBox in Ansible's inventory cache: as text, in a folder where no other user can put a file.

Ansible's cache revives objects of its own from what it reads, such as a text that is a template to be trusted. So it
gets none of NetBox's structures, and what it returns must be one text, which is taken apart here and checked as a reply
of NetBox is.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...module_utils._common import strict_json
from ...module_utils._common.private_files import PrivateFileError, open_private, user_name
from ...module_utils._common.typed_json import WrongShape
from ...module_utils._inventory.device_rows import device_rows
from ...module_utils._inventory.devices import Selection
from ...module_utils._netbox.client import ApiObject
from ...module_utils._outgoing.text import printable

#: Changed when the text changes its shape.
VERSION = 2
#: Octets of a file. 100,000 devices have some 150 million.
LIMIT = 512 * 2**20
_TEXT = "text"


def fingerprint(url: str, selection: Selection) -> str:
    """Short and the same for the same question, so that changed options are not answered from an older cache."""
    question = json.dumps([VERSION, url, vars(selection)], sort_keys=True, default=str)
    return hashlib.sha256(question.encode()).hexdigest()[:12]


def packed(rows: list[ApiObject], members: list[ApiObject]) -> dict[str, str]:
    """What the cache is given to keep."""
    return {_TEXT: json.dumps({"version": VERSION, "devices": rows, "members": members})}


def unpacked(kept: Any) -> tuple[list[ApiObject], list[ApiObject]]:
    """The rows of the devices and of the members of their chassis, of what the cache returns.

    Raises WrongShape where packed() did not make it.
    """
    text = kept.get(_TEXT) if isinstance(kept, dict) and len(kept) == 1 else None
    if not isinstance(text, str):
        raise WrongShape("there is not one text in it")
    try:
        found = strict_json.parse(text)
    except strict_json.BadJson as error:
        raise WrongShape(f"its text {error}") from None
    if not isinstance(found, dict) or found.keys() != {"version", "devices", "members"}:
        raise WrongShape("its text is of another kind")
    if found["version"] != VERSION:
        raise WrongShape("another release wrote it")
    return device_rows(found["devices"]), device_rows(found["members"])


@contextmanager
def private_folder() -> Iterator[None]:
    """What Ansible makes here, such as the folder of the cache, is its owner's alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def check_files(connection: str | None, key: str) -> None:
    """Raise PrivateFileError if another user could have put a file of the cache there.

    :param connection: the option cache_connection. What is no folder, such as a server's address, is not looked at.
    :param key: of the cache, with which the file's name ends.
    """
    # As Ansible's cache finds it; a message about it shows the option as it is written, without the environment.
    folder = Path(os.path.expanduser(os.path.expandvars(connection or "")))
    if not connection or not folder.is_dir():
        return
    _check_folder(folder, connection)
    try:
        files = [path for path in folder.iterdir() if path.name.endswith(key)]
    except OSError as error:
        raise PrivateFileError(
            f"The inventory cache {printable(connection)} cannot be read: {error.strerror}."
        ) from None
    for path in files:
        open_private(path, LIMIT).close()


def _check_folder(folder: Path, called: str) -> None:
    """The folder, and those above it, through which another one could be put in its place."""
    path = folder.resolve()
    for above in (path, *path.parents):
        found = os.stat(above)
        ours = found.st_uid in (os.geteuid(), 0)
        # In a sticky folder, such as the one for temporary files, only the owner of a file can move it.
        writable = stat.S_IWOTH if above != path else stat.S_IWOTH | stat.S_IWGRP
        sticky = above != path and found.st_mode & stat.S_ISVTX
        if not ours or (found.st_mode & writable and not sticky):
            why = "others may write it" if ours else f"it belongs to {user_name(found.st_uid)}"
            raise PrivateFileError(
                f"The inventory cache {printable(called)} is not used, because a user who can write there decides "
                f"which devices are asked, and how. {printable(above)}: {why}. Set cache_connection to a folder of "
                "your own that others cannot write (chmod go-w), such as ~/.cache/invmon."
            )
