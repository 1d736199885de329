# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a device before anything is planned: how it was read, and why nothing is planned for it."""

from __future__ import annotations

from ..._parts.device_report import DeviceReport
from ..reading import (
    BROKEN_WITH,
    COMPLETE,
    INCOMPLETE,
    NOT_ASKED,
    NOTHING,
    UPLOADED,
    broken_tables,
    is_complete,
    reading_of,
)
from .device_plan import NETBOX, DevicePlan

#: So many tables of a device that broke off are named with what happened.
_TABLES = 2


def read_device(device: DeviceReport, unreadable: str | None = None) -> DevicePlan:
    """Return the plan of a device before anything is planned: how it was read.

    unreadable: why NetBox's rows of it could not be read, if they could not.
    """
    name, reading = device.name, reading_of(device)
    incomplete = _why_incomplete(device) if reading == INCOMPLETE else None
    error = reason = None
    if reading not in (COMPLETE, INCOMPLETE, NOTHING, UPLOADED):
        error, reason = _nothing_read(device, reading)
    elif unreadable:
        # What was read of it may be written once NetBox can be asked.
        error, reason = unreadable, NETBOX
    return DevicePlan(
        name=name,
        title=device.device_name or name,
        site=device.site_name,
        error=error,
        reason=reason,
        seen_at=device.seen_at,
        uploaded=None if error else device.uploaded,
        kept=bool(device.saved_to),
        reading=reading,
        object_id=(device.system and device.system.object_id) or None if reading == NOTHING else None,
        complete=is_complete(device),
        incomplete=incomplete,
        tables=tuple(sorted(broken_tables(device))),
        coverage=device.coverage or (),
        rejected=tuple(row.reason or "" for row in device.rejected or ()),
    )


def _nothing_read(device: DeviceReport, reading: str) -> tuple[str, str]:
    """Why nothing of a device was read, and the reason in a word."""
    if device.error:
        return device.error, device.reason or "error"
    if reading == NOT_ASKED:
        return "nothing was collected", "not collected"
    return f"it answers, but no part could be read: {_broken(device)}", "nothing read"


def _why_incomplete(device: DeviceReport) -> str:
    """Why a device that reported something is incomplete: the tables, each with what happened."""
    return device.error or f"not read completely: {_broken(device)}"


def _broken(device: DeviceReport) -> str:
    """The tables that broke off, each with what happened, in the order in which they were asked for: the error of
    a later one follows from the first. One that completes the parts of another one broke off with it."""
    broken = broken_tables(device)
    own = {table: why for table, why in broken.items() if BROKEN_WITH not in why} or broken
    tables = [f"{table} ({why})" if why else table for table, why in list(own.items())[:_TABLES]]
    more = f" and {len(broken) - len(tables)} more tables" if len(broken) > len(tables) else ""
    return f"{', '.join(tables) or 'some table'}{more}"
