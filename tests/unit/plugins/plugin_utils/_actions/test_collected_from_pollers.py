# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host returns that asked a device in our place: it fails that device alone where it is no collection."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._parts.device_report import DeviceReport, read_report
from ansible_collections.invmon.network.plugins.plugin_utils._actions.collected import (
    collected_devices,
    with_collection,
    with_collections,
)

GOOD: dict[str, Any] = {"items": [], "members": [], "tables": {}, "complete": True}
ODD = [{"rejected": 5}, {"members": [1]}, {"tables": {"t": 1}}, {"items": [{"serial": 7}]}, {"items": {"a": 1}}]


@pytest.mark.parametrize("odd", [*ODD, [], 7, "no JSON", "[" * 100_000])
@pytest.mark.parametrize("batch", [False, True])
def test_a_poller_that_returns_something_else_fails_its_device_and_no_other(odd: Any, batch: bool) -> None:
    returned = {"good": GOOD, "bad": {**GOOD, **odd} if odd in ODD else odd}
    results = {name: {"ansible_facts": {"entity_inventory": found}} for name, found in returned.items()}
    hostvars: dict[str, Any] = {name: {"collect_result": with_collection(one)} for name, one in results.items()}
    if batch:
        together = {"collect_result": with_collections({"devices": results})}
        hostvars = dict.fromkeys(results, together)
    found = {device["name"]: device for device in collected_devices(["good", "bad"], hostvars)}
    assert found["good"]["error"] is None
    assert (found["bad"]["complete"], found["bad"]["items"]) == (False, [])
    assert "what the poller returned is not a collection" in found["bad"]["error"]


@pytest.mark.parametrize("odd", [{"devices": [1]}, {"devices": {"bad": 7}}, {"devices": "x"}])
def test_a_batch_that_returns_no_devices_is_a_task_that_failed(odd: dict[str, Any]) -> None:
    assert with_collections(odd)["failed"]
    assert with_collection({"ansible_facts": 7})["failed"]
    assert with_collection({"failed": True, "msg": "no answer"}) == {"failed": True, "msg": "no answer"}


@pytest.mark.parametrize(
    "odd",
    [
        {"failed": True, "msg": {"a": 1}, "reason": ["timeout"]},
        {"ansible_facts": {"entity_inventory": GOOD}, "saved_to": [1]},
        {"ansible_facts": {"entity_inventory": {"items": 5}}},
        {"ansible_facts": {"entity_inventory": "no JSON"}},
    ],
)
def test_whatever_a_result_holds_netbox_probe_can_read_the_device(odd: dict[str, Any]) -> None:
    hostvars = {
        "bad": {"collect_result": odd},
        "good": {"collect_result": {"ansible_facts": {"entity_inventory": GOOD}}},
    }
    bad, good = (read_report(one, "device") for one in collected_devices(["bad", "good"], hostvars))
    assert good == DeviceReport("good", device_name="good", complete=True, tables={})
    assert bad.error or bad.saved_to == "[1]"
