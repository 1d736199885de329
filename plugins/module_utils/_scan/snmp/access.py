# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SNMP in a scan: where credentials may be sent, in threads, and within the packets of the scan.

Credentials are never sprayed. Any host that is asked in SNMPv1 or SNMPv2c learns the community, and one that is asked
in SNMPv3 can try to guess the passphrase offline. So an address that merely answers a ping is not asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from ..._snmp.budget import Limits
from ..._snmp.credentials import SnmpOptions
from ..._snmp.errors import (
    COULD_NOT_BE_READ,
    BackendMissing,
    OptionError,
    SnmpAuthError,
    SnmpError,
    SnmpLimitError,
    SnmpTimeout,
    SnmpUnreachable,
)
from ..._snmp.session import BUILTIN, Session, open_session
from ..._snmp.target import Target, resolve
from ..finding import ANSWERED, FAILED, NOT_ASKED, SILENT
from ..source import Budget

T = TypeVar("T")

#: Agents that are asked at the same time. A thread waits for one of them, and costs little else.
THREADS = 64
#: Seconds for one agent: to see who it is, and to read tables with up to 20,000 entries.
SECONDS, TABLE_SECONDS = 30.0, 120.0
#: Processor time of the whole process, which many threads share: not what ends the reading of one agent.
CPU_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Where SNMP credentials may be sent in a scan."""

    is_target: Callable[[str], bool]  #: whether an address is one of the scan's
    known: frozenset[str] = frozenset()  #: addresses that NetBox has on a device
    expected: frozenset[str] = frozenset()  #: addresses that NetBox has: asked where all may be, also without a sign
    agents: frozenset[str] = frozenset()  #: addresses and names of the routers and devices that the user named
    networks: bool = False  #: the options have networks (snmp_networks, SNMP_NETWORKS): all of these may be asked
    all_targets: bool = False  #: the user wants every target that answers to be asked

    def refusal(self, host: str, *, heard: bool | None) -> str | None:
        """Why a host is not asked; None if it may be.

        heard: it gave a sign in this scan; None: not known. The networks of the options are a limit as well: nothing is
        sent to an address outside them, whatever this rule permits.
        """
        if host in self.agents:
            return None
        if not self.is_target(host):
            return "it is not a target of this scan, and no credentials are sent to others"
        if host in self.known:
            return None
        if not (self.networks or self.all_targets):
            return "NetBox does not have it on a device, and it is in no network of snmp_networks"
        # A device that accepts SNMP from this host and nothing else must not count as silent.
        return None if heard or host in self.expected else "nothing else answered there"


class Refused(SnmpError):
    """Nothing was sent, or no more: a rule, the budget of packets, or the end of the scan."""


class Forbidden(Refused):
    """By a rule: nothing was sent, and nothing will be in the next scan."""


@dataclass
class Access:
    """Sessions with agents, as many at a time as there are threads. For one event loop."""

    options: SnmpOptions
    rule: Rule
    budget: Budget
    threads: int = THREADS
    answered: dict[str, bool] = field(default_factory=dict)  #: host -> whether its agent answered

    def __post_init__(self) -> None:
        # SNMPv3 first, so that a community is sent to no agent that answers it; and only our own code, which asks the
        # budget before each datagram.
        attempts = sorted(self.options.attempts, key=lambda one: one.version != "3")
        self.options = replace(self.options, attempts=tuple(attempts), backend=BUILTIN)
        self._pool: ThreadPoolExecutor | None = None

    async def read(self, host: str, work: Callable[[Session], T], *, heard: bool | None, seconds: float = SECONDS) -> T:
        """Open a session with an agent and let `work` read it, in a thread, for so many seconds.

        heard: it gave a sign in this scan; one that did not is asked once only, without repetition. None: not known.
        Raises Forbidden, Refused, or what open_session() and `work` raise.
        """
        if refusal := self.rule.refusal(host, heard=heard):
            raise Forbidden(refusal)
        loop = asyncio.get_running_loop()
        self._pool = self._pool or ThreadPoolExecutor(self.threads, "scan-snmp")
        options = replace(self.options, retries=1) if heard is False else self.options
        reading = partial(self._read, host, work, options, seconds, loop)
        return await loop.run_in_executor(self._pool, reading)

    def _read(
        self,
        host: str,
        work: Callable[[Session], T],
        options: SnmpOptions,
        seconds: float,
        loop: asyncio.AbstractEventLoop,
    ) -> T:
        target = resolve(host, options.port)
        for networks in options.networks:
            _check(networks.check, target)
        gate = _Gate(self.budget, target.address, loop)
        limits = Limits(seconds=max(0.0, min(seconds, self.budget.seconds_left)), cpu_seconds=CPU_SECONDS)
        try:
            with open_session(target.address, options, limits, gate) as session:
                self.answered[host] = True
                return work(session)
        except SnmpError as error:
            if gate.closed:
                raise Refused("the packets or the time of the scan were used up") from None
            self.answered.setdefault(host, isinstance(error, SnmpAuthError))
            raise


class _Gate:
    """Called before each datagram to an address, in a thread: it waits for the budget of the scan."""

    def __init__(self, budget: Budget, address: str, loop: asyncio.AbstractEventLoop) -> None:
        self.closed = False  #: it refused
        self._budget, self._address, self._loop = budget, address, loop

    def __call__(self) -> None:
        if not self._granted():
            self.closed = True
            raise SnmpLimitError("the packets or the time of the scan are used up")

    def _granted(self) -> bool:
        taking = self._budget.take(self._address)
        try:
            granted = asyncio.run_coroutine_threadsafe(taking, self._loop)
        except RuntimeError:
            taking.close()
            return False
        while not self._loop.is_closed():
            try:
                return granted.result(1.0)
            except TimeoutError:
                continue  # unless the loop was closed before it came to this
            except CancelledError:
                break
        return False


def _check(check: Callable[[Target], None], target: Target) -> None:
    try:
        check(target)
    except OptionError as error:
        raise Forbidden(str(error)) from None


#: What an error in asking an agent means for its address.
_RESULTS: Mapping[type[SnmpError], str] = {
    Refused: NOT_ASKED,
    Forbidden: NOT_ASKED,
    BackendMissing: FAILED,
    OptionError: FAILED,
    SnmpTimeout: SILENT,
    SnmpUnreachable: SILENT,
    SnmpAuthError: ANSWERED,
}


def result_of(error: SnmpError) -> tuple[str, str]:
    """The result of an evidence, and its detail. An agent that refuses credentials, or sends rubbish, is there."""
    return _RESULTS.get(type(error), ANSWERED), str(error).partition(COULD_NOT_BE_READ)[2] or str(error)
