# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A NetBox without HTTP, on the table of probe_model: for whole runs by the thousand, of which some die or overlap."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxUncertain
from ansible_collections.invmon.network.plugins.module_utils._netbox.rows import parse_row, parse_time
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import Table


class Killed(BaseException):
    """The run's process is no more."""


class TableNetBox:
    """What a run uses of client.NetBox. Each call is one request; `before` is called with its number first.

    `late`: the numbers of POSTs that are carried out only when the run is over, long after its client stopped waiting.
    """

    url = "https://netbox.example.org"
    connections = 1

    def __init__(
        self, table: Table, before: Callable[[int], None] = lambda number: None, late: tuple[int, ...] = ()
    ) -> None:
        self.table = table
        self.requests = 0
        self._before = before
        self._late = late
        self._waiting: list[dict[str, Any]] = []

    def _request(self) -> None:
        self.requests += 1
        self._before(self.requests)

    def get_all(self, path: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        self._request()
        rows = [row for row in self.table.raw.values() if row["device"]["id"] in params["device_id"]]
        if params.get("latest_only_per_device"):
            newest: dict[Any, dict[str, Any]] = {}
            for row in sorted(rows, key=lambda row: (parse_time(row["time"]), row["id"])):
                newest[(row["device"]["id"], row["serial"])] = row
            rows = list(newest.values())
        if "time__gte" in params:
            rows = [row for row in rows if parse_time(row["time"]) >= parse_time(params["time__gte"])]
        return [dict(row) for row in rows]

    def get_all_if(self, path: str, params: dict[str, Any], worth: Callable[[Any], bool]) -> list[dict[str, Any]]:
        return self.get_all(path, params)

    def longest_list(self, path: str) -> int:
        return 1000

    def graphql(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        self._request()
        since = re.search('gte: "([^"]+)"', query)
        found = [
            {
                **{"id": str(row.id), "serial": row.serial, "time": str(row.time)},
                "creation_time": row.creation_time and str(row.creation_time),
                **{key: row.content[key] for key in ("name", "category", "device_descriptor")},
                "device": {"id": str(row.device_id)},
            }
            for row in map(parse_row, self.table.raw.values())
            if (str(row.device_id) if "device: {id:" in query else row.serial) in variables["values"]
            and (since is None or row.time >= parse_time(since[1]))
        ]
        return {"inventory_monitor_probe_list": found}

    def post_bulk(self, path: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self._request()
        if self.requests in self._late:
            self._waiting += rows
            raise NetBoxUncertain("NetBox did not answer in time.", "timeout")
        return [dict(self.table.raw[self.table.add(**row)]) for row in rows]

    def patch_bulk(self, path: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self._request()
        present = [row for row in rows if row["id"] in self.table.raw]
        for row in present:
            self.table.raw[row["id"]].update(self.table._stored({key: row[key] for key in row if key != "id"}))
        return [dict(self.table.raw[row["id"]]) for row in present]

    def delete_bulk(self, path: str, ids: list[int]) -> None:
        self._request()
        for number in ids:
            self.table.raw.pop(number, None)

    def over(self) -> None:
        """The run is over: what was late is carried out."""
        for row in self._waiting:
            self.table.add(**row)
        self._waiting = []
