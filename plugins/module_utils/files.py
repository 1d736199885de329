# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are whole or not there: written beside their place, then renamed."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any


def write_whole(path: Path, content: bytes) -> None:
    """Write content to path, readable by its owner only; the folder is made if it is missing.

    Raises OSError that names the file: after an error, as on a full disk, the former file still stands.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None


def write_json(path: Path, value: Any, check_mode: bool = False, compact: bool = False) -> bool:
    """Write value as JSON in UTF-8, unless path holds just that already or this is check mode.

    Indented for people; compact for what programs alone read, which costs a fifth of the time.
    A lone surrogate that a device sent is written as its escape. Returns whether the file changes.
    """
    text = json.dumps(value, indent=None if compact else 2, ensure_ascii=False)
    content = (text + "\n").encode("utf-8", "backslashreplace")
    changed = not path.exists() or path.read_bytes() != content
    if changed and not check_mode:
        write_whole(path, content)
    return changed


def file_name(name: str) -> str:
    """The name of a host, which is NetBox's free text, as part of a file name: it cannot leave its folder, and "a/b"
    and "a_b" have a file each."""
    for char in "%/\\":
        name = name.replace(char, f"%{ord(char):02X}")
    return re.sub(r"[\x00-\x1f]", "_", name)
