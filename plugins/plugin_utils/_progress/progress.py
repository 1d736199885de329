# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the collecting is: a tally of devices, and its text. Knows neither Ansible nor a terminal."""

from __future__ import annotations

import heapq
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from ...module_utils._common.cells import UNBROKEN, shortened, wrapped
from ...module_utils._outgoing.text import printable
from ...module_utils._outgoing.words import count, listed
from ...module_utils._report.words import duration

#: The outcome of a device: read completely, read incompletely, not read.
COMPLETE, PARTIAL, FAILED = "complete", "partial", "failed"

#: The one word of an error (see module_utils/_snmp/errors.py), for a person who does not know our words.
REASONS = {
    "timeout": "no answer in time",
    "unreachable": "unreachable: name, route or port",
    "authentication": "it refused the credentials",
    "pdu": "it returned an error",
    "protocol": "it violates the protocol",
    "limit": "it exceeded a limit of snmp_tables",
    "backend": "the SNMP library is not installed",
    "option": "invalid option",
    "recording": "its recording cannot be read or written",
}
#: A list of names ends after so many; a night with 300 dead devices must stay readable.
NAMED = 10
#: A device that is asked for so many seconds is named as one that the others wait for.
PATIENCE = 5.0
#: Before so many devices are done, there is no estimate of the rest.
ENOUGH = 5
#: A name is cut after so many cells.
NAME_CELLS = 40


class Device(NamedTuple):
    """The outcome of one device."""

    seconds: float
    parts: int
    outcome: str
    reason: str


class Progress:
    """A tally of devices, fed one by one.

    `total` is how many there will be; None if not known. Time counts only between resume() and pause(), so that
    the rate is that of collecting where a run collects in batches. `clock` is for tests.
    """

    def __init__(self, total: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.devices: dict[str, Device] = {}
        self.asked: dict[str, float] = {}  #: devices that are being asked, and since when
        self.outcomes: Counter[str] = Counter()
        self.parts = 0
        self._clock = clock
        self._elapsed = 0.0
        self._since: float | None = None

    def resume(self) -> None:
        """Collecting begins, or goes on."""
        if self._since is None:
            self._since = self._clock()

    def pause(self) -> None:
        """Collecting has ended, for now."""
        self._elapsed, self._since = self.elapsed, None
        self.asked.clear()

    def start(self, name: str) -> None:
        """A device is asked from now on."""
        self.asked[name] = self._clock()

    def device(self, name: str, seconds: float | None, parts: int, outcome: str, reason: str | None = None) -> None:
        """A device is done. A second report of it replaces the first.

        seconds: how long it took; None if only start() knows. outcome: COMPLETE, PARTIAL or FAILED.
        """
        begun = self.asked.pop(name, None)
        if seconds is None:
            seconds = 0.0 if begun is None else self._clock() - begun
        if before := self.devices.get(name):
            self.outcomes[before.outcome] -= 1
            self.parts -= before.parts
        self.devices[name] = Device(seconds, parts, outcome, reason or "")
        self.outcomes[outcome] += 1
        self.parts += parts

    def forget(self, name: str) -> None:
        """A device is not asked after all (skipped)."""
        self.asked.pop(name, None)
        if self.total:
            self.total -= 1

    @property
    def done(self) -> int:
        return len(self.devices)

    @property
    def elapsed(self) -> float:
        """Seconds of collecting."""
        return self._elapsed + (0.0 if self._since is None else self._clock() - self._since)

    @property
    def rate(self) -> float | None:
        """Devices a second; None while that is not known."""
        elapsed = self.elapsed
        return self.done / elapsed if self.done >= ENOUGH and elapsed > 0 else None

    @property
    def left(self) -> float | None:
        """Seconds to the end, if the rest takes as long as before; None while that is not known."""
        rest = (self.total or 0) - self.done
        # The last ones are those that take long.
        if rest <= 0 or (rest <= len(self.asked) and self.waiting_for()):
            return None
        return rest / rate if (rate := self.rate) else None

    def waiting_for(self) -> list[tuple[str, float]]:
        """Devices that are asked for long, the longest first, with the seconds."""
        now = self._clock()
        # A copy: another thread may begin with a device meanwhile.
        late = [(name, now - since) for name, since in list(self.asked.items()) if now - since >= PATIENCE]
        return sorted(late, key=lambda one: -one[1])

    def counts(self) -> list[str]:
        """How many of how many are done, and how many of them are not complete."""
        of = f" of {self.total:,}" if self.total else ""
        found = [f"{self.done:,}{of} device" + ("" if (self.total or self.done) == 1 else "s")]
        for word, outcome in (("failed", FAILED), ("incomplete", PARTIAL)):
            found += [f"{count:,} {word}"] if (count := self.outcomes[outcome]) else []
        return found

    def facts(self) -> list[str]:
        """The state in short phrases, what matters most first."""
        late = self.waiting_for()
        waiting = []
        if late:
            more = f" and {len(late) - 1} more" if len(late) > 1 else ""
            waiting = [f"waiting for {_name(late[0][0])} ({duration(round(late[0][1]))}){more}"]
        found = [f"{self.parts:,} parts"]
        if rate := self.rate:
            found.append(f"{rate:,.0f}/s" if rate >= 9.5 else f"{rate:.1f}/s")
        left = [f"{duration(max(round(seconds), 1))} left"] if (seconds := self.left) else []
        # At the end it is the last ones that everybody waits for.
        return self.counts() + (left + found + waiting if left else waiting + found)

    def line(self) -> str:
        """The state in one line, for a log."""
        return ", ".join(self.facts())

    def summary(self, width: int = 79, slowest: int = 5) -> list[str]:
        """The end in lines of at most `width` cells: how many, the slowest, and who was not read, by reason."""
        counts = [f"{self.outcomes[COMPLETE]:,} complete"]
        counts += [f"{self.outcomes[PARTIAL]:,} incomplete"] if self.outcomes[PARTIAL] else []
        counts += [f"{self.outcomes[FAILED]:,} failed"] if self.outcomes[FAILED] else []
        lines = [f"{_devices(self.done)} in {duration(self.elapsed)}: {', '.join(counts)}; {self.parts:,} parts"]
        if self.total and self.total > self.done:
            lines.append(f"not asked: {_devices(self.total - self.done)}")
        lines += [self._slowest("slowest", slowest)] if slowest else []
        lines += self._by_reason()
        return [part for line in lines for part in wrapped(line, width)]

    def slowest(self, width: int, number: int) -> list[str]:
        """So many of the slowest devices, in lines of at most `width` cells."""
        return wrapped(f"{self._slowest('Slowest', number)}.", width)

    def _slowest(self, word: str, number: int) -> str:
        late = heapq.nlargest(number, self.devices.items(), key=lambda one: one[1].seconds)
        return f"{word}: " + ", ".join(f"{_name(name)} {device.seconds:.1f}{UNBROKEN}s" for name, device in late)

    def _by_reason(self) -> list[str]:
        names: dict[str, list[str]] = defaultdict(list)
        for name, device in self.devices.items():
            if device.outcome == FAILED:
                reason = device.reason or "error"
                words = f" ({REASONS[reason]})" if reason in REASONS else ""
                names[f"failed, {printable(reason)}{words}"].append(name)
            elif device.outcome == PARTIAL:
                names["incomplete (the tasks above name the tables)"].append(name)
        return [f"{what}: {_devices(len(found))}: {_names(found)}" for what, found in sorted(names.items())]


def outcome_of(result: Mapping[str, Any]) -> tuple[int, str, str | None]:
    """Parts, outcome and reason of a device, from the result of snmp_entity_facts for it."""
    inventory = (result.get("ansible_facts") or {}).get("entity_inventory")
    if inventory is None:
        return 0, FAILED, str(result.get("reason") or "error")
    if isinstance(inventory, str):
        # As snmp_entity_batch returns it.
        inventory = json.loads(inventory)
    # The same serial can stand on several rows: that is one part.
    parts = len({item.get("serial") for item in inventory.get("items") or ()})
    return parts, COMPLETE if inventory.get("complete") else PARTIAL, None


def _names(names: Iterable[str]) -> str:
    """Names for a terminal, the first ones of many."""
    return listed((_name(name) for name in names), NAMED)


def _name(name: str) -> str:
    return shortened(printable(name), NAME_CELLS)


def _devices(number: int) -> str:
    return count(number, "device")
