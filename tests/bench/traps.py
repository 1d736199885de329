# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many notifications a second the event source takes, and whether it grows: real UDP from a process of its own.

    python tests/run.py tests/bench/traps.py --rate 2000 --seconds 60 --v3 50

Half of them by SNMPv2c and half by SNMPv3 (authPriv) by default, from 40 addresses of loopback. The source decodes,
looks the sender up, describes each notification and passes it on. Exits with 1 if it grew or lost more than it said.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import resource
import socket
import sys
import time
from pathlib import Path
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community, User
from ansible_collections.invmon.network.plugins.module_utils._tasks.trap_options import read_trap_options
from ansible_collections.invmon.network.plugins.module_utils._tasks.trap_source import TrapSource
from ansible_collections.invmon.network.plugins.module_utils._traps.engine import OwnEngine, own_engine_id
from ansible_collections.invmon.network.plugins.module_utils._traps.notification import Notification
from ansible_collections.invmon.network.plugins.module_utils._traps.sender import trap_message

FRU_INSERTED = (1, 3, 6, 1, 4, 1, 9, 9, 117, 2, 0, 3)
AUTH, PRIVACY = "bench-auth-secret", "bench-priv-secret"
COMMUNITY = Community("2c", "bench")
USER = User("bench", "authPriv", "SHA-256", "AES-128", AUTH, PRIVACY)
SOURCES = [f"127.20.0.{number}" for number in range(1, 41)]
#: MiB that the process may grow between a sixth of the time and its end.
MOST_GROWTH = 8
_PIECE = 0.01


def send(port: int, rate: int, seconds: float, v3: int, total: Any) -> None:
    """So many notifications per second, each another one; `v3` percent of them by SNMPv3. How many goes to `total`."""
    sockets = []
    for address in SOURCES:
        sockets.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        sockets[-1].bind((address, 0))
    engines = [OwnEngine(own_engine_id(address)) for address in SOURCES]
    began, sent = time.monotonic(), 0
    while (now := time.monotonic() - began) < seconds:
        for _number in range(int(now * rate) - sent):
            place = sent % len(SOURCES)
            variable = VarBind((1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 7, sent % 9000 + 1), "octets", b"slot %d" % sent)
            found = Notification(oid=FRU_INSERTED, uptime=sent, varbinds=(variable,))
            message = trap_message(USER if sent % 100 < v3 else COMMUNITY, found, engines[place])
            sockets[place].sendto(message, ("127.0.0.1", port))
            sent += 1
        total.value = sent
        time.sleep(_PIECE)


def memory() -> float:
    """MiB of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


async def measure(rate: int, seconds: float, v3: int) -> dict[str, Any]:
    user = {"username": "bench", "auth_protocol": "SHA-256", "auth_passphrase": AUTH, "privacy_passphrase": PRIVACY}
    options = {
        **{"port": 0, "communities": ["bench"], "users": [user], "rate_per_source": 0, "queue_size": 10_000},
        **{"devices": {address: f"device-{address}" for address in SOURCES}, "quiet_seconds": 5},
    }
    kinds: dict[str, int] = {}

    async def put(event: dict[str, Any]) -> None:
        kinds[event["kind"]] = kinds.get(event["kind"], 0) + 1

    source = TrapSource(read_trap_options(options))
    source.open()
    running = asyncio.create_task(source.run(put))
    context = multiprocessing.get_context("spawn")
    total = context.Value("q", 0)
    sender = context.Process(target=send, args=(source.port, rate, seconds, v3, total))
    sender.start()
    sizes = []
    while sender.is_alive():
        await asyncio.sleep(seconds / 12)
        sizes.append(memory())
    await asyncio.sleep(1)
    used = resource.getrusage(resource.RUSAGE_SELF)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return {
        "sent": total.value,
        "counters": source.counters(),
        "events": kinds,
        "memory": sizes,
        "cpu": used.ru_utime + used.ru_stime,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the event source snmp_trap.")
    parser.add_argument("--rate", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--v3", type=int, default=50, help="percent of them by SNMPv3")
    given = parser.parse_args()
    found = asyncio.run(measure(given.rate, given.seconds, given.v3))
    counters, sizes = found["counters"], found["memory"]
    sent = found["sent"]
    lost = sent - counters["taken"] - sum(counters["dropped"].values()) - sum(counters["refused"].values())
    grown = sizes[-1] - sizes[max(1, len(sizes) // 6)]
    print(f"{given.rate:,} notifications per second for {given.seconds:g} s, {given.v3} % of them by SNMPv3: {sent:,}")
    print(f"taken {counters['taken']:,}, dropped {counters['dropped']}, refused {counters['refused']}, other {lost:,}")
    print(f"events {found['events']}, not put {counters['not_put']:,}")
    print(f"CPU {found['cpu']:.1f} s; memory {', '.join(f'{size:.0f}' for size in sizes)} MiB")
    return int(grown > MOST_GROWTH or lost > sent / 100)


if __name__ == "__main__":
    sys.exit(main())
