# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the steps of one NetBox device: what is sent for each fate, and the evidence for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from ..._common.typed_json import Rules, to_json, written
from ..._netbox import rows
from ..._netbox.last_seen import READING
from ..._netbox.rows import MARK, Row, Sighting, Wanted
from .. import compare
from ..missing import Missing, consequence, with_missing, without_missing
from ..policy import Policy
from .step import (
    BECAME_GONE,
    NOT_SEEN,
    REFRESHED,
    Absence,
    Changes,
    Create,
    CreateFate,
    Delete,
    NewRow,
    NoData,
    Origin,
    RowUpdate,
    Update,
    UpdateFate,
)


@dataclass(frozen=True, kw_only=True)
class Began:
    """Why a row was created. Its JSON is kept in the row, under BEGAN."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    fate: CreateFate
    also_on: tuple[str, ...] = ()
    changes: Changes | None = None
    moved_from: Origin | None = field(default=None, metadata=written(key="from"))
    missing: Absence | None = None


def origin(seen_at: Sighting) -> Origin:
    """Where a part was seen before."""
    return Origin(
        device=seen_at.device,
        device_id=seen_at.device_id,
        slot=seen_at.slot,
        time=rows.format_time(seen_at.time),
    )


def absence(state: Missing, row: Row) -> Absence:
    """For how long the part of a row was missing."""
    return Absence(
        n=state.n,
        since=rows.format_time(state.since),
        at=rows.format_time(state.at),
        gone_since=rows.format_time(state.gone_since) if state.gone_since else None,
        to=state.to or None,
        time=rows.format_time(row.last_seen),
    )


def _kept(row: Row | None, keys: Iterable[str]) -> dict[str, Any]:
    """What the row has of this under MARK. When a device was last read must not be lost with the state of its chassis:
    that of this run is written last."""
    return {key: row.our_data[key] for key in keys if key in row.our_data} if row else {}


@dataclass(frozen=True)
class StepMaker:
    """Makes the steps of one NetBox device."""

    host: str
    device_id: int
    moment: datetime  #: when the device was read

    def new_row(self, began: Began, wanted: Wanted, row: Row | None = None) -> Create:
        """A new row for a part. row: the one that NetBox has of it on this device."""
        # A stored time ahead of our clock would stay the latest, and the change would be written again each night.
        moment = rows.format_time(
            self.moment if row is None else max(self.moment, row.last_seen + timedelta(seconds=1))
        )
        mark = {**wanted.mark, **_kept(row, READING), rows.BEGAN: rows.small(to_json(began))}
        times = {"time": moment, "creation_time": moment}
        data = {**rows.payload(wanted), "device": self.device_id, **times, "discovered_data": {MARK: mark}}
        return Create(
            host=self.host,
            device_id=self.device_id,
            serial=wanted.serial,
            fate=began.fate,
            slot=wanted.slot,
            was=None if row is None else row.slot,
            also_on=began.also_on,
            changes=began.changes,
            moved_from=began.moved_from,
            missing=began.missing,
            data=cast(NewRow, data),
        )

    def adoption(self, wanted: Wanted, row: Row) -> Create | Update:
        """A row of the older scripts: same part, read in another way. Its site and location came from NetBox."""
        changes = compare.differences(row, wanted)
        if any(key in changes and row.content[key] is not None for key in ("site", "location")):
            return self.new_row(Began(fate="changed", changes=changes), wanted, row)
        if row.serial != wanted.serial:
            changes["serial"] = (row.serial, wanted.serial)
        return self.update("adopted", wanted, row, changes, rows.payload(wanted))

    def same_state(self, wanted: Wanted, row: Row, missing: Missing | None) -> Update | None:
        """A part in the state of its row: other names and details are written in place. missing: as of refresh()."""
        renamed, details = compare.renames(row, wanted), compare.detail_changes(row, wanted)
        if renamed or details:
            names = {key: new for key, (_old, new) in renamed.items()}
            return self.update("renamed" if renamed else "updated", wanted, row, {**renamed, **details}, names)
        return self.refresh(wanted.serial, row, missing)

    def refresh(self, serial: str, row: Row, missing: Missing | None) -> Update | None:
        """The part was seen again; None if its row is up to date. missing: the absence that its row has."""
        data = self._moved_time(row)
        if missing is None or missing.at < self.moment:
            data |= without_missing(row)
        return self._in_place(serial, REFRESHED, row, data) if data else None

    def at_moment(self, serial: str, row: Row) -> Update:
        """The refresh of a row that has the time of this collection already."""
        return self._in_place(serial, REFRESHED, row, {"time": rows.format_time(self.moment)})

    def update(self, fate: UpdateFate, wanted: Wanted, row: Row, changes: Changes, data: dict[str, Any]) -> Update:
        """A change in place: `data`, the time, and what we keep in the row."""
        marked = rows.with_mark(row.data, {**wanted.mark, **_kept(row, (rows.BEGAN, *READING))})
        sent = {**data, **self._moved_time(row), "discovered_data": marked}
        return self._in_place(wanted.serial, fate, row, sent, wanted.slot, changes)

    def missing(self, row: Row, state: Missing, policy: Policy) -> Update:
        """One more absence of a part is counted in its row."""
        data: dict[str, Any] = {"discovered_data": with_missing(row, state)}
        if row.last_seen > row.time:
            # From now on the row of a missing part is as old as its own time.
            data["time"] = rows.format_time(row.last_seen)
        if state.gone_since:
            data |= consequence(row, state, policy)
        return self._in_place(row.serial, BECAME_GONE if state.gone_since else NOT_SEEN, row, data, row.slot)

    def deletion(self, row: Row, state: Missing) -> Delete:
        """The rows of a part that is gone for long."""
        return Delete(
            host=self.host,
            device_id=self.device_id,
            serial=row.serial,
            id=row.id,
            slot=row.slot,
            part_number=row.content["part"],
            category=row.content["category"],
            missing=absence(state, row),
            data=NoData(),
        )

    def _in_place(
        self,
        serial: str,
        fate: UpdateFate,
        row: Row,
        data: dict[str, Any],
        slot: str | None = None,
        changes: Changes | None = None,
    ) -> Update:
        return Update(
            host=self.host,
            device_id=self.device_id,
            serial=serial,
            fate=fate,
            id=row.id,
            slot=slot,
            changes=changes,
            data=cast(RowUpdate, data),
        )

    def _moved_time(self, row: Row) -> dict[str, Any]:
        """`time` never moves back: NetBox refuses a time before creation_time, and a later run knows more."""
        return {"time": rows.format_time(self.moment)} if row.time < self.moment else {}
