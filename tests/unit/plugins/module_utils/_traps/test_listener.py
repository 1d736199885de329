# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What arrives at a real socket is taken within its bounds, and all else is counted: floods, garbage, old messages."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from ansible_collections.invmon.network.plugins.module_utils._mib.library import standard
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import SnmpTimeout
from ansible_collections.invmon.network.plugins.module_utils._snmp.target import Networks, Target
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community, Credentials, User
from ansible_collections.invmon.network.plugins.module_utils._traps import brakes
from ansible_collections.invmon.network.plugins.module_utils._traps.described import MOST_VARIABLES, described
from ansible_collections.invmon.network.plugins.module_utils._traps.engine import OwnEngine, own_engine_id
from ansible_collections.invmon.network.plugins.module_utils._traps.listener import Bounds, Listener, ListenError
from ansible_collections.invmon.network.plugins.module_utils._traps.notification import Notification
from ansible_collections.invmon.network.plugins.module_utils._traps.receiver import Receiver
from ansible_collections.invmon.network.plugins.module_utils._traps.sender import send, trap_message

LINK_DOWN = (1, 3, 6, 1, 6, 3, 1, 1, 5, 3)
OLD = Community("2c", "public", name="old")
NEW = User("inventory", "authPriv", "SHA-256", "AES-128", "authpassword1", "privpassword1", name="new")
SENDER = OwnEngine(own_engine_id("sender"))
Result = TypeVar("Result")


def trap(index: int = 1, **changed: Any) -> Notification:
    variable = VarBind((1, 3, 6, 1, 2, 1, 2, 2, 1, 1, index), "int", index)
    return replace(Notification(oid=LINK_DOWN, uptime=77, varbinds=(variable,)), **changed)


def run(what: Callable[[], Awaitable[Result]]) -> Result:
    async def limited() -> Result:
        return await asyncio.wait_for(what(), 20)

    return asyncio.run(limited())


@asynccontextmanager
async def listening(
    bounds: Bounds | None = None, address: str = "127.0.0.1", known: tuple[Credentials, ...] = (OLD, NEW)
) -> AsyncIterator[tuple[Listener, Target]]:
    listener = Listener(Receiver(known, OwnEngine(own_engine_id("receiver"))), bounds or Bounds())
    port = listener.open(address, 0)
    host = {"::": "127.0.0.1"}.get(address, address)
    try:
        yield listener, Target("receiver", host, port, ":" in host)
    finally:
        listener.close()


async def until(listener: Listener, datagrams: int) -> None:
    while listener.counters.datagrams < datagrams:
        await asyncio.sleep(0.005)


def flood(target: Target, messages: list[bytes], source: str = "127.0.0.1") -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        sending.bind((source, 0))
        for message in messages:
            sending.sendto(message, (target.address, target.port))


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::"])
@pytest.mark.parametrize("credentials", [OLD, NEW], ids=["v2c", "v3"])
def test_traps_and_informs_arrive_by_ipv4_and_ipv6(address: str, credentials: Credentials) -> None:
    async def scene() -> None:
        async with listening(address=address) as (listener, target):
            await asyncio.to_thread(send, target, credentials, trap(), SENDER, 1, 1)
            await asyncio.to_thread(send, target, credentials, trap(confirmed=True), SENDER, 1, 1)
            for inform in (False, True):
                about = described(await listener.get(), standard())
                assert (about["text"], about["inform"], about["credentials"]) == (
                    *("IF-MIB::linkDown", inform),
                    credentials.name,
                )
                assert about["source"] == target.address
                assert about["found"] == {"ifIndex.1": 1}
                assert "password" not in str(about)

    run(scene)


def test_a_flood_is_bounded_by_the_rate_of_its_source_and_others_are_still_heard() -> None:
    async def scene() -> None:
        async with listening(Bounds(per_source=5)) as (listener, target):
            flood(target, [trap_message(OLD, trap(number), SENDER) for number in range(50)])
            flood(target, [trap_message(OLD, trap(77), SENDER)], "127.0.0.2")
            await until(listener, 51)
            assert listener.counters.dropped.keys() == {"rate"}
            assert listener.counters.taken + listener.counters.dropped["rate"] == 51
            sources = [(await listener.get()).address for _event in range(listener.counters.taken)]
            assert sources.count("127.0.0.2") == 1
            assert 5 <= sources.count("127.0.0.1") < 50

    run(scene)


def test_who_forges_an_address_cannot_use_up_its_rate() -> None:
    async def scene() -> None:
        async with listening(Bounds(per_source=5)) as (listener, target):
            forged = trap_message(Community("2c", "guessed"), trap(), SENDER)
            flood(target, [forged] * 50 + [trap_message(OLD, trap(), SENDER)])
            await until(listener, 51)
            assert (listener.counters.taken, listener.counters.refused) == (1, {"community": 50})
            assert listener.counters.named(9) == [{"source": "127.0.0.1", "reason": "community", "count": 50}]

    run(scene)


def test_an_inform_that_did_not_fit_is_not_answered_so_that_it_is_sent_again() -> None:
    async def scene() -> None:
        async with listening(Bounds(queue=1, dedupe=60)) as (listener, target):
            await asyncio.to_thread(send, target, OLD, trap(1, confirmed=True), SENDER, 1, 1)
            with pytest.raises(SnmpTimeout):
                await asyncio.to_thread(send, target, OLD, trap(2, confirmed=True), SENDER, 0.1, 1)
            assert listener.counters.dropped == {"queue_full": 1}
            await listener.get()
            await asyncio.to_thread(send, target, OLD, trap(2, confirmed=True), SENDER, 1, 1)
            await asyncio.to_thread(send, target, OLD, trap(2, confirmed=True), SENDER, 1, 1)
            assert listener.counters.dropped == {"queue_full": 1, "duplicate": 1}, "it is answered, and counts once"
            assert listener.counters.taken == 2

    run(scene)


def test_garbage_is_counted_and_hurts_nothing() -> None:
    async def scene() -> None:
        async with listening() as (listener, target):
            good = trap_message(NEW, trap(), SENDER)
            spoilt = [good[:length] for length in range(0, len(good), 9)] + [b"", os.urandom(1400), b"\x30" * 60_000]
            flood(target, [*spoilt, good])
            await until(listener, len(spoilt) + 1)
            assert listener.counters.taken == 1
            assert sum(listener.counters.refused.values()) == len(spoilt)

    run(scene)


def test_after_a_restart_the_same_engine_answers_and_old_informs_are_refused() -> None:
    async def scene() -> None:
        async with listening() as (_listener, target):
            await asyncio.to_thread(send, target, NEW, trap(confirmed=True), SENDER, 1, 1)
        engine = OwnEngine(own_engine_id("receiver"))
        again = Listener(Receiver([NEW], replace(engine, boots=engine.boots + 1)))
        again.open("127.0.0.1", target.port)
        try:
            await asyncio.to_thread(send, target, NEW, trap(confirmed=True), SENDER, 1, 1)
            assert again.counters.taken == 1
        finally:
            again.close()

    run(scene)


def test_credentials_of_a_network_count_for_senders_in_it() -> None:
    async def scene() -> None:
        elsewhere = replace(OLD, networks=Networks.read("networks", ["192.0.2.0/24"]))
        here = replace(OLD, version="2c", community="here", networks=Networks.read("networks", ["127.0.0.0/8"]))
        async with listening(known=(elsewhere, here)) as (listener, target):
            flood(target, [trap_message(one, trap(), SENDER) for one in (elsewhere, here)])
            await until(listener, 2)
            assert (listener.counters.taken, listener.counters.refused) == (1, {"community": 1})

    run(scene)


def test_a_port_that_is_taken_is_named() -> None:
    async def scene() -> None:
        async with listening() as (_listener, target):
            other = Listener(Receiver([OLD], SENDER))
            with pytest.raises(ListenError, match=rf"127\.0\.0\.1 port {target.port} \(UDP\): Address already in use"):
                other.open("127.0.0.1", target.port)
        with pytest.raises(ListenError, match="is not an IPv4 or IPv6 address"):
            other.open("trap.example.com", 0)

    run(scene)


def test_a_notification_with_thousands_of_variables_is_cut() -> None:
    async def scene() -> None:
        async with listening() as (listener, target):
            many = tuple(VarBind((1, 3, number), "octets", b"x" * 9) for number in range(2000))
            flood(target, [trap_message(OLD, trap(varbinds=many), SENDER)])
            about = described(await listener.get(), standard())
            assert (len(about["variables"]), about["omitted"]) == (MOST_VARIABLES, 2000 - MOST_VARIABLES)

    run(scene)


def test_any_number_of_sources_costs_the_same_memory() -> None:
    rate, seen = brakes.Rate(1), brakes.Seen(60)
    for number in range(max(brakes.MOST_SOURCES, brakes.MOST_SEEN) + 50):
        rate.allows(str(number), 0)
        assert seen.is_new(number, 0)
    assert len(rate._left) == brakes.MOST_SOURCES
    assert len(seen._at) <= brakes.MOST_SEEN + 1
    assert not seen.is_new(number, 59)
    assert seen.is_new(number, 61)
