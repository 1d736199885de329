# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The brake: where more of the known parts would be another or away than a night explains, a person looks first.

Known are the parts that NetBox's rows, written by this collection, showed when the device was last read. New parts, a
first run, rows of the older scripts, and another site or location (NetBox says that, no device) never count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .policy import Policy
from .text import printable

#: The brake of the whole run counts from so many parts on, and on so many devices: one has a brake of its own.
RUN_PARTS = 20
RUN_DEVICES = 2
#: So many devices are named as those with the most.
_NAMED = 3


@dataclass
class Altered:
    """How many of the known parts of a device would be another, or away."""

    known: int = 0
    changed: int = 0  #: in another state, or in another slot
    away: int = 0  #: not seen any more, or on another device

    @property
    def number(self) -> int:
        """All that would not be as it was."""
        return self.changed + self.away

    def add(self, other: Altered) -> None:
        """Count another device, or another member of the same stack, as well."""
        self.known += other.known
        self.changed += other.changed
        self.away += other.away

    def exceeds(self, share: int, parts: int) -> bool:
        """True from so many parts on, if they are more than this share (per cent) of the known ones."""
        return self.number >= parts and self.number * 100 > share * self.known

    def words(self) -> str:
        """For a person."""
        kinds = [f"{self.changed} changed"] if self.changed else []
        kinds += [f"{self.away} not seen or elsewhere"] if self.away else []
        return f"{self.number} of {self.known} known parts are not as they were ({', '.join(kinds)})"


@dataclass
class Held:
    """Which hosts are held, each with the reason in a sentence."""

    hosts: dict[str, str] = field(default_factory=dict)
    run: str | None = None  #: why the whole run is held


def altered_by(step: Mapping[str, Any] | None) -> bool:
    """True if a step says that a known part is in another state than it was, by what the device told."""
    changes = (step or {}).get("changes") or {}
    told = set(changes) - {"site", "location"}
    return step is not None and step["fate"] in ("changed", "swapped") and bool(told)


def brake(found: Mapping[str, Altered], names: Mapping[str, Iterable[str]], policy: Policy) -> Held:
    """Decide who is held.

    found: host -> what would be altered. names: host -> all names by which the user may release it.
    """
    held = Held()
    total = Altered()
    open_hosts = [host for host in sorted(found) if not policy.lets_pass(names[host])]
    for host in open_hosts:
        altered = found[host]
        total.add(altered)
        if altered.exceeds(policy.brake_share, policy.brake_parts):
            held.hosts[host] = (
                f"held: {altered.words()}, more than {policy.brake_share} %. Nothing of it is written. If this is what "
                f"happened, release it: {printable(host)}"
            )
    concerned = [host for host in open_hosts if found[host].number]
    if len(concerned) >= RUN_DEVICES and total.exceeds(policy.run_brake_share, RUN_PARTS):
        most = sorted(concerned, key=lambda host: (-found[host].number, host))[:_NAMED]
        named = ", ".join(f"{printable(host)} ({found[host].number})" for host in most)
        held.run = (
            f"held, the whole run: {total.words()}, more than {policy.run_brake_share} %, most of them on {named}. "
            "Nothing is written. If this is what happened, release: all"
        )
        held.hosts = {host: held.hosts.get(host, held.run) for host in open_hosts}
    return held
