# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic of the bench: out of runs come figures, out of figures ratios and verdicts. No clock, no process."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ROOMS = ("start-up", "inventory", "collect", "merge", "upload", "report")
#: Two results that differ by less are called the same, however quiet the machine was.
FLOOR = 0.05
#: The same where one of them was measured once only.
ONE_RUN = 0.25


@dataclass(frozen=True)
class Spread:
    """Several measurements of one thing."""

    least: float
    median: float
    most: float
    count: int

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread | None:
        """None where nothing was measured."""
        known = [float(value) for value in values if value is not None]
        return cls(min(known), statistics.median(known), max(known), len(known)) if known else None

    @property
    def noise(self) -> float:
        """How far the measurements lie apart, as a share of their median."""
        return (self.most - self.least) / self.median if self.median else 0.0


def times(spread: Spread | None, factor: float) -> Spread | None:
    """All of it, so many times."""
    if spread is None:
        return None
    return Spread(spread.least * factor, spread.median * factor, spread.most * factor, spread.count)


def ratio(over: Spread | None, under: Spread | None) -> float | None:
    """How many times one median is the other's."""
    return over.median / under.median if over and under and under.median else None


@dataclass(frozen=True)
class Target:
    """What is to be reached. `limit` is what has to be."""

    what: str
    goal: float
    limit: float
    at_least: bool = False  #: True: more is better
    unit: str = ""

    def verdict(self, value: float | None) -> str:
        """In words: reached, within the bar, or missed."""
        if value is None:
            return "not measured"
        if self._holds(value, self.goal):
            return "reached"
        return "bar reached, target not" if self._holds(value, self.limit) else "NOT REACHED"

    def _holds(self, value: float, wanted: float) -> bool:
        return value >= wanted if self.at_least else value <= wanted


def rooms(
    began: float,
    seconds: float,
    stamps: Sequence[Mapping[str, Any]],
    requests: Sequence[Mapping[str, Any]],
    cpu: Mapping[str, float],
    memory: Iterable[tuple[float, float]] = (),
) -> dict[str, dict[str, float]]:
    """What was spent in each room of one run: {"seconds", "main", "forks", "memory"}: seconds, CPU seconds, and the
    peak of all processes' memory, in MB.

    stamps: of the bench's plugins. requests: with the time of each. cpu: of the whole run. memory: samples of
    it with their time.
    The merge ends where netbox_probe first asks NetBox, which nobody else can see from outside. Merge and upload work
    in one fork, so that their CPU is one figure, which stands with the upload; so does what is found in the report's
    time, for a fork is counted when it is waited for, and the report has no forks worth naming.
    """
    spent = {room: dict.fromkeys(("seconds", "main", "forks", "memory"), 0.0) for room in ROOMS}
    samples = list(memory)

    def leave(room: str, since: float, until: float) -> None:
        spent[room]["seconds"] += until - since
        peak = max((used for at, used in samples if since <= at < until), default=0.0)
        spent[room]["memory"] = max(spent[room]["memory"], peak)

    used = {"main": 0.0, "forks": 0.0}
    room, since, read = "start-up", began, 0
    end = {"at": began + seconds, "what": "end", "cpu": {name: cpu[name] for name in used}}
    for stamp in (*stamps, end):
        for name in used:
            late = room == "merge" or (room == "report" and name == "forks")
            spent["upload" if late else room][name] += stamp["cpu"][name] - used[name]
            used[name] = stamp["cpu"][name]
        if room == "merge":
            first = min((one["began"] for one in requests if since < one["began"] < stamp["at"]), default=since)
            leave("merge", since, first)
            room, since = "upload", first
        leave(room, since, stamp["at"])
        since = stamp["at"]
        if stamp["what"] == "inventory":
            read += 1
            room = "inventory" if read == 1 else "start-up"
        elif stamp["what"] == "task":
            room = room_of(stamp)
        elif stamp["what"] == "stats" or (stamp["what"] == "play" and room in ("merge", "upload")):
            room = "report"
    return spent


def room_of(stamp: Mapping[str, Any]) -> str:
    """The room in which a task works."""
    role = str(stamp["role"]).rpartition(".")[2]
    if role == "collect":
        return "collect"
    if str(stamp["action"]).rpartition(".")[2] == "netbox_probe":
        return "merge"
    return "report"


def busy(requests: Iterable[Mapping[str, Any]]) -> float:
    """Seconds during which NetBox had at least one request to answer."""
    total, until = 0.0, 0.0
    for one in sorted(requests, key=lambda one: one["began"]):
        begin = max(one["began"], until)
        if one["ended"] > begin:
            total += one["ended"] - begin
            until = one["ended"]
    return total


Key = tuple[Any, ...]


def grouped(runs: Iterable[Mapping[str, Any]]) -> dict[Key, list[Mapping[str, Any]]]:
    """Runs of one kind together: by size, scenario, tool and kind; without those that did not do their work."""
    groups: dict[Key, list[Mapping[str, Any]]] = {}
    for run in (one for one in runs if one.get("good", True)):
        groups.setdefault((run["size"], run["scenario"], run["tool"], run["kind"]), []).append(run)
    return groups


def metric(runs: Iterable[Mapping[str, Any]], *path: str) -> Spread | None:
    """The measurements of one thing in some runs: metric(runs, "cpu", "main")."""
    values = []
    for run in runs:
        value: Any = run
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        if value is not None:
            values.append(value)
    return Spread.of(values)


#: What is held against a former result: title, path in a run, unit.
COMPARED = (
    ("time", ("seconds",), "s"),
    ("CPU on the controller", ("cpu", "all"), "s"),
    ("memory, all processes", ("memory", "all"), "MB"),
)
#: The same of what is counted, which has no noise but what the runs show.
COUNTED = (
    ("NetBox requests", ("netbox", "requests"), ""),
    ("SNMP requests a device", ("snmp", "requests"), ""),
    ("SNMP octets a device", ("snmp", "octets"), ""),
)


@dataclass(frozen=True)
class Change:
    """One thing, then and now."""

    key: Key
    title: str
    unit: str
    old: Spread
    new: Spread
    counted: bool = False  #: not measured

    @property
    def times(self) -> float:
        """New by old."""
        return self.new.median / self.old.median if self.old.median else float("inf") if self.new.median else 1.0

    @property
    def noise(self) -> float:
        """What may be chance: the larger spread of the two, and never less than what one knows of it."""
        once = min(self.old.count, self.new.count) == 1
        least = 0.0 if self.counted else ONE_RUN if once else FLOOR
        return max(least, self.old.noise, self.new.noise)

    @property
    def word(self) -> str:
        """The result."""
        if abs(self.times - 1) <= self.noise:
            return "same"
        return "MORE" if self.times > 1 else "less"


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Everything that both results have measured."""
    before, after = grouped(old["runs"]), grouped(new["runs"])
    changes = []
    for key in after:
        if key not in before:
            continue
        # What a device is asked is counted in a run that is too short to be timed.
        for title, path, unit in COUNTED if key[1] == "asked" else COMPARED + COUNTED:
            one, other = metric(before[key], *path), metric(after[key], *path)
            if one and other:
                changes.append(Change(key, title, unit, one, other, (title, path, unit) in COUNTED))
    return changes
