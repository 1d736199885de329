# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A history as files of a folder, one compact JSON for each run or scan: TIME-ID.json.

A file is written completely or not at all, so that runs that end at the same moment do not disturb each other. One that
is damaged is renamed to *.damaged and reported; nothing is concluded from it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from .._outgoing.text import printable
from .files import write_whole
from .private_files import PrivateFileError, read_json

T = TypeVar("T")

#: Files that are kept, and for how long, where the user says nothing.
MOST_FILES, DAYS = 1000, 400

_NAME = re.compile(r"(\d{8}T\d{6}Z)-([A-Za-z0-9]{1,40})\.json")
_STAMP = "%Y%m%dT%H%M%SZ"


def write_dated(folder: Path, began: datetime, file_id: str, data: Any) -> Path:
    """Write the data of a run that began then. A file of the same time and id is replaced.

    file_id: letters and digits that no other run has. Raises OSError that names the file.
    """
    path = folder / f"{began.astimezone(UTC):{_STAMP}}-{file_id}.json"
    write_whole(path, (json.dumps(data, separators=(",", ":")) + "\n").encode())
    return path


def dated_files(folder: Path) -> list[Path]:
    """The files of a folder, oldest first. A folder that does not exist has none."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if _NAME.fullmatch(entry.name))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [folder / name for name in names]


def newest(files: Sequence[Path], most: int, octets: int, least: int) -> list[Path]:
    """The newest of these files, which are in order: `most` at most, and as many as have so many octets together, but
    `least` in any case."""
    found: list[Path] = []
    left = octets
    for path in reversed(files[-most:]):
        with suppress(OSError):
            left -= path.stat().st_size
        if left < 0 and len(found) >= least:
            break
        found.append(path)
    return found[::-1]


def prune(folder: Path, most: int = MOST_FILES, days: int = DAYS, now: datetime | None = None) -> list[str]:
    """Delete the files beyond the newest `most`, and those older than so many days. Returns their names.

    The newest file always stays. A clock that jumped ahead deletes nothing that the count does not.
    """
    files = dated_files(folder)
    if not files:
        return []
    limit = min(now or datetime.now(UTC), _stamp(files[-1])) - timedelta(days=days)
    old = [path for number, path in enumerate(files[:-1]) if number < len(files) - most or _stamp(path) < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return [path.name for path in old]


def read_dated(
    path: Path,
    what: str,
    made: Callable[[Any], T],
    schemas: Collection[int],
    limits: tuple[int, int],
) -> tuple[T, None] | tuple[None, str]:
    """What is made of the data of a file, or None and a sentence that says why it is not used.

    :param what: what it has to be: "a run record".
    :param made: makes it of the data. Raises ValueError, whose text is the reason, if the data is another thing.
    :param schemas: versions that can be read. A file of another one stays where it is, for the version that wrote it.
    :param limits: octets, and JSON values.
    """
    try:
        data = read_json(path, limits[0], values=limits[1])
    except PrivateFileError as error:
        return None, f"{error}{_set_aside(path)}"
    schema = data.get("schema") if isinstance(data, Mapping) else None
    if isinstance(schema, int) and schema not in schemas:
        known = ", ".join(map(str, schemas))
        found = f"{printable(path)} has schema {printable(schema)}; this version reads {known}."
        return None, f"{found} Update the collection."
    try:
        return made(data), None
    except ValueError as error:
        return None, f"{printable(path)} is not {what}: {error}.{_set_aside(path)}"


def _set_aside(path: Path) -> str:
    """Rename a file that cannot be read, so that it is reported once. Returns what to add to the message."""
    try:
        path.rename(path.with_suffix(".json.damaged"))
    except OSError:
        return ""
    return f" It is {printable(path.name)}.damaged now."


def _stamp(path: Path) -> datetime:
    return datetime.strptime(path.name.partition("-")[0], _STAMP).replace(tzinfo=UTC)
