# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The latest rows of many devices in few requests, and where else a serial was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .._common.pieces import chunks, halved
from .._common.typed_json import WrongShape
from .breaker import Breaker
from .client import NetBox
from .errors import NetBoxError, NetBoxRejected, NetBoxTooMuch, NotNetBox
from .last_seen import with_last_seen
from .row_shapes import SIGHTING, graphql_rows
from .rows import Row, Sighting, parse_row, parse_time, stored

#: The endpoint of the plugin's rows.
PROBES = "plugins/inventory-monitor/probes/"
#: Devices asked for in one request. More would near the 4094 bytes that gunicorn takes for a request line.
DEVICES_PER_READ = 50
#: Serials looked up in one request.
SERIALS_PER_QUERY = 1000
#: NetBox 4.6 cuts the GraphQL list of probes at so many rows, silently.
GRAPHQL_CAP = 1000
#: Rows that are held of serials that are looked up. Years of nightly rows of the older scripts are some 1,000 a part.
SIGHTINGS_MAX = 2_000_000

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
#: What is read of a sighting.
_SIGHTING_FIELDS = "serial time creation_time name category device_descriptor device { id }"


@dataclass
class Latest:
    """The latest row of each serial on each device, as far as they could be read."""

    rows: dict[int, list[Row]] = field(default_factory=dict)  #: NetBox device id -> its rows, none for a new device
    unreadable: dict[int, str] = field(default_factory=dict)  #: device id -> why its rows could not be read


def read_latest(netbox: NetBox, device_ids: Iterable[int], breaker: Breaker) -> Latest:
    """The latest rows of the devices: one request per DEVICES_PER_READ, several at a time.

    Raises nothing: a device whose rows cannot be read is named in `unreadable`.
    """
    wanted = sorted(set(device_ids))
    latest = Latest()
    with ThreadPoolExecutor(netbox.connections) as pool:
        for found in pool.map(lambda part: _read_part(netbox, part, breaker), chunks(wanted, DEVICES_PER_READ)):
            latest.rows.update(found.rows)
            latest.unreadable.update(found.unreadable)
    return latest


def _read_part(netbox: NetBox, device_ids: Sequence[int], breaker: Breaker) -> Latest:
    params = {"device_id": list(device_ids), "latest_only_per_device": True, "fields": ",".join(FIELDS)}
    try:
        with breaker.request(uncounted=_ASK_LESS):
            raw = netbox.get_all(PROBES, params)
    except _ASK_LESS as error:
        # Halve until the device that spoils the request is alone.
        if len(device_ids) == 1:
            return Latest(unreadable={device_ids[0]: _why_not(device_ids[0], error, breaker)})
        halves = [_read_part(netbox, part, breaker) for part in halved(device_ids)]
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
    for part in chunks(sorted(set(device_ids)), DEVICES_PER_READ):
        params = {"device_id": list(part), "latest_only_per_device": True, "fields": "id,device,time"}
        try:
            with breaker.request():
                raw = netbox.get_all(PROBES, params)
        except NetBoxError:
            continue
        for row in raw:
            device_id, moment = row["device"]["id"], parse_time(row["time"])
            found[device_id] = max(moment, found.get(device_id, moment))
    return found


def read_elsewhere(netbox: NetBox, serials: Sequence[str]) -> tuple[dict[str, list[Sighting]], str | None]:
    """Where these serials were seen, on any device; and a warning if this cannot be looked up."""
    found: dict[str, list[Sighting]] = defaultdict(list)
    try:
        for number, raw in enumerate(rows_of_serials(netbox, serials, _SIGHTING_FIELDS, SIGHTING)):
            if number >= SIGHTINGS_MAX:
                raise NetBoxTooMuch(
                    f"NetBox at {netbox.url} has more than {SIGHTINGS_MAX:,} rows of {len(serials):,} serials."
                )
            sighting = _parse_sighting(raw)
            found[sighting.serial].append(sighting)
    except NetBoxError as error:
        return dict(found), f"Parts that moved between devices are reported as new: they cannot be looked up. {error}"
    return dict(found), None


def brought_up_to_date(
    netbox: NetBox,
    elsewhere: dict[str, list[Sighting]],
    known: Container[int],
    since: datetime,
    breaker: Breaker,
) -> dict[str, list[Sighting]]:
    """These sightings, with the time of the last complete collection of a device where that left its row as it was.

    Only devices are read that are not `known`, and have a sighting from before `since`: none on most nights.

    :param known: NetBox device ids of which the latest rows were read anyway.
    """
    sightings = [seen for found in elsewhere.values() for seen in found]
    newest: dict[tuple[int, str], datetime] = {}
    for seen in sightings:
        if seen.device_id is not None and seen.device_id not in known:
            key = (seen.device_id, seen.serial)
            newest[key] = max(seen.time, newest.get(key, seen.time))
    stale = {device_id for (device_id, _serial), moment in newest.items() if moment < since}
    if not stale or breaker.open:
        return elsewhere
    later = {
        (row.device_id, row.serial, row.time): row.last_seen
        for rows in read_latest(netbox, stale, breaker).rows.values()
        for row in rows
        if row.seen_at is not None
    }
    found: dict[str, list[Sighting]] = {serial: [] for serial in elsewhere}
    for seen in sightings:
        moment = later.get((seen.device_id, seen.serial, seen.time))
        found[seen.serial].append(replace(seen, time=moment) if moment else seen)
    return found


def rows_of_serials(
    netbox: NetBox, serials: Sequence[str], fields: str, kinds: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """All rows of these serials, on any device. Raises NetBoxError.

    By GraphQL, which has the only exact search for serials: REST's filter `serial` finds parts of words.

    :param fields: what is read of each row, in GraphQL; kinds: what must be in it (see row_shapes.py).
    """
    query = f"""
query ($serials: [String!]) {{
  inventory_monitor_probe_list(filters: {{serial: {{in_list: $serials}}}}) {{ {fields} }}
}}
"""
    for part in chunks(serials, SERIALS_PER_QUERY):
        yield from _rows_of_part(netbox, part, query, kinds)


def _rows_of_part(
    netbox: NetBox, serials: Sequence[str], query: str, kinds: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    try:
        rows = graphql_rows(netbox.graphql(query, {"serials": list(serials)}), kinds)
    except WrongShape as error:
        raise NotNetBox(f"NetBox returned invalid rows to a GraphQL query ({error}).") from None
    if len(rows) >= GRAPHQL_CAP and len(serials) > 1:
        for half in halved(serials):
            yield from _rows_of_part(netbox, half, query, kinds)
    else:
        yield from rows


def _parse_sighting(raw: dict[str, Any]) -> Sighting:
    device = raw.get("device")
    device_id = int(device["id"]) if device else None
    name = stored(raw.get("device_descriptor")) or (f"device {device_id}" if device else "a deleted device")
    since = parse_time(raw["creation_time"]) if raw.get("creation_time") else None
    return Sighting(
        serial=str(raw["serial"]),
        time=parse_time(raw["time"]),
        device_id=device_id,
        device=name,
        slot=stored(raw.get("name")) or "?",
        since=since,
        category=stored(raw.get("category")),
    )
