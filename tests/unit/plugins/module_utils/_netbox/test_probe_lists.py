# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists by GraphQL, of a NetBox that cuts them after so many rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox import probe_lists
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxRejected, NetBoxTooMuch
from ansible_collections.invmon.network.plugins.module_utils._netbox.row_shapes import GLANCE
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._netbox.probe_rows import BEGIN, row

PROBES = "plugins/inventory-monitor/probes/"
FIELDS = "id serial time creation_time device { id }"

#: SN1 on both devices, 30 rows of it; SN2 to SN9 a row each.
ROWS = [
    *(row("SN1", 1 + hour % 2, hour) for hour in range(30)),
    *(row(f"SN{number}", 1, 40 + number) for number in range(2, 10)),
]


@pytest.fixture(params=["4.6", "4.4"])
def standin(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    with start_standin(one_site(2), version=request.param) as one:
        with NetBox(one.url, one.token) as netbox:
            netbox.post_bulk(PROBES, ROWS)
        one.forget()
        yield one


@pytest.fixture
def netbox(standin: StandIn) -> Iterator[NetBox]:
    with NetBox(standin.url, standin.token) as one:
        yield one


def of_serials(netbox: NetBox, *serials: str) -> list[dict[str, Any]]:
    return list(probe_lists.rows_of_serials(netbox, serials, FIELDS, GLANCE))


@pytest.mark.parametrize("most", [2, 3, 7, 8, 29, 30, 31, 38, 1000])
def test_each_row_of_the_serials_is_there_once(standin: StandIn, netbox: NetBox, most: int) -> None:
    standin.limit_lists(most)
    if standin.release.netbox.startswith("4.4") and most in (30, 38):
        pytest.skip("4.4 does not cut, and cannot be asked for a span of time; nobody has just so many rows")
    found = of_serials(netbox, *(f"SN{number}" for number in range(1, 10)), "nobody")
    assert sorted(int(one["id"]) for one in found) == list(range(1, 39))


def test_each_row_of_the_devices_from_a_time_on_is_there_once(standin: StandIn, netbox: NetBox) -> None:
    standin.limit_lists(4)

    def found() -> list[dict[str, Any]]:
        return list(probe_lists.rows_of_devices(netbox, [1, 2], BEGIN + timedelta(hours=20), FIELDS, GLANCE))

    if standin.release.netbox.startswith("4.4"):
        with pytest.raises(NetBoxRejected):
            found()
        return
    assert sorted(int(one["id"]) for one in found()) == list(range(21, 39))


def test_how_many_rows_a_list_may_have_is_asked_once_and_only_for_lists_with_rows(
    standin: StandIn, netbox: NetBox
) -> None:
    of_serials(netbox, "nobody", "SN2")
    assert standin.requests("GET") == []
    for _again in range(3):
        of_serials(netbox, "SN1")
    assert len(standin.requests("GET")) == 1


def test_rows_of_one_moment_that_are_cut_end_the_search(standin: StandIn, netbox: NetBox) -> None:
    netbox.post_bulk(PROBES, [row("SAME", 1, 0) for _number in range(5)])
    standin.limit_lists(3)
    assert len(of_serials(netbox, "SAME")) == (5 if standin.release.netbox.startswith("4.4") else 3)


def test_rows_of_one_moment_and_device_that_are_cut_are_an_error(standin: StandIn, netbox: NetBox) -> None:
    """Who looks for rows that two runs wrote must not take a part of them for all."""
    if standin.release.netbox.startswith("4.4"):
        pytest.skip("4.4 cannot be asked so")
    netbox.post_bulk(PROBES, [row(f"AT{number}", 2, 100) for number in range(5)])
    for most, cut in ((5, True), (6, False)):
        standin.limit_lists(most)
        with NetBox(standin.url, standin.token) as again:
            rows = probe_lists.rows_of_devices(again, [2], BEGIN + timedelta(hours=100), FIELDS, GLANCE)
            with pytest.raises(NetBoxTooMuch) if cut else nullcontext():
                assert len(list(rows)) == 5


def test_a_search_that_does_not_end_is_given_up(
    standin: StandIn, netbox: NetBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe_lists, "REQUESTS_MAX", 5)
    standin.limit_lists(2)
    if standin.release.netbox.startswith("4.4"):
        assert len(of_serials(netbox, "SN1")) == 30
        return
    with pytest.raises(NetBoxTooMuch, match="after 5 requests"):
        of_serials(netbox, "SN1")
