# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was collected of a device, in a file of its own until it is uploaded.

JSON lines. The first is the collection (ansible_facts.entity_inventory) with two more keys: {"invmon_collection": 1,
"of": {"host", "device_id", "device_url", "address", "port", "context_name"}, ...}, the device that was asked. Once the
collection is in NetBox a line is added: {"uploaded": when, "collected_at": which collection}.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from .._common.durations import ago, in_words
from .._common.errors import InvmonError
from .._common.files import check_replaceable, write_whole
from .._common.moments import moment
from .._common.private_files import PrivateFileError, parsed, read_bytes
from .._common.typed_json import Rules, WrongShape, from_json, to_json
from .._outgoing.text import printable
from .._parts.inventory import Attempt, EntityInventory

VERSION = 1
_BEGINNING = b'{"invmon_collection": %d' % VERSION
#: Octets of a file. A chassis of 20,000 rows has some 10 million.
LIMIT = 64 * 2**20
#: The clocks of two nodes that share a folder may differ by so much.
SKEW = timedelta(minutes=5)

#: Keys that the collection in a file has.
_NEEDED = (
    *("collected_at", "complete", "items", "tables", "members", "platform", "system", "chassis", "coverage"),
    "rejected",
)


@dataclass(frozen=True)
class AskedDevice:
    """The device that was asked, as the inventory knows it and as it was reached. None: not known."""

    JSON: ClassVar[Rules] = Rules(all_keys=True)

    host: str | None = None  #: name in the inventory
    device_id: int | None = None  #: in NetBox
    device_url: str | None = None  #: the device's page in NetBox: the same id is another device in another NetBox
    address: str | None = None  #: that was asked; of a recording its path
    port: str | None = None
    context_name: str | None = None

    @classmethod
    def of(cls, known: Mapping[str, Any], reached: Mapping[str, Any]) -> AskedDevice:
        """The device that the inventory knows so, and that is reached so.

        known: host, device_id, device_url, as far as they are known.
        reached: host, port, context_name, replay_from, as snmp_entity_facts takes them; one that is missing has the
        default of SNMP.
        """
        own = {key: known.get(key) for key in ("host", "device_id", "device_url")}
        if recording := reached.get("replay_from"):
            return cls(**own, address=str(recording))
        address, port = reached.get("host"), str(reached.get("port") or 161)
        return cls(
            **own, address=address and str(address), port=port, context_name=str(reached.get("context_name") or "")
        )

    def differs(self, other: AskedDevice) -> str | None:
        """How what was collected of the other is not of this one, in words; None if nothing contradicts that."""
        for name, words in _WORDS.items():
            own, its = getattr(self, name), getattr(other, name)
            if own is not None and its is not None and own != its:
                return f"it was collected of {words} {printable(its) or '(none)'}, not {printable(own) or '(none)'}"
        return None


#: Fields that must not differ, and what they are called in a sentence.
_WORDS = {
    "host": "host",
    "device_url": "NetBox's device",
    "device_id": "NetBox's device",
    "address": "address",
    "port": "port",
    "context_name": "context",
}


@dataclass(frozen=True)
class Mark:
    """A line that names the collection of the file that is in NetBox."""

    uploaded: str  #: the time of the run that uploaded it
    collected_at: str


@dataclass(frozen=True)
class Saved:
    """A collection that was read from its file."""

    inventory: EntityInventory
    collected_at: str  #: when it was collected, as the file has it
    uploaded: bool  #: all of it is in NetBox


class UnusableCollection(InvmonError):
    """A saved collection that cannot be uploaded; the text names the file and the reason."""


def keep(path: Path, inventory: Mapping[str, Any], asked: AskedDevice, check_mode: bool = False) -> None:
    """Write the file. Raises OSError that names it, in check mode as well, where nothing is written."""
    if check_mode:
        check_replaceable(path)
        return
    text = json.dumps({"invmon_collection": VERSION, "of": to_json(asked), **inventory}, ensure_ascii=False)
    write_whole(path, (text + "\n").encode("utf-8", "backslashreplace"))


def credentials_of(path: Path) -> str | None:
    """The credential set that the device in the file answered to; None where that is not known."""
    try:
        content = parsed(path, read_bytes(path, LIMIT).split(b"\n", 1)[0])
        attempt = from_json(Attempt, content["attempt"], "attempt")
    except (PrivateFileError, WrongShape, KeyError, TypeError):
        return None
    return attempt.credentials


def forget(path: Path) -> None:
    """Remove the file, if there is one: what an earlier run found must not be taken for what this one will find.

    Raises OSError that names it.
    """
    path.unlink(missing_ok=True)


def read(path: Path, asked: AskedDevice, max_age: timedelta, now: datetime | None = None) -> Saved:
    """The collection in the file, if it is one of this device and young enough.

    Raises MissingFile if the file does not exist, else PrivateFileError or UnusableCollection.
    """
    lines = read_bytes(path, LIMIT).split(b"\n")
    content = parsed(path, lines[0])
    if not isinstance(content, dict) or "invmon_collection" not in content:
        raise UnusableCollection(f"{printable(path)} is not a saved collection.")
    if content["invmon_collection"] != VERSION:
        raise UnusableCollection(f"{printable(path)} was written by another release: collect again.")
    try:
        other, inventory, collected_at = _checked(content)
    except WrongShape as error:
        raise UnusableCollection(f"{printable(path)} was changed or damaged: {error}. Collect again.") from None
    if why := asked.differs(other):
        raise UnusableCollection(f"{printable(path)} is not this device's: {why}. Collect again.")
    _check_age(path, collected_at, max_age, now or datetime.now(UTC))
    when = str(inventory.collected_at)
    return Saved(inventory, when, any(mark.collected_at == when for mark in _marks(lines[1:])))


def _checked(content: Mapping[str, Any]) -> tuple[AskedDevice, EntityInventory, datetime]:
    """The device that was asked, what was collected of it, and when. Raises WrongShape."""
    asked = from_json(AskedDevice, content.get("of"), "of")
    for key in _NEEDED:
        if content.get(key) is None:
            raise WrongShape(f"{key} is missing")
    inventory = from_json(EntityInventory, content, "")
    return asked, inventory, moment("collected_at", str(inventory.collected_at))


def mark_uploaded(path: Path, collected_at: str, moment_of_run: str) -> None:
    """Note in the file that this collection is in NetBox. Raises OSError that names it.

    If the file holds another one by now, that one is not marked: the line names the one that is meant.
    """
    line = json.dumps(to_json(Mark(moment_of_run, collected_at)))
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb+", buffering=0) as file:
        if file.read(len(_BEGINNING)) != _BEGINNING:
            raise OSError(errno.EINVAL, "it is no longer a collection", str(path))
        file.write(line.encode("ascii") + b"\n")


def _marks(lines: list[bytes]) -> Iterator[Mark]:
    """Marks that are complete; one that was cut off marks nothing, and the upload is repeated without effect."""
    for line in lines:
        try:
            yield from_json(Mark, parsed("", line), "mark")
        except (PrivateFileError, WrongShape):
            continue


def _check_age(path: Path, collected_at: datetime, max_age: timedelta, now: datetime) -> None:
    if collected_at > now + SKEW:
        raise UnusableCollection(
            f"{printable(path)} was collected at {collected_at:%Y-%m-%dT%H:%M:%SZ}, and here it is only"
            f" {now:%Y-%m-%dT%H:%M:%SZ}: set the clocks right, then collect again."
        )
    if now - collected_at > max_age:
        raise UnusableCollection(
            f"{printable(path)} was collected {ago(now - collected_at)}, at {collected_at:%Y-%m-%dT%H:%M:%SZ}, and may"
            f" be {in_words(max_age)} old: collect again, or allow more with upload_saved_max_age."
        )
