# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was collected of a device, in a file of its own until it is uploaded.

JSON lines. The first is the collection (ansible_facts.entity_inventory), with two keys more: {"invmon_collection": 1,
"of": {"host", "device_id", "device_url", "address", "port", "context_name"}, ...}, whom it was collected of. Once it
stands in NetBox a line is added: {"uploaded": when, "collected_at": of which collection}.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .._common.durations import ago, in_words
from .._common.errors import InvmonError
from .._common.files import check_replaceable, write_whole
from .._common.private_files import PrivateFileError, parsed, read_bytes
from .._common.shapes import check_keys, kinds_of, moment
from .._common.typed_json import WrongShape
from .._devices.collection import Member
from .._outgoing.text import printable
from .._parts.item import Item

VERSION = 1
_BEGINNING = b'{"invmon_collection": %d' % VERSION
#: Octets of a file. A chassis of 20,000 rows has some 10 million.
LIMIT = 64 * 2**20
#: The clocks of two nodes that share a folder may differ by so much.
SKEW = timedelta(minutes=5)

#: What is read back of a collection; other keys are for people.
_COLLECTION: dict[str, Any] = {
    "collected_at": str,
    "complete": bool,
    "items": list[dict[str, Any]],
    "tables": dict[str, dict[str, Any]],
    "members": list[dict[str, Any]],
    "platform": str,
    "system": dict[str, Any],
    "chassis": list[dict[str, str]],
    "coverage": list[str],
    "rejected": list[dict[str, str | None]],
}
_TABLE = {"rows": int, "complete": bool, "error": str | None, "required": bool}  # pylint: disable=unsupported-binary-operation
_SYSTEM = {"name": str, "description": str, "object_id": str, "uptime": int}
_MARK = {"uploaded": str, "collected_at": str}


@dataclass(frozen=True)
class Whose:
    """The device that was asked, as the inventory knows it and as it was reached. None: not known."""

    host: str | None = None  #: name in the inventory
    device_id: int | None = None  #: in NetBox
    device_url: str | None = None  #: the device's page in NetBox, which tells one NetBox from another
    address: str | None = None  #: that was asked; of a recording its path
    port: str | None = None
    context_name: str | None = None

    @classmethod
    def of(cls, known: Mapping[str, Any], reached: Mapping[str, Any]) -> Whose:
        """The device that the inventory knows so, and that is reached so.

        known: host, device_id, device_url, as far as they are known.
        reached: host, port, context_name, replay_from, as snmp_entity_facts takes them; what is left open there is what
        SNMP takes then.
        """
        own = {key: known.get(key) for key in ("host", "device_id", "device_url")}
        if recording := reached.get("replay_from"):
            return cls(**own, address=str(recording))
        address, port = reached.get("host"), str(reached.get("port") or 161)
        return cls(
            **own, address=address and str(address), port=port, context_name=str(reached.get("context_name") or "")
        )

    def differs(self, other: Whose) -> str | None:
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
class Saved:
    """A collection that was read from its file."""

    inventory: dict[str, Any]  #: as Collection.to_dict(); of each item, table and member all fields have their types
    collected_at: datetime
    uploaded: bool  #: all of it stands in NetBox


class UnusableCollection(InvmonError):
    """A collection that is not uploaded; the text names the file and says why."""


def keep(path: Path, inventory: Mapping[str, Any], whose: Whose, check_mode: bool = False) -> None:
    """Write the file. Raises OSError that names it, in check mode as well, where nothing is written."""
    if check_mode:
        check_replaceable(path)
        return
    text = json.dumps({"invmon_collection": VERSION, "of": asdict(whose), **inventory}, ensure_ascii=False)
    write_whole(path, (text + "\n").encode("utf-8", "backslashreplace"))


def forget(path: Path) -> None:
    """Remove the file, if there is one: what an earlier run found must not be taken for what this one will find.

    Raises OSError that names it.
    """
    path.unlink(missing_ok=True)


def read(path: Path, whose: Whose, max_age: timedelta, now: datetime | None = None) -> Saved:
    """The collection in the file, if it is one of this device and young enough.

    Raises MissingFile where there is none, else PrivateFileError or UnusableCollection.
    """
    lines = read_bytes(path, LIMIT).split(b"\n")
    content = parsed(path, lines[0])
    if not isinstance(content, dict) or "invmon_collection" not in content:
        raise UnusableCollection(f"{printable(path)} is not a collection that save_to wrote.")
    if content["invmon_collection"] != VERSION:
        raise UnusableCollection(f"{printable(path)} was written by another release: collect again.")
    try:
        check_keys("of", content.get("of"), kinds_of(Whose))
        if missing := sorted(set(_COLLECTION) - set(content)):
            raise WrongShape(f"it has no {missing[0]}")
        check_inventory(content)
        collected_at = moment("collected_at", content["collected_at"])
    except WrongShape as error:
        raise UnusableCollection(f"{printable(path)} was changed or damaged: {error}. Collect again.") from None
    if other := whose.differs(Whose(**content["of"])):
        raise UnusableCollection(f"{printable(path)} is not this device's: {other}. Collect again.")
    _check_age(path, collected_at, max_age, now or datetime.now(UTC))
    uploaded = any(mark["collected_at"] == content["collected_at"] for mark in _marks(lines[1:]))
    return Saved(content, collected_at, uploaded)


def mark_uploaded(path: Path, collected_at: str, moment_of_run: str) -> None:
    """Note in the file that this collection stands in NetBox. Raises OSError that names it.

    If the file holds another one by now, that one is not marked: the line says which one is meant.
    """
    line = json.dumps({"uploaded": moment_of_run, "collected_at": collected_at})
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb+", buffering=0) as file:
        if file.read(len(_BEGINNING)) != _BEGINNING:
            raise OSError(errno.EINVAL, "it is no collection any more", str(path))
        file.write(line.encode("ascii") + b"\n")


def _marks(lines: list[bytes]) -> Iterator[dict[str, Any]]:
    """Marks that are whole; one that was cut off marks nothing, and the upload is repeated, which changes nothing."""
    for line in lines:
        try:
            mark = parsed("", line)
            check_keys("mark", mark, _MARK)
        except (PrivateFileError, WrongShape):
            continue
        yield mark


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


def check_inventory(content: Any) -> None:
    """Raise WrongShape unless what is used of a collection is what a reader hands back.

    It may come out of a file, or from a host that a task was delegated to.
    """
    if not isinstance(content, Mapping):
        raise WrongShape("it is no object")
    there = {key: content[key] for key in _COLLECTION if key in content}
    check_keys("collection", there, {key: _COLLECTION[key] for key in there})
    item, member = kinds_of(Item, sparse=True), kinds_of(Member)
    for number, one in enumerate(content.get("items", ())):
        check_keys(f"items[{number}]", one, item)
        if not one["serial"]:
            raise WrongShape(f"items[{number}]: there is no serial")
    for number, one in enumerate(content.get("members", ())):
        check_keys(f"members[{number}]", one, member)
    for name, one in content.get("tables", {}).items():
        check_keys(f"tables.{printable(name)[:60]}", one, _TABLE)
    if "system" in content:
        check_keys("system", content["system"], _SYSTEM)
