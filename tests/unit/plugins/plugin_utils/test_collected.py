# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

from ansible_collections.invmon.network.plugins.plugin_utils.collected import collected_devices, not_whole

ITEM = {"serial": "FOC1", "index": "1", "source": "entPhysicalTable"}
INVENTORY = {"items": [ITEM], "complete": True, "tables": {}, "members": [], "collected_at": "2026-11-20T02:00:00Z"}
NETBOX = {
    "netbox_device_id": 7,
    "netbox_device_name": "R1",
    "netbox_site": {"id": 3, "name": "Brno", "slug": "brno"},
    "netbox_location": None,
}


def collected(result, **variables):
    hostvars = {"r1": {**NETBOX, **variables}}
    if result is not None:
        hostvars["r1"]["collect_result"] = result
    return collected_devices(["r1"], hostvars)


def test_a_device_carries_its_netbox_ids_and_its_items():
    (device,) = collected({"ansible_facts": {"entity_inventory": INVENTORY}})
    assert (device["device_id"], device["site_id"], device["location_id"]) == (7, 3, None)
    assert device["items"] == [ITEM]
    assert device["complete"] is True
    assert device["error"] is None


def test_parts_of_a_device_that_answered_in_part_are_kept():
    partial = {**INVENTORY, "complete": False}
    (device,) = collected({"failed": True, "msg": "in part", "ansible_facts": {"entity_inventory": partial}})
    assert device["items"] == [ITEM]
    assert device["complete"] is False


def test_a_dead_device_is_listed_with_its_reason_and_never_as_empty():
    (device,) = collected({"failed": True, "msg": "r1 did not answer", "reason": "timeout"})
    assert (device["error"], device["reason"], device["complete"]) == ("r1 did not answer", "timeout", False)


def test_a_host_of_an_earlier_batch_is_not_uploaded_twice():
    assert collected({"ansible_facts": {"entity_inventory": INVENTORY}}, upload_result={"changed": False}) == []


def test_only_the_batch_and_who_failed_in_it_are_uploaded():
    asked = {"collect_result": {"failed": True, "msg": "dead"}}
    hostvars = {"failed": asked, "in_turn": {}, "later": {}}
    devices = collected_devices(["failed", "in_turn", "later"], hostvars, batch=["in_turn"])
    assert [device["name"] for device in devices] == ["failed", "in_turn"]


def test_a_host_without_netbox_variables_keeps_its_name():
    (device,) = collected_devices(["r9"], {"r9": {"collect_result": {"failed": True, "msg": "x"}}})
    assert (device["device_id"], device["device_name"]) == (None, "r9")


def test_a_saved_collection_serves_a_run_that_did_not_collect(tmp_path):
    (tmp_path / "r1.json").write_text('{"items": [], "complete": true, "collected_at": "2026-11-20T02:00:00Z"}')
    (device,) = collected_devices(["r1"], {"r1": NETBOX}, saved=str(tmp_path))
    assert device["seen_at"] == "2026-11-20T02:00:00Z"
    assert device["complete"] is True


def test_no_saved_collection_and_a_broken_one_are_told_apart(tmp_path):
    (tmp_path / "r2.json").write_text("{half")
    missing, broken = collected_devices(["r1", "r2"], {"r1": NETBOX, "r2": NETBOX}, saved=str(tmp_path))
    assert "there is no" in missing["error"]
    assert "cannot be read" in broken["error"]


def test_whoever_was_not_read_or_not_written_whole_is_named_with_the_reason():
    hostvars = {
        "whole": {"collect_result": {"failed": False}, "upload_result": {"failed_hosts": {"refused": "no"}}},
        "dead": {"collect_result": {"failed": True, "msg": "no answer", "reason": "timeout"}},
        "partial": {"collect_result": {"incomplete": "in part"}},
        "refused": {"collect_result": {}, "upload_result": {"failed_hosts": {"refused": "1 row not written"}}},
        "not asked": {},
    }
    found = not_whole([*hostvars, "unknown to hostvars"], hostvars)
    assert found == {
        "dead": "It was not read (timeout): no answer",
        "partial": "in part",
        "refused": "1 row not written",
    }


def test_a_batch_holds_the_results_of_all_its_hosts():
    batch = {
        "devices": {
            "r1": {"ansible_facts": {"entity_inventory": json.dumps(INVENTORY)}},
            "r2": {"failed": True, "msg": "no answer", "reason": "timeout"},
        }
    }
    hostvars = {name: {**NETBOX, "collect_result": batch} for name in ("r1", "r2", "r3")}
    read, dead, other = collected_devices(hostvars, hostvars)
    assert (read["items"], read["error"]) == ([ITEM], None)
    assert (dead["items"], dead["error"], dead["reason"]) == ([], "no answer", "timeout")
    assert other["reason"] == "not collected", "the batch was another one's"
    assert not_whole(hostvars, hostvars) == {"r2": "It was not read (timeout): no answer"}


def test_two_devices_with_one_address_are_both_refused_since_nobody_can_tell_whose_parts_these_are():
    read = {"ansible_facts": {"entity_inventory": INVENTORY}}
    hostvars = {
        "r1": {**NETBOX, "ansible_host": "192.0.2.1", "collect_result": read},
        "r2": {**NETBOX, "ansible_host": "192.0.2.1", "collect_result": read},
        "r3": {**NETBOX, "ansible_host": "192.0.2.1", "snmp_context_name": "vrf", "collect_result": read},
    }
    devices = {device["name"]: device for device in collected_devices(list(hostvars), hostvars)}
    assert devices["r1"]["error"] == devices["r2"]["error"]
    assert "r1, r2 have one address" in devices["r1"]["error"]
    assert devices["r1"]["items"] == []
    assert devices["r3"]["error"] is None, "another SNMP context is another device"


def test_a_device_whose_twin_is_in_another_slice_is_refused_as_well():
    known = {**NETBOX, "ansible_host": "192.0.2.1", "netbox_shares_address_with": ["r2"]}
    read = {"ansible_facts": {"entity_inventory": INVENTORY}}
    (device,) = collected_devices(["r1"], {"r1": {**known, "collect_result": read}})
    assert "r1, r2 have one address" in device["error"]
    (own,) = collected_devices(["r1"], {"r1": {**known, "snmp_port": 1161, "collect_result": read}})
    assert own["error"] is None, "a port of its own is an agent of its own"
