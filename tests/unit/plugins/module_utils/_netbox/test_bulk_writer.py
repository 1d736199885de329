# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bulk writer by real HTTP: what is sent a second time, and what only once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.bulk_writer import BulkWriter
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxError, NetBoxRejected
from ansible_collections.invmon.network.plugins.module_utils._netbox.latest import PROBES
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin

PATH = "/inventory-monitor/probes/"
WHEN = "2026-01-01T00:00:00Z"


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with start_standin(one_site(1)) as one:
        yield one


@pytest.fixture
def netbox(standin: StandIn) -> Iterator[NetBox]:
    with NetBox(standin.url, standin.token, timeout=0.5, backoff=0.01) as one:
        yield one


def row(serial: str) -> dict[str, Any]:
    place = {"device": 1, "site": None, "location": None}
    return {**place, "name": serial, "serial": serial, "time": WHEN, "creation_time": WHEN}


def serials(netbox: NetBox) -> list[str]:
    return [one["serial"] for one in netbox.get_all(PROBES)]


def looker(netbox: NetBox) -> Any:
    def find(items: Sequence[str], others: set[int]) -> dict[int, int | None]:
        there = {one["serial"]: one["id"] for one in netbox.get_all(PROBES) if one["id"] not in others}
        return {number: there[item] for number, item in enumerate(items) if item in there}

    return find


def writes(standin: StandIn) -> list[tuple[str, int]]:
    return [(one["method"], one["rows"]) for one in standin.requests() if one["method"] != "GET"]


@pytest.mark.parametrize("kind", ["drop_after_write", "reset_after_write", "truncate"])
def test_a_post_without_a_clear_answer_is_not_repeated_if_its_rows_are_there(
    standin: StandIn, netbox: NetBox, kind: str
) -> None:
    standin.plan(kind, method="POST", path=PATH, seconds=1.0)
    created = BulkWriter(netbox, pause=0.01).create(["A", "B"], row, looker(netbox))
    assert created.failed == []
    assert (created.rows, created.doubtful) == ([("A", 1), ("B", 2)], ["A", "B"])
    assert netbox.requests == 2  # the POST and the look
    assert serials(netbox) == ["A", "B"]


def test_a_post_that_netbox_did_not_carry_out_is_sent_three_times_at_most(standin: StandIn, netbox: NetBox) -> None:
    standin.plan("reset", method="POST", path=PATH, times=-1)
    created = BulkWriter(netbox, pause=0.01).create(["A"], row, looker(netbox))
    assert ([one.item for one in created.failed], created.rows) == (["A"], [])
    assert len(writes(standin)) == 3
    assert serials(netbox) == []


def test_doubtful_rows_of_a_netbox_that_cannot_be_read_are_not_sent_again(standin: StandIn, netbox: NetBox) -> None:
    def cannot_tell(_items: Sequence[str], _others: set[int]) -> dict[int, int | None]:
        raise NetBoxError("no answer")

    standin.plan("reset_after_write", method="POST", path=PATH)
    created = BulkWriter(netbox, pause=0.01).create(["A"], row, cannot_tell)
    assert [one.reason.split(".")[0] for one in created.failed] == [
        "it is unknown whether the row was written; run again"
    ]
    assert writes(standin) == [("POST", 1)]


def test_a_refused_row_is_named_and_the_others_are_written(standin: StandIn, netbox: NetBox) -> None:
    created = BulkWriter(netbox, chunk_size=4).create(["A", "B", "", "C", "D"], row, looker(netbox))
    ((item, reason, refused),) = [(one.item, one.reason, one.refused) for one in created.failed]
    assert (item, refused) == ("", True)
    assert "serial" in reason
    assert [item for item, _number in created.rows] == ["A", "B", "C", "D"]
    assert writes(standin) == [("POST", 4), ("POST", 3), ("POST", 1)]


def test_an_update_and_a_deletion_that_netbox_refuses_are_split_until_the_row_is_alone(
    standin: StandIn, netbox: NetBox
) -> None:
    class Choosy(NetBox):
        """Refuses requests with row 3, as NetBox does for a row that something else needs."""

        def delete_bulk(self, path: str, ids: Sequence[int]) -> None:
            if 3 in ids:
                raise NetBoxRejected("row 3 is needed", 409)
            super().delete_bulk(path, ids)

    rows = netbox.post_bulk(PROBES, [row(serial) for serial in "ABCDE"])
    with Choosy(standin.url, standin.token) as choosy:
        writer = BulkWriter(choosy)
        updated = writer.update([{"id": one["id"], "name": "x" if one["id"] != 4 else None} for one in rows])
        assert (sorted(updated.rows), list(updated.failed)) == ([1, 2, 3, 5], [4])
        assert writer.update([{"id": 99, "name": "x"}]).failed == {}
        deleted = writer.delete([1, 2, 3, 4, 99])
        assert (sorted(deleted.ids), deleted.failed) == ([1, 2, 4, 99], {3: "row 3 is needed"})
    assert serials(netbox) == ["C", "E"]


def test_a_netbox_that_is_gone_is_asked_once(standin: StandIn, netbox: NetBox) -> None:
    standin.plan("403", path=PATH, times=-1)
    writer = BulkWriter(netbox, chunk_size=1)
    assert len(writer.create(["A", "B", "C"], row, looker(netbox)).failed) == 3
    assert list(writer.update([{"id": 1, "name": "x"}, {"id": 2, "name": "x"}]).failed) == [1, 2]
    assert list(writer.delete([1, 2]).failed) == [1, 2]
    assert len(writes(standin)) == 1
