# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm of SNMP agents that answer out of recordings: one socket a device, many devices a process.

    python tests/run.py tests/bench/agents.py --config devices.json --port 1161 --procs 2 --unique --latency 0.02

devices.json: [{"ip": "127.20.0.1", "variant": "PATH or name of a recording", "fault": "dead"}, ...]

They know v1, v2c (the community) and v3 (ACCOUNT: authPriv with SHA and AES).
A latency is the way to the device and back: two requests to one device wait side by side.
Faults: dead (never answers), drip (one variable a second, and no more than one in a reply).
--unique: each device has serial numbers of its own: "-0007" is added to what we read as one, and to what
NAME.expected.json, or the expected.json beside the recording, calls one.
SIGUSR1 prints a line of JSON to stderr: {"req": ..., "resp": ..., "vb": ..., "devices": {"127.20.0.1": [requests,
octets in, octets out], ...}}.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import socket
import sys
from bisect import bisect_right
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import ReplayTransport, load_recording
from ansible_collections.invmon.network.tests.bench.usm import Account, Engine
from ansible_collections.invmon.network.tests.recordings.build import recordings
from ansible_collections.invmon.network.tests.sandbox.fault_agent import (
    GET,
    GET_BULK,
    GET_NEXT,
    Oid,
    Request,
    decode,
    encode_int,
    encode_varbind,
)
from ansible_collections.invmon.network.tests.sandbox.processes import dying_with_parent

#: What fits into a reply: 1,500 octets less the headers of IP, UDP and SNMP.
REPLY_OCTETS = 1400
DRIP_SECONDS = 1.0
ACCOUNT = Account("bench", "bench-auth-1", "bench-priv-1")
_SUFFIX = re.compile(r"\.snmprec(\.gz|\.bz2)?$")


class Box:
    """A recording, encoded once for all devices that serve it."""

    def __init__(self, path: Path) -> None:
        recording = load_recording(path)
        self.oids = recording.oids
        self.places = {oid: place for place, oid in enumerate(self.oids)}
        varbinds = [recording.varbinds[oid] for oid in self.oids]
        self.encoded = [encode_varbind(one.oid, one.kind, one.value) for one in varbinds]
        known = serials_of(path) | {item.serial for item in read_device(Agent(ReplayTransport(recording))).items}
        #: place -> the serial number in it
        self.serials = {
            place: one.value.rstrip(b" \0")
            for place, one in enumerate(varbinds)
            if isinstance(one.value, bytes) and one.value.strip(b" \0").decode("latin-1") in known
        }


@cache
def load_box(path: Path) -> Box:
    """The box of that file; each file is read once."""
    return Box(path)


def serials_of(path: Path) -> frozenset[str]:
    """The serial numbers in a recording, according to its expectation."""
    name = _SUFFIX.sub("", path.name)
    own, common = path.with_name(f"{name}.expected.json"), path.with_name("expected.json")
    if own.exists():
        return frozenset(record["serial"] for record in json.loads(own.read_text(encoding="utf-8"))["records"])
    if common.exists():
        return frozenset(json.loads(common.read_text(encoding="utf-8")).get(name, {}).get("serials", ()))
    return frozenset()


class Device(asyncio.DatagramProtocol):
    """One agent."""

    def __init__(self, box: Box, number: int, options: dict[str, Any]) -> None:
        self.box = box
        self.fault = options.get("fault") or ""
        self.latency = float(options.get("latency") or 0)
        self.community = str(options.get("community") or "public").encode()
        self.engine = Engine(number, ACCOUNT)
        self.requests = self.octets_in = self.octets_out = self.varbinds = self.replies = 0
        self.own = {}
        if options.get("unique"):
            for place, serial in box.serials.items():
                self.own[place] = encode_varbind(box.oids[place], "octets", serial + b"-%04d" % number)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)  # in Python 3.11 it is none by its class
        self.loop = asyncio.get_running_loop()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.requests += 1
        self.octets_in += len(data)
        if self.fault == "dead":
            return
        self.count = 0
        try:
            v3 = decode(data)[1].startswith(encode_int(3))
            reply = self.engine.answer(data, self.community, self._reply) if v3 else self._reply(data)
        except (IndexError, ValueError):
            return
        if reply is None:
            return
        self.replies += 1
        self.varbinds += self.count
        self.octets_out += len(reply)
        wait = self.latency + (DRIP_SECONDS * self.count if self.fault == "drip" else 0)
        if wait:
            self.loop.call_later(wait, self.transport.sendto, reply, addr)
        else:
            self.transport.sendto(reply, addr)

    def _reply(self, data: bytes) -> bytes | None:
        """The reply to a message of v1 or v2c; None for one of another community."""
        request = Request.parse(data, self.requests)
        if request.community != self.community or request.version > 1:
            return None
        reply, self.count = self._answer(request)
        return reply

    def _answer(self, request: Request) -> tuple[bytes, int]:
        """The reply, and how many variables are in it."""
        if self.fault == "drip" and len(request.oids) > 1:
            return request.error("tooBig"), 0
        if request.pdu == GET_BULK and request.version:
            varbinds = self._bulk(request)
        elif request.pdu in (GET, GET_NEXT):
            places = [self.box.places.get(oid) if request.pdu == GET else self._after(oid) for oid in request.oids]
            if request.version == 0 and None in places:
                return request.error("noSuchName", places.index(None) + 1), 0
            missing = "noSuchInstance" if request.pdu == GET else "endOfMib"
            varbinds = [self._varbind(place, oid, missing) for place, oid in zip(places, request.oids, strict=True)]
        else:
            return request.error("genErr"), 0
        return request.reply(varbinds), len(varbinds)

    def _after(self, oid: Oid) -> int | None:
        place = self.box.places.get(oid)
        place = bisect_right(self.box.oids, oid) if place is None else place + 1
        return place if place < len(self.box.oids) else None

    def _varbind(self, place: int | None, asked: Oid, missing: str) -> bytes:
        if place is None:
            return encode_varbind(asked, missing, None)
        return self.own.get(place) or self.box.encoded[place]

    def _bulk(self, request: Request) -> list[bytes]:
        """Rows until the repetitions or the room are used up, also in mid-row (RFC 3416, 4.2.3)."""
        fixed, asked = request.oids[: request.non_repeaters], request.oids[request.non_repeaters :]
        reply = [self._varbind(self._after(oid), oid, "endOfMib") for oid in fixed]
        row = [self._after(oid) for oid in asked]
        room = REPLY_OCTETS - 60 - sum(map(len, reply))
        for _repetition in range(request.repetitions if asked else 0):
            for column, place in enumerate(row):
                varbind = self._varbind(place, asked[column], "endOfMib")
                room -= len(varbind)
                if reply and (room < 0 or self.fault == "drip"):
                    return reply
                reply.append(varbind)
            if not any(place is not None for place in row):
                break
            asked = [self.box.oids[place] if place is not None else oid for place, oid in zip(row, asked, strict=True)]
            row = [None if place is None or place + 1 >= len(self.box.oids) else place + 1 for place in row]
        return reply


def counters(devices: dict[str, Device]) -> dict[str, Any]:
    """What was asked so far, together and of each device."""
    return {
        "req": sum(device.requests for device in devices.values()),
        "resp": sum(device.replies for device in devices.values()),
        "vb": sum(device.varbinds for device in devices.values()),
        "devices": {ip: [one.requests, one.octets_in, one.octets_out] for ip, one in devices.items()},
    }


def _itself(agent: Device) -> Device:
    """What makes the protocol of an endpoint; each has one device."""
    return agent


async def serve(configs: list[tuple[int, dict[str, Any]]], options: argparse.Namespace) -> None:
    """Answer for ever."""
    loop = asyncio.get_running_loop()
    devices: dict[str, Device] = {}
    defaults = {"latency": options.latency, "community": options.community, "unique": options.unique}
    for number, config in configs:
        agent = Device(load_box(recording_path(options.walks, config["variant"])), number, {**defaults, **config})
        own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        own.bind((config["ip"], config.get("port", options.port)))
        own.setblocking(False)
        await loop.create_datagram_endpoint(partial(_itself, agent), sock=own)
        devices[config["ip"]] = agent

    def show() -> None:
        print(json.dumps(counters(devices)), file=sys.stderr, flush=True)

    loop.add_signal_handler(signal.SIGUSR1, show)
    print(f"agents {os.getpid()}: {len(devices)} devices on port {options.port}", file=sys.stderr, flush=True)
    await asyncio.Event().wait()


def recording_path(walks: Path, name: str) -> Path:
    """The file of a recording: a path, or a name in the folder of recordings."""
    for path in (Path(name), *(walks / f"{name}{ending}" for ending in (".snmprec", ".snmprec.gz", ".snmprec.bz2"))):
        if path.is_file():
            return path
    raise SystemExit(f"agents: there is no recording {name} in {walks}")


def main() -> None:
    parser = argparse.ArgumentParser(description="A farm of SNMP agents.")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--walks", type=Path, default=recordings())
    parser.add_argument("--port", type=int, default=1161)
    parser.add_argument("--procs", type=int, default=1)
    parser.add_argument("--community", default="public")
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--unique", action="store_true")
    options = parser.parse_args()
    configs = list(enumerate(json.loads(options.config.read_text(encoding="utf-8"))))
    for _number, config in configs:
        load_box(recording_path(options.walks, config["variant"]))  # before the fork: shared by all processes
    mine, die = 0, dying_with_parent()
    for other in range(1, options.procs):
        if os.fork() == 0:
            die()
            mine = other
            break
    asyncio.run(serve(configs[mine :: options.procs], options))


if __name__ == "__main__":
    main()
