# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of scans as the page's script takes them: columns of numbers and texts, each repeated text once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from ...module_utils._discovery.overview import Overview, Row
from ...module_utils._outgoing.text import printable
from ...module_utils._outgoing.words import listed
from ...module_utils._report import words
from .table import days_of, positions

#: Evidence and facts of one host in the page; all of it is in discovery.json.
MOST_EVIDENCE = 20
#: Texts that many hosts share: kept once, in a list; the column has positions in it.
_SHARED = ("name", "verdict", "state", "network", "vendor")


def encoded_hosts(found: Overview, now: datetime) -> dict[str, Any]:
    """Plain data: `lists` (shared texts), `rows` (columns), `texts`, and of each host `evidence` and `facts` as
    positions in `texts`."""
    lists: dict[str, list[str]] = {}
    columns: dict[str, list[Any]] = {}
    for field in _SHARED:
        columns[field], lists[field] = positions([_text(row, field) for row in found.rows])
    columns["ip"] = [row.host.ip for row in found.rows]
    columns["mac"] = [printable(row.host.mac) for row in found.rows]
    columns["ports"] = [" ".join(map(str, row.host.ports)) for row in found.rows]
    columns["first"] = [days_of(row.known.first_seen) for row in found.rows]
    columns["last"] = [days_of(row.known.last_seen) for row in found.rows]
    columns["device"] = [row.verdict.device_id or 0 if row.verdict else 0 for row in found.rows]
    texts = _Texts()
    columns["evidence"] = [[[texts.of(one) for one in said] for said in _evidence(row, now)] for row in found.rows]
    columns["facts"] = [
        [[texts.of(name), texts.of(text)] for name, text in _facts(row, now) if text] for row in found.rows
    ]
    return {"lists": lists, "rows": columns, "texts": texts.all}


def _text(row: Row, field: str) -> str:
    match field:
        case "name":
            return printable(row.name)
        case "verdict":
            return printable(row.verdict.verdict.replace("_", " ")) if row.verdict else ""
        case "state":
            return row.known.state.replace("_", " ")
        case "network":
            return printable(row.host.network)
    return printable(row.host.vendor)


def _evidence(row: Row, now: datetime) -> Iterator[Sequence[str]]:
    """(source, result, what it said, when)"""
    for one in row.evidence[:MOST_EVIDENCE]:
        said = [one.detail, f"by {one.by}" if one.by else "", one.address if one.address != row.host.ip else ""]
        yield one.source, one.result.replace("_", " "), ", ".join(filter(None, said)), words.moment(one.time, now)


def _facts(row: Row, now: datetime) -> Iterator[tuple[str, str]]:
    """(name, text) of what else is known."""
    host, snmp, verdict, known = row.host, row.host.snmp, row.verdict, row.known
    for one in verdict.contradictions if verdict else ():
        yield "Contradiction", one.text or f"{one.about}: {one.netbox} in NetBox, {one.found} found"
    if verdict and verdict.note:
        yield "Note", verdict.note
    if known.since:
        runs = f", {known.silent_runs} scans" if known.silent_runs else ""
        yield f"{known.state.capitalize()} since", f"{words.moment(known.since, now)}{runs}"
    if len(host.addresses) > 1:
        yield "Addresses", listed(host.addresses, 20)
    for one_join in host.doubtful:
        yield "Perhaps also", f"{one_join.address} ({one_join.reason} {one_join.value})"
    if snmp:
        yield "Device", " ".join(filter(None, (snmp.manufacturer, snmp.model))) or snmp.sys_descr
        yield "Serial number", listed(snmp.serials, 8)
        yield "sysName", snmp.sys_name
        yield "sysObjectID", snmp.sys_object_id
        yield "Location", snmp.location
    yield "PTR name", host.reverse_dns
    yield "Vendor of the MAC", host.vendor
    yield "Certainty", host.certainty
    for port, banner in list(host.banners.items())[:10]:
        yield f"Port {port}", banner


class _Texts:
    """Texts, each once."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._known: dict[str, int] = {}

    def of(self, text: str) -> int:
        clean = printable(text)
        if clean not in self._known:
            self._known[clean] = len(self.all)
            self.all.append(clean)
        return self._known[clean]
