# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fate of each part of one NetBox device: what was reported, compared with what NetBox holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ..._netbox import rows
from ..._netbox.rows import Row, Sighting, Wanted
from ..._parts.serials import judge
from .. import compare
from ..missing import Missing, counted, is_to_delete, read_missing
from ..policy import Policy
from .brake import RELEASE, Altered, alters, to_type
from .device_plan import GonePart, MissingPart
from .known import ONE_RUN
from .refresh import Refreshes, Seen, absences
from .step import Create, Delete, Step
from .step_maker import Began, StepMaker, absence, origin
from .targets import Target
from .whereabouts import Whereabouts


@dataclass(frozen=True)
class Situation:
    """What the fates of all parts of a run depend on."""

    whereabouts: Whereabouts
    now: datetime  #: the time stamp of the whole run
    policy: Policy


_NOTHING_ALTERED = Altered()


@dataclass(frozen=True, kw_only=True)
class PartFate:
    """The outcome of one part."""

    step: Step | None = None  #: None: nothing is written
    seen: bool = False  #: NetBox knew it, and it was found again
    not_due: bool = False  #: and its row is left as it is, because it is not old enough
    not_seen: MissingPart | None = None  #: a complete collection did not report it
    became_gone: MissingPart | None = None  #: that happened once too often
    gone_before: bool = False  #: it was gone before
    still_gone: GonePart | None = None  #: it was, and nothing has replaced it
    unknown: bool = False  #: nothing is concluded
    altered: Altered = _NOTHING_ALTERED


@dataclass(frozen=True)
class Fates:
    """The outcome of the parts of one NetBox device."""

    parts: tuple[PartFate, ...]
    known: int  #: parts that NetBox knew on the device before
    altered: Altered  #: for the brake
    #: a sentence for a person: all rows of the device would be deleted, so none is
    kept: str | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is written."""
        return () if self.kept else tuple(part.step for part in self.parts if part.step is not None)

    @property
    def went_elsewhere(self) -> bool:
        """True if another device reports a part that is missing here."""
        missing = (part.not_seen or part.became_gone for part in self.parts)
        return any(part is not None and part.now_on is not None for part in missing)


def fates_of(situation: Situation, device_id: int, held: Set[int] = frozenset()) -> Fates:
    """The fates of the parts of one target.

    held: ids of the NetBox devices that are not written: whether a part moved there is unknown.
    """
    return _Device(situation, device_id, held).fates()


@dataclass(frozen=True)
class _Device:
    """One target, while its fates are found."""

    situation: Situation
    device_id: int
    held: Set[int]

    @cached_property
    def target(self) -> Target:
        return self.situation.whereabouts.targets[self.device_id]

    @cached_property
    def known(self) -> Mapping[str, Row]:
        return self.situation.whereabouts.known.on(self.device_id)

    @cached_property
    def moment(self) -> datetime:
        """When the device was read: a part of an earlier collection was not seen today."""
        now = self.situation.now
        return min(now, rows.parse_time(self.target.seen_at)) if self.target.seen_at else now

    @cached_property
    def make(self) -> StepMaker:
        return StepMaker(self.target.host, self.device_id, self.moment)

    @cached_property
    def taken(self) -> dict[str, str]:
        return taken_paths(self.target.wanted.values())

    def fates(self) -> Fates:
        misspelt = {judge(row.serial).serial: row for row in self.known.values() if row.mark is None}
        pairs = [
            (wanted, self.known.get(serial) or misspelt.get(serial))
            for serial, wanted in sorted(self.target.wanted.items())
        ]
        matched = {row.serial for _wanted, row in pairs if row is not None}
        newest = max((row.last_seen for row in self.known.values()), default=self.moment)
        missing = [self._missing(row, newest) for row in self.known.values() if self._is_missing(row, matched)]
        parts = [*self._all_reported(pairs, missing), *missing]
        altered = sum((part.altered for part in parts), Altered(reported=len(self.target.wanted)))
        return Fates(tuple(parts), len(self.known), altered, self._why_kept(parts))

    def _is_missing(self, row: Row, matched: Set[str]) -> bool:
        # A newer row was seen after this collection: by a run that overlaps, after an older collection was saved, or
        # before the clock jumped back.
        return row.serial not in matched and not _is_misspelt(row, self.target) and row.last_seen <= self.moment

    def _all_reported(self, pairs: Sequence[tuple[Wanted, Row | None]], missing: Sequence[PartFate]) -> list[PartFate]:
        """The parts that were reported, each with the row that NetBox has of it on this device."""
        seen = [
            Seen(serial=wanted.serial, category=wanted.content["category"], row=row, step=self._step(wanted, row))
            for wanted, row in pairs
        ]
        refreshes = Refreshes(
            self.make,
            self.situation.policy,
            self.target.covered,
            self.known,
            uncounted=any(part.unknown for part in missing),
            absent=absences(part.step for part in missing),
        )
        return [_reported(one, step) for one, step in zip(seen, refreshes.steps(seen), strict=True)]

    def _missing(self, row: Row, newest: datetime) -> PartFate:
        """A part that was not reported. newest: when any part of this device was seen last."""
        before, now_on = read_missing(row), self.situation.whereabouts.now_on(row)
        if before is not None and before.settled:
            return self._settled(row, before, now_on)
        altered = _NOTHING_ALTERED
        if row.mark is not None and before is None:
            altered = Altered(1, away=int(self.target.covered), reported=int(now_on is not None))
        if not self.target.covered or self.situation.whereabouts.is_shown_by(self.held, row):
            return PartFate(unknown=True, altered=altered)
        state = counted(before, self.moment, self.situation.policy, now_on)
        new = before is None and (row.mark is not None or row.last_seen >= newest - ONE_RUN)
        part = self._missing_part(row, state, new)
        step = self.make.missing(row, state, self.situation.policy) if state != before else None
        if state.gone_since:
            return PartFate(step=step, became_gone=part, altered=altered)
        return PartFate(step=step, not_seen=part, altered=altered)

    def _settled(self, row: Row, before: Missing, now_on: str | None) -> PartFate:
        """A missing part that is not counted any more: it is gone, or elsewhere, since an earlier run."""
        still = None
        if before.gone_since and now_on is None and self._taken_by(row) is None:
            still = self._gone_part(row, before, before.gone_since)
        delete = self.target.covered and is_to_delete(row, before, self.moment, self.situation.policy)
        step = self.make.deletion(row, before) if delete else None
        return PartFate(step=step, gone_before=before.gone_since is not None, still_gone=still)

    def _missing_part(self, row: Row, state: Missing, new: bool) -> MissingPart:
        return MissingPart(
            serial=row.serial,
            device_id=self.device_id,
            slot=row.slot,
            path=row.path,
            part_number=row.content["part"],
            category=row.content["category"],
            last_seen=rows.format_time(row.last_seen),
            times=state.n,
            first=rows.format_time(state.since),
            now_on=state.to,
            replaced_by=self._taken_by(row),
            new=new,
        )

    def _gone_part(self, row: Row, state: Missing, since: datetime) -> GonePart:
        return GonePart(
            serial=row.serial,
            device_id=self.device_id,
            slot=row.slot,
            path=row.path,
            part_number=row.content["part"],
            category=row.content["category"],
            last_seen=rows.format_time(row.last_seen),
            times=state.n,
            first=rows.format_time(state.since),
            now_on=state.to,
            gone_since=rows.format_time(since),
        )

    def _taken_by(self, row: Row) -> str | None:
        """Serial of the part that is where a missing one was, if it came there since, else None."""
        serial = self.taken.get(row.path)
        there = self.known.get(serial) if serial else None
        if there is not None and there.path == row.path and there.began <= row.last_seen:
            return None  # both were there at the same time: the name is that of no single slot
        return serial

    def _why_kept(self, parts: Iterable[PartFate]) -> str | None:
        """Return why no row is deleted, if every row of the device would be: a user must release it first."""
        steps = [part.step for part in parts if part.step is not None]
        number = sum(isinstance(step, Delete) for step in steps)
        names = {self.target.host, self.target.name}
        if not number or not number == len(self.known) == len(steps) or self.situation.policy.lets_pass(names):
            return None
        text = f"all {number} parts are gone, and no other part of the device is known: their rows are kept"
        return f"{text}. To delete them: {to_type(RELEASE, self.target.host)}"

    def _step(self, wanted: Wanted, row: Row | None) -> Step | None:
        """Return what is written for one part that was reported."""
        whereabouts, make = self.situation.whereabouts, self.make
        seen_at = whereabouts.came_from(wanted.serial, self.device_id, self.moment)
        moved_from = origin(seen_at) if seen_at else None
        if row is None and seen_at:
            return make.new_row(Began(fate="moved", moved_from=moved_from), wanted)
        if row is None:
            also_on = whereabouts.also_on(wanted.serial, self.device_id, self.moment)
            return make.new_row(Began(fate="created", also_on=also_on), wanted)
        missing = read_missing(row)
        if self._is_overtaken(row) or (missing and missing.at >= self.moment):
            return make.refresh(wanted.serial, row, missing)
        wanted = _completed(wanted, row)
        if seen_at and self._came_back(row, seen_at):
            return make.new_row(Began(fate="returned", moved_from=moved_from), wanted, row)
        if missing and missing.settled:
            return make.new_row(Began(fate="returned", missing=absence(missing, row)), wanted, row)
        if wanted.partial:
            return make.refresh(wanted.serial, row, missing)
        if row.mark is None:
            return make.adoption(wanted, row)
        changes = compare.differences(row, wanted)
        if row.mark.get(rows.PARTIAL):
            changes |= compare.detail_changes(row, wanted)
            return make.update("updated", wanted, row, changes, rows.payload(wanted))
        if changes:
            return make.new_row(Began(fate="changed", changes=changes), wanted, row)
        return make.same_state(wanted, row, missing)

    def _is_overtaken(self, row: Row) -> bool:
        """True if the part was read again after the collection that is uploaded now: NetBox is more recent."""
        return self.target.seen_at is not None and row.last_seen > self.moment

    def _came_back(self, row: Row, seen_at: Sighting) -> bool:
        """True if the part was on another device since it was last seen here. If it was there before as well, it is
        the other end of a cable, and this device was only not read."""
        newest = self.situation.whereabouts.known.newest or self.situation.now
        return bool(row.mark) and row.last_seen < min(seen_at.began, newest)


def _reported(one: Seen, step: Step | None) -> PartFate:
    """The fate of a part that was reported. step: what is written for it."""
    if one.row is None:
        return PartFate(step=step)
    altered = _NOTHING_ALTERED if one.row.mark is None else Altered(1, changed=int(alters(step)))
    not_due = step is None and one.step is not None
    return PartFate(step=step, seen=not isinstance(step, Create), not_due=not_due, altered=altered)


def _completed(wanted: Wanted, row: Row) -> Wanted:
    """The row that a part should be, with what is known of it only from the row that NetBox has."""
    if wanted.gaps:
        wanted = compare.without_gaps(wanted, row)
    return compare.remembering(compare.at_one_end(wanted, row), row)


def _is_misspelt(row: Row, target: Target) -> bool:
    """True for a row of the older scripts that holds a serial of ours with padding, quotes or a prefix."""
    return row.mark is None and judge(row.serial).serial in target.wanted


def taken_paths(parts: Iterable[Wanted]) -> dict[str, str]:
    """Path -> serial of the part there; without paths that several parts have."""
    found: dict[str, list[str]] = {}
    for wanted in parts:
        found.setdefault(wanted.path, []).append(wanted.serial)
    return {place: serials[0] for place, serials in found.items() if place and len(serials) == 1}
