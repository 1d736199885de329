# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of probes by GraphQL, which has the only exact search for serials and gives rows in a fifth of REST's time.

It lacks discovered_data, and NetBox cuts a list at its MAX_PAGE_SIZE without a word (4.6; 4.4 does not). So a list with
just so many rows is asked for again in halves: of the serials or devices, and of the time where one of them has so many
rows (which 4.4 refuses).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from .._common.pieces import chunks, halved
from .._common.typed_json import WrongShape
from .client import NetBox
from .errors import NetBoxTooMuch, NotNetBox
from .latest import PROBES
from .row_shapes import graphql_rows
from .rows import format_time, parse_time

#: Serials looked up in one request.
SERIALS_PER_QUERY = 1000
#: Requests for the rows of one look-up. Years of nightly rows of the older scripts are some 1,000 rows a part.
REQUESTS_MAX = 10_000

_BY_SERIAL = ("[String!]", "serial: {in_list: $values}")
#: NetBox 4.4 refuses it: ids have no lookups there.
_BY_DEVICE = ("[ID!]", "device: {id: {in_list: $values}}")


def rows_of_serials(
    netbox: NetBox, serials: Sequence[str], fields: str, kinds: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """All rows of these serials, on any device; of a serial with more rows of one moment than a list may have, as many
    as NetBox gives. Raises NetBoxError.

    :param fields: what is read of each row, in GraphQL, with its time; kinds: what must be in it (see row_shapes.py).
    """
    reader = _Reader(netbox, _BY_SERIAL, fields, kinds)
    for part in chunks(serials, SERIALS_PER_QUERY):
        yield from reader.rows(_Asked(part))


def rows_of_devices(
    netbox: NetBox, device_ids: Sequence[int], since: datetime, fields: str, kinds: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """All rows of these devices with a time from `since` on. Raises NetBoxError: NetBoxRejected by a NetBox that cannot
    search so, NetBoxTooMuch in the end if a device has more rows of one moment than a list may have.

    :param device_ids: as many as one request takes; fields, kinds: as of rows_of_serials.
    """
    reader = _Reader(netbox, _BY_DEVICE, fields, kinds)
    yield from reader.rows(_Asked([str(one) for one in device_ids], since))
    if reader.cut:
        raise NetBoxTooMuch(f"NetBox at {netbox.url} does not give all rows of one device and moment by GraphQL")


@dataclass(frozen=True)
class _Asked:
    """The rows of these serials or devices, with a time from `since` on and before `before`; None: at any time."""

    values: Sequence[str]
    since: datetime | None = None
    before: datetime | None = None

    @property
    def span(self) -> str:
        """The times as a filter of GraphQL."""
        bounds = [("gte", self.since), ("lt", self.before)]
        words = [f'{lookup}: "{format_time(moment)}"' for lookup, moment in bounds if moment]
        return f", time: {{{', '.join(words)}}}" if words else ""

    def halves(self, times: Sequence[datetime]) -> tuple[_Asked, _Asked] | None:
        """Two lists that together hold these rows, for rows with these times; None if they cannot be told apart."""
        if len(self.values) > 1:
            first, second = halved(self.values)
            return replace(self, values=first), replace(self, values=second)
        later = [moment for moment in sorted(times)[len(times) // 2 :] if moment > min(times)]
        return (replace(self, before=later[0]), replace(self, since=later[0])) if later else None


class _Reader:
    """Asks for lists of one kind."""

    def __init__(self, netbox: NetBox, by: tuple[str, str], fields: str, kinds: Mapping[str, Any]) -> None:
        """by: the type of the values in GraphQL, and the filter"""
        self._netbox = netbox
        self._kind, self._by = by
        self._fields = fields
        self._kinds = kinds
        self._left = REQUESTS_MAX
        self.cut = False  #: rows of one moment were cut, which cannot be told apart

    def rows(self, asked: _Asked) -> Iterator[dict[str, Any]]:
        """All rows of a list."""
        waiting = [asked]
        while waiting:
            asked = waiting.pop()
            rows = self._ask(asked)
            # Most lists are too short to be cut, and a longer one is of a NetBox that does not cut.
            cut = len(rows) > 1 and len(rows) == self._netbox.longest_list(PROBES)
            halves = asked.halves([parse_time(row["time"]) for row in rows]) if cut else None
            if halves:
                waiting += reversed(halves)
                continue
            self.cut = self.cut or cut
            yield from rows

    def _ask(self, asked: _Asked) -> list[dict[str, Any]]:
        self._left -= 1
        if self._left < 0:
            raise NetBoxTooMuch(
                f"NetBox at {self._netbox.url} still had rows of a list of probes after {REQUESTS_MAX:,} requests",
                "check what answers at that address",
            )
        query = (
            f"query ($values: {self._kind}) {{ inventory_monitor_probe_list("
            f"filters: {{{self._by}{asked.span}}}) {{ {self._fields} }} }}"
        )
        try:
            return graphql_rows(self._netbox.graphql(query, {"values": list(asked.values)}), self._kinds)
        except WrongShape as error:
            raise NotNetBox(f"NetBox returned invalid rows to a GraphQL query ({error}).") from None
