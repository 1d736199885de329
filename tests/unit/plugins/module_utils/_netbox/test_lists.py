# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of several pages: each row once, whatever happens to the list while it is read."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox import lists
from ansible_collections.invmon.network.plugins.module_utils._netbox.answers import Answers
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxChanging, NetBoxTooMuch
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin

DEVICES = "dcim/devices/"


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with start_standin(one_site(50)) as one:
        yield one


@pytest.mark.parametrize("page", [3, 7, 10, 25, 49, 50])
@pytest.mark.parametrize("connections", [1, 4])
def test_a_list_has_each_row_once_and_in_order(standin: StandIn, page: int, connections: int) -> None:
    standin.limit_lists(page)
    standin.forget()
    with NetBox(standin.url, standin.token, connections=connections) as netbox:
        rows = netbox.get_all(DEVICES, {"fields": "id,name", "site": "brno"})
    assert [row["id"] for row in rows] == list(range(1, 51))
    assert len(standin.requests("GET")) <= 1 + 50 // (page - 1)


class Table:
    """A list of rows that other clients change between two requests.

    together: so many requests for further pages are answered when they are all there, or not at all.
    """

    def __init__(
        self, rows: int, change: Callable[[list[int], int], None] = lambda rows, request: None, together: int = 1
    ) -> None:
        self.rows = list(range(1, rows + 1))
        self.queries: list[Mapping[str, Any]] = []
        self._together = threading.Barrier(together)
        self._change = change
        self._lock = threading.Lock()

    def _fetch(self, _path: str, query: Mapping[str, Any]) -> bytes:
        if "offset" in query:
            self._together.wait(timeout=30)
        with self._lock:
            self.queries.append(query)
            self._change(self.rows, len(self.queries))
            wanted = {key: value[0] if isinstance(value, list) else value for key, value in query.items()}
            begin, size = int(wanted.get("offset", 0)), int(wanted["limit"])
            further = begin + size < len(self.rows)
            address = f"http://n/?{urlencode({**wanted, 'offset': begin + size})}" if further else None
            page = {"count": len(self.rows), "next": address, "previous": None}
            return json.dumps({**page, "results": [{"id": one} for one in self.rows[begin : begin + size]]}).encode()

    def read(self) -> list[int]:
        reader = lists.ListReader("http://n", Answers("http://n"), self._fetch, connections=3)
        return [row["id"] for row in reader.whole("x/", {"limit": 10}, lambda first: True) or ()]


def test_pages_are_asked_for_at_the_same_time() -> None:
    assert Table(37, together=3).read() == list(range(1, 38))


def shrinking_once(rows: list[int], request: int) -> None:
    if request == 3:
        del rows[:3]


def growing(rows: list[int], request: int) -> None:
    rows.append(1000 + request)


def growing_and_shrinking(rows: list[int], request: int) -> None:
    if request in (2, 3):
        rows.append(1000 + request)
    if request == 4:
        del rows[:2]


def others_at_the_end(rows: list[int], request: int) -> None:
    """As many as before: what NetBox counts does not show it."""
    if request == 3:
        del rows[:2]
        rows.extend((1000, 1001))


def growing_by_a_page(rows: list[int], request: int) -> None:
    if request == 2:
        rows.extend(range(2000, 2010))


CHANGES = (shrinking_once, growing, growing_and_shrinking, others_at_the_end, growing_by_a_page)


@pytest.mark.parametrize("change", CHANGES)
def test_no_row_is_lost_that_was_there_all_the_time(change: Callable[[list[int], int], None]) -> None:
    table = Table(35, change)
    found = table.read()
    assert len(found) == len(set(found))
    assert set(found) >= set(table.rows) & set(range(1, 36))


def test_a_list_that_shrinks_each_time_is_an_error() -> None:
    table = Table(200, lambda rows, request: rows.remove(rows[0]))
    with pytest.raises(NetBoxChanging, match="shrank each of 3 times"):
        table.read()


def test_too_much_is_an_error_and_not_asked_for_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LIST_OCTETS", 500)
    table = Table(1000)
    with pytest.raises(NetBoxTooMuch, match="1,000 rows"):
        table.read()
    assert len(table.queries) < 20
