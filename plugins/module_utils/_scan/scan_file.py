# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a scan: written when it ends, and from time to time before; read by the one that resumes it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .._common.errors import OptionsError
from .._common.files import write_json
from .._common.private_files import MissingFile, PrivateFileError, read_json
from .._common.typed_json import from_json, to_json
from .._outgoing.once import warn_once
from .._outgoing.text import printable
from .coverage import done_in
from .host import SCHEMA, Scan
from .ranges import parse_range

#: A scan that began before this is not resumed: the network is another one by now.
OLDEST = timedelta(days=1)
#: Files of a folder that are looked at, the newest first.
MOST_FILES = 20


def path_of(save_to: str, started: str, identity: str) -> Path:
    """The file that the option `save_to` names; with a slash at its end it is a folder.

    The name has the time and the id of the scan, so that two scans never share one.
    """
    stamp = "".join(char for char in started if char.isalnum())
    return Path(save_to, f"{stamp}-{identity}.json") if save_to.endswith("/") else Path(save_to)


@contextmanager
def kept(path: Path) -> Iterator[Path]:
    """Keep the file to this scan: no other one writes or resumes it meanwhile. Raises OptionsError, OSError."""
    lock = path.with_name(f".{path.name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OptionsError(
                f"Another scan is writing {printable(path)}", "wait for its end, or set save_to to another file"
            ) from None
        yield path
        lock.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _is_kept(path: Path) -> bool:
    """Whether a scan that is running keeps the file."""
    try:
        descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)


def write_scan(path: Path, scan: Scan) -> None:
    """Raises OSError that names the file. The former content is kept until the new one is complete."""
    write_json(path, to_json(scan))


def to_resume(resume: str, now: datetime) -> tuple[Scan, Path] | None:
    """The scan that the option `resume` names, if it is not complete: that of the file, or the newest such of a folder.

    None, so that everything is scanned, if there is none; a file that is damaged or too old, or that another scan is
    writing, is noted as a warning.
    """
    path = Path(resume)
    for one in _files(path):
        scan = _read(one)
        if scan is None or scan.complete:
            continue
        if now - datetime.fromisoformat(scan.started) > OLDEST:
            why = f"it is of {scan.started}, too old for that"
        elif _is_kept(one):
            why = "another scan is writing it"
        else:
            return scan, one
        if one == path:
            warn_once(f"{printable(one)} is not resumed: {why}. All addresses are scanned.")
    return None


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = []
    for one in path.glob("*.json"):
        with suppress(OSError):
            found.append((one.stat().st_mtime, one))
    for _time, one in sorted(found, reverse=True)[:MOST_FILES]:
        yield one


def _read(path: Path) -> Scan | None:
    try:
        data: Any = read_json(path)
        # A file of the history has the scan under its name.
        scan = from_json(Scan, data["scan"] if isinstance(data, dict) and "scan" in data else data, "the scan")
        _check(scan)
    except MissingFile:
        return None
    except (PrivateFileError, ValueError) as error:
        warn_once(f"{printable(path)} is not resumed: {printable(error)}")
        return None
    return scan if scan.schema == SCHEMA else None


def _check(scan: Scan) -> None:
    """Raise ValueError for a scan with invalid times, ranges or addresses: a user may have edited it."""
    if datetime.fromisoformat(scan.started).tzinfo is None:
        raise ValueError("the time at which it began has no zone")
    for network in scan.networks:
        done_in(network)
    for finding in scan.unfinished:
        parse_range(finding.ip)
