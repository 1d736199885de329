# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is open after a run, as data: every run reports each item until it is settled.

Nothing is kept for it but the rows in NetBox, so that it is the same on any controller. A part is gone since the moment
that its row names (see missing.py). A device is not written since its newest row was last seen: a device that is held
or not reached leaves all of its rows as they were.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..._common.natural import natural_key
from ..._netbox.rows import parse_time
from .. import reading
from ..apply.applied import Taken
from ..plan.device_plan import NETBOX, AbsentPart, DevicePlan, Plan
from ..plan.known import ONE_RUN
from .containment import holders

#: Kinds of items: parts,
GONE, NOT_SEEN = "gone", "not_seen"
#: devices (those that were not read whole have the word of their reading, see reading.py),
HELD, NOT_WRITTEN = "held", "not_written"
#: and what several devices have in common.
CONFLICT, NO_IDENTITY, COVERAGE, REJECTED, SKIPPED, NOTE = (
    "conflict", "no_identity", "coverage", "rejected", "skipped", "note",
)  # fmt: skip
KINDS = (
    HELD, reading.REFUSED, reading.UNREACHABLE, reading.NOT_READ, reading.NOT_ASKED, reading.INCOMPLETE,
    reading.NOTHING, NOT_WRITTEN, CONFLICT, SKIPPED, NO_IDENTITY, NOTE, GONE, NOT_SEEN, COVERAGE, REJECTED,
)  # fmt: skip

#: So many devices and serials of an item are named.
NAMED = 100

#: enterprises (RFC 2578)
_ENTERPRISES = "1.3.6.1.4.1."


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One item. What it is about: a part of a device, a device, or several devices (`devices`, in their order)."""

    kind: str
    site: str | None = None
    device: str | None = None
    devices: tuple[str, ...] = ()  #: the first NAMED of them
    device_count: int = 0  #: how many there are
    since: str | None = None  #: ISO 8601 in UTC; of a device: when it was last written
    earlier: bool = False  #: an earlier run has reported it as well
    slot: str | None = None
    serial: str | None = None
    part: str | None = None
    category: str | None = None
    count: int = 1  #: parts or texts that it is about
    text: str | None = None  #: what is wrong, in a sentence
    answer: str | None = None  #: what to type, or to do
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As plain data, without what is empty."""
        found = {key: value for key, value in vars(self).items() if value not in (None, {}, (), False, 0)}
        return found | ({"devices": list(self.devices)} if self.devices else {})


def standing_of(plan: Plan, taken: Taken) -> list[Standing]:
    """What is open, ordered by kind, site, device and slot."""
    newest = max((device.last_written for device in plan.devices if device.last_written), default=None)
    found = [item for device in plan.devices for item in _of_device(device, newest, taken)]
    found += [item for device in plan.devices for item in _of_parts(device)]
    found += [*_shared(plan), *_coverage(plan), *_rejected(plan)]
    return sorted(found, key=_order)


def _order(item: Standing) -> tuple[Any, ...]:
    where = (item.site or "", item.device or "", item.devices, natural_key(item.slot or ""), item.serial or "")
    return (KINDS.index(item.kind), *where, item.text or "")


def _of_device(device: DevicePlan, newest: str | None, taken: Taken) -> Iterator[Standing]:
    """What is wrong with a device: how it was read, and what was not written of it."""
    of_device = partial(Standing, site=device.site, device=device.name)
    item = partial(of_device, since=device.last_written)
    if device.reading == reading.NOTHING and not device.held:
        yield item(kind=device.reading, **nothing_known(device))
    elif device.reading not in (reading.COMPLETE, reading.NOTHING, reading.UPLOADED):
        yield item(kind=device.reading, text=device.incomplete or device.error, count=device.unknown)
    if device.held:
        earlier = _is_older(device.last_written, newest)
        yield item(kind=HELD, text=device.held.why, answer=device.held.answer, earlier=earlier)
    if device.reason == NETBOX:
        kept = "The collection is kept; write it with --tags upload" if device.kept else None
        yield item(kind=NOT_WRITTEN, text=device.error, answer=kept)
    for why, serials in taken.reasons(device).items():
        yield item(kind=NOT_WRITTEN, text=why, serial=serials[0], count=len(serials))
    for bad in device.skipped:
        yield of_device(kind=SKIPPED, text=bad.reason, serial=bad.serial)
    for note in device.notes:
        yield of_device(kind=NOTE, text=note)


def _is_older(moment: str | None, newest: str | None) -> bool:
    """True if another device was written since, by a later run."""
    return bool(moment and newest) and parse_time(str(newest)) - parse_time(str(moment)) > ONE_RUN


def nothing_known(device: DevicePlan) -> dict[str, Any]:
    """Why nothing is known of a device that answers, and what to do."""
    sentence = next((text for text in device.coverage if text.startswith("all parts: ")), "")
    number = (device.object_id or "").removeprefix(_ENTERPRISES).partition(".")[0]
    known = (device.object_id or "").startswith(_ENTERPRISES) and number.isdecimal()
    return {
        "text": sentence.removeprefix("all parts: ") or "it answers, but reports no serial number",
        "answer": "Add a profile: the playbook profile drafts it (docs/profiles.md). Or send us a recording",
        "evidence": {"enterprise": int(number[:10])} if known else {},
    }


def _of_parts(device: DevicePlan) -> Iterator[Standing]:
    """The parts that are gone, or not seen, since an earlier run. Of a device that is held, nothing is counted on."""
    missing = () if device.held else device.not_seen
    counting = [part for part in missing if not part.new and part.now_on is None and part.replaced_by is None]
    within = holders(device.still_gone)
    for gone in device.still_gone:
        yield _part(GONE, device, gone, gone.gone_since, within.get(gone.key))
    within = holders(counting)
    for part in counting:
        yield _part(NOT_SEEN, device, part, part.first, within.get(part.key))


def _part(kind: str, device: DevicePlan, part: AbsentPart, since: str, holder: str | None) -> Standing:
    return Standing(
        kind=kind,
        site=device.site,
        device=device.name,
        since=since,
        earlier=True,
        slot=part.slot,
        serial=part.serial,
        part=part.part_number,
        category=part.category,
        evidence={"n": part.times, "last_seen": part.last_seen, **({"within": holder} if holder else {})},
    )


def _shared(plan: Plan) -> Iterator[Standing]:
    """Serials that several devices report: those of the same devices are one item."""
    for kind, found in ((CONFLICT, plan.conflicts), (NO_IDENTITY, plan.no_identity)):
        grouped: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for serial, devices in found.items():
            grouped[devices].append(serial)
        for names, serials in sorted(grouped.items()):
            yield Standing(
                kind=kind,
                devices=names[:NAMED],
                device_count=len(names),
                serial=min(serials),
                count=len(serials),
                evidence={"serials": sorted(serials)[:NAMED]},
            )


def _coverage(plan: Plan) -> Iterator[Standing]:
    """What devices cannot report, by its kind (the words before the colon)."""
    kinds: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for device in plan.devices:
        for sentence in device.coverage if device.reading != reading.NOTHING else ():
            kinds[sentence.partition(":")[0]][sentence][device.name] += 1
    fresh = {device.name for device in plan.devices if device.coverage_is_new}
    for kind, sentences in sorted(kinds.items()):
        found = sum(sentences.values(), Counter[str]())
        # A single sentence is reported complete; of several, which name their parts, only their kind.
        (text,) = sentences if len(sentences) == 1 else (kind,)
        new = sorted(fresh & found.keys())
        yield Standing(
            kind=COVERAGE,
            text=text,
            devices=tuple(sorted(found)[:NAMED]),
            device_count=len(found),
            count=found.total(),
            earlier=not new,
            evidence={"new": new[:NAMED]} if new else {},
        )


def _rejected(plan: Plan) -> Iterator[Standing]:
    """What was taken for no serial, by the reason."""
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for device in plan.devices:
        for reason in device.rejected:
            reasons[reason][device.name] += 1
    for reason, found in sorted(reasons.items()):
        yield Standing(
            kind=REJECTED,
            text=reason,
            count=found.total(),
            devices=tuple(sorted(found)[:NAMED]),
            device_count=len(found),
            earlier=True,
        )
