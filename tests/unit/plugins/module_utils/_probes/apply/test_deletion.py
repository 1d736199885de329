# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last look before the rows of a gone part are deleted, by real HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.bulk_writer import BulkWriter
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.latest import PROBES
from ansible_collections.invmon.network.plugins.module_utils._probes.apply.deletion import delete_gone
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.step import Absence, Delete
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin

SEED = one_site(1)
GONE = {"missing": {"n": 2, "since": "2026-01-02T00:00:00Z", "at": "2026-01-03T00:00:00Z"}}
GONE["missing"]["gone"] = GONE["missing"]["at"]


def row(day: int, mark: dict[str, Any], serial: str = "B") -> dict[str, Any]:
    when = f"2026-01-{day:02}T00:00:00Z"
    keys = {"device": 1, "site": None, "location": None, "name": serial, "serial": serial}
    return {**keys, "time": when, "creation_time": when, "discovered_data": {"invmon": {"v": 1, **mark}}}


def deletion(device_id: int, number: int) -> Delete:
    day = "2026-01-02T00:00:00Z"
    return Delete(
        host=f"r{device_id}",
        device_id=device_id,
        serial="B",
        id=number,
        slot="B",
        part_number=None,
        category=None,
        missing=Absence(n=2, since=day, at=day, time=day),
        data={},
    )


@pytest.mark.parametrize(
    ("meanwhile", "left"),
    [
        ([], ["b"]),
        ([row(2, {})], ["b"]),  # a twin of an earlier night, seen at the same time
        ([row(9, {})], ["B", "B", "B", "b"]),  # it was seen again
        ([row(9, GONE)], ["B", "B", "B", "b"]),  # it was seen again, and is gone again since a moment ago
    ],
)
def test_all_rows_of_the_part_are_deleted_unless_they_changed_in_netbox(
    meanwhile: list[dict[str, Any]], left: list[str]
) -> None:
    with start_standin(SEED) as standin, NetBox(standin.url, standin.token) as netbox:
        rows = netbox.post_bulk(PROBES, [row(1, {}), row(2, GONE), row(2, GONE, "b")])
        netbox.post_bulk(PROBES, meanwhile)
        step = deletion(1, rows[1]["id"])
        failed = delete_gone(netbox, [step], BulkWriter(netbox))
        assert sorted(one["serial"] for one in netbox.get_all(PROBES)) == left
        assert [one for one, _reason in failed] == ([step] if "B" in left else [])


def test_rows_that_somebody_deleted_meanwhile_are_no_failure() -> None:
    with start_standin(SEED) as standin, NetBox(standin.url, standin.token) as netbox:
        assert delete_gone(netbox, [deletion(1, 7)], BulkWriter(netbox)) == []


def test_a_netbox_that_is_gone_is_not_asked_for_the_rows_of_each_device() -> None:
    steps = [deletion(number, 7) for number in range(1, 301)]
    with start_standin(SEED) as standin:
        url, token = standin.url, standin.token
    with NetBox(url, token, backoff=0.001) as netbox:
        assert len(delete_gone(netbox, steps, BulkWriter(netbox))) == 300
        assert netbox.requests == 4  # one request, with its repetitions
