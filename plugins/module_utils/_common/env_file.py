# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a .env file, as the users of the older inventory-monitor-scripts have one."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Mapping

from .._outgoing.once import warn_once
from .._outgoing.text import brief, printable
from .errors import InvmonError
from .paths import as_path
from .private_files import MissingFile, PrivateFileError, open_regular

try:
    from dotenv import dotenv_values
except ImportError:
    dotenv_values = None  # type: ignore[assignment]


#: Octets of such a file, and characters of what is filled in.
LIMIT = 2**20
#: ${OTHER} and ${OTHER:-default}, as python-dotenv knows them.
_OTHER = re.compile(r"\$\{([^}:]*)(?::-([^}]*))?\}")


class EnvFileError(InvmonError):
    """The file that the user named cannot be used."""

    reason = "option"


def read_env_file(path: str) -> dict[str, str]:
    """The variables of a .env file: NAME=value lines, quotes, comments and ${OTHER} as python-dotenv reads them.

    But ${OTHER} is a variable of the file, never of the environment: who may name the file need not be who may see the
    credentials there, and the token in a file goes to the address in that file.
    If users other than its owner may read or write the file, this is a warning once a run.
    Nothing of it is put into the environment of this process, so that no child inherits a password. A name without
    "=" is left out. Raises EnvFileError; its message holds no line of the file.
    """
    if dotenv_values is None:
        raise EnvFileError(f"Reading {path} needs the Python library python-dotenv: pip install python-dotenv")
    try:
        with open_regular(as_path(path), LIMIT) as file:
            _warn_of_others(path, os.fstat(file.fileno()))
            text = io.StringIO(file.read(LIMIT).decode("utf-8"))
            values = _filled_in(path, dotenv_values(stream=text, interpolate=False))
    except MissingFile:
        raise EnvFileError(f"There is no file {path} (option env_file).") from None
    except PrivateFileError as error:
        raise EnvFileError(f"env_file: {error}") from None
    except OSError as error:
        raise EnvFileError(f"{path} (option env_file) cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise EnvFileError(f"{path} (option env_file) is not UTF-8 text.") from None
    return {name: value for name, value in values.items() if value is not None}


def _filled_in(path: str, values: Mapping[str, str | None]) -> dict[str, str | None]:
    """The variables, with earlier ones in place of ${OTHER}. Raises EnvFileError."""
    filled: dict[str, str | None] = {}
    room = LIMIT

    def other(found: re.Match[str]) -> str:
        nonlocal room
        name = found[1]
        if name not in filled and name in os.environ:
            warn_once(
                f"${{{brief(name, 60)}}} in {printable(path)} (env_file) is not replaced from the environment, only "
                "by a variable of the file: write the value into the file."
            )
        value = filled.get(name, found[2]) or ""
        # A few lines of ${A}${A} would fill the memory.
        room -= len(value)
        if room < 0:
            raise EnvFileError(
                f"{path} (option env_file) has more than {LIMIT:,} characters after its variables are replaced."
            )
        return value

    for name, value in values.items():
        filled[name] = value and _OTHER.sub(other, value)
    return filled


def _warn_of_others(path: str, found: os.stat_result) -> None:
    """The group may read it: several users, or a service, share a file so."""
    may = [
        word for bit, word in ((stat.S_IROTH, "read"), (stat.S_IWOTH | stat.S_IWGRP, "change")) if found.st_mode & bit
    ]
    if found.st_uid not in (os.geteuid(), 0):
        warn_once(
            f"The file {printable(path)} (env_file) belongs to another user, who can change the credentials "
            "in it. Copy it to a file of your own."
        )
    if may:
        warn_once(
            f"Other users can {' and '.join(may)} the file {printable(path)} (env_file), which contains secrets: "
            "chmod 600 it."
        )
