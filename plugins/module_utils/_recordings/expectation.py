# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in the box of a recording, as a file that a person corrects and the tests then compare.

It is read out of the recording that was written, so that both files speak of the same look-alikes of serials, and it
shows that a masked recording still reads like the device.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from .._common import strict_json
from .._common.files import write_json
from .._common.private_files import MissingFile, PrivateFileError, read_regular
from .._common.typed_json import to_json
from .._devices.profile_files import Profiles
from .._devices.registry import read_device
from .._parts.inventory import EntityInventory
from .._parts.merge import merge_items
from .._parts.serials import NO_RULES, SerialRules
from .._snmp.recording import load_recording
from .._snmp.session import replay_session

#: Fields of a record that an expectation contains, where the record has them.
FIELDS = ("serial", "part", "category", "name", "interface", "path")

TO_BE_FILLED = (
    "To be filled: what is special about this device. Then correct what was read wrongly, and add what is missing."
)

#: Octets of an expectation.
_LARGEST = 16 * 2**20
_SUFFIX = re.compile(r"\.snmprec(\.gz|\.bz2)?$")


def read_again(
    path: str | Path,
    platform: str | None = None,
    certain: bool = False,
    profiles: Profiles | None = None,
    rules: SerialRules = NO_RULES,
) -> EntityInventory:
    """What a recording gives to a reader, with the options of read_device().

    Raises RecordingError for a file that is no recording.
    """
    with replay_session(load_recording(path)) as session:
        return read_device(session.agent, platform, certain, profiles, rules).inventory()


def expectation(inventory: EntityInventory) -> dict[str, Any]:
    """A collection as an expectation (tests/recordings/test_recordings.py describes its keys)."""
    records = [to_json(record) for record in merge_items(inventory.items)]
    rejected = {row.serial: row.reason for row in inventory.rejected or ()}
    return {
        "why": TO_BE_FILLED,
        "provenance": {"kind": "real", "from": "To be filled: whose device this is, in words that may be public."},
        "records": [{key: record[key] for key in FIELDS if record.get(key) is not None} for record in records],
        "rejected": [{"serial": serial, "reason": reason} for serial, reason in rejected.items()],
        "members": [{"number": member.number, "serial": member.serial} for member in inventory.members],
    }


def write_expectation(path: Path, inventory: EntityInventory) -> str | None:
    """Write what was read from a recording as its expectation; the warning where that cannot be written."""
    try:
        write_json(path, expectation(inventory))
    except OSError as error:
        return f"The expectation cannot be written: {error}"
    return None


def expectation_path(recording: str | Path) -> Path:
    """The path of a recording's expectation: NAME.expected.json in the same folder."""
    path = Path(recording)
    return path.with_name(_SUFFIX.sub("", path.name) + ".expected.json")


def was_corrected(path: Path) -> bool:
    """Whether a person has edited this expectation: `why` is no longer TO_BE_FILLED. False without a file."""
    try:
        content = strict_json.parse(read_regular(path, _LARGEST))
    except MissingFile:
        return False
    except (PrivateFileError, strict_json.BadJson):
        # A syntax error was made by a person, too.
        return True
    return not (isinstance(content, dict) and content.get("why") == TO_BE_FILLED)


def difference(device: EntityInventory, recording: EntityInventory) -> str | None:
    """How the records of a recording differ from the device's in kind, serials apart; None if they do not."""
    live, again = _kinds(device), _kinds(recording)
    if live == again:
        return None
    sides = ((live - again, "only from the device"), (again - live, "only from the recording"))
    return "; ".join(
        f"{word} {', '.join(f'{count} x {kind}' for kind, count in sorted(side.items())[:5])}"
        for side, word in sides
        if side
    )


def _kinds(inventory: EntityInventory) -> Counter[str]:
    kinds = Counter(f"{record.category} {record.part or '(no part)'}" for record in merge_items(inventory.items))
    kinds.update(f"rejected: {row.reason}" for row in inventory.rejected or ())
    return kinds
