# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run that made a draft reports: what was read, what was found, what was left out, and the next command."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._outgoing.text import brief
from .._outgoing.words import count
from .._snmp.transport import dotted
from .columns import CERTAIN
from .device import Device
from .draft import Draft
from .errors import DraftError
from .reading import Read
from .sources import Source

#: Sources of each kind that are named.
_NAMED = 8
_WIDTH = 160


@dataclass(frozen=True)
class Files:
    """Where everything is, or would be in check mode."""

    folder: Path
    profile: Path
    recording: Path
    expected: Path
    changed_by_person: bool = False  #: the profile: it is kept, and nothing is written
    corrected: bool = False  #: the expectation: it is kept with its recording
    known_as: str = ""  #: the platform that it has without the draft, unless that is the generic one


def nothing_found(host: str, device: Device, draft: Draft, read: Read, with_names: bool) -> DraftError | None:
    """The error of a device in which nothing looks like a serial number; None where something does."""
    if draft.sources or device.entity_serials:
        return None
    if not device.vendor:
        identity = dotted(device.object_id) or "not reported"
        return DraftError(
            f"{host} returns no variable of a vendor below 1.3.6.1.4.1 (sysObjectID: {identity}; 8072 and 2021 are"
            " those of Net-SNMP), so there is nothing to draft",
            "check that the SNMP view of these credentials includes 1.3.6.1.4.1",
        )
    tables, scalars = draft.looked_at
    what = f"{count(tables, 'table')} and {count(scalars, 'scalar')}"
    compared = f"{what} with {len(device.vendor):,} variables were compared"
    if read.stopped:
        return DraftError(
            f"{host}: nothing so far looks like a serial number; {compared}, until {read.stopped}",
            "run the same command again, it continues there",
        )
    return DraftError(
        f"{host}: nothing below 1.3.6.1.4.1 looks like a serial number; {compared}",
        "look for another MIB of the vendor, or ask for a recording to be looked at (docs/recordings.md)"
        if with_names
        else "give the MIBs of the vendor (-e profile_mibs=FOLDER): a name shows what a value does not",
    )


def lines_of(
    host: str, device: Device, draft: Draft, read: Read, statistics: Mapping[str, Any], files: Files, check_mode: bool
) -> list[str]:
    """The report about one device, a line each. host: its name in the inventory."""
    lines = [*_read(host, read, statistics), *_found(device, draft)]
    if not draft.sources:
        return [
            *lines,
            "  No profile is needed: ENTITY-MIB, which is read from every device, has them. Nothing was written.",
        ]
    if files.known_as:
        lines.append(
            f"  The profile {files.known_as} matches this device already; the draft replaces it where it is used."
        )
    return [*lines, *_written(files, draft, check_mode), *_next(files)]


def _read(host: str, read: Read, statistics: Mapping[str, Any]) -> Iterator[str]:
    before = f" ({read.resumed:,} of them in earlier runs)" if read.resumed else ""
    cost = f"{statistics['requests']:,} requests, {statistics['seconds']:.1f} s"
    yield f"{host}: {len(read.varbinds):,} variables{before}; {cost}"
    if read.stopped:
        yield f"  NOT COMPLETE, the budget ended: {brief(read.stopped, _WIDTH)}"
        yield "  Run the same command again: it continues there."
    for reason in read.incomplete[:_NAMED]:
        yield f"  INCOMPLETE: {brief(reason, _WIDTH)}"


def _found(device: Device, draft: Draft) -> Iterator[str]:
    tables = [source for source in draft.active if source.entry]
    scalars = [source for source in draft.active if not source.entry]
    where = f"{count(len(tables), 'table')} and {count(len(scalars), 'scalar')}"
    serials = count(len(draft.serials), "serial number")
    yield f"  Found: {serials} in {where} of the vendor, {len(device.entity_serials)} in ENTITY-MIB"
    for source in draft.active[:_NAMED]:
        yield f"    {source.name}: {len(source.serials)}, {_confidence(source)}"
    doubted = [source for source in draft.sources if not source.active]
    if doubted:
        yield f"  Not certain, so commented out: {count(len(doubted) + draft.left_out, 'place')}"
    for source in doubted[:_NAMED]:
        yield f"    {source.name}: {brief('; '.join(source.doubts), _WIDTH)}"
    tables_seen, scalars_seen = draft.looked_at
    yield f"  Compared: {count(tables_seen, 'table')} and {count(scalars_seen, 'scalar')}"


def _confidence(source: Source) -> str:
    return ("certain" if source.weight >= CERTAIN else "likely") + f" ({source.choices[0].guess.reason})"


def _written(files: Files, draft: Draft, check_mode: bool) -> Iterator[str]:
    profile, folder = _shown(files.profile), _shown(files.folder)
    if files.changed_by_person:
        yield f"  Kept: {profile} was changed by hand, so nothing was written. Move it away to get a new draft."
        return
    names = [files.profile.name] + ([] if files.corrected else [files.recording.name, files.expected.name])
    yield f"  {'Check mode, not written' if check_mode else 'Written'} to {folder}: {', '.join(names)}"
    if files.corrected:
        yield f"  Kept: {files.expected.name} was corrected by hand, and so its recording is kept, too."
    if not draft.active:
        yield f"  The draft reads nothing yet: remove the # in {profile} where it is right."


def _next(files: Files) -> Iterator[str]:
    folder = shlex.quote(_shown(files.folder))
    # One argument a line: a longer line would be folded, and could not be copied.
    yield "  Next, to see what it reads:"
    yield "    ansible-playbook invmon.network.replay \\"
    yield f"      -e replay_from={folder} \\"
    yield f"      -e snmp_profiles={folder} \\"
    yield f"      -e replay_to={shlex.quote(_shown(files.folder / 'records'))}"


def _shown(path: Path) -> str:
    """A path as a user would type it."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
