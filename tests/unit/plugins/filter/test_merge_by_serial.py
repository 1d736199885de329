# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter: which shapes it takes, and what it says of those that it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import FilterModule

merge_by_serial = FilterModule().filters()["merge_by_serial"]

ITEMS = [
    {"serial": "S1", "index": "1", "source": "entPhysicalTable", "category": "chassis", "part": "X1"},
    {"serial": "S1", "index": "2", "source": "entPhysicalTable", "category": "module"},
]


def serials(records: list[dict[str, Any]]) -> list[str]:
    return [record["serial"] for record in records]


def test_one_device_gives_a_list_of_records() -> None:
    assert serials(merge_by_serial(ITEMS)) == ["S1"]
    assert serials(merge_by_serial({"items": ITEMS, "complete": True})) == ["S1"]
    assert merge_by_serial([]) == []


def test_many_devices_keep_their_shape_and_are_not_merged_with_each_other() -> None:
    devices = [{"name": "r1", "items": ITEMS, "complete": True}, {"name": "r2", "items": ITEMS}]
    merged = merge_by_serial(devices)
    assert [device["name"] for device in merged] == ["r1", "r2"]
    assert [serials(device["records"]) for device in merged] == [["S1"], ["S1"]]
    assert merged[0]["complete"] is True
    assert "items" not in merged[0]
    assert serials(merge_by_serial({"r1": {"items": ITEMS}, "r2": ITEMS})["r2"]) == ["S1"]
    assert [serials(records) for records in merge_by_serial([ITEMS, []])] == [["S1"], []]


def test_a_device_that_failed_stays_with_its_error_and_no_records() -> None:
    assert merge_by_serial([{"name": "r1", "error": "no answer"}]) == [
        {"name": "r1", "error": "no answer", "records": [], "rows": 0}
    ]


def test_options_reach_the_merge() -> None:
    assert merge_by_serial(ITEMS, exclude_models="X1")[0]["index"] == "2"
    assert merge_by_serial(ITEMS, "class_priority")[0]["rule"] == "class priority"


def test_json_text_gives_json_text() -> None:
    devices = [{"name": "{{ r1 }}", "items": ITEMS, "complete": True}]
    assert json.loads(merge_by_serial(json.dumps(devices))) == merge_by_serial(devices)


@pytest.mark.parametrize(
    ("value", "options", "message"),
    [
        ([{"name": "x"}], {}, "item 1 of the input has no serial"),
        ([{"serial": "S1", "index": "1", "source": "x"}, {"serial": ""}], {}, "item 2 of the input has no serial"),
        ({"r1": {"items": [{}]}}, {}, "item 1 of device r1 has no serial"),
        ("text", {}, "the input is a text, and no JSON"),
        ("5", {}, "must hold items or collections, not int"),
        (None, {}, "not NoneType"),
        ([], {"strategy": "best"}, "unknown strategy 'best'"),
        ([], {"exclude_models": 5}, "exclude_models must be a list"),
    ],
)
def test_other_input_is_reported_in_one_sentence(value: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=message):
        merge_by_serial(value, **options)
