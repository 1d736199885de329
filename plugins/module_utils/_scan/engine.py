# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scan itself: who asks which address and when, what of it is kept, and what ends it before it is through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._outgoing.text import brief
from .adding import added, all_failed, asked_by, has_sign, without_silence
from .budget import SPENT, PacketBudget
from .coverage import Coverage
from .evidence import evidence
from .finding import FAILED, Finding
from .host import SourceUse
from .source import AddressSource, TableSource
from .targets import Targets

#: Seconds that sources have to end by themselves once the scan has to; then they are cancelled.
GRACE = 2.0
#: Seconds from one reading of the live tables to the next: the kernel keeps an entry that is not used for a minute.
LIVE_SECONDS = 10.0


@dataclass(frozen=True)
class Sources:
    """What is asked, in this order."""

    #: Each address, by all of these at the same time.
    first: Sequence[AddressSource] = ()
    #: Those that were seen or are known, by one after the other.
    then: Sequence[AddressSource] = ()
    #: Tables of this host that forget: read while the addresses are asked, and once more after that.
    live: Sequence[TableSource] = ()
    #: Other tables, one after the other, once the addresses were asked.
    tables: Sequence[TableSource] = ()

    def __iter__(self) -> Iterator[AddressSource | TableSource]:
        yield from self.first
        yield from self.then
        yield from self.live
        yield from self.tables


@dataclass
class Engine:
    """One scan. run() does it; what it has found so far is in `findings` and `coverage` at any time."""

    targets: Targets
    sources: Sources
    budget: PacketBudget
    known: frozenset[str] = frozenset()  #: addresses that NetBox has: silent ones are kept as well
    concurrency: int = 128
    on_progress: Callable[[Engine], None] = lambda _engine: None
    coverage: Coverage = field(default_factory=Coverage)
    findings: dict[str, Finding] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)  #: why a table was not read completely, by its source

    def __post_init__(self) -> None:
        self._asked_first = {source.name for source in self.sources.first}
        #: Addresses that tables brought up and no source had asked.
        self._brought_up = 0
        #: The networks of which each table has had something.
        self._listed: dict[str, set[str]] = {}

    async def run(self) -> str:
        """Scan; returns why it ended before it was through (Scan.stopped), or ""."""
        live = asyncio.create_task(self._read_live())
        await self._sweep(iter(self.targets))
        live.cancel()
        for source in (*self.sources.live, *self.sources.tables):
            await self._read(source)
            self._note_as_asked(source)
        # What only a table knows: IPv6, and hosts that were silent a moment ago.
        await self._sweep(iter([ip for ip, finding in self.findings.items() if not self._was_asked(finding)]))
        return self.budget.stopped or (SPENT if self.budget.has_spent else "")

    @property
    def seen(self) -> int:
        """How many addresses gave a sign."""
        return sum(map(has_sign, self.findings.values()))

    def uses(self) -> list[SourceUse]:
        """How each source worked."""
        uses = [source.use() for source in self.sources]
        return [
            replace(use, missing=use.missing or self.problems[use.source]) if use.source in self.problems else use
            for use in uses
        ]

    async def _sweep(self, addresses: Iterator[str]) -> None:
        async def worker() -> None:
            for address in addresses:
                if self.budget.stopped:
                    return
                await self._ask(address)
                self.on_progress(self)

        await self._until_stopped(worker() for _number in range(self.concurrency))

    async def _ask(self, address: str) -> None:
        """Ask one address by all of its sources, and keep what matters of it."""
        found = await asyncio.gather(*(self._by(source, address, None) for source in self.sources.first))
        finding = Finding(ip=address)
        for one in found:
            finding = added(finding, one)
        # If the rest is cancelled, this is known at least.
        self._keep(without_silence(finding))
        if has_sign(finding) or address in self.known:
            for source in self.sources.then:
                finding = added(finding, await self._by(source, address, finding))
        if self.budget.stopped or self.budget.was_refused(address):
            # Nothing may have come back only because the scan did not wait for it.
            self._keep(without_silence(finding))
            return
        if not all_failed(finding):
            self.coverage.add(address, asked_by(finding))
        if has_sign(finding) or address in self.known or address in self.findings:
            self.findings[address] = added(self.findings.get(address), finding)

    def _keep(self, finding: Finding) -> None:
        if finding.evidence:
            self.findings[finding.ip] = added(self.findings.get(finding.ip), finding)

    async def _by(self, source: AddressSource, address: str, known: Finding | None) -> Finding:
        try:
            return await source.ask(address, known)
        except Exception as error:
            detail = f"a bug, please report it: {type(error).__name__}: {error}"
            return Finding(ip=address, evidence=(evidence(source.name, FAILED, detail),))

    async def _read_live(self) -> None:
        while self.sources.live:
            await asyncio.sleep(LIVE_SECONDS)
            for source in self.sources.live:
                await self._read(source)

    async def _read(self, source: TableSource) -> None:
        """Read a table about all targets that were found or are known, and what else it has of the targets."""
        if stopped := self.budget.stopped:
            self.problems[source.name] = f"not read, because the scan ended before ({stopped})"
            return
        addresses = sorted(one for one in {*self.findings, *self.known} if self.targets.network_of(one))

        async def reading() -> None:
            try:
                async for finding in source.read(addresses):
                    self._take_in(source.name, finding)
            except Exception as error:
                text = f"not read completely: {type(error).__name__}: {error} (a bug: please report it)"
                self.problems[source.name] = brief(text, 200)

        if not await self._until_stopped([reading()]):
            self.problems[source.name] = f"not read completely, because the scan ended before ({self.budget.stopped})"

    def _take_in(self, source: str, finding: Finding) -> None:
        """Keep what a table has about a target, and nothing about other addresses."""
        network = self.targets.network_of(finding.ip)
        if network is None:
            return
        self._listed.setdefault(source, set()).add(network.network)
        if finding.ip not in self.findings:
            self._brought_up += 1
            if self._brought_up > self.targets.max_addresses:
                self.problems[source] = f"more than {self.targets.max_addresses:,} addresses that no source had seen"
                return
        self._keep(finding)

    def _note_as_asked(self, source: TableSource) -> None:
        """After the last reading of its tables: who is not in them is silent to it, where they list the network."""
        if source.name in self.problems or not source.is_complete:
            return
        for number, network in enumerate(self.targets.networks):
            if network.network in self._listed.get(source.name, ()):
                self.coverage.add_table(source.name, self.targets.parts_of(number))

    def _was_asked(self, finding: Finding) -> bool:
        return any(one.source in self._asked_first for one in finding.evidence)

    async def _until_stopped(self, work: Iterable[Coroutine[Any, Any, None]]) -> bool:
        """Work to the end, or until the scan has to end and GRACE is over; whether it came to its end."""
        tasks = {asyncio.create_task(one) for one in work}
        stop = asyncio.create_task(self.budget.wait_stopped())
        pending: set[asyncio.Task[None]] = tasks
        try:
            while pending and not stop.done():
                done, _rest = await asyncio.wait({*pending, stop}, return_when=asyncio.FIRST_COMPLETED)
                pending = pending - done
            if pending:
                _done, pending = await asyncio.wait(pending, timeout=GRACE)
        finally:
            for task in (*tasks, stop):
                task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result
        return not any(isinstance(result, asyncio.CancelledError) for result in results)
