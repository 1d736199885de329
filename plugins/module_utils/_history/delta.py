# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The difference between two inventories, as changes; applied to the older one they give the newer.

Unlike the changes of a run (see _probes/outcome/changes.py) these have no evidence of what happened in between: a part
that went and came back is as it was. `before` and `after` hold the fields that differ; of a part that is new or gone,
all of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._common.natural import natural_key
from .parts import FIELDS, NOT_SEEN, STATE, Key, PartState, by_key, part_state

NEW, GONE, MOVED, REPLACED, SWAPPED, CHANGED = "new", "gone", "moved", "replaced", "swapped", "changed"
SEEN_AGAIN, MISSED = "returned", "not_seen"
#: Only the time of the last sighting differs: no change.
SEEN_TIME = "seen"

#: Fields of a place.
_PLACE = ("slot", "interface")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What is another about one part. `serial` and `device_id` are those of the newer inventory, of a part that is
    gone those of the older one."""

    fate: str
    serial: str
    device_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    part: PartState  #: as it is now; of a part that is gone, as it was

    def to_dict(self) -> dict[str, Any]:
        """As a record like those of a run: time, site, device, slot, ... and before, after."""
        about = self.part
        found = {
            "fate": self.fate, "time": about.last_seen, "site": about.site, "device": about.device,
            "device_id": self.device_id, "slot": about.slot, "interface": about.interface, "part": about.part,
            "serial": self.serial, "category": about.category, "netbox": about.netbox,
            "before": dict(self.before), "after": dict(self.after),
        }  # fmt: skip
        return {key: value for key, value in found.items() if value not in (None, {})}


def differences(older: Iterable[PartState], newer: Iterable[PartState]) -> list[Difference]:
    """What changed from one inventory to the other, ordered by site, device, slot and serial."""
    before, after = by_key(older), by_key(newer)
    gone = {key: part for key, part in before.items() if key not in after}
    new = {key: part for key, part in after.items() if key not in before}
    found = [*_moved(gone, new), *_replaced(gone, new)]
    found += [_of(NEW, None, part) for part in new.values()]
    found += [_of(GONE, part, None) for part in gone.values()]
    found += _same_key(before, after)
    return sorted(found, key=_order)


def applied(older: Iterable[PartState], found: Iterable[Mapping[str, Any]]) -> list[PartState]:
    """The newer inventory: the older one with the differences (as plain data) carried out."""
    parts = by_key(older)
    for one in found:
        before, after, key = one.get("before") or {}, one.get("after") or {}, _key(one)
        netbox = before.get("netbox") if "netbox" in {*before, *after} else key[2]
        was = (before.get("serial", key[0]), before.get("device_id", key[1]), netbox)
        old = parts.pop(was, None) if one["fate"] in (MOVED, REPLACED) else parts.get(key)
        if one["fate"] == GONE:
            parts.pop(key, None)
        elif one["fate"] in (NEW, REPLACED) or old is None:
            parts[key] = part_state(after)
        else:
            parts[key] = part_state(
                {name: value for name, value in old.to_dict().items() if name not in before} | after
            )
    return list(parts.values())


def _key(one: Mapping[str, Any]) -> Key:
    return (one["serial"], one["device_id"], one.get("netbox"))


def _of(fate: str, old: PartState | None, new: PartState | None) -> Difference:
    """The difference between two states of a part. With the whole of it where there is one only, or another part."""
    whole = fate in (NEW, GONE, REPLACED)
    sides = [one.to_dict() if one else {} for one in (old, new)]
    if not whole:
        differing = [name for name in FIELDS if sides[0].get(name) != sides[1].get(name)]
        sides = [{name: side[name] for name in differing if name in side} for side in sides]
    part = new or old
    if part is None:
        raise ValueError("a difference needs a part on one side")
    return Difference(
        fate=fate, serial=part.serial, device_id=part.device_id, before=sides[0], after=sides[1], part=part
    )


def _moved(gone: dict[Key, PartState], new: dict[Key, PartState]) -> Iterator[Difference]:
    """Parts that are on another device now; they are taken out of both."""
    left: dict[str, list[PartState]] = defaultdict(list)
    for part in gone.values():
        left[part.serial].append(part)
    for key, part in list(new.items()):
        if len(left.get(part.serial, ())) == 1:
            old = left.pop(part.serial)[0]
            del gone[old.key], new[key]
            yield _of(MOVED, old, part)


def _replaced(gone: dict[Key, PartState], new: dict[Key, PartState]) -> Iterator[Difference]:
    """A part that is where another one was, one event; they are taken out of both."""
    places: dict[tuple[int, str], list[PartState]] = defaultdict(list)
    for part in gone.values():
        places[part.device_id, part.slot].append(part)
    arrived: dict[tuple[int, str], list[Key]] = defaultdict(list)
    for key, part in new.items():
        arrived[part.device_id, part.slot].append(key)
    for place, keys in arrived.items():
        there = places.get(place, [])
        if place[1] and len(keys) == len(there) == 1:
            yield _of(REPLACED, gone.pop(there[0].key), new.pop(keys[0]))


def _same_key(before: Mapping[Key, PartState], after: Mapping[Key, PartState]) -> Iterator[Difference]:
    pairs = [(before[key], part) for key, part in after.items() if key in before and before[key] != part]
    swapped = _swapped([(old, new) for old, new in pairs if old.slot != new.slot])
    for old, new in pairs:
        yield _of(SWAPPED if new.key in swapped else _fate(old, new), old, new)


def _fate(old: PartState, new: PartState) -> str:
    """What is another, in one word: the place first, then whether it was seen, then what it is."""
    differing = [name for name in STATE if getattr(old, name) != getattr(new, name)]
    if any(name in _PLACE for name in differing):
        return MOVED
    if "state" in differing:
        return MISSED if new.state == NOT_SEEN else SEEN_AGAIN
    return CHANGED if differing else SEEN_TIME


def _swapped(moved: Sequence[tuple[PartState, PartState]]) -> set[Key]:
    """Two parts of a device of which each is where the other one was."""
    ways = {(old.device_id, old.slot, new.slot): new.key for old, new in moved}
    return {key for (device, was, now), key in ways.items() if (device, now, was) in ways}


def _order(one: Difference) -> tuple[Any, ...]:
    part = one.part
    return (part.site or "", part.device, natural_key(part.slot), part.serial, one.fate, one.device_id)
