# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_profile does: a device in; a draft profile, a masked recording and an expectation out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._common.files import write_whole
from .._common.interrupts import CpuTimeSpent, limited_cpu
from .._common.private_files import MissingFile, PrivateFileError, read_regular
from .._devices.collection import System
from .._devices.profile_files import ENDINGS, GENERIC, Profiles, from_text
from .._devices.profile_yaml import LARGEST
from .._devices.recognition import choose
from .._devices.registry import read_device
from .._drafts.device import Device
from .._drafts.draft import Draft, draft_of
from .._drafts.mib_names import MibNames, mib_names
from .._drafts.reading import Read, ReadingBudget, keep, read_vendor
from .._drafts.summary import Files, lines_of, nothing_found
from .._drafts.text import is_unchanged, text_of
from .._outgoing.secrets import secret_values
from .._parts.inventory import EntityInventory
from .._recordings.expectation import difference, expectation_path, read_again, was_corrected, write_expectation
from .._recordings.recorder import Recorded, record
from .._snmp.budget import Limits
from .._snmp.credentials import read_options
from .._snmp.enterprises import enterprise_of
from .._snmp.errors import OptionError, SnmpLimitError
from .._snmp.recording import Recording, ReplayTransport
from .._snmp.session import open_session, replay_session
from .._snmp.transport import Oid
from .apart import apart
from .entity_options import read_profiles
from .snmp_options import SNMP_ARGUMENTS, check_positive, host_of

ARGUMENT_SPEC: dict[str, Any] = {
    **SNMP_ARGUMENTS,
    "folder": {"type": "path", "required": True},
    "mibs": {"type": "path"},
    "max_variables": {"type": "int", "default": 100_000},
    "max_seconds": {"type": "int", "default": 600},
    "max_requests": {"type": "int", "default": 20_000},
    "profiles": {"type": "path"},
    "profile_data": {"type": "dict"},
}
#: Ending of the file that keeps what was read until the budget ended: not one that the playbook replay reads.
UNFINISHED = ".unfinished"
_BUDGET = ("max_variables", "max_seconds", "max_requests")
#: Seconds of processor time for a draft of a million variables, its recording and the reading of both.
_CPU_SECONDS = 1800.0
#: Seconds for what is done around the reading of the device.
_AROUND = 1200


def snmp_profile(params: Mapping[str, Any], check_mode: bool = False) -> dict[str, Any]:
    """Read the device that params name, write its draft; returns the module's result.

    Raises InvmonError: the device cannot be read, nothing in it looks like a serial number, a folder cannot be used.
    """
    return apart(params, lambda: _limited(params, check_mode), params["max_seconds"] + _AROUND)


def _limited(params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    try:
        with limited_cpu(_CPU_SECONDS):
            return _profile(params, check_mode)
    except CpuTimeSpent:
        raise SnmpLimitError(
            f"{params['host']}: the draft takes more than {_CPU_SECONDS:g} s of CPU time: lower max_variables."
        ) from None


def _profile(params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    budget = _budget(params)
    names = mib_names(Path(params["mibs"]).expanduser()) if params.get("mibs") else MibNames()
    known = read_profiles(params)
    folder = Path(params["folder"]).expanduser()
    read, statistics = _read(params, budget, folder / f"{folder.name}{UNFINISHED}", check_mode)
    device = Device.of(read.varbinds.values())
    draft = draft_of(device, names)
    if error := nothing_found(folder.name, device, draft, read, bool(names)):
        raise error
    files = _files(folder, draft, device, known)
    result: dict[str, Any] = {"changed": False, "warnings": []}
    if draft.sources and not files.changed_by_person:
        text = text_of(draft, device)
        profiles = known.adding([from_text(str(files.profile), text, draft.name)])
        if not check_mode:
            result = _write(params, files, text, profiles, read.recording())
    lines = lines_of(folder.name, device, draft, read, statistics, files, check_mode)
    return {**result, **_facts(draft, read, statistics, files), "message": lines}


def _budget(params: Mapping[str, Any]) -> ReadingBudget:
    check_positive(params, _BUDGET)
    return ReadingBudget(*(params[name] for name in _BUDGET))


def _read(
    params: Mapping[str, Any], budget: ReadingBudget, kept: Path, check_mode: bool
) -> tuple[Read, dict[str, Any]]:
    """Read the device, and keep what the budget cut for the next run."""
    with open_session(host_of(params), read_options(params), Limits(seconds=budget.seconds)) as session:
        read = read_vendor(session.transport, session.budget.meter, budget, kept)
        statistics = session.statistics
    if not check_mode:
        keep(read, kept)
    return read, statistics


def _files(folder: Path, draft: Draft, device: Device, known: Profiles) -> Files:
    profile = folder / f"{draft.name}.yml"
    recording = folder / f"{folder.name}.snmprec"
    expected = expectation_path(recording)
    system = System(name=device.name, description=device.description, object_id=device.object_id)
    platform = choose(system, known).name
    return Files(
        folder,
        profile,
        recording,
        expected,
        changed_by_person=_is_changed(profile),
        corrected=was_corrected(expected),
        known_as="" if platform == GENERIC else platform,
    )


def _is_changed(path: Path) -> bool:
    """Whether a person has changed this file, or written it."""
    try:
        return not is_unchanged(read_regular(path, LARGEST).decode("utf-8", "replace"))
    except MissingFile:
        return False
    except PrivateFileError:
        return True


def _write(
    params: Mapping[str, Any], files: Files, text: str, profiles: Profiles, recording: Recording
) -> dict[str, Any]:
    """Write the files; returns what it adds to the result. Raises OptionError."""
    try:
        _forget_others(files)
        write_whole(files.profile, text.encode())
    except OSError as error:
        raise OptionError(f"The draft cannot be written: {error}. Name another folder.") from None
    if files.corrected:
        return {"changed": True, "warnings": []}
    with replay_session(recording) as session:
        inventory = read_device(session.agent, profiles=profiles).inventory()
        recorded = _record(params, files, inventory, session.agent.asked(), recording)
    again = read_again(files.recording, profiles=profiles)
    warnings = [f"{files.recording} is incomplete: {reason}" for reason in recorded.incomplete]
    if differs := difference(inventory, again):
        warnings.append(f"{files.recording} does not read like the device: {differs}")
    if recorded.left:
        warnings.append(f"{files.recording} still has the serial numbers {', '.join(recorded.left)}")
    if failed := write_expectation(files.expected, again):
        warnings.append(failed)
    return {"changed": True, "warnings": warnings, "parts": len(inventory.items)}


def _record(
    params: Mapping[str, Any],
    files: Files,
    inventory: EntityInventory,
    columns: Mapping[Oid, str],
    recording: Recording,
) -> Recorded:
    """A masked recording of what was read. Raises RecordingError."""
    roots = sorted({oid[:7] for oid in recording.oids if enterprise_of(oid) is not None})
    return record(
        ReplayTransport(recording),
        roots,
        files.recording,
        serials=[item.serial for item in inventory.items],
        secrets=list(secret_values(params, ARGUMENT_SPEC)),
        columns=columns,
        names=[params["host"], files.folder.name],
        parts=[item.part for item in inventory.items if item.part],
    )


def _forget_others(files: Files) -> None:
    """Remove drafts of other names that no person has changed: two profiles of a folder may claim one device."""
    if files.folder.is_dir():
        for path in files.folder.iterdir():
            if path.suffix in ENDINGS and path != files.profile and not _is_changed(path):
                path.unlink(missing_ok=True)


def _facts(draft: Draft, read: Read, statistics: Mapping[str, Any], files: Files) -> dict[str, Any]:
    """What others may use of a result."""
    return {
        "profile": str(files.profile),
        "recording": str(files.recording),
        "expected": str(files.expected),
        "complete": not read.stopped and not read.incomplete,
        "kept": files.changed_by_person,
        "serials": len(draft.serials),
        "sources": [
            {"name": source.name, "serials": len(source.serials), "read": source.active} for source in draft.sources
        ],
        "statistics": dict(statistics),
    }
