# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the datagrams that arrived, in numbers, and from which sources nothing was taken."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

#: Why a notification that its sender may send is not taken. For those that are refused see receiver.REASONS.
RATE = "rate"  #: more from this source than the rate allows
DUPLICATE = "duplicate"  #: the same as another one within the window
QUEUE_FULL = "queue_full"  #: nothing takes notifications as fast as they arrive
SOCKET_FULL = "socket_full"  #: the kernel dropped them before they were read
DROPPED = (RATE, DUPLICATE, QUEUE_FULL, SOCKET_FULL)

#: Sources that are named with what was not taken from them.
MOST_NAMED = 256


@dataclass
class Counters:
    """Counted from the start of a listener."""

    datagrams: int = 0  #: that were read
    taken: int = 0  #: notifications
    refused: dict[str, int] = field(default_factory=dict)  #: reason (receiver.REASONS) -> datagrams
    dropped: dict[str, int] = field(default_factory=dict)  #: reason (DROPPED) -> notifications
    sources: OrderedDict[tuple[str, str], int] = field(default_factory=OrderedDict)  #: address, reason -> how many

    def refuse(self, reason: str, address: str) -> None:
        self.refused[reason] = self.refused.get(reason, 0) + 1
        self._name(address, reason)

    def drop(self, reason: str, address: str = "", count: int = 1) -> None:
        self.dropped[reason] = self.dropped.get(reason, 0) + count
        if address:
            self._name(address, reason)

    def as_data(self) -> dict[str, Any]:
        """The numbers, as users get them; nothing of a packet is in them."""
        return {
            "datagrams": self.datagrams,
            "taken": self.taken,
            "refused": dict(self.refused),
            "dropped": dict(self.dropped),
        }

    def named(self, most: int) -> list[dict[str, Any]]:
        """The sources from which most was not taken."""
        often = sorted(self.sources.items(), key=lambda one: -one[1])[:most]
        return [{"source": address, "reason": reason, "count": count} for (address, reason), count in often]

    def _name(self, address: str, reason: str) -> None:
        at = (address, reason)
        self.sources[at] = self.sources.pop(at, 0) + 1
        if len(self.sources) > MOST_NAMED:
            self.sources.popitem(last=False)
