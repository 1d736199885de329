# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an engine to the Scan that it gives, complete or not, and the sentence about it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from .._outgoing.words import count
from .budget import DEADLINE, INTERRUPTED, SPENT
from .engine import Engine
from .finding import CONTRADICTING, SEEN, SOURCES
from .host import Scan
from .joining import count_networks, join_hosts
from .known import KnownAddress
from .ranges import parse_range


@dataclass
class Outcome:
    """What of a scan does not come from its engine."""

    engine: Engine
    started: str
    id: str
    known: Sequence[KnownAddress] = ()
    tcp_ports: Sequence[int] = ()
    controller: str = ""
    earlier: Scan | None = None  #: that this one resumes
    begun: float = field(default_factory=time.monotonic)

    def scan(self, stopped: str | None) -> Scan:
        """What was found until now. stopped: Scan.stopped; None: the scan continues."""
        engine = self.engine
        findings = list(engine.findings.values())
        networks = count_networks(engine.coverage.of(engine.targets, engine.budget.packets), findings)
        complete = stopped == "" and not any(network.not_asked for network in networks)
        return Scan(
            started=self.started,
            id=self.id,
            seconds=round(time.monotonic() - self.begun + (self.earlier.seconds if self.earlier else 0.0), 1),
            complete=complete,
            stopped=stopped or "",
            hosts=join_hosts(findings, networks, self.known),
            networks=networks,
            sources=tuple(engine.uses()),
            tcp_ports=tuple(self.tcp_ports),
            packets=sum(engine.budget.packets.values()) + (self.earlier.packets if self.earlier else 0),
            controller=self.controller,
            unfinished=() if complete else tuple(findings),
        )


def summary(scan: Scan) -> str:
    """A scan in a line."""
    unasked = [sum(parse_range(text).size for text in network.not_asked) for network in scan.networks]
    asked = [network.addresses - left for network, left in zip(scan.networks, unasked, strict=True)]
    # A network may have more seen than asked: a table has further addresses of it.
    silent = sum(max(0, number - network.seen) for network, number in zip(scan.networks, asked, strict=True))
    hosts = sum(host.state in (SEEN, CONTRADICTING) for host in scan.hosts)
    text = f"{count(sum(asked), 'address', 'addresses')} asked in {scan.seconds:.0f} s: {count(hosts, 'host')}"
    text += f", {silent:,} silent"
    if left := sum(unasked):
        text += f", {left:,} not asked ({_WHY[scan.stopped]})"
    used = [use.method or use.source for use in scan.sources if use.used]
    lacking: dict[str, list[str]] = {}
    for use in scan.sources:
        if use.missing and not use.used:
            lacking.setdefault(use.missing, []).append(use.source)
    missing = [f"{', '.join(sources)} not used: {why}" for why, sources in lacking.items()]
    others = [source for source in SOURCES if source not in {use.source for use in scan.sources}]
    notes = [*([f"by {', '.join(used)}"] if used else []), *missing]
    notes += [f"{', '.join(others)} not asked"] if others else []
    return "; ".join([text, *notes])


_WHY = {
    "": "no source could ask them",
    DEADLINE: "the deadline came first",
    INTERRUPTED: "it was interrupted",
    SPENT: "the packets of their subnet were used up: packets_per_subnet",
}
