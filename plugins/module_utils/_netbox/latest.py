# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The latest rows of many devices in few requests.

NetBox finds the latest row of each part (latest_only_per_device) among all rows of the table, anew for each page. So
all rows of the devices are read, and the latest chosen here, unless they have so many earlier ones that reading them
takes longer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from .._common.pieces import chunks, halved, shares
from .answers import ApiObject, Page
from .breaker import Breaker
from .client import NetBox
from .errors import NetBoxError, NetBoxRejected, NetBoxTooMuch
from .last_seen import with_last_seen
from .rows import Row, parse_row, parse_time

#: The endpoint of the plugin's rows.
PROBES = "plugins/inventory-monitor/probes/"
#: Devices asked for in one request. More would near the 4094 bytes that gunicorn takes for a request line.
DEVICES_PER_READ = 50

#: Rows of the whole table that NetBox looks through for the latest ones in the time in which it gives one row. Measured
#: with 13,000, 65,000 and 650,000 rows on NetBox 4.6: 195, 74 and 230.
SEARCHED_PER_ROW = 200

#: The columns that make a Row.
FIELDS = (
    "id",
    "serial",
    "time",
    "creation_time",
    "name",
    "part",
    "description",
    "category",
    "device",
    "site",
    "location",
    "device_descriptor",
    "site_descriptor",
    "location_descriptor",
    "discovered_data",
    "tags",
    "comments",
)

#: Errors about what was asked for: a device that was deleted makes NetBox refuse the whole request, and one with
#: megabytes in its rows spoils the complete reply.
_ASK_LESS = (NetBoxRejected, NetBoxTooMuch)


@dataclass
class Latest:
    """The latest row of each serial on each device, as far as they could be read."""

    rows: dict[int, list[Row]] = field(default_factory=dict)  #: NetBox device id -> its rows, none for a new device
    unreadable: dict[int, str] = field(default_factory=dict)  #: device id -> why its rows could not be read


def read_latest(netbox: NetBox, device_ids: Iterable[int], breaker: Breaker) -> Latest:
    """The latest rows of the devices: one request for up to DEVICES_PER_READ, several at a time.

    Raises nothing: a device whose rows cannot be read is named in `unreadable`.
    """
    wanted = sorted(set(device_ids))
    latest = Latest()
    parts = shares(wanted, DEVICES_PER_READ, netbox.connections)
    reader = _LatestRows(netbox)
    with ThreadPoolExecutor(netbox.connections) as pool:
        for found in pool.map(lambda part: _read_part(reader, part, breaker), parts):
            latest.rows.update(found.rows)
            latest.unreadable.update(found.unreadable)
    return latest


class _LatestRows:
    """Reads the latest row of each serial on each device, as NetBox gives it. For several threads of one run."""

    def __init__(self, netbox: NetBox) -> None:
        self._netbox = netbox
        self._searches = False  #: NetBox is asked to find the latest rows

    def of(self, device_ids: Sequence[int], fields: Sequence[str]) -> list[ApiObject]:
        """The rows of these devices. Raises NetBoxError.

        :param device_ids: up to DEVICES_PER_READ; fields: the columns, with id, time, serial and device.
        """
        params = {"device_id": list(device_ids), "fields": ",".join(fields)}
        if not self._searches:
            # In the order of serials, so that a page has all rows of its parts, but for the last.
            rows = self._netbox.get_all_if(PROBES, {**params, "ordering": "serial,id"}, self._is_short)
            if rows is not None:
                return _latest(rows)
            self._searches = True
        return _latest(self._netbox.get_all(PROBES, {**params, "latest_only_per_device": True}))

    def _is_short(self, first: Page) -> bool:
        """Whether all rows take NetBox less time than the latest ones, judged by the first page."""
        latest = len(_latest(first.rows)) / len(first.rows)
        if latest == 1:
            return True
        earlier_rows = first.count * (1 - latest)
        searches = math.ceil(first.count * latest / len(first.rows))
        return earlier_rows * SEARCHED_PER_ROW <= searches * self._table

    @cached_property
    def _table(self) -> int:
        """Rows of the whole table."""
        return self._netbox.count(PROBES)


def _latest(rows: Iterable[ApiObject]) -> list[ApiObject]:
    """The newest row of each serial on each device; of twins the one with the lowest id, as rows.by_serial() has it.

    By the serial as NetBox has it, as its own search does: one with padding is another, and the same to by_serial().
    """
    chosen: dict[tuple[int | None, str], ApiObject] = {}
    for row in rows:
        key = (row["device"] and row["device"]["id"], row["serial"])
        other = chosen.setdefault(key, row)
        if other is not row and (parse_time(row["time"]), -row["id"]) > (parse_time(other["time"]), -other["id"]):
            chosen[key] = row
    return list(chosen.values())


def _read_part(reader: _LatestRows, device_ids: Sequence[int], breaker: Breaker) -> Latest:
    try:
        with breaker.request(uncounted=_ASK_LESS):
            raw = reader.of(device_ids, FIELDS)
    except _ASK_LESS as error:
        # Halve until the device that spoils the request is alone.
        if len(device_ids) == 1:
            return Latest(unreadable={device_ids[0]: _why_not(device_ids[0], error, breaker)})
        halves = [_read_part(reader, part, breaker) for part in halved(device_ids)]
        return Latest(
            rows={key: rows for half in halves for key, rows in half.rows.items()},
            unreadable={key: text for half in halves for key, text in half.unreadable.items()},
        )
    except NetBoxError as error:
        return Latest(unreadable=dict.fromkeys(device_ids, str(error)))
    rows: dict[int, list[Row]] = {device_id: [] for device_id in device_ids}
    for one in raw:
        row = parse_row(one)
        if row.device_id in rows:
            rows[row.device_id].append(row)
    return Latest(rows={device_id: with_last_seen(found) for device_id, found in rows.items()})


def _why_not(device_id: int, error: NetBoxError, breaker: Breaker) -> str:
    if isinstance(error, NetBoxTooMuch):
        breaker.failed(error)  # of a NetBox that sends too much for each device, not each is asked for
        return f"The rows of device {device_id} are not read. {error}"
    return f"NetBox does not give the rows of device {device_id}; was it deleted? {error}"


def read_last_seen(netbox: NetBox, device_ids: Iterable[int], breaker: Breaker) -> dict[int, datetime]:
    """When any row of these devices was seen last: of devices that reported nothing, of which no row is compared.

    One small request per DEVICES_PER_READ. Raises nothing: what cannot be read is left out.
    """
    found: dict[int, datetime] = {}
    reader = _LatestRows(netbox)
    for part in chunks(sorted(set(device_ids)), DEVICES_PER_READ):
        try:
            with breaker.request():
                raw = reader.of(part, ("id", "serial", "device", "time"))
        except NetBoxError:
            continue
        for row in raw:
            device_id, moment = row["device"]["id"], parse_time(row["time"])
            found[device_id] = max(moment, found.get(device_id, moment))
    return found
