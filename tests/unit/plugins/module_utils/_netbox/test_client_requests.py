# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the client sends, and what it makes of pages."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import (
    NetBoxChanging,
    NetBoxRejected,
    NotNetBox,
)
from ansible_collections.invmon.network.plugins.module_utils._netbox.version import check_version
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._netbox.scripted_http import Scripted, scripted

TOKEN = "0123456789abcdef0123456789abcdef01234567"
PROBES = "plugins/inventory-monitor/probes/"


def probe(serial: str) -> dict[str, object]:
    time = "2026-11-20T03:00:00Z"
    references = {"device": None, "site": None, "location": None}
    return {"name": "Fan", "serial": serial, "time": time, "creation_time": time, **references}


@pytest.fixture(params=["4.6", "4.4"])
def standin(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    with start_standin(version=request.param) as one:
        yield one


@pytest.fixture
def script() -> Iterator[Scripted]:
    with scripted() as one:
        yield one


def client(server: StandIn | Scripted) -> NetBox:
    return NetBox(server.url, TOKEN, backoff=0.01)


def page(rows: list[int], count: int, following: str | None = None) -> dict[str, object]:
    return {"count": count, "next": following, "previous": None, "results": [{"id": row} for row in rows]}


def test_rows_are_created_read_changed_and_deleted_in_bulk(standin: StandIn) -> None:
    netbox = client(standin)
    created = netbox.post_bulk(PROBES, [probe("A"), probe("B"), probe("C")])
    assert [row["serial"] for row in created] == ["A", "B", "C"]
    netbox.patch_bulk(PROBES, [{"id": row["id"], "part": "P"} for row in created])
    netbox.delete_bulk(PROBES, [created[0]["id"]])
    left = [(row["serial"], row["part"]) for row in netbox.get_all(PROBES)]
    assert left == [("B", "P"), ("C", "P")]
    assert netbox.requests == 4


def test_nothing_to_write_costs_no_request(standin: StandIn) -> None:
    netbox = client(standin)
    assert netbox.post_bulk(PROBES, []) == netbox.patch_bulk(PROBES, []) == []
    netbox.delete_bulk(PROBES, [])
    assert netbox.requests == 0


def test_a_row_whose_data_break_pynetbox_is_read_as_it_was_written(standin: StandIn) -> None:
    data = {"url": "x", "list": [{"a": 1}]}
    netbox = client(standin)
    netbox.post_bulk(PROBES, [{**probe("A"), "discovered_data": data}])
    assert netbox.get_all(PROBES)[0]["discovered_data"] == data


def test_all_pages_are_read_although_netbox_caps_them(standin: StandIn) -> None:
    netbox = client(standin)
    netbox.post_bulk(PROBES, [probe(f"S{number}") for number in range(1203)])
    before = netbox.requests
    assert len(netbox.get_all(PROBES)) == 1203
    assert netbox.requests - before == 2
    assert len(netbox.get_all(PROBES, {"fields": "id,serial"}, page_size=5000)) == 1203


def test_writing_from_several_threads_keeps_count(standin: StandIn) -> None:
    netbox = client(standin)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: netbox.post_bulk(PROBES, [probe(f"T{number}")]), range(20)))
    assert netbox.requests == 20
    assert len(netbox.get_all(PROBES)) == 20


def test_parameters_are_spelled_as_netbox_wants_them(script: Scripted) -> None:
    script.json(page([], 0))
    parameters = {"tag": ["a", "b"], "has_primary_ip": True, "location": None, "time__gte": "2026-01-01T00:00+01:00"}
    client(script).get_all("dcim/sites/", parameters)
    asked = urlsplit(script.asked[0]["path"])
    assert asked.path == "/api/dcim/sites/"
    assert parse_qs(asked.query) == {
        "tag": ["a", "b"],
        "has_primary_ip": ["true"],
        "location": ["null"],
        "time__gte": ["2026-01-01T00:00+01:00"],
        "ordering": ["id"],
        "limit": ["1000"],
    }


def test_a_path_without_its_last_slash_is_completed(script: Scripted) -> None:
    script.json([{"id": 1}], 201)
    client(script).post_bulk("/plugins/inventory-monitor/probes", [{}])
    assert script.asked[0]["path"] == "/api/plugins/inventory-monitor/probes/"


def test_the_token_does_not_follow_a_next_to_another_host(script: Scripted) -> None:
    script.json(page([1], 2, "https://elsewhere.example.org/api/other/?limit=1&offset=1&device_id=3&device_id=4"))
    script.json(page([2], 2))
    assert [row["id"] for row in client(script).get_all("dcim/sites/")] == [1, 2]
    asked = urlsplit(script.asked[1]["path"])
    assert asked.path == "/api/dcim/sites/"
    assert parse_qs(asked.query) == {"limit": ["1"], "offset": ["1"], "device_id": ["3", "4"]}


def test_pages_in_a_circle_come_to_an_end(script: Scripted) -> None:
    script.json(page([1], 2, "http://x/?offset=1"))
    with pytest.raises(NotNetBox, match="circle"):
        client(script).get_all("dcim/sites/")


def test_a_list_that_shrinks_while_it_is_read_is_read_again(script: Scripted) -> None:
    script.json(page([1, 2], 4, "http://x/?offset=2"))
    script.json(page([4], 3))
    script.json(page([2, 3], 3, "http://x/?offset=2"))
    script.json(page([4], 3))
    assert [row["id"] for row in client(script).get_all("dcim/sites/")] == [2, 3, 4]


def test_a_list_that_never_stops_shrinking_is_an_error(script: Scripted) -> None:
    for _attempt in range(3):
        script.json(page([1, 2], 4, "http://x/?offset=2"))
        script.json(page([4], 3))
    with pytest.raises(NetBoxChanging, match="shrank"):
        client(script).get_all("dcim/sites/")


def test_a_row_that_moves_between_pages_is_given_once(script: Scripted) -> None:
    script.json(page([1, 2], 3, "http://x/?offset=2"))
    script.json(page([2, 3], 4))
    assert [row["id"] for row in client(script).get_all("dcim/sites/")] == [1, 2, 3]


def test_graphql_answers_with_its_data_and_its_errors_are_raised(standin: StandIn) -> None:
    netbox = client(standin)
    netbox.post_bulk(PROBES, [probe("A")])
    query = "query { inventory_monitor_probe_list { serial } }"
    assert netbox.graphql(query) == {"inventory_monitor_probe_list": [{"serial": "A"}]}
    with pytest.raises(NetBoxRejected, match="GraphQL"):
        netbox.graphql("query { nothing_like_it { id } }")


def test_a_netbox_below_a_path_prefix_is_asked_there(script: Scripted) -> None:
    script.json({"data": {"a": 1}})
    script.url += "/netbox"
    netbox = client(script)
    netbox.get("status/")
    netbox.graphql("{ a }")
    netbox.api.status()
    assert [one["path"] for one in script.asked] == ["/netbox/api/status/", "/netbox/graphql/", "/netbox/api/status/"]


def test_the_versions_are_reported(standin: StandIn) -> None:
    versions = check_version(client(standin))
    assert versions.netbox.startswith("4.")
    assert versions.warning is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"serial": 7}, "serial is 7"),
        ({"serial": None}, "serial is"),
        ({"time": "yesterday"}, 'time is "yesterday"'),
        ({"device": {"name": "r1"}}, "device is"),
        ({"tags": ["a"]}, "tags is"),
    ],
)
def test_a_row_of_wrong_types_is_named_and_not_used(
    standin: StandIn, script: Scripted, row: dict[str, Any], said: str
) -> None:
    client(standin).post_bulk(PROBES, [probe("A")])
    (good,) = client(standin).get_all(PROBES)
    script.json({"count": 1, "next": None, "results": [{**good, **row}]})
    with pytest.raises(NotNetBox, match=f"row 1: {said}"):
        client(script).get_all(PROBES)


def test_a_row_without_what_was_asked_for_is_not_used(script: Scripted) -> None:
    script.json({"count": 1, "next": None, "results": [{"id": 1, "serial": "A"}]})
    assert client(script).get_all(PROBES, {"fields": "id,serial"})
    with pytest.raises(NotNetBox, match="row 1: time is missing"):
        client(script).get_all(PROBES, {"fields": "id,serial,time"})
