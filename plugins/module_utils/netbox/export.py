# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that hygiene writes before it touches a row, and that restore brings rows back from.

JSON lines. The first is {"invmon_export": 1, "netbox": address, "time": of the run}; each other one is a row:
{"does": "change" | "delete", "row": as NetBox gave it, "sent": what was sent for it (changes only), "why": rules}.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from ..outgoing.text import brief
from .hygiene_rows import WRITABLE

VERSION = 1
#: So many runs within one second find a name.
_NAMES = 100

Line = dict[str, Any]


class ExportError(Exception):
    """The file cannot be written or is none of ours; the text names it and says what to do."""

    reason = "export"


class Export:
    """One file for one run, made with the first row; readable by its owner only."""

    def __init__(self, folder: str, netbox: str, time: str) -> None:
        """
        folder: made if it is missing
        netbox: NetBox's address
        time: of the run, ISO 8601
        """
        self._folder = Path(folder).expanduser()
        self._stem = "hygiene-" + "".join(char for char in time if char.isalnum())
        self._header = {"invmon_export": VERSION, "netbox": netbox, "time": time}
        self._file: TextIO | None = None
        self.path: str | None = None  #: None until a row was written

    def write(self, lines: Iterable[Line]) -> None:
        """Add rows; when this returns they are on the disk. Raises ExportError."""
        texts = [json.dumps(line, separators=(",", ":")) for line in lines]
        if not texts:
            return
        try:
            if self._file is None:
                self._file = self._create()
                texts.insert(0, json.dumps(self._header))
            self._file.write("\n".join(texts) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise ExportError(
                f"The rows cannot be exported to {self.path or self._folder} ({error.strerror}): nothing more was"
                " touched in NetBox. Give a folder with export_to that can be written."
            ) from None

    def _create(self) -> TextIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, _NAMES + 1):
            path = self._folder / (f"{self._stem}.jsonl" if number == 1 else f"{self._stem}-{number}.jsonl")
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            self.path = str(path)
            _sync_folder(self._folder)
            return os.fdopen(descriptor, "w", encoding="ascii")
        raise OSError(17, f"there are {_NAMES} exports of this second")

    def close(self) -> None:
        """No more rows."""
        if self._file is not None:
            self._file.close()


def _sync_folder(folder: Path) -> None:
    """The name of a new file is on the disk as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_export(path: str, netbox: str, any_address: bool = False) -> Iterator[Line]:
    """The rows of an export. Raises ExportError, which names the line.

    A last line that was cut off is passed over: rows are touched only after their line is on the disk.
    any_address: the file may come from a NetBox at another address (the same one under another name).
    """
    try:
        with open(Path(path).expanduser(), encoding="utf-8") as file:
            _check_header(path, file.readline(), netbox, any_address)
            for number, text in enumerate(file, 2):
                line = _parsed(text)
                if line is not None:
                    yield line
                elif text.endswith("\n"):
                    raise ExportError(f"Line {number} of {path} is no exported row: the file was changed or damaged.")
    except OSError as error:
        raise ExportError(f"The export {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ExportError(f"{path} is no text: it is not a file that hygiene wrote.") from None


def _check_header(path: str, text: str, netbox: str, any_address: bool) -> None:
    header = _json(text)
    if not isinstance(header, dict) or "invmon_export" not in header:
        raise ExportError(f"{path} is not a file that hygiene wrote.")
    if header["invmon_export"] != VERSION:
        raise ExportError(f"{path} was written by a newer release: restore it with that one.")
    if header.get("netbox") != netbox and not any_address:
        raise ExportError(
            f"{path} was exported from NetBox at {brief(header.get('netbox'), 200)}, and this is {netbox}. If both are"
            " the same NetBox, say so with any_address."
        )


def _parsed(text: str) -> Line | None:
    line = _json(text)
    if not isinstance(line, dict) or line.get("does") not in ("change", "delete"):
        return None
    row = line.get("row")
    if not isinstance(row, Mapping) or not isinstance(row.get("id"), int) or any(key not in row for key in _NEEDED):
        return None
    return line if line["does"] == "delete" or isinstance(line.get("sent"), Mapping) else None


#: Without these there is no row to bring back.
_NEEDED = tuple(key for key in WRITABLE if key not in ("tags", "custom_fields"))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
