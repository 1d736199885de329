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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Literal, TextIO

from .._common import strict_json
from .._common.errors import InvmonError
from .._common.moments import moment
from .._common.private_files import VALUES, PrivateFileError, open_private
from .._common.typed_json import Rules, WrongShape, from_json, shown
from .._outgoing.text import brief, printable
from .rows import REFERENCES, TEXTS, TIMES

VERSION = 1
#: Octets of a file, and of a line: a million rows of ordinary size, and one with a lot of a user's own data.
LIMIT, LONGEST_LINE = 4 * 2**30, 16 * 2**20
#: So many runs within one second find a name.
_NAMES = 100

Line = dict[str, Any]


@dataclass(frozen=True)
class _Line:
    """The types of a line."""

    does: Literal["change", "delete"]
    row: dict[str, Any]
    why: list[str]
    sent: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Tag:
    JSON: ClassVar[Rules] = Rules(extra="ignored")

    slug: str


#: The types of what is restored of a row. It has all of these, but for tags and custom fields.
_KINDS: dict[str, Any] = {
    **dict.fromkeys(TEXTS, str | None),
    **dict.fromkeys(TIMES, str | None),
    **dict.fromkeys(REFERENCES, int | dict | None),
    "discovered_data": Any,
    "tags": list[_Tag] | None,
    "custom_fields": dict[str, Any] | None,
    # Without these NetBox has no row.
    "serial": str,
    "time": str,
}
_NEEDED = _KINDS.keys() - {"tags", "custom_fields"}


class ExportError(InvmonError):
    """The file cannot be written, or was not written by this collection; the text names it and what to do."""

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
                f"The rows cannot be exported to {self.path or self._folder} ({error.strerror}): nothing more was "
                "changed in NetBox. Set export_to to a folder that you can write to."
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
    """The rows of an export, one at a time. Raises ExportError, which names the line.

    A last line that was cut off is passed over: rows are touched only after their line is on the disk.
    any_address: the file may come from a NetBox at another address (the same one under another name).
    """
    try:
        with open_private(path, LIMIT) as file:
            _check_header(path, _next_line(path, 1, file), netbox, any_address)
            number = 2
            while text := _next_line(path, number, file):
                line, wrong = _parsed(text)
                if line is not None:
                    yield line
                elif text.endswith(b"\n"):
                    found = f"Line {number} of {printable(path)} is not an exported row ({wrong})"
                    raise ExportError(f"{found}: the file was changed or damaged.")
                number += 1
    except PrivateFileError as error:
        raise ExportError(f"Nothing is restored. {error}") from None
    except OSError as error:
        raise ExportError(f"The export {printable(path)} cannot be read: {error.strerror}.") from None


def _next_line(path: str, number: int, file: BinaryIO) -> bytes:
    text = file.readline(LONGEST_LINE + 1)
    if len(text) > LONGEST_LINE:
        raise ExportError(
            f"Line {number} of {printable(path)} is not an exported row: it has more than {LONGEST_LINE:,} octets."
        )
    return text


def _check_header(path: str, text: bytes, netbox: str, any_address: bool) -> None:
    try:
        header = strict_json.parse(text)
    except strict_json.BadJson:
        header = None
    if not isinstance(header, dict) or "invmon_export" not in header:
        raise ExportError(f"{printable(path)} is not an export of hygiene.")
    if header["invmon_export"] != VERSION:
        raise ExportError(f"{printable(path)} was written by a newer release: restore it with that one.")
    if header.get("netbox") != netbox and not any_address:
        raise ExportError(
            f"{printable(path)} was exported from NetBox at {brief(header.get('netbox'), 200)}, not from {netbox}. "
            "If both are the same NetBox, set any_address."
        )


def _parsed(text: bytes) -> tuple[Line | None, str]:
    """The exported row of a line; else None, and what is wrong with it."""
    try:
        line = strict_json.parse(text, values=VALUES)
        checked = from_json(_Line, line, "it")
        if ("sent" in line) != (checked.does == "change"):
            raise WrongShape("sent is for rows that were changed, and for each of them")
        from_json(int, checked.row.get("id"), "row.id")
        if missing := sorted(_NEEDED - checked.row.keys()):
            raise WrongShape(f"row.{missing[0]} is missing")
        if unknown := sorted(checked.sent.keys() - _KINDS.keys()):
            raise WrongShape(f"sent has the unknown key {shown(unknown[0])}")
        _check_row("row", checked.row)
        _check_row("sent", checked.sent)
    except (strict_json.BadJson, WrongShape) as error:
        return None, f"it {error}" if isinstance(error, strict_json.BadJson) else str(error)
    return line, ""


def _check_row(where: str, row: Mapping[str, Any]) -> None:
    """Raise WrongShape unless what is restored of the row can be. What else NetBox returns of it is ignored."""
    for key in _KINDS.keys() & row.keys():
        from_json(_KINDS[key], row[key], f"{where}.{key}")
    for key in TIMES:
        if row.get(key) is not None:
            moment(f"{where}.{key}", row[key])
