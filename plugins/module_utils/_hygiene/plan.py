# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hygiene does, as pure data: which rows of one serial are really one, which have the wrong serial or
device, and which are old enough to go.

Rows of one serial are compared, device by device. A span is one or more rows of one state.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeAlias

from .rows import Brief, true_serial

#: The rules in the order in which they are reported. `thin` is asked for by an age.
TWINS, REPEATS, FLAPS, SERIALS, DEVICES, THIN = "twins", "repeats", "flaps", "serials", "devices", "thin"
RULES = (TWINS, REPEATS, FLAPS, SERIALS, DEVICES)

#: Two runs that began within this span and wrote the same state wrote it twice.
_ONE_RUN = timedelta(hours=1)
#: A part that changed between the same two names so often did not move each time: it was read in two ways.
_NAME_CHANGES = 3
#: With the category it is enough that it changed and changed back, and between these two, that it changed at all:
#: releases of the older scripts differed in what they made of a fan.
_CATEGORY_CHANGES = 2
_FANS = {"fan", "module"}

#: A device by its id, or by its name where it lost that.
DeviceKey: TypeAlias = "int | str"


@dataclass(frozen=True)
class Merge:
    """Rows to make one of; or a single row to correct; or (keep None) rows of an old state to remove."""

    serial: str  #: as it should be
    device_id: int | None  #: the device of the row; None: unknown
    keep: Brief | None
    superseded: tuple[Brief, ...]
    like: Brief  #: the row that has the right name and category
    begin: datetime
    end: datetime
    rules: tuple[str, ...]

    @property
    def rows(self) -> tuple[Brief, ...]:
        """Every row that it touches."""
        return self.superseded if self.keep is None else (self.keep, *self.superseded)

    @property
    def newest(self) -> Brief:
        """The row that was seen last."""
        return max(self.rows, key=lambda row: (row.end, -row.id))


@dataclass
class Wishes:
    """What is asked for."""

    rules: frozenset[str] = frozenset(RULES)
    thin_before: datetime | None = None  #: states last seen before are removed, but the first and the last of a device


@dataclass
class Known:
    """What else must be known of the rows."""

    matches: Mapping[str, int] = field(default_factory=dict)  #: device's name -> id, for rows that lost their device
    noted: frozenset[int] = frozenset()  #: ids of rows with journal entries, which would be deleted with them
    #: serial -> where (device id or name) and since when it was seen on devices that were not read
    elsewhere: Mapping[str, Sequence[tuple[DeviceKey, datetime]]] = field(default_factory=dict)


@dataclass(eq=False)
class _Span:
    rows: list[Brief]
    like: Brief
    begin: datetime
    end: datetime
    rules: set[str] = field(default_factory=set)

    @property
    def marked(self) -> bool:
        return any(row.marked for row in self.rows)

    @property
    def slot(self) -> int | None:
        return next((row.slot for row in self.rows if row.slot is not None), None)

    @property
    def order(self) -> tuple[datetime, datetime, str, int]:
        """By what the joined rows say, and last by an id: which of them stays must not decide about the next run."""
        return self.begin, self.end, str(self.like.label), self.like.id


@dataclass(frozen=True)
class _Elsewhere:
    """When states of a part began on other devices: all beginnings but those on this device."""

    anywhere: Sequence[datetime]
    here: Sequence[datetime]

    def between(self, after: datetime, before: datetime) -> bool:
        """True if one of them is between these moments."""
        return _between(self.anywhere, after, before) > _between(self.here, after, before)


def serial_of(brief: Brief, wishes: Wishes) -> str:
    """The serial under which a row is looked at."""
    return true_serial(brief) if SERIALS in wishes.rules else brief.serial


def plan_serial(serial: str, briefs: Iterable[Brief], wishes: Wishes, known: Known) -> Iterator[Merge]:
    """What to do with all rows of one serial."""
    matches = known.matches if DEVICES in wishes.rules else {}
    places: dict[DeviceKey, list[Brief]] = defaultdict(list)
    for brief in briefs:
        place = brief.device_id if brief.device_id is not None else matches.get(brief.device or "", brief.device)
        if place is not None:
            places[place].append(brief)
    outside = [
        begin
        for where, begin in known.elsewhere.get(serial, ())
        if (matches.get(where, where) if isinstance(where, str) else where) not in places
    ]
    states = {place: [_Span([row], row, row.begin, row.end) for row in rows] for place, rows in places.items()}
    old = _settle(states, outside, wishes, known.noted)
    for place, spans in sorted(states.items(), key=lambda entry: str(entry[0])):
        for span in sorted([*spans, *old[place]], key=lambda span: span.order):
            merge = _merge(serial, place, span, known.noted, span in old[place])
            if merge is not None:
                yield merge


def _settle(
    states: dict[DeviceKey, list[_Span]], outside: Sequence[datetime], wishes: Wishes, noted: frozenset[int]
) -> dict[DeviceKey, list[_Span]]:
    """Join the spans of each place until nothing more joins; returns those that are to be removed, taken out.

    Each round may bring together what the next one joins, here or on another device, and so may each removal.
    """
    old: dict[DeviceKey, list[_Span]] = defaultdict(list)
    while True:
        number = sum(map(len, states.values()))
        anywhere = sorted([*outside, *(span.begin for spans in states.values() for span in spans)])
        for place, spans in states.items():
            states[place] = _one_round(spans, anywhere, wishes.rules)
        if sum(map(len, states.values())) < number:
            continue
        for place, spans in states.items():
            if isinstance(place, int):
                found = _old(spans, wishes.thin_before, noted)
                old[place] += found
                states[place] = [span for span in spans if span not in found]
        if sum(map(len, states.values())) == number:
            return old


def _one_round(spans: Sequence[_Span], anywhere: Sequence[datetime], rules: frozenset[str]) -> list[_Span]:
    """The states of a part on one device, some of them joined."""
    elsewhere = _Elsewhere(anywhere, sorted(span.begin for span in spans))
    joined = [span for alike in _alike(spans) for span in _joined(alike, anywhere, rules)]
    if FLAPS in rules:
        joined = [span for run in _runs(joined, elsewhere) for span in _without_flaps(run)]
    return joined


def _alike(spans: Iterable[_Span]) -> Iterator[list[_Span]]:
    """Spans of the same state. One that does not say where the part was is like the others if these agree on it."""
    states: dict[tuple[object, ...], list[_Span]] = defaultdict(list)
    for span in spans:
        states[(span.like.body, span.like.label)].append(span)
    for found in states.values():
        slots = {span.slot for span in found} - {None}
        if len(slots) < 2:
            yield found
            continue
        for slot in (None, *sorted(slots, key=str)):
            yield [span for span in found if span.slot == slot]


def _joined(alike: Iterable[_Span], begins: Sequence[datetime], rules: frozenset[str]) -> Iterator[_Span]:
    current: _Span | None = None
    for span in sorted(alike, key=lambda span: span.order):
        rule = _why_one(current, span, begins) if current else None
        if current and rule in rules:
            current = _union([current, span], rule)
        else:
            if current:
                yield current
            current = span
    if current:
        yield current


def _why_one(first: _Span, second: _Span, begins: Sequence[datetime]) -> str | None:
    """The rule by which two spans of the same state, the second not before the first, are one."""
    if _between(begins, first.end, second.begin):
        return None  # it was in another state, or on another device, and came back: that is history
    if second.begin - first.end <= _ONE_RUN:  # less than nothing where they overlap
        return TWINS
    return None if first.marked or second.marked else REPEATS


def _between(moments: Sequence[datetime], after: datetime, before: datetime) -> int:
    """How many of the sorted moments are between two others."""
    return max(0, bisect_left(moments, before) - bisect_right(moments, after))


def _union(spans: Sequence[_Span], rule: str | None, like: Brief | None = None) -> _Span:
    rows = [row for span in spans for row in span.rows]
    newest = max((span.like for span in spans), key=lambda row: (row.marked, row.end, -row.id))
    rules = {rule} if rule else set()
    begin, end = min(span.begin for span in spans), max(span.end for span in spans)
    return _Span(rows, like or newest, begin, end, rules.union(*(span.rules for span in spans)))


def _runs(spans: Iterable[_Span], elsewhere: _Elsewhere) -> Iterator[list[_Span]]:
    """Spans of the older scripts that follow each other with at most two names and nothing else between."""
    run: list[_Span] = []
    labels: set[tuple[str | None, str | None]] = set()
    end: datetime | None = None
    for span in sorted(spans, key=lambda span: span.order):
        labels.add(span.like.label)
        if run and (len(labels) > 2 or not _follows(run[-1], span) or (end and elsewhere.between(end, span.begin))):
            yield run
            run, labels, end = [], {span.like.label}, None
        run.append(span)
        end = max(end or span.end, span.end)
    if run:
        yield run


def _follows(last: _Span, span: _Span) -> bool:
    """True if both are of the older scripts, and differ in nothing but the name and the category."""
    return not (last.marked or span.marked) and last.like.body == span.like.body


def _without_flaps(run: list[_Span]) -> list[_Span]:
    """One span if the part was read in two ways; a device shows a part under one name at a time."""
    labels = [span.like.label for span in run]
    if len(set(labels)) != 2:
        return run
    changes = sum(1 for before, after in pairwise(labels) if before != after)
    categories = {category for _name, category in labels}
    enough = 1 if categories == _FANS else _NAME_CHANGES if len(categories) == 1 else _CATEGORY_CHANGES
    overlap = any(after.begin < before.end for before, after in pairwise(run))
    if changes < enough and not overlap:
        return run
    # "module" is what the older scripts call whatever they do not know better.
    like = max((span.like for span in run), key=lambda row: (row.label[1] != "module", row.end, -row.id))
    return [_union(run, FLAPS, like)]


def _old(spans: Sequence[_Span], before: datetime | None, noted: frozenset[int]) -> set[_Span]:
    """The spans to remove: neither the first nor the last, nor any with additions by users."""
    if before is None or len(spans) < 3:
        return set()
    first = min(spans, key=lambda span: span.order)
    last = max(spans, key=lambda span: (span.end, span.order))
    return {
        span
        for span in spans
        if span not in (first, last)
        and span.end < before
        and not any(row.valued or row.id in noted for row in span.rows)
    }


def _merge(serial: str, place: DeviceKey, span: _Span, noted: frozenset[int], old: bool) -> Merge | None:
    """What a span asks for; None if its row is as it should be."""
    device_id = place if isinstance(place, int) else None
    if old:
        return Merge(serial, device_id, None, tuple(span.rows), span.like, span.begin, span.end, (THIN,))
    with_notes = [row for row in span.rows if row.id in noted]
    keep = min(with_notes or span.rows, key=lambda row: row.id)
    rest = [row for row in span.rows if row is not keep and row.id not in noted]
    superseded = tuple(sorted(rest, key=lambda row: row.id))
    rules = set(span.rules)
    rules |= {SERIALS} if any(row.serial != serial for row in (keep, *superseded)) else set()
    rules |= {DEVICES} if any(row.device_id != device_id for row in (keep, *superseded)) else set()
    is_right = (keep.serial, keep.device_id, keep.label) == (serial, device_id, span.like.label)
    if not superseded and is_right and (keep.begin, keep.end) == (span.begin, span.end):
        return None
    order = (*RULES, THIN)
    said = tuple(sorted(rules, key=order.index))
    return Merge(serial, device_id, keep, superseded, span.like, span.begin, span.end, said)
