# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies that are short enough, and made so that looking at them costs far more than reading them."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._inventory.devices import Selection, hosts_of, read_devices
from ansible_collections.invmon.network.plugins.module_utils._netbox import latest, sightings
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxError, NotNetBox
from ansible_collections.invmon.network.plugins.module_utils._outgoing.secrets import Secrets
from ansible_collections.invmon.network.plugins.plugin_utils._actions.collected import collected_devices
from ansible_collections.invmon.network.tests.attacks.hostile_netbox import (
    HostileNetBox,
    Visit,
    fixed,
    hostile_netbox,
    rows,
)

#: Octets; a method whose cost grows with the square of the length needs hours for so many.
LONG = 100_000
TOKEN = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def hostile() -> Iterator[HostileNetBox]:
    with hostile_netbox() as netbox:
        yield netbox


@pytest.mark.attack(
    "Errors that are costly to read",
    tried="errors of 100 kB: of backslashes, of percent signs, of ampersands and zeros, of the beginnings of what"
    " is looked for in NetBox's words, of fields, and of nested lists",
    came="each is a short sentence, at once",
)
@pytest.mark.parametrize(
    "text",
    [
        *("\\" * LONG, "%25" * (LONG // 3), "&amp;" * (LONG // 5), "&#" + "0" * LONG, "&" * LONG, "\\u" * (LONG // 2)),
        *("Select a valid choice. " * (LONG // 24), "<title" * (LONG // 6), "<title>" * (LONG // 7)),
    ],
)
def test_an_error_costs_no_more_than_its_length(hostile: HostileNetBox, text: str) -> None:
    fields = {f"{text[:9]}{number}": [text[:9]] for number in range(2500)}
    for body in ({"tag": [text]}, {"detail": text}, fields):
        hostile.answer(fixed(json.dumps(body), 400))
        with pytest.raises(NetBoxError) as caught:
            read_devices(NetBox(hostile.url, TOKEN), Selection())
        assert len(str(caught.value)) < 5000
    hostile.answer(fixed(text, 403, Content_Type="text/html"))
    with pytest.raises(NetBoxError):
        read_devices(NetBox(hostile.url, TOKEN), Selection())


@pytest.mark.parametrize("text", ["\\" * LONG, "%25" * (LONG // 3), "&#" + "0" * LONG, f"{TOKEN} " * (LONG // 41)])
def test_hiding_secrets_costs_no_more_than_the_text_is_long(text: str) -> None:
    assert TOKEN not in Secrets([TOKEN]).hidden(text)


@pytest.mark.attack(
    "One address for all devices",
    tried="hundreds of devices with one address, in one virtual chassis",
    came="each gets the names of twenty others and of 64 members; the sentence names ten",
)
def test_devices_that_share_all_do_not_multiply() -> None:
    number = 500
    chassis = {"id": 1, "name": "c", "display": "c", "master": {"id": 1}}
    found = [
        {
            **dict.fromkeys(("site", "location", "platform", "role", "status", "device_type", "primary_ip6", "tags")),
            **{"id": one, "name": f"r{one}", "display": None, "serial": "", "vc_position": one},
            **{"primary_ip4": {"address": "127.0.0.1/8"}, "virtual_chassis": chassis},
        }
        for one in range(1, number + 1)
    ]
    hosts = hosts_of(found, found, "http://netbox", [4])
    assert {len(host.variables["netbox_shares_address_with"]) for host in hosts} == {20}
    assert {len(host.variables["netbox_virtual_chassis"]["members"]) for host in hosts} == {64}
    told = {host.name: {**host.variables, "ansible_host": "127.0.0.1"} for host in hosts}
    tracemalloc.start()
    devices = collected_devices(told, told)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {device["reason"] for device in devices} == {"address"}
    assert max(len(device["error"]) for device in devices) < 500
    assert peak < 50 * 2**20


@pytest.mark.attack(
    "A serial that was everywhere",
    tried="a look-up of serials that always has a thousand rows and more, so that it is halved again and again",
    came="it is given up after a number of rows; parts that moved are reported as new, and the run goes on",
)
def test_a_look_up_without_end_is_given_up(hostile: HostileNetBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sightings, "SIGHTINGS_MAX", 20_000)
    row: dict[str, Any] = {
        "serial": "A",
        "time": "2026-11-20T03:00:00Z",
        "creation_time": None,
        "name": "1",
        "category": None,
    }
    row |= {"device": {"id": "2"}, "device_descriptor": "r2"}
    hostile.answer(fixed(json.dumps({"data": {"inventory_monitor_probe_list": [row] * 1000}})))
    beyond: dict[str, Any] = {"count": 0, "next": None, "previous": "http://netbox/?limit=1000&offset=9", "results": []}
    hostile.answer(fixed(json.dumps(beyond)), method="GET")
    found, warning = sightings.read_elsewhere(NetBox(hostile.url, TOKEN), [f"S{number}" for number in range(1000)])
    assert "more than 20,000 rows of 1,000 serials" in str(warning)
    assert len(found["A"]) == 20_000
    assert len(hostile.asked) < 50


@pytest.mark.parametrize(
    "following",
    [7, [], {"a": 1}, True, "http://x/?" + "a=1&" * 10_000],
)
def test_a_next_page_that_is_no_address_is_not_asked_for(hostile: HostileNetBox, following: object) -> None:
    hostile.answer(rows({"id": 1}, count=2, next=following))
    with pytest.raises(NotNetBox, match="an invalid address of the next page"):
        NetBox(hostile.url, TOKEN).get_all("dcim/sites/")


@pytest.mark.parametrize("column", ["name", "part", "category", "serial", "device_descriptor"])
def test_a_text_that_no_column_of_netbox_holds_is_not_kept(hostile: HostileNetBox, column: str) -> None:
    row = {"id": 1, "serial": "A", "time": "2026-11-20T03:00:00Z", column: "x" * 256}
    hostile.answer(rows(row))
    with pytest.raises(NotNetBox, match=f"row 1: {column} is"):
        NetBox(hostile.url, TOKEN).get_all(latest.PROBES, {"fields": f"id,serial,time,{column}"})


@pytest.mark.parametrize(
    "paths", [[1, 2], {"/api/dcim/devices/": 7}, {"/api/dcim/devices/": {"get": {"parameters": 7}}}, "text", None]
)
def test_a_schema_of_another_shape_is_passed_over(hostile: HostileNetBox, paths: object) -> None:
    def attack(visit: Visit) -> None:
        body = {"paths": paths} if "/schema/" in visit.path else {"count": 0, "next": None, "results": []}
        visit.reply(json.dumps(body).encode())

    hostile.answer(attack)
    with pytest.raises(NetBoxError, match="filters"):
        read_devices(NetBox(hostile.url, TOKEN), Selection(filters={"nothing_like_it": 1}))
