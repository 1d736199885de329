# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.invmon.network.plugins.filter.collected import collected as collected_filter
from ansible_collections.invmon.network.plugins.module_utils._devices.collection import Collection, System
from ansible_collections.invmon.network.plugins.module_utils._tasks import saved_collections
from ansible_collections.invmon.network.plugins.module_utils._tasks.saved_collections import AskedDevice
from ansible_collections.invmon.network.plugins.plugin_utils._actions.collected import collected_devices, not_whole

NOTHING = Collection(System(), "generic").to_dict()
Keep = Callable[..., Any]
ITEM = {"serial": "FOC1", "index": "1", "source": "entPhysicalTable", "category": "module"}
INVENTORY = {"items": [ITEM], "complete": True, "tables": {}, "members": [], "collected_at": "2026-11-20T02:00:00Z"}
NETBOX = {
    "netbox_device_id": 7,
    "netbox_device_name": "R1",
    "netbox_site": {"id": 3, "name": "Brno", "slug": "brno"},
    "netbox_location": {"id": 5, "name": "Hall A", "slug": "hall-a"},
}


def collected(result: Any, **variables: Any) -> list[dict[str, Any]]:
    hostvars = {"r1": {**NETBOX, **variables}}
    if result is not None:
        hostvars["r1"]["collect_result"] = result
    return collected_devices(["r1"], hostvars)


def test_a_device_carries_its_netbox_ids_and_its_items() -> None:
    (device,) = collected({"ansible_facts": {"entity_inventory": INVENTORY}})
    assert (device["device_id"], device["site_id"], device["site_name"]) == (7, 3, "Brno")
    assert (device["location_id"], device["location_name"]) == (5, "Hall A")
    assert device["items"] == [ITEM]
    assert device["complete"] is True
    assert device["error"] is None


def test_parts_of_a_device_that_is_incomplete_are_kept() -> None:
    partial = {**INVENTORY, "complete": False}
    (device,) = collected({"failed": True, "msg": "in part", "ansible_facts": {"entity_inventory": partial}})
    assert device["items"] == [ITEM]
    assert device["complete"] is False


def test_a_dead_device_is_listed_with_its_reason_and_never_as_empty() -> None:
    (device,) = collected({"failed": True, "msg": "r1 did not answer", "reason": "timeout"})
    assert (device["error"], device["reason"], device["complete"]) == ("r1 did not answer", "timeout", False)


def test_a_host_of_an_earlier_batch_is_not_uploaded_twice() -> None:
    assert collected({"ansible_facts": {"entity_inventory": INVENTORY}}, upload_result={"changed": False}) == []


def test_only_the_batch_and_who_failed_in_it_are_uploaded() -> None:
    asked = {"collect_result": {"failed": True, "msg": "dead"}}
    hostvars = {"failed": asked, "in_turn": {}, "later": {}}
    devices = collected_devices(["failed", "in_turn", "later"], hostvars, batch=["in_turn"])
    assert [device["name"] for device in devices] == ["failed", "in_turn"]


def test_a_host_without_netbox_variables_keeps_its_name() -> None:
    (device,) = collected_devices(["r9"], {"r9": {"collect_result": {"failed": True, "msg": "x"}}})
    assert (device["device_id"], device["device_name"]) == (None, "r9")


@pytest.fixture
def kept(tmp_path: Path) -> Keep:
    """Keeps what was collected of r1, as entity_facts does."""

    def keep(folder: Path = tmp_path, hours_ago: float = 2.0, **reached: Any) -> Any:
        when = datetime.now(UTC) - timedelta(hours=hours_ago)
        inventory = {**NOTHING, "items": [ITEM], "collected_at": when.isoformat(timespec="seconds")}
        page = "https://netbox.example.org/dcim/devices/7/"
        whose = AskedDevice.of({"host": "r1", "device_id": 7, "device_url": page}, {"host": "192.0.2.1", **reached})
        saved_collections.keep(folder / "r1.json", inventory, whose)
        return inventory["collected_at"]

    return keep


def saved(folder: Path, name: str = "r1", hours: Any = 24, **variables: Any) -> Any:
    """What a run that did not collect finds in the folder."""
    hostvars = {name: {**NETBOX, "ansible_host": "192.0.2.1", **variables}}
    (device,) = collected_devices([name], hostvars, saved=str(folder), saved_max_age=hours)
    return device


def test_a_saved_collection_serves_a_run_that_did_not_collect(tmp_path: Path, kept: Keep) -> None:
    when = kept()
    device = saved(tmp_path)
    assert (device["items"], device["complete"], device["error"]) == ([ITEM], True, None)
    assert (device["seen_at"], device["saved_to"]) == (when, str(tmp_path / "r1.json"))


def test_no_saved_collection_and_a_broken_one_are_distinguished(tmp_path: Path) -> None:
    (tmp_path / "r2.json").write_text("{half")
    assert "left no" in saved(tmp_path)["error"]
    assert "r2.json is not JSON" in saved(tmp_path, "r2")["error"]


def test_an_old_collection_is_refused_by_name_and_age(tmp_path: Path, kept: Keep) -> None:
    kept(hours_ago=30)
    refused = saved(tmp_path)
    assert refused["items"] == []
    assert re.search(r"r1\.json was collected 30 hours ago, .* may be 24 hours old", refused["error"])
    assert saved(tmp_path, hours=31)["items"] == [ITEM]
    kept(hours_ago=24 * 9)
    assert "9 days ago" in saved(tmp_path)["error"]


def test_a_collection_from_the_future_is_refused_but_for_clocks_that_differ_a_little(
    tmp_path: Path, kept: Keep
) -> None:
    kept(hours_ago=-1)
    assert "set the clocks right" in saved(tmp_path)["error"]
    kept(hours_ago=-0.02)
    assert saved(tmp_path)["items"] == [ITEM]


@pytest.mark.parametrize(
    ("reached", "variables", "words"),
    [
        ({"host": "192.0.2.9"}, {}, "of address 192.0.2.9, not 192.0.2.1"),
        ({}, {"snmp_host": "192.0.2.9"}, "of address 192.0.2.1, not 192.0.2.9"),
        ({"port": 1161}, {}, "of port 1161, not 161"),
        ({}, {"snmp_context_name": "vrf"}, "of context (none), not vrf"),
        ({}, {"netbox_device_id": 8}, "of NetBox's device 7, not 8"),
        ({}, {"netbox_device_url": "https://other.example.org/dcim/devices/7/"}, "not https://other.example.org/"),
        ({"replay_from": "a.snmprec"}, {}, "of address a.snmprec, not"),
    ],
)
def test_a_collection_of_another_device_is_refused(
    tmp_path: Path, kept: Keep, reached: Any, variables: Any, words: Any
) -> None:
    kept(**reached)
    refused = saved(tmp_path, **variables)
    assert words in refused["error"]
    assert refused["items"] == []


def test_the_same_device_named_in_other_words_is_the_same(tmp_path: Path, kept: Keep) -> None:
    kept(port=161, context_name="")
    assert saved(tmp_path, snmp_port="161")["items"] == [ITEM]
    assert saved(tmp_path, netbox_device_id=None)["items"] == [ITEM]
    kept(replay_from="a.snmprec")
    assert saved(tmp_path, snmp_replay_from="a.snmprec")["items"] == [ITEM]


def test_a_collection_under_the_name_of_another_host_is_refused(tmp_path: Path, kept: Keep) -> None:
    kept()
    (tmp_path / "r1.json").rename(tmp_path / "r2.json")
    assert "collected of host r1, not r2" in saved(tmp_path, "r2")["error"]


def test_what_was_uploaded_is_not_uploaded_again_until_it_is_collected_anew(tmp_path: Path, kept: Keep) -> None:
    when = kept()
    saved_collections.mark_uploaded(tmp_path / "r1.json", when, "2026-11-20T03:00:00Z")
    device = saved(tmp_path)
    assert (device["uploaded"], device["error"], device["items"]) == (when, None, [])
    # Another run has collected it anew meanwhile: the mark says which one was uploaded.
    newer = kept(hours_ago=1)
    saved_collections.mark_uploaded(tmp_path / "r1.json", when, "2026-11-20T03:00:00Z")
    assert saved(tmp_path)["seen_at"] == newer


def test_a_mark_that_was_cut_off_marks_nothing(tmp_path: Path, kept: Keep) -> None:
    when = kept()
    path = tmp_path / "r1.json"
    saved_collections.mark_uploaded(path, when, "2026-11-20T03:00:00Z")
    path.write_bytes(path.read_bytes()[:-20])
    assert saved(tmp_path)["items"] == [ITEM]


def test_no_other_file_is_marked(tmp_path: Path) -> None:
    (tmp_path / "r1.json").write_text("mine")
    with pytest.raises(OSError, match="no longer a collection"):
        saved_collections.mark_uploaded(tmp_path / "r1.json", "x", "y")
    assert (tmp_path / "r1.json").read_text() == "mine"


@pytest.mark.parametrize("hours", [0, -1, "soon", "nan", 10**9])
def test_an_age_that_is_none_is_named_as_the_user_wrote_it(hours: Any) -> None:
    with pytest.raises(AnsibleFilterError, match="upload_saved_max_age"):
        collected_filter(["r1"], {"r1": NETBOX}, saved_max_age=hours)


def test_whoever_was_not_read_or_not_written_whole_is_named_with_the_reason() -> None:
    upload = {"devices": {"whole": {}, "refused": {}}, "failed_hosts": {"refused": "1 row not written"}}
    hostvars: dict[str, dict[str, Any]] = {
        "whole": {"collect_result": {"failed": False}, "upload_result": upload},
        "dead": {"collect_result": {"failed": True, "msg": "no answer", "reason": "timeout"}},
        "partial": {"collect_result": {"incomplete": "in part"}},
        "refused": {"collect_result": {}, "upload_result": upload},
        "not asked": {},
    }
    found = not_whole([*hostvars, "unknown to hostvars"], hostvars)
    assert found == {
        "dead": "no answer",
        "partial": "in part",
        "refused": "1 row not written",
    }


def test_a_device_that_was_collected_and_not_written_is_not_whole_whatever_the_reason() -> None:
    read = {"ansible_facts": {"entity_inventory": INVENTORY}}
    one: dict[str, Any] = {"devices": {"r1": {}}, "failed_hosts": {}}

    def unwritten(upload: Any, **results: Any) -> dict[str, str]:
        return not_whole(["r1", "r2"], {name: {**results, "upload_result": upload} for name in ("r1", "r2")})

    # One upload for all, which saw only one of them: a strategy that is not linear, a result that came too late.
    assert set(unwritten(one, collect_result=read)) == {"r2"}
    assert set(unwritten(one)) == {"r2"}, "collected by an earlier run"
    assert unwritten({"failed": True, "msg": "no token"}, collect_result=read)["r1"] == "not written: no token"
    assert set(unwritten({"skipped": True}, collect_result=read)) == {"r1", "r2"}
    assert unwritten({**one, "applied": True}) == {}, "a plan is about the devices that it names"
    assert not_whole(["r1"], {"r1": {"collect_result": read}}) == {}, "this run uploads nothing (--tags collect)"


def test_a_host_whose_variables_of_netbox_are_of_a_wrong_type_fails_alone() -> None:
    read = {"ansible_facts": {"entity_inventory": INVENTORY}}
    hostvars = {name: {**NETBOX, "collect_result": read} for name in ("r1", "r2")}
    hostvars["r1"] |= {"netbox_device_id": "seven"}
    wrong, good = collected_devices(list(hostvars), hostvars)
    assert (wrong["items"], wrong["reason"]) == ([], "option")
    assert wrong["error"] == 'r1: its variable netbox_device_id is "seven", not a whole number or null'
    assert (good["items"], good["error"]) == ([ITEM], None)


def test_a_batch_holds_the_results_of_all_its_hosts() -> None:
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
    assert not_whole(hostvars, hostvars) == {"r2": "no answer"}


def test_two_devices_with_one_address_are_both_refused_since_it_is_unknown_whose_parts_these_are() -> None:
    read = {"ansible_facts": {"entity_inventory": INVENTORY}}
    hostvars = {
        "r1": {**NETBOX, "ansible_host": "192.0.2.1", "collect_result": read},
        "r2": {**NETBOX, "ansible_host": "192.0.2.1", "collect_result": read},
        "r3": {**NETBOX, "ansible_host": "192.0.2.1", "snmp_context_name": "vrf", "collect_result": read},
    }
    devices = {device["name"]: device for device in collected_devices(list(hostvars), hostvars)}
    assert devices["r1"]["error"] == devices["r2"]["error"]
    assert "r1, r2 have the same address" in devices["r1"]["error"]
    assert devices["r1"]["items"] == []
    assert devices["r3"]["error"] is None, "another SNMP context is another device"


def test_a_device_whose_twin_is_in_another_slice_is_refused_as_well() -> None:
    known = {**NETBOX, "ansible_host": "192.0.2.1", "netbox_shares_address_with": ["r2"]}
    read = {"ansible_facts": {"entity_inventory": INVENTORY}}
    (device,) = collected_devices(["r1"], {"r1": {**known, "collect_result": read}})
    assert "r1, r2 have the same address" in device["error"]
    (own,) = collected_devices(["r1"], {"r1": {**known, "snmp_port": 1161, "collect_result": read}})
    assert own["error"] is None, "a port of its own is an agent of its own"
