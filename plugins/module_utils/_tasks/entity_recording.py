# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options record_to, record_masked and record_expected: a recording of the device, and its expectation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .._parts.inventory import EntityInventory
from .._recordings.expectation import difference, expectation_path, read_again, was_corrected, write_expectation
from .._recordings.recorder import Recorded, record
from .._snmp.enterprises import enterprise_of
from .._snmp.errors import RecordingError
from .._snmp.session import Session
from .._snmp.transport import Oid
from .entity_options import for_reader, serial_rules

#: What the result contains under `recorded`, and warnings.
Outcome = tuple[dict[str, Any], list[str]]


def record_device(
    session: Session,
    params: Mapping[str, Any],
    inventory: EntityInventory,
    secrets: Sequence[str],
    check_mode: bool,
) -> Outcome:
    """Write the recording, and its expectation if that is wanted.

    inventory: what was read. secrets: words that must not be in the recording.
    """
    path = Path(params["record_to"]).expanduser()
    if was_corrected(expectation_path(path)):
        return _kept(path, params)
    if check_mode:
        return {"path": str(path), "message": f"{path}: not written, this is check mode"}, []
    try:
        recorded = _write(session, params, inventory, secrets, path)
        again = _read_again(params, path)
    except RecordingError as error:
        return {"error": str(error)}, [f"The recording: {error}"]
    return _outcome(params, inventory, recorded, again)


def _kept(path: Path, params: Mapping[str, Any]) -> Outcome:
    """The outcome where an expectation was corrected by hand: nothing is written."""
    expected = expectation_path(path)
    warning = (
        f"{expected} was corrected by hand and is kept, and so is its recording; move both away, or give another"
        " record_to, to record again"
    )
    return {"path": str(path), "message": f"{path}: kept as it is, for {expected.name} was corrected by hand"}, [
        warning
    ]


def _write(
    session: Session, params: Mapping[str, Any], inventory: EntityInventory, secrets: Sequence[str], path: Path
) -> Recorded:
    return record(
        session.transport,
        vendor_subtree(inventory.system.object_id if inventory.system else ""),
        path,
        params["record_masked"],
        serials=[item.serial for item in inventory.items],
        secrets=secrets,
        columns=session.agent.asked(),
        names=[params["host"]] if params.get("host") else [],
        parts=[item.part for item in inventory.items if item.part],
        meter=session.budget.meter,
    )


def _read_again(params: Mapping[str, Any], path: Path) -> EntityInventory:
    """What is read from the recording, without the rules that it cannot fit."""
    rules = serial_rules(params, without=_literal_rules(params))
    return read_again(path, **for_reader(params), rules=rules)


def _warnings(
    params: Mapping[str, Any], inventory: EntityInventory, recorded: Recorded, again: EntityInventory
) -> list[str]:
    warnings = [f"{recorded.path} is incomplete: {reason}" for reason in recorded.incomplete]
    read = [item.serial for item in inventory.items] + [str(row.serial) for row in inventory.rejected or ()]
    seen = {serial.casefold() for serial in read}
    if unfit := [rule for rule in _literal_rules(params) if rule.strip().casefold() in seen]:
        warnings.append(
            f"{recorded.path} was read again without the serial rules {', '.join(unfit)}: they contain real serial "
            "numbers, and the recording has masked ones"
        )
    if differs := difference(inventory, again):
        warnings.append(f"{recorded.path} does not read like the device: {differs}")
    return warnings


def _literal_rules(params: Mapping[str, Any]) -> list[str]:
    """The user's rules that are a real serial, no expression: a masked recording has look-alikes instead."""
    rules = [rule for name in ("accept_serials", "reject_serials") for rule in params.get(name) or []]
    return [rule for rule in rules if params["record_masked"] and not rule.strip().startswith("/")]


def _outcome(
    params: Mapping[str, Any], inventory: EntityInventory, recorded: Recorded, again: EntityInventory
) -> Outcome:
    masked, path = params["record_masked"], Path(recorded.path)
    serials = recorded.look_alikes if masked else len({item.serial for item in inventory.items})
    result = {"path": recorded.path, "varbinds": recorded.varbinds, "serials": serials}
    words = [_in_words(recorded, serials, masked)]
    warnings = _warnings(params, inventory, recorded, again)
    if params["record_expected"]:
        expected = expectation_path(path)
        if failed := write_expectation(expected, again):
            warnings.append(failed)
        else:
            result["expected"] = str(expected)
            words.append(f"what was read of it: {expected.name}")
    return {**result, "message": "; ".join(words)}, warnings


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
    """The vendor's whole part of the tree (1.3.6.1.4.1.NUMBER), by the device's sysObjectID; empty if it has none."""
    numbers = tuple(int(number) for number in object_id.split(".") if number)
    return [] if enterprise_of(numbers) is None else [numbers[:7]]
