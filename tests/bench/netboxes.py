# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The NetBox of a bench: the stand-in, or a real one, which gets a site of its own and loses it afterwards."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SANDBOX = HERE.parent / "sandbox"

from ansible_collections.invmon.network.plugins.module_utils._netbox.last_seen import complete_reading, with_reading
from ansible_collections.invmon.network.plugins.module_utils._netbox.rows import format_time, parse_row, parse_time
from ansible_collections.invmon.network.tests.bench.farm import Device
from ansible_collections.invmon.network.tests.bench.measure import cpu_of
from ansible_collections.invmon.network.tests.sandbox.processes import (
    StartError,
    last_lines,
    script,
    start_child,
    stop_child,
)

#: The slug of everything that the bench makes in NetBox.
NAME = "invmon-bench"
TOKEN = "bench" + "0" * 35
PROBES = "/api/plugins/inventory-monitor/probes/"
START_SECONDS = 120


def call(url: str, token: str, method: str = "GET", data: Any = None, seconds: float = 300) -> Any:
    """One request to a NetBox; its JSON."""
    request = urllib.request.Request(url, method=method, data=None if data is None else json.dumps(data).encode())
    request.add_header("Authorization", authorization(token))
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=seconds) as answer:
        body = answer.read()
    return json.loads(body) if body else None


def authorization(token: str) -> str:
    """The header of that name, for a token of either kind."""
    return f"{'Bearer' if token.startswith('nbt_') else 'Token'} {token}"


def call_all(url: str, token: str, path: str) -> Iterator[dict[str, Any]]:
    """All objects that a path with a query finds. By id, because those of a page that is read later must not move."""
    target: str | None = f"{path}&limit=1000&ordering=id"
    while target:
        page = call(f"{url}{target}", token)
        yield from page["results"]
        following = page["next"]
        target = following and f"{urllib.parse.urlsplit(following).path}?{urllib.parse.urlsplit(following).query}"


def age(url: str, token: str, days: int, share: int, known: int = 30) -> int:
    """Let all parts be known for so many days (`known`), and one row in `share` be written so many days ago (`days`),
    as quiet nights before have left them; how many these are.

    Only rows of the bench's site. The row that contains when its device was read then contains the time of the oldest.
    """

    def ago(number: int) -> str:
        return format_time(datetime.now(UTC).replace(microsecond=0) - timedelta(days=number))

    def aged(row: dict[str, Any]) -> dict[str, Any]:
        reading = complete_reading([parse_row(row)])
        if reading:
            left = reading._replace(oldest=parse_time(written))
            return {"discovered_data": with_reading(row["discovered_data"], left.to_dict())}
        return {} if row["id"] % share else {"time": written}

    begun, written = ago(known), ago(days)
    site = call(f"{url}/api/dcim/sites/?slug={NAME}", token)["results"][0]["id"]
    rows = filter(is_ours, call_all(url, token, f"{PROBES}?site={site}"))
    patches = [{"id": row["id"], "creation_time": begun, **aged(row)} for row in rows]
    for chunk in chunks(patches, 100):
        call(f"{url}{PROBES}", token, "PATCH", chunk)
    return sum("time" in patch for patch in patches)


class StandIn:
    """The project's stand-in, in a process of its own, with a database that can be put back to its beginning."""

    real = False

    def __init__(self, folder: Path, devices: list[Device], faults: Iterable[dict[str, Any]] = ()) -> None:
        self.folder = folder
        self.faults = list(faults)
        self.token = TOKEN
        self.url = ""
        self.title = "stand-in"
        self._child: Any = None
        self._database, self._empty = folder / "netbox.db", folder / "netbox-empty.db"
        (folder / "seed.json").write_text(json.dumps(make_seed(devices)), encoding="utf-8")

    def __enter__(self) -> StandIn:
        self._database.unlink(missing_ok=True)
        self._start()
        self._stop()
        shutil.copyfile(self._database, self._empty)
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def forget(self) -> None:
        """No probes, as on the first night."""
        self._stop()
        shutil.copyfile(self._empty, self._database)
        self._start()

    def begin(self) -> None:
        """Forget what was asked; the faults begin anew."""
        self._standin("reset", [])
        if self.faults:
            self._standin("faults", self.faults)

    def requests(self) -> list[dict[str, Any]] | None:
        """What was asked since begin()."""
        return self._standin("requests")

    @property
    def rows(self) -> int:
        """How many probes there are."""
        return call(f"{self.url}{PROBES}?limit=1&brief=1", self.token)["count"]

    def rows_by_device(self) -> Counter[str]:
        """How many probes each device has; a serial that has two of them counts twice."""
        with contextlib.closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
            found = database.execute("SELECT d.name, count(*) FROM probe p JOIN device d ON d.id = p.device GROUP BY 1")
            return Counter(dict(found.fetchall()))

    @property
    def cpu(self) -> float:
        """CPU seconds that it has used so far, since its last start."""
        return cpu_of([self._child.pid])

    def _standin(self, what: str, data: Any = None) -> Any:
        return call(f"{self.url}/_standin/{what}", self.token, "GET" if data is None else "POST", data)

    def _start(self) -> None:
        port, log = self.folder / "netbox.port", self.folder / "netbox.log"
        port.unlink(missing_ok=True)
        command = [
            *script(SANDBOX / "netbox" / "server.py"),
            *("--db", str(self._database)),
            *("--seed", str(self.folder / "seed.json"), "--port-file", str(port)),
            *("--port", self.url.rpartition(":")[2] or "0"),
        ]
        self._child = start_child(command, log, self.folder)
        deadline = time.monotonic() + START_SECONDS
        while not port.exists():
            if self._child.poll() is not None or time.monotonic() > deadline:
                raise StartError(f"the NetBox stand-in did not start. It says:\n{last_lines(log)}")
            time.sleep(0.05)
        self.url = f"http://127.0.0.1:{port.read_text(encoding='ascii').strip()}"

    def _stop(self) -> None:
        if self._child:
            stop_child(self._child)
            self._child = None


def make_seed(devices: list[Device]) -> dict[str, Any]:
    """The stand-in's seed: see tests/sandbox/netbox/seed.py."""
    return {
        "tokens": [{"token": TOKEN, "user": "bench", "superuser": True}],
        **{name: [one] for name, one in base_objects().items()},
        "platforms": [{"name": name, "slug": name} for name in sorted({device.platform for device in devices})],
        "devices": [
            {
                **{"name": device.name, "device_type": NAME, "role": NAME, "site": NAME, "location": NAME},
                **{"platform": device.platform, "tags": [NAME], "primary_ip4": f"{device.address}/16"},
            }
            for device in devices
        ],
    }


def base_objects() -> dict[str, dict[str, Any]]:
    """What each device needs to be there before it, by the names of the seed."""
    named = {"name": NAME, "slug": NAME}
    return {
        "tags": named,
        "manufacturers": named,
        "device_types": {"manufacturer": NAME, "model": NAME, "slug": NAME},
        "roles": named,
        "sites": {**named, "status": "active"},
        "locations": {**named, "site": NAME},
    }


class Real:
    """A real NetBox. Everything that the bench makes there is on the site invmon-bench, and is deleted at the end."""

    real = True

    def __init__(self, url: str, token: str, devices: list[Device]) -> None:
        self.url, self.token, self.devices = url.rstrip("/"), token, devices
        self.title = f"NetBox {self._api('/api/status/')['netbox-version']}"

    def __enter__(self) -> Real:
        self._clean()
        try:
            self._build()
        except BaseException:
            self._clean()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._clean()

    def forget(self) -> None:
        """Delete the probes of the bench's site; those of others are not touched."""
        self._delete(PROBES, f"site={self.site}")

    def begin(self) -> None:
        """Nothing to do."""

    def requests(self) -> list[dict[str, Any]] | None:
        """A real NetBox does not report it."""
        return None

    @property
    def rows(self) -> int:
        """How many probes there are on the bench's site."""
        return self._api(f"{PROBES}?site={self.site}&limit=1&brief=1")["count"]

    @property
    def cpu(self) -> float:
        """Not known: it may be on another machine."""
        return 0.0

    def _api(self, path: str, method: str = "GET", data: Any = None) -> Any:
        return call(f"{self.url}{path}", self.token, method, data)

    def _first(self, path: str, **query: str) -> int | None:
        found = self._api(f"{path}?{urllib.parse.urlencode(query)}")["results"]
        return found[0]["id"] if found else None

    def _build(self) -> None:
        def make(path: str, **values: Any) -> int:
            return int(self._api(path, "POST", values)["id"])

        named = {"name": NAME, "slug": NAME}
        tag = make("/api/extras/tags/", **named)
        maker = make("/api/dcim/manufacturers/", **named)
        kind = make("/api/dcim/device-types/", manufacturer=maker, model=NAME, slug=NAME)
        role = make("/api/dcim/device-roles/", **named)
        self.site = make("/api/dcim/sites/", **named, status="active")
        location = make("/api/dcim/locations/", **named, site=self.site)
        platforms = {}
        for name in sorted({device.platform for device in self.devices}):
            found = self._first("/api/dcim/platforms/", name=name)
            platforms[name] = found or make("/api/dcim/platforms/", name=name, slug=f"{NAME}-{name}")
        common = {"device_type": kind, "role": role, "site": self.site, "location": location, "tags": [tag]}
        for chunk in chunks(self.devices, 100):
            rows = [{**common, "name": one.name, "platform": platforms[one.platform]} for one in chunk]
            made = [row["id"] for row in self._api("/api/dcim/devices/", "POST", rows)]
            ports = [{"device": one, "name": "mgmt0", "type": "other"} for one in made]
            ports = [row["id"] for row in self._api("/api/dcim/interfaces/", "POST", ports)]
            addresses = [
                {
                    **{"address": f"{one.address}/16", "description": NAME},
                    **{"assigned_object_type": "dcim.interface", "assigned_object_id": port},
                }
                for one, port in zip(chunk, ports, strict=True)
            ]
            addresses = [row["id"] for row in self._api("/api/ipam/ip-addresses/", "POST", addresses)]
            primary = [{"id": one, "primary_ip4": ip} for one, ip in zip(made, addresses, strict=True)]
            self._api("/api/dcim/devices/", "PATCH", primary)

    def _clean(self) -> None:
        site = self._first("/api/dcim/sites/", slug=NAME)
        if site:
            self.site = site
            self.forget()
            self._delete("/api/ipam/ip-addresses/", f"description={NAME}")
            self._delete("/api/dcim/devices/", f"site={NAME}")
        for path in (
            *("/api/dcim/locations/", "/api/dcim/sites/", "/api/dcim/device-roles/", "/api/dcim/device-types/"),
            *("/api/dcim/manufacturers/", "/api/extras/tags/"),
        ):
            self._delete(path, f"slug={NAME}")
        self._delete("/api/dcim/platforms/", f"q={NAME}-")

    def _delete(self, path: str, query: str) -> None:
        """Delete what the query finds and what is ours: a filter that NetBox does not know finds everything."""
        ids = [{"id": row["id"]} for row in call_all(self.url, self.token, f"{path}?{query}") if is_ours(row)]
        # NetBox's workers have 30 s for a request as a rule, and a device with parts takes tenths of one.
        for chunk in chunks(ids, 50):
            self._api(path, "DELETE", chunk)


def is_ours(row: dict[str, Any]) -> bool:
    """True for an object of NetBox that the bench has made."""
    if "slug" in row:
        return row["slug"] == NAME or row["slug"].startswith(f"{NAME}-")
    return row.get("description") == NAME or (row.get("site") or {}).get("slug") == NAME


def chunks(rows: list[Any], size: int) -> Iterator[list[Any]]:
    """The rows, so many at a time."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
