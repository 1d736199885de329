# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network for the tests of discovery: hosts, a router, a firewall and a scanner, in namespaces of this process.

    10.80.0.0/24, 2001:db8:80::/64   the LAN: SCANNER .1 and HOSTS, each with its own kernel, MAC and rules
    10.80.1.0/24                     a second network on the same wire, in which 40 addresses answer: lab.crowd()
    10.80.2.0/24                     behind FIREWALL: it resets every TCP connection to every address, except port 22 of
                                     the one host that is there, 10.80.2.10
    10.80.3.0/24                     ROUTER replies "host unreachable" for all of it
    10.80.4.0/23                     300 addresses of ROUTER itself: 10.80.4.1 to 10.80.5.44
    10.80.6.0/24                     on the LAN, too: ROUTER answers ARP for all of it (proxy ARP), and no host is there
    10.80.16.0/20                    nothing: ROUTER drops it; the route of a large, empty network

Use it by the fixture `lab` (tests/lab/fixtures.py). Where no namespace can be made, the test is skipped and the
reason shown. A test acts as the host that scans by `lab.inside(function, ...)`: sockets, threads and processes made
there are on the scanner. It takes 0.5 s to start, sends nothing out of this machine, and ends with this process.

    def test_ping(lab):
        found = lab.inside(asyncio.run, scan("10.80.0.10"))
        with lab.capture() as wire: ...              # then wire.sent("tcp"), counted on the scanner's interface
        with lab.host("plain").unplugged(): ...      # a host that sleeps
        lab.serve("services", 8080, handler)         # handler(reader, writer) of asyncio
        agent = lab.host("router").run(FaultAgent, rows, address="10.80.0.254", port=161)   # its socket is there
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, Self, TypeVar

from ansible_collections.invmon.network.tests.lab.namespaces import LabError, Namespace
from ansible_collections.invmon.network.tests.lab.wire import Capture

P = ParamSpec("P")
T = TypeVar("T")
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

LAN, CROWD, RESETS, UNREACHABLE, MANY, PROXIED, EMPTY = (
    "10.80.0.0/24",
    "10.80.1.0/24",
    "10.80.2.0/24",
    "10.80.3.0/24",
    "10.80.4.0/23",
    "10.80.6.0/24",
    "10.80.16.0/20",
)
LAN6 = "2001:db8:80::/64"
SCANNER, SCANNER6 = "10.80.0.1", "2001:db8:80::1"
BEHIND = "10.80.2.10"  #: the one host behind the firewall
ROUTER_ADDRESSES = tuple(f"10.80.{4 + number // 256}.{number % 256}" for number in range(1, 301))
CROWD_ADDRESSES = tuple(f"10.80.1.{number}" for number in range(1, 41))

_DROP_ICMP = "meta l4proto icmp drop; icmpv6 type echo-request drop"


@dataclass(frozen=True)
class Spec:
    """A host of the LAN: 10.80.0.NUMBER and 2001:db8:80::NUMBER (the same digits)."""

    name: str
    number: int
    mac: str
    rules: str = ""  #: of nft, for what comes in; nothing: all is accepted, and closed ports reset


#: The MACs have the OUI of a vendor, are local, or are those of VRRP.
HOSTS = (
    Spec("plain", 10, "00:1b:54:00:00:10"),  # Cisco
    Spec("icmp_only", 11, "00:05:85:00:00:11", "meta l4proto tcp drop"),  # Juniper Networks
    Spec("tcp_only", 12, "02:80:00:00:00:12", f"{_DROP_ICMP}; tcp dport != 22 drop"),  # a local MAC; port 22 is open
    Spec("arp_only", 13, "00:1b:54:00:00:13", f"{_DROP_ICMP}; meta l4proto {{ tcp, udp }} drop"),
    Spec("refuses_only", 15, "00:1b:54:00:00:15", _DROP_ICMP),
    Spec("services", 20, "00:1b:54:00:00:20"),  # ports with hostile services: services.py
    Spec("names", 53, "00:1b:54:00:00:53"),  # name servers, also at .54 to .57: names.py
    Spec("virtual", 60, "00:00:5e:00:01:3c"),  # a VRRP master with the MAC of its group
    Spec("firewall", 253, "00:1b:54:00:00:fd"),
    Spec("router", 254, "00:1b:54:00:00:fe"),
)
ADDRESSES = {spec.name: f"10.80.0.{spec.number}" for spec in HOSTS}
ADDRESSES6 = {spec.name: f"2001:db8:80::{spec.number}" for spec in HOSTS}
MACS = {spec.name: spec.mac for spec in HOSTS}
#: An address of the LAN that no host has.
ABSENT = "10.80.0.99"


@dataclass
class Host:
    """A namespace with one interface, eth0, on the switch."""

    name: str
    address: str
    mac: str
    namespace: Namespace
    switch: Namespace

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function on this host."""
        return self.namespace.run(function, *args, **kwargs)

    @contextlib.contextmanager
    def unplugged(self) -> Iterator[None]:
        """Take it off the network for a while."""
        self.switch.ip(f"link set {self.name} nomaster")
        try:
            yield
        finally:
            self.switch.ip(f"link set {self.name} master br0")


class Lab:
    """The running network; use it as a context manager."""

    def __init__(self) -> None:
        self._hosts: dict[str, Host] = {}
        self._closing = contextlib.ExitStack()
        self._crowd: tuple[str, ...] = ()
        self._loop = asyncio.new_event_loop()
        self._serving = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._serving.start()
        self._closing.callback(self._stop_serving)
        try:
            self._switch = self._namespace("switch")
            self._switch.ip("link add br0 type bridge mcast_snooping 0", "link set br0 up")
            self._make_scanner()
            for spec in HOSTS:
                self._make_host(spec)
            self._make_router()
            self._make_firewall()
            for addresses in (ADDRESSES, ADDRESSES6):
                self.serve("tcp_only", 22, _nothing, address=addresses["tcp_only"])
            self._await_links({*ADDRESSES.values(), BEHIND})
        except BaseException:
            self._closing.close()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self._closing.close()

    def host(self, name: str) -> Host:
        return self._hosts[name]

    @property
    def scanner(self) -> Host:
        return self._hosts["scanner"]

    def inside(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function on the host that scans, such as asyncio.run or subprocess.run."""
        return self.scanner.run(function, *args, **kwargs)

    def capture(self) -> Capture:
        """All that the scanner sends and receives, while this context is entered."""
        return self.scanner.run(Capture, "eth0")

    def permit_ping(self, permitted: bool) -> None:
        """Whether processes on the scanner may open datagram sockets for ICMP. In a new namespace none may."""
        group = os.getegid()  # behind `unshare --user` there may be no other
        self.scanner.namespace.sysctl({"ipv4/ping_group_range": f"{group} {group}" if permitted else "1 0"})

    def forget_neighbours(self) -> None:
        """Empty the scanner's ARP and ND tables."""
        self.scanner.namespace.ip("neigh flush all")

    def crowd(self) -> tuple[str, ...]:
        """The 40 addresses of CROWD that answer; all on one host."""
        if not self._crowd:
            self._plug("crowd", "", "00:1b:54:00:01:00")
            self._hosts["crowd"].namespace.ip(*(f"addr add {address}/24 dev eth0" for address in CROWD_ADDRESSES))
            self._await_links({*CROWD_ADDRESSES})
            self._crowd = CROWD_ADDRESSES
        return self._crowd

    def serve(
        self, host: str, port: int, handler: Handler, *, address: str = "", tls: ssl.SSLContext | None = None
    ) -> None:
        """Serve a TCP port of a host for as long as the lab runs; the handler need not close the connection."""
        peer = self._hosts[host]
        address = address or peer.address
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = peer.run(socket.create_server, (address, port), family=family, backlog=512)
        self.call(asyncio.start_server(_closing(handler), sock=listener, ssl=tls))

    def call(self, work: Any) -> Any:
        """Await a coroutine in the thread that serves, and return its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    def _await_links(self, addresses: set[str]) -> None:
        """Wait until every host can be reached: a busy kernel takes a while to notice that a link is up."""
        end = time.monotonic() + 10
        while addresses := addresses - self.inside(_reachable, addresses):
            if time.monotonic() > end:
                raise LabError(f"these hosts of the lab cannot be reached: {', '.join(sorted(addresses))}")
        self.forget_neighbours()

    def _stop_serving(self) -> None:
        async def end() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self.call(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._serving.join()
        self._loop.close()

    def _namespace(self, name: str) -> Namespace:
        namespace = Namespace(name)
        self._closing.callback(namespace.close)
        return namespace

    def _plug(self, name: str, address: str, mac: str) -> Host:
        """A new namespace on the switch."""
        namespace = self._namespace(name)
        namespace.sysctl({"ipv6/conf/default/router_solicitations": "0", "ipv6/conf/default/accept_ra": "0"})
        self._switch.ip(
            f"link add {name} type veth peer name eth0 address {mac} netns {namespace.path}",
            f"link set {name} master br0 up",
        )
        namespace.ip("link set eth0 up")
        host = self._hosts[name] = Host(name, address, mac, namespace, self._switch)
        return host

    def _make_scanner(self) -> None:
        scanner = self._plug("scanner", SCANNER, "02:80:00:00:00:01")
        self.permit_ping(True)
        scanner.namespace.ip(
            f"addr add {SCANNER}/24 dev eth0",
            "addr add 10.80.1.254/24 dev eth0",
            f"route add {PROXIED} dev eth0",
            f"addr add {SCANNER6}/64 dev eth0 nodad",
            f"route add {RESETS} via {ADDRESSES['firewall']}",
            *(f"route add {network} via {ADDRESSES['router']}" for network in (UNREACHABLE, MANY, EMPTY)),
        )

    def _make_host(self, spec: Spec) -> None:
        host = self._plug(spec.name, ADDRESSES[spec.name], spec.mac)
        host.namespace.ip(
            f"addr add {host.address}/24 dev eth0",
            f"addr add {ADDRESSES6[spec.name]}/64 dev eth0 nodad",
            f"route add default via {SCANNER}",
        )
        if spec.rules:
            _rules(host.namespace, "input", spec.rules.split("; "))

    def _make_router(self) -> None:
        router = self._hosts["router"].namespace
        router.sysctl({"ipv4/conf/all/forwarding": "1", "ipv4/icmp_ratelimit": "0"})
        router.sysctl({"ipv4/conf/eth0/proxy_arp": "1", "ipv4/neigh/eth0/proxy_delay": "0"})
        router.ip(
            *(f"addr add {address}/32 dev eth0" for address in ROUTER_ADDRESSES),
            f"route add blackhole {EMPTY}",
            f"route add {UNREACHABLE} dev lo",
            f"route add {PROXIED} dev lo",  # another interface than the one that asks
        )
        # An unreachable route would send few replies, and none in its first second.
        reject = "reject with icmp type host-unreachable"
        _rules(router, "forward", [f"ip daddr {UNREACHABLE} {reject}", f"ip daddr {PROXIED} drop"])

    def _make_firewall(self) -> None:
        firewall, behind = self._hosts["firewall"].namespace, self._namespace("behind")
        firewall.sysctl({"ipv4/conf/all/forwarding": "1"})
        firewall.ip(
            f"link add inner type veth peer name eth0 netns {behind.path}",
            "addr add 10.80.2.254/24 dev inner",
            "link set inner up",
        )
        behind.ip(f"addr add {BEHIND}/24 dev eth0", "link set eth0 up", "route add default via 10.80.2.254")
        _rules(
            firewall,
            "forward",
            [
                "iifname inner accept",
                f"ip daddr {BEHIND} tcp dport 22 accept",
                f"ip daddr {BEHIND} meta l4proto icmp accept",
                "meta l4proto tcp reject with tcp reset",
                "drop",
            ],
        )
        self._hosts["behind"] = Host("behind", BEHIND, "", behind, self._switch)
        self.serve("behind", 22, _nothing)


def _reachable(addresses: set[str]) -> set[str]:
    """Which of them have a MAC, or, behind the firewall, accept a connection."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for address in addresses - {BEHIND}:
            asker.sendto(b"", (address, 9))
    found = set()
    if BEHIND in addresses:
        with contextlib.suppress(OSError), socket.create_connection((BEHIND, 22), timeout=0.1):
            found.add(BEHIND)
    table = Path("/proc/thread-self/net/arp").read_text(encoding="ascii").splitlines()[1:]
    entries = (line.split() for line in table)
    return found | {entry[0] for entry in entries if entry[2] == "0x2"} & addresses


def _rules(namespace: Namespace, hook: str, rules: list[str]) -> None:
    namespace.nft(
        "add table inet lab",
        f"add chain inet lab {hook} {{ type filter hook {hook} priority 0; policy accept; }}",
        *(f"add rule inet lab {hook} {rule}" for rule in rules),
    )


async def _nothing(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """A service that closes at once."""


def _closing(handler: Handler) -> Handler:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError, ssl.SSLError):
            await handler(reader, writer)
        writer.close()

    return serve
