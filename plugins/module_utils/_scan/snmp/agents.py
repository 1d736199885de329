# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of many agents, read at the same time, and what the sources that do so report of their work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..._outgoing.text import brief
from ..._outgoing.words import count
from ..._snmp.errors import SnmpError
from ..._snmp.session import Session
from ..finding import NOT_ASKED
from ..host import SourceUse
from .access import TABLE_SECONDS, Access, Forbidden, Refused, result_of

T = TypeVar("T")

#: Agents that are named where they could not be read.
MOST_NAMED = 5
#: Characters of Evidence.by, and of a name: sysName has 255.
LONGEST_BY = 300


@dataclass
class Agents(Generic[T]):
    """The agents of a source."""

    source: str
    access: Access
    #: reads an agent, in a thread: what it found, and what could not be read completely, in words
    work: Callable[[Session], tuple[T, str]]
    tables: str  #: what is read of them, for people
    is_named: bool = True  #: the user named each of them, and must know if one must not be asked
    asked: int = 0
    answered: int = 0
    problems: dict[str, str] = field(default_factory=dict)  #: agent -> why it was not read, or not completely

    async def read(self, hosts: Iterable[str]) -> AsyncIterator[tuple[str, T]]:
        """Read these agents, and yield (agent, what was found) as they end. One that fails is noted."""
        waiting = {asyncio.create_task(self._one(host)) for host in dict.fromkeys(hosts)}
        try:
            while waiting:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    host, found = task.result()
                    if found is not None:
                        yield host, found
        finally:
            for task in waiting:
                task.cancel()

    async def _one(self, host: str) -> tuple[str, T | None]:
        try:
            heard = self.access.answered.get(host) or None
            found, problem = await self.access.read(host, self.work, heard=heard, seconds=TABLE_SECONDS)
        except SnmpError as error:
            if isinstance(error, Forbidden) and not self.is_named:
                return host, None
            result, detail = result_of(error)
            self.asked += result != NOT_ASKED
            self.problems[host] = f"not asked: {detail}" if isinstance(error, Refused) else detail
            return host, None
        self.asked += 1
        self.answered += 1
        if problem:
            self.problems[host] = f"not read completely: {problem}"
        return host, found

    @property
    def is_complete(self) -> bool:
        """Whether all agents were read completely, and there was one."""
        return self.answered > 0 and not self.problems

    def use(self, missing: str) -> SourceUse:
        """How the source worked. missing: what it lacked before it asked anything."""
        return SourceUse(
            source=self.source,
            used=self.answered > 0,
            method=f"{self.tables} of {count(self.answered, 'agent')}" if self.answered else "",
            missing=missing if missing and not self.problems else self._problems(),
            asked=self.asked,
            answered=self.answered,
        )

    def _problems(self) -> str:
        named = [brief(f"{host}: {problem}", 160) for host, problem in sorted(self.problems.items())[:MOST_NAMED]]
        more = len(self.problems) - len(named)
        return "; ".join([*named, *([f"and {count(more, 'other agent')}"] if more else [])])
