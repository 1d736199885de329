# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs of the upload at one moment, against the stand-in or a real NetBox:

    NETBOX_URL=https://netbox.example.org NETBOX_TOKEN=... python tests/run.py tests/races.py [writers] [devices]

Prints what each writer counted, and how many parts stand twice; ends with 1 if any does, or is not there. What it makes
in that NetBox has names that begin with "race-", and is deleted at the end.
"""

from __future__ import annotations

import os
import secrets
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.latest import PROBES
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import Policy
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import run
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import reports

NIGHT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def network(ids: Iterable[int], parts: int, site: int = 1, part: str = "PART-1") -> list[dict[str, Any]]:
    """The devices with these ids in NetBox, each read to its end, with so many parts."""
    return [
        {
            "name": f"r{number}",
            "device_id": number,
            "device_name": f"r{number}",
            "site_id": site,
            "site_name": "Brno",
            "location_id": None,
            "location_name": None,
            "complete": True,
            "tables": {"entPhysicalTable": {"rows": parts, "complete": True, "error": None, "required": True}},
            "error": None,
            "records": [_record(f"R{number}-{slot}", f"Slot {slot}", part) for slot in range(parts)],
        }
        for number in ids
    ]


def _record(serial: str, slot: str, part: str) -> dict[str, Any]:
    return {
        **{"serial": serial, "name": slot, "part": part, "description": "a part", "category": "module"},
        **{"path": f"Chassis / {slot}", "index": "1001", "source": "entPhysicalTable", "rule": "only"},
    }


def upload(
    url: str,
    token: str,
    devices: list[dict[str, Any]],
    moment: datetime = NIGHT,
    timeout: float = 30,
    chunk_size: int = 100,
    refresh_after: float = 20,
) -> dict[str, Any]:
    """One whole run, with pauses fit for a test; its outcome."""
    policy = Policy(refresh_after=refresh_after)
    with NetBox(url, token, timeout=timeout, backoff=0.01) as netbox:
        return run(netbox, reports(devices), moment, chunk_size, pause=0.01, policy=policy)[1]


def at_once(
    url: str, token: str, devices: list[dict[str, Any]], moments: Sequence[datetime], chunk_size: int = 100
) -> list[dict[str, Any]]:
    """As many whole runs as there are moments, all at once; their outcomes."""
    barrier = threading.Barrier(len(moments))

    def one(moment: datetime) -> dict[str, Any]:
        barrier.wait()
        return upload(url, token, devices, moment, chunk_size=chunk_size)

    with ThreadPoolExecutor(len(moments)) as pool:
        return list(pool.map(one, moments))


def rows_of(url: str, token: str, ids: Iterable[int] = ()) -> list[dict[str, Any]]:
    """All probes, or those of these devices."""
    with NetBox(url, token) as netbox:
        return netbox.get_all(PROBES, {"device_id": list(ids)})


def standing(rows: Iterable[dict[str, Any]]) -> Counter[tuple[int, str]]:
    """(device id, serial) -> number of rows."""
    return Counter((row["device"]["id"], row["serial"]) for row in rows)


def fates(outcome: dict[str, Any]) -> Counter[str]:
    """How many parts a run counted as created, refreshed, failed."""
    found: Counter[str] = Counter(refreshed=outcome["refreshed"])
    for device in outcome["devices"].values():
        found["created"] += len(device.get("created", ()))
        found["failed"] += sum(len(group["serials"]) for group in device.get("failed", ()))
    return found


@contextmanager
def real_devices(url: str, token: str, count: int) -> Iterator[tuple[int, list[int]]]:
    """A site and devices in a real NetBox for as long as the block runs: the site's id, and those of the devices."""
    name = f"race-{secrets.token_hex(3)}"
    made: list[tuple[str, int]] = []
    with NetBox(url, token) as netbox:

        def make(path: str, **values: Any) -> int:
            (reply,) = netbox.post_bulk(path, [values])
            made.append((path, reply["id"]))
            return int(reply["id"])

        try:
            maker = make("dcim/manufacturers/", name=name, slug=name)
            kind = make("dcim/device-types/", manufacturer=maker, model=name, slug=name)
            role = make("dcim/device-roles/", name=name, slug=name, color="9e9e9e")
            site = make("dcim/sites/", name=name, slug=name)
            common = {"device_type": kind, "role": role, "site": site}
            yield site, [make("dcim/devices/", name=f"{name}-{number}", **common) for number in range(count)]
        finally:
            ids = [number for path, number in made if path == "dcim/devices/"]
            probes = netbox.get_all(PROBES, {"device_id": ids}) if ids else []
            netbox.delete_bulk(PROBES, [probe["id"] for probe in probes])
            for path, number in reversed(made):
                netbox.delete_bulk(path, [number])


def race(url: str, token: str, devices: list[dict[str, Any]], writers: int) -> bool:
    """Let the writers run, print the result; True if each part is there once."""
    moments = [datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=number) for number in range(writers)]
    outcomes = at_once(url, token, devices, moments)
    for number, outcome in enumerate(outcomes, 1):
        found = fates(outcome)
        print(
            f"writer {number:2}: {found['created']} created, {found['refreshed']} refreshed, {found['failed']} failed"
        )
        for text in outcome["warnings"]:
            print(f"           {text}")
    wanted = sum(len(device["records"]) for device in devices)
    count = standing(rows_of(url, token, [device["device_id"] for device in devices]))
    twice = sum(1 for number in count.values() if number > 1)
    print(f"{wanted} parts: {len(count)} are in NetBox, {twice} of them more than once")
    return len(count) == wanted and not twice and not any(fates(outcome)["failed"] for outcome in outcomes)


def main() -> int:
    """The race that the command line wants."""
    writers, count = [*map(int, sys.argv[1:3]), *(20, 30)[len(sys.argv) - 1 :]]
    url, token = os.environ.get("NETBOX_URL"), os.environ.get("NETBOX_TOKEN")
    if url and token:
        with real_devices(url, token, count) as (site, ids):
            return 0 if race(url, token, network(ids, 10, site), writers) else 1
    with start_standin(one_site(count)) as standin:
        return 0 if race(standin.url, standin.token, network(range(1, count + 1), 10), writers) else 1


if __name__ == "__main__":
    sys.exit(main())
