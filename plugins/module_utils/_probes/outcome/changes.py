# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run made of each part, as data: a record for each part that is not as it was, in an order that is always the
same, so that two runs can be compared. Text for people is made of it elsewhere (module_utils/_report).

A part has one record: one that moved has that of its new device, one that was replaced shares that of the part which is
in its place now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..._common.natural import natural_key
from ..._common.typed_json import to_json
from ..._netbox.rows import MARK
from ..apply.applied import Taken
from ..plan.device_plan import DevicePlan, Plan
from ..plan.step import BECAME_GONE, NOT_SEEN, REFRESHED, Create, Delete, Step, Update
from .containment import holders

#: Version of the records: raised when a key changes its meaning or goes; new keys may come at any time.
SCHEMA = 1

NEW, REPLACED, MOVED, HELD, NOT_WRITTEN = "new", "replaced", "moved", "held", "not_written"
#: Fates of steps that have another word here.
_WORDS = {"created": NEW}
#: Fates of parts that arrived on a device; the device that they left has no record of them.
_ARRIVED = (MOVED, "swapped", "returned")


@dataclass(frozen=True, kw_only=True)
class Change:
    """The change of one part.

    `before` and `after` hold what is another: `device`, `slot`, `time` (last seen), `serial` and `part` of one that was
    replaced, or fields of the row.

    `evidence`: `n` and `since` (how often and since when it was not seen), `within` (serial of the card that it was
    pulled with), `replaced_by`, `with` (the part it was swapped with), `also_on` (other devices that report it),
    `missing` (of a part that returned), `first` (the device was read for the first time); of a part that is held or not
    written, `would` (its fate) and `reason`.
    """

    fate: str
    time: str  #: when the device was read, ISO 8601 in UTC
    site: str | None
    device: str  #: name in the inventory
    device_id: int
    slot: str
    serial: str
    interface: str | None = None
    part: str | None = None
    category: str | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As plain data, without what is empty."""
        return {key: value for key, value in vars(self).items() if value not in (None, {})}


def changes_of(plan: Plan, taken: Taken) -> list[Change]:
    """The changes of a run, ordered by site, device and slot. Parts of which only the time moved are left out."""
    found = [change for device in plan.devices for change in _of_device(device, plan.time, taken)]
    arrived = {change.serial for change in found if change.fate in _ARRIVED}
    # The device that a part left has "moved" too, unless the other device has it: that one was not asked, or is held.
    found = [one for one in found if not (_has_left(one) and one.serial in arrived)]
    return sorted(found, key=order)


def order(change: Change) -> tuple[Any, ...]:
    """The sort key of changes."""
    return (change.site or "", change.device, natural_key(change.slot), change.serial, change.fate)


def _has_left(change: Change) -> bool:
    return change.fate == MOVED and not change.before.get("device")


def _of_device(device: DevicePlan, time: str, taken: Taken) -> Iterator[Change]:
    taken_steps = list(taken.steps(device))
    failed = taken.failures(device)
    lost = {step.key for step, _why in failed}
    steps = [change for step, fate in taken_steps if (change := _of_step(device, step, fate, time))]
    missing = [] if device.held else [*_missing(device, time)]
    missing = [one for one in missing if (one.device_id, one.serial) not in lost]
    yield from _with_replaced(steps, missing)
    for step, why in failed:
        yield from _not_made(_of_step(device, step, step.fate, time, missing=True), NOT_WRITTEN, why)
    for step in device.withheld:
        why_held = device.held.why if device.held else None
        yield from _not_made(_of_step(device, step, step.fate, time, missing=True), HELD, why_held)


def _not_made(change: Change | None, fate: str, reason: str | None) -> Iterator[Change]:
    """A change that was not made."""
    if change is not None:
        yield replace(change, fate=fate, evidence={**change.evidence, "would": change.fate, "reason": reason})


def _of_step(device: DevicePlan, step: Step, fate: str, time: str, missing: bool = False) -> Change | None:
    """The change that a step is; None of one that only moves the time.

    fate: that of the part, see TakenStep.
    missing: also that a part is missing, of which device.not_seen and device.became_gone know more.
    """
    if fate == REFRESHED or (fate in (NOT_SEEN, BECAME_GONE) and not missing):
        return None
    before, after = _sides(device, step)
    part_number, category = (step.part_number, step.category) if isinstance(step, Delete) else (None, None)
    data: Mapping[str, Any] = step.data
    mark = (data.get("discovered_data") or {}).get(MARK) or {}
    return Change(
        fate=_WORDS.get(fate, fate),
        time=data.get("time") or time,
        site=device.site,
        device=device.name,
        device_id=step.device_id,
        slot=step.slot or "",
        serial=step.serial,
        interface=mark.get("interface"),
        part=data.get("part") or part_number,
        category=data.get("category") or category,
        before=before,
        after=after,
        evidence=_evidence(device, step, fate),
    )


def _sides(device: DevicePlan, step: Step) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is another after the step: as it was, and as it is."""
    if isinstance(step, Delete):
        return {}, {}
    changes = step.changes or {}
    before = {key: old for key, (old, _new) in changes.items()}
    after = {key: new for key, (_old, new) in changes.items()}
    if isinstance(step, Create) and step.moved_from:
        origin = step.moved_from
        before |= {"device": origin.device, "slot": origin.slot, "time": origin.time}
        after |= {"device": step.data.get("device_descriptor") or device.title, "slot": step.slot}
    elif isinstance(step, Create) and step.was is not None and step.was != step.slot:
        before["slot"], after["slot"] = step.was, step.slot
    return before, after


def _evidence(device: DevicePlan, step: Step, fate: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if isinstance(step, Create):
        found |= {"with": step.swapped_with} if step.swapped_with is not None else {}
        found |= {"also_on": list(step.also_on)} if step.also_on else {}
    if not isinstance(step, Update) and step.missing:
        found["missing"] = to_json(step.missing)
    if fate == "created" and not device.known:
        found["first"] = True
    return found


def _missing(device: DevicePlan, time: str) -> Iterator[Change]:
    """The parts that became missing, or gone, by this run."""
    new = [part for part in device.not_seen if part.new]
    for fate, parts in ((NOT_SEEN, new), (BECAME_GONE, device.became_gone)):
        within = holders(part for part in parts if part.now_on is None)
        for part in parts:
            evidence = {
                "n": part.times,
                "since": part.first,
                "replaced_by": part.replaced_by,
                "within": within.get(part.key),
            }
            yield Change(
                fate=fate if part.now_on is None else MOVED,
                time=time,
                site=device.site,
                device=device.name,
                device_id=part.device_id,
                slot=part.slot,
                serial=part.serial,
                part=part.part_number,
                category=part.category,
                before={"time": part.last_seen},
                after={} if part.now_on is None else {"device": part.now_on},
                evidence={key: value for key, value in evidence.items() if value is not None},
            )


def _with_replaced(steps: Sequence[Change], missing: Sequence[Change]) -> Iterator[Change]:
    """One record for a new part and the one that it replaced."""
    left = {(one.device_id, one.evidence["replaced_by"]): one for one in missing if "replaced_by" in one.evidence}
    merged = set()
    for change in steps:
        old = left.get((change.device_id, change.serial)) if change.fate == NEW else None
        if old is not None and old.fate in (NOT_SEEN, BECAME_GONE):
            merged.add(old.serial)
            sides = [{"serial": one.serial, "part": one.part} for one in (old, change)]
            change = replace(change, fate=REPLACED, before={**old.before, **sides[0]}, after=sides[1])
        yield change
    yield from (one for one in missing if one.serial not in merged)
