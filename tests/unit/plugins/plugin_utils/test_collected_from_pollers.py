# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host returns that asked a device in our place: it fails that device alone where it is no collection."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.plugin_utils.collected import collected_devices

GOOD: dict[str, Any] = {"items": [], "members": [], "tables": {}, "complete": True}
ODD = [{"rejected": 5}, {"members": [1]}, {"tables": {"t": 1}}, {"items": [{"serial": 7}]}, {"items": {"a": 1}}]


@pytest.mark.parametrize("odd", [*ODD, [], 7])
def test_a_poller_that_returns_something_else_fails_its_device_and_no_other(odd: Any) -> None:
    hostvars: dict[str, Any] = {
        "good": {"collect_result": {"ansible_facts": {"entity_inventory": GOOD}}},
        "bad": {"collect_result": {"ansible_facts": {"entity_inventory": {**GOOD, **odd} if odd in ODD else odd}}},
    }
    found = {device["name"]: device for device in collected_devices(["good", "bad"], hostvars)}
    assert found["good"]["error"] is None
    assert (found["bad"]["complete"], found["bad"]["items"]) == (False, [])
    assert "what was returned of it is no collection" in found["bad"]["error"]
