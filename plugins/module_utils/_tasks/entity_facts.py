# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_entity_facts does: a device or a recording in, facts and files out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .._common.files import write_json
from .._common.interrupts import CpuTimeSpent, limited_cpu
from .._common.typed_json import to_json
from .._devices.registry import read_device
from .._outgoing.secrets import secret_values
from .._parts.inventory import Attempt, EntityInventory, Statistics
from .._recordings.limits import LIMITS as RECORDING
from .._snmp.budget import Limits
from .._snmp.credentials import read_options
from .._snmp.errors import OptionError, SnmpLimitError
from .._snmp.recording import load_recording
from .._snmp.session import Session, open_session, replay_session
from . import saved_collections
from .entity_options import for_reader, limits_of, serial_rules
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
            f"{name} could not be read: decoding its replies takes more than {most:g} s of CPU time "
            "(max_cpu_seconds of the option tables)."
        ) from None


def _entity_facts(params: Mapping[str, Any], limits: Limits, check_mode: bool) -> dict[str, Any]:
    result: dict[str, Any] = {"changed": False, "warnings": []}
    saved = Path(params["save_to"]).expanduser() if params.get("save_to") else None
    several = len(params.get("credentials") or ()) > 1
    last = saved_collections.credentials_of(saved) if saved and several else None
    if saved and not check_mode:
        # If it cannot be removed, it cannot be replaced either, which _keep() warns of.
        with suppress(OSError):
            saved_collections.forget(saved)
    with _open(params, last, limits) as session:
        inventory = _read(session, params)
        data = to_json(inventory)
        if saved:
            result |= _keep(saved, data, params, check_mode)
        if params.get("dump"):
            result["warnings"] += _dump(Path(params["dump"]).expanduser(), session)
        if params.get("record_to"):
            # Here, because Ansible compiles each module that a run imports, and most runs record nothing.
            from .entity_recording import record_device

            result["recorded"], warnings = record_device(session, params, inventory, _secrets(params), check_mode)
            result["warnings"] += warnings
    result["warnings"] += inventory.warnings
    result["ansible_facts"] = {"entity_inventory": data}
    if not inventory.complete:
        result["incomplete"] = result["msg"] = _what_is_missing(params, inventory)
        result["failed"] = params["fail_when_incomplete"]
    return result


def _open(params: Mapping[str, Any], last: str | None, limits: Limits) -> Session:
    """:param last: the credential set to which the device answered the last time."""
    if params.get("replay_from"):
        return replay_session(load_recording(Path(params["replay_from"]).expanduser()), limits)
    if not params.get("host"):
        raise OptionError("host is missing: give the address or name of the device, or replay_from.")
    options = read_options(params)
    return open_session(params["host"], options.preferring(last) if last else options, limits)


def _read(session: Session, params: Mapping[str, Any]) -> EntityInventory:
    collection = read_device(session.agent, **for_reader(params), rules=serial_rules(params))
    return replace(
        collection.inventory(),
        backend=session.backend,
        attempt=Attempt(**session.attempt) if session.attempt else None,
        statistics=Statistics(**session.statistics),
        collected_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    )


def _keep(path: Path, data: Mapping[str, Any], params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Keep the collection for a later upload; returns what it adds to the result."""
    try:
        saved_collections.keep(path, data, _asked(params), check_mode)
    except OSError as error:
        would = "would not be kept" if check_mode else "is not kept"
        return {"warnings": [f"What was collected {would} for a later upload: {error}"]}
    return {} if check_mode else {"saved_to": str(path)}


def _asked(params: Mapping[str, Any]) -> AskedDevice:
    """The device that params name."""
    return AskedDevice.of(params.get("save_for") or {}, params)


def _dump(path: Path, session: Session) -> list[str]:
    """Write what the agent sent; a warning where that fails."""
    try:
        write_json(path, session.agent.dump())
    except OSError as error:
        return [f"The dump cannot be written: {error}"]
    return []


def _secrets(params: Mapping[str, Any]) -> list[str]:
    return list(secret_values(params, ARGUMENT_SPEC))


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
