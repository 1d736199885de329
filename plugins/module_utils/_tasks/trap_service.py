# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts an inventory of a device that changed: the same as the rulebook inventory_on_trap, without ansible-rulebook.

It goes on to listen while a playbook runs. Runs follow each other, and a device that waits for its run is in the queue
once. What a run means (plan, brake, fates) is decided by the playbook, as every night.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from .._common.errors import OptionsError
from .._outgoing.text import printable
from .._traps.together import together
from .trap_devices import is_one_host, limit_to, tool
from .trap_options import COUNTERS, PROBLEM, SETTLED, UNKNOWN, read_trap_options
from .trap_source import Event, TrapSource

#: Options of the service itself -> default.
_OWN: dict[str, Any] = {"playbook": "invmon.network.inventory", "arguments": []}
#: Seconds that a run has to end after it was asked to, before it is killed.
_GRACE = 60

Say = Callable[[str], None]


class TrapService:
    """From run() until that is cancelled."""

    def __init__(self, config: Mapping[str, Any], say: Say) -> None:
        """
        :param config: the options of the event source, and `playbook` and `arguments`.
        :param say: prints a line.

        Raises InvmonError.
        """
        own = {name: config.get(name) or default for name, default in _OWN.items()}
        rest = {name: value for name, value in config.items() if name not in _OWN}
        events = [SETTLED, UNKNOWN, COUNTERS, PROBLEM]
        self._options = read_trap_options({**rest, "events": events})
        if not self._options.inventory:
            raise OptionsError("inventory is not set, so there is nothing to run the playbook with", "set it")
        if not isinstance(own["arguments"], list):
            raise OptionsError("arguments is not a list", "write it as one, such as [--forks, '5']")
        self._playbook = str(own["playbook"])
        self._arguments: Sequence[str] = [str(word) for word in own["arguments"]]
        self._say = say
        self._waiting: dict[str, Event] = {}
        self._some = asyncio.Event()
        self.source = TrapSource(self._options)

    async def run(self) -> None:
        """Listen, and run the playbook. Raises ListenError."""
        self.source.open()
        self._say(f"Listening at {self._options.host} port {self.source.port} (UDP).")
        try:
            await together(self.source.run(self._put), self._work())
        finally:
            self._say(f"Stopped. {_counted(self.source.counters())}")

    async def _put(self, event: Event) -> None:
        if event["kind"] == SETTLED:
            self._waiting[event["device"]] = event
            self._some.set()
        elif event["kind"] == COUNTERS:
            self._say(_counted(event))
        else:
            self._say(event["message"])

    async def _work(self) -> None:
        while True:
            await self._some.wait()
            while self._waiting:
                device = next(iter(self._waiting))
                await self._read(device, self._waiting.pop(device))
            self._some.clear()

    async def _read(self, device: str, event: Event) -> None:
        """One run. It fails for itself: the next one follows."""
        if not is_one_host(device):
            return
        names = ", ".join(f"{printable(name)} ({count})" for name, count in event["notifications"].items())
        self._say(f"{device} has settled after {event['count']} notifications: {names}. Its inventory begins.")
        inventory = ("-i", self._options.inventory)
        command = (
            tool("ansible-playbook"),
            self._playbook,
            *inventory,
            *self._arguments,
            f"--limit={','.join(limit_to(device))}",
        )
        process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL)
        try:
            status = await process.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError, TimeoutError):
                process.terminate()
                await asyncio.wait_for(process.wait(), _GRACE)
            if process.returncode is None:
                process.kill()
            raise
        self._say(f"The inventory of {device} ended with exit status {status}.")


def _counted(counters: Mapping[str, Any]) -> str:
    """The counters as a line."""
    kinds = {"refused": counters["refused"], "dropped": counters["dropped"]}
    words = [f"{kind} {reason} {count}" for kind, reasons in kinds.items() for reason, count in reasons.items()]
    first = [f"datagrams {counters['datagrams']}", f"taken {counters['taken']}"]
    return f"Since the start: {', '.join([*first, *words])}."
