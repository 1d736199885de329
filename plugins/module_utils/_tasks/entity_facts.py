# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_entity_facts does: a device or a recording in, facts and files out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .._common.files import write_json
from .._common.interrupts import CpuTimeSpent, limited_cpu
from .._common.typed_json import to_json
from .._devices.profile_files import Profiles, from_data, shipped
from .._devices.registry import known_platform, read_device
from .._parts.inventory import Attempt, EntityInventory, Statistics
from .._parts.serials import SerialRules
from .._recordings.expectation import difference, expectation, expectation_path, read_again, was_corrected
from .._recordings.recorder import LIMITS as RECORDING
from .._recordings.recorder import Recorded, record
from .._snmp.budget import Limits
from .._snmp.credentials import read_options
from .._snmp.errors import OptionError, RecordingError, SnmpLimitError
from .._snmp.recording import load_recording
from .._snmp.session import Session, open_session, replay_session
from .._snmp.transport import Oid
from . import saved_collections
from .saved_collections import AskedDevice
from .snmp_options import SNMP_ARGUMENTS

ARGUMENT_SPEC: dict[str, Any] = {
    **SNMP_ARGUMENTS,
    "platform": {"type": "str"},
    "platform_hint": {"type": "str"},
    "profiles": {"type": "path"},
    "profile_data": {"type": "dict"},
    "accept_serials": {"type": "list", "elements": "str", "default": []},
    "reject_serials": {"type": "list", "elements": "str", "default": []},
    "tables": {
        "type": "dict",
        "options": {
            "max_rows": {"type": "int", "default": 20000},
            "max_values": {"type": "int", "default": 500_000},
            "max_octets": {"type": "int", "default": 8 * 1024 * 1024},
            "max_parts": {"type": "int", "default": 10_000},
            "max_rejected": {"type": "int", "default": 10_000},
            "max_seconds": {"type": "int", "default": 120},
            "max_cpu_seconds": {"type": "int", "default": 60},
            "skip": {"type": "list", "elements": "str", "default": []},
        },
        "apply_defaults": True,
    },
    "fail_when_incomplete": {"type": "bool", "default": True},
    "dump": {"type": "path"},
    "record_to": {"type": "path"},
    "record_masked": {"type": "bool", "default": True},
    "record_expected": {"type": "bool", "default": False},
    "replay_from": {"type": "path"},
    "save_to": {"type": "path"},
    "save_for": {
        "type": "dict",
        "options": {"host": {"type": "str"}, "device_id": {"type": "int"}, "device_url": {"type": "str"}},
    },
}

#: enterprises (RFC 2578)
ENTERPRISES: Oid = (1, 3, 6, 1, 4, 1)


def entity_facts(params: Mapping[str, Any], check_mode: bool = False) -> dict[str, Any]:
    """Read the device, or the recording, that params name; returns the module's result.

    Raises InvmonError when nothing at all could be read. A file that cannot be written is a warning: what the device
    reported is not lost for it.
    """
    limits = limits_of(params["tables"])
    # Asking ends at the limit, and what was read counts. This is for reading: a text that keeps a loop of ours busy.
    most = 2 * limits.cpu_seconds + (RECORDING.cpu_seconds if params.get("record_to") else 0)
    try:
        with limited_cpu(most):
            return _entity_facts(params, limits, check_mode)
    except CpuTimeSpent:
        name = params.get("host") or params.get("replay_from")
        raise SnmpLimitError(
            f"{name} could not be read: to read what it sends takes more than {most:g} s of processor time "
            "(max_cpu_seconds of the option tables)."
        ) from None


def _entity_facts(params: Mapping[str, Any], limits: Limits, check_mode: bool) -> dict[str, Any]:
    result: dict[str, Any] = {"changed": False, "warnings": []}
    saved = Path(params["save_to"]).expanduser() if params.get("save_to") else None
    if saved and not check_mode:
        # If it cannot be removed, it cannot be replaced either, which _keep() warns of.
        with suppress(OSError):
            saved_collections.forget(saved)
    with _open(params, limits) as session:
        inventory = _read(session, params)
        data = to_json(inventory)
        if saved:
            result |= _keep(saved, data, params, check_mode)
        if params.get("dump"):
            result["warnings"] += _write("dump", Path(params["dump"]).expanduser(), session.agent.dump())
        if params.get("record_to"):
            result["recorded"], warnings = _record(session, params, inventory, check_mode)
            result["warnings"] += warnings
    result["warnings"] += inventory.warnings
    result["ansible_facts"] = {"entity_inventory": data}
    if not inventory.complete:
        result["incomplete"] = result["msg"] = _what_is_missing(params, inventory)
        result["failed"] = params["fail_when_incomplete"]
    return result


def _open(params: Mapping[str, Any], limits: Limits) -> Session:
    if params.get("replay_from"):
        return replay_session(load_recording(Path(params["replay_from"]).expanduser()), limits)
    if not params.get("host"):
        raise OptionError("host is missing: give the address or name of the device, or replay_from.")
    return open_session(params["host"], read_options(params), limits)


def limits_of(tables: Mapping[str, Any]) -> Limits:
    """The limits that the option `tables` says. Raises OptionError."""
    given = {name.removeprefix("max_"): value for name, value in tables.items() if name.startswith("max_")}
    for name, value in given.items():
        if value < 1:
            raise OptionError(f"tables: max_{name} is {value}, and must be at least 1.")
    return Limits(**given, skip=frozenset(tables["skip"]))


def _read(session: Session, params: Mapping[str, Any]) -> EntityInventory:
    collection = read_device(session.agent, **_for_reader(params), rules=serial_rules(params))
    return replace(
        collection.inventory(),
        backend=session.backend,
        attempt=Attempt(**session.attempt) if session.attempt else None,
        statistics=Statistics(**session.statistics),
        collected_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    )


def _for_reader(params: Mapping[str, Any]) -> dict[str, Any]:
    """What the task knows better than the device, as read_device() takes it."""
    given = params.get("platform")
    profiles = read_profiles(params)
    hint = given or known_platform(params.get("platform_hint"), profiles)
    return {"platform": hint, "certain": bool(given), "profiles": profiles}


def read_profiles(params: Mapping[str, Any]) -> Profiles:
    """The collection's profiles and the user's own. Raises ProfileFileError, OSError."""
    if params.get("profile_data"):
        return from_data(params["profile_data"])
    own = params.get("profiles")
    return shipped().with_own(Path(own).expanduser()) if own else shipped()


def serial_rules(params: Mapping[str, Any], without: Sequence[str] = ()) -> SerialRules:
    """The user's rules of serials but for some. Raises OptionError that names the option."""
    rules = {}
    for name in ("accept", "reject"):
        rules[name] = [rule for rule in params.get(f"{name}_serials") or [] if rule not in without]
        try:
            SerialRules(**{name: rules[name]})
        except ValueError as error:
            raise OptionError(f"{name}_serials: {error}") from None
    return SerialRules(**rules)


def _keep(path: Path, data: Mapping[str, Any], params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Keep the collection for a later upload; returns what the result says of it."""
    try:
        saved_collections.keep(path, data, _asked(params), check_mode)
    except OSError as error:
        would = "would not be kept" if check_mode else "is not kept"
        return {"warnings": [f"What was collected {would} for a later upload: {error}"]}
    return {} if check_mode else {"saved_to": str(path)}


def _asked(params: Mapping[str, Any]) -> AskedDevice:
    """The device that params name."""
    return AskedDevice.of(params.get("save_for") or {}, params)


def _write(what: str, path: Path, value: Any) -> list[str]:
    try:
        write_json(path, value)
    except OSError as error:
        return [f"The {what} cannot be written: {error}"]
    return []


def _record(
    session: Session, params: Mapping[str, Any], inventory: EntityInventory, check_mode: bool
) -> tuple[dict[str, Any], list[str]]:
    """Write the recording, and its expectation if that is wanted: what became of them, and warnings."""
    path = Path(params["record_to"]).expanduser()
    expected = expectation_path(path)
    if was_corrected(expected):
        kept = (
            f"{expected} was corrected by hand and is kept, and so is its recording; move both away, or give another"
            " record_to, to record again"
        )
        return {"path": str(path), "message": f"{path}: kept as it is, for {expected.name} was corrected by hand"}, [
            kept
        ]
    if check_mode:
        return {"path": str(path), "message": f"{path}: not written, this is check mode"}, []
    masked = params["record_masked"]
    literal = [rule for rule in _literal_rules(params) if masked]
    try:
        recorded = record(
            session.transport,
            vendor_subtree(inventory.system.object_id if inventory.system else ""),
            path,
            masked,
            serials=[item.serial for item in inventory.items],
            secrets=[params[name] for name, spec in ARGUMENT_SPEC.items() if spec.get("no_log") and params.get(name)],
            columns=session.agent.asked(),
            names=[params["host"]] if params.get("host") else [],
            parts=[item.part for item in inventory.items if item.part],
            meter=session.budget.meter,
        )
        again = read_again(path, **_for_reader(params), rules=serial_rules(params, without=literal))
    except RecordingError as error:
        return {"error": str(error)}, [f"The recording: {error}"]
    warnings = [f"{recorded.path} is not whole: {reason}" for reason in recorded.incomplete]
    serials_read = [item.serial for item in inventory.items] + [str(row.serial) for row in inventory.rejected or ()]
    seen = {serial.casefold() for serial in serials_read}
    if unfit := [rule for rule in literal if rule.strip().casefold() in seen]:
        warnings.append(
            f"{recorded.path} was read again without the serial rules {', '.join(unfit)}: they name real serials, of"
            " which it has look-alikes"
        )
    differs = difference(inventory, again)
    if differs:
        warnings.append(f"{recorded.path} does not read like the device: {differs}")
    serials = recorded.look_alikes if masked else len({item.serial for item in inventory.items})
    told = {"path": recorded.path, "varbinds": recorded.varbinds, "serials": serials}
    words = [_in_words(recorded, serials, masked)]
    if params["record_expected"]:
        failed = _write("expectation", expected, expectation(again))
        warnings += failed
        if not failed:
            told["expected"] = str(expected)
            words.append(f"what was read of it: {expected.name}")
    return {**told, "message": "; ".join(words)}, warnings


def _literal_rules(params: Mapping[str, Any]) -> list[str]:
    """The user's rules that are a whole serial, and no regular expression."""
    rules = [rule for name in ("accept_serials", "reject_serials") for rule in params.get(name) or []]
    return [rule for rule in rules if not rule.strip().startswith("/")]


def _in_words(recorded: Recorded, serials: int, masked: bool) -> str:
    """What was recorded, in a line for people."""
    one = serials == 1
    if masked:
        what = "look-alike of a serial" if one else "look-alikes of serials"
    else:
        what = f"{'serial' if one else 'serials'}, NOT masked: keep it to yourself"
    words = [f"{recorded.path}: {recorded.varbinds} variables, {serials} {what}"]
    if recorded.left:
        words.append(f"not replaced: {', '.join(recorded.left)}")
    if missing := len(recorded.incomplete):
        words.append(f"INCOMPLETE: {missing} {'subtree' if missing == 1 else 'subtrees'} did not answer")
    return "; ".join(words)


def vendor_subtree(object_id: str) -> list[Oid]:
    """The vendor's whole part of the tree (1.3.6.1.4.1.NUMBER), by the device's sysObjectID; empty if it tells none."""
    numbers = tuple(int(number) for number in object_id.split(".") if number)
    return [numbers[:7]] if numbers[:6] == ENTERPRISES and len(numbers) > 6 else []


def _what_is_missing(params: Mapping[str, Any], inventory: EntityInventory) -> str:
    broken = [
        f"{name} ({table.error or 'not read completely'})"
        for name, table in inventory.tables.items()
        if not table.complete and table.required
    ]
    name = params.get("host") or params.get("replay_from")
    return (
        f"{name} is incomplete: {len(inventory.items)} rows with a serial were read. "
        f"Not read completely: {', '.join(broken) or 'a table that its platform needs'}."
    )
