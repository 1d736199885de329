# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notifications as events: what arrived, which device it was, and when a device that changed is quiet again.

The same for the event source of ansible-rulebook and for the service without it. Each part has a bound: the queue of
the listener, that of events, one burst for each device of the inventory, and the unknown addresses that were reported.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from .._outgoing.results import fit_to_leave
from .._outgoing.secrets import Secrets
from .._traps.described import described, name_of
from .._traps.engine import OwnEngine, own_engine_id
from .._traps.listener import Arrived, Listener
from .._traps.receiver import Receiver
from .._traps.settling import Burst, Settling
from .._traps.together import together
from .trap_devices import Devices, limit_to
from .trap_options import COUNTERS, NOTIFICATION, PROBLEM, SETTLED, UNKNOWN, TrapOptions

Event: TypeAlias = "dict[str, Any]"
Put: TypeAlias = Callable[[Event], Awaitable[None]]

#: Unknown addresses that are reported once; the oldest ones are forgotten.
_MOST_UNKNOWN = 4096
#: Events that are few and were not taken yet. There are not more devices, or so many are not read by one run each.
_MOST_URGENT = 100_000
#: Seconds: how often it is looked whether a device is quiet.
_TICK = 0.5
#: Sources that a counters event names.
_NAMED = 20


class TrapSource:
    """Listens from run() on, until that is cancelled."""

    def __init__(self, options: TrapOptions) -> None:
        self._options = options
        engine = OwnEngine(own_engine_id(f"{socket.gethostname()}:{options.port}"))
        self.listener = Listener(Receiver(options.credentials, engine), options.bounds)
        self.devices = Devices(options.inventory, options.devices, options.refresh)
        self._settling = Settling(options.quiet, options.longest)
        self._unknown: OrderedDict[str, None] = OrderedDict()
        #: Events that are few, by kind and what they are about: a later one of the same takes the place of the former.
        self._urgent: OrderedDict[tuple[str, str], Event] = OrderedDict()
        self._events: asyncio.Queue[Event] = asyncio.Queue(options.bounds.queue)
        self._some = asyncio.Event()
        self._not_put = 0
        self.port = 0  #: at which it listens

    def open(self) -> None:
        """Listen; what arrives waits for run(). Raises ListenError."""
        self.port = self.listener.open(self._options.host, self._options.port)

    async def run(self, put: Put) -> None:
        """Pass events to put(). Raises ListenError; ends when it is cancelled, and listens no more then."""
        if not self.port:
            self.open()
        for problem in self._options.problems:
            self._urge(PROBLEM, message=problem)
        try:
            await together(self._take(), self._watch(), self._count(), self._pass(put))
        finally:
            self.listener.close()

    async def _take(self) -> None:
        """Each notification: which device it is of, and whether it is a reason to read that."""
        await self.devices.read()
        self._report_problems()
        while True:
            arrived = await self.listener.get()
            name = await self.devices.find(arrived.address)
            self._report_problems()
            if not name:
                self._report_unknown(arrived.address)
            starts = bool(name) and self._note(name, arrived)
            if NOTIFICATION in self._options.events:
                self._offer(name, arrived, starts)
            # While there are some, get() gives no other task its turn, and the socket is not read.
            await asyncio.sleep(0)

    def _note(self, name: str, arrived: Arrived) -> bool:
        """Whether a notification is a reason to read the device, which is then waited for."""
        found = arrived.received.notification
        if found is None or not any(one.fits(found.oid) for one in self._options.starts):
            return False
        self._settling.note(name, name_of(found, self._options.mib)["text"], time.monotonic())
        return True

    def _offer(self, name: str, arrived: Arrived, starts: bool) -> None:
        """An event about a notification, if there is room: other events are few and do not wait behind these."""
        if self._events.full():
            self._not_put += 1
            return
        about = described(arrived, self._options.mib)
        self._events.put_nowait(event(NOTIFICATION, name, notification=about, starts=starts))
        self._some.set()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            for burst in self._settling.over(time.monotonic()):
                self._urge(SETTLED, burst.device, **_about(burst))

    async def _count(self) -> None:
        while True:
            await asyncio.sleep(self._options.counters)
            self._urge(COUNTERS, **self.counters())

    def counters(self) -> dict[str, Any]:
        """What became of all that arrived since the start."""
        counters = self.listener.counters
        return {**counters.as_data(), "not_put": self._not_put, "not_taken": counters.named(_NAMED)}

    async def _pass(self, put: Put) -> None:
        """Those that are few go first: a rulebook that is slow does not delay a run by a flood."""
        while True:
            await self._some.wait()
            if self._urgent:
                await put(self._urgent.popitem(last=False)[1])
            elif not self._events.empty():
                await put(self._events.get_nowait())
            else:
                self._some.clear()

    def _urge(self, kind: str, device: str = "", **about: Any) -> None:
        if kind in self._options.events:
            what = (kind, device or about.get("address") or about.get("message") or "")
            self._urgent[what] = event(kind, device, **about)
            if len(self._urgent) > _MOST_URGENT:
                self._urgent.popitem(last=False)
            self._some.set()

    def _report_problems(self) -> None:
        for problem in self.devices.take_problems():
            self._urge(PROBLEM, message=problem)

    def _report_unknown(self, address: str) -> None:
        if address in self._unknown:
            return
        self._unknown[address] = None
        if len(self._unknown) > _MOST_UNKNOWN:
            self._unknown.popitem(last=False)
        sentence = (
            f"Notifications of {address} start nothing, because no device of the inventory has this address: give the "
            "device this address, have it send from the one that it has, or name it in devices."
        )
        self._urge(UNKNOWN, address=address, message=sentence)


def event(kind: str, device: str = "", **about: Any) -> Event:
    """An event as it may leave: printable, and without what Ansible would take for its own."""
    made: Mapping[str, Any] = {"kind": kind, "device": device, **about}
    hosts = {"meta": {"hosts": limit_to(device)}} if device else {}
    return {**fit_to_leave(made, Secrets()), **hosts}


def _about(burst: Burst) -> dict[str, Any]:
    return {
        "count": burst.count,
        "notifications": dict(burst.names),
        "seconds": round(burst.last - burst.began, 1),
    }
