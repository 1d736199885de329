# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many drafts of profiles are right: each recording is drafted as if no profile knew the device.

    make drafts                                              # our recordings
    python tests/run.py tests/drafts.py [FOLDER] [NAME ...]  # others; those of these names, with their drafts

A recording takes part if its vendor's tables have serials that ENTITY-MIB and the system group have not. Its draft is
read by the profile reader, with no profile but the draft and the generic one. It is

right        if that gives the serials that are expected, as far as the recording has them there, and no other;
incomplete   if it gives fewer: columns that were not certain are commented out;
more         if it also gives serials of rows that the profile leaves out: empty slots, parts that were pulled;
wrong        if it reads a column that has no expected serial: a part number, or the serial of another device.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import (
    GENERIC,
    Profile,
    Profiles,
    from_text,
    shipped,
)
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._drafts.device import Device
from ansible_collections.invmon.network.plugins.module_utils._drafts.draft import draft_of
from ansible_collections.invmon.network.plugins.module_utils._drafts.text import text_of
from ansible_collections.invmon.network.plugins.module_utils._parts.serials import judge
from ansible_collections.invmon.network.plugins.module_utils._recordings.expectation import expectation_path
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import Recording, load_recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import replay_session
from ansible_collections.invmon.network.tests.recordings.build import recordings

RIGHT, INCOMPLETE, MORE, WRONG = "right", "incomplete", "more", "wrong"


@dataclass(frozen=True)
class Trial:
    """The draft of one recording, and how it compares with the profile of the collection."""

    name: str
    text: str  #: of the draft
    wanted: frozenset[str]  #: serials that the profile reads, as far as the vendor's tables or the generic profile can
    read: frozenset[str]  #: serials that the draft reads
    strange: frozenset[str]  #: of these, those of columns that have no wanted one

    @property
    def missing(self) -> frozenset[str]:
        return self.wanted - self.read

    @property
    def more(self) -> frozenset[str]:
        return self.read - self.wanted

    @property
    def verdict(self) -> str:
        if self.strange:
            return WRONG
        return INCOMPLETE if self.missing else MORE if self.more else RIGHT


def trials(folder: Path, names: Iterable[str] = ()) -> Iterator[Trial]:
    """Of each recording of a folder that takes part."""
    wanted = set(names)
    for path in sorted(folder.glob("*.snmprec*")):
        name = expectation_path(path).name.removesuffix(".expected.json")
        if not wanted or name in wanted:
            found = trial(name, path)
            if found:
                yield found


def trial(name: str, path: Path) -> Trial | None:
    """None where the vendor's tables have no serials of their own."""
    recording = load_recording(path)
    expected = json.loads(expectation_path(path).read_text(encoding="utf-8"))
    device = Device.of(recording.varbinds.values())
    verdicts = map(judge, device.vendor.values())
    of_vendor = {verdict.serial for verdict in verdicts if not verdict.reason}
    generic = _read(recording)
    ours = {record["serial"] for record in expected["records"]}
    if not (ours & of_vendor) - generic:
        return None
    draft = draft_of(device)
    text = text_of(draft, device)
    found = _read(recording, from_text(f"{name}.yml", text, draft.name))
    wanted = frozenset(ours & (of_vendor | generic))
    # What the generic profile finds in addition is no invention of the draft.
    found -= generic - ours
    strange = frozenset().union(*(source.serials for source in draft.active if not source.serials & ours))
    return Trial(name, text, wanted, found, found & strange)


def _read(recording: Recording, draft: Profile | None = None) -> frozenset[str]:
    """The serials that the generic profile reads, with a draft or without."""
    generic = Profiles({GENERIC: shipped().by_name[GENERIC]})
    with replay_session(recording) as session:
        inventory = read_device(session.agent, profiles=generic.adding([draft]) if draft else generic).inventory()
    return frozenset(item.serial for item in inventory.items)


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0]) if arguments and Path(arguments[0]).is_dir() else recordings()
    names = [argument for argument in arguments if not Path(argument).is_dir()]
    counts: Counter[str] = Counter()
    for found in trials(folder, names):
        counts[found.verdict] += 1
        details = [
            f"{word} {', '.join(sorted(serials))}"
            for word, serials in (("missing", found.missing), ("in addition", found.more))
            if serials
        ]
        sys.stdout.write(f"{found.verdict:10} {found.name}{': ' if details else ''}{'; '.join(details)}\n")
        if names:
            sys.stdout.write(found.text)
    total = sum(counts.values())
    words = ", ".join(f"{counts[verdict]} {verdict}" for verdict in (RIGHT, INCOMPLETE, MORE, WRONG))
    sys.stdout.write(f"{total} drafts: {words}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
