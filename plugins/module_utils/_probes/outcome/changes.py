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
from ..._netbox.rows import MARK
from ..apply.applied import Step, Taken
from ..plan.fates import GONE, NOT_SEEN, REFRESHED
from ..plan.plan import DevicePlan, Plan
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
    """What became of one part.

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
    # The device that a part left says "moved" too, where nobody else does: the other one was not asked, or is held.
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
    lost = {(step["device_id"], step["serial"]) for step, _why in failed}
    steps = [change for step in taken_steps if (change := _of_step(device, step, time))]
    missing = [] if device.held else [*_missing(device, time)]
    missing = [one for one in missing if (one.device_id, one.serial) not in lost]
    yield from _with_replaced(steps, missing)
    for step, why in failed:
        yield from _withheld(_of_step(device, step, time, missing=True), NOT_WRITTEN, why)
    for step in device.withheld:
        yield from _withheld(_of_step(device, step, time, missing=True), HELD, device.held.why if device.held else None)


def _withheld(change: Change | None, fate: str, reason: str | None) -> Iterator[Change]:
    """A change that did not come to be."""
    if change is not None:
        yield replace(change, fate=fate, evidence={**change.evidence, "would": change.fate, "reason": reason})


def _of_step(device: DevicePlan, step: Step, time: str, missing: bool = False) -> Change | None:
    """The change that a step is; None of one that only moves the time.

    missing: also that a part is missing, of which device.not_seen and device.gone know more.
    """
    fate, data = step["fate"], step["data"]
    if fate == REFRESHED or (fate in (NOT_SEEN, GONE) and not missing):
        return None
    mark = (data.get("discovered_data") or {}).get(MARK) or {}
    differing = step.get("changes") or {}
    before = {key: old for key, (old, _new) in differing.items()}
    after = {key: new for key, (_old, new) in differing.items()}
    if "from" in step:
        origin = step["from"]
        before |= {key: origin[key] for key in ("device", "slot", "time")}
        after |= {"device": data.get("device_descriptor") or device.title, "slot": step["slot"]}
    elif "was" in step and step["was"] != step["slot"]:
        before["slot"], after["slot"] = step["was"], step["slot"]
    return Change(
        fate=_WORDS.get(fate, str(fate)),
        time=data.get("time") or time,
        site=device.site,
        device=device.name,
        device_id=step["device_id"],
        slot=step.get("slot") or "",
        serial=step["serial"],
        interface=mark.get("interface"),
        part=data.get("part") or step.get("part"),
        category=data.get("category") or step.get("category"),
        before=before,
        after=after,
        evidence=_evidence(device, step),
    )


def _evidence(device: DevicePlan, step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {key: step[key] for key in ("with", "also_on", "missing") if key in step}
    if step["fate"] == "created" and not device.known:
        found["first"] = True
    return found


def _missing(device: DevicePlan, time: str) -> Iterator[Change]:
    """The parts that became missing, or gone, by this run."""
    for fate, parts in ((NOT_SEEN, [part for part in device.not_seen if part["new"]]), (GONE, device.gone)):
        within = holders(part for part in parts if "now_on" not in part)
        for part in parts:
            holder = within.get((part["device_id"], part["serial"]))
            evidence = {
                "n": part["n"],
                "since": part["first"],
                "replaced_by": part.get("replaced_by"),
                "within": holder,
            }
            yield Change(
                fate=MOVED if "now_on" in part else fate,
                time=time,
                site=device.site,
                device=device.name,
                device_id=part["device_id"],
                slot=part["slot"],
                serial=part["serial"],
                part=part["part"],
                category=part["category"],
                before={"time": part["since"]},
                after={"device": part["now_on"]} if "now_on" in part else {},
                evidence={key: value for key, value in evidence.items() if value is not None},
            )


def _with_replaced(steps: Sequence[Change], missing: Sequence[Change]) -> Iterator[Change]:
    """One record for a new part and the one that it replaced."""
    left = {(one.device_id, one.evidence["replaced_by"]): one for one in missing if "replaced_by" in one.evidence}
    merged = set()
    for change in steps:
        old = left.get((change.device_id, change.serial)) if change.fate == NEW else None
        if old is not None and old.fate in (NOT_SEEN, GONE):
            merged.add(old.serial)
            sides = [{"serial": one.serial, "part": one.part} for one in (old, change)]
            change = replace(change, fate=REPLACED, before={**old.before, **sides[0]}, after=sides[1])
        yield change
    yield from (one for one in missing if one.serial not in merged)
